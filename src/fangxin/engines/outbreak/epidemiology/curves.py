"""Epidemic curves: bins that show the shape of an outbreak, with no bin left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Widths that people read at a glance, in hours.
ROUND_WIDTHS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168)
_SHORT_SPAN = timedelta(hours=48)
_MOST_BINS = 400


@dataclass(frozen=True, slots=True)
class Bin:
    start: datetime
    end: datetime
    cases: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Bins of equal width without a gap. `width` in hours."""

    width: int
    bins: tuple[Bin, ...]


def bin_width(median_hours: float | None, span: timedelta) -> int:
    """A quarter of the agent's median time to onset, at the round width nearest to it that lies between an eighth and a
    third; 12 hours where no agent is known and the onsets lie within two days, a day where they do not.

    >>> bin_width(32, timedelta(days=2))
    8
    """
    if median_hours is None:
        return 12 if span <= _SHORT_SPAN else 24
    allowed = [w for w in ROUND_WIDTHS if median_hours / 8 <= w <= median_hours / 3] or list(ROUND_WIDTHS)
    return min(allowed, key=lambda w: (abs(w - median_hours / 4), w))


def curve(onsets: Sequence[datetime], *, median_hours: float | None = None, width: int | None = None) -> Curve:
    """Cases by time of onset, bins counted from midnight of the first day, so that a case more moves none of them."""
    if not onsets:
        return Curve(width or bin_width(median_hours, timedelta()), ())
    first, last = min(onsets), max(onsets)
    hours = width or bin_width(median_hours, last - first)
    while (last - first) / timedelta(hours=hours) > _MOST_BINS:
        hours *= 2
    step = timedelta(hours=hours)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    skipped, count = (first - midnight) // step, (last - midnight) // step + 1
    cases = [0] * count
    for onset in onsets:
        cases[(onset - midnight) // step] += 1
    bins = (Bin(midnight + n * step, midnight + (n + 1) * step, cases[n]) for n in range(skipped, count))
    return Curve(hours, tuple(bins))
