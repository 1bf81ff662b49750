"""How probably 0, 1, 2 … links of one lot are missing: from how many were found, how many such lots have, and a gap."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log, pi

# No lot is taken to miss more links than this; what is e^-40 times as likely as the best is not weighed.
MOST_LINKS, FAR = 400, 40.0
HALF_LOG_2_PI = log(2 * pi) / 2


@dataclass(frozen=True, slots=True)
class Gap:
    """A quantity between two bounds that no recorded link explains; below zero more is recorded than can be.

    The bounds are read as two standard deviations of the balance's error either way.
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Degrees:
    """How many links lots of a group have in truth: weights by number, smoothed, and a little for every other number."""

    weights: Mapping[int, float]

    def log_weight(self, degree: int) -> float:
        return log(self.weights.get(degree, 0.0) + 0.02 / (degree + 1) ** 2)


@dataclass(frozen=True, slots=True)
class AnyDegree(Degrees):
    """Every number of links is as likely as every other."""

    def log_weight(self, degree: int) -> float:
        return 0.0


ANY = AnyDegree({})


@dataclass(frozen=True, slots=True)
class Sizes:
    """The size of one link (kg): its mean; the squared coefficient of variation among links of one lot; and the variance
    of the logarithm of the mean itself, for a lot of which little is known."""

    mean: float
    within: float
    between: float


def chances_of_missing(found: int, gap: Gap | None, rate: float, degrees: Degrees, sizes: Sizes | None) -> list[float]:
    """Probabilities that 0, 1, 2 … links of a lot are missing, given how many were found and what the balance says.

    Each true link was lost with chance `rate`; what was lost together weighs the gap.

    >>> degrees = Degrees({2: 1.0})
    >>> [round(p, 2) for p in chances_of_missing(1, Gap(9.5, 10.5), 0.2, degrees, Sizes(10, 0.1, 0.1))][:2]
    [0.0, 1.0]
    """
    return chances_of(found, weigh(gap, sizes, found), rate, degrees)


def weigh(gap: Gap | None, sizes: Sizes | None, found: int) -> list[float]:
    """For 0, 1, 2 … missing links the log likelihood of the gap; numbers that it rules out at the end are left away."""
    if gap is None or sizes is None or sizes.mean <= 0:
        return [0.0] * (max(8, found + 4) + 1)
    most = min(max(8, found + 4, int(3 * max(gap.high, 0) / sizes.mean) + 4), MOST_LINKS)
    found_logs: list[float] = []
    top = -inf
    for n in range(most + 1):
        value = _log_density(gap, n, sizes)
        top = max(top, value)
        if n > 1 and value < top - FAR and value < found_logs[-1]:
            break
        found_logs.append(value)
    return found_logs


def chances_of(found: int, weights: Sequence[float], rate: float, degrees: Degrees) -> list[float]:
    logs = []
    chosen, lost = 0.0, log(rate)
    for n, weight in enumerate(weights):
        if n:
            chosen += log((found + n) / n) + lost
        logs.append(degrees.log_weight(found + n) + chosen + weight)
    top = max(logs)
    raw = [exp(value - top) for value in logs]
    total = sum(raw)
    return [value / total for value in raw]


def _log_density(gap: Gap, n: int, sizes: Sizes) -> float:
    """Density of a gap if n links of this size are missing: error of the balance alone, or a log-normal sum of sizes."""
    error = max((gap.high - gap.low) / 4, sizes.mean * 0.005)
    if n == 0:
        return -((gap.middle / error) ** 2) / 2 - log(error) - HALF_LOG_2_PI
    mean = n * sizes.mean
    # Fenton and Wilkinson: the sum is about log-normal, with the mean and the variance of the sum.
    spread = log(1 + sizes.within / n + (error / mean) ** 2) + sizes.between
    x = max(gap.middle, error / 2)
    return -((log(x / mean) + spread / 2) ** 2) / (2 * spread) - log(x) - log(spread) / 2 - HALF_LOG_2_PI


def smooth(counts: Mapping[int, float]) -> Degrees:
    """Share the weight of a large number with its neighbours, a fifth to each side; small numbers stay themselves."""
    total = sum(counts.values())
    weights: dict[int, float] = defaultdict(float)
    for degree, count in sorted(counts.items()):
        reach = degree // 5
        for near in range(degree - reach, degree + reach + 1):
            weights[near] += count / total / (2 * reach + 1)
    return Degrees(dict(weights))


def pick(cumulative: Sequence[float], at: float) -> int:
    """The index whose share of a running total holds the point `at` (0–1)."""
    return min(bisect_left(cumulative, at * cumulative[-1]), len(cumulative) - 1)


def chance_unseen(rate: float, into: Degrees, out: Degrees) -> float:
    """How probably all other links of the lot behind a missing link are missing too, so that the records lack it wholly.

    Lots with nothing recorded are not among those that were counted; the weights are raised by what was not seen.
    """
    alone = sum(p * rate**degree for degree, p in out.weights.items())
    raised = {degree: p / (1 - rate**degree * alone) for degree, p in into.weights.items() if degree}
    links = sum(degree * p for degree, p in raised.items())
    return alone * sum(degree * p * rate ** (degree - 1) for degree, p in raised.items()) / links if links else alone
