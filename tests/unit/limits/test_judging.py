"""The judge beside a slow, obviously right one, and what may not change a verdict."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.limits import slow_judge
from tests.unit.limits.house import judged, shipped_judge, shipped_tables

from fangxin.engines.limits import LawfulUse, Measured, Outcome, Rule
from fangxin.engines.limits.foods import ANIMALS

TABLES = shipped_tables()
JUDGE = shipped_judge()
PLAIN = [
    row
    for row in TABLES.rows
    if row.rule is Rule.MAXIMUM
    and row.kind in ("contaminant", "mycotoxin", "pesticide")
    and not (row.species or row.condition or row.dry_weight)
    and row.food >= 0
    and row.unit.name in slow_judge.PER_MG_KG
]
NAMES = list(TABLES.analytes.all)
# Foods below the row's own: every one of them must find a row, its own or a nearer one.
BELOW = {
    row.number: [node for node in range(len(TABLES.foods.names)) if row.food in TABLES.foods.above(node)]
    for row in PLAIN
}
DAYS = st.dates(date(2014, 8, 1), date(2027, 1, 1))


@st.composite
def cases(draw):
    row = draw(st.sampled_from(PLAIN))
    food = draw(st.sampled_from(BELOW[row.number]))
    unit = draw(st.sampled_from(sorted(slow_judge.PER_MG_KG)))
    ratio = draw(st.sampled_from(["0.5", "0.999", "1", "1.0001", "1.5", "20"]))
    scale = Decimal(row.unit.factor) / Decimal(str(float(slow_judge.PER_MG_KG[unit])))
    value = row.limit * scale * Decimal(ratio)
    lod = draw(st.sampled_from([None, value / 2, value * 2]))
    return row, food, unit, draw(st.sampled_from([value, None])), lod, draw(DAYS)


@settings(max_examples=60, deadline=None)
@given(cases())
@example(
    (
        next(row for row in PLAIN if row.clause == "4（杀扑磷）"),
        TABLES.foods.names.index("新鲜蔬菜"),
        "g/kg",
        None,
        None,
        date(2016, 1, 1),
    )
)
@example(
    (
        next(row for row in PLAIN if row.kind == "contaminant" and row.unit.name == "mg/kg"),
        TABLES.foods.names.index("包装饮用水"),
        "g/kg",
        Decimal("0.00015"),
        None,
        date(2018, 1, 1),
    )
)
def test_a_generated_result_gets_the_slow_judges_verdict(case):
    row, food, unit, value, lod, day = case
    name = TABLES.foods.names[food]
    if name.startswith(ANIMALS):
        return
    asked = Measured(
        "",
        name,
        NAMES[row.analyte],
        value if value is not None else "ND",
        unit=unit,
        lod=lod,
        sampled_on=day,
        production_on=day,
    )
    verdict = JUDGE.judge(asked)
    held = slow_judge.row_that_holds(TABLES, row.analyte, food, day.toordinal())
    if (
        held is None
        or held.kind not in ("contaminant", "mycotoxin", "pesticide")
        or held.rule is not Rule.MAXIMUM
        or held.species
        or held.condition
        or held.dry_weight
    ):
        # Without a limit only a ban can be met: the substance may not be used on this food, and was not found.
        banned = slow_judge.may_not_be_used(TABLES, row.analyte, food, day.toordinal())
        found = value is not None and (lod is None or value >= lod)
        assert verdict.outcome is not Outcome.CONFORMING or held is not None or (banned and not found)
        return
    assert (verdict.limit, verdict.clause) == (held.limit, held.clause)
    assert verdict.outcome == slow_judge.decide(held, value=value, unit=unit, lod=lod)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_unit_a_value_is_told_in_does_not_change_the_verdict(case):
    row, food, unit, value, lod, day = case
    if value is None:
        return
    name, other = (
        TABLES.foods.names[food],
        {"mg/kg": "μg/kg", "μg/kg": "mg/kg", "g/kg": "mg/kg", "mg/100g": "mg/kg"}[unit],
    )
    factor = slow_judge.PER_MG_KG[unit] / slow_judge.PER_MG_KG[other]
    turned = [None if x is None else x * factor.numerator / factor.denominator for x in (value, lod)]
    one = Measured("", name, NAMES[row.analyte], value, unit=unit, lod=lod, sampled_on=day)
    same = replace(one, value=turned[0], unit=other, lod=turned[1])
    first, second = JUDGE.judge(one), JUDGE.judge(same)
    assert (first.outcome, first.limit, first.lawful_use) == (second.outcome, second.limit, second.lawful_use)


def test_the_order_of_rows_does_not_matter():
    rows = [
        Measured("a", "辣椒", "克百威", "0.012", unit="mg/kg", sampled_on="2023-01-01"),
        Measured("a", "辣椒", "3-羟基克百威", "0.010", unit="mg/kg", sampled_on="2023-01-01"),
        Measured("b", "泡菜", "苯甲酸", "0.6", unit="g/kg", production_on="2025-03-01"),
        Measured("b", "泡菜", "山梨酸", "0.5", unit="g/kg", production_on="2025-03-01"),
        *(Measured("c", "熟肉制品", "金黄色葡萄球菌", str(n), unit="CFU/g", sampled_on="2023-01-01", replicate=i) for i, n in enumerate((50, 180, 120, 90, 30))),
        Measured("d", "大米", "总砷", "0.26", unit="mg/kg", sampled_on="2024-01-01"),
        Measured("d", "大米", "无机砷", "0.15", unit="mg/kg", sampled_on="2024-01-01"),
    ]  # fmt: skip
    expected = dict(zip(map(repr, rows), JUDGE.judge_batch(rows), strict=True))
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        found = dict(zip(map(repr, shuffled), JUDGE.judge_batch(shuffled), strict=True))
        assert {key: (v.outcome, v.limit) for key, v in found.items()} == {
            key: (v.outcome, v.limit) for key, v in expected.items()
        }


def test_a_row_without_a_sample_number_is_judged_by_itself():
    rows = [
        Measured("", "辣椒", name, "0.011", unit="mg/kg", sampled_on="2023-01-01")
        for name in ("克百威", "3-羟基克百威")
    ]
    assert [v.outcome for v in JUDGE.judge_batch(rows)] == [Outcome.CONFORMING, Outcome.UNDETERMINED]


def test_the_edition_changes_at_its_day_and_not_before():
    before, after = (
        judged(food="芹菜", analyte="毒死蜱", value="0.04", sampled_on=day) for day in ("2021-09-02", "2021-09-03")
    )
    assert (before.edition, after.edition) == ("2019", "2021")
    eggs = [
        judged(food="鸡蛋", analyte="恩诺沙星", value="8", unit="μg/kg", lod="1", sampled_on=day)
        for day in ("2023-01-31", "2023-02-01")
    ]
    assert [(v.outcome.value, v.limit) for v in eggs] == [("nonconforming", None), ("conforming", Decimal(10))]


def test_processed_food_is_ruled_by_the_day_it_was_made():
    fields = {
        "food": "月饼",
        "analyte": "脱氢乙酸",
        "value": "0.3",
        "unit": "g/kg",
        "lod": "0.002",
        "sampled_on": "2025-03-20",
    }
    old, new = judged(**fields, production_on="2025-02-07"), judged(**fields, production_on="2025-02-08")
    assert (old.outcome, old.ruled_by, new.outcome) == (Outcome.CONFORMING, "production_on", Outcome.NONCONFORMING)


def test_a_day_without_an_edition_is_no_pass_and_no_lack_of_rules():
    verdict = judged(food="大米", analyte="铅", value="0.1", sampled_on="2010-01-01")
    assert (verdict.outcome, verdict.reason.code) == (Outcome.UNDETERMINED, "no_edition")


def test_what_no_table_regulates_is_never_conforming():
    verdict = judged(food="苹果", analyte="三唑酮", value="0.000001", lod="0.0000001")
    assert verdict.outcome is Outcome.NOT_REGULATED


def test_a_doubtful_food_is_asked_unless_the_answer_does_not_matter():
    same, other = (
        judged(food="白菜", analyte="毒死蜱", value="0.03"),
        judged(food="白菜", analyte="氯氟氰菊酯", value="0.03"),
    )
    assert (same.outcome, same.limit) == (Outcome.NONCONFORMING, Decimal("0.02"))
    assert (other.outcome, other.missing) == (Outcome.UNDETERMINED, ("food_class",))


def test_a_name_that_is_only_spelled_alike_is_never_taken():
    verdict = judged(food="韭菜盒", analyte="腐霉利", value="9")
    assert (verdict.outcome, verdict.reason.code) == (Outcome.UNDETERMINED, "food_near")


def test_a_limit_for_fresh_food_is_not_borrowed_for_the_dried_one():
    assert judged(food="干平菇", analyte="灭蝇胺", value="3").outcome is Outcome.NOT_REGULATED


def test_lawful_use_speaks_of_a_day_and_a_crop():
    ask = JUDGE.lawful_use
    assert ask("毒死蜱", crop="韭菜", on=date(2016, 12, 30))[0] is LawfulUse.LAWFUL
    assert ask("毒死蜱", crop="韭菜", on=date(2016, 12, 31))[0] is LawfulUse.UNLAWFUL
    assert ask("毒死蜱", crop="小麦", on=date(2023, 1, 1))[0] is LawfulUse.LAWFUL
    assert ask("氟虫腈", crop="玉米", on=date(2023, 1, 1))[0] is LawfulUse.LAWFUL
    assert ask("恩诺沙星", animal="猪", on=date(2023, 1, 1))[0] is LawfulUse.LAWFUL
    assert ask("氧氟沙星", animal="鸡", on=date(2023, 1, 1))[0] is LawfulUse.UNLAWFUL
    assert ask("铅", crop="大米", on=date(2023, 1, 1))[0] is LawfulUse.NOT_APPLICABLE


def test_use_is_unlawful_only_where_something_was_found():
    assert judged(food="韭菜", analyte="毒死蜱", value="ND", lod="0.01").lawful_use is LawfulUse.NOT_APPLICABLE
    assert judged(food="韭菜", analyte="毒死蜱", value="0.015").lawful_use is LawfulUse.UNLAWFUL


def test_what_a_rule_forbids_to_use_is_unlawful_where_it_is_found():
    assert judged(food="黄豆芽", analyte="6-苄基腺嘌呤", value="0.05").lawful_use is LawfulUse.UNLAWFUL
    assert judged(food="馒头", analyte="甜蜜素", value="0.2", unit="g/kg", lod="0.01").lawful_use is LawfulUse.UNLAWFUL


def test_a_number_without_detection_limit_counts_from_what_official_methods_quantify():
    low, high = (judged(food="草鱼", analyte="氯霉素", value=value, unit="μg/kg") for value in ("0.8", "1.5"))
    assert (low.outcome, low.missing, low.lawful_use) == (Outcome.UNDETERMINED, ("lod",), LawfulUse.NOT_APPLICABLE)
    assert high.outcome is Outcome.NONCONFORMING


def test_tissue_comes_from_the_food_or_is_asked():
    assert judged(food="猪肝", analyte="恩诺沙星", value="150", unit="μg/kg").limit == 200
    assert judged(food="猪", tissue="肝", analyte="恩诺沙星", value="150", unit="μg/kg").limit == 200
    assert judged(food="鸭胗", analyte="氟苯尼考", value="50", unit="μg/kg").missing == ("tissue",)


def test_soil_and_water_go_to_their_own_rules():
    soil = judged(food="土壤", analyte="Cd", value="0.38", land_use="水田", ph="6.2")
    assert (soil.outcome, soil.limit) == (Outcome.CONFORMING, Decimal("0.4"))
    assert judged(food="土壤", analyte="镉", value="0.38", land_use="其他").missing == ("ph",)
    assert judged(food="土壤", analyte="砷", value="151", land_use="旱地", ph="5.51").reason.code == "soil_above"
    water = judged(food="河水", analyte="氨氮", value="0.62", unit="mg/L", water_class="Ⅱ类")
    assert (water.outcome, water.limit) == (Outcome.NONCONFORMING, Decimal("0.5"))
    assert judged(food="河水", analyte="pH", value="7.8", unit="", water_class="3").outcome is Outcome.CONFORMING
    assert judged(food="河水", analyte="DO", value="1.8", unit="mg/L", water_class="3").outcome is Outcome.NONCONFORMING


def test_dry_figures_are_turned_to_the_basis_of_the_limit():
    assert judged(food="大米", analyte="镉", value="0.21", dry_basis="是", moisture="13").outcome is Outcome.CONFORMING
    assert judged(food="大米", analyte="镉", value="0.21", dry_basis="是").missing == ("moisture",)
    assert judged(food="木耳", analyte="铅", value="0.9", dry_basis=True).outcome is Outcome.CONFORMING


def test_a_sum_on_dry_basis_is_turned_whole():
    rows = [
        Measured("a", "辣椒", name, "0.1", unit="mg/kg", sampled_on="2023-09-05", dry_basis="是", moisture="90")
        for name in ("克百威", "3-羟基克百威")
    ]
    assert [round(v.value, 5) for v in JUDGE.judge_batch(rows)] == [Decimal("0.01933")] * 2


def test_a_sample_that_tells_the_species_settles_its_total():
    rows = [
        Measured("a", "大米", name, value, unit="mg/kg", sampled_on="2024-01-01")
        for name, value in (("总砷", "0.26"), ("无机砷", "0.15"))
    ]
    assert [v.outcome for v in JUDGE.judge_batch(rows)] == [Outcome.CONFORMING, Outcome.CONFORMING]


def test_components_not_reported_leave_a_low_sum_open_and_a_high_one_failed():
    assert judged(food="韭菜", analyte="甲拌磷砜", value="0.002").outcome is Outcome.UNDETERMINED
    assert judged(food="韭菜", analyte="甲拌磷砜", value="0.02").outcome is Outcome.NONCONFORMING


def test_a_part_with_a_limit_of_its_own_is_judged_by_it_and_else_by_its_group():
    own, group = (judged(food=food, analyte="磺胺二甲嘧啶", value="30", unit="μg/kg") for food in ("生乳", "猪肉"))
    assert (own.limit, own.outcome, group.limit, group.outcome) == (25, Outcome.NONCONFORMING, 100, Outcome.CONFORMING)


def test_a_part_seen_above_its_detection_limit_shows_the_residue():
    rows = [
        Measured("a", "草鱼", name, value, unit="μg/kg", lod="0.5", sampled_on="2023-09-05")
        for name, value in (("孔雀石绿", "ND"), ("隐色孔雀石绿", "1.2"))
    ]
    assert [v.outcome for v in JUDGE.judge_batch(rows)] == [Outcome.NONCONFORMING] * 2


def test_contradicting_units_are_refused():
    verdict = judged(food="草鱼", analyte="恩诺沙星", value="248μg/kg", unit="mg/kg")
    assert (verdict.outcome, verdict.reason.code) == (Outcome.UNDETERMINED, "unit_contradiction")
    assert judged(food="草鱼", analyte="恩诺沙星", value="248", unit="").missing == ("unit",)
    assert judged(food="大米", analyte="铅", value="0.1", unit="mg/L").reason.code == "unit_mismatch"


TEXT = st.text(max_size=12) | st.none()


@settings(max_examples=150, deadline=None)
@given(st.builds(Measured, TEXT.map(lambda x: x or ""), st.sampled_from(["韭菜", "大米", "鸡蛋", "干香菇", "泡菜", "x"]) | TEXT.map(lambda x: x or ""), st.sampled_from(["铅", "腐霉利", "沙门氏菌", "苯甲酸", "恩诺沙星"]) | TEXT.map(lambda x: x or ""), TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT | st.just("2023-01-01"), TEXT, TEXT, TEXT, st.none() | st.just("水田"), TEXT, st.none() | TEXT, TEXT))  # fmt: skip
def test_nothing_anyone_types_stops_the_judge(row):
    verdict = JUDGE.judge(row)
    assert verdict.outcome in Outcome
    assert verdict.outcome is not Outcome.UNDETERMINED or verdict.missing
    assert verdict.text
