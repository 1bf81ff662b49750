"""The study period cut into intervals, and the windows of time over them."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

import numpy as np

from fangxin.engines.outbreak.scan.values import Analysis, Fault, ScanRefused, Settings, TimeUnit

Numbers = np.ndarray[Any, np.dtype[Any]]
# Average length of a year, as SaTScan counts it when it turns intervals into years.
DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Windows:
    """Pairs of edges: a window holds the intervals from `since` up to, not including, `until`."""

    since: Numbers
    until: Numbers


def edges_of(start: date, end: date, *, unit: TimeUnit, length: int) -> tuple[date, ...]:
    """First days of the intervals, and at last the day after the period. Cut from the end backwards, so that the newest
    interval is whole; the oldest takes what is left over too, as SaTScan does.

    >>> [day.isoformat() for day in edges_of(date(2024, 1, 30), date(2024, 3, 31), unit=TimeUnit.MONTH, length=1)]
    ['2024-01-30', '2024-03-01', '2024-04-01']
    """
    whole, left_over = _cuts(start, end, unit, length)
    if left_over and len(whole) > 1:
        whole.pop()
    return (start, *reversed(whole))


def _cuts(start: date, end: date, unit: TimeUnit, length: int) -> tuple[list[date], int]:
    """Whole intervals back from the day after the period, and the days that are left over before them."""
    if start > end:
        raise ScanRefused(Fault.PERIOD, f"the period ends on {end}, before it starts on {start}")
    if end == date.max:
        raise ScanRefused(Fault.PERIOD, f"the period must end before {end}")
    after = end + timedelta(days=1)
    edges = [after]
    while (edge := _back(after, unit, len(edges) * length)) > start:
        edges.append(edge)
    return edges, 0 if edge == start else (edges[-1] - start).days


def _back(day: date, unit: TimeUnit, number: int) -> date:
    """Where a month is too short for the day, the first of the next one; the last day of a month counts as its 31st."""
    try:
        if unit is TimeUnit.DAY:
            return day - timedelta(days=number)
        months = day.year * 12 + day.month - 1 - number * (12 if unit is TimeUnit.YEAR else 1)
        year, month = divmod(months, 12)
        wanted, last = _day_of_month(day), calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, last) + timedelta(days=1) if wanted > last else date(year, month + 1, wanted)
    except (ValueError, OverflowError):
        return date.min


def _day_of_month(day: date) -> int:
    if day.day < calendar.monthrange(day.year, day.month)[1]:
        return day.day
    return 29 if day.month == 2 and day.day == 29 else 31


def units_of(start: date, end: date, unit: TimeUnit) -> float:
    """Length of the period in time units; what is left over counts in years or months of its own first day."""
    edges, left_over = _cuts(start, end, unit, 1)
    if not left_over:
        return float(len(edges))
    month = calendar.monthrange(start.year, start.month)[1]
    full = month if unit is TimeUnit.MONTH else 365 + calendar.isleap(start.year)
    missing = (start - _back(edges[0], unit, len(edges))).days
    return len(edges) - 1 + max(0.0, (full - missing) / full)


def years_of(unit: TimeUnit, length: int) -> float:
    """Length of an interval in years."""
    return length / {TimeUnit.YEAR: 1.0, TimeUnit.MONTH: 12.0, TimeUnit.DAY: DAYS_IN_YEAR}[unit]


def days_of(unit: TimeUnit, length: int) -> float:
    """Length of an interval in days, years and months at their average length."""
    return float(length) if unit is TimeUnit.DAY else years_of(unit, length) * DAYS_IN_YEAR


def windows_of(edges: tuple[date, ...], settings: Settings) -> Windows:
    """All windows of time, in the order in which equally likely ones are preferred: earlier end, then longer.

    Raises ScanRefused when no window fits the sizes.
    """
    intervals = len(edges) - 1
    if settings.analysis is Analysis.SPATIAL:
        return Windows(np.array([0]), np.array([intervals]))
    least, most = _lengths(edges, settings)
    alive = settings.only_alive or settings.analysis is Analysis.PROSPECTIVE
    untils = range(intervals if alive else 1, intervals + 1)
    starts = [np.arange(max(0, until - most), max(0, until - least + 1)) for until in untils]
    since, until = np.concatenate(starts), np.repeat(untils, [len(some) for some in starts])
    if not len(since):
        raise ScanRefused(
            Fault.WINDOW, "no window of time is as long as the shortest and as short as the longest allowed"
        )
    return Windows(since, until)


def _lengths(edges: tuple[date, ...], settings: Settings) -> tuple[int, int]:
    if settings.longest is not None:
        units = settings.longest
    else:
        # The tiny amount keeps 60 % of 5 from becoming 2 by the way a computer writes 0.6.
        whole = units_of(edges[0], edges[-1] - timedelta(days=1), settings.unit)
        units = floor(whole * settings.longest_share + 1e-9)
    most = units // settings.length
    least = max(1, ceil(settings.shortest / settings.length))
    if most < 1:
        raise ScanRefused(
            Fault.WINDOW, f"the longest window is shorter than one interval of {settings.length} {settings.unit.value}"
        )
    return least, min(most, len(edges) - 1)


def interval_numbers(days: Sequence[date], edges: tuple[date, ...]) -> Numbers:
    """The number of the interval in which each day lies; days must lie in the period."""
    ordinals = np.array([edge.toordinal() for edge in edges[:-1]])
    return np.searchsorted(ordinals, np.array([day.toordinal() for day in days]), side="right") - 1
