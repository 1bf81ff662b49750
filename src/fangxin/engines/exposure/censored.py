"""Means of heavily censored results: maximum likelihood, regression on order statistics, Kaplan–Meier.

Sources: D. R. Helsel, "Statistics for Censored Environmental Data Using Minitab and R", 2nd ed. (2012); D. R. Helsel and
T. A. Cohn, Water Resources Research 24 (1988) 1997–2004 (plotting positions); J. Tobin, Econometrica 26 (1958) 24–36.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, inf, log, sqrt
from statistics import NormalDist, fmean, stdev

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_ndtr

from fangxin.engines.exposure.observations import Observation, Seen

FEWEST_QUANTIFIED = 5
_FEWEST_FOR_REGRESSION = 3
_MOST_SPREAD = 20.0  # on the log scale; a fit beyond it has run away
_HALF_LOG_TAU = 0.5 * log(2 * np.pi)
_NORMAL = NormalDist()

Numbers = NDArray[np.float64]


class CannotFit(ValueError):
    """There are too few different quantified results for the method."""


@dataclass(frozen=True, slots=True)
class LognormalFit:
    """Logarithms normal with mean `mu` and standard deviation `sigma` (natural logarithms), and standard errors.

    `mean_low` and `mean_high` bound the mean at 95 % (delta method on the log scale).
    """

    mu: float
    sigma: float
    se_mu: float
    se_sigma: float
    covariance: float  # of mu and log sigma
    log_likelihood: float  # of the results themselves, not of their logarithms
    quantified: int
    count: int

    @property
    def geometric_mean(self) -> float:
        return exp(self.mu)

    @property
    def geometric_sd(self) -> float:
        return exp(self.sigma)

    @property
    def mean(self) -> float:
        return exp(self.mu + self.sigma**2 / 2)

    @property
    def sd(self) -> float:
        return self.mean * sqrt(expm1(self.sigma**2))

    @property
    def mean_interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean."""
        slope = self.sigma**2  # of mu + sigma²/2 in log sigma
        variance = self.se_mu**2 + slope**2 * (self.se_sigma / self.sigma) ** 2 + 2 * slope * self.covariance
        reach = 1.959963984540054 * sqrt(max(variance, 0.0))
        return self.mean * exp(-reach), self.mean * exp(reach)

    def quantile(self, share: float) -> float:
        return exp(self.mu + self.sigma * _NORMAL.inv_cdf(share))

    def exceeding(self, limit: float) -> float:
        """Share of the distribution above a value."""
        return 1.0 if limit <= 0 else 1 - _NORMAL.cdf((log(limit) - self.mu) / self.sigma)


def fit_lognormal(observations: Sequence[Observation]) -> LognormalFit:
    """Fit a lognormal distribution by maximum likelihood (Tobit): a quantified result counts with its density, any other
    with the probability of the span in which it lies.

    Raises CannotFit with fewer than five quantified results, or when they are all alike.
    """
    low, high = _spans(observations)
    exact = low == high
    quantified = int(exact.sum())
    values = np.log(high[exact])
    if quantified < FEWEST_QUANTIFIED or float(np.ptp(values)) == 0:
        raise CannotFit(f"{quantified} quantified results; {FEWEST_QUANTIFIED} that differ are needed")
    likelihood = _Likelihood(values, low[~exact], high[~exact])
    guess = np.log(np.where(exact, high, high / 2))
    found = minimize(
        likelihood.negative, np.array([guess.mean(), log(guess.std() or 1.0)]), jac=True, method="BFGS",
        options={"gtol": 1e-9},
    )  # fmt: skip
    mu, log_sigma = (float(x) for x in found.x)
    # Close to the end rounding can stop the search short of its own tolerance: what counts is that the slope is flat.
    if not abs(log_sigma) < _MOST_SPREAD or float(np.abs(found.jac).max()) > 1e-4 * len(observations):
        raise CannotFit("the likelihood has no maximum within reach")
    covariance = np.linalg.inv(likelihood.information(found.x))
    sigma = exp(log_sigma)
    return LognormalFit(
        mu=mu,
        sigma=sigma,
        se_mu=sqrt(covariance[0, 0]),
        se_sigma=sigma * sqrt(covariance[1, 1]),
        covariance=float(covariance[0, 1]),
        log_likelihood=-float(found.fun) - float(values.sum()),
        quantified=quantified,
        count=len(observations),
    )


