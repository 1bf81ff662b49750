"""The one clock. A setting can hold it at a date, so that past years can be lived through again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")
_held: ContextVar[datetime | None] = ContextVar("held_clock", default=None)


def now() -> datetime:
    """The moment, aware. A held date keeps the real time of day, so that records of one day stay in order."""
    held = _held.get()
    if held is not None:
        return held
    real = timezone.now().astimezone(LOCAL)
    if settings.CLOCK_HELD_AT is not None:
        return datetime.combine(settings.CLOCK_HELD_AT, real.timetz())
    return real


def today() -> date:
    return now().astimezone(LOCAL).date()


@contextmanager
def held_at(moment: datetime | date) -> Iterator[None]:
    """Hold the clock for this thread of work: for the synthetic county and for tests."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(9, 0))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LOCAL)
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
