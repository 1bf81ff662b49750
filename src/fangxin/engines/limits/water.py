"""Class of surface water by GB 3838-2002 and the evaluation method of 2011: the worst item decides (single factor).

Classes are the numbers 1 to 5; 6 stands for worse than class V. Values are in the units of the table (mg/L, faecal
coliforms in individuals per litre). Dissolved oxygen is a minimum, pH a range that is the same for all classes. Water
temperature, total nitrogen and faecal coliforms have classes of their own but do not count for the section.

>>> rows = [
...     {"item": "NH3-N", "direction": "max", "body": "both", "counted": "1", "class_1": "0.15", "class_2": "0.5",
...      "class_3": "1.0", "class_4": "1.5", "class_5": "2.0"},
... ]
>>> verdict = judge_section(read_table(rows), [Reading("NH3-N", Decimal("0.62"))], body="river", target=2)
>>> verdict.water_class, verdict.meets_target, verdict.items[0].multiple
(3, False, Decimal('0.24'))
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum

WORST = 6
CLASSES = (1, 2, 3, 4, 5, WORST)
BODIES = ("river", "lake")
MOST_MAIN_POLLUTANTS = 3
FEWEST_FOR_SHARES = 5
_WIDE = Context(prec=28)


class WaterTableError(ValueError):
    """A row of the table cannot be used; the message says which and why."""


class Need(StrEnum):
    """What a limit asks of a value."""

    MAX = "max"
    MIN = "min"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class WaterItem:
    """One item of one edition. `bounds` are the five class limits; the ends of a range, `span`, hold for all.

    `saturation` is the share of oxygen saturation, in per cent, that reaches class I whatever the value.
    """

    item: str
    need: Need
    body: str  # river | lake | both
    counted: bool
    bounds: tuple[Decimal, ...] = ()
    span: tuple[Decimal, Decimal] | None = None
    saturation: Decimal | None = None
    unit: str = "mg/L"
    name: str = ""


@dataclass(frozen=True, slots=True)
class WaterTable:
    """All items of one edition."""

    items: tuple[WaterItem, ...]

    def find(self, item: str, body: str) -> WaterItem | None:
        return next((row for row in self.items if row.item == item and row.body in (body, "both")), None)

    def counted(self, body: str) -> tuple[WaterItem, ...]:
        """The items that decide the class of a river or a lake."""
        return tuple(row for row in self.items if row.counted and row.body in (body, "both"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured item. `value` None: below the detection limit `lod`, which is not zero.

    `saturation` is the oxygen saturation in per cent, known where the water's temperature was measured.
    """

    item: str
    value: Decimal | None
    lod: Decimal | None = None
    saturation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemClass:
    """Where one item stands.

    `water_class` is the class that is proved; with `sure` False the method could not see a better one, so the water may be
    better than that. None: nothing can be said. `multiple` is C/S − 1 against the target, for items with a maximum that
    exceed it; pH and dissolved oxygen have none. `limit` is the target's limit.
    """

    item: str
    value: Decimal | None
    water_class: int | None
    sure: bool
    counted: bool
    multiple: Decimal | None = None
    limit: Decimal | None = None
    comparison: str = ""
    reason: str = "judged"  # judged | not_detected | lod_above_limit | no_value | not_in_standard


@dataclass(frozen=True, slots=True)
class SectionVerdict:
    """A section: its worst counted item decides.

    `meets_target` is None where no item was measured, or where only items that could not be seen well enough speak
    against it. `missing` names the counted items without a reading: the class rests on the others.
    """

    water_class: int | None
    sure: bool
    meets_target: bool | None
    target: int
    items: tuple[ItemClass, ...]
    exceeded: tuple[ItemClass, ...]
    main_pollutants: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def deciding(self) -> tuple[str, ...]:
        """The counted items that have the section's class."""
        return tuple(i.item for i in self.items if i.counted and i.water_class == self.water_class)


# --- the table ----------------------------------------------------------------------------------------------------


