"""Risk of agricultural soil by GB 15618-2018: screening value S, control value C, and where a point stands.

Values are total elements in mg/kg of dry soil. x ≤ S: low risk; S < x ≤ C: a risk is possible, produce is watched; x > C:
in principle strict control. The values depend on land use and on pH, whose bands include their upper bound. Copper,
nickel and zinc have no control value. Without a pH nothing that depends on it is judged: a guess would be a verdict
without its clause.

>>> rows = [
...     {"analyte": "Cd", "value_type": "screening", "land_use": "paddy", "ph_gt": "5.5", "ph_le": "6.5", "value": "0.4"},
...     {"analyte": "Cd", "value_type": "screening", "land_use": "other", "ph_gt": "5.5", "ph_le": "6.5", "value": "0.3"},
...     {"analyte": "Cd", "value_type": "control", "land_use": "all", "ph_gt": "5.5", "ph_le": "6.5", "value": "2.0"},
... ]
>>> table = read_table(rows)
>>> judge_metal(table, SoilReading("Cd", Decimal("0.38")), ph=Decimal("6.2"), land_use="paddy").zone
<Zone.LOW: 'low'>
>>> judge_metal(table, SoilReading("Cd", Decimal("0.38")), ph=Decimal("6.2"), land_use="rotation").zone
<Zone.BETWEEN: 'between'>
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum

# Land uses of the standard, and paddy–dry rotation, for which it asks the stricter of both values.
PADDY, DRY, ORCHARD, OTHER, ROTATION = "paddy", "dry", "orchard", "other", "rotation"
LAND_USES = (PADDY, DRY, ORCHARD, OTHER, ROTATION)
_IN_TABLES = {"水田": PADDY, "果园": ORCHARD, "其他": OTHER, "全部": "all", "旱地": DRY, "水旱轮作": ROTATION}
_WIDE = Context(prec=40)


class SoilTableError(ValueError):
    """A row of the table cannot be used; the message says which and why."""


class Zone(StrEnum):
    LOW = "low"
    BETWEEN = "between"
    ABOVE = "above"


# From least to gravest.
ZONES = (Zone.LOW, Zone.BETWEEN, Zone.ABOVE)


@dataclass(frozen=True, slots=True)
class SoilLimit:
    """One value of the standard. `ph_gt` and `ph_le` are empty where it holds from or to any pH."""

    analyte: str
    value_type: str  # screening | control
    land_use: str  # paddy | orchard | other | all
    ph_gt: Decimal | None
    ph_le: Decimal | None
    value: Decimal
    clause: str = ""

    def holds_at(self, ph: Decimal | None) -> bool:
        if self.ph_gt is None and self.ph_le is None:
            return True
        if ph is None:
            return False
        return (self.ph_gt is None or ph > self.ph_gt) and (self.ph_le is None or ph <= self.ph_le)

    @property
    def asks_ph(self) -> bool:
        return self.ph_gt is not None or self.ph_le is not None


@dataclass(frozen=True, slots=True)
class SoilTable:
    """All values of one edition."""

    limits: tuple[SoilLimit, ...]

    def of(self, analyte: str, value_type: str) -> tuple[SoilLimit, ...]:
        return tuple(x for x in self.limits if x.analyte == analyte and x.value_type == value_type)

    @property
    def analytes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(x.analyte for x in self.limits))


@dataclass(frozen=True, slots=True)
class SoilReading:
    """A total element in mg/kg; `value` None means not detected, which is not zero."""

    analyte: str
    value: Decimal | None
    lod: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MetalRisk:
    """Where one element of a point stands. `zone` is None where it cannot be said; `reason` is a token that says why.

    Reasons: judged, not_detected, no_control_value, ph_missing, land_use_unknown, lod_above_limit, no_value,
    not_in_standard. `index` is x/S, None where nothing was detected.
    """

    analyte: str
    value: Decimal | None
    zone: Zone | None
    reason: str
    screening: Decimal | None = None
    control: Decimal | None = None
    index: Decimal | None = None
    clause: str = ""
    comparison: str = ""


@dataclass(frozen=True, slots=True)
class PointRisk:
    """A point: its gravest element decides. `undetermined` names the elements that could not be judged."""

    zone: Zone | None
    metals: tuple[MetalRisk, ...]
    nemerow: Decimal | None
    undetermined: tuple[str, ...]


def read_table(rows: Iterable[Mapping[str, str]]) -> SoilTable:
    """The table from rows with the columns analyte, value_type, land_use, ph_gt, ph_le, value, clause.

    Raises SoilTableError when a value is no number, a band runs backwards, or two rows speak of the same case.
    """
    limits = tuple(_limit(row, number) for number, row in enumerate(rows, start=2))
    seen: dict[tuple[str, str, str], list[SoilLimit]] = {}
    for limit in limits:
        group = seen.setdefault((limit.analyte, limit.value_type, limit.land_use), [])
        if any(_overlap(limit, other) for other in group):
            raise SoilTableError(
                f"two rows speak of {limit.analyte} {limit.value_type} {limit.land_use} at the same pH"
            )
        group.append(limit)
    return SoilTable(limits)


def _limit(row: Mapping[str, str], number: int) -> SoilLimit:
    def amount(name: str) -> Decimal | None:
        text = (row.get(name) or "").strip()
        try:
            found = Decimal(text) if text else None
        except InvalidOperation:
            raise SoilTableError(f"row {number}: {name} {text!r} is no number") from None
        if found is not None and (not found.is_finite() or found < 0):
            raise SoilTableError(f"row {number}: {name} {text!r} is out of range")
        return found

    value, ph_gt, ph_le = amount("value"), amount("ph_gt"), amount("ph_le")
    land_use, value_type = (row.get("land_use") or "").strip(), (row.get("value_type") or "").strip()
    land_use = _IN_TABLES.get(land_use, land_use)
    if value is None or value_type not in ("screening", "control"):
        raise SoilTableError(f"row {number}: a value and its kind (screening or control) are needed")
    if land_use not in (PADDY, ORCHARD, OTHER, "all"):
        raise SoilTableError(f"row {number}: land use {land_use!r} is not known")
    if ph_gt is not None and ph_le is not None and ph_gt >= ph_le:
        raise SoilTableError(f"row {number}: the pH band runs backwards")
    analyte = (row.get("analyte") or row.get("pollutant") or "").strip()
    return SoilLimit(analyte, value_type, land_use, ph_gt, ph_le, value, (row.get("clause") or "").strip())


def _overlap(one: SoilLimit, other: SoilLimit) -> bool:
    low = max(x for x in (one.ph_gt, other.ph_gt, Decimal(-1)) if x is not None)
    highs = [x for x in (one.ph_le, other.ph_le) if x is not None]
    return not highs or low < min(highs)


def screening_value(table: SoilTable, analyte: str, *, ph: Decimal | None, land_use: str) -> SoilLimit | None:
    """The screening value that holds. In rotation the stricter of paddy and other land; None where none holds.

    A table that splits an element into paddy and other counts orchards and dry land as other; one that splits it into
    orchard and other counts paddy as other.
    """
    found = [x for x in table.of(analyte, "screening") if x.holds_at(ph)]
    return _for_land(found, land_use)


def control_value(table: SoilTable, analyte: str, *, ph: Decimal | None, land_use: str) -> SoilLimit | None:
    """The control value that holds; None for elements that have none."""
    return _for_land([x for x in table.of(analyte, "control") if x.holds_at(ph)], land_use)


def _for_land(found: Sequence[SoilLimit], land_use: str) -> SoilLimit | None:
    if land_use == ROTATION:
        return min((x for x in found if x.land_use != ORCHARD), key=lambda x: x.value, default=None)
    exact = next((x for x in found if x.land_use == land_use), None)
    return exact or next((x for x in found if x.land_use in (OTHER, "all")), None)


def judge_metal(table: SoilTable, reading: SoilReading, *, ph: Decimal | None, land_use: str) -> MetalRisk:
    """Where one element stands, comparing unrounded values; equal to a limit is not above it."""
    analyte, value = reading.analyte, reading.value
    rows = table.of(analyte, "screening")
    why = _cannot_say(rows, reading, ph, land_use)
    if why:
        return MetalRisk(analyte, value, None, why)
    s = screening_value(table, analyte, ph=ph, land_use=land_use)
    c = control_value(table, analyte, ph=ph, land_use=land_use)
    if s is None:
        return MetalRisk(analyte, value, None, "not_in_standard")
    if value is None:
        return _not_detected(reading, s, c)
    zone = Zone.LOW if value <= s.value else Zone.BETWEEN if c is None or value <= c.value else Zone.ABOVE
    decisive = c if zone is Zone.ABOVE and c is not None else s
    sign = ">" if zone is not Zone.LOW else "<="
    return MetalRisk(
        analyte,
        value,
        zone,
        "no_control_value" if zone is Zone.BETWEEN and c is None else "judged",
        s.value,
        c.value if c is not None else None,
        _WIDE.divide(value, s.value),
        decisive.clause,
        f"{value} {sign} {decisive.value}",
    )


def _cannot_say(rows: Sequence[SoilLimit], reading: SoilReading, ph: Decimal | None, land_use: str) -> str:
    if not rows:
        return "not_in_standard"
    if land_use not in LAND_USES:
        return "land_use_unknown"
    if reading.value is None and reading.lod is None:
        return "no_value"
    if ph is None and any(row.asks_ph for row in rows):
        return "ph_missing"
    return ""


def _not_detected(reading: SoilReading, s: SoilLimit, c: SoilLimit | None) -> MetalRisk:
    """Not detected is low only where the method could have seen the screening value."""
    seen = reading.lod is not None and reading.lod <= s.value
    sign = "<=" if seen else ">"
    return MetalRisk(
        reading.analyte,
        None,
        Zone.LOW if seen else None,
        "not_detected" if seen else "lod_above_limit",
        s.value,
        c.value if c is not None else None,
        None,
        s.clause,
        f"LOD {reading.lod} {sign} {s.value}",
    )


def judge_point(table: SoilTable, readings: Iterable[SoilReading], *, ph: Decimal | None, land_use: str) -> PointRisk:
    """A point by its gravest element. What is grave is said even where other elements could not be judged; that the
    risk is low is said only when every element was."""
    metals = tuple(judge_metal(table, reading, ph=ph, land_use=land_use) for reading in readings)
    judged = [m.zone for m in metals if m.zone is not None]
    undetermined = tuple(m.analyte for m in metals if m.zone is None)
    zone = max(judged, key=ZONES.index, default=None)
    if zone is Zone.LOW and undetermined:
        zone = None
    return PointRisk(zone, metals, nemerow_index([m.index for m in metals if m.index is not None]), undetermined)


def nemerow_index(indices: Sequence[Decimal]) -> Decimal | None:
    """√((mean² + max²) / 2) of the single-factor indices; for maps only. None without any.

    >>> nemerow_index([Decimal(1), Decimal(3)]).quantize(Decimal("0.001"))
    Decimal('2.550')
    """
    if not indices:
        return None
    mean = _WIDE.divide(sum(indices, Decimal(0)), Decimal(len(indices)))
    worst = max(indices)
    return _WIDE.sqrt(_WIDE.divide(_WIDE.add(_WIDE.multiply(mean, mean), _WIDE.multiply(worst, worst)), Decimal(2)))
