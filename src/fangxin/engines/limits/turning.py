"""Turning readings: into the unit of a limit, onto another basis, by the factor of a salt."""

from dataclasses import replace
from decimal import Decimal

from fangxin.engines.limits.analytes import Analyte
from fangxin.engines.limits.expressions import Reading
from fangxin.engines.limits.samples import Part, Sum
from fangxin.engines.limits.units import EXACT, Unit, convert, find_unit


def single(part: Part) -> Sum:
    """One row by itself, its factor applied (a salt told as its acid)."""
    if part.factor == 1:
        return Sum(part.reading, part.lod, Decimal(0))
    reading = part.reading
    low = EXACT.multiply(reading.low, part.factor) if reading.low is not None else None
    high = EXACT.multiply(reading.high, part.factor) if reading.high is not None else None
    return Sum(
        replace(reading, low=low, high=high),
        EXACT.multiply(part.lod, part.factor) if part.lod is not None else None,
        Decimal(0),
    )


def reading_in(reading: Reading, unit: Unit | None, to: Unit) -> Reading | None:
    """The reading in another unit; nothing where the two do not measure the same."""
    if unit is None:
        return reading
    low, high = reading.low, reading.high
    turned = (
        convert(low, unit, to) if low is not None else None,
        convert(high, unit, to) if high is not None else None,
    )
    if (low is not None and turned[0] is None) or (high is not None and turned[1] is None):
        return None
    if low is None and high is None and convert(Decimal(1), unit, to) is None:
        return None
    return replace(reading, low=turned[0], high=turned[1], unit=to)


def turned_into(value: Decimal | None, unit: Unit | None, to: Unit) -> Decimal | None:
    if value is None or unit is None:
        return value
    return convert(value, unit, to)


def official_level(analyte: Analyte, unit: Unit) -> Decimal | None:
    told = find_unit(analyte.official_unit)
    return (
        convert(analyte.official_level, told, unit) if analyte.official_level is not None and told is not None else None
    )


def times(value: Decimal | None, basis: tuple[Decimal, Decimal]) -> Decimal | None:
    """A figure turned to another basis, by the ratio of the two."""
    return None if value is None else EXACT.divide(EXACT.multiply(value, basis[0]), basis[1])


def on_basis(total: Sum, basis: tuple[Decimal, Decimal]) -> Sum:
    """A sum turned to another basis: dry matter to fresh weight, or back."""
    reading = replace(total.reading, low=times(total.reading.low, basis), high=times(total.reading.high, basis))
    return replace(total, reading=reading, lod=times(total.lod, basis))
