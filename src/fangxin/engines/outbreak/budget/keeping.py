"""Which tail probability is an alarm, so that the alarms stay within what was asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

_DAYS_IN_MONTH = 365.2425 / 12
# Share of one alarm that is taken from (or given back to) the next period's allowance.
_STEP = 0.05
_FEWEST_ROWS = 20
# What comes in every fifth period anyway is no alarm, however large the budget.
_COMMON = 0.2


class BudgetRefused(ValueError):
    """A budget or tail probabilities that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Decisions, row by row.

    alarm      (rows, series)
    threshold  (rows,): a tail probability at or below it is an alarm; NaN while there is no reference, or the allowance is spent
    allowance  (rows,): alarms that the threshold aimed at in this period, over all series
    spent      (series,): expected alarms a period at the last threshold, from the reference: how the budget is split
    """

    alarm: Flags
    threshold: Floats
    allowance: Floats
    spent: Floats


def periods_in_month(days_in_period: float) -> float:
    """
    >>> round(periods_in_month(7), 4)
    4.3481
    """
    return _DAYS_IN_MONTH / days_in_period


def keep_budget(
    tail: Floats, *, per_period: float, memory: int = 260, half_life: float = 104.0, true_from: Ints | None = None
) -> Kept:
    """Turn tail probabilities into alarms, about `per_period` false ones in each period over all series.

    tail        (rows, series) in order of time: probability of a count at least as large where nothing is wrong; NaN where the
                detector could not judge
    per_period  false alarms a period over all series, above 0 (asked a month: divide by `periods_in_month`)
    memory      how many of the latest rows are the reference
    half_life   rows after which a row of the reference weighs half
    true_from   (rows, series): the row from which on it is known that the cell was part of an outbreak, -1 where it is not. Such
                cells leave the reference, and alarms on them are given back to the allowance, from that row on

    Row t is decided from rows before t and from `true_from` up to t. Whatever the data, alarms that were not found true number at
    most rows * per_period + per_period / step + (most alarms of one period), where step = min(0.05, per_period / 4).
    """
    known = _check(tail, per_period, memory, half_life, true_from)
    rows, series = tail.shape
    step = min(_STEP, per_period / 4)
    alarm, threshold, allowance = np.zeros((rows, series), bool), np.full(rows, np.nan), np.zeros(rows)
    left, spent = per_period, np.zeros(series)
    for t in range(rows):
        left = min(left + step * int((alarm & (known == t)).sum()), 2 * per_period)
        allowance[t] = left
        start = max(t - memory, 0)
        if t - start >= _FEWEST_ROWS and left > 0:
            clean = np.where((known[start:t] >= 0) & (known[start:t] <= t), np.nan, tail[start:t])
            weight = 0.5 ** ((t - 1 - np.arange(start, t)) / half_life)
            # The period being decided counts as one more, with nothing in it yet.
            weight /= weight.sum() + 1.0
            threshold[t] = _threshold(clean, weight, left)
            if t == rows - 1:
                spent = np.asarray(weight @ (clean <= threshold[t]), float)
            alarm[t] = tail[t] <= threshold[t]
        found_already = alarm[t] & (known[t] >= 0) & (known[t] <= t)
        left = left + step * (per_period - int((alarm[t] & ~found_already).sum()))
    return Kept(alarm, threshold, allowance, spent)


def _threshold(tail: Floats, weight: Floats, aim: float) -> float:
    """The largest tail probability whose weighted number of cells a period is within the aim."""
    cells = np.flatnonzero(tail <= _COMMON)
    values, weights = tail.ravel()[cells], weight[cells // tail.shape[1]]
    # So many cells weigh more than the aim in any case; the others need not be sorted.
    enough = int(min(aim / max(weight.min(), 1e-300) + 1, len(values)))
    if enough < len(values):
        near = values <= np.partition(values, enough)[enough]
        values, weights = values[near], weights[near]
    order = np.argsort(values, kind="stable")
    values, sums = values[order], np.cumsum(weights[order])
    if not len(values) or sums[-1] <= aim:
        return _COMMON
    return float(np.nextafter(values[np.searchsorted(sums, aim, side="right")], 0.0))


def _check(tail: Floats, per_period: float, memory: int, half_life: float, true_from: Ints | None) -> Ints:
    if tail.ndim != 2:
        raise BudgetRefused("tail probabilities need a row for each period and a column for each series")
    with np.errstate(invalid="ignore"):
        if ((tail < 0) | (tail > 1 + 1e-9)).any():
            raise BudgetRefused("a tail probability lies outside 0 to 1")
    if not (per_period > 0 and np.isfinite(per_period)):
        raise BudgetRefused("a budget of alarms must be above zero: without any false alarm nothing can be found")
    if memory < _FEWEST_ROWS or not half_life > 0:
        raise BudgetRefused(f"the reference needs {_FEWEST_ROWS} rows or more and a half-life above zero")
    if true_from is None:
        return np.full(tail.shape, -1)
    if true_from.shape != tail.shape:
        raise BudgetRefused("true_from needs one value for each tail probability")
    return true_from
