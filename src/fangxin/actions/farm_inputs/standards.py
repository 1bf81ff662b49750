"""From the reviewed files in standards/farm_inputs to values. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fangxin.actions.farm_inputs.rules_inputs import edition_of
from fangxin.engines.decline import Spread


@dataclass(frozen=True, slots=True)
class RecordRules:
    """When a book of records is whole, how long it is kept, and how long a slip may be put right freely."""

    production_days: int
    drug_days: int
    sale_days: int
    free_correction_hours: int
    kept: tuple[Mapping[str, Any], ...]

    def kept_for(self, kind: str, food: str, groups: tuple[str, ...]) -> Mapping[str, Any] | None:
        """The rule for a kind of farm and its animal; the longest where several hold."""
        names = {food, *groups}
        found = [
            row for row in self.kept if kind in row["kinds"] and (not row.get("foods") or names & set(row["foods"]))
        ]
        return max(found, key=lambda row: int(row["years"]), default=None)


@dataclass(frozen=True, slots=True)
class DeclineRules:
    """Half-lives by substance and deposits by group of crops; `advise_above` is the risk from which one should wait."""

    half_lives: Mapping[str, tuple[Spread, str]]  # spread, and the name under which the limit is listed
    deposits: Mapping[str, Spread]
    advise_above: float
    source: str


def groups(on: date) -> Mapping[str, tuple[str, ...]]:
    """From a crop or animal to its groups, the nearest first."""
    return {name: tuple(found) for name, found in edition_of("farm-crop-groups", on)["groups"].items()}


def record_rules(on: date) -> RecordRules:
    values = edition_of("farm-records", on)
    return RecordRules(
        values["production_days"], values["drug_days"], values["sale_days"], values["free_correction_hours"],
        tuple(values["kept"]),
    )  # fmt: skip


def decline_rules(on: date) -> DeclineRules:
    values = edition_of("residue-decline", on)
    half_lives = {
        row["name"]: (Spread(float(row["half_life_days"]), float(row["gsd"])), row.get("limit_name", row["name"]))
        for row in values["substance"]
    }
    deposits = {
        group: Spread(float(row["mg_kg_per_g_ha"]), float(row["gsd"]))
        for row in values["deposit"]
        for group in row["groups"]
    }
    return DeclineRules(half_lives, deposits, float(values["advise_above"]), values["source"])


def products(on: date) -> list[Mapping[str, Any]]:
    """The labels that come with the platform."""
    return [dict(row) for row in edition_of("farm-products", on)["product"]]


def decimal_of(row: Mapping[str, Any], key: str) -> Decimal | None:
    return Decimal(row[key]) if key in row else None
