"""Nowcasting: how many cases of the last days are still to be reported?

Cases of a day arrive over the following days. `nowcast` estimates from the reporting triangle how much of each recent day has
been seen and gives the distribution of its final count. Days on which nobody reports (weekends, holidays) are stepped over: delay
is counted in open days. Lawless 1994 (Can J Stat 22:15); Höhle and an der Heiden 2014 (Biometrics 70:993).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_DRAWS = 2000
_FEWEST_DAYS = 8  # completed days needed before a final count is estimated
# A level learned from quiet days may not outweigh what a surge has shown by itself.
_MOST_SHAPE = 10.0


class TriangleRefused(ValueError):
    """The counts are no reporting triangle; the message says why."""


@dataclass(frozen=True, slots=True)
class Nowcast:
    """What one day will have in the end.

    day         index of the day in the triangle, the last one is today
    seen        cases reported so far
    share_seen  expected share of the final count that is reported by now; None where it cannot be told
    expected    mean of the final count; None where it cannot be told
    lower, upper  interval of the final count at the level asked for, both included
    """

    day: int
    seen: int
    share_seen: float | None
    expected: float | None
    lower: int
    upper: int | None


def development_factors(triangle: Ints) -> Floats:
    """Chain-ladder factors: cases known after delay d + 1 over cases known after d, from days for which both are known.

    triangle  (days, delays): cases by day and delay; the last row is today, cells after today are not read.

    >>> development_factors(np.array([[5, 3, 1, 0], [6, 2, 1, 1], [4, 4, 1, 0], [7, 3, 0, 0], [6, 0, 0, 0]])).round(6).tolist()
    [1.545455, 1.125, 1.055556]
    """
    steps = _last_steps(triangle, np.arange(len(triangle))[::-1])
    hits, risk = _at_risk(triangle, steps, slice(None))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(risk[1:] / (risk[1:] - hits[1:]), float)


def chain_ladder(triangle: Ints) -> Floats:
    """Seen cases times the factors still to come, for every day; NaN where no factor is known."""
    last = _last_steps(triangle, np.arange(len(triangle))[::-1])
    factors = development_factors(triangle)
    to_come = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    return np.asarray(_seen(triangle, last) * to_come[last], float)


def nowcast(
    triangle: Ints, *, seed: int, open_days: Sequence[bool] | None = None, window: int = 60, level: float = 0.9
) -> tuple[Nowcast, ...]:
    """The final count of every day whose delays have not all passed, oldest first.

    triangle   (days, delays): cases by day and delay in days; the last row is today. Cases later than the last delay are not
               expected. Cells after today are not read.
    open_days  for each day of the triangle whether reports are made on it; every day if not given
    window     how many of the latest days teach the delay and the level, so that a change of habits is followed
    level      probability of the interval

    Raises TriangleRefused for counts that are none.
    """
    _check(triangle, open_days, window, level)
    opened = np.ones(len(triangle), bool) if open_days is None else np.asarray(open_days, bool)
    steps, last, known = _in_open_days(triangle, opened)
    since = slice(max(len(triangle) - window, 0), None)
    hits, risk = _at_risk(steps, last, since)
    spread = _spread(steps, last, since, hits, risk)
    complete = last >= steps.shape[1] - 1
    finals = steps[complete][-window:].sum(axis=1)
    rng = np.random.default_rng(seed)
    # Draws of the share seen after each step: the chain of reverse hazards, each with its own uncertainty.
    hazards = rng.beta(hits[1:] / spread + 0.5, (risk - hits)[1:] / spread + 0.5, (_DRAWS, steps.shape[1] - 1))
    seen = np.asarray(np.cumprod((1 - hazards)[:, ::-1], axis=1)[:, ::-1], np.float64)
    shares: Floats = np.hstack([seen, np.ones((_DRAWS, 1))])
    answers = []
    for day in np.flatnonzero(~complete):
        counted = int(steps[day, : last[day] + 1].sum()) if last[day] >= 0 else 0
        share: Floats = shares[:, last[day]] if last[day] >= 0 else np.zeros(_DRAWS)
        answers.append(_judge(int(day), counted, int(known[day]), share, finals, spread, level, rng))
    return tuple(answers)


def _judge(
    day: int,
    counted: int,
    known: int,
    share: Floats,
    finals: Ints,
    spread: float,
    level: float,
    rng: np.random.Generator,
) -> Nowcast:
    if len(finals) < _FEWEST_DAYS:
        return Nowcast(day, known, None, None, known, None)
    shape, rate = _level(finals)
    if spread > 1:
        size = max(counted, shape / rate, 2.0)
        concentration = max((size - 1) / (spread - 1) - 1, 0.5)
        inside = np.clip(share, 1e-9, 1 - 1e-9)
        share = np.where(share > 0, rng.beta(inside * concentration, (1 - inside) * concentration), 0.0)
    intensity = rng.gamma(shape + counted, 1 / (rate + share))
    final = np.maximum(counted + rng.poisson(intensity * (1 - share)), known)
    tail = (1 - level) / 2
    lower, upper = np.quantile(final, [tail, 1 - tail], method="inverted_cdf")
    return Nowcast(day, known, float(share.mean()), float(final.mean()), int(lower), int(upper))


def _level(finals: Ints) -> tuple[float, float]:
    """Shape and rate of the daily intensity: negative binomial by moments."""
    mean = max(float(finals.mean()), 0.5 / len(finals))
    extra = float(finals.var(ddof=1)) - mean
    shape = min(mean**2 / extra, _MOST_SHAPE) if extra > 0 else _MOST_SHAPE
    shape = max(shape, 0.1)
    return shape, shape / mean


def _check(triangle: Ints, open_days: Sequence[bool] | None, window: int, level: float) -> None:
    if triangle.ndim != 2 or triangle.shape[1] < 1:
        raise TriangleRefused("a triangle has a row for each day and a column for each delay")
    if (triangle < 0).any():
        raise TriangleRefused("a count lies below zero")
    if not np.issubdtype(triangle.dtype, np.integer):
        raise TriangleRefused("counts are whole numbers")
    if open_days is not None and len(open_days) != len(triangle):
        raise TriangleRefused("open_days needs one value for each day of the triangle")
    if window < _FEWEST_DAYS or not 0 < level < 1:
        raise TriangleRefused(f"the window has {_FEWEST_DAYS} days or more, and the level lies between 0 and 1")


def _in_open_days(triangle: Ints, opened: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """The triangle by steps of open days, the last step over for each day, and all cases known for each day.

    Reports of a closed day belong to the next open one. After the last open day they are known but not yet counted.
    """
    days, delays = triangle.shape
    before = np.concatenate([[0], np.cumsum(opened)])  # open days before each day
    steps, known = np.zeros((days, delays), np.int64), np.zeros(days, np.int64)
    for delay in range(delays):
        start = np.arange(days - delay)
        cases, report = triangle[start, delay], start + delay
        known[start] += cases
        step = before[report] - before[start]
        fine = before[report] < before[-1]  # an open day has come since, or is this day
        np.add.at(steps, (start[fine], step[fine]), cases[fine])
    # The widest step that the longest delay can take anywhere in the triangle.
    reach = [int(before[min(t + delays - 1, days)] - before[t]) for t in range(days - delays + 1)]
    width = max(reach, default=delays - 1) + 1
    last = np.minimum(before[-1] - before[:-1] - 1, width - 1)
    return steps[:, :width], last, known


def _last_steps(triangle: Ints, age: Ints) -> Ints:
    return np.asarray(np.minimum(age, triangle.shape[1] - 1))


def _seen(triangle: Ints, last: Ints) -> Ints:
    return np.asarray([int(row[: k + 1].sum()) for row, k in zip(triangle, last, strict=True)])


def _at_risk(steps: Ints, last: Ints, since: slice) -> tuple[Floats, Floats]:
    """For each step: cases that came at it, and cases that had come by it, over days for which it is over."""
    rows, ends = steps[since], last[since]
    over = ends[:, None] >= np.arange(steps.shape[1])
    return (rows * over).sum(axis=0).astype(float), (np.cumsum(rows, axis=1) * over).sum(axis=0).astype(float)


def _spread(steps: Ints, last: Ints, since: slice, hits: Floats, risk: Floats) -> float:
    """How much more the shares of single days vary than chance alone (Pearson), at least one."""
    rows, ends = steps[since].astype(float), last[since]
    by_then = np.cumsum(rows, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard = hits / risk
        variance = by_then * hazard * (1 - hazard)
        square = (rows - by_then * hazard) ** 2 / variance
    told = (ends[:, None] >= np.arange(steps.shape[1])) & (variance > 0.25)
    told[:, 0] = False
    freedom = int(told.sum()) - steps.shape[1]
    return max(float(square[told].sum()) / freedom, 1.0) if freedom > 0 else 1.0
