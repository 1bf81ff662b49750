"""From a reported row to a case that can be judged: its day, value, unit, food and analyte, or what is missing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from fangxin.engines.limits.data import AnalyteMatch, Measured, Reason
from fangxin.engines.limits.expressions import Form, Reading, read_expression
from fangxin.engines.limits.foods import Found
from fangxin.engines.limits.tables import Tables
from fangxin.engines.limits.units import Unit, find_unit

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}.*)?")
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
_YES = ("1", "true", "yes", "y", "是", "干基", "干重", "干重计", "dry", "t")
_NO = ("0", "false", "no", "n", "否", "湿基", "鲜重", "湿重", "wet", "f", "")


@dataclass(frozen=True, slots=True)
class Case:
    """One row, read. `faults` say why it cannot be judged, each with the column that is missing or damaged."""

    row: Measured
    reading: Reading
    unit: Unit | None
    lod: Decimal | None
    loq: Decimal | None
    analyte: AnalyteMatch
    food: Found
    day: int | None
    ruled_by: str
    dry_basis: bool
    moisture: Decimal | None
    faults: tuple[tuple[Reason, str], ...]

    @property
    def detected(self) -> bool:
        """Whether the result shows that the substance is there."""
        reading = self.reading
        if reading.form is Form.DETECTED:
            return True
        floor = self.lod if self.lod is not None else Decimal(0)
        return reading.low is not None and reading.low > 0 and reading.low >= floor


def prepare(row: Measured, tables: Tables) -> Case:
    """Read every field of a row. Nothing is guessed: what cannot be read stays empty and is told in `faults`."""
    faults: list[tuple[Reason, str]] = []
    analyte = tables.analytes.match(str(row.analyte or ""))
    food = tables.foods.find(str(row.food or ""), str(row.food_class or ""))
    reading = read_expression(_text(row.value), how=row.expression)
    if reading.form is Form.UNREADABLE:
        faults.append(_unreadable(row, reading))
    unit = _unit(row, reading, analyte, faults)
    lod = reading.lod if reading.lod is not None else _limit_of_method(row.lod, "lod", unit, faults)
    loq = _limit_of_method(row.loq, "loq", unit, faults)
    day, ruled_by = _ruling_day(row, tables, food, faults)
    moisture = _percent(row.moisture, faults)
    return Case(
        row,
        reading,
        unit,
        lod,
        loq,
        analyte,
        food,
        day,
        ruled_by,
        _truth(row.dry_basis, faults),
        moisture,
        tuple(faults),
    )


def read_day(value: date | str | None) -> date | None:
    """A day as people and sheets write it: 2023-3-5, 2023/3/5, 2023年3月5日, 20230305, or a sheet's serial number.

    Raises ValueError where there is text that is no day.

    >>> read_day("2023年3月5日"), read_day("44990"), read_day("")
    (datetime.date(2023, 3, 5), datetime.date(2023, 3, 5), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    text = value.strip()
    if not text:
        return None
    parts = _DAY.fullmatch(text) or _RUN_TOGETHER.fullmatch(text)
    if parts:
        return date(int(parts.group(1)), int(parts.group(2)), int(parts.group(3)))
    if _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(text.partition(".")[0]))
    raise ValueError(f"{text} is no day")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _unreadable(row: Measured, reading: Reading) -> tuple[Reason, str]:
    if reading.probable is not None:
        return Reason.of(reading.why, raw=row.value, probable=f"{reading.probable.normalize():f}"), "value"
    return Reason.of(
        reading.why or "unreadable", raw=row.value if row.value not in (None, "") else row.expression or ""
    ), "value"


def _unit(row: Measured, reading: Reading, analyte: AnalyteMatch, faults: list[tuple[Reason, str]]) -> Unit | None:
    """The unit of the value: in its own cell, in the unit column, or in the analyte's name; they may not contradict."""
    told = find_unit(row.unit)
    if row.unit and row.unit.strip() and told is None:
        faults.append((Reason.of("unit_unknown", unit=row.unit), "unit"))
        return reading.unit
    if told is not None and reading.unit is not None and told != reading.unit and not _alike(told, reading.unit):
        faults.append((Reason.of("unit_contradiction", one=told.name, other=reading.unit.name), "unit"))
    return reading.unit or told or find_unit(analyte.unit)


def _alike(one: Unit, other: Unit) -> bool:
    return one.family.split("/")[0] == other.family.split("/")[0] and one.factor == other.factor


def _limit_of_method(
    value: Decimal | str | None, column: str, unit: Unit | None, faults: list[tuple[Reason, str]]
) -> Decimal | None:
    text = _text(value).strip()
    if not text or text in ("-", "/", "—"):
        return None
    read = read_expression(text)
    if read.form not in (Form.NUMBER, Form.BELOW) or read.high is None:
        faults.append((Reason.of("number_unreadable", column=column, raw=text), column))
        return None
    if read.unit is not None and unit is not None and read.unit.family == unit.family:
        return read.high * read.unit.factor / unit.factor
    return read.high


def _ruling_day(row: Measured, tables: Tables, food: Found, faults: list[tuple[Reason, str]]) -> tuple[int | None, str]:
    """Processed food is ruled by the day it was made, farm produce by the day it was sampled; the other day stands in."""
    days: dict[str, date | None] = {}
    for column, value in (("production_on", row.production_on), ("sampled_on", row.sampled_on)):
        try:
            days[column] = read_day(value)
        except ValueError:
            days[column] = None
            faults.append((Reason.of("day_unreadable", column=column, raw=value), column))
    processed = bool(food.nodes) and all(tables.foods.is_processed(node) for node in food.nodes)
    first, second = ("production_on", "sampled_on") if processed else ("sampled_on", "production_on")
    for column in (first, second):
        found = days[column]
        if found is not None:
            # The other day, damaged or not, does not rule.
            faults[:] = [fault for fault in faults if fault[0].code != "day_unreadable"]
            return found.toordinal(), column
    return None, ""


def _percent(value: Decimal | str | None, faults: list[tuple[Reason, str]]) -> Decimal | None:
    text = _text(value).strip().rstrip("%％")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number < 100:
        faults.append((Reason.of("number_unreadable", column="moisture", raw=text), "moisture"))
        return None
    return number


def _truth(value: bool | str | None, faults: list[tuple[Reason, str]]) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    text = str(value).strip().lower()
    if text not in (*_YES, *_NO):
        faults.append((Reason.of("number_unreadable", column="dry_basis", raw=text), "dry_basis"))
    return text in _YES
