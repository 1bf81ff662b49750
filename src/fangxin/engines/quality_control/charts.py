"""Limits of control charts for single values, and the smoothed (EWMA) chart.

Source: NIST/SEMATECH e-Handbook of Statistical Methods, sections 6.3.2.2 (individuals) and 6.3.2.4 (EWMA).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

# Expected range of two values of a normal distribution, in standard deviations.
D2_OF_TWO = 1.128
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre, estimated standard deviation and the three-sigma limits, in the unit of the values."""

    centre: float
    sd: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Smoothed:
    """One point of an EWMA chart with the limits that hold at it."""

    value: float
    lower: float
    upper: float

    @property
    def outside(self) -> bool:
        return not self.lower <= self.value <= self.upper


def estimate_limits(values: Sequence[float]) -> Limits:
    """Estimate the limits of single values from their moving ranges, which a slow drift widens least.

    `ValueError` with fewer than two values, or where all are equal.

    >>> limits = estimate_limits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (45.8159, 55.8041)
    """
    if len(values) < FEWEST:
        raise ValueError("limits need at least two values")
    centre = sum(values) / len(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    sd = sum(ranges) / len(ranges) / D2_OF_TWO
    if not sd > 0:
        raise ValueError("all values are equal: their spread is unknown, not zero")
    return Limits(centre, sd, centre - 3 * sd, centre + 3 * sd)


def smooth(
    values: Sequence[float], *, mean: float, sd: float, weight: float = 0.3, width: float = 3.0, settled: bool = False
) -> tuple[Smoothed, ...]:
    """Smooth values exponentially: each point is `weight` of the new value and the rest of the point before.

    The limits widen from the first point on as the variance of the smoothed value does; with `settled` they are
    those of a long series throughout. `ValueError` unless 0 < weight ≤ 1 and sd > 0.
    """
    if not 0 < weight <= 1 or not sd > 0:
        raise ValueError("weight must lie in (0, 1] and the standard deviation above zero")
    points: list[Smoothed] = []
    last = mean
    for number, value in enumerate(values, start=1):
        last = weight * value + (1 - weight) * last
        share = 1.0 if settled else 1 - (1 - weight) ** (2 * number)
        half = width * sd * sqrt(weight / (2 - weight) * share)
        points.append(Smoothed(last, mean - half, mean + half))
    return tuple(points)
