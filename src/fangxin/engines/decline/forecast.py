"""First-order and biphasic decline of several applications, with uncertain half-life and deposit."""

from collections.abc import Iterator, Sequence
from functools import cache
from math import erf, exp, inf, log, pi, sqrt

from fangxin.engines.decline.values import Decline, Treatment

# The half-life's normal score is cut at ± 6 deviations (2 in a billion lies outside) and halved into so many steps.
REACH, STEPS = 6.0, 120
LN2 = log(2)


@cache
def _nodes() -> tuple[tuple[float, float], ...]:
    """(score, weight) of a standard normal by the trapezoidal rule, which converges geometrically for such a function."""
    step = 2 * REACH / STEPS
    scores = [-REACH + step * n for n in range(STEPS + 1)]
    weights = [exp(-score * score / 2) / sqrt(2 * pi) * step for score in scores]
    whole = sum(weights)
    return tuple((score, weight / whole) for score, weight in zip(scores, weights, strict=True))


def _half_lives(model: Decline) -> Iterator[tuple[float, float]]:
    sigma = model.half_life.sigma
    if sigma == 0:
        yield model.half_life.median, 1.0
        return
    for score, weight in _nodes():
        yield model.half_life.median * exp(sigma * score), weight


def remaining_share(days: float, half_life: float, model: Decline) -> float:
    """The share of a deposit that is left after so many days; nothing before the application.

    >>> from fangxin.engines.decline.values import Spread
    >>> remaining_share(8.0, 4.0, Decline(Spread(4.0), Spread(1.0)))
    0.25
    """
    if days < 0:
        return 0.0
    fast = exp(-LN2 * days / half_life)
    if model.fast_share == 1:
        return fast
    return model.fast_share * fast + (1 - model.fast_share) * exp(-LN2 * days / (half_life * model.slow_factor))


def _left(treatments: Sequence[Treatment], harvest_day: float, half_life: float, model: Decline) -> float:
    """Dose-days left: what the deposit per dose is multiplied by (g/ha)."""
    return sum(t.dose * remaining_share(harvest_day - t.day, half_life, model) for t in treatments)


def probability_above(limit: float, treatments: Sequence[Treatment], harvest_day: float, model: Decline) -> float:
    """The probability that the residue at harvest (mg/kg) lies above the limit (mg/kg); all applications add up.

    For a known half-life and deposit this is 0 or 1:

    >>> from fangxin.engines.decline.values import Spread, Treatment
    >>> known = Decline(Spread(4.0), Spread(0.02))
    >>> probability_above(0.5, [Treatment(0, 60.0)], 4, known)  # 1.2 mg/kg, then 0.6
    1.0
    >>> probability_above(0.5, [Treatment(0, 60.0)], 8, known)
    0.0

    Errors: ValueError for a limit that is not above zero.
    """
    if not limit > 0:
        raise ValueError(f"a residue limit lies above zero: {limit}")
    total = sum(
        weight * _above(limit, _left(treatments, harvest_day, half_life, model), model)
        for half_life, weight in _half_lives(model)
    )
    return min(1.0, max(0.0, total))


def _above(limit: float, left: float, model: Decline) -> float:
    """P(deposit × left > limit), the deposit being lognormal."""
    if left <= 0:
        return 0.0
    distance = log(limit) - log(model.deposit.median) - log(left)
    if model.deposit.sigma == 0:
        return 1.0 if distance < 0 else 0.0
    return 0.5 * (1 - erf(distance / (model.deposit.sigma * sqrt(2))))


def median_residue(treatments: Sequence[Treatment], harvest_day: float, model: Decline) -> float:
    """The residue (mg/kg) with the median half-life and the median deposit."""
    return model.deposit.median * _left(treatments, harvest_day, model.half_life.median, model)


def residue_quantile(share: float, treatments: Sequence[Treatment], harvest_day: float, model: Decline) -> float:
    """The residue (mg/kg) below which the given share of outcomes lies, by halving an interval of the logarithm.

    >>> from fangxin.engines.decline.values import Spread, Treatment
    >>> model = Decline(Spread(4.0, 1.5), Spread(0.02, 1.5))
    >>> round(residue_quantile(0.5, [Treatment(0, 60.0)], 4, model), 2)
    0.58
    """
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1: {share}")
    if median_residue(treatments, harvest_day, model) <= 0:
        return 0.0
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        if probability_above(exp(middle), treatments, harvest_day, model) > 1 - share:
            low = middle
        else:
            high = middle
    return exp((low + high) / 2)


def wait_until_below(
    limit: float,
    treatments: Sequence[Treatment],
    from_day: int,
    model: Decline,
    *,
    risk: float = 0.05,
    most_days: int = 120,
) -> int | None:
    """The first whole day from `from_day` on which the probability above the limit is at most `risk`; None when it is not
    reached in `most_days`. The probability only falls once the last application is over.

    >>> from fangxin.engines.decline.values import Spread, Treatment
    >>> wait_until_below(0.5, [Treatment(0, 60.0)], 1, Decline(Spread(4.0), Spread(0.02)))
    6
    """
    low = max(from_day, int(max((t.day for t in treatments), default=-inf)) if treatments else from_day)
    high = low + most_days
    if probability_above(limit, treatments, high, model) > risk:
        return None
    while low < high:
        middle = (low + high) // 2
        if probability_above(limit, treatments, middle, model) > risk:
            low = middle + 1
        else:
            high = middle
    return low
