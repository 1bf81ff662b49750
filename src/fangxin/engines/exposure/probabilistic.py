"""Exposure of many imagined people, and how sure it is: variability inside, uncertainty outside.

Two-dimensional Monte Carlo as in WHO/IPCS EHC 240 chapter 6 and EFSA, EFSA Journal 10 (2012) 2839. The inner loop draws
people (body weight, amounts eaten, concentrations); the outer one draws anew the samples and surveys on which that rests
(bootstrap). The generator comes from the caller, so that a run can be run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from fangxin.engines.exposure.censored import LognormalFit
from fangxin.engines.exposure.observations import PERCENTILES_UP_TO, Bound, Observation, summarize

Numbers = NDArray[np.float64]
PERCENTILES = (0.5, 0.75, 0.9, 0.95, 0.975, 0.99)


class Mode(StrEnum):
    CHRONIC = "chronic"  # a life evens out: each person meets the mean concentration
    ACUTE = "acute"  # one day: each person meets one result


@dataclass(frozen=True, slots=True)
class Amount:
    """A positive quantity that differs between people: lognormal with a mean and a coefficient of variation, eaten by a
    share of people; or the answers of a survey, drawn with replacement.

    `surveyed` is how many answers stand behind a mean and variation: the uncertainty of the mean comes from it.
    """

    mean: float = 0.0
    variation: float = 0.0
    share: float = 1.0
    surveyed: int | None = None
    answers: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        bad_shape = not self.answers and not (self.mean > 0 and self.variation >= 0 and 0 < self.share <= 1)
        if bad_shape or any(not answer >= 0 for answer in self.answers):
            raise ValueError("an amount has a positive mean, or answers that are not negative")

    def resampled(self, rng: Generator) -> "Amount":
        """The same as another survey of the same size might have found it."""
        if self.answers:
            return Amount(answers=tuple(rng.choice(self.answers, size=len(self.answers))))
        if not self.surveyed or not self.variation:
            return self
        sigma = _sigma(self.variation)
        shift = rng.normal(0.0, sigma / self.surveyed**0.5)
        return Amount(self.mean * float(np.exp(shift)), self.variation, self.share, self.surveyed)

    def draw(self, rng: Generator, people: int) -> Numbers:
        if self.answers:
            return rng.choice(np.array(self.answers), size=people)
        sigma = _sigma(self.variation)
        drawn: Numbers = self.mean * np.exp(rng.normal(-(sigma**2) / 2, sigma, size=people))
        return drawn if self.share >= 1 else drawn * (rng.random(people) < self.share)


def _sigma(variation: float) -> float:
    return float(np.sqrt(np.log1p(variation**2)))


@dataclass(frozen=True, slots=True)
class Diet:
    """One food: its results (mg/kg), or a distribution fitted to them, and what people eat of it (g a day; `mean` over
    eaters where a `share` eats it)."""

    food: str
    grams: Amount
    observations: tuple[Observation, ...] = ()
    fitted: LognormalFit | None = None

    def __post_init__(self) -> None:
        if not self.observations and self.fitted is None:
            raise ValueError("a food needs results")


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile of people's exposure with the interval that sampling leaves."""

    at: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Exposure in μg per kg body weight and day. `percentiles` is empty where too little was quantified for any."""

    bound: Bound
    mean: float
    mean_low: float
    mean_high: float
    percentiles: tuple[Percentile, ...]
    censored_share: float
    share_above: Percentile | None  # people above the guidance value asked about, with its interval


def simulate_exposure(
    diet: Sequence[Diet],
    *,
    body_weight_kg: Amount,
    bound: Bound,
    rng: Generator,
    mode: Mode = Mode.CHRONIC,
    people: int = 2000,
    rounds: int = 200,
    guidance: float | None = None,
    level: float = 0.95,
) -> Distribution:
    """Draw `rounds` times anew what is known, and `people` people each time.

    Values are medians over the rounds, intervals their central `level`. No percentile is given, and no share above the
    `guidance` value, when more than 80 % of all results were not quantified. Raises ValueError without foods, for fewer
    than 100 people or 20 rounds, and for an answer of zero body weight.
    """
    if not diet or people < 100 or rounds < 20 or any(not a > 0 for a in body_weight_kg.answers):
        raise ValueError("a simulation needs foods, body weights, 100 people and 20 rounds")
    unseen = _censored_share(diet)
    shown = unseen <= PERCENTILES_UP_TO
    means, quantiles, above = [], [], []
    for _round in range(rounds):
        exposure = _people(diet, body_weight_kg, bound, rng, mode, people)
        means.append(float(exposure.mean()))
        if shown:
            quantiles.append(np.quantile(exposure, PERCENTILES))
            if guidance is not None:
                above.append(float((exposure > guidance).mean()))
    tail = (1 - level) / 2
    middle, low, high = (float(np.quantile(means, q)) for q in (0.5, tail, 1 - tail))
    return Distribution(
        bound=bound,
        mean=middle,
        mean_low=low,
        mean_high=high,
        percentiles=tuple(_percentile(at, [q[i] for q in quantiles], tail) for i, at in enumerate(PERCENTILES))
        if shown
        else (),
        censored_share=unseen,
        share_above=_percentile(guidance, above, tail) if above and guidance is not None else None,
    )


def _percentile(at: float, drawn: Sequence[float], tail: float) -> Percentile:
    middle, low, high = (float(np.quantile(drawn, q)) for q in (0.5, tail, 1 - tail))
    return Percentile(at, middle, low, high)


def _censored_share(diet: Sequence[Diet]) -> float:
    """Of the food whose results show least, since it alone can make the tail a guess."""
    shares = [summarize(food.observations).censored_share for food in diet if food.observations]
    fitted = [1 - f.fitted.quantified / f.fitted.count for f in diet if f.fitted is not None and not f.observations]
    return max([*(share for share in shares if share is not None), *fitted], default=0.0)


def _people(
    diet: Sequence[Diet], weight: Amount, bound: Bound, rng: Generator, mode: Mode, people: int
) -> Numbers:  # fmt: skip
    total = np.zeros(people)
    for food in diet:
        total += _concentration(food, bound, rng, mode)(people) * food.grams.resampled(rng).draw(rng, people)
    exposure: Numbers = total / weight.resampled(rng).draw(rng, people)
    return exposure


def _concentration(food: Diet, bound: Bound, rng: Generator, mode: Mode) -> Callable[[int], Numbers]:
    """Concentrations (mg/kg) for so many people, from the results as they might have turned out."""
    if food.fitted is not None:
        mu, sigma = _redrawn(food.fitted, rng)
        if mode is Mode.CHRONIC:
            return lambda people: np.full(people, np.exp(mu + sigma**2 / 2))
        return lambda people: np.exp(rng.normal(mu, sigma, size=people))
    results = np.array([o.read(bound) for o in food.observations])
    again = rng.choice(results, size=len(results))
    if mode is Mode.CHRONIC:
        return lambda people: np.full(people, again.mean())
    return lambda people: rng.choice(again, size=people)


def _redrawn(fit: LognormalFit, rng: Generator) -> tuple[float, float]:
    """Parameters from their own sampling distribution."""
    covariance = [[fit.se_mu**2, fit.covariance], [fit.covariance, (fit.se_sigma / fit.sigma) ** 2]]
    mu, log_sigma = rng.multivariate_normal([fit.mu, float(np.log(fit.sigma))], covariance)
    return float(mu), float(np.exp(log_sigma))
