"""Long-term exposure by point values, and short-term intake by the international equations.

Sources: WHO/IPCS EHC 240 chapter 6; FAO/WHO, "A template for the automatic calculation of the IESTI" with the guidance of
the JMPR (cases 1, 2a, 2b, 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fangxin.engines.exposure.observations import Bound, Observation, Summary, Treatment, summarize, treatment_for

SMALL_UNIT_G = 25.0


@dataclass(frozen=True, slots=True)
class Eaten:
    """A food with its results (mg/kg) and how much of it is eaten (g a day), in the state in which it was tested."""

    food: str
    observations: tuple[Observation, ...]
    grams_a_day: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one food adds, in μg per kg body weight and day, and its share of the whole by each bound."""

    food: str
    grams_a_day: float
    summary: Summary
    exposure: dict[Bound, float]
    share: dict[Bound, float | None]  # None where the whole is zero


@dataclass(frozen=True, slots=True)
class PointExposure:
    """Exposure in μg per kg body weight and day by each bound, and the foods that make it, the greatest first.

    `treatment` is the poorest that any contributing food's results allow.
    """

    total: dict[Bound, float]
    contributions: tuple[Contribution, ...]
    treatment: Treatment
    censored_share: float


def estimate_exposure(foods: Sequence[Eaten], *, body_weight_kg: float) -> PointExposure:
    """Mean concentration × intake ÷ body weight, summed over foods (EDI).

    mg/kg × g is μg. Raises ValueError without foods, for a food without results, and for what cannot be weighed.

    >>> rice = Eaten("rice", (Observation(0.02), Observation(None, lod=0.01)), grams_a_day=300)
    >>> found = estimate_exposure([rice], body_weight_kg=60)
    >>> {bound.value: round(value, 4) for bound, value in found.total.items()}
    {'lower': 0.05, 'middle': 0.0625, 'upper': 0.075}
    """
    if not foods or not body_weight_kg > 0:
        raise ValueError("exposure needs foods and a body weight")
    if any(not food.observations or not food.grams_a_day >= 0 for food in foods):
        raise ValueError("every food needs results and an intake that is not negative")
    means = {food.food: summarize(food.observations) for food in foods}
    if len(means) < len(foods):
        raise ValueError("a food is named twice")
    parts = {f.food: {b: _mean(means[f.food], b) * f.grams_a_day / body_weight_kg for b in Bound} for f in foods}
    total = {bound: sum(part[bound] for part in parts.values()) for bound in Bound}
    rows = [
        Contribution(
            food=f.food,
            grams_a_day=f.grams_a_day,
            summary=means[f.food],
            exposure=parts[f.food],
            share={b: parts[f.food][b] / total[b] if total[b] else None for b in Bound},
        )
        for f in foods
    ]
    unseen = sum(s.not_detected + s.trace for s in means.values()) / sum(s.count for s in means.values())
    poorest = max((s.censored_share or 0.0 for s in means.values()), default=0.0)
    rows.sort(key=lambda row: (-row.exposure[Bound.UPPER], row.food))
    return PointExposure(total, tuple(rows), treatment_for(poorest), unseen)


def _mean(summary: Summary, bound: Bound) -> float:
    value = {Bound.LOWER: summary.lower, Bound.MIDDLE: summary.middle, Bound.UPPER: summary.upper}[bound]
    return value or 0.0


class Case(StrEnum):
    """How the residue in what is eaten at once differs from the residue in the sample."""

    ONE = "1"  # small units: the sample shows the meal
    TWO_A = "2a"  # one unit is less than the meal: the first may hold more than the sample
    TWO_B = "2b"  # the meal is less than one unit
    THREE = "3"  # mixed or blended: the median residue


@dataclass(frozen=True, slots=True)
class Meal:
    """A large portion, and the residues found.

    `portion_g` eaten within a day (97.5th percentile of eaters), `body_weight_kg` of those eaters, `highest` and `median`
    residue in mg/kg of the edible part, `unit_g` edible weight of one unit, `variability` of units within a lot.
    """

    portion_g: float
    body_weight_kg: float
    highest: float | None = None
    median: float | None = None
    unit_g: float = 0.0
    variability: float = 3.0
    blended: bool = False


@dataclass(frozen=True, slots=True)
class ShortTermIntake:
    case: Case
    intake: float  # μg per kg body weight and day


def case_of(meal: Meal) -> Case:
    """Which of the equations applies.

    >>> case_of(Meal(portion_g=400, body_weight_kg=60, highest=0.9, unit_g=150)).value
    '2a'
    """
    if meal.blended:
        return Case.THREE
    if meal.unit_g < SMALL_UNIT_G:
        return Case.ONE
    return Case.TWO_A if meal.unit_g < meal.portion_g else Case.TWO_B


def estimate_short_term_intake(meal: Meal) -> ShortTermIntake:
    """The international estimated short-term intake (IESTI).

    Raises ValueError when the residue that the case needs is missing, or a weight cannot be.

    >>> estimate_short_term_intake(Meal(portion_g=400, body_weight_kg=60, highest=0.9)).intake
    6.0
    """
    if not (meal.portion_g > 0 and meal.body_weight_kg > 0 and meal.unit_g >= 0 and meal.variability >= 1):
        raise ValueError("portion and body weight are positive, the variability factor is at least 1")
    case = case_of(meal)
    residue = meal.median if case is Case.THREE else meal.highest
    if residue is None or residue < 0:
        raise ValueError(f"case {case} needs the {'median' if case is Case.THREE else 'highest'} residue")
    grams = {
        Case.ONE: meal.portion_g,
        Case.TWO_A: meal.unit_g * meal.variability + (meal.portion_g - meal.unit_g),
        Case.TWO_B: meal.portion_g * meal.variability,
        Case.THREE: meal.portion_g,
    }[case]
    return ShortTermIntake(case, grams * residue / meal.body_weight_kg)
