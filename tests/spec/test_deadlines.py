"""The vectors of the clock rules: every line was computed by hand from the rule it names."""

from datetime import date, datetime
from pathlib import Path

import pytest

from fangxin.engines.deadlines import (
    Pause,
    add_months,
    add_workdays,
    clock_in_force,
    due,
    due_dates,
    is_timely,
    is_workday,
    late_days,
    load_clocks,
    national_calendar,
    reminder_dates,
)
from fangxin.engines.deadlines.arithmetic import LOCAL

title = "期限怎样计算"

CALENDAR = national_calendar(range(2022, 2027))
CLOCKS = load_clocks((Path(__file__).parents[2] / "standards/clocks/clocks.toml").read_text("utf-8"))


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def started(text):
    return moment(text) if ":" in text else date.fromisoformat(text)


def end_of(code, start, *, extended=False, pauses=()):
    start = started(start)
    day = start.date() if isinstance(start, datetime) else start
    clock = clock_in_force(CLOCKS, code, day)
    return due(clock, start, calendar=CALENDAR, extended=extended, pauses=pauses)


def test_working_days_count_make_up_days_and_skip_holidays(spec):
    rows = spec("""
        起算日     | 工作日 | 届满日     | 说明
        2022-05-19 | 7      | 2022-05-30 | 普通两周
        2024-06-07 | 1      | 2024-06-11 | 端午
        2023-09-28 | 1      | 2023-10-07 | 国庆后周六调休上班
        2025-09-30 | 2      | 2025-10-10 | 国庆中秋
        2026-02-13 | 2      | 2026-02-24 | 春节前周六上班，假期到23日
        2022-09-15 | 20     | 2022-10-18 | 信息公开申请答复
    """)
    for row in rows:
        assert str(add_workdays(started(row["起算日"]), int(row["工作日"]), CALENDAR)) == row["届满日"], row


def test_each_year_has_the_announced_number_of_working_days(spec):
    rows = spec("""
        年份 | 工作日
        2022 | 249
        2023 | 249
        2024 | 251
        2025 | 248
        2026 | 248
    """)
    for row in rows:
        first = date(int(row["年份"]), 1, 1)
        days = (date.fromordinal(first.toordinal() + n) for n in range(366))
        assert sum(is_workday(d, CALENDAR) for d in days if d.year == first.year) == int(row["工作日"]), row


def test_days_named_by_the_notices(spec):
    rows = spec("""
        日期       | 是否上班
        2022-09-12 | 否
        2022-10-07 | 否
        2022-10-08 | 是
        2022-10-09 | 是
        2023-04-23 | 是
        2023-05-03 | 否
        2023-05-06 | 是
        2023-06-23 | 否
        2023-06-25 | 是
        2023-10-06 | 否
        2023-10-08 | 是
        2024-02-04 | 是
        2024-02-16 | 否
        2024-02-18 | 是
        2024-04-07 | 是
        2024-04-28 | 是
        2024-05-11 | 是
        2024-09-29 | 是
        2024-10-12 | 是
    """)
    for row in rows:
        assert is_workday(started(row["日期"]), CALENDAR) == (row["是否上班"] == "是"), row


def test_clocks_of_the_master_list(spec):
    rows = spec("""
        期限       | 起算             | 延长 | 届满             | 事项
        DL01       | 2023-04-28       | 否   | 2023-05-11       | 投诉受理
        DL02       | 2023-05-11       | 否   | 2023-07-14       | 投诉调解
        DL04       | 2024-04-26       | 否   | 2024-05-20       | 举报核查
        DL04       | 2024-04-26       | 是   | 2024-06-11       | 举报核查延长
        DL05       | 2024-05-20       | 否   | 2024-05-27       | 告知实名举报人
        DL07       | 2024-01-15       | 否   | 2024-02-14       | 查封，不因休息日顺延
        DL07       | 2024-01-15       | 是   | 2024-03-30       | 查封最长期限
        DL12       | 2024-03-08       | 否   | 2024-03-11       | 移送审批，自然日
        DL13       | 2024-03-11 10:00 | 否   | 2024-03-12 10:00 | 移交公安
        DL15       | 2023-09-20       | 否   | 2023-10-24       | 检查结果公开
        DL16       | 2024-02-01       | 否   | 2024-03-05       | 出具检验报告
        DL17       | 2023-09-28       | 否   | 2023-10-08       | 周日调休上班
        DL18       | 2023-06-20       | 否   | 2023-06-28       | 送达不合格通知
        DL19       | 2023-09-27       | 否   | 2023-10-12       | 申请复检
        DL19       | 2024-05-06       | 否   | 2024-05-14       | 市场监管部门抽检
        DL20       | 2024-05-06       | 否   | 2024-05-11       | 农业部门抽检，周六调休上班
        DL21       | 2024-05-08 09:20 | 否   | 2024-05-08 13:20 | 快检异议
        DL22       | 2024-07-04       | 否   | 2024-10-08       | 核查处置，原为10月2日
        DL23       | 2024-02-05       | 否   | 2024-02-20       | 小作坊登记
        DL23-STALL | 2024-04-03       | 否   | 2024-04-11       | 小摊点备案
        DL24       | 2023-12-31       | 否   | 2024-02-29       | 首次检查，月末截止
        DL24       | 2024-01-31       | 否   | 2024-03-31       | 首次检查
        DL25       | 2026-03-14       | 否   | 2026-02-12       | 届满三十日前申请延续
        DL26       | 2023-03-01       | 否   | 2023-04-13       | 平台备案
        DL27       | 2022-09-01       | 否   | 2022-10-19       | 贮存备案
        DL28       | 2023-12-20       | 否   | 2024-01-11       | 告知举报奖励
        DL29       | 2022-05-19       | 否   | 2022-06-25       | 总结报送，周六不顺延
    """)
    for row in rows:
        end = end_of(row["期限"], row["起算"], extended=row["延长"] == "是")
        if ":" in row["届满"]:
            assert end.moment == moment(row["届满"]), row
        else:
            assert (str(end.last_day), str(end.moment.time())) == (row["届满"], "23:59:59"), row


