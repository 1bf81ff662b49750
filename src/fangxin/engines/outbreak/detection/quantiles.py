"""Quantiles and tails of counts with mean mu and variance phi mu: negative binomial, or Poisson where phi is one."""

import numpy as np
from scipy.special import betainc, gammaincc, ndtri

from fangxin.engines.outbreak.detection.values import Floats

_MOST_STEPS = 200
# A probability this close to one of the steps counts as reaching it.
_FUZZ = 64 * np.finfo(float).eps


def normal_quantile(probability: float) -> float:
    return float(ndtri(probability))


def cdf(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y <= count); zero below zero."""
    count, mean, phi = np.broadcast_arrays(np.asarray(count, float), mean, phi)
    known = np.where(np.isfinite(mean) & (mean > 0), mean, 1.0)
    spread = np.where(phi > 1, phi, 2.0)
    whole = np.maximum(count, 0)
    binomial = betainc(known / (spread - 1), whole + 1, 1 / spread)
    found = np.where(phi > 1, binomial, gammaincc(whole + 1, known))
    return np.where(count < 0, 0.0, np.where(np.isfinite(mean), found, np.nan))


def upper_tail(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y >= count)."""
    return 1.0 - cdf(np.asarray(count, float) - 1, mean, phi)


def quantile(probability: float, mean: Floats, phi: Floats) -> Floats:
    """The smallest count whose cumulative probability reaches `probability`; NaN where the mean is not finite."""
    mean, phi = np.broadcast_arrays(np.asarray(mean, float), np.asarray(phi, float))
    wanted = probability * (1 - _FUZZ)
    fine = np.isfinite(mean) & (mean < 1e15)
    mu, spread = np.where(fine, mean, 1.0), np.maximum(phi, 1.0)
    z = normal_quantile(probability)
    sd = np.sqrt(mu * spread)
    skew = (2 * spread - 1) / sd
    low = np.maximum(np.floor(mu + sd * (z + skew * (z * z - 1) / 6)), 0.0)
    low, high = _bracket(low, np.maximum(np.ceil(sd), 1.0), mu, spread, wanted)
    while (gap := high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reached = cdf(middle, mu, spread) >= wanted
        high = np.where(gap & reached, middle, high)
        low = np.where(gap & ~reached, middle, low)
    return np.where(fine, high, np.nan)


def _bracket(guess: Floats, step: Floats, mu: Floats, phi: Floats, wanted: float) -> tuple[Floats, Floats]:
    """A count that does not reach it (or -1) and one that does, from a guess near both."""
    low, high = guess - 1, guess.copy()
    for _step in range(_MOST_STEPS):
        short = cdf(high, mu, phi) < wanted
        if not short.any():
            break
        low = np.where(short, high, low)
        high = np.where(short, high + step, high)
        step = step * 2
    step = np.ones_like(low)
    for _step in range(_MOST_STEPS):
        over = (low >= 0) & (cdf(low, mu, phi) >= wanted)
        if not over.any():
            break
        high = np.where(over, low, high)
        low = np.where(over, np.maximum(low - step, -1.0), low)
        step = step * 2
    return low, high
