"""Facts carried to the rules of enterprises, water and volatile organic compounds, and back."""

import csv
import math
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines import emissions
from fangxin.engines.deadlines import Clock, ClockMissing, clock_in_force, due, load_clocks, national_calendar
from fangxin.engines.limits import water
from fangxin.engines.matching import distance_m
from fangxin.kernel.ledger.api import Refused

LEAK_FIRST, LEAK_DONE, LDAR_MOVING, LDAR_FLANGES, TELL_AGRICULTURE, OWN_MONITORING = (f"OR{n}" for n in range(1, 7))
WATER_TEMPERATURE = "water_temp"
OXYGEN = "DO"
# Months and days on the calendar need no working days.
_NO_WORKDAYS = national_calendar(())
_BELOW = re.compile(r"[<＜]\s*([\d.]+)|([\d.]+)\s*[(（]?L[)）]?", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(\.\d+)?([eE][+-]?\d{1,2})?")
# A reading beyond so many times the limit of class V is a slip of the unit rather than water.
_BEYOND = 500
_MOST = {"pH": Decimal(14), OXYGEN: Decimal(30), WATER_TEMPERATURE: Decimal(45)}


@dataclass(frozen=True, slots=True)
class WaterStandard:
    """One edition of the water standard: its table and how it is cited."""

    table: water.WaterTable
    cited: str


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a finding."""

    clause: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an enterprise may affect land, in metres and degrees."""

    near_m: int
    downstream_m: int
    half_angle: int


# --- files --------------------------------------------------------------------------------------------------------


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _folder(name: str) -> Path:
    return Path(settings.STANDARDS_DIR) / name


def _edition(folder: str, key: str, value: str, on: date) -> tuple[Path, Mapping[str, Any]]:
    found = _in_force(_folder(folder), key, value, on)
    if found is None:
        raise Refused(_("%(day)s 没有施行中的规则“%(rule)s”，请管理员在规则文件中补录。") % {"day": on, "rule": value})
    return found


@lru_cache(maxsize=4096)
def _in_force(folder: Path, key: str, value: str, on: date) -> tuple[Path, Mapping[str, Any]] | None:
    for path in sorted(folder.glob("*.toml")):
        values = _document(path)
        if values.get(key) == value and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return path, values
    return None


@cache
def _water_table(path: Path) -> water.WaterTable:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return water.read_table(csv.DictReader(lines))


def water_standard(on: date) -> WaterStandard:
    path, values = _edition("limits", "kind", "water", on)
    return WaterStandard(_water_table(path.with_name(values["table"])), f"{values['standard']}-{values['edition']}")


@cache
def _voc_rules(path: Path) -> emissions.VocRules:
    return emissions.load_voc_rules(path.read_text("utf-8"))


def voc_rules(on: date) -> emissions.VocRules:
    return _voc_rules(_edition("origin", "code", "voc-headline", on)[0])


@cache
def _crime_rules(path: Path) -> tuple[emissions.CrimeRules, ...]:
    return emissions.load_crime_rules(path.read_text("utf-8"))


def suspicion(metal: str, *, measured: Decimal, limit: Decimal, on: date) -> emissions.Suspicion | None:
    """Whether a discharge may be a case for the police."""
    rules = _crime_rules(_folder("origin") / "police-transfer.toml")
    return emissions.suspect(rules, metal, measured=measured, limit=limit, on=on)


def route_of(finding: str, on: date) -> Route:
    _path, values = _edition("origin", "code", "origin-emissions-routing", on)
    for row in values["finding"]:
        if row["code"] == finding:
            return Route(row["clause"], tuple(row["owners"]), tuple(row["cooperating"]), row["severity"])
    raise Refused(_("没有这一类问题的责任单位规则（%(code)s），请管理员补录。") % {"code": finding})


def reach(on: date) -> Reach:
    _path, values = _edition("origin", "code", "affected-land", on)
    return Reach(values["near_m"], values["downstream_m"], values["half_angle"])


@cache
def _clocks(folder: Path) -> tuple[Clock, ...]:
    return load_clocks((folder / "origin.toml").read_text("utf-8"))


def due_on(code: str, day: date) -> date:
    """The last day of a clock that the event of a day starts. These clocks count days and months of the calendar."""
    try:
        clock = clock_in_force(_clocks(_folder("clocks")), code, day)
    except ClockMissing:
        raise Refused(
            _("%(day)s 没有适用的办理时限（%(code)s），请管理员补录。") % {"day": day, "code": code}
        ) from None
    return due(clock, day, calendar=_NO_WORKDAYS).last_day


def ldar_due(parts: str, done_on: date) -> date:
    return due_on(LDAR_MOVING if parts == "moving" else LDAR_FLANGES, done_on)


# --- land ---------------------------------------------------------------------------------------------------------


def lies_within(
    reach: Reach, source: tuple[float, float], flow_bearing: int | None, point: tuple[float, float]
) -> tuple[float, str] | None:
    """How far (m) and why a point (latitude, longitude) may be affected: near, downstream; None when it is not."""
    metres = distance_m(source, point)
    if metres <= reach.near_m:
        return metres, "near"
    if flow_bearing is None or metres > reach.downstream_m:
        return None
    apart = abs((bearing(source, point) - flow_bearing + 180) % 360 - 180)
    return (metres, "downstream") if apart <= reach.half_angle else None


def bearing(source: tuple[float, float], point: tuple[float, float]) -> float:
    """Degrees clockwise from north; over some kilometres the earth is flat.

    >>> round(bearing((34.0, 111.0), (34.0, 111.01)))
    90
    """
    east = (point[1] - source[1]) * math.cos(math.radians(source[0]))
    return math.degrees(math.atan2(east, point[0] - source[0])) % 360


# --- readings of water --------------------------------------------------------------------------------------------


def read_value(text: str) -> tuple[Decimal | None, Decimal | None]:
    """(value, detection limit) of a reading as laboratories write it: 0.62, <0.004, 0.004L. Raises Refused.

    >>> read_value("0.004L")
    (None, Decimal('0.004'))
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").strip()
    below = _BELOW.fullmatch(plain)
    if below:
        lod = _decimal(below[1] or below[2])
        if lod is not None and lod > 0:
            return None, lod
    elif _PLAIN.fullmatch(plain):
        value = _decimal(plain)
        if value is not None:
            return value, None
    elif plain.upper() in ("ND", "未检出", "未检测出"):
        raise Refused(_("未检出的请写出检出限，例如“<0.004”或者“0.004L”。"))
    raise Refused(_("“%(text)s”不是监测值。请写数字，低于检出限的写成“<0.004”。") % {"text": text[:20]})


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value < 10**9 else None


def item_names(body: str, on: date) -> dict[str, str]:
    """The items that can be entered for a river or a lake, with their names and units."""
    rows = water_standard(on).table.items
    names = {
        row.item: f"{row.name}（{row.unit}）" if row.unit != "-" else row.name
        for row in rows
        if row.body in (body, "both")
    }
    return {WATER_TEMPERATURE: _("水温（℃）")} | names


def bare_item_names(on: date) -> dict[str, str]:
    return {row.item: row.name for row in water_standard(on).table.items}


def check_reading(item: str, text: str, body: str, on: date) -> str:
    """The reading as it is kept, or a refusal with its reason; what no water holds is a slip of the unit."""
    value, lod = read_value(text)
    row = water_standard(on).table.find(item, body)
    if row is None and item != WATER_TEMPERATURE:
        raise Refused(_("这个断面不评价“%(item)s”。") % {"item": item})
    most = _MOST.get(item) or (row.bounds[-1] * _BEYOND if row is not None and row.bounds else None)
    number = value if value is not None else lod
    if most is not None and number is not None and number > most:
        raise Refused(
            _("%(number)s 大得不合常理，请核对单位（应为 %(unit)s）。")
            % {"number": f"{number:f}", "unit": row.unit if row else "℃"}
        )
    return f"<{lod:f}" if value is None else f"{value:f}"


def readings_of(values: Mapping[str, str]) -> list[water.Reading]:
    """Kept texts as readings; the temperature gives the oxygen its saturation."""
    parsed = {item: read_value(text) for item, text in values.items()}
    warmth = parsed.pop(WATER_TEMPERATURE, (None, None))[0]
    readings = []
    for item, (value, lod) in parsed.items():
        known = item == OXYGEN and value is not None and warmth is not None
        saturation = (
            water.saturation_percent(value, warmth) if known and value is not None and warmth is not None else None
        )
        readings.append(water.Reading(item, value, lod, saturation))
    return readings