def _spans(observations: Sequence[Observation]) -> tuple[Numbers, Numbers]:
    spans = np.array([o.span for o in observations], dtype=float).reshape(-1, 2)
    if bool((spans[:, 1] <= 0).any()):
        raise CannotFit("a result of zero without a limit has no logarithm")
    return spans[:, 0], spans[:, 1]


class _Likelihood:
    """Of logarithms, in (mu, log sigma)."""

    def __init__(self, values: Numbers, low: Numbers, high: Numbers) -> None:
        self.values = values
        self.high = np.log(high)
        with np.errstate(divide="ignore"):
            self.low = np.log(low)  # minus infinity below a detection limit

    def negative(self, at: Numbers) -> tuple[float, Numbers]:
        mu, sigma = float(at[0]), exp(min(max(float(at[1]), -_MOST_SPREAD), _MOST_SPREAD))
        z = (self.values - mu) / sigma
        above, below = (self.high - mu) / sigma, (self.low - mu) / sigma
        whole = log_ndtr(above)
        with np.errstate(over="ignore", divide="ignore"):
            mass = whole + np.log(-np.expm1(log_ndtr(below) - whole))
        edge = np.exp(-(above**2) / 2 - _HALF_LOG_TAU - mass)
        finite = np.where(np.isfinite(below), below, 0.0)
        inner = np.where(np.isfinite(below), np.exp(-(finite**2) / 2 - _HALF_LOG_TAU - mass), 0.0)
        total = float(np.sum(-(z**2) / 2) - len(z) * (log(sigma) + _HALF_LOG_TAU) + np.sum(mass))
        slope_mu = float(np.sum(z) - np.sum(edge - inner)) / sigma
        slope_sigma = float(np.sum(z**2 - 1) - np.sum(above * edge - finite * inner))
        return -total, np.array([-slope_mu, -slope_sigma])

    def information(self, at: Numbers) -> Numbers:
        """Second derivatives at the maximum, from differences of the slopes."""
        step = 1e-5
        moves = np.eye(2) * step
        matrix: Numbers = np.array([(self.negative(at + m)[1] - self.negative(at - m)[1]) / (2 * step) for m in moves])
        symmetric: Numbers = (matrix + matrix.T) / 2
        return symmetric


@dataclass(frozen=True, slots=True)
class OrderStatisticsFit:
    """Results with those not quantified put on the line of the others; mean and spread of them all.

    `dropped` are results whose limit lies above every quantified one: they say nothing about the order.
    """

    values: tuple[float, ...]  # ascending
    mean: float
    sd: float
    median: float
    intercept: float
    slope: float
    dropped: int


