"""The reviewed files of the two responsibilities, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from fangxin.engines.deadlines import Clock, clock_in_force, load_clocks
from fangxin.engines.grading.self_control import DirectorLine
from fangxin.kernel.fieldwork.standards import RulesMissing

REPORT_CLOCK, REASSIGN_CLOCK = "DL30", "DL30-ASSIGN"


@dataclass(frozen=True, slots=True)
class Cadences:
    """One edition of how long things may stay open or be written down afterwards, in days."""

    edition: str
    begins: date
    problem_days: int
    backfill_days: int
    reexam_days: int


@dataclass(frozen=True, slots=True)
class RiskList:
    """What is looked at every day at places of some kinds."""

    edition: str
    label: str
    items: tuple[tuple[str, str], ...]


def cadences(on: date) -> Cadences:
    row = _own("cadences.toml", on)
    names = ("problem_days", "backfill_days", "reexam_days")
    return Cadences(row["edition"], row["in_force_from"], **{name: row[name] for name in names})


def director_lines(on: date) -> tuple[DirectorLine, ...]:
    return tuple(
        DirectorLine(
            label=row["label"],
            kinds=frozenset(row["kinds"]),
            sizes=frozenset(row.get("sizes", ())),
            fact=row.get("fact", ""),
            values=frozenset(row.get("values", ())),
            diners=row.get("diners"),
        )
        for row in _own("directors.toml", on)["line"]
    )


def risk_lists(on: date) -> dict[str, RiskList]:
    """By kind of premises; kinds without a list owe no daily record. Empty before the rule was in force."""
    try:
        document = _own("risk-lists.toml", on)
    except RulesMissing:
        return {}
    return {kind: _risk_list(document["edition"], row) for row in document["list"] for kind in row["kinds"]}


def _risk_list(edition: str, row: Mapping[str, Any]) -> RiskList:
    return RiskList(edition, row["label"], tuple((item["code"], item["text"]) for item in row["items"]))


def obliged_kinds(on: date) -> frozenset[str]:
    return frozenset(risk_lists(on))


def first_day() -> date:
    """From when daily records are owed at all."""
    begins: date = _document(_path("cadences.toml"))["in_force_from"]
    return begins


def visit_months(on: date) -> dict[str, int]:
    """Tier → months in which each subject is visited once."""
    return {row["code"]: row["months"] for row in _own("guarantee.toml", on)["tier"]}


def clock(code: str, on: date) -> Clock:
    return clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks" / "clocks.toml"), code, on)


@cache
def _clocks(path: Path) -> tuple[Clock, ...]:
    return load_clocks(path.read_text("utf-8"))


def _path(filename: str) -> Path:
    return Path(settings.STANDARDS_DIR) / "self_control" / filename


def _own(filename: str, on: date) -> Mapping[str, Any]:
    row = _document(_path(filename))
    if not row["in_force_from"] <= on <= row.get("in_force_to", date.max):
        raise RulesMissing(f"no edition of {filename} in force on {on}")
    return row


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
