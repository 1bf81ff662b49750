"""How good an order is, measured as the City of Chicago measured its own in 2014.

The number of visits on each day stays as it was; the dates are handed out again, the earliest to the highest score. What counts
is how many days earlier the visits that found something would have come. Visits of equal score share the mean of their dates, so
that the order of the rows decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FirstHalf:
    """Share of the findings that lie in the first half of the visits, as it was and as ordered (0 to 1)."""

    actual: float
    ordered: float

    @property
    def gain(self) -> float | None:
        """How many more findings the first half holds, as a fraction; None where it held none."""
        return self.ordered / self.actual - 1 if self.actual else None


def dates_in_order(dates: Sequence[date], scores: Sequence[float]) -> tuple[date, ...]:
    """The same dates handed out in the order of the scores, highest first; equal scores in the order given.

    >>> monday, tuesday = date(2014, 9, 1), date(2014, 9, 2)
    >>> dates_in_order([monday, tuesday], [0.1, 0.8]) == (tuesday, monday)
    True
    """
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    handed = dict(zip(order, sorted(dates), strict=True))
    return tuple(handed[i] for i in range(len(scores)))


def each_days_earlier(dates: Sequence[date], found: Sequence[int], scores: Sequence[float]) -> tuple[float, ...]:
    """For each visit that found something: its date less the date the order gives it, in days."""
    first = min(dates, default=date.min)
    actual = np.array([(d - first).days for d in dates], float)
    handed = _handed_out(np.sort(actual), scores)
    return tuple(float(x) for x in (actual - handed)[np.array(found) == 1])


def days_earlier(dates: Sequence[date], found: Sequence[int], scores: Sequence[float]) -> float | None:
    """Mean days by which the findings would have come earlier; None where nothing was found.

    >>> days_earlier([date(2014, 9, 1), date(2014, 9, 11)], [0, 1], [0.1, 0.8])
    10.0
    >>> days_earlier([date(2014, 9, 1), date(2014, 9, 11)], [0, 1], [0.5, 0.5])
    5.0
    """
    each = each_days_earlier(dates, found, scores)
    return sum(each) / len(each) if each else None


def found_in_first_half(dates: Sequence[date], found: Sequence[int], scores: Sequence[float]) -> FirstHalf | None:
    """Share of the findings in the first half of the visits, as it was and as ordered; None where nothing was found."""
    if not any(found):
        return None
    first = (np.arange(len(dates)) < len(dates) / 2).astype(float)
    hit = np.array(found) == 1
    actual = _handed_out(first, [-d.toordinal() for d in dates])
    return FirstHalf(float(actual[hit].mean()), float(_handed_out(first, scores)[hit].mean()))


def bootstrap_interval(
    values: Sequence[float], *, seed: int, draws: int = 2000, level: float = 0.95
) -> tuple[float, float] | None:
    """Percentile interval of the mean of `values`, drawn again with replacement; None for no values.

    >>> bootstrap_interval([3.0, 3.0, 3.0], seed=1)
    (3.0, 3.0)
    """
    if not values:
        return None
    data = np.array(values, float)
    rng = np.random.default_rng(seed)
    means = [data[rng.integers(0, len(data), len(data))].mean() for _ in range(draws)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def area_under_curve(found: Sequence[int], scores: Sequence[float]) -> float | None:
    """Probability that a visit that found something scores above one that did not (ties half); None for one class.

    >>> area_under_curve([0, 1, 1], [0.1, 0.1, 0.9])
    0.75
    """
    hit = np.array(found) == 1
    if hit.all() or not hit.any():
        return None
    places = _handed_out(np.arange(len(hit), 0, -1, dtype=float), scores)
    positives = int(hit.sum())
    return float((places[hit].sum() - positives * (positives + 1) / 2) / (positives * (len(hit) - positives)))


def _handed_out(places: Floats, scores: Sequence[float]) -> Floats:
    """`places`, given to the scores from the highest down; equal scores get the mean of theirs."""
    _, group = np.unique(-np.asarray(scores, float), return_inverse=True)
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    means = np.bincount(group[order], weights=places) / sizes
    return np.asarray(means[group], float)
