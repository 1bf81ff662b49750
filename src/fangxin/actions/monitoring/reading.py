"""From the reviewed files in standards/exposure to values. No database."""

import csv
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from fangxin.actions.monitoring.data import FoodGroup, Hazard, OfferedPoint, People, Route, SignalRules
from fangxin.engines.deadlines import Clock, load_clocks
from fangxin.engines.exposure import Basis, Period, ReferencePoint, Scale


class WithdrawnValue(ValueError):
    """A table offers a value that its body has withdrawn."""


@cache
def document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def reference_points(folder: Path) -> tuple[OfferedPoint, ...]:
    """Every value that may be chosen. A table with a withdrawn one is refused as a whole."""
    head = document(folder / "reference-points.toml")
    with (folder / head["table"]).open(encoding="utf-8", newline="") as file:
        offered = tuple(_offered(row) for row in csv.DictReader(file))
    for row in head["withdrawn"]:
        for p in offered:
            same = (p.hazard, p.point.kind, p.point.unit) == (row["substance"], row["kind"], row["unit"])
            if same and p.point.value == Decimal(row["value"]):
                raise WithdrawnValue(f"{p.point.code}: {row['reason']}")
    return offered


def _offered(row: Mapping[str, str]) -> OfferedPoint:
    point = ReferencePoint(
        code=row["code"],
        substance=row["name"],
        kind=row["kind"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        period=Period(row["period"]),
        basis=Basis(row["basis"]),
        body=row["body"],
        margin_wanted=Decimal(row["margin_wanted"]) if row["margin_wanted"] else None,
    )
    return OfferedPoint(point, row["substance"], row["note"], row["confidence"])


@cache
def hazards(folder: Path) -> Mapping[str, Hazard]:
    """The hazards that were described, and every other substance that has a reference point."""
    found = {
        row["code"]: Hazard(
            code=row["code"],
            name=row["name"],
            severity=row.get("severity"),
            organs=tuple(row["organs"]),
            vulnerable=row.get("vulnerable", False),
            speciation=row.get("speciation", ""),
        )
        for row in document(folder / "hazards.toml")["hazard"]
    }
    for p in reference_points(folder):
        found.setdefault(p.hazard, Hazard(p.hazard, p.point.substance, None, (), False, ""))
    return found


@cache
def hazard_names(folder: Path) -> Mapping[str, str]:
    """Plain name → code. A name that would mean two hazards means none."""
    names: dict[str, set[str]] = {}
    for row in document(folder / "hazards.toml")["hazard"]:
        for name in (row["code"], row["name"], *row["synonyms"]):
            names.setdefault(plain(name), set()).add(row["code"])
    for code, hazard in hazards(folder).items():
        names.setdefault(plain(hazard.name), {code})
        names.setdefault(plain(code), {code})
    return {name: codes.copy().pop() for name, codes in names.items() if len(codes) == 1}


def plain(text: str) -> str:
    """Half width, small letters, no blanks: how names are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def food_groups(folder: Path) -> Mapping[str, FoodGroup]:
    rows = document(folder / "diets.toml")["food"]
    return {row["code"]: FoodGroup(row["code"], row["name"], tuple(row["words"])) for row in rows}


@cache
def people_groups(folder: Path) -> Mapping[str, People]:
    return {
        row["code"]: People(
            code=row["code"],
            name=row["name"],
            body_weight_kg=Decimal(row["body_weight_kg"]) if "body_weight_kg" in row else None,
            grams={food: Decimal(grams) for food, grams in row.get("grams", {}).items()},
        )
        for row in document(folder / "diets.toml")["people"]
    }


def group_of(groups: Iterable[FoodGroup], food: str, food_class: str) -> str:
    """The dietary group of a food: by the class where it names one, else by the longest known word. Two groups with
    equally long words leave it open, and somebody has to say."""
    groups = tuple(groups)
    for group in groups:
        if plain(food_class) in (plain(group.name), group.code):
            return group.code
    for text in (plain(food_class), plain(food)):
        hits = [(len(word), group.code) for group in groups for word in group.words if text and plain(word) in text]
        longest = max((length for length, _code in hits), default=0)
        codes = {code for length, code in hits if length == longest}
        if len(codes) == 1:
            return codes.pop()
    return ""


@cache
def signal_rules(folder: Path) -> SignalRules:
    values = document(folder / "signals.toml")
    charts, rates, ranking = values["charts"], values["rates"], values["ranking"]
    return SignalRules(
        baseline_months=charts["baseline_months"],
        watched_months=charts["watched_months"],
        fewest_baseline=charts["fewest_baseline"],
        ewma_weight=float(charts["ewma_weight"]),
        ewma_width=float(charts["ewma_width"]),
        cusum_slack=float(charts["cusum_slack"]),
        cusum_limit=float(charts["cusum_limit"]),
        rate_months=rates["months"],
        fewest_tested=rates["fewest_tested"],
        fewest_in_township=rates["fewest_in_township"],
        township_factor=float(rates["township_factor"]),
        share_of_guidance=float(values["exposure"]["share_of_guidance"]),
        ranking_months=ranking["months"],
        scale=Scale(
            above_limit=_four(ranking["above_limit"]),
            share_of_guidance=_four(ranking["share_of_guidance"]),
            margin=_four(ranking["margin"]),
            fewest_results=ranking["fewest_results"],
            trend={name: float(ranking[name]) for name in ("risen", "steady", "fallen", "unknown")},
        ),
    )


def _four(values: Iterable[str]) -> tuple[float, float, float, float]:
    one, two, three, four = (float(value) for value in values)
    return one, two, three, four


@cache
def routes(folder: Path) -> Mapping[str, Route]:
    return {
        row["code"]: Route(**{**row, "owners": tuple(row["owners"]), "cooperating": tuple(row["cooperating"])})
        for row in document(folder / "routing.toml")["finding"]
    }


@cache
def clocks(folder: Path) -> tuple[Clock, ...]:
    return tuple(load_clocks((folder / "monitoring.toml").read_text("utf-8")))


def months_before(day: date, months: int) -> date:
    """The first day of the span of so many months that ends before `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))
