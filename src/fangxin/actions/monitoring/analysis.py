"""From the line list as typed to epidemiology: who is a case, the curve, a table for each food, agents, the window of the meal."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import line_lists
from fangxin.actions.monitoring.line_lists import Person, ReadList
from fangxin.actions.monitoring.models import CaseDefinition, Investigation, LineList
from fangxin.engines.outbreak.epidemiology import (
    Agent,
    Curve,
    Measures,
    Ranked,
    TwoByTwo,
    Window,
    curve,
    exposure_window,
    measure,
    rank_agents,
)
from fangxin.kernel.ledger import api as ledger

SUSPECT, PROBABLE, CONFIRMED, NOT_A_CASE, UNCLEAR = "suspect", "probable", "confirmed", "not_a_case", "unclear"
CASES = (SUSPECT, PROBABLE, CONFIRMED)
FEW_AGENTS = 6


@dataclass(frozen=True, slots=True)
class FoodTable:
    food: str
    measures: Measures
    unknown: int  # people of the list whose answer is not known


@dataclass(frozen=True, slots=True)
class Analysis:
    version: int
    people: tuple[Person, ...]
    faults: tuple[line_lists.Fault, ...]
    classes: Mapping[str, str]  # by number of the person
    curve: Curve
    foods: tuple[FoodTable, ...]
    agents: tuple[Ranked, ...]
    window: Window | None
    symptoms: tuple[tuple[str, int], ...]

    @property
    def cases(self) -> list[Person]:
        return [p for p in self.people if self.classes.get(p.id) in CASES]

    def count(self, kind: str) -> int:
        return sum(found == kind for found in self.classes.values())


def analyse(row: Investigation, saved: LineList | None = None) -> Analysis | None:
    """Of the last version of the list, or of one given; nothing while there is no list."""
    latest = saved or row.line_lists.order_by("-version").first()
    if latest is None:
        return None
    read = line_lists.read(latest.rows, latest.foods, row.opened_at.astimezone(ledger.clock.LOCAL).year)
    return analyse_people(read, latest, line_lists.latest_definition(row), row.meal_at)


def analyse_people(
    read: ReadList, saved: LineList, definition: CaseDefinition | None, meal_at: datetime | None
) -> Analysis:
    classes = {p.id: classify(p, definition) for p in read.people if p.id}
    cases = [p for p in read.people if classes.get(p.id) in CASES]
    onsets = [p.onset_at for p in cases if p.onset_at is not None]
    hours = [
        (p.onset_at - (p.meal_at or meal_at)).total_seconds() / 3600
        for p in cases
        if p.onset_at is not None and (p.meal_at or meal_at) is not None
    ]
    ranked = rank_agents(agents(), [h for h in hours if h > 0])[:FEW_AGENTS] if any(h > 0 for h in hours) else ()
    best = ranked[0].agent if ranked else None
    return Analysis(
        saved.version, read.people, read.faults, classes, curve(onsets, median_hours=best.median if best else None),
        _tables(read.people, saved.foods, classes), ranked, exposure_window(best, onsets) if best and onsets else None,
        _symptoms(cases),
    )  # fmt: skip


def classify(person: Person, definition: CaseDefinition | None) -> str:
    """Under the last version of the definition; without one the typed answer decides."""
    if definition is None:
        return {True: PROBABLE, False: NOT_A_CASE, None: UNCLEAR}[person.ill]
    criteria = definition.criteria
    met = len(set(criteria.get("symptoms", ())) & set(person.symptoms))
    fits = _in_time(person, criteria)
    if fits is False or person.ill is False or met < int(criteria.get("suspect_least", 1)):
        return NOT_A_CASE
    if criteria.get("units") and person.unit not in criteria["units"]:
        return NOT_A_CASE
    if fits is None:
        return UNCLEAR
    food = criteria.get("food")
    probable = met >= int(criteria.get("probable_least", 2)) and (not food or person.foods.get(food) is True)
    return CONFIRMED if person.lab else PROBABLE if probable else SUSPECT


def _in_time(person: Person, criteria: Mapping[str, Any]) -> bool | None:
    """None where the definition has a period and nobody knows when the person fell ill."""
    since, until = _moment(criteria.get("since")), _moment(criteria.get("until"))
    if since is None and until is None:
        return True
    onset = person.onset_at
    return None if onset is None else (since is None or onset >= since) and (until is None or onset <= until)


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _tables(people: Sequence[Person], foods: Iterable[str], classes: Mapping[str, str]) -> tuple[FoodTable, ...]:
    """One table a food, the strongest first; who is neither a case nor well is left out."""
    found = []
    for food in foods:
        cells, unknown = [0, 0, 0, 0], 0
        for person in people:
            kind, ate = classes.get(person.id, UNCLEAR), person.foods.get(food)
            if kind == UNCLEAR:
                continue
            if ate is None:
                unknown += 1
                continue
            cells[(0 if kind in CASES else 1) if ate else (2 if kind in CASES else 3)] += 1
        found.append(FoodTable(food, measure(TwoByTwo(*cells)), unknown))
    return tuple(sorted(found, key=lambda t: (t.measures.fisher_p, -(t.measures.cases_exposed or 0), t.food)))


def _symptoms(cases: Sequence[Person]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for person in cases:
        for symptom in set(person.symptoms):
            counted[symptom] = counted.get(symptom, 0) + 1
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def agents() -> tuple[Agent, ...]:
    return _agents(Path(settings.STANDARDS_DIR) / "outbreak" / "agents.csv")


@cache
def _agents(path: Path) -> tuple[Agent, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Agent(r["code"], r["name"], float(r["shortest_h"]), float(r["median_h"]), float(r["longest_h"])) for r in rows
    )


def class_label(kind: str) -> str:
    return {
        SUSPECT: _("疑似病例"), PROBABLE: _("可能病例"), CONFIRMED: _("确诊病例"), NOT_A_CASE: _("非病例"), UNCLEAR: _("不明"),
    }[kind]  # fmt: skip
