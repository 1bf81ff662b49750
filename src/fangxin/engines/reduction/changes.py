"""Use in two years, as an amount and for each mu sown: sown area moves, so one without the other misleads."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_HUNDRED = Decimal(100)


class Trend(StrEnum):
    """What two years say together."""

    FELL = "fell"  # amount and intensity are lower
    ROSE = "rose"  # neither is lower, one at least is higher
    SAME = "same"
    MIXED = "mixed"  # one fell and the other rose: the area changed
    AMOUNT_ONLY_FELL = "amount_only_fell"  # lower, but for want of areas nobody knows whether also for each mu
    AMOUNT_ONLY_ROSE = "amount_only_rose"
    AMOUNT_ONLY_SAME = "amount_only_same"
    UNKNOWN = "unknown"  # a year or its denominator is missing


@dataclass(frozen=True, slots=True)
class Usage:
    """One year: grams of active ingredient, and mu sown. None where nothing is known, which is not zero."""

    grams: Decimal | None
    sown_mu: Decimal | None = None

    def __post_init__(self) -> None:
        for value in (self.grams, self.sown_mu):
            if value is not None and (not value.is_finite() or value < 0):
                raise ValueError("amounts and areas are zero or more")


@dataclass(frozen=True, slots=True)
class Change:
    """In per cent of the base year; None where it has no meaning. `intensity` and `base_intensity` in g/mu."""

    amount: Decimal | None
    intensity_change: Decimal | None
    base_intensity: Decimal | None
    intensity: Decimal | None
    trend: Trend


def intensity(usage: Usage) -> Decimal | None:
    """Grams for each mu sown; None without an area, also where the area is zero.

    >>> intensity(Usage(Decimal(150000), Decimal(3000)))
    Decimal('50')
    """
    if usage.grams is None or not usage.sown_mu:
        return None
    return usage.grams / usage.sown_mu


def share(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """Per cent of a whole; None where there is no whole. A part above the whole is told as it is, never cut to 100.

    >>> share(Decimal(45), Decimal(60)), share(Decimal(1), Decimal(0))
    (Decimal('75.00'), None)
    """
    if not whole:
        return None
    return part / whole * _HUNDRED


def compare_years(base: Usage, this: Usage) -> Change:
    """Change against the base year, of the amount and of the intensity. Exact: rounding is for the screen.

    >>> change = compare_years(Usage(Decimal("182.4"), Decimal(2000)), Usage(Decimal("173.1"), Decimal(1800)))
    >>> round(change.amount, 1), round(change.intensity_change, 2), change.trend.value
    (Decimal('-5.1'), Decimal('5.45'), 'mixed')
    """
    before, now = intensity(base), intensity(this)
    amount, each = _change(base.grams, this.grams), _change(before, now)
    return Change(amount, each, before, now, _trend(amount, each))


def _change(base: Decimal | None, this: Decimal | None) -> Decimal | None:
    if base is None or this is None or base == 0:
        return None
    return (this - base) / base * _HUNDRED


def _trend(amount: Decimal | None, each: Decimal | None) -> Trend:
    if amount is None:
        return Trend.UNKNOWN
    if each is None:
        if amount == 0:
            return Trend.AMOUNT_ONLY_SAME
        return Trend.AMOUNT_ONLY_FELL if amount < 0 else Trend.AMOUNT_ONLY_ROSE
    signs = {_sign(amount), _sign(each)}
    if signs == {0}:
        return Trend.SAME
    if {-1, 1} == signs:
        return Trend.MIXED
    return Trend.FELL if -1 in signs else Trend.ROSE


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
