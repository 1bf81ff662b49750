"""The compiled search over all windows. Importing this module loads the compiler's library.

A window is a circle x a span of time. Cases and expected cases come cumulated over time at the edges that windows use, so that
a window is a difference of two columns; a circle grows by adding one site to the running columns. Replicates go through the
windows several abreast: what is expected is the same for all of them, and the processor compares them in one step.
"""

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from numba import njit

from fangxin.engines.outbreak.scan.intervals import Numbers, Windows
from fangxin.engines.outbreak.scan.values import Model, Rates
from fangxin.engines.outbreak.scan.zones import Circles

_CODES = {Model.POISSON: 0, Model.PERMUTATION: 0, Model.BERNOULLI: 1, Model.EXPECTATION: 2}
_RATES = {Rates.HIGH: 1, Rates.LOW: 2, Rates.BOTH: 3}
# A window must beat a better placed one by more than rounding.
_ROUNDING = 1e-10
# Tables that go through the windows abreast: enough for the compiler to use the processor's widest steps.
ABREAST = 16


class Search:
    """All windows and what they would hold by chance.

    `exposed`: expected cases, or for Bernoulli cases and controls together; sites x intervals. `entire` adds the circle of all
    sites, `over` every circle over the whole period.
    """

    def __init__(
        self, circles: Circles, windows: Windows, exposed: Numbers, *, model: Model, rates: Rates, least_cases: int,
        cases: int, entire: bool = False, over: bool = False,
    ) -> None:  # fmt: skip
        self.circles, self.exposed, self.model = circles, exposed, model
        self._spans = len(windows.since)
        since, until = windows.since, windows.until
        if over:
            since, until = np.append(since, 0), np.append(until, exposed.shape[1])
        self._edges = np.unique(np.append(since, until)).astype(np.int64)
        self._over, self._entire = int(over), int(entire)
        columns = (np.searchsorted(self._edges, side) for side in (since, until))
        self._rest: tuple[Any, ...] = (
            circles.members, circles.ends, *columns, self._over, self._entire,
            float(cases), float(exposed.sum()), _CODES[model], _RATES[rates], float(least_cases),
        )  # fmt: skip
        self._exposed_at_edges = self._at_edges(exposed)

    def best_of_all(self, tables: Sequence[Numbers]) -> Numbers:
        """The largest statistic of any window, for each table of counts; at most ABREAST tables."""
        counts = np.zeros((*self._exposed_at_edges.shape, ABREAST))
        for number, table in enumerate(tables):
            counts[:, :, number] = self._at_edges(table)
        return np.asarray(_best_of_all(counts, self._exposed_at_edges, *self._rest)[: len(tables)])

    def best_of_each(self, counts: Numbers) -> Numbers:
        """For each centre, and last for the circle of all sites, its best window: statistic, number of sites, first and
        behind-last interval, cases, exposed. Statistic 0: none."""
        table = _best_of_each(self._at_edges(counts), self._exposed_at_edges, *self._rest)
        table[:, 2:4] = self._edges[table[:, 2:4].astype(np.int64)]
        return np.asarray(table)

    @property
    def windows(self) -> int:
        """Windows looked at; some are the same sites around different centres."""
        return len(self.circles.members) * (self._spans + self._over) + self._spans * self._entire

    def _at_edges(self, table: Numbers) -> Numbers:
        """Sums before each edge that a window uses."""
        cumulated = np.zeros((table.shape[0], table.shape[1] + 1))
        np.cumsum(table, axis=1, out=cumulated[:, 1:])
        return np.ascontiguousarray(cumulated[:, self._edges])


def statistic(cases: float, exposed: float, all_cases: float, all_exposed: float, model: Model) -> float:
    """Log-likelihood ratio of one window against the rest (Kulldorff 1997): for Poisson and permutation
    n·ln(n/u) + (N−n)·ln((N−n)/(U−u)) − N·ln(N/U); for Bernoulli the two binomials; for EXPECTATION n·ln(n/u) + u − n.

    >>> round(statistic(8, 10000 * 20 / 120000, 20, 20, Model.POISSON), 6)
    7.463156
    """
    return float(_ratio(cases, exposed, all_cases, all_exposed, _CODES[model]))


@njit(cache=True, inline="always", error_model="numpy")
def _xlog(count: float, by: float) -> float:
    return count * log(count / by) if count > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def _ratio(n: float, u: float, all_n: float, all_u: float, code: int) -> float:
    if code == 2:
        return _xlog(n, u) + u - n
    rest_n, rest_u = all_n - n, all_u - u
    ratio = _xlog(n, u) + _xlog(rest_n, rest_u) - _xlog(all_n, all_u)
    if code == 1:
        ratio += _xlog(u - n, u) + _xlog(rest_u - rest_n, rest_u) - _xlog(all_u - all_n, all_u)
    return ratio


@njit(cache=True, inline="always", error_model="numpy")
def _of_interest(n: float, u: float, rate: float, rates: int, least: float) -> bool:
    """More or fewer cases than by chance, as wanted. Rare windows cannot be many cases, but they can be few."""
    if u <= 0.0:
        return False
    if n > u * rate:
        return (rates & 1) != 0 and n >= least
    return (rates & 2) != 0 and n < u * rate


