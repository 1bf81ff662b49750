"""Rates from small numbers: intervals, sample sizes, and township rates drawn towards the county's.

Sources: E. B. Wilson, JASA 22 (1927) 209–212; D. Griffiths, Biometrics 29 (1973) 637–648 (beta-binomial maximum
likelihood); B. Efron, "Large-Scale Inference" (2010) chapter 1 (empirical Bayes).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, log, log1p, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln
from scipy.stats import beta, norm

FEWEST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """Found among tested, with an interval; `value` is None where nothing was tested."""

    found: int
    tested: int
    value: float | None
    low: float
    high: float


def estimate_rate(found: int, tested: int, *, level: float = 0.95) -> Rate:
    """A rate with Wilson's score interval. "None found" keeps its upper bound: it is not "none".

    Raises ValueError for numbers that cannot be.

    >>> rate = estimate_rate(3, 120)
    >>> round(100 * rate.value, 2), round(100 * rate.low, 2), round(100 * rate.high, 2)
    (2.5, 0.85, 7.09)
    >>> estimate_rate(0, 0).value is None, estimate_rate(0, 0).high
    (True, 1.0)
    """
    if not 0 <= found <= tested or not 0 < level < 1:
        raise ValueError("found lies between zero and tested")
    if tested == 0:
        return Rate(0, 0, None, 0.0, 1.0)
    z = float(norm.ppf((1 + level) / 2))
    share = found / tested
    centre = (share + z * z / (2 * tested)) / (1 + z * z / tested)
    reach = z / (1 + z * z / tested) * sqrt(share * (1 - share) / tested + z * z / (4 * tested * tested))
    low = 0.0 if found == 0 else centre - reach
    return Rate(found, tested, share, low, 1.0 if found == tested else centre + reach)


def samples_to_find_one(share: float, *, confidence: float = 0.95) -> int:
    """How many samples show at least one, if this share of all is affected.

    >>> samples_to_find_one(0.05), samples_to_find_one(0.01)
    (59, 299)
    """
    if not (0 < share < 1 and 0 < confidence < 1):
        raise ValueError("share and confidence lie between 0 and 1")
    return ceil(log1p(-confidence) / log1p(-share) - 1e-12)


@dataclass(frozen=True, slots=True)
class Prior:
    """A beta distribution of true rates between places."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)

    @property
    def weight(self) -> float:
        """As many samples as the prior is worth."""
        return self.a + self.b


@dataclass(frozen=True, slots=True)
class ShrunkRate:
    """A place's rate as its own samples and those of all places say it, with a 95 % credible interval."""

    place: str
    found: int
    tested: int
    value: float
    low: float
    high: float


_MOST_WEIGHT = 1e5  # beyond it places do not differ


def fit_prior(counts: Sequence[tuple[int, int]]) -> Prior:
    """The beta distribution under which the places' (found, tested) are likeliest.

    Raises ValueError with fewer than three places tested, or when nothing was found in any: the spread between places
    cannot be seen then, and a prior has to be given.
    """
    known = [(found, tested) for found, tested in counts if tested]
    if any(not 0 <= found <= tested for found, tested in known):
        raise ValueError("found lies between zero and tested")
    hits, all_tested = sum(f for f, _n in known), sum(n for _f, n in known)
    if len(known) < FEWEST_PLACES or not 0 < hits < all_tested:
        raise ValueError("too little to see how places differ")
    f, n = np.array(known, dtype=float).T
    start = hits / all_tested

    def negative(at: NDArray[np.float64]) -> float:
        mean = 1 / (1 + exp(-min(max(float(at[0]), -30.0), 30.0)))
        weight = exp(min(max(float(at[1]), log(1e-3)), log(_MOST_WEIGHT)))
        a, b = max(mean * weight, 1e-12), max((1 - mean) * weight, 1e-12)
        return -float(np.sum(betaln(f + a, n - f + b) - betaln(a, b)))

    # From several starts, since the surface is flat where places hardly differ.
    starts = [np.array([log(start / (1 - start)), log(weight)]) for weight in (5.0, 50.0, 500.0)]
    best = min((minimize(negative, s, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}) for s in starts),
               key=lambda found: float(found.fun))  # fmt: skip
    mean = 1 / (1 + exp(-float(best.x[0])))
    weight = exp(min(max(float(best.x[1]), log(1e-3)), log(_MOST_WEIGHT)))
    return Prior(mean * weight, (1 - mean) * weight)


def shrink_rates(places: Sequence[tuple[str, int, int]], *, prior: Prior | None = None) -> list[ShrunkRate]:
    """Township rates as (place, found, tested), drawn towards what all places share; highest first.

    A place with few samples is drawn far, one with many hardly. Raises ValueError as `fit_prior` when no prior is given.
    """
    between = prior or fit_prior([(found, tested) for _place, found, tested in places])
    rows = []
    for place, found, tested in places:
        a, b = between.a + found, between.b + tested - found
        low, high = float(beta.ppf(0.025, a, b)), float(beta.ppf(0.975, a, b))
        rows.append(ShrunkRate(place, found, tested, a / (a + b), low, high))
    return sorted(rows, key=lambda row: (-row.value, row.place))
