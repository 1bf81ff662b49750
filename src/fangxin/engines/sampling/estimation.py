"""What the drawn say about all: Horvitz–Thompson total and mean, Hájek ratio, each with an interval or none.

The variance is that of a fixed-size design of high entropy (J. Hájek 1964; J.-C. Deville, Y. Tillé, "Variance
approximation under balanced sampling", J. Stat. Plan. Inference 128 (2005)): what is left of y/π when the strata
are taken out. Estimates are binary floats for reading, not values that a law compares.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import inf, log, sqrt

from fangxin.engines.sampling.drawing import DrawnTarget, DrawResult
from fangxin.engines.sampling.quantiles import student_quantile

_MAX_PASSES = 200
# Few findings sit in few strata, and the others would count as certain to have none. As in the interval of A. Agresti
# and B. Coull (1998), four imagined findings are added; here they are spread evenly, and only widen.
_IMAGINED = 4


class IntervalKind(StrEnum):
    """How the interval was made."""

    CENSUS = "census"  # everything was certain to be drawn: no uncertainty of sampling
    EXACT = "exact"  # findings nowhere, or everywhere: bound on what may be hidden among those not drawn
    WILSON = "wilson"  # yes or no, with the effective sample size
    STUDENT = "student"  # amounts
    NONE = "none"  # cannot be estimated: too few, or all alike


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its interval; `low` and `high` are None where no interval can be given."""

    value: float
    low: float | None
    high: float | None
    kind: IntervalKind


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates for everything listed. All three are None while outcomes are missing.

    `total`: sum over all listed. `mean`: total per target listed. `ratio`: total per target in scope.
    """

    total: Estimate | None
    mean: Estimate | None
    ratio: Estimate | None
    level: Decimal
    drawn: int
    missing: tuple[str, ...]  # drawn, neither an outcome nor out of scope


@dataclass(frozen=True, slots=True)
class _Unit:
    chance: float
    amount: float
    in_scope: float  # 1 or 0
    strata: tuple[str, ...]


def estimate(
    result: DrawResult,
    outcomes: Mapping[str, int | Decimal | Fraction],
    *,
    out_of_scope: Collection[str] = (),
    level: Decimal = Decimal("0.95"),
) -> Estimates:
    """Estimate from the outcomes of the drawn: 1 and 0 for found and not found, or amounts.

    `out_of_scope` are drawn targets found not to belong to what is asked about, such as premises that have closed: they
    add nothing to the total and do not count in the ratio's denominator. Raises ValueError for outcomes of targets that
    were not drawn, and for a level outside 0.5–0.999.
    """
    drawn = result.drawn
    names = {target.id for target in drawn}
    if not outcomes.keys() | set(out_of_scope) <= names or outcomes.keys() & set(out_of_scope):
        raise ValueError("an outcome, or being out of scope, belongs to a drawn target, and only one of the two")
    if not Decimal("0.5") <= level <= Decimal("0.999"):
        raise ValueError("the level lies between 0.5 and 0.999")
    missing = tuple(sorted(names - outcomes.keys() - set(out_of_scope)))
    if missing:
        return Estimates(None, None, None, level, len(drawn), missing)
    units = [
        _Unit(float(t.probability), float(outcomes.get(t.id, 0)), float(t.id in outcomes), t.strata) for t in drawn
    ]
    estimating = _Estimating(result, units, level)
    total = estimating.total()
    mean = _scaled(total, len(result.targets))
    return Estimates(total, mean, estimating.ratio(total), level, len(drawn), ())


def _scaled(value: Estimate, size: int) -> Estimate:
    low, high = (None if bound is None else bound / size for bound in (value.low, value.high))
    return Estimate(value.value / size, low, high, value.kind)


class _Estimating:
    def __init__(self, result: DrawResult, units: Sequence[_Unit], level: Decimal) -> None:
        self.result, self.units = result, units
        self.tail = float((1 - level) / 2)
        self.sampled = [unit for unit in units if unit.chance < 1]
        chances = [float(target.probability) for target in result.targets]
        self.open = sum(chance < 1 for chance in chances)
        self.odds_against = sum(1 / chance - 1 for chance in chances)
        self.yes_or_no = all(unit.amount in (0, 1) for unit in units)

    @property
    def alike(self) -> float | None:
        """What every sampled unit answered, when the answers are yes or no and all the same."""
        answers = {unit.amount for unit in self.sampled}
        return answers.pop() if self.yes_or_no and len(answers) == 1 else None

    def total(self) -> Estimate:
        certain = sum(unit.amount for unit in self.units if unit.chance == 1)
        sampled = sum(unit.amount / unit.chance for unit in self.sampled)
        value = certain + sampled
        if not self.open:
            return Estimate(value, value, value, IntervalKind.CENSUS)
        if self.alike is not None:
            hidden = most_hidden(self.result, self.tail)
            fewest = 0 if self.alike == 0 else self.open - hidden
            return Estimate(value, certain + fewest, certain + fewest + hidden, IntervalKind.EXACT)
        spread = self.variance([unit.amount for unit in self.sampled])
        if not self.yes_or_no or spread is None:
            return self.of_amounts(value, spread)
        size = sum(1 / unit.chance for unit in self.sampled)
        low, high = self.wilson(sampled / self.open, self.steadied(spread, sampled / size) / self.open**2)
        # What was seen is sure: so many at least, and so many at least without.
        found = sum(unit.amount for unit in self.sampled)
        low, high = max(low * self.open, found), min(high * self.open, self.open - (len(self.sampled) - found))
        return Estimate(value, certain + low, certain + high, IntervalKind.WILSON)

    def ratio(self, total: Estimate) -> Estimate | None:
        size = sum(unit.in_scope / unit.chance for unit in self.units)
        if not size:
            return None
        value = sum(unit.amount / unit.chance for unit in self.units) / size
        if not self.open:
            return Estimate(value, value, value, IntervalKind.CENSUS)
        if self.alike is not None and all(unit.in_scope for unit in self.units):
            bounds = _scaled(total, len(self.result.targets))
            return Estimate(value, bounds.low, bounds.high, IntervalKind.EXACT)
        spread = self.variance([unit.amount - value * unit.in_scope for unit in self.sampled])
        if self.yes_or_no and spread is not None and 0 < value < 1:
            return Estimate(value, *self.wilson(value, self.steadied(spread, value) / size**2), IntervalKind.WILSON)
        return self.of_amounts(value, None if spread is None else spread / size**2)

    def of_amounts(self, value: float, spread: float | None) -> Estimate:
        """Equal amounts under equal chances show no spread at all; that is no proof of certainty."""
        if not spread:
            return Estimate(value, None, None, IntervalKind.NONE)
        margin = self.quantile() * sqrt(spread)
        return Estimate(value, value - margin, value + margin, IntervalKind.STUDENT)

    def steadied(self, spread: float, share: float) -> float:
        """The variance, or that of the findings with the imagined ones among them where it is larger."""
        found = sum(unit.amount for unit in self.sampled)
        rarer = min(found, len(self.sampled) - found)
        even = share * (1 - share) * self.odds_against
        return max(spread, (rarer * spread + _IMAGINED * even) / (rarer + _IMAGINED))

    def wilson(self, share: float, spread: float) -> tuple[float, float]:
        """Interval of a share with variance `spread`, E. B. Wilson's with the effective sample size."""
        quantile = self.quantile()
        if not 0 < share < 1:
            margin = quantile * sqrt(spread)
            return max(0.0, share - margin), min(1.0, share + margin)
        pull = quantile**2 * spread / (share * (1 - share))  # t² ÷ effective size
        centre = (share + pull / 2) / (1 + pull)
        margin = sqrt(pull * share * (1 - share) + pull**2 / 4) / (1 + pull)
        return max(0.0, centre - margin), min(1.0, centre + margin)

    def quantile(self) -> float:
        return student_quantile(1 - self.tail, self.freedom())

    def freedom(self) -> int:
        if self.is_crossed:
            lines = sum(len({unit.strata[axis] for unit in self.sampled}) for axis in (0, 1))
            return len(self.sampled) - lines + 1
        groups = self.groups()
        return 0 if groups is None else len(self.sampled) - len(groups)

    @property
    def is_crossed(self) -> bool:
        return len(self.result.plan.quotas) > 1

    def groups(self) -> list[list[int]] | None:
        """Sampled units by stratum; strata with one unit are joined, which overstates the variance if anything."""
        by_stratum: dict[str, list[int]] = {}
        for place, unit in enumerate(self.sampled):
            by_stratum.setdefault(unit.strata[0], []).append(place)
        groups = sorted((g for g in by_stratum.values() if len(g) > 1), key=len)
        single = [place for group in by_stratum.values() if len(group) == 1 for place in group]
        if len(single) == 1:
            if not groups:
                return None
            groups[0] = groups[0] + single
        elif single:
            groups.append(single)
        return groups

    def variance(self, values: Sequence[float]) -> float | None:
        """Variance of the sum of values ÷ π over the sampled; None when it cannot be told."""
        if self.freedom() < 1:
            return None
        weights = [1 - unit.chance for unit in self.sampled]
        expanded = [value / unit.chance for value, unit in zip(values, self.sampled, strict=True)]
        if self.is_crossed:
            spread = self.crossed_spread(expanded, weights)
        else:
            spread = sum(
                _spread(group, expanded, weights) * len(group) / (len(group) - 1) for group in self.groups() or []
            )
        negligible = 1e-18 * sum(value * value for value in expanded)
        return spread if spread > negligible else 0.0

    def crossed_spread(self, expanded: Sequence[float], weights: Sequence[float]) -> float:
        """Take the means of both classifications out in turn until nothing is left to take."""
        rest = list(expanded)
        scale = max(map(abs, rest), default=0.0)
        lines: list[dict[str, list[int]]] = [{}, {}]
        for axis, line in enumerate(lines):
            for place, unit in enumerate(self.sampled):
                line.setdefault(unit.strata[axis], []).append(place)
        for _ in range(_MAX_PASSES):
            taken = 0.0
            for line in lines:
                for group in line.values():
                    mean = _mean(group, rest, weights)
                    taken = max(taken, abs(mean))
                    for place in group:
                        rest[place] -= mean
            if taken <= 1e-12 * scale:
                break
        size = len(rest)
        return size / self.freedom() * sum(w * r * r for w, r in zip(weights, rest, strict=True))


