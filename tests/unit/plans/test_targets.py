"""What a clause of a goal asks for: name, comparison, value, unit."""

from __future__ import annotations

from datetime import date

import pytest

from fangxin.engines.plans.actions import split_sentences
from fangxin.engines.plans.goals import GoalDraft, read_sentence
from fangxin.engines.plans.manuscript import repair
from fangxin.engines.plans.paragraphs import build_paragraphs


def goals(text: str) -> list[GoalDraft]:
    m, _ = build_paragraphs(repair(text))
    return [g for s in split_sentences(m, 0, len(m.text)) for g in read_sentence(m, s)]


CLAUSES = [
    ("规范化建设达标率超过80%", "规范化建设达标率", ">", 80, "%"),
    ("规范化建设达标率高于80%", "规范化建设达标率", ">", 80, "%"),
    ("培训率达100%", "培训率", ">=", 100, "%"),
    ("培训率达到95％以上", "培训率", ">=", 95, "%"),
    ("抽检合格率不低于98.5%", "抽检合格率", ">=", 98.5, "%"),
    ("抽检合格率保持在98%以上", "抽检合格率", ">=", 98, "%"),
    ("抽检合格率98%以上", "抽检合格率", ">=", 98, "%"),
    ("持证率为100%", "持证率", "=", 100, "%"),
    ("持证率100%", "持证率", "=", 100, "%"),
    ("持证率均达到百分之百", "持证率", ">=", 100, "%"),
    ("群众满意度达到八成以上", "群众满意度", ">=", 80, "%"),
    ("群众满意度达到八成五以上", "群众满意度", ">=", 85, "%"),
    ("覆盖率达到百分之九十五", "覆盖率", ">=", 95, "%"),
    ("问题发现率控制在3%以内", "问题发现率", "<=", 3, "%"),
    ("不合格率低于2%", "不合格率", "<", 2, "%"),
    ("不合格率不超过2%", "不合格率", "<=", 2, "%"),
    ("不合格率控制在2%以下", "不合格率", "<=", 2, "%"),
    ("食品抽检量达到5批次/千人", "食品抽检量", ">=", 5, "批次/千人"),
    ("食品抽检量达到每千人5批次", "食品抽检量", ">=", 5, "批次/千人"),
    ("农药使用量持续下降", "农药使用量", "decline", None, None),
    ("投诉举报量逐年减少", "投诉举报量", "decline", None, None),
    ("农药使用量较2020年下降10%", "农药使用量", "decline", 10, "%"),
    ("农药使用量下降10%以上", "农药使用量", "decline", 10, "%"),
    ("农村集体聚餐备案实现全覆盖", "农村集体聚餐备案", "=", 100, "%"),
    ("监测点全部建成", "监测点", "=", 100, "%"),
    ("风险监测体系趋于完善", "风险监测体系", "milestone", None, None),
    ("我县基本建成餐厨垃圾处理设施", "餐厨垃圾处理设施", "milestone", None, None),
    ("监管能力得到有效提升", "监管能力", "milestone", None, None),
    ("全县建成示范店30家以上", "示范店", ">=", 30, "家"),
    ("建成30家食品安全示范店", "食品安全示范店", ">=", 30, "家"),
    ("群众满意度提高5个百分点", "群众满意度", ">=", 5, "个百分点"),
]


@pytest.mark.parametrize(("clause", "metric", "comparison", "value", "unit"), CLAUSES, ids=[c[0] for c in CLAUSES])
def test_a_clause_gives_one_target(
    clause: str, metric: str, comparison: str, value: float | None, unit: str | None
) -> None:
    (goal,) = goals(clause + "。")
    target = goal.target
    got = float(target.value) if target.value is not None else None
    assert (target.metric.text, target.comparison.value, got, target.unit) == (metric, comparison, value, unit)


def test_rates_that_share_a_verb_each_get_their_value() -> None:
    got = [
        (g.target.metric.text, float(g.target.value or 0)) for g in goals("自查率、风险报告率分别达到98%、95%以上。")
    ]
    assert got == [("自查率", 98), ("风险报告率", 95)]


def test_rates_that_share_a_value_each_get_it() -> None:
    got = [(g.target.metric.text, float(g.target.value or 0)) for g in goals("自查率、风险报告率均达到98%以上。")]
    assert got == [("自查率", 98), ("风险报告率", 98)]


def test_values_by_year_each_get_their_year() -> None:
    got = [(float(g.target.value or 0), g.due) for g in goals("到2022年、2023年、2024年达标率分别达到70%、80%、90%。")]
    assert got == [(70, date(2022, 12, 31)), (80, date(2023, 12, 31)), (90, date(2024, 12, 31))]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("到2024年底，达标率达到90%。", date(2024, 12, 31)),
        ("2024年年底前，达标率达到90%。", date(2024, 12, 31)),
        ("到2024年，达标率达到90%。", date(2024, 12, 31)),
        ("2023年6月底前达标率达到90%。", date(2023, 6, 30)),
        ("截至2024年2月，达标率达到90%。", date(2024, 2, 29)),
        ("2024年11月30日前，达标率达到90%。", date(2024, 11, 30)),
        ("到二〇二四年底，达标率达到90%。", date(2024, 12, 31)),
        ("达标率达到90%。", None),
    ],
)
def test_due_is_the_last_day_of_what_was_printed(text: str, due: date | None) -> None:
    (goal,) = goals(text)
    assert goal.due == due
    assert goal.target.metric.text == "达标率"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("实施率达100%以上。", ["percent_above_hundred"]),
        ("满意度超过100%。", ["percent_above_hundred"]),
        ("使用量持续下降。", ["decline_without_base_year"]),
        ("使用量比2021年下降5%。", []),
        ("使用量同比下降5%。", []),
        ("合格率达到95%左右。", ["approximate_value"]),
        ("不合格率不超过3%以上。", ["contradictory_bound"]),
        ("达标率超过80%。", []),
    ],
)
def test_drafting_defects_of_a_clause(text: str, kinds: list[str]) -> None:
    assert [kind.value for goal in goals(text) for kind in goal.target.defects] == kinds
