"""Scoring one agency, then ranking all: total = base + bonus − deductions, each point with its evidence.

A figure that is missing earns nothing and is named; it never counts as full marks. What does not apply to
an agency (a township writes no special plan) leaves the sum, and the rest is scaled to 100.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import floor

from fangxin.engines.assessment.rule_sets import AdjustmentKind, AdjustmentRule, IndicatorRule, RuleSet

_WHOLE = Decimal(100)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one agency: how many of how many. None for what nobody supplied.

    `not_applicable` needs a decision of the assessing office, named in `evidence`.
    """

    code: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    not_applicable: bool = False
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.not_applicable and not self.evidence:
            raise ValueError(f"indicator {self.code}: not applicable needs its evidence")
        if self.numerator is not None and self.denominator is not None and not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"indicator {self.code}: {self.numerator} of {self.denominator} is no share")

    @property
    def percentage(self) -> Decimal | None:
        """Numerator by denominator in per cent, unrounded; None without figures or with nothing to count."""
        if self.numerator is None or not self.denominator:
            return None
        return _WHOLE * self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Event:
    """Something that adds, deducts or vetoes under the rule `code`, proved by `evidence` (ids of records)."""

    code: str
    evidence: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"event {self.code}: no point is added or taken without evidence")


class Outcome(StrEnum):
    """What became of an indicator."""

    SCORED = "scored"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator in the score: percentage reached, points earned of the weight, all unrounded."""

    code: str
    outcome: Outcome
    weight: Decimal
    percentage: Decimal | None
    earned: Decimal | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What the events of one rule come to, after the rule's own cap."""

    code: str
    kind: AdjustmentKind
    times: int
    points: Decimal
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one agency. `total` is what is proved; `total_at_best` if all undetermined earned in full.

    Both lie in 0…100 plus the bonus cap, to 0.01, halves up.
    """

    agency: str
    rule_set: str
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    total_at_best: Decimal
    items: tuple[Item, ...]
    adjustments: tuple[Adjusted, ...]

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The indicators for which no figure was supplied."""
        return tuple(item.code for item in self.items if item.outcome is Outcome.UNDETERMINED)

    @property
    def vetoes(self) -> tuple[Adjusted, ...]:
        """The vetoes, with their evidence."""
        return tuple(entry for entry in self.adjustments if entry.kind is AdjustmentKind.VETO)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The place of one agency. `grade` is of the scale `scale`; None while its own figures are missing.

    `provisional` as long as any agency of the round has figures missing, since places may still change.
    """

    scored: Scored
    rank: int
    of: int
    scale: str
    grade: str | None
    provisional: bool


def score_agency(agency: str, readings: Iterable[Reading], events: Iterable[Event] = (), *, rules: RuleSet) -> Scored:
    """Score one agency under `rules`. An indicator without a reading is undetermined.

    Raises `ValueError` for a reading or event the rules do not know, a reading given twice, or if
    nothing at all applies to the agency.
    """
    items = _items(readings, rules)
    adjusted = _adjust(events, rules)
    applicable = sum((item.weight for item in items if item.outcome is not Outcome.NOT_APPLICABLE), Decimal(0))
    if not applicable:
        raise ValueError(f"no indicator applies to agency {agency}")
    earned = sum((item.earned or Decimal(0) for item in items), Decimal(0))
    open_weight = sum((item.weight for item in items if item.outcome is Outcome.UNDETERMINED), Decimal(0))
    bonus = min(rules.bonus_cap, _points(adjusted, AdjustmentKind.BONUS))
    deduction = _points(adjusted, AdjustmentKind.DEDUCTION)
    base = _WHOLE * earned / applicable
    best = _WHOLE * (earned + open_weight) / applicable
    return Scored(
        agency=agency,
        rule_set=rules.code,
        base=_rounded(base),
        bonus=bonus,
        deduction=deduction,
        total=_rounded(max(Decimal(0), base + bonus - deduction)),
        total_at_best=_rounded(max(Decimal(0), best + bonus - deduction)),
        items=items,
        adjustments=adjusted,
    )


def grade_for(*, total: Decimal, rank: int, of: int, vetoed: bool, rules: RuleSet) -> str:
    """The grade at a total and a rank among `of` agencies; a veto caps it whatever the score.

    The best grade needs a rank of at most `best_share` of all, rounded down, and the highest floor.
    """
    if vetoed:
        return rules.veto_grade
    earned = next((row.grade for row in rules.grade_floors if total >= row.at_least), rules.veto_grade)
    among_best = rank <= floor(rules.best_share * of)
    return rules.best_grade if among_best and earned == rules.grade_floors[0].grade else earned


def rank_all(scores: Sequence[Scored], *, rules: RuleSet) -> list[Ranked]:
    """Rank by total, best first; equal totals share a rank and the next one is left out (1, 2, 2, 4).

    Within a shared rank agencies stand in the order of their names, so the list does not depend on the input.
    """
    provisional = any(scored.undetermined for scored in scores)
    ordered = sorted(scores, key=lambda scored: (-scored.total, scored.agency))
    totals = [scored.total for scored in ordered]
    return [_place(scored, totals.index(scored.total) + 1, len(ordered), provisional, rules) for scored in ordered]


def _place(scored: Scored, rank: int, of: int, provisional: bool, rules: RuleSet) -> Ranked:
    vetoed = bool(scored.vetoes)
    grade = None
    if vetoed or not scored.undetermined:
        grade = grade_for(total=scored.total, rank=rank, of=of, vetoed=vetoed, rules=rules)
    return Ranked(scored, rank, of, rules.scale, grade, provisional)


def _items(readings: Iterable[Reading], rules: RuleSet) -> tuple[Item, ...]:
    given: dict[str, Reading] = {}
    for reading in readings:
        if reading.code in given:
            raise ValueError(f"indicator {reading.code} is given twice")
        given[reading.code] = reading
    unknown = given.keys() - {rule.code for rule in rules.indicators}
    if unknown:
        raise ValueError(f"rule set {rules.code} has no indicator {', '.join(sorted(unknown))}")
    return tuple(_item(rule, given.get(rule.code, Reading(rule.code))) for rule in rules.indicators)


def _item(rule: IndicatorRule, reading: Reading) -> Item:
    percentage = None if reading.not_applicable else reading.percentage
    outcome, earned = Outcome.UNDETERMINED, None
    if reading.not_applicable:
        outcome = Outcome.NOT_APPLICABLE
    elif percentage is not None:
        outcome, earned = Outcome.SCORED, rule.earned(percentage)
    return Item(rule.code, outcome, rule.weight, percentage, earned, reading.evidence)


def _adjust(events: Iterable[Event], rules: RuleSet) -> tuple[Adjusted, ...]:
    by_code: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_code[event.code].append(event)
    known = {rule.code: rule for rule in rules.adjustments}
    unknown = by_code.keys() - known.keys()
    if unknown:
        raise ValueError(f"rule set {rules.code} has no adjustment {', '.join(sorted(unknown))}")
    return tuple(_adjusted(rule, by_code[code]) for code, rule in known.items() if code in by_code)


def _adjusted(rule: AdjustmentRule, events: Sequence[Event]) -> Adjusted:
    points = rule.points * len(events)
    if rule.most is not None:
        points = min(points, rule.most)
    evidence = tuple(sorted({proof for event in events for proof in event.evidence}))
    return Adjusted(rule.code, rule.kind, len(events), points, evidence)


def _points(adjusted: Iterable[Adjusted], kind: AdjustmentKind) -> Decimal:
    return sum((entry.points for entry in adjusted if entry.kind is kind), Decimal(0))


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(_CENT, rounding=ROUND_HALF_UP)
