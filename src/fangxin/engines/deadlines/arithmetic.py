"""When a clock runs out, when to remind, and whether something came in time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fangxin.engines.deadlines.clocks import Clock, Unit
from fangxin.engines.deadlines.work_calendar import (
    WorkCalendar,
    add_months,
    count_forward,
    roll_forward,
    subtract_workdays,
)

LOCAL = ZoneInfo("Asia/Shanghai")
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that is not counted: the days after `began`, up to and including `ended`.

    The day of the stop still counts and the day of the resumption does not, as with any start day.
    """

    began: date
    ended: date

    def __post_init__(self) -> None:
        if self.ended < self.began:
            raise ValueError("a pause cannot end before it begins")

    def covers(self, day: date) -> bool:
        """Whether `day` is left out of the count."""
        return self.began < day <= self.ended


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of one clock: the last day, and the last second of it unless the clock counts hours.

    `raw` is the day the count arrived at; it differs from `last_day` where the end rolled past a rest day.
    """

    code: str
    raw: date
    last_day: date
    moment: datetime


def due(
    clock: Clock,
    started: date | datetime,
    *,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extended: bool = False,
) -> Deadline:
    """When `clock`, started by an event at `started`, runs out. The start day is not counted.

    A clock of hours needs a moment with a time zone. `extended` adds the clock's one extension.
    Raises `CalendarMissing` if the count passes through a year without calendar and `ValueError` if
    the clock knows no pause or no extension.

    >>> from fangxin.engines.deadlines.work_calendar import national_calendar
    >>> disposal = Clock("DL22", 90, Unit.DAY, roll=True)
    >>> end = due(disposal, date(2024, 7, 4), calendar=national_calendar([2024]))
    >>> str(end.raw), str(end.last_day)
    ('2024-10-02', '2024-10-08')
    """
    stops = tuple(pauses)
    if stops and not clock.pausable:
        raise ValueError(f"clock {clock.code} cannot be paused")
    if extended and not clock.extension:
        raise ValueError(f"clock {clock.code} has no extension")
    length = clock.length + (clock.extension if extended else 0)
    if clock.unit is Unit.HOUR:
        return _due_in_hours(clock.code, started, length)
    raw = _last_day(clock, _local_date(started), length, calendar, stops)
    last = roll_forward(raw, calendar) if clock.roll else raw
    return Deadline(clock.code, raw, last, _end_of(last))


def due_dates(clock: Clock, first: date, last: date) -> tuple[date, ...]:
    """Every date of a clock of fixed dates that lies within its own life and within first…last.

    >>> quarterly = Clock("DL29", 0, Unit.DATE, dates=((3, 25), (6, 25)))
    >>> [str(day) for day in due_dates(quarterly, date(2022, 5, 19), date(2023, 5, 1))]
    ['2022-06-25', '2023-03-25']
    """
    first, last = max(first, clock.in_force_from), min(last, clock.in_force_to)
    days = (date(year, month, day) for year in range(first.year, last.year + 1) for month, day in sorted(clock.dates))
    return tuple(day for day in days if first <= day <= last)


def reminder_dates(due_on: date, *, calendar: WorkCalendar, offsets: Sequence[int] = (15, 7, 3, 1)) -> tuple[date, ...]:
    """The working days on which to remind, earliest first; offsets in working days before `due_on`."""
    return tuple(sorted({subtract_workdays(due_on, days, calendar) for days in offsets}))


def late_days(due_at: date | datetime, submitted: date | datetime) -> int:
    """Calendar days by which `submitted` is late, 0 if in time.

    A due date lasts until 23:59:59 local time. A due moment is kept to the second; later on the same
    day counts as one day.

    >>> late_days(date(2022, 6, 25), datetime(2022, 6, 27, 9, 10, tzinfo=LOCAL))
    2
    """
    days = max(0, (_local_date(submitted) - _local_date(due_at)).days)
    if days or not (isinstance(due_at, datetime) and isinstance(submitted, datetime)):
        return days
    return int(submitted.replace(microsecond=0) > due_at)


def is_timely(due_at: date | datetime, submitted: date | datetime) -> bool:
    """Whether `submitted` came in time; see `late_days`."""
    return late_days(due_at, submitted) == 0


def _due_in_hours(code: str, started: date | datetime, hours: int) -> Deadline:
    if not isinstance(started, datetime):
        raise ValueError(f"clock {code} counts hours and needs the moment it started")
    if started.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    moment = started.astimezone(LOCAL) + timedelta(hours=hours)
    return Deadline(code, moment.date(), moment.date(), moment)


def _last_day(clock: Clock, start: date, length: int, calendar: WorkCalendar, pauses: Sequence[Pause]) -> date:
    if clock.unit is Unit.DATE:
        return _next_fixed_date(clock, start)
    if clock.unit is Unit.MONTH:
        return add_months(start, length)
    if length < 0 and clock.unit is Unit.WORKDAY:
        return subtract_workdays(start, -length, calendar)
    if length < 0:
        return start + timedelta(days=length)
    return count_forward(start, length, _counting(clock.unit, calendar, pauses))


def _counting(unit: Unit, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Callable[[date], bool]:
    def counts(day: date) -> bool:
        if any(pause.covers(day) for pause in pauses):
            return False
        return unit is Unit.DAY or calendar.is_workday(day)

    return counts


def _next_fixed_date(clock: Clock, start: date) -> date:
    options = (date(year, month, day) for year in (start.year, start.year + 1) for month, day in sorted(clock.dates))
    return next(day for day in options if day >= start)


def _local_date(at: date | datetime) -> date:
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(LOCAL).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, tzinfo=LOCAL)