def test_the_raw_day_stays_visible_when_the_end_rolls():
    end = end_of("DL22", "2024-07-04")
    assert (str(end.raw), str(end.last_day)) == ("2024-10-02", "2024-10-08")


def test_a_chain_of_sampling_clocks(spec):
    rows = spec("""
        起算       | 工作日 | 届满       | 步骤
        2023-10-12 | 5      | 2023-10-19 | 受理复检
        2023-10-19 | 5      | 2023-10-26 | 确定复检机构
        2023-10-26 | 3      | 2023-10-31 | 移交备份样品
        2023-10-31 | 10     | 2023-11-14 | 复检结论
        2023-11-14 | 5      | 2023-11-21 | 告知申请人
    """)
    for row in rows:
        assert str(add_workdays(started(row["起算"]), int(row["工作日"]), CALENDAR)) == row["届满"], row


def test_months_end_where_the_month_ends(spec):
    rows = spec("""
        起算       | 月 | 届满
        2024-08-31 | 6  | 2025-02-28
        2025-10-31 | 6  | 2026-04-30
        2023-08-31 | 6  | 2024-02-29
        2023-05-10 | 24 | 2025-05-10
    """)
    for row in rows:
        assert str(add_months(started(row["起算"]), int(row["月"]))) == row["届满"], row


def test_time_at_the_laboratory_is_not_counted(spec):
    rows = spec("""
        期限 | 起算       | 停止       | 恢复       | 届满
        DL07 | 2024-01-15 | 2024-01-20 | 2024-01-30 | 2024-02-24
        DL02 | 2023-05-11 | 2023-05-19 | 2023-05-26 | 2023-07-21
        DL22 | 2024-07-04 | 2024-11-01 | 2024-11-05 | 2024-10-08
    """)
    for row in rows:
        pause = Pause(started(row["停止"]), started(row["恢复"]))
        assert str(end_of(row["期限"], row["起算"], pauses=[pause]).last_day) == row["届满"], row


def test_returns_of_the_plan(spec):
    rows = spec("""
        应报       | 报送             | 及时 | 迟报天数
        2022-06-25 | 2022-06-24 17:00 | 是   | 0
        2022-06-25 | 2022-06-25 23:59 | 是   | 0
        2022-06-25 | 2022-06-26 00:00 | 否   | 1
        2022-06-25 | 2022-06-27 09:10 | 否   | 2
        2023-06-25 | 2023-06-25 22:00 | 是   | 0
    """)
    for row in rows:
        on, at = started(row["应报"]), moment(row["报送"])
        assert (is_timely(on, at), late_days(on, at)) == (row["及时"] == "是", int(row["迟报天数"])), row


def test_the_plan_has_eleven_return_dates():
    clock = clock_in_force(CLOCKS, "DL29", date(2022, 5, 19))
    days = due_dates(clock, date(2022, 1, 1), date(2030, 1, 1))
    assert (len(days), str(days[0]), str(days[-1])) == (11, "2022-06-25", "2024-11-30")


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        ("2022-06-25", ["2022-06-06", "2022-06-16", "2022-06-22", "2022-06-24"]),
        ("2023-06-25", ["2023-06-01", "2023-06-13", "2023-06-19", "2023-06-21"]),
    ],
)
def test_reminders_go_out_on_working_days(due_on, expected):
    days = reminder_dates(date.fromisoformat(due_on), calendar=CALENDAR)
    assert [str(day) for day in days] == expected
