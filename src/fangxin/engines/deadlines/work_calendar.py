"""The national working-day calendar with its make-up days (调休).

Source: 全国年节及纪念日放假办法 and the State Council's yearly notices, as carried by the `holidays` package.
"""

import calendar as months
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

# The first year compared day by day with the notices; earlier years are not claimed.
FIRST_VERIFIED_YEAR = 2018

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarMissing(LookupError):
    """The working days of a year are not known, so no deadline may be computed through it.

    `year` names the year that somebody must supply.
    """

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


class DayKind(StrEnum):
    """What a notice, or an override of it, says of one day."""

    REST = "rest"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days of the years it covers: Monday to Friday, but for the listed exceptions.

    >>> calendar = national_calendar([2023])
    >>> calendar.is_workday(date(2023, 10, 7))  # a make-up Saturday
    True
    >>> calendar.is_workday(date(2024, 1, 2))
    Traceback (most recent call last):
    ...
    fangxin.engines.deadlines.work_calendar.CalendarMissing: no working-day calendar for 2024
    """

    years: frozenset[int]
    rest_days: frozenset[date]  # weekdays off
    work_days: frozenset[date]  # Saturdays and Sundays worked

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`. Raises `CalendarMissing` outside the covered years."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        if day.weekday() >= _SATURDAY:
            return day in self.work_days
        return day not in self.rest_days

    def with_overrides(self, days: Mapping[date, DayKind], *, whole_years: Iterable[int] = ()) -> "WorkCalendar":
        """The calendar with single days changed, for a notice that came late or was amended.

        `whole_years` declares years for which `days` carries the complete notice. A day of any other
        uncovered year raises `CalendarMissing`, since one known day does not make a known year.
        """
        years = self.years | frozenset(whole_years)
        for day in sorted(days):
            if day.year not in years:
                raise CalendarMissing(day.year)
        rest = {day for day, kind in days.items() if kind is DayKind.REST}
        work = {day for day, kind in days.items() if kind is DayKind.WORK}
        return replace(
            self,
            years=years,
            rest_days=(self.rest_days | rest) - work,
            work_days=(self.work_days | work) - rest,
        )


@cache
def published_years() -> range:
    """The years this installation can answer for: first verified year to the last published one.

    The `holidays` package computes feasts for any year; only years with make-up days carry a notice.
    """
    year = FIRST_VERIFIED_YEAR
    while _make_up_days(year + 1):
        year += 1
    return range(FIRST_VERIFIED_YEAR, year + 1)


def _make_up_days(year: int) -> frozenset[date]:
    notice = holidays.country_holidays("CN", years=year)
    # The package also lists days of neighbouring years here.
    return frozenset(day for day in notice.weekend_workdays if day.year == year)


def national_calendar(years: Iterable[int], overrides: Mapping[date, DayKind] | None = None) -> WorkCalendar:
    """The calendar of `years`, then `overrides`. Raises `CalendarMissing` for a year not published.

    >>> add_workdays(date(2026, 2, 13), 2, national_calendar([2026]))
    datetime.date(2026, 2, 24)
    """
    covered = frozenset(years)
    known = published_years()
    for year in sorted(covered):
        if year not in known:
            raise CalendarMissing(year)
    notice = holidays.country_holidays("CN", years=covered)
    calendar = WorkCalendar(
        years=covered,
        rest_days=frozenset(day for day in notice if day.weekday() < _SATURDAY),
        work_days=frozenset().union(*(_make_up_days(year) for year in covered)),
    )
    return calendar.with_overrides(overrides) if overrides else calendar


def is_workday(day: date, calendar: WorkCalendar) -> bool:
    """Whether `day` is a working day of `calendar`."""
    return calendar.is_workday(day)


def count_forward(start: date, days: int, counts: Callable[[date], bool]) -> date:
    """The day on which the `days`-th counting day after `start` falls; `start` itself is not counted."""
    day = start
    while days > 0:
        day += _ONE_DAY
        days -= counts(day)
    return day


def add_workdays(start: date, days: int, calendar: WorkCalendar) -> date:
    """The `days`-th working day after `start`. The start day is not counted; 0 gives `start` back.

    >>> add_workdays(date(2022, 5, 19), 7, national_calendar([2022]))
    datetime.date(2022, 5, 30)
    """
    if days < 0:
        raise ValueError("days must not be negative; use subtract_workdays")
    return count_forward(start, days, calendar.is_workday)


def subtract_workdays(end: date, days: int, calendar: WorkCalendar) -> date:
    """The `days`-th working day before `end`; `end` itself is not counted."""
    if days < 0:
        raise ValueError("days must not be negative; use add_workdays")
    day = end
    while days > 0:
        day -= _ONE_DAY
        days -= calendar.is_workday(day)
    return day


def workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and including `end`, so that `add_workdays` is undone.

    >>> workdays_between(date(2022, 5, 19), date(2022, 5, 30), national_calendar([2022]))
    7
    """
    if end < start:
        raise ValueError(f"{end} lies before {start}")
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def roll_forward(day: date, calendar: WorkCalendar) -> date:
    """`day` if it is a working day, else the next working day."""
    while not calendar.is_workday(day):
        day += _ONE_DAY
    return day


def add_months(start: date, count: int) -> date:
    """The same day `count` calendar months later, clipped to the month's end.

    >>> add_months(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
