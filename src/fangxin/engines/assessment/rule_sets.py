"""A rule set of the assessment: what is measured, what it is worth, what adds, deducts or caps.

One reviewed TOML file per edition (standards/assessment). The year's assessment is made with the edition
in force on its last day and frozen with it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

_WHOLE = Decimal(100)


class AdjustmentKind(StrEnum):
    """What an event does to a score. A veto leaves the points alone and caps the grade."""

    BONUS = "bonus"
    DEDUCTION = "deduction"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Band:
    """From `at_least` per cent on, `share` per cent of the weight is earned."""

    at_least: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """One indicator, worth `weight` points, scored from a percentage.

    Either linear: nothing at `floor` and below, all at `target` and above, in proportion between; or in
    `bands`, highest first, nothing below the lowest.
    """

    code: str
    title: str
    weight: Decimal
    floor: Decimal = Decimal(0)
    target: Decimal = _WHOLE
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise ValueError(f"indicator {self.code}: the weight must be positive")
        if self.floor >= self.target:
            raise ValueError(f"indicator {self.code}: the floor must lie below the target")
        if any(high.at_least <= low.at_least or high.share <= low.share for high, low in pairwise(self.bands)):
            raise ValueError(f"indicator {self.code}: bands must fall, highest first")

    def earned(self, percentage: Decimal) -> Decimal:
        """The points earned at `percentage`, unrounded.

        >>> IndicatorRule("X", "", Decimal(20), floor=Decimal(60)).earned(Decimal(80))
        Decimal('10.0')
        """
        if self.bands:
            share = next((band.share for band in self.bands if percentage >= band.at_least), Decimal(0))
            return self.weight * share / _WHOLE
        reached = (percentage - self.floor) / (self.target - self.floor)
        return self.weight * min(Decimal(1), max(Decimal(0), reached))


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    """What one event of a kind is worth in points, and how much all of them together at most."""

    code: str
    title: str
    kind: AdjustmentKind
    points: Decimal = Decimal(0)
    most: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.kind is AdjustmentKind.VETO) != (self.points == 0) or self.points < 0:
            raise ValueError(f"adjustment {self.code}: points are positive, and a veto has none")


@dataclass(frozen=True, slots=True)
class GradeFloor:
    """The lowest total that still earns `grade`."""

    grade: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One edition of the assessment rules.

    The best grade goes by rank: to ranks up to `best_share` of all agencies, rounded down. The other
    grades go by `grade_floors`, highest first; below the lowest, and after a veto, stands `veto_grade`.
    Grades are of the scale `scale` and mean nothing without it.
    """

    code: str
    title: str
    scale: str
    in_force_from: date
    in_force_to: date
    indicators: tuple[IndicatorRule, ...]
    adjustments: tuple[AdjustmentRule, ...]
    bonus_cap: Decimal
    best_grade: str
    best_share: Decimal
    grade_floors: tuple[GradeFloor, ...]
    veto_grade: str
    source: str = ""
    confidence: str = ""

    def __post_init__(self) -> None:
        total = sum((rule.weight for rule in self.indicators), Decimal(0))
        if total != _WHOLE:
            raise ValueError(f"rule set {self.code}: the weights add up to {total}, not 100")
        codes = [rule.code for rule in self.indicators] + [rule.code for rule in self.adjustments]
        if len(set(codes)) != len(codes):
            raise ValueError(f"rule set {self.code}: a code is used twice")
        if not 0 <= self.best_share <= 1 or self.bonus_cap < 0:
            raise ValueError(f"rule set {self.code}: best_share lies in 0…1 and bonus_cap is not negative")
        if any(high.at_least <= low.at_least for high, low in pairwise(self.grade_floors)):
            raise ValueError(f"rule set {self.code}: grade floors must fall, highest first")

    def in_force(self, on: date) -> bool:
        """Whether this edition holds on `on`."""
        return self.in_force_from <= on <= self.in_force_to


def load_rule_set(text: str) -> RuleSet:
    """Read one rule set file (TOML). Raises `ValueError` naming what is wrong with it."""
    data = tomllib.loads(text, parse_float=Decimal)
    try:
        return _read(data)
    except KeyError as missing:
        raise ValueError(f"rule set {data.get('code', '?')}: {missing} missing") from missing
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"rule set {data.get('code', '?')}: {error}") from error


def _read(data: Mapping[str, Any]) -> RuleSet:
    grades = data["grades"]
    return RuleSet(
        code=data["code"],
        title=data["title"],
        scale=grades["scale"],
        in_force_from=data["in_force_from"],
        in_force_to=data["in_force_to"],
        indicators=tuple(_read_indicator(row) for row in data["indicator"]),
        adjustments=tuple(_read_adjustment(row) for row in data.get("adjustment", ())),
        bonus_cap=Decimal(data["bonus_cap"]),
        best_grade=grades["best"],
        best_share=Decimal(grades["best_share"]),
        grade_floors=tuple(GradeFloor(row["grade"], Decimal(row["at_least"])) for row in grades["floor"]),
        veto_grade=grades["veto"],
        source=data["source"],
        confidence=data["confidence"],
    )


def _read_indicator(row: Mapping[str, Any]) -> IndicatorRule:
    bands = tuple(Band(Decimal(band["at_least"]), Decimal(band["share"])) for band in row.get("band", ()))
    if bool(bands) == ("target" in row or "floor" in row):
        raise ValueError(f"indicator {row['code']}: give either floor and target, or bands")
    limits = {} if bands else {"floor": Decimal(row["floor"]), "target": Decimal(row["target"])}
    return IndicatorRule(row["code"], row["title"], Decimal(row["weight"]), bands=bands, **limits)


def _read_adjustment(row: Mapping[str, Any]) -> AdjustmentRule:
    most = Decimal(row["most"]) if "most" in row else None
    points = Decimal(row.get("points", 0))
    return AdjustmentRule(row["code"], row["title"], AdjustmentKind(row["kind"]), points, most)