@njit(cache=True, error_model="numpy")
def _best_of_each(
    counts: Numbers, exposed: Numbers, members: Numbers, ends: Numbers, since: Numbers, until: Numbers, over: int, entire: int,
    all_n: float, all_u: float, code: int, rates: int, least: float,
) -> Numbers:  # fmt: skip
    spans = len(since)
    rate = 1.0 if code == 2 else all_n / all_u
    table = np.zeros((len(ends), 6))
    n_at, u_at = np.empty(counts.shape[1]), np.empty(counts.shape[1])
    for centre in range(len(ends) - 1 + entire):
        n_at[:] = 0.0
        u_at[:] = 0.0
        whole = centre == len(ends) - 1
        size = counts.shape[0] if whole else ends[centre + 1] - ends[centre]
        for place in range(size):
            site = place if whole else members[ends[centre] + place]
            n_at += counts[site]
            u_at += exposed[site]
            if whole and place < size - 1:
                continue
            for span in range(spans - over if whole else spans):
                n = n_at[until[span]] - n_at[since[span]]
                u = u_at[until[span]] - u_at[since[span]]
                if not _of_interest(n, u, rate, rates, least):
                    continue
                ratio = _ratio(n, u, all_n, all_u, code)
                if ratio > table[centre, 0] + _ROUNDING:
                    table[centre, 0], table[centre, 1] = ratio, place + 1
                    table[centre, 2], table[centre, 3] = since[span], until[span]
                    table[centre, 4], table[centre, 5] = n, u
    return table


@njit(cache=True, inline="always", error_model="numpy")
def _may_beat(
    n: float, u: float, usual: float, rest: float, all_n: float, best: float, scale: float, code: int
) -> bool:
    """Whether a window may have a larger ratio than the best so far: a bound without logarithms. The ratio as a function of n is
    0 with slope 0 at the usual n and its curvature is convex, so half the larger of the curvatures at both ends times the square
    of the way lies above it. The curvature at the usual n is 2 / scale."""
    square = (n - usual) * (n - usual)
    if code == 0:
        return (square >= scale * best) | (square * all_n >= 2.0 * best * n * (all_n - n))
    if code == 2:
        return (square >= scale * best) | (square >= 2.0 * best * n)
    others = all_n - n
    curved = u / (n * (u - n)) + rest / (others * (rest - others))
    return not ((square < scale * best) & (square * curved < 2.0 * best))


@njit(cache=True, inline="always", error_model="numpy")
def _scale(u: float, rest: float, rate: float, all_n: float, all_u: float, code: int) -> float:
    if code == 0:
        return 2.0 * rate * rate * u * rest / all_n
    if code == 1:
        return 2.0 * rate * (1.0 - rate) * u * rest / all_u
    return 2.0 * u


@njit(cache=True, inline="always", error_model="numpy")
def _add(n_at: Numbers, u_at: Numbers, counts: Numbers, exposed: Numbers, site: int) -> None:
    for column in range(len(u_at)):
        u_at[column] += exposed[site, column]
        for lane in range(ABREAST):
            n_at[column, lane] += counts[site, column, lane]


@njit(cache=True, error_model="numpy")
def _improve(
    best: Numbers,
    counts: Numbers,
    u: float,
    rate: float,
    all_n: float,
    all_u: float,
    code: int,
    rates: int,
    least: float,
) -> None:
    """Take over the ratio of one window in the tables in which it is larger."""
    usual, rest = u * rate, all_u - u
    scale = _scale(u, rest, rate, all_n, all_u, code)
    for lane, n in enumerate(counts):
        if _may_beat(n, u, usual, rest, all_n, best[lane], scale, code) and _of_interest(n, u, rate, rates, least):
            best[lane] = max(best[lane], _ratio(n, u, all_n, all_u, code))


@njit(cache=True, error_model="numpy")
def _best_of_all(
    counts: Numbers, exposed: Numbers, members: Numbers, ends: Numbers, since: Numbers, until: Numbers, over: int, entire: int,
    all_n: float, all_u: float, code: int, rates: int, least: float,
) -> Numbers:  # fmt: skip
    spans = len(since)
    rate = 1.0 if code == 2 else all_n / all_u
    high, low = (rates & 1) != 0, (rates & 2) != 0
    best = np.zeros(ABREAST)
    n_at, u_at = np.empty((counts.shape[1], ABREAST)), np.empty(counts.shape[1])
    for centre in range(len(ends) - 1 + entire):
        n_at[:] = 0.0
        u_at[:] = 0.0
        whole = centre == len(ends) - 1
        size = counts.shape[0] if whole else ends[centre + 1] - ends[centre]
        for place in range(size):
            site = place if whole else members[ends[centre] + place]
            _add(n_at, u_at, counts, exposed, site)
            if whole and place < size - 1:
                continue
            for span in range(spans - over if whole else spans):
                later, sooner = until[span], since[span]
                u = u_at[later] - u_at[sooner]
                if u <= 0.0:
                    continue
                usual, rest = u * rate, all_u - u
                scale = _scale(u, rest, rate, all_n, all_u, code)
                may = 0
                for lane in range(ABREAST):
                    n = n_at[later, lane] - n_at[sooner, lane]
                    wanted = (high & (n > usual)) | (low & (n < usual))
                    may |= wanted & _may_beat(n, u, usual, rest, all_n, best[lane], scale, code)
                if may:
                    _improve(best, n_at[later] - n_at[sooner], u, rate, all_n, all_u, code, rates, least)
    return best
