"""The values of judgement: what a laboratory measured, and what the rules say about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.limits.wording import sentence


class Outcome(StrEnum):
    """The five answers. Undetermined is never a pass, not regulated is never conforming."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    UNDETERMINED = "undetermined"
    NOT_REGULATED = "not_regulated"
    PENDING_SPECIATION = "pending_speciation"


class LawfulUse(StrEnum):
    """The second verdict: may the substance be used on this crop or animal on this day at all?"""

    LAWFUL = "lawful"
    UNLAWFUL = "unlawful"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Measured:
    """One result as reported. Numbers may be `Decimal` or the text of the report; the text is kept.

    `moisture` is in per cent of the sample as tested; `dry_basis` says that the value is already told on dry matter.
    `replicate` numbers the units of one microbiological sample; `value` holds number, sign and unit as printed.
    """

    sample_id: str = ""
    food: str = ""
    analyte: str = ""
    value: Decimal | str | None = None
    food_class: str | None = None
    expression: str | None = None
    unit: str | None = None
    lod: Decimal | str | None = None
    loq: Decimal | str | None = None
    dry_basis: bool | str | None = None
    moisture: Decimal | str | None = None
    sampled_on: date | str | None = None
    production_on: date | str | None = None
    animal: str | None = None
    tissue: str | None = None
    land_use: str | None = None
    ph: Decimal | str | None = None
    water_class: int | str | None = None
    replicate: int | str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, and the values that its sentence names."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The sentence, in plain Chinese."""
        return sentence(self.code, dict(self.values))

    @classmethod
    def of(cls, code: str, **values: object) -> "Reason":
        """A reason with its values told by name."""
        return cls(code, tuple((name, str(value)) for name, value in values.items()))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say, with everything that led there. `limit` is in `limit_unit`, after any conversion."""

    outcome: Outcome
    lawful_use: LawfulUse = LawfulUse.NOT_APPLICABLE
    limit: Decimal | None = None
    limit_unit: str = ""
    standard: str = ""
    edition: str = ""
    clause: str = ""
    match_path: tuple[str, ...] = ()
    comparison: str = ""
    reason: Reason = Reason("")
    notes: tuple[Reason, ...] = ()
    near_limit: bool = False
    provisional: bool = False
    missing: tuple[str, ...] = ()
    value: Decimal | None = None
    ruled_by: str = ""
    lawful_basis: str = ""

    @property
    def text(self) -> str:
        """All reasons in one paragraph, the decisive one first."""
        return "".join(part.text for part in (self.reason, *self.notes) if part.code)


@dataclass(frozen=True, slots=True)
class FoodMatch:
    """Where a name stands in the food tree. Not `sure`: the names in `asked` are put to a person."""

    raw: str
    path: tuple[str, ...]
    sure: bool
    asked: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The food of the tree, or nothing."""
        return self.path[0] if self.path else ""


@dataclass(frozen=True, slots=True)
class AnalyteMatch:
    """The analyte a name means; `component` and `factor` where it names one part of a residue definition."""

    raw: str
    name: str
    sure: bool
    asked: tuple[str, ...] = ()
    component: str = ""
    factor: Decimal = Decimal(1)
    unit: str = ""
    species: str = ""


Cells = Mapping[str, str]
