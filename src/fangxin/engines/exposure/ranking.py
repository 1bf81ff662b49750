"""Which hazard in which food first: severity × likelihood × trend, each with its reason.

A way of ordering a county's attention, not a measurement: the three scales are ours, written down in the rules that the
caller hands over, and every place in the order carries what put it there. Compare FAO, "Food safety risk management:
evidence-informed policies and decisions, considering multiple factors" (2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Factor(StrEnum):
    SEVERITY = "severity"
    LIKELIHOOD = "likelihood"
    TREND = "trend"


class Why(StrEnum):
    """The fact that decided a factor."""

    SEVERITY_STATED = "severity_stated"
    SEVERITY_UNKNOWN = "severity_unknown"
    ABOVE_LIMIT = "above_limit"  # share of results above the limit, upper bound of its interval
    SHARE_OF_GUIDANCE = "share_of_guidance"
    MARGIN_OF_EXPOSURE = "margin_of_exposure"
    NOT_ENOUGH = "not_enough"  # too little to say: counted in the middle, never as low
    RISEN = "risen"
    STEADY = "steady"
    FALLEN = "fallen"
    TREND_UNKNOWN = "trend_unknown"


@dataclass(frozen=True, slots=True)
class Scale:
    """Thresholds from which a factor is 2, 3, 4, 5; below the first it is 1."""

    above_limit: tuple[float, float, float, float]
    share_of_guidance: tuple[float, float, float, float]
    margin: tuple[float, float, float, float]  # falling: below the first is 2, …
    fewest_results: int
    vulnerable_step: int = 1  # added to severity where children or pregnant women eat it
    trend: dict[str, float] | None = None  # factor for risen, steady, fallen, unknown


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a hazard in a food. None means unknown, which is not low."""

    hazard: str
    food: str
    severity: int | None  # 1–5
    results: int
    above_limit_high: float | None = None  # upper bound of the share above the limit; None where there is no limit
    share_of_guidance: float | None = None  # of the guidance value, at the upper bound
    margin_of_wanted: float | None = None  # margin of exposure ÷ margin wanted
    trend: str | None = None  # risen, steady, fallen
    vulnerable: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    factor: Factor
    why: Why
    score: float
    value: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    hazard: str
    food: str
    score: float
    reasons: tuple[Reason, ...]
    provisional: bool  # something was unknown


_UNKNOWN = 3


def rank_hazards(candidates: Sequence[Candidate], scale: Scale) -> list[Ranked]:
    """Order by severity × likelihood × trend, highest first; equal scores by name.

    What is unknown scores in the middle and marks the place as provisional: it must not sink out of sight.
    """
    return sorted((_rank(c, scale) for c in candidates), key=lambda r: (-r.score, r.hazard, r.food))


def _rank(candidate: Candidate, scale: Scale) -> Ranked:
    reasons = (_severity(candidate, scale), _likelihood(candidate, scale), _trend(candidate, scale))
    score = reasons[0].score * reasons[1].score * reasons[2].score
    unknown = {Why.SEVERITY_UNKNOWN, Why.NOT_ENOUGH, Why.TREND_UNKNOWN}
    return Ranked(candidate.hazard, candidate.food, score, reasons, any(r.why in unknown for r in reasons))


def _severity(candidate: Candidate, scale: Scale) -> Reason:
    step = scale.vulnerable_step if candidate.vulnerable else 0
    if candidate.severity is None:
        return Reason(Factor.SEVERITY, Why.SEVERITY_UNKNOWN, min(_UNKNOWN + step, 5), None)
    return Reason(Factor.SEVERITY, Why.SEVERITY_STATED, min(candidate.severity + step, 5), candidate.severity)


def _likelihood(candidate: Candidate, scale: Scale) -> Reason:
    """The gravest of what is known: share above the limit, share of the guidance value, margin."""
    found: list[Reason] = []
    enough = candidate.results >= scale.fewest_results
    if candidate.above_limit_high is not None and enough:
        score = _steps(candidate.above_limit_high, scale.above_limit)
        found.append(Reason(Factor.LIKELIHOOD, Why.ABOVE_LIMIT, score, candidate.above_limit_high))
    if candidate.share_of_guidance is not None and enough:
        score = _steps(candidate.share_of_guidance, scale.share_of_guidance)
        found.append(Reason(Factor.LIKELIHOOD, Why.SHARE_OF_GUIDANCE, score, candidate.share_of_guidance))
    if candidate.margin_of_wanted is not None and enough:
        score = 1 + sum(1 for edge in scale.margin if candidate.margin_of_wanted < edge)
        found.append(Reason(Factor.LIKELIHOOD, Why.MARGIN_OF_EXPOSURE, score, candidate.margin_of_wanted))
    if not found:
        return Reason(Factor.LIKELIHOOD, Why.NOT_ENOUGH, _UNKNOWN, float(candidate.results))
    return max(found, key=lambda reason: reason.score)


def _steps(value: float, edges: Sequence[float]) -> int:
    return 1 + sum(1 for edge in edges if value >= edge)


def _trend(candidate: Candidate, scale: Scale) -> Reason:
    factors = scale.trend or {"risen": 1.5, "steady": 1.0, "fallen": 0.8, "unknown": 1.0}
    why = {"risen": Why.RISEN, "steady": Why.STEADY, "fallen": Why.FALLEN}.get(candidate.trend or "", Why.TREND_UNKNOWN)
    return Reason(Factor.TREND, why, factors["unknown" if why is Why.TREND_UNKNOWN else why.value], None)