def fit_order_statistics(observations: Sequence[Observation]) -> OrderStatisticsFit:
    """Robust regression on order statistics (ROS) with the plotting positions of Helsel and Cohn, for any number of
    detection limits. Traces count as below their quantification limit.

    Raises CannotFit with fewer than three quantified results, when they are all alike, or when more than 80 % are not
    quantified: the line would then rest on the tail alone.
    """
    top = max((o.span[1] for o in observations if o.seen is Seen.QUANTIFIED), default=0.0)
    seen = sorted(o.span[1] for o in observations if o.seen is Seen.QUANTIFIED)
    every = [o.span[1] for o in observations if o.seen is not Seen.QUANTIFIED]
    unseen = sorted(limit for limit in every if limit <= top)
    if len(seen) < _FEWEST_FOR_REGRESSION or seen[0] == seen[-1] or seen[0] <= 0 or len(unseen) > 4 * len(seen):
        raise CannotFit(f"{len(seen)} of {len(seen) + len(unseen)} results are quantified")
    shown, hidden = _plotting_positions(seen, unseen)
    x = [_NORMAL.inv_cdf(p) for p in shown]
    y = [log(value) for value in seen]
    slope = sum((a - fmean(x)) * (b - fmean(y)) for a, b in zip(x, y, strict=True)) / sum(
        (a - fmean(x)) ** 2 for a in x
    )
    intercept = fmean(y) - slope * fmean(x)
    values = sorted([*seen, *(exp(intercept + slope * _NORMAL.inv_cdf(p)) for p in hidden)])
    return OrderStatisticsFit(
        values=tuple(values),
        mean=fmean(values),
        sd=stdev(values),
        median=(values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2,
        intercept=intercept,
        slope=slope,
        dropped=len(every) - len(unseen),
    )


def _plotting_positions(seen: Sequence[float], unseen: Sequence[float]) -> tuple[list[float], list[float]]:
    """Positions of the quantified and of the other results, both in ascending order (Helsel and Cohn 1988)."""
    limits = sorted(set(unseen))
    if not limits or seen[0] < limits[0]:
        limits.insert(0, seen[0])
    exceeding = [0.0] * (len(limits) + 1)
    between = [0] * len(limits)
    for j in range(len(limits) - 1, -1, -1):
        upper = limits[j + 1] if j + 1 < len(limits) else inf
        between[j] = sum(1 for value in seen if limits[j] <= value < upper)
        below = sum(1 for value in seen if value < limits[j]) + sum(1 for limit in unseen if limit <= limits[j])
        exceeding[j] = exceeding[j + 1] + between[j] / max(between[j] + below, 1) * (1 - exceeding[j + 1])
    shown, hidden = [], []
    for j, limit in enumerate(limits):
        width = exceeding[j] - exceeding[j + 1]
        shown += [1 - exceeding[j] + r / (between[j] + 1) * width for r in range(1, between[j] + 1)]
        here = unseen.count(limit)
        hidden += [r / (here + 1) * (1 - exceeding[j]) for r in range(1, here + 1)]
    return shown, hidden


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The distribution without assuming its form: mass at each quantified value, and what lies below them all.

    `mean` puts that rest at the lowest limit, as R's restricted mean does; `mean_rest_at_zero` puts it at zero. `low` and
    `high` bound `mean` at 95 % (Greenwood).
    """

    values: tuple[float, ...]  # quantified, ascending, each once
    below_or_at: tuple[float, ...]  # share at or below each value
    rest: float  # share below the lowest quantified value
    mean: float
    mean_rest_at_zero: float
    standard_error: float
    low: float
    high: float

    def quantile(self, share: float) -> float | None:
        """The smallest quantified value with at least this share at or below it; None where only a limit is known."""
        if share <= self.rest:
            return None
        return next((v for v, f in zip(self.values, self.below_or_at, strict=True) if f >= share - 1e-12), None)


def kaplan_meier(observations: Sequence[Observation]) -> KaplanMeier:
    """Kaplan–Meier for results censored from the left: the scale is turned round, so that "below" becomes "beyond".

    Traces count as below their quantification limit. Raises CannotFit without any quantified result.
    """
    seen = sorted((o.span[1] for o in observations if o.seen is Seen.QUANTIFIED), reverse=True)
    if not seen:
        raise CannotFit("nothing was quantified")
    unseen = [o.span[1] for o in observations if o.seen is not Seen.QUANTIFIED]
    steps = _steps(seen, unseen)
    floor = min([*unseen, seen[-1]])
    rest = steps[-1][2]
    mean = floor * rest + sum(value * (upper - lower) for value, upper, lower, _risk, _hit in steps)
    # Kaplan and Meier's own correction for few quantified results; with one alone there is no spread to speak of.
    error = sqrt(_greenwood(steps, floor) * len(seen) / max(len(seen) - 1, 1))
    ascending = steps[::-1]
    return KaplanMeier(
        values=tuple(s[0] for s in ascending),
        below_or_at=tuple(s[1] for s in ascending),
        rest=rest,
        mean=mean,
        mean_rest_at_zero=mean - floor * rest,
        standard_error=error,
        low=max(mean - 1.959963984540054 * error, 0.0),
        high=mean + 1.959963984540054 * error,
    )


# Value, share at or below it, share below it, results at or below it, quantified results equal to it.
_Step = tuple[float, float, float, int, int]


def _steps(seen: Sequence[float], unseen: Sequence[float]) -> list[_Step]:
    """From the highest quantified value down."""
    steps: list[_Step] = []
    share = 1.0
    for value in dict.fromkeys(seen):
        hit = seen.count(value)
        risk = sum(1 for v in seen if v <= value) + sum(1 for limit in unseen if limit <= value)
        steps.append((value, share, share * (1 - hit / risk), risk, hit))
        share = steps[-1][2]
    return steps


def _greenwood(steps: Sequence[_Step], floor: float) -> float:
    total = area = 0.0
    under = floor
    for value, _upper, lower, risk, hit in reversed(steps):
        area += lower * (value - under)  # of the curve from the floor up to this value
        under = value
        if risk > hit:
            total += area**2 * hit / (risk * (risk - hit))
    return total
