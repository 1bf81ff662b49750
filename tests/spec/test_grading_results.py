"""The result of a visit, before and after 2022-03-15, and what must follow."""

from datetime import date
from pathlib import Path

from fangxin.engines.deadlines import clock_in_force, due, load_clocks, national_calendar
from fangxin.engines.grading import (
    ItemResult,
    Outcome,
    Overall,
    SuperiorVisit,
    answer,
    checklist_for,
    edition_in_force,
    judge_visit,
    load_checklist,
    load_result_rules,
    standstill,
)

title = "监督检查结果判定"

STANDARDS = Path(__file__).parents[2] / "standards"
RULES = [load_result_rules(path.read_text("utf-8")) for path in (STANDARDS / "grading").glob("visit-result-*.toml")]
CHECKLISTS = [load_checklist(path.read_text("utf-8")) for path in (STANDARDS / "checklists").glob("*.toml")]
BEFORE, AFTER = date(2022, 3, 14), date(2022, 3, 15)
OVERALL = {"符合": "conforms", "基本符合": "basically_conforms", "不符合": "fails", "": None}
ACTIONS = {
    "立即停止": "stop_at_once",
    "立案调查": "investigate",
    "限期改正": "correct_by_date",
    "当场改正": "correct_on_site",
    "责令改正": "order_to_correct",
    "先判断是否影响安全": "state_safety",
    "按阻碍检查立案": "obstruction",
}
SAFETY = {"是": True, "否": False, "": None}


def rules_on(on):
    return edition_in_force(RULES, "visit-result", on)


def answered(on, *, keys_failed=0, general_failed=0, not_applicable=(0, 0)):
    """All items of the producers' checklist; first the failed ones, last the absent ones."""
    checklist = checklist_for(CHECKLISTS, "food_producer", on)
    results = []
    for key, failed, absent in ((True, keys_failed, not_applicable[0]), (False, general_failed, not_applicable[1])):
        items = [item for item in checklist.items if item.key is key and not item.label_defect]
        for number, item in enumerate(items):
            absent_here = number >= len(items) - absent
            outcome = Outcome.NOT_APPLICABLE if absent_here else Outcome.CONFORMS
            results.append(ItemResult(item.code, Outcome.FAILS if number < failed else outcome))
    return answer(checklist, results, kind="food_producer")


def test_i1_until_march_2022_the_number_of_failures_decides(spec):
    rows = spec("""
        重点不符合 | 一般不符合 | 结果
        0          | 0          | 符合
        0          | 1          | 基本符合
        0          | 5          | 基本符合
        0          | 8          | 基本符合
        0          | 9          | 不符合
        1          | 0          | 不符合
        1          | 5          | 不符合
        2          | 9          | 不符合
    """)
    for row in rows:
        found = answered(BEFORE, keys_failed=int(row["重点不符合"]), general_failed=int(row["一般不符合"]))
        verdict = judge_visit(found, rules=rules_on(BEFORE))
        assert (verdict.overall, verdict.conflicts) == (OVERALL[row["结果"]], ()), row
        assert verdict.basis.edition == "2016", row


def test_a_visit_of_2016_form_must_look_at_enough(spec):
    rows = spec("""
        缺重点项 | 缺一般项 | 欠缺
        0        | 0        |
        11       | 20       |
        11       | 21       | too_few_items
        12       | 0        | too_few_key_items
        12       | 20       | too_few_items too_few_key_items
    """)
    for row in rows:
        found = answered(BEFORE, not_applicable=(int(row["缺重点项"]), int(row["缺一般项"])))
        assert list(judge_visit(found, rules=rules_on(BEFORE)).conflicts) == row["欠缺"].split(), row


def test_since_march_2022_each_failure_decides_what_follows(spec):
    rows = spec("""
        项目 | 影响安全 | 事故隐患 | 当场改好 | 应当                | 条款
        重点 | 是       |          |          | 立案调查            | 第三十二条
        重点 | 否       |          |          | 限期改正            | 第三十三条
        重点 |          |          |          | 先判断是否影响安全  | 第三十一条至第三十三条
        重点 | 是       | 是       |          | 立即停止 立案调查   | 第三十一条
        一般 | 否       |          |          | 限期改正            | 第三十三条
        一般 | 否       |          | 是       | 当场改正            | 第三十三条
        一般 | 是       |          |          | 立案调查            | 第三十三条
        一般 |          | 是       |          | 立即停止 立案调查   | 第三十一条
        一般 |          |          |          | 先判断是否影响安全  | 第三十一条至第三十三条
        标签 |          |          |          | 责令改正            | 第三十七条
        标签 | 否       |          |          | 责令改正            | 第三十七条
        标签 | 是       |          |          | 立案调查            | 第三十三条
    """)
    checklist = checklist_for(CHECKLISTS, "food_producer", AFTER)
    first = {
        "重点": next(item for item in checklist.items if item.key),
        "一般": next(item for item in checklist.items if not item.key and not item.label_defect),
        "标签": next(item for item in checklist.items if item.label_defect),
    }
    for row in rows:
        result = ItemResult(
            first[row["项目"]].code,
            Outcome.FAILS,
            safety_affected=SAFETY[row["影响安全"]],
            accident_potential=row["事故隐患"] == "是",
            corrected_on_site=row["当场改好"] == "是",
        )
        verdict = judge_visit(answer(checklist, [result], kind="food_producer"), rules=rules_on(AFTER))
        assert [one.action for one in verdict.actions] == [ACTIONS[name] for name in row["应当"].split()], row
        assert verdict.actions[0].basis.article.endswith(row["条款"]), row
        assert verdict.overall is None, row