def _mean(group: Sequence[int], values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(weights[n] * values[n] for n in group) / sum(weights[n] for n in group)


def _spread(group: Sequence[int], values: Sequence[float], weights: Sequence[float]) -> float:
    mean = _mean(group, values, weights)
    return sum(weights[n] * (values[n] - mean) ** 2 for n in group)


def most_hidden(result: DrawResult, tail: float) -> int:
    """How many may have what none of the drawn has: the largest set not drawn that escapes with probability > tail.

    A set escapes the draw with at most the product of its 1 − π (Gandhi and others 2006: being drawn is negatively
    correlated). Where two quotas cross this holds within each stratum only, so the strata of the better one are added
    up: valid, and wide.
    """
    spared = [target for target in result.targets if not target.drawn]
    if len(result.plan.quotas) == 1:
        return _escape(spared, tail)
    sums = []
    for axis in (0, 1):
        names = Counter(target.strata[axis] for target in spared)
        sums.append(sum(_escape([t for t in spared if t.strata[axis] == name], tail) for name in names))
    return min(sums)


def _escape(spared: Sequence[DrawnTarget], tail: float) -> int:
    left = log(tail) if tail > 0 else -inf
    for count, chance in enumerate(sorted(float(t.probability) for t in spared)):
        left -= log(1 - chance) if chance < 1 else -inf
        if left >= 0:
            return count
    return len(spared)
