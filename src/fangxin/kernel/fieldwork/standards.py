"""The reviewed rule files of this app, and the checklists of the catalogue, read once."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from fangxin.engines import grading
from fangxin.engines.deadlines import Clock, ClockMissing, clock_in_force, load_clocks
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork.data import Practice, Route

CHECKLISTS = "checklists"
RESULT, FREQUENCY, RISK, HYGIENE = "visit-result", "visit-frequency", "risk-grade", "catering-hygiene"
STATIC = "static-"
PUBLICATION = "DL15"


class RulesMissing(LookupError):
    """No edition of a rule is in force on the day asked about."""


def practice(on: date) -> Practice:
    row = _own("practice.toml", on)
    return Practice(
        edition=row["edition"],
        visit_cap=row["visit_cap"],
        ungraded_visits=row["ungraded_visits"],
        correct_workdays=row["correct_workdays"],
        recheck_workdays=row["recheck_workdays"],
        late_start_days=row["late_start_days"],
        far_m=row["far_m"],
        outside_km=row["outside_km"],
        picture_hours=row["picture_hours"],
        hygiene_kinds=frozenset(row["hygiene_kinds"]),
    )


def routes(on: date) -> tuple[Route, ...]:
    """Who puts findings right, in the order in which the lines are tried."""
    return tuple(
        Route(
            kinds=frozenset(row.get("kinds", ())),
            words=tuple(row.get("words", ())),
            owner=row["owner"] if isinstance(row["owner"], str) else "",
            agencies=() if isinstance(row["owner"], str) else tuple(row["owner"]),
            severity=row["severity"],
        )
        for row in _own("routing.toml", on)["route"]
    )


def statute_for(kind: str, on: date) -> tuple[str, str]:
    """(law, articles of the order to correct) for premises of a kind on a day."""
    for row in _own("statutes.toml", on)["statute"]:
        if (kind in row["kinds"] or not row["kinds"]) and row["from"] <= on <= row.get("to", date.max):
            return row["name"], row["order_article"]
    raise RulesMissing(f"no statute for {kind} on {on}")


def _own(filename: str, on: date) -> Mapping[str, Any]:
    row = _document(Path(settings.STANDARDS_DIR) / "fieldwork" / filename)
    if not row["in_force_from"] <= on <= row.get("in_force_to", date.max):
        raise RulesMissing(f"no edition of {filename} in force on {on}")
    return row


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def result_rules(on: date) -> grading.ResultRules:
    rules: grading.ResultRules = grading.edition_in_force(_grading(RESULT, grading.load_result_rules), RESULT, on)
    return rules


def frequency_rules(on: date) -> grading.FrequencyRules:
    rules: grading.FrequencyRules = grading.edition_in_force(
        _grading(FREQUENCY, grading.load_frequency_rules), FREQUENCY, on
    )
    return rules


def risk_rules(on: date) -> grading.RiskRules:
    rules: grading.RiskRules = grading.edition_in_force(_grading(RISK, grading.load_risk_rules), RISK, on)
    return rules


def hygiene_rules(on: date) -> grading.HygieneRules:
    rules: grading.HygieneRules = grading.edition_in_force(_grading(HYGIENE, grading.load_hygiene_rules), HYGIENE, on)
    return rules


def static_forms(on: date) -> tuple[grading.StaticForm, ...]:
    return tuple(form for form in _grading(STATIC, grading.load_static_form) if form.head.in_force(on))


def static_form_for(kind: str, on: date) -> grading.StaticForm | None:
    """The form of static factors for a kind of premises; None where none is known."""
    return grading.static_form_for(static_forms(on), kind, on)


def _grading(stem: str, load: Any) -> tuple[Any, ...]:
    return _loaded(Path(settings.STANDARDS_DIR) / "grading", stem, load)


@cache
def _loaded(folder: Path, stem: str, load: Any) -> tuple[Any, ...]:
    return tuple(load(path.read_text("utf-8")) for path in sorted(folder.glob(f"{stem}*.toml")))


def publication_clock(on: date) -> Clock | None:
    """The clock for publishing a result formed on a day; None before there was one."""
    try:
        return clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks" / "clocks.toml"), PUBLICATION, on)
    except ClockMissing:
        return None


@cache
def _clocks(path: Path) -> tuple[Clock, ...]:
    return load_clocks(path.read_text("utf-8"))


# By digest, so that an edition need not be read again to know what it holds.
_CHECKLISTS: dict[str, grading.Checklist] = {}


def checklist_of(edition: catalog.Edition) -> grading.Checklist:
    """The checklist an edition holds, however long ago it was superseded."""
    found = _CHECKLISTS.get(edition.digest)
    if found is None:
        found = _CHECKLISTS[edition.digest] = grading.load_checklist(edition.body)
    return found


def checklist_editions(on: date) -> list[catalog.Edition]:
    """All checklists in force on a day; their text is read when somebody asks for it."""
    return list(catalog.editions(CHECKLISTS, on=on).defer("body"))


def edition_for(kind: str, on: date) -> catalog.Edition | None:
    """The checklist in force on a day for a kind of premises."""
    return next((e for e in checklist_editions(on) if kind in checklist_of(e).applies_to), None)


def codes_by_kind(on: date) -> dict[str, str]:
    """Which checklist each kind of premises is inspected with; kinds without one are not inspected."""
    return {kind: e.code for e in checklist_editions(on) for kind in checklist_of(e).applies_to}


def two_places(value: Decimal | None) -> Decimal | None:
    """As the database keeps it."""
    return None if value is None else value.quantize(Decimal("0.01"))
