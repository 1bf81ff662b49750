"""The working-day calendar against two published tables, every day of every year they carry.

Sources: the yearly State Council notices as collected by NateScarlet/holiday-cn (MIT), and a table of
2022–2026 cross-checked between the PyPI packages chinesecalendar 1.11.0 and holidays 0.109.
"""

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from fangxin.engines.deadlines import national_calendar, subtract_workdays

ROOT = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data"))


def reference(path):
    file = REFERENCE / path
    if not file.exists():
        pytest.skip(f"reference table {path} is not here; set FANGXIN_REFERENCE_DATA")
    return file.read_text("utf-8")


def days_of(year):
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def differences(year, works):
    calendar = national_calendar([year])
    return [day for day in days_of(year) if calendar.is_workday(day) != works.get(day, day.weekday() < 5)]


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_day_agrees_with_the_notices(year):
    # A notice may also name days of the year before, in its own file.
    texts = [reference(f"cn-calendar/{y}.json") for y in (year, min(year + 1, 2026))]
    rows = [row for text in texts for row in json.loads(text)["days"]]
    works = {date.fromisoformat(row["date"]): not row["isOffDay"] for row in rows}
    assert differences(year, works) == []


def test_every_day_agrees_with_the_cross_checked_table():
    rows = list(csv.DictReader(reference("governance/holiday_calendar_2022_2026.csv").splitlines()))
    works = {date.fromisoformat(row["date"]): row["day_type"] == "makeup_workday" for row in rows}
    assert len(works) > 100
    assert [day for year in range(2022, 2027) for day in differences(year, works)] == []


def test_the_plan_calendar_knows_the_working_day_before_each_return():
    rows = list(csv.DictReader(reference("governance/plan_report_calendar.csv").splitlines()))
    calendar = national_calendar(range(2022, 2025))
    assert len(rows) == 12
    for row in rows:
        day = date.fromisoformat(row["due_date"])
        assert calendar.is_workday(day) == (row["is_workday"] == "1"), row
        last = day if calendar.is_workday(day) else subtract_workdays(day, 1, calendar)
        assert str(last) == row["last_workday_on_or_before"], row