def read_table(rows: Iterable[Mapping[str, str]]) -> WaterTable:
    """The table from rows with the columns item, direction (max, min, range, rule), body, counted, class_1 … class_5.

    A class cell of a range reads `6-9`. An item of the direction `rule` (man-made change of temperature) has no class and
    is left out. Raises WaterTableError for a cell that is no number, limits that do not get looser from class to class,
    and an item that stands twice for one body of water.
    """
    items: list[WaterItem] = []
    for number, row in enumerate(rows, start=2):
        if row.get("direction") == "rule":
            continue
        item = _item(row, number)
        if any(other.item == item.item and _same_body(other, item) for other in items):
            raise WaterTableError(f"row {number}: {item.item} stands twice for the same water")
        items.append(item)
    return WaterTable(tuple(items))


def _same_body(one: WaterItem, other: WaterItem) -> bool:
    return one.body == other.body or "both" in (one.body, other.body)


def _item(row: Mapping[str, str], number: int) -> WaterItem:
    name, body = (row.get("item") or "").strip(), (row.get("body") or "both").strip()
    if not name or body not in (*BODIES, "both"):
        raise WaterTableError(f"row {number}: an item and its water (river, lake, both) are needed")
    try:
        need = Need((row.get("direction") or "").strip())
    except ValueError:
        raise WaterTableError(f"row {number}: direction {row.get('direction')!r} is not known") from None
    cells = [(row.get(f"class_{grade}") or "").strip() for grade in CLASSES[:5]]
    counted = (row.get("counted") or "").strip() in ("1", "true")
    saturation = _number((row.get("saturation") or "").strip(), number) if row.get("saturation") else None
    unit, said = (row.get("unit") or "mg/L").strip(), (row.get("item_zh") or "").strip()
    if need is Need.RANGE:
        low, _, high = cells[0].partition("-")
        if len(set(cells)) != 1:
            raise WaterTableError(f"row {number}: a range must be the same for all classes")
        ends = _number(low, number), _number(high, number)
        if ends[0] >= ends[1]:
            raise WaterTableError(f"row {number}: the range runs backwards")
        return WaterItem(name, need, body, counted, (), ends, saturation, unit, said)
    bounds = tuple(_number(cell, number) for cell in cells)
    if bounds != tuple(sorted(bounds, reverse=need is Need.MIN)):
        raise WaterTableError(f"row {number}: limits must not get stricter from class to class")
    return WaterItem(name, need, body, counted, bounds, None, saturation, unit, said)


def _number(text: str, number: int) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise WaterTableError(f"row {number}: {text!r} is no limit")
    return value


# --- one item -----------------------------------------------------------------------------------------------------


def judge_item(table: WaterTable, reading: Reading, *, body: str, target: int) -> ItemClass:
    """The class of one item, comparing unrounded values; a value equal to a limit still has the class.

    Below a detection limit the lowest class that the limit can prove is given; it is sure where the method could have seen
    class I.
    """
    row = table.find(reading.item, body)
    if row is None:
        return ItemClass(reading.item, reading.value, None, False, False, reason="not_in_standard")
    if reading.value is not None:
        return _measured(row, reading, reading.value, target)
    if reading.lod is None:
        return ItemClass(row.item, None, None, False, row.counted, reason="no_value")
    return _not_detected(row, reading.lod, target)


def _measured(row: WaterItem, reading: Reading, value: Decimal, target: int) -> ItemClass:
    grade = _grade(row, value, reading.saturation)
    limit = _limit(row, target)
    multiple = None
    if row.need is Need.MAX and limit is not None and value > limit > 0:
        multiple = _WIDE.subtract(_WIDE.divide(value, limit), Decimal(1))
    return ItemClass(row.item, value, grade, True, row.counted, multiple, limit, _said(row, value, limit))


def _not_detected(row: WaterItem, lod: Decimal, target: int) -> ItemClass:
    limit = _limit(row, target)
    if row.need is Need.MIN:
        # Below a detection limit the oxygen lies below every class whose minimum is at least that limit.
        sure = lod <= row.bounds[-1]
        reason = "not_detected" if sure else "lod_above_limit"
        return ItemClass(row.item, None, WORST, sure, row.counted, None, limit, f"< {lod}", reason)
    if row.need is Need.RANGE:
        return ItemClass(row.item, None, None, False, row.counted, None, limit, f"< {lod}", "no_value")
    grade = _grade(row, lod, None)
    sure = grade == 1
    return ItemClass(
        row.item,
        None,
        None if grade == WORST else grade,
        sure,
        row.counted,
        None,
        limit,
        f"< {lod}",
        "not_detected" if sure else "lod_above_limit",
    )


