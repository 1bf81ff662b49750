"""Dates of a trace, which may lack their time, day or month: the seconds that each may mean.

Time is the wall clock of the records in seconds since 1970-01-01 00:00. A time with a zone is turned to `CLOCK`, the one
zone of the platform. `LEAST` and `MOST` stand for "any time before" and "any time after".
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

LEAST, MOST = 0, 2**32 - 1
CLOCK = timezone(timedelta(hours=8))
MINUTE, DAY = 60, 86_400
FIRST_YEAR, LAST_YEAR = 1971, 2100
_START = datetime(1970, 1, 1, tzinfo=CLOCK)
_START_DAY = _START.toordinal()
_DAY = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?)?\s*[年月]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T\s]+(\d{1,2}):(\d{2})(?::([0-5]\d|60)(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")


class Span(NamedTuple):
    """From the first to the last second that a date may mean."""

    first: int
    last: int

    @property
    def text(self) -> str:
        """As precise as the date was.

        >>> [read_span(t).text for t in ("2023", "2023/5", "2023年5月1日", "2023-05-01T08:30")]
        ['2023', '2023-05', '2023-05-01', '2023-05-01T08:30']
        """
        begins, length = _START + timedelta(seconds=self.first), self.last - self.first + 1
        if length == 1:
            return begins.strftime("%Y-%m-%dT%H:%M:%S")
        if length == MINUTE:
            return begins.strftime("%Y-%m-%dT%H:%M")
        if length == DAY:
            return begins.strftime("%Y-%m-%d")
        return begins.strftime("%Y-%m") if length <= 31 * DAY else begins.strftime("%Y")


def read_span(text: str) -> Span | None:
    """The seconds that a written date may mean; None for an empty one; ValueError for one that cannot be read.

    >>> read_span("2023-05-01")
    Span(first=1682899200, last=1682985599)
    """
    text = text.strip()
    if not text:
        return None
    return _usual(text) or _any_form(text)


# The usual forms by their length: 2023-05-01, 2023-05-01T08:30, 2023-05-01T08:30:00; what each leaves open in seconds.
_USUAL = {10: DAY, 16: MINUTE, 19: 1}


def _usual(text: str) -> Span | None:
    """The usual forms, quickly; None for others, and for what is wrong in them."""
    length = len(text)
    if length not in _USUAL or text[4] != "-" or (length > 10 and text[13] != ":") or (length > 16 and text[16] != ":"):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is not None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    first = (at.toordinal() - _START_DAY) * DAY + at.hour * 3600 + at.minute * 60 + at.second
    return Span(first, first + _USUAL[length] - 1)


def _any_form(text: str) -> Span:
    found = _COMPACT.fullmatch(text) or _DAY.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = (int(part) if part else None for part in found.groups())
    rest = text[found.end() :] if text[found.end() - 1].strip() else " " + text[found.end() :]
    if not FIRST_YEAR <= (year or 0) <= LAST_YEAR:
        raise ValueError(f"{text!r}: the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    if not rest.strip():
        return span_of_days(year or 0, month, day)
    time = _TIME.fullmatch(rest)
    if time is None or month is None or day is None:
        raise ValueError(f"{text!r} is not a date")
    return _instant(datetime(year or 0, month, day, tzinfo=CLOCK), *time.groups())


def span_of_days(year: int, month: int | None = None, day: int | None = None) -> Span:
    """A whole year, month or day."""
    begins = datetime(year, month or 1, day or 1, tzinfo=CLOCK)
    ends = datetime(year, month or 12, day or monthrange(year, month or 12)[1], tzinfo=CLOCK)
    return Span(_seconds(begins), _seconds(ends) + DAY - 1)


def _instant(day: datetime, hour: str, minute: str, second: str | None, zone: str | None) -> Span:
    at = day.replace(hour=int(hour), minute=int(minute), second=min(int(second or 0), 59))
    if zone:
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) if zone != "Z" else timedelta()
        at = at.replace(tzinfo=timezone(-away if zone[0] == "-" else away))
    return Span(_seconds(at), _seconds(at) + (0 if second else MINUTE - 1))


def _seconds(at: datetime) -> int:
    return (at - _START) // timedelta(seconds=1)


def window(sent: Span | None, received: Span | None) -> tuple[int, int]:
    """When a link can be used: the latest second at which its goods may have left, the earliest at which they may
    have arrived.

    A side that is not known may have been any time that the other allows. Dates that contradict each other (received
    before sent) are read as widely as they can be: a wrong date must not cut a trace.

    >>> window(None, None) == (MOST, LEAST)
    True
    >>> day = read_span("2023-05-01"); window(day, None) == (day.last, day.first)
    True
    """
    left, came = sent or received, received or sent
    if left is None or came is None:
        return MOST, LEAST
    if left.first > came.last:
        return max(left.last, came.last), min(left.first, came.first)
    return min(left.last, came.last), max(left.first, came.first)
