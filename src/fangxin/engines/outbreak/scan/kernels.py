"""The compiled search over all windows. Importing this module loads the compiler's library.

A window is a circle x a span of time. Cases and expected cases come cumulated over time at the edges that windows use, so that
a window is a difference of two columns; a circle grows by adding one site to the running columns.
"""

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
        self._all = circles.members, circles.ends, *(np.searchsorted(self._edges, side) for side in (since, until))
        self._kind = (
            self._over, self._entire, float(cases), float(exposed.sum()), _CODES[model], _RATES[rates], float(least_cases),
        )  # fmt: skip
        self._exposed_at_edges = self._at_edges(exposed)

    def best_of_all(self, counts: Numbers) -> float:
        """The largest statistic of any window."""
        return self._run(counts, np.zeros((1, 6)), each=False)

    def best_of_each(self, counts: Numbers) -> Numbers:
        """For each centre, and last for the circle of all sites, its best window: statistic, number of sites, first and
        behind-last interval, cases, exposed. Statistic 0: none."""
        table = np.zeros((len(self.circles.ends), 6))
        self._run(counts, table, each=True)
        table[:, 2:4] = self._edges[table[:, 2:4].astype(np.int64)]
        return table

    def _run(self, counts: Numbers, table: Numbers, *, each: bool) -> float:
        arguments: tuple[Any, ...] = (
            self._at_edges(counts),
            self._exposed_at_edges,
            *self._all,
            *self._kind,
            table,
            each,
        )
        return float(_best(*arguments))

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


@njit(cache=True, inline="always", error_model="numpy")
def _cannot_beat(n: float, u: float, all_n: float, all_u: float, code: int, best: float) -> bool:
    """A bound without logarithms. The ratio as a function of n is 0 with slope 0 at n = u, and its curvature N / (x(N − x)) is
    largest at u as long as n ≤ N − u; so half the curvature at u times (n − u)² lies above it."""
    above = n - u
    if above < 0.0:
        return False
    if code == 0:
        return n + u <= all_n and above * above * all_n < 2.0 * best * u * (all_u - u)
    return code == 2 and above * above < 2.0 * best * u


@njit(cache=True, inline="always", error_model="numpy")
def _add(n_at: Numbers, u_at: Numbers, counts: Numbers, exposed: Numbers, site: int) -> None:
    for column in range(len(n_at)):
        n_at[column] += counts[site, column]
        u_at[column] += exposed[site, column]


@njit(cache=True, error_model="numpy")
def _best(
    counts: Numbers, exposed: Numbers, members: Numbers, ends: Numbers, since: Numbers, until: Numbers, over: int, entire: int,
    all_n: float, all_u: float, code: int, rates: int, least: float, table: Numbers, each: bool,
) -> float:  # fmt: skip
    """Writes the best window of each centre to its row of `table`, or with `each` false the best of all to the first row."""
    best = 0.0
    spans = len(since)
    rate = 1.0 if code == 2 else all_n / all_u
    n_at, u_at = np.empty(counts.shape[1]), np.empty(counts.shape[1])
    for centre in range(len(ends) - 1 + entire):
        n_at[:] = 0.0
        u_at[:] = 0.0
        row = centre if each else 0
        best = 0.0 if each else best
        whole = centre == len(ends) - 1
        size = counts.shape[0] if whole else ends[centre + 1] - ends[centre]
        for place in range(size):
            _add(n_at, u_at, counts, exposed, place if whole else members[ends[centre] + place])
            if whole and place < size - 1:
                continue
            for span in range(spans - over if whole else spans):
                n = n_at[until[span]] - n_at[since[span]]
                u = u_at[until[span]] - u_at[since[span]]
                if not _of_interest(n, u, rate, rates, least) or _cannot_beat(n, u, all_n, all_u, code, best):
                    continue
                ratio = _ratio(n, u, all_n, all_u, code)
                if ratio > best + _ROUNDING:
                    best = ratio
                    table[row, 0], table[row, 1] = ratio, place + 1
                    table[row, 2], table[row, 3] = since[span], until[span]
                    table[row, 4], table[row, 5] = n, u
    return best
