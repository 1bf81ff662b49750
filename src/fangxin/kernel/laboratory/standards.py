"""The reviewed rule files of sampling, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from fangxin.engines.sampling.allocation import Prior


class RulesMissing(LookupError):
    """No edition of a rule is in force on the day asked about."""


@dataclass(frozen=True, slots=True)
class FoodClass:
    """A food class of the yearly rules: least quantities in `unit`, the warmest °C on the way, where it is met."""

    name: str
    test: Decimal
    duplicate: Decimal
    unit: str
    stages: frozenset[str]
    warmest: Decimal | None = None
    packages: int = 0


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """Why a laboratory refuses; `fails` names the question of the receipt that is then answered with no."""

    code: str
    label: str
    fails: str
    asks_note: bool


@dataclass(frozen=True, slots=True)
class IrregularityRule:
    kind: str
    clause: str
    severity: str


@dataclass(frozen=True, slots=True)
class Practice:
    prior: Prior
    information_share: Decimal
    floor: int
    past_years: int
    irregularities: Mapping[str, IrregularityRule]


def practice(on: date) -> Practice:
    row = _edition("practice.toml", on)
    rules = [IrregularityRule(**one) for one in row["irregularity"]]
    return Practice(
        Prior(Decimal(row["prior_rate"]), Decimal(row["prior_weight"])),
        row["information_share"],
        row["floor"],
        row["past_years"],
        {one.kind: one for one in rules},
    )


def food_classes(on: date) -> tuple[FoodClass, ...]:
    return tuple(_food_class(row) for row in _edition("quantities.toml", on)["class"])


def food_class(name: str, on: date) -> FoodClass | None:
    return next((one for one in food_classes(on) if one.name == name), None)


def _food_class(row: Mapping[str, Any]) -> FoodClass:
    warmest = row.get("warmest")
    return FoodClass(
        row["name"],
        Decimal(row["test"]),
        Decimal(row["duplicate"]),
        row["unit"],
        frozenset(row["stages"]),
        None if warmest is None else Decimal(warmest),
        row.get("packages", 0),
    )


def premises_kinds(stage: str, on: date) -> tuple[str, ...]:
    """Kinds of premises from which samples of a stage are drawn."""
    return tuple(_edition("quantities.toml", on)["kinds"].get(stage, ()))


def refusal_reasons(on: date) -> tuple[RefusalReason, ...]:
    return tuple(RefusalReason(**row) for row in _edition("receipt.toml", on)["reason"])


def _edition(filename: str, on: date) -> Mapping[str, Any]:
    row = _document(Path(settings.STANDARDS_DIR) / "laboratory" / filename)
    if not row["in_force_from"] <= on <= row.get("in_force_to", date.max):
        raise RulesMissing(f"no edition of {filename} in force on {on}")
    return row


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
