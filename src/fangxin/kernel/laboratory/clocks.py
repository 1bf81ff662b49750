"""The legal clocks of sampling and laboratory, by what they are for (market.md calls them S0–S16)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.engines.deadlines import CalendarMissing, Clock, ClockMissing, Deadline, clock_in_force, load_clocks
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.ledger import api as ledger


class Limit(StrEnum):
    """Each step that has a time limit, by its code in standards/clocks."""

    DELIVER = "S0"
    REPORT = "DL16"  # S1
    TELL_CONFORMING = "S2"
    TELL_NONCONFORMING = "DL17"  # S3
    TELL_SERIOUS = "S3-24H"
    NOTIFY = "DL18"  # S4
    REQUEST_RETEST = "DL19"  # S5
    REQUEST_RETEST_FARM = "DL20"  # S15
    DECIDE_RETEST = "S6"
    DRAW_LABORATORY = "S7"
    HAND_OVER = "S8"
    RETEST = "S9"
    RETEST_FARM = "S15-REPORT"
    TELL_RETEST = "S10"
    OBJECT_SAMPLING = "S11"
    DECIDE_SAMPLING = "S11-DECIDE"
    OBJECT_RESULT = "S12"
    DECIDE_RESULT = "S12-DECIDE"
    START_FOLLOW_UP = "S13-START"
    FOLLOW_UP = "DL22"  # S13
    KEEP_CONFORMING = "S14-CONFORMING"
    KEEP_NONCONFORMING = "S14-NONCONFORMING"
    DISPUTE_RAPID = "DL21"  # S16


def clock(limit: Limit, on: date) -> Clock:
    """The edition in force on the day of the event. Raises ClockMissing."""
    return clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks"), limit.value, on)


def due(limit: Limit, started: date | datetime, *, extended: bool = False) -> Deadline | None:
    """When the step must be done; None where no rule was in force on the day of the event.

    Raises Refused when the working-day calendar of a year is not entered yet.
    """
    on = started.astimezone(ledger.clock.LOCAL).date() if isinstance(started, datetime) else started
    try:
        found = clock(limit, on)
    except ClockMissing:
        return None
    with known_years():
        given = started if found.unit is deadlines.Unit.HOUR else on
        return deadlines.due(found, given, calendar=contribute.calendar_in_use(), extended=extended)


def last_day(limit: Limit, started: date | datetime, *, extended: bool = False) -> date | None:
    """The last day of the step; None where no rule was in force."""
    end = due(limit, started, extended=extended)
    return end.last_day if end is not None else None


@contextmanager
def known_years() -> Iterator[None]:
    """Say the missing year to a person instead of to a programmer."""
    try:
        yield
    except CalendarMissing as missing:
        raise Refused(
            _(
                "%(year)s年的放假调休安排还没有录入，无法推算工作日期限，本次没有保存任何内容。"
                "请食安办在“工作日历”中录入该年安排后再办理。"
            )
            % {"year": missing.year}
        ) from missing


@cache
def _clocks(folder: Path) -> tuple[Clock, ...]:
    files = ("clocks.toml", "sampling.toml")
    return tuple(one for name in files for one in load_clocks((folder / name).read_text("utf-8")))
