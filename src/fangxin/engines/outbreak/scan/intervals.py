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
    interval is whole and the oldest may be shorter.

    >>> [day.isoformat() for day in edges_of(date(2024, 1, 30), date(2024, 3, 31), unit=TimeUnit.MONTH, length=1)]
    ['2024-01-30', '2024-02-01', '2024-03-01', '2024-04-01']
    """
    if start > end:
        raise ScanRefused(Fault.PERIOD, f"the period ends on {end}, before it starts on {start}")
    after = end + timedelta(days=1)
    edges = [after]
    steps = 1
    while (edge := _back(after, unit, steps * length)) > start:
        edges.append(edge)
        steps += 1
    return (start, *reversed(edges))


def _back(day: date, unit: TimeUnit, number: int) -> date:
    try:
        if unit is TimeUnit.DAY:
            return day - timedelta(days=number)
        months = day.year * 12 + day.month - 1 - number * (12 if unit is TimeUnit.YEAR else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return date.min


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
    pairs = [
        (since, until)
        for until in ([intervals] if alive else range(1, intervals + 1))
        for since in range(max(0, until - most), until - least + 1)
    ]
    if not pairs:
        raise ScanRefused(
            Fault.WINDOW, "no window of time is as long as the shortest and as short as the longest allowed"
        )
    table = np.array(pairs)
    return Windows(table[:, 0], table[:, 1])


def _lengths(edges: tuple[date, ...], settings: Settings) -> tuple[int, int]:
    if settings.longest is not None:
        units = settings.longest
    else:
        last = edges[-1] - timedelta(days=1)
        whole = len(edges_of(edges[0], last, unit=settings.unit, length=1)) - 1
        # The tiny amount keeps 60 % of 5 from becoming 2 by the way a computer writes 0.6.
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
