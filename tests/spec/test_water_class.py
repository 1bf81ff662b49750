"""Class of a river section by its worst item (GB 3838-2002), and the clocks of volatile organic compounds."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from fangxin.actions.origin import rules_emissions as rules
from fangxin.engines.limits import water

title = "断面水质怎样定类"
LIMITS = Path(__file__).parents[2] / "standards" / "limits"
GRADES = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ", 5: "Ⅴ", 6: "劣Ⅴ", None: "不能定类"}
MET = {True: "达标", False: "未达标", None: "不能判定"}


def test_the_worst_item_decides(spec):
    with (LIMITS / "gb3838-2002.csv").open(encoding="utf-8") as lines:
        table = water.read_table(csv.DictReader(lines))
    rows = spec("""
        目标 | 溶解氧 | 化学需氧量 | 氨氮 | 总磷 | 镉       | 类别     | 结论     | 主要污染物
        3    | 6      | 15         | 0.5  | 0.1  | 0.0001L  | Ⅱ       | 达标     |
        3    | 6      | 15         | 0.51 | 0.1  | 0.0001L  | Ⅲ       | 达标     |
        2    | 6      | 15         | 0.51 | 0.1  | 0.0001L  | Ⅲ       | 未达标   | NH3-N
        3    | 2.9    | 12         | 0.2  | 0.05 |          | Ⅴ       | 未达标   | DO
        3    | 6      | 41         | 1.1  | 0.31 |          | 劣Ⅴ     | 未达标   | COD TP NH3-N
        2    |        |            |      |      | <0.004   | Ⅱ       | 达标     |
        1    |        |            |      |      | <0.004   | Ⅱ       | 不能判定 |
        3    |        |            |      |      | <0.02    | 不能定类 | 不能判定 |
        3    |        |            |      |      |          | 不能定类 | 不能判定 |
    """)
    columns = {"溶解氧": "DO", "化学需氧量": "COD", "氨氮": "NH3-N", "总磷": "TP", "镉": "Cd"}
    for row in rows:
        found = [water.Reading(columns[name], *rules.read_value(row[name])) for name in columns if row[name]]
        verdict = water.judge_section(table, found, body="river", target=int(row["目标"]))
        told = GRADES[verdict.water_class], MET[verdict.meets_target], " ".join(verdict.main_pollutants)
        assert told == (row["类别"], row["结论"], row["主要污染物"]), row


def test_a_leak_and_a_round_have_their_days(spec):
    clocks = {"首次修复": rules.LEAK_FIRST, "完成修复": rules.LEAK_DONE, "泵阀检测": rules.LDAR_MOVING,
              "法兰检测": rules.LDAR_FLANGES, "告知农业": rules.TELL_AGRICULTURE, "自行监测": rules.OWN_MONITORING}  # fmt: skip
    rows = spec("""
        时限     | 起算日     | 最后一日
        首次修复 | 2023-03-10 | 2023-03-15
        完成修复 | 2023-03-10 | 2023-03-25
        泵阀检测 | 2022-08-31 | 2023-02-28
        法兰检测 | 2022-06-01 | 2023-06-01
        告知农业 | 2023-03-31 | 2023-04-01
        自行监测 | 2024-02-29 | 2025-02-28
    """)
    for row in rows:
        assert rules.due_on(clocks[row["时限"]], date.fromisoformat(row["起算日"])).isoformat() == row["最后一日"], row


def test_a_value_of_a_laboratory_is_read_as_it_is_written(spec):
    rows = spec("""
        报告    | 值     | 检出限
        0.62    | 0.62   |
        ０．６２ | 0.62   |
        5e-05   | 5e-05  |
        <0.004  |        | 0.004
        ＜0.004 |        | 0.004
        0.004L  |        | 0.004
        0.004(L)|        | 0.004
    """)
    for row in rows:
        expected = tuple(Decimal(row[name]) if row[name] else None for name in ("值", "检出限"))
        assert rules.read_value(row["报告"]) == expected, row
