"""Rounding and comparing as GB/T 8170-2008 asks: half to even, once, on the decimal text."""

from decimal import ROUND_HALF_EVEN, Decimal

from fangxin.engines.limits.units import EXACT


def round_once(value: Decimal, interval: Decimal) -> Decimal:
    """Round to a multiple of `interval` (a power of ten: 0.1, 0.01, 1E+2), half to even, in one step.

    Source: GB/T 8170-2008, 3.2. Rounding twice is an error of the rounder, so this takes the raw value.

    >>> round_once(Decimal("12.1498"), Decimal("0.1")), round_once(Decimal("-13.505"), Decimal("0.01"))
    (Decimal('12.1'), Decimal('-13.50'))
    >>> round_once(Decimal("1268"), Decimal("1E+2"))
    Decimal('1300')
    """
    step = interval.normalize()
    if step.is_zero() or step.is_signed() or step.as_tuple().digits != (1,):
        raise ValueError(f"the interval {interval} is no power of ten")
    rounded = value.quantize(step, rounding=ROUND_HALF_EVEN, context=EXACT)
    return rounded.quantize(Decimal(1), context=EXACT) if _exponent(rounded) > 0 else rounded


def exceeds(value: Decimal, limit: Decimal, *, interval: Decimal | None = None) -> bool:
    """Whether `value` lies above `limit`, by full value, or rounded to `interval` where the standard says so.

    Source: GB/T 8170-2008, 4.3. Full value is the default where a standard is silent.

    >>> exceeds(Decimal("0.204"), Decimal("0.2")), exceeds(Decimal("0.204"), Decimal("0.2"), interval=Decimal("0.1"))
    (True, False)
    """
    return (value if interval is None else round_once(value, interval)) > limit


def plain(value: Decimal) -> str:
    """The number without an exponent, as a report prints it; its last digits stay."""
    return format(value, "f")


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
