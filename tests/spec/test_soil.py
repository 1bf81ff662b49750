"""Soil by GB 15618-2018, land classes and the safe-use rate, drawn as tables."""

import csv
from decimal import Decimal
from pathlib import Path

from fangxin.engines import land
from fangxin.engines.limits import soil

title = "耕地土壤"
TABLE = Path(__file__).parents[2] / "standards" / "limits" / "gb15618-2018.csv"
ELEMENTS = {"镉": "Cd", "汞": "Hg", "砷": "As", "铅": "Pb", "铬": "Cr", "铜": "Cu", "镍": "Ni", "锌": "Zn"}
USES = {"水田": "paddy", "旱地": "dry", "水旱轮作": "rotation", "果园": "orchard"}
ZONES = {"low": "低于筛选值", "between": "介于两值", "above": "高于管制值"}


def test_a_result_against_screening_and_control_value(spec):
    """筛选值和管制值"""
    rows = spec("""
        元素 | 土地利用 | pH   | 结果  | 筛选值 | 管制值 | 结论
        镉   | 水田     | 6.2  | 0.38  | 0.4    | 2      | 低于筛选值
        镉   | 旱地     | 6.2  | 0.38  | 0.3    | 2      | 介于两值
        镉   | 水旱轮作 | 6.2  | 0.38  | 0.3    | 2      | 介于两值
        镉   | 旱地     | 5.5  | 0.30  | 0.3    | 1.5    | 低于筛选值
        砷   | 旱地     | 5.51 | 151   | 40     | 150    | 高于管制值
        砷   | 旱地     | 5.50 | 151   | 40     | 200    | 介于两值
        铜   | 果园     | 7.0  | 180   | 200    | 没有   | 低于筛选值
        铜   | 旱地     | 7.0  | 180   | 100    | 没有   | 介于两值
        镉   | 旱地     | 没有 | 0.05  | —      | —      | 不能判定
        镉   | 旱地     | 6.2  | <0.01 | 0.3    | 2      | 低于筛选值
        镉   | 旱地     | 6.2  | <0.5  | 0.3    | 2      | 不能判定
    """)
    with TABLE.open(encoding="utf-8", newline="") as lines:
        table = soil.read_table(csv.DictReader(lines))
    for row in rows:
        below = row["结果"].startswith("<")
        number = Decimal(row["结果"].removeprefix("<"))
        reading = soil.SoilReading(ELEMENTS[row["元素"]], None if below else number, number if below else None)
        ph = None if row["pH"] == "没有" else Decimal(row["pH"])
        found = soil.judge_metal(table, reading, ph=ph, land_use=USES[row["土地利用"]])
        assert (ZONES[found.zone] if found.zone else "不能判定") == row["结论"], row
        for name, value in (("筛选值", found.screening), ("管制值", found.control)):
            assert value == (None if row[name] in ("没有", "—") else Decimal(row[name])), row


def test_a_year_by_year_change_of_class(spec):
    """类别较上年"""
    classes = {"优先保护类": "priority", "安全利用类": "safe_use", "严格管控类": "strict"}
    words = {"improved": "好转", "equal": "不变", "worse": "变差"}
    rows = spec("""
        上年       | 今年       | 变化
        严格管控类 | 安全利用类 | 好转
        安全利用类 | 安全利用类 | 不变
        优先保护类 | 安全利用类 | 变差
        优先保护类 | 严格管控类 | 变差
    """)
    for row in rows:
        before, after = (land.SoilClass(classes[row[year]]) for year in ("上年", "今年"))
        assert words[land.compare_class(before, after)] == row["变化"], row


def test_the_safe_use_rate(spec):
    """受污染耕地安全利用率"""
    rows = spec("""
        B    | C   | D  | E    | 率
        1200 | 860 | 90 | 2300 | 93.48
        0    | 441 | 59 | 512  | 97.66
        0    | 0   | 0  | 0    | 不适用
        0    | 0   | 0  | 10   | 0.00
    """)
    for row in rows:
        rate = land.safe_use_rate(*(Decimal(row[part]) for part in "BCDE"))
        assert ("不适用" if rate is None else f"{rate:.2f}") == row["率"], row
