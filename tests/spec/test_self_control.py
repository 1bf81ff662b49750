"""The two responsibilities: completion, weekly report, safety director, visits of the officials (总局令第60号; 包保)."""

from datetime import date, timedelta
from decimal import Decimal

from fangxin.engines.grading import self_control as engine
from fangxin.kernel.fieldwork import standards_self_control as standards

title = "两个责任"
DAY = date(2023, 6, 30)


def test_a_missing_day_is_a_gap(spec):
    rows = spec("""
        营业天数 | 当日记录 | 补记 | 完成率 | 漏记
        30       | 27       | 0    | 90.0   | 3
        30       | 27       | 3    | 90.0   | 0
        30       | 30       | 0    | 100.0  | 0
        30       | 0        | 0    | 0.0    | 30
        0        | 0        | 0    | 无     | 0
    """)
    for row in rows:
        days = [date(2023, 6, 1) + timedelta(n) for n in range(30)]
        operating, on_day, late = (int(row[name]) for name in ("营业天数", "当日记录", "补记"))
        records = {day: day for day in days[:on_day]} | {
            day: DAY + timedelta(1) for day in days[on_day : on_day + late]
        }
        account = engine.account_days(days[0], days[-1], records=records, closed=days[operating:])
        share = account.completion.value()
        assert ("无" if share is None else str(share.quantize(Decimal("0.1")))) == row["完成率"]
        assert len(account.gaps) == int(row["漏记"])


def test_what_stays_open_is_in_the_weekly_report_or_goes_up(spec):
    rows = spec("""
        发现后天数 | 周报列出 | 情形
        0          | 否       | fresh
        7          | 否       | fresh
        8          | 否       | silent
        8          | 是       | carried
        30         | 否       | silent
    """)
    days = standards.cadences(DAY).problem_days
    for row in rows:
        problem = engine.OpenProblem(3, DAY - timedelta(int(row["发现后天数"])))
        carried = {1, 2, 3} if row["周报列出"] == "是" else {1, 2}
        assert engine.judge_open_problem(problem, on=DAY, days=days, carried=carried) == row["情形"]


def test_who_needs_a_safety_director(spec):
    rows = spec("""
        类别            | 规模        | 事实                              | 人数 | 总监
        school_canteen  |             | school_meals.stage=kindergarten   | 299  | optional
        school_canteen  |             | school_meals.stage=kindergarten   | 300  | required
        school_canteen  |             | school_meals.stage=compulsory     | 499  | optional
        school_canteen  |             | school_meals.stage=compulsory     | 500  | required
        school_canteen  |             | school_meals.stage=kindergarten   |      | unknown
        school_canteen  |             |                                   | 800  | unknown
        canteen         |             | self_control.canteen_of=elder_home| 300  | required
        canteen         |             | self_control.canteen_of=other     | 999  | optional
        canteen         |             | self_control.canteen_of=other     | 1000 | required
        group_meal      |             |                                   | 1000 | required
        central_kitchen |             |                                   |      | required
        restaurant      | small       |                                   |      | optional
        restaurant      | medium      |                                   |      | required
        restaurant      |             |                                   |      | unknown
        food_producer   |             | self_control.scale=special        |      | required
        food_sales      |             | self_control.scale=small          |      | optional
        stall           |             |                                   |      | optional
    """)
    lines = standards.director_lines(DAY)
    for row in rows:
        facts = dict([row["事实"].split("=")]) if row["事实"] else {}
        diners = int(row["人数"]) if row["人数"] else None
        need = engine.director_need(lines, kind=row["类别"], size=row["规模"], facts=facts, diners=diners)
        assert need.need == row["总监"], row


def test_visits_of_a_quarter(spec):
    rows = spec("""
        对象 | 督导 | 截至       | 覆盖率 | 逾期
        14   | 13   | 2023-09-30 | 92.86  | 0
        14   | 13   | 2023-10-01 | 92.86  | 1
        14   | 14   | 2023-10-01 | 100.00 | 0
        0    | 0    | 2023-10-01 | 无     | 0
    """)
    for row in rows:
        visits = [(n, date(2023, 7, 1) if n % 2 else date(2023, 9, 30)) for n in range(int(row["督导"]))]
        as_of = date.fromisoformat(row["截至"])
        account = engine.account_visits(range(int(row["对象"])), visits, day=date(2023, 9, 1), as_of=as_of)
        share = account.coverage.value()
        assert ("无" if share is None else str(share.quantize(Decimal("0.01")))) == row["覆盖率"]
        assert account.overdue == int(row["逾期"])
