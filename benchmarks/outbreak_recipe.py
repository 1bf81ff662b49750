"""Simulated weekly counts with outbreaks, after Noufaily et al. 2013 and Bédubourg and Le Strat 2017 (PLoS ONE 12:e0181227).

42 scenarios: seven baselines, with and without trend, with none, one or two harmonics of a season. 624 weeks; weeks 313 to 575 hold
four past outbreaks of k1 standard deviations, the last 49 weeks one of k2. Cases of an outbreak: Poisson, k times the standard
deviation of its first week, spread over the following weeks by a log-normal (0, 0.5). The papers repeat every scenario for each
k1 in 0, 2, 3, 5, 10 and k2 in 1 to 10; here the series of a scenario take turns through all fifty, so that no series is used twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEEKS, PAST, CURRENT = 624, range(312, 575), range(575, 624)
K1, K2 = (0, 2, 3, 5, 10), tuple(range(1, 11))
# theta, trend, two weights of the season, dispersion (Noufaily et al., table of scenarios).
BASELINES = (
    (0.1, 0.0025, 0.6, 0.6, 1.5), (-2.0, 0.005, 0.1, 0.3, 2.0), (1.5, 0.003, 0.2, -0.4, 1.0), (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0), (3.75, 0.001, 0.1, -0.1, 1.1), (5.0, 0.0001, 0.05, 0.01, 1.2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simulated:
    """Arrays (weeks, series): counts without and with the current outbreak, cases of past and of current outbreaks, the true mean
    without outbreaks, and variance over mean."""

    quiet: NDArray[np.float64]
    counts: NDArray[np.float64]
    past: NDArray[np.int64]
    current: NDArray[np.int64]
    mean: NDArray[np.float64]
    phi: NDArray[np.float64]


def scenarios() -> list[tuple[float, float, float, float, float, int]]:
    return [
        (theta, beta * trend, first, second, phi, harmonics)
        for theta, beta, first, second, phi in BASELINES
        for trend in (0, 1)
        for harmonics in (0, 1, 2)
    ]


def simulate(repeats: int, seed: int) -> Simulated:
    rng = np.random.default_rng(seed)
    columns = [_series(rng, given, n) for given in scenarios() for n in range(repeats)]
    base, past, current, mean = (np.array(part).T for part in zip(*columns, strict=True))
    phi = np.array([given[4] for given in scenarios() for _n in range(repeats)]) * np.ones_like(mean)
    return Simulated((base + past).astype(float), (base + past + current).astype(float), past, current, mean, phi)


def _series(rng, given, n):  # type: ignore[no-untyped-def]
    theta, beta, first, second, phi, harmonics = given
    t = np.arange(1, WEEKS + 1)
    angle = [2 * np.pi * j * t / 52 for j in range(1, harmonics + 1)]
    mean = np.exp(theta + beta * t + sum(first * np.cos(a) + second * np.sin(a) for a in angle))
    counts = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
    sd = np.sqrt(phi * mean)
    past, current = np.zeros(WEEKS, np.int64), np.zeros(WEEKS, np.int64)
    for start in rng.choice(PAST, 4, replace=False):
        _spread(rng, past, start, K1[(n + n // len(K2)) % len(K1)] * sd[start], PAST.stop)
    # One that begins in the last weeks would not be over in time to be judged.
    start = rng.choice(CURRENT[:-5])
    while not current.any():
        _spread(rng, current, start, K2[n % len(K2)] * sd[start], WEEKS)
    return counts, past, current, mean


def _spread(rng, cases, start, size, end):  # type: ignore[no-untyped-def]
    weeks = start + np.floor(rng.lognormal(0.0, 0.5, rng.poisson(size))).astype(int)
    np.add.at(cases, np.minimum(weeks, end - 1), 1)
