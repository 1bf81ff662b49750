"""What became of the land's classes from one year to the next, in units and in area."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.land.classes import CLASSES, SoilClass


class Change(StrEnum):
    IMPROVED = "improved"
    EQUAL = "equal"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class YearBalance:
    """Units evaluated in both years, by change; units of one year only are named apart. Areas in mu by class."""

    changes: Mapping[str, Change]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    area_before: Mapping[SoilClass, Decimal]
    area_after: Mapping[SoilClass, Decimal]

    def count(self, change: Change) -> int:
        return sum(found is change for found in self.changes.values())


def compare_class(before: SoilClass, after: SoilClass) -> Change:
    """
    >>> compare_class(SoilClass.STRICT, SoilClass.SAFE_USE)
    <Change.IMPROVED: 'improved'>
    """
    step = CLASSES.index(after) - CLASSES.index(before)
    return Change.EQUAL if step == 0 else Change.WORSE if step > 0 else Change.IMPROVED


def balance_years(
    before: Mapping[str, tuple[SoilClass, Decimal]], after: Mapping[str, tuple[SoilClass, Decimal]]
) -> YearBalance:
    """Classes and areas (mu) of the units of two years, by unit."""
    both = sorted(before.keys() & after.keys())
    return YearBalance(
        {key: compare_class(before[key][0], after[key][0]) for key in both},
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys())),
        _areas(before),
        _areas(after),
    )


def _areas(units: Mapping[str, tuple[SoilClass, Decimal]]) -> dict[SoilClass, Decimal]:
    return {c: sum((mu for found, mu in units.values() if found is c), Decimal(0)) for c in CLASSES}
