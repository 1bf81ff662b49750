"""Sen's slope: the median of all pairwise slopes, with an interval from the variance of the score.

Sources: Sen 1968, Journal of the American Statistical Association 63; Gilbert 1987, Statistical Methods for Environmental
Pollution Monitoring, 16.5 and 17.3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import floor, sqrt
from statistics import NormalDist, median

from fangxin.engines.trends.kendall import variance_of_score

Series = Sequence[tuple[float, float]]  # (time, value), in order of time


@dataclass(frozen=True, slots=True)
class Slope:
    """Units of the value per unit of time. `low` and `high` are None where there are too few pairs for the interval."""

    slope: float
    low: float | None
    high: float | None
    confidence: float
    pairs: int


def sen_slope(series: Series, *, confidence: float = 0.95) -> Slope | None:
    """The slope of one series; None without two readings at different times."""
    return slope_of_blocks([series], confidence=confidence)


def slope_of_blocks(blocks: Iterable[Series], *, confidence: float = 0.95) -> Slope | None:
    """The median of the slopes of all pairs within blocks, with its two-sided interval.

    >>> sen_slope([(2020, 1.0), (2021, 2.0), (2022, 4.0)]).slope
    1.5
    """
    kept = [sorted(block) for block in blocks if len(block) > 1]
    slopes = sorted(
        (y2 - y1) / (t2 - t1) for block in kept for (t1, y1), (t2, y2) in combinations(block, 2) if t2 != t1
    )
    if not slopes:
        return None
    variance = sum(variance_of_score([value for _time, value in block]) for block in kept)
    low, high = _interval(slopes, sqrt(variance), confidence)
    return Slope(median(slopes), low, high, confidence, len(slopes))


def _interval(slopes: Sequence[float], spread: float, confidence: float) -> tuple[float | None, float | None]:
    """Gilbert's ranks (N − C)/2 and (N + C)/2 + 1, interpolated; none where they leave the list."""
    count = len(slopes)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * spread
    first, last = (count - reach) / 2, (count + reach) / 2 + 1
    if first < 1 or last > count:
        return None, None
    return _at(slopes, first), _at(slopes, last)


def _at(ordered: Sequence[float], rank: float) -> float:
    """The value at a rank counted from 1, between two ranks in proportion."""
    below = floor(rank)
    if below >= len(ordered):
        return ordered[-1]
    return ordered[below - 1] + (rank - below) * (ordered[below] - ordered[below - 1])
