"""Figures, and whether they reach their target. Compared exactly as fractions, rounded only to be shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

from fangxin.engines.indicators.definitions import Comparison, Form, IndicatorDefinition, Kind

_WIDE = Context(prec=50)


class Status(StrEnum):
    """Whether the target is reached, as of the figure's day. `IndicatorDefinition.is_due` says if it had to be."""

    MET = "met"
    NOT_MET = "not_met"
    NO_TARGET = "no_target"  # followed, without a target
    NO_SUBJECTS = "no_subjects"  # nothing to count: neither 0 nor 100 per cent
    NO_BASE = "no_base"  # a decline cannot be judged without the base period's figure
    UNVERIFIED = "unverified"  # a figure without its evidence, or counted over incomplete rows
    UNKNOWN = "unknown"  # no figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A numerator and its denominator; None where not known, or where there is none (a total).

    `verified` is False for a signed figure without evidence, and for a sum in which a row's amount is missing.
    A milestone has the numerator 1 (accepted) or 0, and no denominator.
    """

    numerator: Decimal | None
    denominator: Decimal | None = None
    verified: bool = True

    def __post_init__(self) -> None:
        for part in (self.numerator, self.denominator):
            if part is not None and not part.is_finite():
                raise ValueError("a figure is made of finite numbers")
        if self.denominator is not None and self.denominator < 0:
            raise ValueError("a denominator is not negative")

    def value(self, scale: int = 100) -> Decimal | None:
        """Numerator ÷ denominator × scale to 50 digits; None where either is unknown or the denominator is zero.

        >>> Figure(Decimal(40), Decimal(50)).value()
        Decimal('80')
        >>> Figure(Decimal(0), Decimal(0)).value() is None
        True
        """
        if self.numerator is None or not self.denominator:
            return None
        return _WIDE.divide(_WIDE.multiply(self.numerator, Decimal(scale)), self.denominator)


def value_in_unit(definition: IndicatorDefinition, figure: Figure) -> Decimal | None:
    """The figure in the definition's unit: a percentage, a rate, or the total itself; None where there is none."""
    if definition.form is Form.TOTAL or definition.kind is Kind.MILESTONE:
        return figure.numerator
    return figure.value(definition.scale)


def display_percent(figure: Figure, places: int = 2) -> Decimal | None:
    """The percentage to show, rounded half up from the exact fraction; no percent sign; None where there is none.

    For eyes only: 99.996 % shows as 100.00 and is not 100 %, so show numerator and denominator beside it.

    >>> display_percent(Figure(Decimal(241), Decimal(300)))
    Decimal('80.33')
    """
    if figure.numerator is None or not figure.denominator:
        return None
    exact = Fraction(figure.numerator) / Fraction(figure.denominator) * 100
    rounded = int(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(rounded if exact >= 0 else -rounded).scaleb(-places, _WIDE)


def round_for_display(value: Decimal | None, places: int = 2) -> Decimal | None:
    """Round a rate or total half up, for the eye."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def judge(definition: IndicatorDefinition, figure: Figure | None, *, base: Figure | None = None) -> Status:
    """Judge a figure against its definition's target.

    `base` is the same indicator's figure for the base period; only a decline looks at it. A zero denominator is
    never a success, and a missing figure never a failure: both have names of their own.
    """
    gap = _gap(definition, figure)
    if gap is not None or figure is None:
        return gap or Status.UNKNOWN
    if definition.comparison is None:
        return Status.NO_TARGET
    if definition.comparison is Comparison.MILESTONE:
        return _reached(figure.numerator == 1)
    if definition.comparison is Comparison.DECLINE:
        return _judge_decline(definition, figure, base)
    return _reached(_compare(definition.comparison, _exact(definition, figure), Fraction(definition.target or 0)))


def _gap(definition: IndicatorDefinition, figure: Figure | None) -> Status | None:
    if figure is None or figure.numerator is None:
        return Status.UNKNOWN
    if definition.kind is not Kind.MILESTONE and definition.form is Form.RATIO:
        if figure.denominator is None:
            return Status.UNKNOWN
        if figure.denominator == 0:
            return Status.NO_SUBJECTS
    return None if figure.verified else Status.UNVERIFIED


def _judge_decline(definition: IndicatorDefinition, figure: Figure, base: Figure | None) -> Status:
    if base is None or _gap(definition, base) is not None:
        return Status.NO_BASE
    now, before = _exact(definition, figure), _exact(definition, base)
    if definition.target is None:
        return _reached(now < before)
    return _reached(now * 100 <= before * (100 - Fraction(definition.target)))


def _exact(definition: IndicatorDefinition, figure: Figure) -> Fraction:
    numerator = Fraction(figure.numerator or 0)
    if definition.form is Form.TOTAL:
        return numerator
    return numerator * definition.scale / Fraction(figure.denominator or 0)


def _compare(comparison: Comparison, value: Fraction, target: Fraction) -> bool:
    match comparison:
        case Comparison.GT:
            return value > target
        case Comparison.GE:
            return value >= target
        case Comparison.LT:
            return value < target
        case Comparison.LE:
            return value <= target
        case _:
            return value == target


def _reached(yes: bool) -> Status:
    return Status.MET if yes else Status.NOT_MET


@dataclass(frozen=True, slots=True)
class Balance:
    """Open matters as counted, and as they must be from what came and went."""

    expected: int
    found: int

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def check_matter_identity(*, opening: int, new: int, closed: int, reopened: int, found: int) -> Balance:
    """Check that open = opening + new − closed + reopened. `found` is the number counted open at the end.

    >>> check_matter_identity(opening=12, new=20, closed=25, reopened=1, found=8).holds
    True
    """
    return Balance(opening + new - closed + reopened, found)
