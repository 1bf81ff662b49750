"""The Mann–Kendall test with ties, and the same over blocks (seasons, sites) whose readings are never mixed.

Sources: Mann 1945, Econometrica 13; Kendall 1975, Rank Correlation Methods, ch. 4; Hirsch, Slack & Smith 1982, Water
Resources Research 18 (seasons); Helsel & Frans 2006, Environmental Science & Technology 40 (sites).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import erfc, factorial, sqrt

# Up to so many readings without ties the exact distribution of the score is used.
EXACT_TO = 40


@dataclass(frozen=True, slots=True)
class Kendall:
    """`s` is the score, `variance` its variance under no trend, `z` the corrected standard score, `p` two-sided.

    `tau` is s divided by the number of pairs; `n` counts readings, `blocks` the groups compared within themselves.
    """

    n: int
    blocks: int
    s: int
    variance: float
    z: float
    p: float
    tau: float | None
    exact: bool


def score(values: Sequence[float]) -> int:
    """Pairs that rise minus pairs that fall, in order of time.

    >>> score([1, 2, 2, 5])
    5
    """
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


def variance_of_score(values: Sequence[float]) -> float:
    """Variance of the score under no trend, with the correction for ties (Kendall 1975, 4.2).

    >>> variance_of_score([1, 2, 3, 4])
    8.666666666666666
    """
    n = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    return (n * (n - 1) * (2 * n + 5) - ties) / 18


def mann_kendall(values: Sequence[float]) -> Kendall:
    """The test on readings in order of time. Exact for up to 40 untied readings, else normal with continuity."""
    return kendall_of_blocks([values])


def kendall_of_blocks(blocks: Iterable[Sequence[float]]) -> Kendall:
    """The test over blocks, each in order of time; pairs are formed within a block only.

    Blocks of fewer than two readings say nothing and are left out. One untied block is judged exactly. Blocks are
    taken as independent of each other; where they move together the true p lies above the one given.
    """
    kept = [list(values) for values in blocks if len(values) > 1]
    s = sum(score(values) for values in kept)
    variance = sum(variance_of_score(values) for values in kept)
    pairs = sum(len(values) * (len(values) - 1) // 2 for values in kept)
    n = sum(len(values) for values in kept)
    exact = len(kept) == 1 and n <= EXACT_TO and len(set(kept[0])) == n
    z = 0.0 if s == 0 or variance == 0 else (s - (1 if s > 0 else -1)) / sqrt(variance)
    p = exact_p(n, s) if exact else erfc(abs(z) / sqrt(2))
    return Kendall(n, len(kept), s, variance, z, p, s / pairs if pairs else None, exact)


def exact_p(n: int, s: int) -> float:
    """Two-sided probability of a score at least so far from zero among all orders of `n` different readings.

    >>> exact_p(5, 10)  # one order of 120 rises all along, one falls
    0.016666666666666666
    """
    counts = _orders(n)
    pairs = n * (n - 1) // 2
    # With d falling pairs the score is pairs − 2d.
    most = (pairs - abs(s)) // 2
    return min(1.0, 2 * sum(counts[: most + 1]) / factorial(n)) if s else 1.0


@lru_cache(maxsize=64)
def _orders(n: int) -> tuple[int, ...]:
    """How many orders of n readings have 0, 1, 2, … falling pairs."""
    counts = [1]
    for size in range(2, n + 1):
        wider = [0] * (len(counts) + size - 1)
        for falls, ways in enumerate(counts):
            for more in range(size):
                wider[falls + more] += ways
        counts = wider
    return tuple(counts)


def least_points(alpha: float) -> int:
    """The fewest readings of one series with which a trend can be significant at all.

    >>> least_points(0.05), least_points(0.10)
    (5, 4)
    """
    n = 2
    while 2 / factorial(n) > alpha:
        n += 1
    return n