def _grade(row: WaterItem, value: Decimal, saturation: Decimal | None) -> int:
    if row.span is not None:
        return 1 if row.span[0] <= value <= row.span[1] else WORST
    if row.saturation is not None and saturation is not None and saturation >= row.saturation:
        return 1
    for grade, bound in enumerate(row.bounds, start=1):
        if (value >= bound) if row.need is Need.MIN else (value <= bound):
            return grade
    return WORST


def _limit(row: WaterItem, target: int) -> Decimal | None:
    return row.bounds[target - 1] if row.bounds else None


def _said(row: WaterItem, value: Decimal, limit: Decimal | None) -> str:
    if row.span is not None:
        low, high = row.span
        return (
            f"{low} <= {value} <= {high}"
            if low <= value <= high
            else f"{value} < {low}"
            if value < low
            else f"{value} > {high}"
        )
    if limit is None:
        return str(value)
    if row.need is Need.MIN:
        return f"{value} {'>=' if value >= limit else '<'} {limit}"
    return f"{value} {'<=' if value <= limit else '>'} {limit}"


def saturation_percent(oxygen: Decimal, celsius: Decimal) -> Decimal:
    """Oxygen saturation (%) of fresh water at sea level from dissolved oxygen (mg/L) and temperature (℃).

    Saturated oxygen is taken as 468 / (31.6 + T), the formula of the technical guidelines for environmental impact
    assessment of surface water.

    >>> saturation_percent(Decimal("7.0"), Decimal(20)).quantize(Decimal("0.1"))
    Decimal('77.2')
    """
    saturated = _WIDE.divide(Decimal(468), Decimal("31.6") + celsius)
    return _WIDE.divide(_WIDE.multiply(oxygen, Decimal(100)), saturated)


# --- a section ----------------------------------------------------------------------------------------------------


def judge_section(table: WaterTable, readings: Iterable[Reading], *, body: str, target: int) -> SectionVerdict:
    """The class of a section, whether it meets its target class, by how much it exceeds it and by what.

    Raises ValueError for a body of water or a target that the standard does not know, and for an item given twice.
    """
    if body not in BODIES or target not in CLASSES[:5]:
        raise ValueError(f"no such water or target: {body!r}, {target!r}")
    items = tuple(judge_item(table, reading, body=body, target=target) for reading in readings)
    names = [item.item for item in items]
    if len(set(names)) != len(names):
        raise ValueError("an item is given twice")
    counted = [item for item in items if item.counted and item.water_class is not None]
    worst = max((item.water_class or 0 for item in counted), default=None)
    exceeded = tuple(sorted((i for i in counted if i.sure and (i.water_class or 0) > target), key=_by_gravity))
    return SectionVerdict(
        water_class=worst,
        sure=any(item.sure for item in counted if item.water_class == worst) and not _blind(items),
        meets_target=_meets(items, counted, exceeded, target),
        target=target,
        items=items,
        exceeded=exceeded,
        main_pollutants=tuple(item.item for item in exceeded[:MOST_MAIN_POLLUTANTS]),
        missing=tuple(row.item for row in table.counted(body) if row.item not in set(names)),
    )


def _blind(items: Sequence[ItemClass]) -> bool:
    """Whether a counted item was measured by a method that could not even see class V."""
    return any(item.counted and item.water_class is None for item in items)


def _meets(
    items: Sequence[ItemClass], counted: Sequence[ItemClass], exceeded: Sequence[ItemClass], target: int
) -> bool | None:
    if exceeded:
        return False
    if not counted or _blind(items) or any((item.water_class or 0) > target for item in counted):
        return None
    return True


def _by_gravity(item: ItemClass) -> tuple[int, Decimal, str]:
    """The worse class first, then the greater multiple; items without a multiple after those with one."""
    return -(item.water_class or 0), -(item.multiple if item.multiple is not None else Decimal(-1)), item.item