def test_the_inspectors_judgement_must_fit_what_they_found(spec):
    rows = spec("""
        影响安全 | 检查人员判定 | 最轻为   | 不一致
        否       | 符合         | 基本符合 | milder_than_findings
        否       | 基本符合     | 基本符合 |
        否       | 不符合       | 基本符合 |
        是       | 符合         | 不符合   | milder_than_findings
        是       | 基本符合     | 不符合   | milder_than_findings
        是       | 不符合       | 不符合   |
                 | 基本符合     | 基本符合 | safety_not_stated
        无问题   | 符合         | 符合     |
        无问题   | 不符合       | 符合     | no_failure_found
        无问题   | 基本符合     | 符合     | no_failure_found
    """)
    checklist = checklist_for(CHECKLISTS, "small_shop", AFTER)
    item = next(item for item in checklist.items if not item.key)
    for row in rows:
        clean = row["影响安全"] == "无问题"
        outcome = Outcome.CONFORMS if clean else Outcome.FAILS
        result = ItemResult(item.code, outcome, safety_affected=None if clean else SAFETY[row["影响安全"]])
        given = Overall(OVERALL[row["检查人员判定"]])
        verdict = judge_visit(answer(checklist, [result], kind="small_shop"), rules=rules_on(AFTER), given=given)
        assert (verdict.overall, verdict.implied) == (given, OVERALL[row["最轻为"]]), row
        assert list(verdict.conflicts) == row["不一致"].split(), row


def test_refusing_is_a_case_of_its_own(spec):
    rows = spec("""
        情形      | 应当           | 条款
        entry     | 按阻碍检查立案 | 食品安全法 第一百三十三条
        documents | 按阻碍检查立案 | 食品安全法 第一百三十三条
        violence  | 按阻碍检查立案 | 食品安全法 第一百三十三条
    """)
    found = answer(checklist_for(CHECKLISTS, "restaurant", AFTER), [], kind="restaurant")
    for row in rows:
        verdict = judge_visit(found, rules=rules_on(AFTER), refusals=[row["情形"]])
        (action,) = verdict.actions
        assert action.action == ACTIONS[row["应当"]], row
        assert action.basis.article.endswith(row["条款"]), row
        assert verdict.implied is Overall.FAILS, row
    assert len(rules_on(AFTER).refusals) == 8


def test_i2_a_result_is_published_within_twenty_working_days(spec):
    rows = spec("""
        结果形成   | 最迟公开
        2023-09-20 | 2023-10-24
        2022-09-15 | 2022-10-18
    """)
    clocks = load_clocks((STANDARDS / "clocks/clocks.toml").read_text("utf-8"))
    for row in rows:
        formed = date.fromisoformat(row["结果形成"])
        deadline = due(clock_in_force(clocks, "DL15", formed), formed, calendar=national_calendar(range(2022, 2025)))
        assert str(deadline.last_day) == row["最迟公开"], row


def test_i3_what_a_superior_checked_is_left_alone_for_three_months(spec):
    rows = spec("""
        上级检查   | 上级项目 | 本级检查   | 本级项目 | 有线索 | 不得检查   | 截至
        2023-05-10 | 1-20     | 2023-08-01 | 1-20     | 否     | 1-20       | 2023-08-10
        2023-05-10 | 1-20     | 2023-08-01 | 1-20     | 是     |            |
        2023-05-10 | 1-20     | 2023-08-10 | 1-20     | 否     | 1-20       | 2023-08-10
        2023-05-10 | 1-20     | 2023-08-11 | 1-20     | 否     |            |
        2023-05-10 | 1-20     | 2023-08-01 | 15-25    | 否     | 15-20      | 2023-08-10
        2023-05-10 | 1-20     | 2023-05-09 | 1-20     | 否     |            |
        2023-11-30 | 1-5      | 2024-02-29 | 1-5      | 否     | 1-5        | 2024-02-29
    """)

    def numbers(text):
        first, _, last = text.partition("-")
        return [str(n) for n in range(int(first), int(last) + 1)] if text else []

    for row in rows:
        visit = SuperiorVisit(date.fromisoformat(row["上级检查"]), frozenset(numbers(row["上级项目"])))
        found = standstill(
            numbers(row["本级项目"]),
            on=date.fromisoformat(row["本级检查"]),
            superior=[visit],
            suspicion=row["有线索"] == "是",
            rules=rules_on(AFTER),
        )
        assert list(found.blocked) == numbers(row["不得检查"]), row
        assert str(found.blocked_until or "") == row["截至"], row
