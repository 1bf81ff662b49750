"""Legal clocks as data: how long, in which unit, from which event, by which rule, in force when."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any


class ClockMissing(LookupError):
    """No edition of the clock is in force on the day asked about."""

    def __init__(self, code: str, on: date) -> None:
        super().__init__(f"no clock {code} in force on {on}")
        self.code = code
        self.on = on


class Unit(StrEnum):
    """What a clock counts."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"
    DATE = "date"


# Confidence codes read in a text or remembered with certainty; the others wait for an administrator.
_SETTLED = ("V", "M-high")


@dataclass(frozen=True, slots=True)
class Clock:
    """One legal clock.

    `length` is in `unit`; negative means so long before the event. `extension` is what one approved
    extension adds. `dates` are the (month, day) pairs of a clock of fixed dates. `roll` moves a last
    day that is no working day to the next one.
    """

    code: str
    length: int
    unit: Unit
    roll: bool = False
    pausable: bool = False
    extension: int = 0
    dates: tuple[tuple[int, int], ...] = ()
    start_event: str = ""
    source: str = ""
    confidence: str = ""
    in_force_from: date = date.min
    in_force_to: date = date.max

    def __post_init__(self) -> None:
        if (self.unit is Unit.DATE) != bool(self.dates):
            raise ValueError(f"clock {self.code}: fixed dates and the unit 'date' go together")
        if self.pausable and (self.unit not in (Unit.WORKDAY, Unit.DAY) or self.length < 0):
            raise ValueError(f"clock {self.code}: only days counted forward can be paused")
        if self.length < 0 and (self.roll or self.unit not in (Unit.WORKDAY, Unit.DAY)):
            raise ValueError(f"clock {self.code}: cannot count backwards with this unit or roll")
        if self.in_force_to < self.in_force_from:
            raise ValueError(f"clock {self.code}: in force to a day before it begins")

    @property
    def needs_confirmation(self) -> bool:
        """Whether an administrator must confirm the figure before it is relied on."""
        return not self.confidence.startswith(_SETTLED)


def load_clocks(text: str) -> tuple[Clock, ...]:
    """Read a reviewed clock file (TOML, `[[clock]]` tables). Raises `ValueError` naming what is wrong.

    >>> load_clocks('''
    ... [[clock]]
    ... code = "DL01"
    ... start_event = "收到投诉"
    ... length = 7
    ... unit = "workday"
    ... source = "example"
    ... confidence = "V:LRB"
    ... in_force_from = 2020-01-01
    ... ''')[0].length
    7
    """
    clocks = tuple(_read_clock(row) for row in tomllib.loads(text).get("clock", ()))
    if not clocks:
        raise ValueError("the file holds no clock")
    _refuse_overlaps(clocks)
    return clocks


def clock_in_force(clocks: Iterable[Clock], code: str, on: date) -> Clock:
    """The edition of clock `code` in force on `on`, the day of the event that starts it.

    Raises `ClockMissing` if the rule is not yet, or no longer, known for that day.
    """
    for clock in clocks:
        if clock.code == code and clock.in_force_from <= on <= clock.in_force_to:
            return clock
    raise ClockMissing(code, on)


def _read_clock(row: Mapping[str, Any]) -> Clock:
    code = row.get("code", "?")
    missing = {"code", "start_event", "unit", "source", "confidence", "in_force_from"} - row.keys()
    if missing:
        raise ValueError(f"clock {code}: {', '.join(sorted(missing))} missing")
    values = dict(row)
    values["unit"] = Unit(values["unit"])
    values["dates"] = tuple(_month_and_day(text) for text in values.get("dates", ()))
    values.setdefault("length", 0)
    try:
        return Clock(**values)
    except TypeError as error:
        raise ValueError(f"clock {code}: {error}") from error


def _month_and_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2023-{text}")
    return day.month, day.day


def _refuse_overlaps(clocks: Iterable[Clock]) -> None:
    ordered = sorted(clocks, key=lambda clock: (clock.code, clock.in_force_from))
    for earlier, later in pairwise(ordered):
        if earlier.code == later.code and later.in_force_from <= earlier.in_force_to:
            raise ValueError(f"clock {later.code}: two editions in force on {later.in_force_from}")
