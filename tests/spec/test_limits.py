"""Verdicts as the regulations state them, drawn as tables. The pages of the manual are made from these."""

from decimal import Decimal

import pytest
from tests.unit.limits.house import judged, shipped_judge

from fangxin.engines.limits import Measured, Outcome, Rule, exceeds, read_expression, round_once
from fangxin.engines.limits.deciding import judge_value
from fangxin.engines.limits.samples import judge_plan

title = "限量怎样判定"

OUTCOMES = {
    "合格": Outcome.CONFORMING,
    "不合格": Outcome.NONCONFORMING,
    "不能判定": Outcome.UNDETERMINED,
    "未规定": Outcome.NOT_REGULATED,
    "待测形态": Outcome.PENDING_SPECIATION,
}
USES = {"合法": "lawful", "违法": "unlawful", "不适用": "not_applicable"}


def number(text):
    return Decimal(text) if text else None


def test_rounding_is_done_once_and_halves_go_to_even(spec):
    for row in spec("""
        原值    | 间隔  | 修约
        12.1498 | 0.1   | 12.1
        12.1502 | 0.1   | 12.2
        12.150  | 0.1   | 12.2
        12.250  | 0.1   | 12.2
        1268    | 1E+2  | 1300
        0.0325  | 0.001 | 0.032
        0.0315  | 0.001 | 0.032
        -13.505 | 0.01  | -13.50
        0.205   | 0.01  | 0.20
        0.2051  | 0.01  | 0.21
    """):
        assert str(round_once(Decimal(row["原值"]), Decimal(row["间隔"]))) == row["修约"]


def test_full_value_is_compared_unless_the_standard_rounds(spec):
    for row in spec("""
        结果   | 限量 | 间隔 | 全数值 | 修约值
        0.204  | 0.2  | 0.1  | 不合格 | 合格
        0.2501 | 0.2  | 0.1  | 不合格 | 不合格
        0.200  | 0.2  | 0.1  | 合格   | 合格
        1004   | 1000 | 1E+1 | 不合格 | 合格
        5.04   | 5.0  | 0.1  | 不合格 | 合格
    """):
        value, limit = Decimal(row["结果"]), Decimal(row["限量"])
        assert exceeds(value, limit) == (row["全数值"] == "不合格")
        assert exceeds(value, limit, interval=Decimal(row["间隔"])) == (row["修约值"] == "不合格")


def test_the_detection_limit_stands_before_the_comparison(spec):
    rules = {"≤": Rule.MAXIMUM, "不得检出": Rule.NOT_DETECTED, "不得使用": Rule.NOT_USED}
    for row in spec("""
        规定     | 限量 | 结果   | 检出限 | 定量限 | 结论
        ≤        | 0.02 | 未检出 | 0.005  | 0.01   | 合格
        ≤        | 0.02 | 未检出 | 0.05   |        | 不能判定
        ≤        | 0.02 | 未检出 |        |        | 不能判定
        ≤        | 0.02 | <0.02  |        |        | 合格
        ≤        | 0.02 | <0.05  |        |        | 不能判定
        ≤        | 0.02 | 0.008  | 0.005  | 0.01   | 合格
        ≤        | 0.02 | >0.02  |        |        | 不合格
        ≤        | 0.02 | 检出   | 0.005  |        | 不能判定
        不得检出 |      | 0.3    | 0.5    |        | 合格
        不得检出 |      | 0.8    | 0.5    |        | 不合格
        不得检出 |      | 0.8    |        |        | 不能判定
        不得检出 |      | 检出   |        |        | 不合格
        不得使用 |      | 0.02   | 0.005  |        | 不合格
    """):
        found = judge_value(
            read_expression(row["结果"]),
            rule=rules[row["规定"]],
            limit=number(row["限量"]),
            unit="mg/kg",
            lod=number(row["检出限"]),
            loq=number(row["定量限"]),
        )
        assert found.outcome is OUTCOMES[row["结论"]], row


def test_microbiology_is_judged_on_the_raw_units(spec):
    for row in spec("""
        结果                      | n | c | m     | M      | 结论
        50;80;120;90;30           | 5 | 1 | 100   | 1000   | 合格
        50;180;120;90;30          | 5 | 1 | 100   | 1000   | 不合格
        50;80;1200;90;30          | 5 | 1 | 100   | 1000   | 不合格
        100;100;100;100;1000      | 5 | 1 | 100   | 1000   | 合格
        0;0;0;0;0                 | 5 | 0 | 0     |        | 合格
        0;0;1;0;0                 | 5 | 0 | 0     |        | 不合格
        10;20;30                  | 5 | 2 | 10    | 100    | 不能判定
        3900;2700;15000;9000;9900 | 5 | 2 | 10000 | 100000 | 合格
        <10;<10;<10;<10;30        | 5 | 2 | 10    | 100    | 合格
        未检出;未检出;检出;未检出;未检出 | 5 | 0 | 0 |  | 不合格
    """):
        readings = [read_expression(text) for text in row["结果"].split(";")]
        found = judge_plan(
            readings, n=int(row["n"]), c=int(row["c"]), m=Decimal(row["m"]), most=number(row["M"]), unit="CFU/g"
        )
        assert found.outcome is OUTCOMES[row["结论"]], row


