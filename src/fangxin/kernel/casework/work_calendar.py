"""The working-day calendar of this installation: the national one, with what the office has entered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.engines.deadlines import CalendarMissing, DayKind, WorkCalendar
from fangxin.kernel.casework.models import CalendarDay, CalendarYear


class CalendarUnknown(ValidationError):
    """The working days of a year are not known; nothing may be written that depends on them."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            _(
                "%(year)s年的放假调休安排还没有录入，无法推算工作日期限，本次没有保存任何内容。"
                "请食安办在“工作日历”中按国务院办公厅通知录入该年安排后再办理。"
            )
            % {"year": year}
        )


@contextmanager
def known_years() -> Iterator[None]:
    """Say the missing year to a person instead of to a programmer."""
    try:
        yield
    except CalendarMissing as missing:
        raise CalendarUnknown(missing.year) from missing


def calendar() -> WorkCalendar:
    """Built anew only after somebody has entered a row: rows are never changed, so the newest keys tell."""
    newest_day = CalendarDay.objects.aggregate(newest=Max("pk"))["newest"]
    newest_year = CalendarYear.objects.aggregate(newest=Max("pk"))["newest"]
    return _build(newest_day, newest_year)


@lru_cache(maxsize=4)
def _build(newest_day: int | None, newest_year: int | None) -> WorkCalendar:
    """The keys in force are the arguments, so that a change in another process is seen here too."""
    days = dict(CalendarDay.objects.filter(pk__lte=newest_day or 0).order_by("pk").values_list("day", "kind"))
    years = dict(CalendarYear.objects.filter(pk__lte=newest_year or 0).order_by("pk").values_list("year", "complete"))
    whole = {year for year, complete in years.items() if complete}
    known = whole | set(deadlines.published_years())
    overrides = {
        day: DayKind(kind) for day, kind in days.items() if kind != CalendarDay.Kind.PUBLISHED and day.year in known
    }
    return deadlines.national_calendar(deadlines.published_years()).with_overrides(overrides, whole_years=whole)


def forget() -> None:
    """For tests, whose keys are given out again."""
    _build.cache_clear()


def add_workdays(start: date, days: int) -> date:
    """The `days`-th working day after `start` (before it, if negative); `start` is not counted."""
    with known_years():
        if days < 0:
            return deadlines.subtract_workdays(start, -days, calendar())
        return deadlines.add_workdays(start, days, calendar())


def is_workday(day: date) -> bool:
    with known_years():
        return calendar().is_workday(day)


def workdays_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    with known_years():
        return deadlines.workdays_between(start, end, calendar())


def reminder_dates(due_on: date, offsets: Sequence[int] = (15, 7, 3, 1)) -> tuple[date, ...]:
    """The working days on which to remind, earliest first; offsets in working days before `due_on`."""
    with known_years():
        return deadlines.reminder_dates(due_on, calendar=calendar(), offsets=offsets)
