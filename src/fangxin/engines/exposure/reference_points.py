"""Health-based guidance values, and what an exposure means beside them.

Sources: WHO/IPCS EHC 240 (2009; hazard quotient, index, margin of exposure); EFSA, EFSA Journal 3 (2005) 282 (margin of
10 000 for genotoxic carcinogens). Exposure is in μg per kg body weight and day everywhere in this engine. Nothing here is
a verdict on a food: limits of law are judged elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Basis(StrEnum):
    """What kind of number a reference point is."""

    GUIDANCE = "guidance"  # a tolerable or acceptable intake: exposure as a share of it
    ACUTE = "acute"  # an acute reference dose: one day's exposure as a share of it
    BENCHMARK = "benchmark"  # a dose with a small effect: a margin of exposure


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    EVENT = "event"  # within one day


DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.EVENT: 1}
# How many μg one of the unit is.
MICROGRAMS = {
    "g": Decimal(1_000_000), "mg": Decimal(1000), "μg": Decimal(1), "ng": Decimal("0.001"), "pg": Decimal("0.000001"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReferencePoint:
    """One body's value for one substance, as published: `value` of `unit` per kg body weight and `period`.

    `margin_wanted` belongs to a benchmark dose: below this margin of exposure there is concern.
    """

    code: str
    substance: str
    kind: str  # ADI, PTWI, BMDL10, …
    value: Decimal
    unit: str  # of mass: mg, μg, ng, pg
    period: Period
    basis: Basis
    body: str  # who set it, and when
    margin_wanted: Decimal | None = None

    def __post_init__(self) -> None:
        if self.value <= 0 or self.unit not in MICROGRAMS:
            raise ValueError(f"no such reference point: {self.value} {self.unit}")
        if (self.basis is Basis.BENCHMARK) != (self.margin_wanted is not None):
            raise ValueError("a benchmark dose, and nothing else, comes with the margin wanted")

    @property
    def per_day(self) -> Decimal:
        """μg per kg body weight and day: a week is 7 days, a month 30.

        >>> cadmium = ReferencePoint(
        ...     "Cd", "cadmium", "PTMI", Decimal(25), "μg", Period.MONTH, Basis.GUIDANCE, "JECFA 73rd 2010"
        ... )
        >>> round(cadmium.per_day, 4)
        Decimal('0.8333')
        """
        return self.value * MICROGRAMS[self.unit] / DAYS[self.period]


@dataclass(frozen=True, slots=True)
class Meaning:
    """An exposure beside a reference point: a share of the guidance value, or a margin of exposure.

    `concern` is True above the guidance value, or below the margin wanted; None where neither can be said.
    """

    share: float | None  # 1 is the guidance value itself
    margin: float | None
    concern: bool | None


def compare(exposure: float, point: ReferencePoint) -> Meaning:
    """Set an exposure (μg per kg body weight and day) beside a reference point.

    >>> aflatoxin = ReferencePoint(
    ...     "AFB1", "AFB1", "BMDL10", Decimal("0.4"), "μg", Period.DAY, Basis.BENCHMARK, "EFSA 2020", Decimal(10_000)
    ... )
    >>> found = compare(0.00035, aflatoxin)
    >>> round(found.margin), found.concern
    (1143, True)
    """
    if exposure < 0:
        raise ValueError("an exposure is not negative")
    per_day = float(point.per_day)
    if point.margin_wanted is None:
        return Meaning(exposure / per_day, None, exposure > per_day)
    if exposure == 0:
        return Meaning(None, None, None)  # a margin without exposure has no end, and "none seen" is not "none"
    margin = per_day / exposure
    return Meaning(None, margin, margin < point.margin_wanted)


def hazard_quotient(exposure: Decimal, guidance: Decimal) -> Decimal:
    """Exposure as a share of the guidance value, both in one unit.

    >>> hazard_quotient(Decimal("0.0012"), Decimal("0.01"))
    Decimal('0.12')
    """
    if guidance <= 0 or exposure < 0:
        raise ValueError("a guidance value is positive and an exposure not negative")
    return exposure / guidance


@dataclass(frozen=True, slots=True)
class Index:
    """The hazard index of one organ: the sum of the quotients of all that act on it."""

    organ: str
    total: Decimal
    substances: tuple[str, ...]

    @property
    def concern(self) -> bool:
        return self.total > 1


def hazard_indices(quotients: Mapping[str, Decimal], organs: Mapping[str, Iterable[str]]) -> list[Index]:
    """Sum quotients by target organ, highest first. A substance counts for every organ named for it.

    Raises ValueError for a substance without an organ: leaving it out would make the index look better.
    """
    sums: dict[str, dict[str, Decimal]] = {}
    for substance, quotient in quotients.items():
        named = set(organs.get(substance, ()))
        if not named:
            raise ValueError(f"no target organ for {substance}")
        for organ in named:
            sums.setdefault(organ, {})[substance] = quotient
    found = [Index(organ, sum(parts.values(), Decimal(0)), tuple(sorted(parts))) for organ, parts in sums.items()]
    return sorted(found, key=lambda index: (-index.total, index.organ))


def potency_sum(amounts: Mapping[str, Decimal], potencies: Mapping[str, Decimal]) -> Decimal:
    """Amounts expressed as the index substance: each times its relative potency, summed.

    Raises ValueError for a substance without a potency.
    """
    unknown = sorted(set(amounts) - set(potencies))
    if unknown:
        raise ValueError(f"no relative potency for {', '.join(unknown)}")
    return sum((amount * potencies[name] for name, amount in amounts.items()), Decimal(0))