def test_dried_food_dry_matter_and_species(spec):
    for row in spec("""
        食品   | 项目   | 结果 | 水分 | 限量 | 结论
        干香菇 | 镉     | 2.6  | 12   | 4.4  | 合格
        干香菇 | 镉     | 4.9  | 12   | 4.4  | 不合格
        干香菇 | 镉     | 0.4  |      | 0.5  | 合格
        干香菇 | 镉     | 0.6  |      | 0.5  | 不能判定
        木耳   | 镉     | 0.46 | 11   | 0.5  | 不合格
        木耳   | 镉     | 0.44 | 11   | 0.5  | 合格
        木耳   | 镉     | 0.46 |      | 0.5  | 不能判定
        木耳   | 镉     | 0.51 |      | 0.5  | 不合格
        大米   | 总砷   | 0.17 |      | 0.2  | 合格
        大米   | 总砷   | 0.26 |      | 0.2  | 待测形态
        大米   | 无机砷 | 0.26 |      | 0.2  | 不合格
        草鱼   | 总汞   | 0.6  |      | 0.5  | 待测形态
    """):
        found = judged(food=row["食品"], analyte=row["项目"], value=row["结果"], moisture=row["水分"])
        assert (found.outcome, found.limit) == (OUTCOMES[row["结论"]], Decimal(row["限量"])), row


def test_residue_and_lawful_use_are_two_verdicts(spec):
    for row in spec("""
        项目   | 食品     | 结果  | 日期       | 限量 | 残留   | 使用
        毒死蜱 | 普通白菜 | 0.015 | 2023-09-05 | 0.02 | 合格   | 违法
        毒死蜱 | 韭菜     | 0.03  | 2023-04-01 | 0.02 | 不合格 | 违法
        氧乐果 | 小麦     | 0.01  | 2025-05-10 | 0.02 | 合格   | 合法
        氧乐果 | 小麦     | 0.01  | 2026-06-02 | 0.02 | 合格   | 违法
        草甘膦 | 苹果     | 0.3   | 2023-09-05 | 0.5  | 合格   | 合法
        草甘膦 | 梨       | 0.3   | 2023-09-05 | 0.1  | 不合格 | 合法
        铅     | 生姜     | 0.15  | 2023-09-05 | 0.2  | 合格   | 不适用
    """):
        found = judged(food=row["食品"], analyte=row["项目"], value=row["结果"], sampled_on=row["日期"])
        assert (found.limit, found.outcome, found.lawful_use) == (
            Decimal(row["限量"]), OUTCOMES[row["残留"]], USES[row["使用"]],
        ), row  # fmt: skip


def test_components_are_summed_as_the_parent(spec):
    for row in spec("""
        食品 | 结果                                            | 合计       | 结论
        辣椒 | 克百威 0.012；3-羟基克百威 0.01                 | 0.02132561 | 不合格
        芹菜 | 甲拌磷 0.002；甲拌磷亚砜 0.004；甲拌磷砜 0.003 | 0.00844    | 合格
    """):
        parts = [part.split() for part in row["结果"].split("；")]
        rows = [Measured("s", row["食品"], name, value, unit="mg/kg", sampled_on="2023-09-05") for name, value in parts]
        for found in shipped_judge().judge_batch(rows):
            assert found.outcome is OUTCOMES[row["结论"]]
            assert found.value == pytest.approx(Decimal(row["合计"]), abs=Decimal("1e-6"))


def test_additives_of_one_function_share_one_whole(spec):
    for row in spec("""
        苯甲酸 | 山梨酸 | 结论
        0.6    | 0.5    | 不合格
        0.5    | 0.5    | 合格
        1.1    | 未检出 | 不合格
    """):
        rows = [
            Measured("s", "泡菜", name, row[name], unit="g/kg", lod="0.005", production_on="2025-03-01")
            for name in ("苯甲酸", "山梨酸")
        ]
        assert shipped_judge().judge_batch(rows)[0].outcome is OUTCOMES[row["结论"]]
