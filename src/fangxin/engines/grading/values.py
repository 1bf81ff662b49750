"""What every grading speaks in: a grade that never leaves its scale, and the grounds a verdict rests on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

UNGRADED = "none"
"""The place below the lowest grade of a scale, or outside it. Why is said by the verdict's reason."""


class Scale(StrEnum):
    """The scales judged here. The same letter means opposite things on different scales."""

    RISK = "risk"  # A lowest risk, fewest visits
    HYGIENE_VISIT = "hygiene_visit"  # the face shown after one visit
    HYGIENE_YEAR = "hygiene_year"  # A best kept kitchen of the year


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade together with its scale.

    >>> Grade("risk", "A") == Grade("hygiene_year", "A")
    False
    >>> str(Grade("risk", "B"))
    'risk:B'
    """

    scale: str
    grade: str

    def __post_init__(self) -> None:
        if not self.scale or not self.grade:
            raise ValueError("a grade needs its scale and its place on it")

    @property
    def given(self) -> bool:
        """Whether a grade was earned at all."""
        return self.grade != UNGRADED

    def __str__(self) -> str:
        return f"{self.scale}:{self.grade}"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why: the rule and its edition, the article, the values that went in and the comparison that decided."""

    rule: str
    edition: str
    article: str
    inputs: tuple[tuple[str, str], ...]
    comparison: str


def round_half_up(value: Fraction | Decimal, quantum: Decimal) -> Decimal:
    """The multiple of `quantum` nearest to `value`, halves up; exact, whatever the arithmetic context.

    >>> round_half_up(Fraction(2685, 300), Decimal("0.1"))
    Decimal('9.0')
    """
    steps = floor(Fraction(value) / Fraction(quantum) + Fraction(1, 2))
    return steps * quantum


def require_within(name: str, value: Decimal, lowest: Decimal, highest: Decimal) -> None:
    """Refuse a number that is none, or lies outside its scale."""
    if not value.is_finite() or not lowest <= value <= highest:
        raise ValueError(f"{name} {value} lies outside {lowest} to {highest}")
