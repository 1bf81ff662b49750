"""Charts that notice a rising concentration before a limit is passed.

Sources: NIST/SEMATECH e-Handbook of Statistical Methods 6.3.2.3–4 (CUSUM, EWMA); S. H. Steiner and R. J. MacKay,
"Monitoring processes with highly censored data", Journal of Quality Technology 32 (2000) 199–208 (a result below the limit
enters with its expected value under the baseline). Logarithms are charted, so a doubling counts alike at every level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

from scipy.special import log_ndtr, ndtr

from fangxin.engines.exposure.censored import LognormalFit
from fangxin.engines.exposure.observations import Observation, Seen


@dataclass(frozen=True, slots=True)
class Baseline:
    """Mean and standard deviation of natural logarithms while nothing unusual went on."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        if not self.sigma > 0:
            raise ValueError("a baseline varies")

    @classmethod
    def of(cls, fit: LognormalFit) -> "Baseline":
        return cls(fit.mu, fit.sigma)


@dataclass(frozen=True, slots=True)
class Point:
    """One result on a chart: its standardized logarithm, the chart's value and limit, and whether it lies beyond."""

    score: float
    value: float
    limit: float
    beyond: bool


def standardize(observation: Observation, baseline: Baseline) -> float:
    """The result's logarithm in standard deviations from the baseline; where not quantified, its expected value there.

    >>> low = standardize(Observation(None, lod=1.0), Baseline(0.0, 1.0))
    >>> round(low, 4)
    -0.7979
    """
    below, above = observation.span
    if observation.seen is Seen.QUANTIFIED:
        return (log(above) - baseline.mu) / baseline.sigma
    low = (log(below) - baseline.mu) / baseline.sigma if below > 0 else None
    high = (log(above) - baseline.mu) / baseline.sigma
    return _expected_between(low, high)


def _expected_between(low: float | None, high: float) -> float:
    """Mean of a standard normal between two points (or below one)."""
    if low is None:
        return -exp(-high * high / 2 - log(2 * pi) / 2 - float(log_ndtr(high)))
    mass = float(ndtr(high) - ndtr(low))
    if mass < 1e-12:
        return (low + high) / 2
    return (exp(-low * low / 2) - exp(-high * high / 2)) / sqrt(2 * pi) / mass


def _variance(observation: Observation, baseline: Baseline) -> float:
    """How much a score by this method varies while nothing unusual goes on: all below its limit give one score."""
    limit = observation.loq or observation.lod
    if not limit:
        return 1.0
    edge = (log(limit) - baseline.mu) / baseline.sigma
    below = float(ndtr(edge))
    mean = _expected_between(None, edge)
    # Var = 1 − share below × variance within what is below.
    return max(1 - below * (1 - edge * exp(-edge * edge / 2) / sqrt(2 * pi) / below - mean**2), 0.05) if below else 1.0


def chart_ewma(
    observations: Sequence[Observation], baseline: Baseline, *, weight: float = 0.2, width: float = 3.0
) -> list[Point]:
    """Exponentially weighted moving average of the standardized logarithms; beyond means risen, not fallen.

    Raises ValueError for a weight outside 0–1.
    """
    if not 0 < weight <= 1 or not width > 0:
        raise ValueError("the weight lies between 0 and 1")
    points, value, variance = [], 0.0, 0.0
    for observation in observations:
        score = standardize(observation, baseline)
        value = weight * score + (1 - weight) * value
        variance = weight**2 * _variance(observation, baseline) + (1 - weight) ** 2 * variance
        limit = width * sqrt(variance)
        points.append(Point(score, value, limit, value > limit))
    return points


def chart_cusum(
    observations: Sequence[Observation], baseline: Baseline, *, slack: float = 0.5, limit: float = 5.0
) -> list[Point]:
    """One-sided cumulative sum of the standardized logarithms: half a standard deviation is let pass each time.

    With the usual slack of 0.5 and limit of 5 a steady process is called risen once in about 930 results.
    """
    if slack < 0 or not limit > 0:
        raise ValueError("slack is not negative and the limit positive")
    points, value = [], 0.0
    for observation in observations:
        score = standardize(observation, baseline)
        value = max(0.0, value + score - slack)
        points.append(Point(score, value, limit, value > limit))
    return points
