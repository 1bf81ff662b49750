"""What an inspector found, item by item, checked against the checklist it was found with."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fangxin.engines.grading.checklists import Checklist, ChecklistItem
from fangxin.engines.grading.risk import RiskRules
from fangxin.engines.grading.values import Basis, round_half_up


class Outcome(StrEnum):
    """What was found at one item."""

    CONFORMS = "conforms"
    FAILS = "fails"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The finding at one item.

    `score` (0–10) where the form is scored; None leaves full or no points to the outcome. `safety_affected`
    is the inspectors' statement about a failed item; None: not stated. `accident_potential` means that
    an accident may follow at once.
    """

    code: str
    outcome: Outcome
    score: Decimal | None = None
    safety_affected: bool | None = None
    accident_potential: bool = False
    corrected_on_site: bool = False

    def __post_init__(self) -> None:
        found_wrong = bool(self.safety_affected) or self.accident_potential or self.corrected_on_site
        if self.outcome is not Outcome.FAILS and found_wrong:
            raise ValueError(f"item {self.code}: only a failed item affects safety or is corrected")
        if self.accident_potential and self.safety_affected is False:
            raise ValueError(f"item {self.code}: what may cause an accident affects safety")


@dataclass(frozen=True, slots=True)
class Answered:
    """The results beside their items, in the order of the form `checklist`, and the codes nobody answered."""

    checklist: str
    pairs: tuple[tuple[ChecklistItem, ItemResult], ...]
    unanswered: tuple[str, ...]

    @property
    def applicable(self) -> tuple[tuple[ChecklistItem, ItemResult], ...]:
        return tuple(pair for pair in self.pairs if pair[1].outcome is not Outcome.NOT_APPLICABLE)

    @property
    def failed(self) -> tuple[tuple[ChecklistItem, ItemResult], ...]:
        return tuple(pair for pair in self.pairs if pair[1].outcome is Outcome.FAILS)


@dataclass(frozen=True, slots=True)
class DynamicScore:
    """The dynamic part of the risk score (None without an applicable item) and why."""

    points: Decimal | None
    basis: Basis


def answer(checklist: Checklist, results: Iterable[ItemResult], *, kind: str) -> Answered:
    """Lay results beside the items for premises of `kind`.

    Raises `ValueError` for an item answered twice or one this edition does not have for the kind: a visit
    begun with a superseded edition is judged with that edition.
    """
    found: dict[str, ItemResult] = {}
    for result in results:
        if result.code in found:
            raise ValueError(f"item {result.code} is answered twice")
        found[result.code] = result
    items = checklist.items_for(kind)
    stray = sorted(set(found) - {item.code for item in items})
    if stray:
        raise ValueError(f"checklist {checklist.head.code} of {checklist.edition} has no {', '.join(stray)} for {kind}")
    pairs = tuple((item, found[item.code]) for item in items if item.code in found)
    return Answered(checklist.head.code, pairs, tuple(item.code for item in items if item.code not in found))


def dynamic_score(answered: Answered, *, rules: RiskRules) -> DynamicScore:
    """Failed weight as a share of applicable weight, on the dynamic scale (0–60), halves up.

    No official form prescribes this reading of a checklist; an office that scores its own form enters that score.
    """
    whole = sum(item.weight for item, _ in answered.applicable)
    failed = sum(item.weight for item, _ in answered.failed)
    inputs = [("failed weight", failed), ("applicable weight", whole)]
    if not whole:
        return DynamicScore(None, rules.head.basis(inputs, "no applicable item"))
    points = round_half_up(Fraction(failed, whole) * Fraction(rules.dynamic_maximum), rules.dynamic_quantum)
    comparison = f"{rules.dynamic_maximum} × {failed} / {whole} = {points}"
    return DynamicScore(points, rules.head.basis(inputs, comparison))
