"""From the reviewed files in standards/produce_markets to values. No database."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import Clock, ClockMissing, clock_in_force, due, load_clocks
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What goods must come in with."""

    edition: str
    accepts: tuple[str, ...]
    needs: tuple[str, ...]
    testable: bool
    clause: str


@dataclass(frozen=True, slots=True)
class BoardItem:
    code: str
    label: str
    days: int
    computed: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """The choices of practice.toml."""

    tests_per_day: Mapping[str, int]
    unchecked_hours: int
    contract_days: int
    oversold_percent: Decimal
    stalled_days: int
    remind_days: int
    board: tuple[BoardItem, ...]
    milestones: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cadence:
    """One of the self-inspections: its items, and how many days back gaps are counted."""

    code: str
    label: str
    back: int
    items: Mapping[str, str]
    edition: str


@dataclass(frozen=True, slots=True)
class DynamicFactor:
    """A line of the dynamic score. `bands`: (share in percent from which, points), the best first; none when typed."""

    code: str
    title: str
    maximum: Decimal
    typed: bool
    bands: tuple[tuple[Decimal, Decimal], ...]
    empty_points: Decimal


@dataclass(frozen=True, slots=True)
class Route:
    clause: str
    label: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str


@cache
def _documents(folder: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def edition_of(code: str, on: date) -> Mapping[str, Any]:
    """The file of standards/produce_markets in force on a day."""
    for values in _documents(Path(settings.STANDARDS_DIR) / "produce_markets"):
        if values.get("code") == code and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return values
    raise ledger.Refused(_("%(day)s 没有施行中的规则“%(code)s”，请管理员先录入。") % {"day": on, "code": code})


def entry_rule(goods: str, on: date) -> EntryRule:
    values = edition_of("market-entry", on)
    for row in values["goods"]:
        if goods in row["codes"]:
            return EntryRule(
                values["edition"], tuple(row["accepts"]), tuple(row["needs"]), row["testable"], row["clause"]
            )
    raise ledger.Refused({"goods": _("请选择品种。")})


def practice(on: date) -> Practice:
    values = edition_of("market-practice", on)
    return Practice(
        values["tests_per_day"], values["unchecked_hours"], values["contract_days"],
        Decimal(values["oversold_percent"]), values["stalled_days"], values["remind_days"],
        tuple(BoardItem(r["code"], r["label"], r["days"], r["computed"]) for r in values["publicity"]),
        {row["kind"]: tuple(row["names"]) for row in values["milestones"]},
    )  # fmt: skip


def cadences(on: date) -> dict[str, Cadence]:
    values = edition_of("market-self-check", on)
    return {
        code: Cadence(code, row["label"], row["back"], {i["code"]: i["label"] for i in row["items"]}, values["edition"])
        for code, row in values["cadence"].items()
    }


def dynamic_factors(on: date) -> tuple[str, tuple[DynamicFactor, ...]]:
    """The edition, and its factors in order."""
    values = edition_of("market-grading", on)
    factors = tuple(
        DynamicFactor(
            row["code"], row["title"], Decimal(row["maximum"]), row.get("typed", False),
            tuple((Decimal(b["at_least"]), Decimal(b["points"])) for b in row.get("bands", ())),
            Decimal(row.get("empty_points", row["maximum"])),
        )
        for row in values["factor"]
    )  # fmt: skip
    return values["edition"], factors


def slaughter_needs(animal: str, on: date) -> tuple[str, tuple[str, ...]]:
    """The edition, and what must be seen on meat of an animal."""
    values = edition_of("market-slaughter", on)
    return values["edition"], tuple(values["needs"].get(animal, ()))


def route_of(finding: str, on: date) -> Route:
    for row in edition_of("market-routing", on)["finding"]:
        if row["code"] == finding:
            return Route(row["clause"], row["label"], tuple(row["owners"]), tuple(row["cooperating"]), row["severity"])
    raise ledger.Refused(_("没有“%(finding)s”的责任单位规则，请先录入。") % {"finding": finding})


REPORT, TAKE_UP, DISPOSE = "PM1", "PM2", "PM3"


def due_at(code: str, started: datetime) -> datetime | None:
    """The last moment of a clock of hours; None where no rule was in force."""
    clock = _clock(code, started.date())
    if clock is None:
        return None
    return due(clock, started, calendar=casework.calendar()).moment


def due_on(code: str, started: date) -> date | None:
    """The last day of a clock of working days; None where no rule was in force."""
    clock = _clock(code, started)
    if clock is None:
        return None
    with casework.known_years():
        return due(clock, started, calendar=casework.calendar()).last_day


def _clock(code: str, on: date) -> Clock | None:
    try:
        return clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks" / "produce-markets.toml"), code, on)
    except ClockMissing:
        return None


@cache
def _clocks(path: Path) -> tuple[Clock, ...]:
    return load_clocks(path.read_text("utf-8"))
