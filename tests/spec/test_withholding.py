"""The rules of intervals and withdrawal, drawn as tables. Published cases: label, 农业部公告第278号, 农业农村部公告第736号."""

from datetime import date, timedelta
from decimal import Decimal

from fangxin.engines.withholding import (
    Ban,
    Interval,
    IntervalUnit,
    LabelLine,
    Produce,
    Use,
    degree_days,
    judge_batch,
    judge_harvest,
)

title = "间隔期、休药期"
UNITS = {"天": IntervalUnit.DAYS, "小时": IntervalUnit.HOURS, "度日": IntervalUnit.DEGREE_DAYS}
OUTCOMES = {"free": "可以采收", "within": "间隔期内", "unknown": "不能确定", "banned": "禁用"}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def test_interval_counts_from_the_last_use(spec):
    """安全间隔期"""
    rows = spec("""
        末次用药   | 间隔 | 单位 | 采收日     | 最早采收   | 结论
        2024-05-01 | 7    | 天   | 2024-05-07 | 2024-05-08 | 间隔期内
        2024-05-01 | 7    | 天   | 2024-05-08 | 2024-05-08 | 可以采收
        2024-02-27 | 3    | 天   | 2024-03-01 | 2024-03-01 | 可以采收
        2023-02-27 | 3    | 天   | 2023-03-01 | 2023-03-02 | 间隔期内
        2024-05-01 | 0    | 天   | 2024-05-01 | 2024-05-01 | 可以采收
        2024-05-01 | 0.5  | 天   | 2024-05-02 | 2024-05-02 | 不能确定
        2024-05-01 | 1.5  | 天   | 2024-05-02 | 2024-05-03 | 间隔期内
    """)
    for row in rows:
        interval = Interval(Decimal(row["间隔"]), UNITS[row["单位"]])
        label = (LabelLine("韭菜", Produce.CROP, interval),)
        standing = judge_batch("韭菜", Produce.CROP, [Use("1", "甲", _day(row["末次用药"]), label=label)])
        assert standing.earliest == _day(row["最早采收"]), row
        assert OUTCOMES[judge_harvest(_day(row["采收日"]), standing)] == row["结论"], row


def test_animals_wait_for_meat_and_milk_apart(spec):
    """休药期、弃奶期"""
    rows = spec("""
        收获物 | 末次用药   | 间隔 | 单位 | 日期       | 最早       | 结论
        meat   | 2024-03-02 | 14   | 天   | 2024-03-16 | 2024-03-16 | 可以采收
        meat   | 2024-03-02 | 14   | 天   | 2024-03-15 | 2024-03-16 | 间隔期内
        milk   | 2024-03-02 | 72   | 小时 | 2024-03-05 | 2024-03-06 | 间隔期内
        milk   | 2024-03-02 | 72   | 小时 | 2024-03-06 | 2024-03-06 | 可以采收
    """)
    for row in rows:
        produce = Produce(row["收获物"])
        label = (LabelLine("牛", produce, Interval(Decimal(row["间隔"]), UNITS[row["单位"]])),)
        standing = judge_batch("牛", produce, [Use("1", "甲", _day(row["末次用药"]), label=label)])
        assert standing.earliest == _day(row["最早"]), row
        assert OUTCOMES[judge_harvest(_day(row["日期"]), standing)] == row["结论"], row


def test_degree_days_add_up_measured_water_only(spec):
    """度日"""
    rows = spec("""
        每日水温               | 天数 | 缺测的天 | 需要 | 结果     | 累计
        18, 18.5, 19, 20, 21   | 20   |          | 375  | 第20天   | 386
        18, 18.5, 19, 20, 21   | 19   |          | 375  | 未到     | 365
        18, 18.5, 19, 20, 21   | 20   | 5        | 375  | 不能确定 | 365
        18, 18.5, 19, 20, 21   | 21   | 5        | 375  | 第21天   | 383
        -1, 0                  | 10   |          | 1    | 未到     | 0
    """)
    last = date(2024, 6, 1)
    for row in rows:
        pattern = [Decimal(text) for text in row["每日水温"].split(", ")]
        means = {last + timedelta(days=n + 1): pattern[n % len(pattern)] for n in range(int(row["天数"]))}
        if row["缺测的天"]:
            del means[last + timedelta(days=int(row["缺测的天"]))]
        found = degree_days(last, Decimal(row["需要"]), means)
        if row["结果"].startswith("第"):
            assert found.reached_on == last + timedelta(days=int(row["结果"][1:-1])), row
        else:
            assert found.reached_on is None, row
            assert bool(found.missing) == (row["结果"] == "不能确定"), row
        assert found.sum == Decimal(row["累计"]), row


def test_what_is_wrong_with_a_use(spec):
    """用药问题"""
    rows = spec("""
        作物 | 标签作物 | 次数 | 最多 | 用量 | 上限 | 禁用 | 问题
        韭菜 | 韭菜     | 1    | 2    | 30   | 40   |      |
        韭菜 | 韭菜     | 3    | 2    | 30   | 40   |      | over_uses
        韭菜 | 韭菜     | 1    | 2    | 50   | 40   |      | over_dose
        韭菜 | 番茄     | 1    | 2    | 30   | 40   |      | off_label no_interval
        韭菜 | 韭菜     | 1    | 2    | 30   | 40   | 是   | banned_use
        菠菜 | 叶菜     | 1    | 2    | 30   | 40   |      |
    """)
    for row in rows:
        interval = Interval(Decimal(7), IntervalUnit.DAYS)
        label = (
            LabelLine(row["标签作物"], Produce.CROP, interval, int(row["最多"]), None, Decimal(row["上限"]), "g/亩"),
        )
        bans = (Ban("某有效成分", "公告"),) if row["禁用"] else ()
        uses = [
            Use(str(n), "甲", date(2024, 5, n), label=label, dose=Decimal(row["用量"]), dose_unit="g/亩", bans=bans)
            for n in range(1, int(row["次数"]) + 1)
        ]
        standing = judge_batch(row["作物"], Produce.CROP, uses, groups={"菠菜": ("叶菜", "蔬菜")})
        assert [problem.code for problem in standing.problems] == row["问题"].split(), row
