"""The reviewed rule files of this app, read once."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from fangxin.kernel.casework.data import DeadlineRules, Fixing, Rung


class RulesMissing(LookupError):
    """No edition of a rule file is in force on the day asked about."""


def deadline_rules(on: date) -> DeadlineRules:
    """The edition in force on the day a matter is opened."""
    row = _edition("deadlines.toml", on)
    ladder = tuple(
        Rung(rung["stage"], rung["offset"], rung["unit"], rung.get("repeat_offset")) for rung in row["ladder"]
    )
    return DeadlineRules(
        edition=row["edition"],
        workdays=row["workdays"],
        extension_workdays=row["extension_workdays"],
        look_back_workdays=row["look_back_workdays"],
        rebound_months=row["rebound_months"],
        ladder=ladder,
        source=row["source"],
        confidence=row["confidence"],
    )


def fixings(on: date) -> tuple[Fixing, ...]:
    """The five fixings as this installation words them."""
    return tuple(Fixing(**row) for row in _edition("five-fixings.toml", on)["fixing"])


def _edition(filename: str, on: date) -> dict[str, Any]:
    for row in _editions(Path(settings.STANDARDS_DIR) / "casework" / filename):
        if row["in_force_from"] <= on <= row.get("in_force_to", date.max):
            return row
    raise RulesMissing(f"no edition of {filename} in force on {on}")


@cache
def _editions(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["edition"]
    return rows
