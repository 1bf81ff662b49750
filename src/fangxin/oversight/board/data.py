"""Frozen values that the board gives."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fangxin.engines.indicators import Figure, IndicatorDefinition, Kind, Status, round_for_display, value_in_unit


@dataclass(frozen=True, slots=True)
class TypedValue:
    """An agency's own figure: what, as of when, whether a second person has verified it."""

    pk: int
    figure: Figure
    as_of: date
    agency: str
    accepted: bool
    text: str = ""
    evidence: tuple[str, ...] = ()  # digests of evidence files
    value: Decimal | None = None  # in the unit; also where the agency gave no numerator and denominator


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """One indicator in one division as of a day.

    `figure` is the computed one for a computed indicator, the typed one for a signed indicator or a milestone.
    `typed` is what an agency typed, also where a computed one exists: it never takes its place.
    """

    definition: IndicatorDefinition
    division_code: str
    as_of: date
    figure: Figure | None
    status: Status
    base: Figure | None = None
    typed: TypedValue | None = None

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def numerator(self) -> Decimal | None:
        return None if self.figure is None else self.figure.numerator

    @property
    def denominator(self) -> Decimal | None:
        return None if self.figure is None else self.figure.denominator

    @property
    def formula_version(self) -> str:
        return self.definition.formula_version

    @property
    def value(self) -> Decimal | None:
        """In the definition's unit, full precision; None where there is none."""
        return None if self.figure is None else value_in_unit(self.definition, self.figure)

    @property
    def shown(self) -> Decimal | None:
        """For the eye, rounded half up to two places."""
        return round_for_display(self.value)

    @property
    def differs(self) -> bool:
        """Whether an agency typed something else than the platform counted."""
        if self.typed is None or self.figure is None or self.definition.kind is not Kind.COMPUTED:
            return False
        theirs = self.typed.figure
        if theirs.numerator is None:
            return self.typed.value is not None and self.typed.value != self.shown
        return (self.numerator, self.denominator) != (theirs.numerator, theirs.denominator)
