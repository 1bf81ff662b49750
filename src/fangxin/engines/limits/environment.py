"""Soil and surface water as results: the class rules of their own engines, told as verdicts."""

from collections.abc import Callable
from decimal import Decimal

from fangxin.engines.limits import soil, water
from fangxin.engines.limits.data import Outcome, Reason, Verdict
from fangxin.engines.limits.expressions import Form, read_expression
from fangxin.engines.limits.foods import fold
from fangxin.engines.limits.preparing import Case
from fangxin.engines.limits.tables import Dated, Tables
from fangxin.engines.limits.units import UNITS, Unit, convert

_LAND = {
    "水田": soil.PADDY, "paddy": soil.PADDY, "旱地": soil.DRY, "dry": soil.DRY, "dryland": soil.DRY, "果园": soil.ORCHARD,
    "orchard": soil.ORCHARD, "其他": soil.OTHER, "other": soil.OTHER, "水旱轮作": soil.ROTATION, "rotation": soil.ROTATION,
    "菜地": soil.OTHER, "园地": soil.ORCHARD, "水浇地": soil.DRY,
}  # fmt: skip
_CLASSES = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "ⅰ": 1,
    "ⅱ": 2,
    "ⅲ": 3,
    "ⅳ": 4,
    "ⅴ": 5,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
}
_LAKES = ("湖", "库", "lake", "reservoir")


def judge_soil(case: Case, tables: Tables) -> Verdict:
    """One element of a soil sample against its screening value; above the control value is said too."""
    dated = _in_force(case, tables, "soil")
    if isinstance(dated, Verdict):
        return dated
    symbol = _symbol(case, dated)
    value = _milligrams(case, UNITS["mg/kg"], dated)
    if isinstance(value, Verdict):
        return value
    land = _LAND.get((case.row.land_use or "").strip().lower(), "")
    ph = read_expression(str(case.row.ph)).low if case.row.ph not in (None, "") else None
    if dated.soil_table is None:
        return _open(case, "no_edition", "sampled_on", dated)
    risk = soil.judge_metal(dated.soil_table, soil.SoilReading(symbol, *value), ph=ph, land_use=land)
    return _soil_verdict(case, dated, risk)


def _soil_verdict(case: Case, dated: Dated, risk: soil.MetalRisk) -> Verdict:
    if risk.reason in _SOIL_MISSING:
        return _open(case, *_SOIL_MISSING[risk.reason], dated)
    if risk.zone is None:
        return Verdict(
            Outcome.NOT_REGULATED,
            reason=Reason.of("not_regulated", food="土壤", analyte=case.row.analyte),
            ruled_by=case.ruled_by,
        )
    low = risk.zone is soil.Zone.LOW
    codes = {soil.Zone.LOW: "soil_low", soil.Zone.BETWEEN: "soil_between", soil.Zone.ABOVE: "soil_above"}
    return Verdict(
        Outcome.CONFORMING if low else Outcome.NONCONFORMING,
        limit=risk.screening,
        limit_unit="mg/kg",
        standard=dated.edition.standard,
        edition=dated.edition.edition,
        clause=risk.clause,
        match_path=("土壤", case.row.land_use or ""),
        comparison=risk.comparison,
        reason=Reason.of(
            codes[risk.zone], screening=risk.screening, control=risk.control if risk.control is not None else "无"
        ),
        ruled_by=case.ruled_by,
        value=risk.value,
    )


_SOIL_MISSING = {
    "ph_missing": ("ph_missing", "ph"),
    "land_use_unknown": ("land_use_unknown", "land_use"),
    "no_value": ("lod_missing", "lod"),
    "lod_above_limit": ("soil_method", "lod"),
}


def judge_water(case: Case, tables: Tables) -> Verdict:
    """One item of a water section against the class it is meant to have."""
    dated = _in_force(case, tables, "water")
    if isinstance(dated, Verdict):
        return dated
    target = _class(case.row.water_class)
    if target is None or dated.water_table is None:
        return _open(case, "water_class_unknown", "water_class", dated)
    body = "lake" if any(word in (case.row.food or "") for word in _LAKES) else "river"
    item = _item(case, dated, body)
    row = dated.water_table.find(item, body)
    if row is None:
        return Verdict(
            Outcome.NOT_REGULATED,
            reason=Reason.of("not_regulated", food="地表水", analyte=case.row.analyte),
            ruled_by=case.ruled_by,
        )
    value = _milligrams(case, UNITS["mg/L"] if row.unit == "mg/L" else None, dated)
    if isinstance(value, Verdict):
        return value
    found = water.judge_item(dated.water_table, water.Reading(item, *value), body=body, target=target)
    return _water_verdict(case, dated, found, target, row.unit)


