"""The safe-use rate of polluted cultivated land: (B + C + D) / E × 100.

B: slightly polluted land under protective measures; C: lightly to moderately polluted land under safe-use measures whose
produce was tested and keeps within limits; D: heavily polluted land under strict control; E: all polluted land. Source:
受污染耕地安全利用率核算方法（试行）. Areas in mu. Land without a produce result is never counted in C: absence is not
compliance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from fangxin.engines.land.classes import SoilClass

_WIDE = Context(prec=40)


class Produce(StrEnum):
    NONE = "none"  # not tested, or only without a verdict
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class PollutedArea:
    """A parcel (or part) of class safe use or strict control. `slight`: gravest index not above the slight bound."""

    key: str
    mu: Decimal
    soil_class: SoilClass
    slight: bool
    measured: bool  # a measure that fits its class is in force with evidence
    produce: Produce


@dataclass(frozen=True, slots=True)
class Account:
    """Areas in mu. `rate` in percent, None where nothing is polluted; `left_out` says of each parcel outside why.

    Reasons: no_measure, produce_not_tested, produce_above.
    """

    slight: Decimal  # B
    safe_use: Decimal  # C
    strict: Decimal  # D
    polluted: Decimal  # E
    rate: Decimal | None
    left_out: tuple[tuple[str, str], ...]


def safe_use_rate(slight: Decimal, safe_use: Decimal, strict: Decimal, polluted: Decimal) -> Decimal | None:
    """In percent, unrounded; None (not applicable) where nothing is polluted.

    >>> round(safe_use_rate(Decimal(1200), Decimal(860), Decimal(90), Decimal(2300)), 2)
    Decimal('93.48')
    >>> safe_use_rate(Decimal(0), Decimal(0), Decimal(0), Decimal(0)) is None
    True
    """
    if min(slight, safe_use, strict, polluted) < 0 or slight + safe_use + strict > polluted:
        raise ValueError("areas are not negative, and B + C + D lies within E")
    if polluted == 0:
        return None
    return _WIDE.divide(_WIDE.multiply(slight + safe_use + strict, Decimal(100)), polluted)


def standing(area: PollutedArea) -> tuple[str, str]:
    """Where a parcel counts: ("B" | "C" | "D" | "", reason where it does not)."""
    if not area.measured:
        return "", "no_measure"
    if area.soil_class is SoilClass.STRICT:
        return "D", ""
    if area.slight:
        return ("", "produce_above") if area.produce is Produce.ABOVE else ("B", "")
    if area.produce is Produce.WITHIN:
        return "C", ""
    return "", "produce_above" if area.produce is Produce.ABOVE else "produce_not_tested"


def account_areas(areas: Iterable[PollutedArea]) -> Account:
    """The four areas, the rate, and every parcel that is outside with its reason."""
    sums = {"B": Decimal(0), "C": Decimal(0), "D": Decimal(0), "": Decimal(0)}
    left_out = []
    for area in areas:
        if area.soil_class is SoilClass.PRIORITY:
            raise ValueError(f"{area.key} is not polluted land")
        part, reason = standing(area)
        sums[part] += area.mu
        if not part:
            left_out.append((area.key, reason))
    whole = sum(sums.values(), Decimal(0))
    rate = safe_use_rate(sums["B"], sums["C"], sums["D"], whole)
    return Account(sums["B"], sums["C"], sums["D"], whole, rate, tuple(left_out))
