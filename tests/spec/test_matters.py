"""The vectors of matters: deadlines, the ladder, the account and who may close."""

from datetime import date
from decimal import Decimal

import pytest

from fangxin.engines.deadlines import national_calendar
from fangxin.engines.indicators import display_percent
from fangxin.kernel.casework import rules, work_calendar
from fangxin.kernel.casework.data import MatterFigures
from fangxin.kernel.casework.services.matters import due_by_severity
from fangxin.kernel.casework.standards import deadline_rules

title = "问题整改怎样计时、记账和销号"

SEVERITIES = {"一般": "minor", "较大": "major", "重大": "critical"}
STAGES = {"提醒": "reminder", "逾期": "overdue", "督办函": "supervision", "约谈": "interview", "通报": "notice"}
day = date.fromisoformat


@pytest.mark.django_db
def test_the_due_date_follows_from_the_severity(spec):
    work_calendar.forget()
    rows = spec("""
        立账日     | 严重程度 | 工作日 | 整改时限   | 说明
        2023-03-15 | 一般     | 15     | 2023-04-06 | 中间有清明节
        2023-03-15 | 较大     | 10     | 2023-03-29 | 普通两周
        2023-03-15 | 重大     | 5      | 2023-03-22 | 普通一周
        2023-09-27 | 重大     | 5      | 2023-10-10 | 中秋国庆后周六、周日都调休上班
        2023-12-28 | 重大     | 5      | 2024-01-05 | 跨年
        2024-02-02 | 重大     | 5      | 2024-02-08 | 周日调休上班
    """)
    for row in rows:
        severity, opened = SEVERITIES[row["严重程度"]], day(row["立账日"])
        assert deadline_rules(opened).workdays[severity] == int(row["工作日"]), row
        assert due_by_severity(severity, opened) == day(row["整改时限"]), row


def test_which_rung_is_reached_on_which_day(spec):
    rows = spec("""
        整改时限   | 反弹事项 | 提醒       | 逾期       | 督办函     | 约谈       | 通报
        2023-04-06 | 否       | 2023-03-31 | 2023-04-07 | 2023-04-13 | 2023-04-20 | 2023-04-26
        2023-04-06 | 是       | 2023-03-31 | 2023-04-07 | 2023-04-13 | 2023-04-13 | 2023-04-26
        2024-02-02 | 否       | 2024-01-30 | 2024-02-03 | 2024-02-08 | 2024-02-21 | 2024-02-28
        2022-12-30 | 否       | 2022-12-27 | 2022-12-31 | 2023-01-09 | 2023-01-16 | 2023-01-28
    """)
    calendar = national_calendar(range(2022, 2025))
    for row in rows:
        due = day(row["整改时限"])
        reached = rules.ladder_days(
            due,
            deadline_rules(due).ladder,
            repeated=row["反弹事项"] == "是",
            calendar=calendar,
            today=date(2024, 12, 31),
        )
        assert dict(reached) == {STAGES[name]: day(row[name]) for name in STAGES}, row


def test_the_account_of_a_period(spec):
    rows = spec("""
        期初 | 新立账 | 销号 | 反弹立账 | 期末 | 相符 | 到期 | 按期销号 | 按期整改率
        12   | 20     | 25   | 1        | 8    | 是   | 24   | 22       | 91.67
        12   | 20     | 25   | 1        | 7    | 否   | 24   | 22       | 91.67
        0    | 0      | 0    | 0        | 0    | 是   | 0    | 0        | 没有
        3    | 1      | 0    | 0        | 4    | 是   | 2    | 0        | 0.00
    """)
    for row in rows:
        found = MatterFigures(
            opening=int(row["期初"]), new=int(row["新立账"]), closed=int(row["销号"]), reopened=int(row["反弹立账"]),
            open=int(row["期末"]), due=int(row["到期"]), on_time=int(row["按期销号"]),
            rebounded=0, opened_to_date=0, closed_to_date=0, withdrawn=0,
        )  # fmt: skip
        assert found.balance.holds == (row["相符"] == "是"), row
        rate = None if row["按期整改率"] == "没有" else Decimal(row["按期整改率"])
        assert display_percent(found.on_time_rate) == rate, row
