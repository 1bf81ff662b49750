"""The working-day calendar. The office's own entries stand on a higher floor, which offers the calendar here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.engines.deadlines import CalendarMissing, WorkCalendar
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork.rules import Refused


def calendar() -> WorkCalendar:
    for provider in contribute.work_calendars:
        return provider()
    return deadlines.national_calendar(deadlines.published_years())


@contextmanager
def known_years() -> Iterator[None]:
    """Say the missing year to a person instead of to a programmer."""
    try:
        yield
    except CalendarMissing as missing:
        raise Refused(
            _(
                "%(year)s年的放假调休安排还没有录入，无法推算工作日期限，本次没有保存任何内容。"
                "请食安办在“工作日历”中录入该年安排后再办理。"
            )
            % {"year": missing.year}
        ) from missing


def add_workdays(start: date, days: int) -> date:
    """The `days`-th working day after `start`; `start` is not counted."""
    with known_years():
        return deadlines.add_workdays(start, days, calendar())


def workdays(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included."""
    with known_years():
        days = calendar()
        span = (last - first).days + 1
        return [day for day in (first + timedelta(n) for n in range(span)) if days.is_workday(day)]
