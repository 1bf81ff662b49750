"""The reviewed rules of penalty cases, read once: statutes, thresholds, legal clocks."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import Clock, ClockMissing, Deadline, Pause, clock_in_force, due, load_clocks
from fangxin.engines.penalties import (
    Procedure,
    Statute,
    TransferRules,
    load_procedure,
    load_statute,
    load_transfer_rules,
)
from fangxin.kernel.casework import work_calendar
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.ledger import api as ledger


def statutes() -> tuple[Statute, ...]:
    return _statutes(_folder("statutes"))


def offences() -> Mapping[str, str]:
    """What people did, in the words of the county's own file."""
    return _offences(_folder("statutes"))


def procedure() -> Procedure:
    return _procedure(_folder("statutes") / "procedure.toml")


def transfer_rules() -> TransferRules:
    return _transfer_rules(_folder("statutes") / "transfer.toml")


def deadline(code: str, started_at: datetime, *, pauses: tuple[Pause, ...] = (), extended: bool = False) -> Deadline:
    """When a legal clock started at that moment runs out, by the edition of that day."""
    on = started_at.astimezone(ledger.clock.LOCAL).date()
    try:
        clock = clock_in_force(clocks(), code, on)
    except ClockMissing:
        raise Refused(
            _(
                "%(day)s没有现行的办理时限规则（%(code)s），无法推算期限，本次没有保存任何内容。请食安办补充规则后再办理。"
            )
            % {"day": on, "code": code}
        ) from None
    with work_calendar.known_years():
        return due(
            clock,
            started_at,
            calendar=work_calendar.calendar(),
            pauses=pauses if clock.pausable else (),
            extended=extended,
        )


def clocks() -> tuple[Clock, ...]:
    return _clocks(_folder("clocks"))


def pausable(code: str, on: date) -> bool:
    return clock_in_force(clocks(), code, on).pausable


def _folder(name: str) -> Path:
    return Path(settings.STANDARDS_DIR) / name


@cache
def _procedure(path: Path) -> Procedure:
    return load_procedure(path.read_text("utf-8"))


@cache
def _transfer_rules(path: Path) -> TransferRules:
    return load_transfer_rules(path.read_text("utf-8"))


@cache
def _statutes(folder: Path) -> tuple[Statute, ...]:
    """Every file of the folder that holds provisions: another province is one more file."""
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))]
    return tuple(load_statute(text) for text in texts if "provision" in tomllib.loads(text))


@cache
def _offences(folder: Path) -> Mapping[str, str]:
    names: Mapping[str, Any] = tomllib.loads((folder / "offences.toml").read_text("utf-8"))["offences"]
    return names


@cache
def _clocks(folder: Path) -> tuple[Clock, ...]:
    return tuple(clock for path in sorted(folder.glob("*.toml")) for clock in load_clocks(path.read_text("utf-8")))