# --- means, rivers ------------------------------------------------------------------------------------------------


def mean_readings(months: Sequence[Sequence[Reading]]) -> tuple[Reading, ...]:
    """The mean of each item over months (or sections), in the order in which the items first occur.

    A value below its detection limit enters as half the limit; where no value was above it, the mean is not detected,
    with the greatest limit. Saturation is averaged where it is always known. pH is averaged as it is reported.

    >>> mean_readings([[Reading("Cd", Decimal("0.003"))], [Reading("Cd", None, lod=Decimal("0.002"))]])[0].value
    Decimal('0.002')
    """
    found: dict[str, list[Reading]] = defaultdict(list)
    for month in months:
        for reading in month:
            if reading.value is not None or reading.lod is not None:
                found[reading.item].append(reading)
    return tuple(_mean(item, readings) for item, readings in found.items())


def _mean(item: str, readings: Sequence[Reading]) -> Reading:
    seen = [r for r in readings if r.value is not None]
    if not seen:
        return Reading(item, None, lod=max(r.lod for r in readings if r.lod is not None))
    values = [r.value if r.value is not None else (r.lod or Decimal(0)) / 2 for r in readings]
    saturations = [r.saturation for r in readings if r.saturation is not None]
    return Reading(
        item,
        _average(values),
        saturation=_average(saturations) if len(saturations) == len(readings) else None,
    )


def _average(values: Sequence[Decimal]) -> Decimal:
    return _WIDE.divide(sum(values, Decimal(0)), Decimal(len(values)))


class BasinStatus(StrEnum):
    """The words of the evaluation method, from best to worst."""

    EXCELLENT = "excellent"
    GOOD = "good"
    LIGHT = "light"
    MODERATE = "moderate"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class BasinVerdict:
    """A river system: its status, by which way it was found, and the counts behind it."""

    status: BasinStatus | None
    by: str  # shares | mean | nothing
    sections: int
    good: int
    worst: int
    water_class: int | None = None


def status_by_shares(good: Decimal, worst: Decimal) -> BasinStatus:
    """The status from the shares (0 to 1) of sections of classes I–III and of sections worse than class V.

    >>> status_by_shares(Decimal("0.82"), Decimal("0.02")).value
    'good'
    """
    if good >= Decimal("0.9"):
        return BasinStatus.EXCELLENT
    if good >= Decimal("0.75"):
        return BasinStatus.GOOD
    if worst < Decimal("0.2"):
        return BasinStatus.LIGHT
    return BasinStatus.MODERATE if worst < Decimal("0.4") else BasinStatus.HEAVY


def status_of_class(water_class: int) -> BasinStatus:
    """The status that goes with the class of one section, or of the mean of a small river system."""
    words = (BasinStatus.EXCELLENT, BasinStatus.EXCELLENT, BasinStatus.GOOD, BasinStatus.LIGHT, BasinStatus.MODERATE)
    return words[water_class - 1] if water_class < WORST else BasinStatus.HEAVY


def judge_basin(table: WaterTable, sections: Sequence[Sequence[Reading]], *, body: str = "river") -> BasinVerdict:
    """A river system from the readings of its sections: by class shares from five sections on, else by the mean.

    A section without a class is left out; its absence shows in the count.
    """
    judged = [judge_section(table, readings, body=body, target=3).water_class for readings in sections]
    classes = [grade for grade in judged if grade is not None]
    good, worst = sum(grade <= 3 for grade in classes), sum(grade == WORST for grade in classes)
    if not classes:
        return BasinVerdict(None, "nothing", 0, 0, 0)
    if len(classes) >= FEWEST_FOR_SHARES:
        total = Decimal(len(classes))
        status = status_by_shares(_WIDE.divide(Decimal(good), total), _WIDE.divide(Decimal(worst), total))
        return BasinVerdict(status, "shares", len(classes), good, worst)
    mean = judge_section(table, mean_readings(sections), body=body, target=3).water_class
    status_now = status_of_class(mean) if mean is not None else None
    return BasinVerdict(status_now, "mean", len(classes), good, worst, mean)