def _water_verdict(case: Case, dated: Dated, found: water.ItemClass, target: int, unit: str) -> Verdict:
    if found.water_class is None or (not found.sure and found.water_class > target):
        return _open(case, "lod_missing" if found.reason == "no_value" else "soil_method", "lod", dated)
    kept = found.water_class <= target
    return Verdict(
        Outcome.CONFORMING if kept else Outcome.NONCONFORMING,
        limit=found.limit,
        limit_unit=unit,
        standard=dated.edition.standard,
        edition=dated.edition.edition,
        clause="表1",
        match_path=("地表水", f"{target}类"),
        comparison=found.comparison,
        reason=Reason.of("water_kept" if kept else "water_failed", found=found.water_class, target=target),
        ruled_by=case.ruled_by,
        value=found.value,
    )


def _item(case: Case, dated: Dated, body: str) -> str:
    key = fold(str(case.row.analyte or ""))
    names = dict(dated.names)
    lake = {"总磷": "总磷(湖、库)", "tp": "总磷(湖、库)"} if body == "lake" else {"总磷": "总磷(河流)"}
    if fold(lake.get(key, key)) in names:
        return names[fold(lake.get(key, key))]
    return next((item for item in names.values() if item.lower() == key), str(case.row.analyte))


def _symbol(case: Case, dated: Dated) -> str:
    """The element's symbol in the table, from any name of the analyte."""
    names = dict(dated.names)
    for name in (case.analyte.name, str(case.row.analyte)):
        if fold(name) in names:
            return names[fold(name)]
    return next((symbol for symbol in names.values() if symbol.lower() == str(case.row.analyte).strip().lower()), "")


def _class(text: int | str | None) -> int | None:
    key = str(text).strip().lower().removesuffix("类").removeprefix("class").strip()
    if key.isdecimal():
        return int(key) if 1 <= int(key) <= water.WORST - 1 else None
    return _CLASSES.get(key)


def _in_force(case: Case, tables: Tables, kind: str) -> Dated | Verdict:
    if case.day is None:
        return _open(case, "day_missing", "sampled_on", None)
    for dated in tables.dated:
        if dated.edition.kind == kind and dated.edition.start <= case.day <= dated.edition.end:
            return dated
    return _open(case, "no_edition_loaded", "sampled_on", None)


def _milligrams(case: Case, unit: Unit | None, dated: Dated) -> tuple[Decimal | None, Decimal | None] | Verdict:
    """Value and LOD in the table's unit; below a bound is not detected with that bound as LOD."""
    reading, lod = case.reading, case.lod
    faults = [fault for fault in case.faults if fault[1] not in ("sampled_on", "production_on")]
    if faults and not (unit is None and faults[0][1] == "unit"):
        return _open_with(case, faults[0][0], faults[0][1], dated)
    if reading.form not in (Form.NUMBER, Form.NOT_DETECTED, Form.BELOW):
        return _open(case, "number_needed", "value", dated)
    turn = _turner(case, unit)
    if turn is None:
        return _open(case, "unit_missing" if case.unit is None else "unit_unfit", "unit", dated)
    if reading.form is Form.BELOW:
        return None, turn(reading.high)
    return (turn(reading.low) if reading.form is Form.NUMBER else None), turn(lod)


def _turner(case: Case, unit: Unit | None) -> Callable[[Decimal | None], Decimal | None] | None:
    told = case.unit
    if unit is None:
        return lambda value: value
    if told is None or convert(Decimal(1), told, unit) is None:
        return None
    return lambda value: None if value is None else convert(value, told, unit)


def _open(case: Case, code: str, column: str, dated: Dated | None) -> Verdict:
    return _open_with(case, Reason.of(code), column, dated)


def _open_with(case: Case, reason: Reason, column: str, dated: Dated | None) -> Verdict:
    edition = dated.edition if dated else None
    return Verdict(
        Outcome.UNDETERMINED,
        standard=edition.standard if edition else "",
        edition=edition.edition if edition else "",
        reason=reason,
        missing=(column,),
        ruled_by=case.ruled_by,
    )
