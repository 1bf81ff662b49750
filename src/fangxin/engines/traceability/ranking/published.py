"""The published methods, on matrices of any size.

* Sales likelihood: Kaufman et al. 2014, PLoS Comput Biol 10:e1003692 (correction e1003999).
* Random walk: Horn & Friedrich 2019, J R Soc Interface 16:20180624.
* Effective distance: Brockmann & Helbing 2013, Science 342:1337; Manitz et al. 2014, PLoS Currents Outbreaks.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

Numbers = np.ndarray[Any, np.dtype[np.float64]]
MOST_ROUNDS = 1000
# What a walk may change in its last round: far below what any likelihood can tell apart.
SETTLED = 1e-14


def log_likelihoods(
    shares: Numbers, cases: Numbers, *, smoothing: float = 0.0, background: Numbers | float | None = None
) -> Numbers:
    """ln of the likelihood of cases by place, for every source: Σ cases · ln((1 − ε) share + ε background).

    `shares` has a row per source and a column per place, each the part of the source's goods that is eaten there.
    `smoothing` is ε, the part of cases that come from elsewhere; `background` is where those are, by default the same
    everywhere. With ε = 0 one case outside a source's places makes it impossible (−inf).

    >>> tofu = np.array([[500, 300, 150, 50]]) / 1000
    >>> round(float(log_likelihoods(tofu, np.array([6.0, 3.0, 1.0, 0.0]))[0]), 4)
    -9.6679
    """
    elsewhere = 1.0 / shares.shape[1] if background is None else background
    mixed = (1.0 - smoothing) * shares + smoothing * elsewhere
    here = cases > 0  # 0 · ln 0 is nothing, not unknown
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(mixed[:, here]) @ cases[here], dtype=np.float64)


def probabilities(log_values: Numbers, prior: Numbers | None = None) -> Numbers:
    """exp of the values, times a prior, to a sum of 1. Where all are impossible, all are 0.

    >>> probabilities(np.log(np.array([3.0, 1.0]))).tolist()
    [0.75, 0.25]
    """
    with np.errstate(divide="ignore"):
        values = log_values + (np.log(prior) if prior is not None else 0.0)
    largest = values.max(initial=-np.inf)
    if not np.isfinite(largest):
        return np.zeros_like(values)
    weights = np.exp(values - largest)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def absorbed_shares(onward: Any, eaten: Numbers) -> Numbers:
    """Where goods that start at a place are eaten in the end, over all ways: the solution of B = onward · B + eaten.

    `onward` (dense or sparse, n × n) and `eaten` (n × places) are shares of what leaves a place; a row of both together
    adds up to at most 1. Solved by rounds, of which a network without loops needs as many as its longest way.

    >>> onward = np.array([[0.0, 0.4], [0.0, 0.0]])
    >>> absorbed_shares(onward, np.array([[0.6, 0.0], [0.5, 0.5]])).round(2).tolist()
    [[0.8, 0.2], [0.5, 0.5]]
    """
    matrix = csr_matrix(onward)
    found = np.asarray(eaten, dtype=np.float64).copy()
    term = found
    for _ in range(MOST_ROUNDS):
        term = np.asarray(matrix @ term)
        found += term
        if not term.size or np.abs(term).max() <= SETTLED:
            break
    return found


def effective_distances(shares: Any, goals: list[list[int]]) -> Numbers:
    """The shortest effective distance from every node to each goal, a set of nodes; inf where there is no way.

    A step from i to j is 1 − ln P(i → j) long, so that much-used ways are short and steps count.

    >>> ways = np.zeros((4, 4)); ways[0, 1] = ways[0, 2] = 0.5; ways[1, 3] = 0.8; ways[2, 3] = 0.3
    >>> effective_distances(ways, [[3]])[:3, 0].round(4).tolist()
    [2.9163, 1.2231, 2.204]
    """
    matrix = csr_matrix(shares)
    lengths = matrix.copy()
    lengths.data = 1.0 - np.log(lengths.data)
    turned = csr_matrix(lengths.T)
    nowhere = np.full(matrix.shape[0], np.inf)
    found = [dijkstra(turned, indices=sorted(set(goal)), min_only=True) if goal else nowhere for goal in goals]
    return np.stack(found, axis=1) if found else np.zeros((matrix.shape[0], 0))


def off_centre(distances: Numbers, cases: Numbers) -> Numbers:
    """How far a node is from being the centre of the cases: √(mean² + variance) of its distances, weighted by cases.

    The source is where it is smallest. inf where a case cannot be reached.

    >>> off_centre(np.array([[3.0, 3.0], [2.0, 4.5]]), np.array([1.0, 1.0])).round(3).tolist()
    [3.0, 3.482]
    """
    weights = cases / cases.sum()
    with np.errstate(invalid="ignore"):
        mean = distances @ weights
        spread = ((distances - mean[:, None]) ** 2) @ weights
    return np.asarray(np.where(np.isfinite(mean), np.sqrt(mean**2 + np.where(np.isfinite(mean), spread, 0.0)), np.inf))
