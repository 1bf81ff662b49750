"""What a laboratory can say of one sample, and the three readings of what it could not see.

Lower, middle and upper bound: WHO GEMS/Food-EURO, "Reliable evaluation of low-level contamination of food" (Kulmbach
1995); EFSA, "Management of left-censored data in dietary exposure assessment", EFSA Journal 8 (2010) 1557. Numbers are
binary floats: they are read by people who consult, never compared with a limit of law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite


class Seen(StrEnum):
    """How much of the substance the method saw."""

    QUANTIFIED = "quantified"
    TRACE = "trace"  # between detection and quantification limit
    NOT_DETECTED = "not_detected"


class Bound(StrEnum):
    """How what was not quantified is read."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"


class Treatment(StrEnum):
    """What a share of results that were not quantified allows."""

    ONE_ESTIMATE = "one_estimate"  # up to 60 %: half the limit may stand for it
    LOWER_AND_UPPER = "lower_and_upper"  # up to 80 %: both bounds, no middle alone
    RANGE_ONLY = "range_only"  # beyond: a range of the mean, no percentiles
    NOTHING = "nothing"  # there are no results


ONE_ESTIMATE_UP_TO = 0.60
PERCENTILES_UP_TO = 0.80


@dataclass(frozen=True, slots=True)
class Observation:
    """One result and its method's limits, all in one unit, such as mg/kg.

    `value` is None where the laboratory gave no number. A number below the quantification limit counts as a trace,
    since the method vouches for no more. Raises ValueError for what cannot be: negative numbers, a quantification limit
    below the detection limit, and "not detected" without any limit, which would bound nothing.

    >>> Observation(0.05, lod=0.01, loq=0.03).seen.value, Observation(0.02, lod=0.01, loq=0.03).seen.value
    ('quantified', 'trace')
    >>> unseen = Observation(None, lod=0.01, loq=0.03)
    >>> unseen.read(Bound.LOWER), unseen.read(Bound.MIDDLE), unseen.read(Bound.UPPER)
    (0.0, 0.005, 0.01)
    """

    value: float | None
    lod: float | None = None
    loq: float | None = None
    trace: bool = False  # reported as "detected, below the quantification limit", with or without a number

    def __post_init__(self) -> None:
        known = [x for x in (self.value, self.lod, self.loq) if x is not None]
        if any(not isfinite(x) or x < 0 for x in known):
            raise ValueError("results and limits are finite and not negative")
        if self.lod is not None and self.loq is not None and self.loq < self.lod:
            raise ValueError("the quantification limit lies below the detection limit")
        if self.value is None and not (self.lod or self.loq):
            raise ValueError("not detected without a limit says nothing")
        if self.trace and not self.loq:
            raise ValueError("a trace needs the quantification limit")

    @property
    def seen(self) -> Seen:
        if self.trace:
            return Seen.TRACE
        if self.value is None or self.value < (self.lod or 0) or (self.value == 0 and (self.lod or self.loq)):
            return Seen.NOT_DETECTED
        return Seen.TRACE if self.value < (self.loq or 0) else Seen.QUANTIFIED

    @property
    def span(self) -> tuple[float, float]:
        """Between which two numbers the true one lies; the same number twice where it was quantified."""
        seen = self.seen
        if seen is Seen.TRACE:
            return self.lod or 0.0, self.loq or 0.0
        if seen is Seen.NOT_DETECTED or self.value is None:
            return 0.0, self.lod or self.loq or 0.0
        return self.value, self.value

    def read(self, bound: Bound) -> float:
        """The number that stands for the result: lower bound 0 or LOD, upper bound LOD or LOQ, middle half the upper
        (never below the lower)."""
        low, high = self.span
        if bound is Bound.LOWER or low == high:
            return low
        return high if bound is Bound.UPPER else max(low, high / 2)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many results, how many not quantified, and the mean by each bound; None where there are no results."""

    count: int
    not_detected: int
    trace: int
    lower: float | None
    middle: float | None
    upper: float | None
    highest: float | None

    @property
    def censored_share(self) -> float | None:
        return (self.not_detected + self.trace) / self.count if self.count else None

    @property
    def treatment(self) -> Treatment:
        return treatment_for(self.censored_share)


def treatment_for(censored_share: float | None) -> Treatment:
    """What may be said at a share of results that were not quantified (GEMS/Food 1995; beyond 80 % our own choice).

    >>> treatment_for(0.4).value, treatment_for(0.85).value
    ('one_estimate', 'range_only')
    """
    if censored_share is None:
        return Treatment.NOTHING
    if censored_share <= ONE_ESTIMATE_UP_TO:
        return Treatment.ONE_ESTIMATE
    return Treatment.LOWER_AND_UPPER if censored_share <= PERCENTILES_UP_TO else Treatment.RANGE_ONLY


def summarize(observations: Sequence[Observation]) -> Summary:
    """Count and average by each bound.

    >>> shown = [Observation(1.1)] * 30 + [Observation(None, lod=0.2)] * 170
    >>> summary = summarize(shown)
    >>> round(summary.lower, 3), round(summary.upper, 3), summary.treatment.value
    (0.165, 0.335, 'range_only')
    """
    seen = [o.seen for o in observations]
    means = {bound: _mean([o.read(bound) for o in observations]) for bound in Bound}
    return Summary(
        count=len(observations),
        not_detected=seen.count(Seen.NOT_DETECTED),
        trace=seen.count(Seen.TRACE),
        lower=means[Bound.LOWER],
        middle=means[Bound.MIDDLE],
        upper=means[Bound.UPPER],
        highest=max((o.read(Bound.UPPER) for o in observations), default=None),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def drop_unfit(observations: Sequence[Observation], *, loq_at_most: float) -> tuple[list[Observation], int]:
    """Leave out results whose method sees too little: quantification limit (or, unknown, three times the detection
    limit) above a cut-off. Applied to quantified results alike, so that high ones are not kept alone (EFSA 2018).

    Returns those kept and how many were left out. Raises ValueError for a cut-off that is not positive.
    """
    if not loq_at_most > 0:
        raise ValueError("a cut-off is positive")
    kept = [o for o in observations if _limit(o) <= loq_at_most]
    return kept, len(observations) - len(kept)


def _limit(observation: Observation) -> float:
    return observation.loq or 3 * (observation.lod or 0.0)
