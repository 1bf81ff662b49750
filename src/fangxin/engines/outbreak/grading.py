"""How grave a food-safety incident is, by rules that are data with a jurisdiction and a day from which they hold.

The national plan names four grades and leaves the counts to the provinces' plans. A rule is met by counts or by spread; the gravest
rule that is met decides. Below the lowest grade an event is still handled, and may still have to be reported at once.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

LOWEST, ORDER = "SUB", ("I", "II", "III", "IV", "SUB")


class Spread(StrEnum):
    """How far the ill are spread; each stands for "two or more" of its kind."""

    ONE = "one"
    TOWNSHIPS = "townships"
    COUNTIES = "counties"
    CITIES = "cities"
    PROVINCES = "provinces"


class Setting(StrEnum):
    OTHER = "other"
    SCHOOL = "school"  # and kindergartens
    SITE = "site"  # building sites
    EVENT = "event"  # large events, banquets of many tables


_SPREADS = tuple(Spread)


@dataclass(frozen=True, slots=True)
class Incident:
    """People harmed (the dead among them), and where."""

    harmed: int
    dead: int = 0
    spread: Spread = Spread.ONE
    setting: Setting = Setting.OTHER

    def __post_init__(self) -> None:
        if not 0 <= self.dead <= self.harmed:
            raise ValueError("the dead are among the harmed, and neither is below zero")


@dataclass(frozen=True, slots=True)
class GradeRule:
    """Met where every condition that it states holds."""

    code: str
    grade: str
    jurisdiction: str  # a division code, or empty for everywhere
    since: date
    until: date | None
    authority: str
    source: str
    confidence: str
    harmed: int | None = None
    dead: int | None = None
    spread: Spread | None = None
    setting: Setting | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """`rules` are all that are met of the grade; `authority` leads the response."""

    code: str
    authority: str
    rules: tuple[GradeRule, ...]


@dataclass(frozen=True, slots=True)
class ReportRule:
    """Who tells whom within how long once something is so. Hours are by the clock, workdays by the calendar."""

    code: str
    trigger: str
    teller: str
    told: tuple[str, ...]
    amount: int
    unit: str  # hour, workday, day; amount 0: at once
    source: str
    confidence: str
    harmed: int | None = None
    dead: int | None = None
    settings: tuple[Setting, ...] = ()


def load_grades(text: str) -> tuple[GradeRule, ...]:
    """Rules of a TOML document with `[[rule]]` tables; a fault names its rule."""
    return tuple(_rule(row) for row in tomllib.loads(text)["rule"])


def _rule(row: Mapping[str, Any]) -> GradeRule:
    given = dict(row)
    if given["grade"] not in ORDER:
        raise ValueError(f"rule {given['code']}: there is no grade {given['grade']!r}")
    for name, kind in (("spread", Spread), ("setting", Setting)):
        if name in given:
            given[name] = kind(given[name])
    found = GradeRule(**{"jurisdiction": "", "until": None, **given})
    if found.harmed is None and found.dead is None and found.spread is None:
        raise ValueError(f"rule {found.code} states no condition")
    return found


def load_reports(text: str) -> tuple[ReportRule, ...]:
    """Rules of a TOML document with `[[report]]` tables."""
    return tuple(
        ReportRule(
            **{
                **row, "told": tuple(row["told"]), "settings": tuple(Setting(s) for s in row.get("settings", ())),
            }
        )
        for row in tomllib.loads(text)["report"]
    )  # fmt: skip


def grade(incident: Incident, rules: Sequence[GradeRule], *, jurisdiction: str, on: date) -> Grade:
    """The gravest grade of which a rule is met under the rules in force in a place on a day."""
    in_force = [
        r
        for r in rules
        if jurisdiction.startswith(r.jurisdiction) and r.since <= on and (r.until is None or on <= r.until)
    ]
    met = [r for r in in_force if _met(incident, r)]
    code = min((r.grade for r in met), key=ORDER.index, default=LOWEST)
    chosen = tuple(r for r in met if r.grade == code)
    return Grade(code, chosen[0].authority if chosen else "", chosen)


def _met(incident: Incident, rule: GradeRule) -> bool:
    return (
        (rule.harmed is None or incident.harmed >= rule.harmed)
        and (rule.dead is None or incident.dead >= rule.dead)
        and (rule.setting is None or incident.setting is rule.setting)
        and (rule.spread is None or _SPREADS.index(incident.spread) >= _SPREADS.index(rule.spread))
    )


def reports_due(incident: Incident, rules: Iterable[ReportRule], trigger: str) -> tuple[ReportRule, ...]:
    """What has to be reported on a trigger: rules with numbers are due where one of them is reached."""
    return tuple(r for r in rules if r.trigger == trigger and _due(incident, r))


def _due(incident: Incident, rule: ReportRule) -> bool:
    if rule.settings and incident.setting not in rule.settings:
        return False
    if rule.harmed is None and rule.dead is None:
        return True
    return (rule.harmed is not None and incident.harmed >= rule.harmed) or (
        rule.dead is not None and incident.dead >= rule.dead
    )
