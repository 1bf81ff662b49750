"""The reviewed rules of signals and investigations: when to speak up, what may follow what, until when, who gets what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import reading
from fangxin.actions.monitoring.data import Route
from fangxin.actions.monitoring.models import Investigation, OutbreakSignal
from fangxin.engines.deadlines import Clock, Unit, clock_in_force, due, load_clocks, national_calendar
from fangxin.kernel.casework import api as casework
from fangxin.kernel.people import api as people

State = Investigation.State
Kind = OutbreakSignal.Kind
Urgency = OutbreakSignal.Urgency

VIEW, WORK = "outbreak.view", "outbreak.work"

# What an act does: the states it may start from, the state after it, the clock that then runs.
STEPS: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "open": ((), State.INVESTIGATING, "OB04"),
    "not_food": ((State.INVESTIGATING,), State.NOT_FOOD, "OB08"),
    "outbreak": ((State.INVESTIGATING,), State.OUTBREAK, "OB05"),
    "grade": ((State.OUTBREAK, State.GRADED, State.RESPONDING), State.GRADED, "OB06"),
    "respond": ((State.GRADED,), State.RESPONDING, "OB09"),
    "handled": ((State.RESPONDING,), State.HANDLED, "OB07"),
    "report": ((State.HANDLED,), State.REPORTED, "OB08"),
    "close": ((State.REPORTED, State.NOT_FOOD), State.CLOSED, ""),
}
CLOCK_OF_STATE = {after: clock for _since, after, clock in STEPS.values()}
ENDED = (State.CLOSED,)

URGENCY_OF_KIND = {
    Kind.SINGLE: Urgency.NOW, Kind.SCHOOL: Urgency.NOW, Kind.HOSPITAL: Urgency.TODAY, Kind.SPACE_TIME: Urgency.TODAY,
    Kind.DAILY: Urgency.USUAL, Kind.WEEKLY: Urgency.USUAL, Kind.REPORTED: Urgency.TODAY,
}  # fmt: skip
CLOCK_OF_URGENCY = {Urgency.NOW: "OB01", Urgency.TODAY: "OB02", Urgency.USUAL: "OB03"}

STREAMS = {
    "cases": _("食源性疾病病例"),
    "school": _("学校缺勤和症状"),
    "complaints": _("患病投诉"),
    "sales": _("药店销售"),
}
_NO_WORKDAYS = national_calendar(())


def folder() -> Path:
    return Path(settings.STANDARDS_DIR) / "outbreak"


def signal_rules() -> Mapping[str, Any]:
    return reading.document(folder() / "signals.toml")


def route(code: str) -> Route:
    return reading.routes(folder())[code]


def party_names(party: str) -> Sequence[str]:
    """Under which names counties know a party to an outbreak, the usual one first."""
    names: Sequence[str] = reading.document(folder() / "routing.toml")["parties"].get(party, ())
    return names


def party(name: str, division_code: str) -> people.Agency | None:
    return people.first_agency(party_names(name), division_code)


@cache
def _clocks(path: Path) -> tuple[Clock, ...]:
    return load_clocks(path.read_text("utf-8"))


def deadline(code: str, started: datetime) -> datetime:
    """The last moment of a clock that starts now."""
    clock = clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks" / "outbreaks.toml"), code, started.date())
    if clock.unit is not Unit.WORKDAY and not clock.roll:
        return due(clock, started, calendar=_NO_WORKDAYS).moment
    with casework.known_years():
        return due(clock, started, calendar=casework.calendar()).moment


def allowed_steps(state: str) -> list[str]:
    """Acts that may follow, in the order of the chain."""
    return [name for name, (since, _after, _clock) in STEPS.items() if state in since]
