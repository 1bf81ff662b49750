"""Forecasts of pests: what kind by their reach in time, the degree of an observed value, and whether they came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

SHORT_DAYS, MEDIUM_DAYS = 10, 30
DEGREES = range(1, 6)


class Term(StrEnum):
    """By days from issue to the end of the window (Regulations on crop pests; practice of plant protection)."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Hit(StrEnum):
    """What became of a forecast."""

    EXACT = "exact"  # the degree itself, in the window
    NEAR = "near"  # one degree off, in the window: counts as a hit
    DEGREE = "degree"  # in the window, but two or more degrees off
    WINDOW = "window"  # outside the window, whatever the degree
    ABSENT = "absent"  # the pest did not come


HITS = frozenset({Hit.EXACT, Hit.NEAR})


@dataclass(frozen=True, slots=True)
class Expected:
    """Degree 1 (light) to 5 (outbreak), and the days within which it should come, both included."""

    degree: int
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.degree not in DEGREES:
            raise ValueError("degrees go from 1 to 5")
        if self.last < self.first:
            raise ValueError("a window does not end before it begins")


@dataclass(frozen=True, slots=True)
class Observed:
    """What the field survey found: the degree at the peak and its day. `degree` 0 where the pest did not come."""

    degree: int
    peak_on: date | None = None

    def __post_init__(self) -> None:
        if self.degree != 0 and self.degree not in DEGREES:
            raise ValueError("degrees go from 0 to 5")
        if self.degree != 0 and self.peak_on is None:
            raise ValueError("what came has a day")


def term_of(issued: date, last: date) -> Term:
    """Short up to 10 days, medium up to 30, long beyond. Raises ValueError where the window has passed already.

    >>> term_of(date(2024, 4, 1), date(2024, 4, 11)).value
    'short'
    >>> term_of(date(2024, 4, 1), date(2024, 4, 12)).value
    'medium'
    """
    days = (last - issued).days
    if days < 0:
        raise ValueError("the window ends before the day of issue")
    if days <= SHORT_DAYS:
        return Term.SHORT
    return Term.MEDIUM if days <= MEDIUM_DAYS else Term.LONG


def degree_of(value: Decimal, bounds: Sequence[Decimal]) -> int:
    """The degree of a measured value by the four upper bounds of degrees 1 to 4, each included.

    >>> [degree_of(Decimal(n), [Decimal(b) for b in (500, 1500, 2500, 3500)]) for n in (500, 501, 3500, 3501)]
    [1, 2, 4, 5]
    """
    if len(bounds) != len(DEGREES) - 1 or list(bounds) != sorted(set(bounds)):
        raise ValueError("a scale has four rising bounds")
    if not value.is_finite() or value < 0:
        raise ValueError("a measured value is zero or more")
    return next((n for n, bound in enumerate(bounds, start=1) if value <= bound), len(bounds) + 1)


def judge_forecast(expected: Expected, observed: Observed) -> Hit:
    """Whether a forecast came true: within one degree and within its window.

    >>> judge_forecast(Expected(3, date(2024, 5, 1), date(2024, 5, 20)), Observed(4, date(2024, 5, 12))).value
    'near'
    """
    if observed.degree == 0 or observed.peak_on is None:
        return Hit.ABSENT
    if not expected.first <= observed.peak_on <= expected.last:
        return Hit.WINDOW
    off = abs(expected.degree - observed.degree)
    return Hit.EXACT if off == 0 else Hit.NEAR if off == 1 else Hit.DEGREE
