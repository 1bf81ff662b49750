"""The yearly assessment: points, vetoes, ranks and grades, by tables."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from fangxin.engines.assessment import (
    AdjustmentKind,
    AdjustmentRule,
    Event,
    GradeFloor,
    IndicatorRule,
    Reading,
    RuleSet,
    grade_for,
    load_rule_set,
    rank_all,
    score_agency,
)

title = "评议考核怎样计分定级"

STANDARD = load_rule_set((Path(__file__).parents[2] / "standards/assessment/2022.toml").read_text("utf-8"))

# One indicator worth everything, so that a row of a table may state the base points themselves.
PLAIN = RuleSet(
    code="plain",
    title="示例",
    scale="assessment",
    in_force_from=date(2022, 1, 1),
    in_force_to=date(2024, 12, 31),
    indicators=(IndicatorRule("whole", "总体", Decimal(100)),),
    adjustments=(
        AdjustmentRule("bonus", "加分", AdjustmentKind.BONUS, Decimal("0.5")),
        AdjustmentRule("deduction", "扣分", AdjustmentKind.DEDUCTION, Decimal("0.5")),
        AdjustmentRule("veto", "否决", AdjustmentKind.VETO),
    ),
    bonus_cap=Decimal(10),
    best_grade="A",
    best_share=Decimal("0.35"),
    grade_floors=(GradeFloor("B", Decimal(70)), GradeFloor("C", Decimal(60))),
    veto_grade="D",
)


def plain_score(agency, base, *, bonus="0", deduction="0", veto=False):
    events = [Event("bonus", (f"b{n}",)) for n in range(int(Decimal(bonus) * 2))]
    events += [Event("deduction", (f"d{n}",)) for n in range(int(Decimal(deduction) * 2))]
    events += [Event("veto", ("通报1号",))] if veto else []
    return score_agency(agency, [Reading("whole", Decimal(base), Decimal(100))], events, rules=PLAIN)


def test_total_is_base_plus_bonus_minus_deductions(spec):
    rows = spec("""
        基础分 | 加分 | 扣分 | 总分
        86.4   | 3    | 4.5  | 84.90
        100    | 0    | 0    | 100.00
        100    | 14   | 0    | 110.00
        95     | 14   | 1    | 104.00
        3      | 0    | 5    | 0.00
        66.665 | 0    | 0    | 66.67
    """)
    for row in rows:
        scored = plain_score("某局", row["基础分"], bonus=row["加分"], deduction=row["扣分"])
        assert str(scored.total) == row["总分"], row


def test_grade_goes_by_rank_floor_and_veto(spec):
    rows = spec("""
        总分  | 名次 | 单位数 | 否决 | 等级
        84.90 | 2    | 19     | 是   | D
        84.90 | 2    | 19     | 否   | A
        84.90 | 6    | 19     | 否   | A
        84.90 | 7    | 19     | 否   | B
        84.90 | 1    | 2      | 否   | B
        70.00 | 1    | 19     | 否   | A
        69.99 | 1    | 19     | 否   | C
        60.00 | 19   | 19     | 否   | C
        59.99 | 19   | 19     | 否   | D
    """)
    for row in rows:
        grade = grade_for(
            total=Decimal(row["总分"]),
            rank=int(row["名次"]),
            of=int(row["单位数"]),
            vetoed=row["否决"] == "是",
            rules=PLAIN,
        )
        assert grade == row["等级"], row


def test_equal_totals_share_a_rank(spec):
    rows = spec("""
        单位 | 基础分 | 否决 | 名次 | 等级
        甲局 | 95     | 否   | 1    | A
        乙局 | 90     | 是   | 2    | D
        丙局 | 90     | 否   | 2    | A
        丁镇 | 80     | 否   | 4    | B
        戊镇 | 65     | 否   | 5    | C
        己乡 | 50     | 否   | 6    | D
    """)
    scores = [plain_score(row["单位"], row["基础分"], veto=row["否决"] == "是") for row in rows]
    ranked = {place.scored.agency: place for place in rank_all(scores, rules=PLAIN)}
    for row in rows:
        place = ranked[row["单位"]]
        assert (place.rank, place.grade, place.of, place.scale) == (int(row["名次"]), row["等级"], 6, "assessment"), row


def test_points_of_the_standard_indicators(spec):
    rows = spec("""
        指标                    | 分子 | 分母 | 得分
        special_plan_timeliness | 1    | 1    | 10
        return_timeliness       | 11   | 12   | 11.875
        return_timeliness       | 7    | 12   | 0
        return_quality          | 12   | 12   | 10
        return_quality          | 11   | 12   | 8
        return_quality          | 9    | 12   | 5
        return_quality          | 8    | 12   | 0
        task_completion         | 3    | 4    | 12.5
        goal_attainment         | 7    | 10   | 12.5
        matters_on_time         | 22   | 24   | 11.875
    """)
    for row in rows:
        reading = Reading(row["指标"], Decimal(row["分子"]), Decimal(row["分母"]))
        scored = score_agency("某局", [reading], rules=STANDARD)
        [item] = [item for item in scored.items if item.code == row["指标"]]
        assert item.earned.quantize(Decimal("0.0001")) == Decimal(row["得分"]), row


def test_a_missing_figure_is_named_and_earns_nothing(spec):
    rows = spec("""
        分子 | 分母 | 不适用 | 得分  | 最多   | 未定项 | 说明
        12   | 12   | 否     | 25.00 | 100.00 | 4      | 全部按时
        —    | —    | 否     | 10.00 | 100.00 | 5      | 没有数据
        0    | 0    | 否     | 10.00 | 100.00 | 5      | 没有应报事项，不算满分
        —    | —    | 是     | 11.76 | 100.00 | 4      | 食安办认定不适用，按85分折算
    """)
    for row in rows:
        numerator, denominator = (None if row[name] == "—" else Decimal(row[name]) for name in ("分子", "分母"))
        excused = row["不适用"] == "是"
        readings = [
            Reading("special_plan_timeliness", Decimal(1), Decimal(1)),
            Reading("return_timeliness", numerator, denominator, not_applicable=excused, evidence=("认定1号",)),
        ]
        scored = score_agency("某镇", readings, rules=STANDARD)
        assert (str(scored.total), str(scored.total_at_best)) == (row["得分"], row["最多"]), row
        assert len(scored.undetermined) == int(row["未定项"]), row
