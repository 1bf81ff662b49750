"""Millions of results at once: the plain cases by arrays of whole numbers, every other case by the judge itself.

A plain case is one number (or "not detected") in a known unit, for one sure food that is not a dried form, of an analyte
whose rows are all plain maxima by food. What needs a sum, a species, a plan of several units, a conversion of dry matter,
an animal and tissue or a word of a person is left to `Judge`, row by row, so that the answers are the judge's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from fangxin.engines.limits.data import LawfulUse, Outcome
from fangxin.engines.limits.expressions import Form, read_expression
from fangxin.engines.limits.foods import FoodTree
from fangxin.engines.limits.preparing import read_day
from fangxin.engines.limits.tables import FOREVER, Ban, Row, Rule, Tables
from fangxin.engines.limits.units import UNITS, find_unit

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Int8s = NDArray[np.int8]

# Values and detection limits are whole numbers of a millionth of the unit they were reported in.
REPORTED = 1_000_000
NUMBER, NOT_DETECTED, OTHER = 0, 1, 2
ASK, CONFORMING, NONCONFORMING, UNDETERMINED, NOT_REGULATED = -1, 0, 1, 2, 3
OUTCOMES = (Outcome.CONFORMING, Outcome.NONCONFORMING, Outcome.UNDETERMINED, Outcome.NOT_REGULATED)
LAWFUL_USES = (LawfulUse.NOT_APPLICABLE, LawfulUse.LAWFUL, LawfulUse.UNLAWFUL)
# In the order of the kernel's numbers; the same codes as the judge's reasons.
REASONS = ("", "within", "exceeds", "not_detected", "method_not_fit", "lod_missing", "not_regulated")
_WITHIN, _EXCEEDS, _NOT_DETECTED, _NOT_FIT, _LOD_MISSING, _NO_ROW = range(1, 7)
_SCALED = 10**9
# A result that says any of these is for the judge.
_NOT_PLAIN = frozenset(
    {"expression", "dry_basis", "moisture", "animal", "tissue", "land_use", "water_class", "replicate"}
)
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Results:
    """Columns of equal length. `food` and `analyte` are numbers of the tables, `day` an ordinal, `unit` a number of
    `BulkJudge.units`; -1 where something is not known. `value` and `lod` are in millionths of the unit, -1 for none."""

    food: Int32s
    analyte: Int32s
    day: Int32s
    unit: Int32s
    form: Int8s
    value: Int64s
    lod: Int64s

    def __len__(self) -> int:
        return len(self.food)


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers in the order of the results. `outcome` indexes OUTCOMES (-1: ask the judge), `row` the tables' rows (-1:
    none), `reason` REASONS, `lawful` LAWFUL_USES, `ban` the tables' bans (-1: none)."""

    outcome: Int8s
    row: Int32s
    reason: Int8s
    lawful: Int8s
    ban: Int32s


@dataclass(frozen=True, slots=True)
class _Lists:
    """Several short lists in one array: those of key k lie from `start[k]` to `start[k + 1]`."""

    start: Int32s
    items: Int32s


class _Index(NamedTuple):
    """The compiled tables, as the kernel takes them. Lists by key k lie from `…_start[k]` to `…_start[k + 1]`."""

    foods: int
    open: Any  # by analyte: whether its cases may be plain at all
    uses: Any  # by analyte: whether lawful use is a question
    has_rows: Any
    first_day: Any  # by analyte: some row holds on every day from the first to the last
    last_day: Any
    up_start: Any  # by food: what it is a kind of, nearest first, each distance ending with -1
    up_items: Any
    row_start: Any  # by analyte times foods plus food
    row_items: Any
    out_start: Any  # by row: foods left out
    out_items: Any
    plain: Any
    start: Any
    end: Any
    limit: Any
    family: Any
    ban_start: Any  # by analyte, the oldest first
    ban_items: Any
    ban_food_start: Any
    ban_food_items: Any
    ban_all: Any
    ban_from: Any
    ban_to: Any
    unit_family: Any
    times: Any
    over: Any


class BulkJudge:
    """The tables, compiled. Building takes a moment; judging a million results about a tenth of a second."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.units = tuple(UNITS)
        self._index = _compiled(tables, self.units)

    def judge(self, results: Results) -> Judged:
        """One answer per result. Where `outcome` is -1 the case is not plain: hand that row to `Judge`."""
        columns = (results.food, results.analyte, results.day, results.unit, results.form, results.value, results.lod)
        return Judged(*_judge(*columns, self._index))

    def encode(self, columns: Mapping[str, Sequence[Any]]) -> Results:
        """Columns of texts as in a sheet (food, food_class, analyte, value, unit, lod, sampled_on, production_on) as
        whole numbers. Each different text is read once. What is not plain gets the form OTHER."""
        size = len(columns["food"])
        blank: Sequence[Any] = ("",) * size
        food = _each(_pairs(columns["food"], columns.get("food_class", blank)), self._food)
        analyte = _each(columns["analyte"], self._analyte)
        unit = _each(columns.get("unit", blank), self._unit)
        read = _each(columns["value"], _value)
        lod = _each(columns.get("lod", blank), _bound)
        sampled = _each(columns.get("sampled_on", blank), _day)
        made = _each(columns.get("production_on", blank), _day)
        form, value = np.array([one[0] for one in read], np.int8), np.array([one[1] for one in read], np.int64)
        nodes = np.array(food, np.int32)
        form[(np.array(lod, np.int64) < -1) | (np.array(unit, np.int32) < -1)] = OTHER
        for name in _NOT_PLAIN & set(columns):
            form[np.array([text not in ("", None, False) for text in columns[name]], np.bool_)] = OTHER
        return Results(
            nodes, np.array(analyte, np.int32), self._ruling_days(nodes, sampled, made), np.array(unit, np.int32), form,
            value, np.array(lod, np.int64),
        )  # fmt: skip

    def _ruling_days(self, food: Int32s, sampled: Sequence[int], made: Sequence[int]) -> Int32s:
        processed = np.array([self.tables.foods.is_processed(n) for n in range(len(self.tables.foods.names))], np.bool_)
        first, second = np.array(sampled, np.int32), np.array(made, np.int32)
        is_made = processed[np.maximum(food, 0)]
        day = np.where(is_made, second, first)
        other = np.where(is_made, first, second)
        # A day that cannot be read is never stood in for here.
        return np.where(day == -1, other, day).astype(np.int32)

    def _food(self, told: tuple[str, str]) -> int:
        found = self.tables.foods.find(str(told[0] or ""), str(told[1] or ""))
        return found.nodes[0] if found.sure and not found.dried and len(found.nodes) == 1 else -2

    def _analyte(self, name: str) -> int:
        found = self.tables.analytes.match(str(name or ""))
        plain = found.sure and not found.component and not found.species and found.factor == 1 and not found.unit
        return self.tables.analytes.numbers[found.name] if plain else -1

    def _unit(self, text: str) -> int:
        found = find_unit(text)
        return self.units.index(found.name) if found is not None else -2 if str(text or "").strip() else -1


# --- reading texts ----------------------------------------------------------------------------------------------------


def _each(texts: Iterable[Any], read: Any) -> list[Any]:
    known: dict[Any, Any] = {}
    for text in texts:
        if text not in known:
            known[text] = read(text)
    return [known[text] for text in texts]


def _pairs(one: Sequence[Any], other: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(one, other, strict=True))


def _millionths(value: Decimal | None) -> int | None:
    if value is None or value < 0:
        return None
    scaled = value * REPORTED
    return int(scaled) if scaled == int(scaled) and scaled < _MOST else None


def _value(text: Any) -> tuple[int, int]:
    read = read_expression(text if isinstance(text, Decimal) else str(text or ""))
    if read.unit is not None or read.lod is not None:
        return OTHER, -1
    if read.form is Form.NOT_DETECTED:
        return NOT_DETECTED, -1
    scaled = _millionths(read.low) if read.form is Form.NUMBER else None
    return (OTHER, -1) if scaled is None else (NUMBER, scaled)


def _bound(text: Any) -> int:
    """The detection limit; -1 for none, -2 for what only the judge can read."""
    if text is None or str(text).strip() in ("", "-", "/", "—"):
        return -1
    read = read_expression(text if isinstance(text, Decimal) else str(text))
    scaled = _millionths(read.high) if read.form is Form.NUMBER and read.unit is None else None
    return -2 if scaled is None else scaled


def _day(text: Any) -> int:
    try:
        found = text if isinstance(text, date) else read_day(str(text or ""))
    except ValueError:
        return -2
    return -1 if found is None else found.toordinal()


# --- compiling --------------------------------------------------------------------------------------------------------


def _listed(lists: Mapping[int, Iterable[int]], size: int) -> _Lists:
    sizes = np.zeros(size + 1, np.int32)
    kept = [tuple(lists.get(key, ())) for key in range(size)]
    sizes[1:] = [len(one) for one in kept]
    return _Lists(np.cumsum(sizes, dtype=np.int32), np.array([item for one in kept for item in one], np.int32))


def _above_in_order(foods: FoodTree) -> dict[int, list[int]]:
    """For every food: itself and what it is a kind of, nearest first; each step of distance ends with -1."""
    found = {}
    for node in range(len(foods.names)):
        steps: dict[int, list[int]] = defaultdict(list)
        for up, distance in foods.above(node).items():
            steps[distance].append(up)
        found[node] = [item for distance in sorted(steps) for item in (*sorted(steps[distance]), -1)]
    return found


def _compiled(tables: Tables, units: Sequence[str]) -> _Index:
    foods, analytes = len(tables.foods.names), len(tables.analytes.numbers)
    opened = _open_analytes(tables)
    up, rows = _listed(_above_in_order(tables.foods), foods), _by_case(tables.rows, opened, foods, analytes)
    out = _listed({row.number: row.excluded for row in tables.rows}, len(tables.rows))
    bans, ban_foods = _by_analyte(tables.bans, analytes), _listed(_foods_of(tables.bans), len(tables.bans))
    families = {family: n for n, family in enumerate(sorted({unit.family for unit in UNITS.values()}))}
    first_day, last_day = _spans(tables.rows, analytes)
    times, over = _factors(units)
    every = np.arange(analytes)
    return _Index(
        foods, np.isin(every, list(opened)), _asks_for_use(tables, analytes),
        np.isin(every, [row.analyte for row in tables.rows]), first_day, last_day, up.start, up.items, rows.start, rows.items,
        out.start, out.items, np.array([_is_plain(row) for row in tables.rows], np.bool_), _days(r.start for r in tables.rows),
        _days(r.end for r in tables.rows), np.array([row.scaled for row in tables.rows], np.int64),
        np.array([families[row.unit.family] for row in tables.rows], np.int32), bans.start, bans.items, ban_foods.start,
        ban_foods.items, np.array([ban.everything for ban in tables.bans], np.bool_), _days(b.start for b in tables.bans),
        _days(b.end for b in tables.bans), np.array([families[UNITS[name].family] for name in units], np.int32), times, over,
    )  # fmt: skip


def _days(ordinals: Iterable[int]) -> Int32s:
    return np.array(list(ordinals), np.int32)


def _foods_of(bans: Sequence[Ban]) -> dict[int, list[int]]:
    return {number: sorted(ban.foods) for number, ban in enumerate(bans)}


def _open_analytes(tables: Tables) -> set[int]:
    """Analytes whose cases by food can be plain: no sums, no shared function, no rows by animal, no rule of sampling."""
    found = {
        number
        for name, number in tables.analytes.numbers.items()
        if not tables.analytes[name].components and not tables.analytes[name].function
    }
    found -= {row.analyte for row in tables.rows if row.animal >= 0 or row.component or row.kind == "sampling_rule"}
    return found - {ban.analyte for ban in tables.bans if ban.kind == "banned_veterinary" and ban.prohibits}


def _is_plain(row: Row) -> bool:
    """Whether the row is a maximum that needs nothing but a number."""
    odd = (row.species, row.dry_weight, row.condition, row.provisional, row.interval is not None)
    return (
        row.rule is Rule.MAXIMUM and not any(odd) and row.limit is not None
        and row.limit * row.unit.factor * _SCALED == row.scaled and row.scaled < _MOST
    )  # fmt: skip


def _by_case(rows: Iterable[Row], opened: set[int], foods: int, analytes: int) -> _Lists:
    """Rows of open analytes by analyte and food; key: analyte times the number of foods, plus food."""
    kept = sorted((row.analyte * foods + row.food, row.start, row.number) for row in rows if row.analyte in opened)
    counts = np.bincount(np.array([one[0] for one in kept], np.int64), minlength=analytes * foods)
    begins = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return _Lists(begins, np.array([one[2] for one in kept], np.int32))


def _factors(units: Sequence[str]) -> tuple[Int64s, Int64s]:
    """From millionths of a unit to billionths of its base: times one whole number, over another."""
    times, over = [], []
    for name in units:
        ratio = UNITS[name].factor * _SCALED / REPORTED
        top, bottom = ratio.as_integer_ratio()
        times.append(top)
        over.append(bottom)
    return np.array(times, np.int64), np.array(over, np.int64)


def _spans(rows: Iterable[Row], analytes: int) -> tuple[Int32s, Int32s]:
    """First and last day of an analyte's rows where some row holds on every day between; else an empty span."""
    days: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        days[row.analyte].append((row.start, row.end))
    first, last = np.full(analytes, 1, np.int32), np.full(analytes, 0, np.int32)
    for analyte, spans in days.items():
        spans.sort()
        reach, whole = spans[0][1], True
        for start, end in spans[1:]:
            whole = whole and start <= reach + 1
            reach = max(reach, end)
        if whole:
            first[analyte], last[analyte] = spans[0][0], min(reach, FOREVER)
    return first, last


def _by_analyte(bans: Sequence[Ban], analytes: int) -> _Lists:
    """Numbers of the prohibitions of each analyte, the oldest first."""
    found: dict[int, list[int]] = defaultdict(list)
    for number in sorted(range(len(bans)), key=lambda n: bans[n].start):
        if bans[number].prohibits:
            found[bans[number].analyte].append(number)
    return _listed(found, analytes)


def _asks_for_use(tables: Tables, analytes: int) -> NDArray[np.bool_]:
    asks = np.zeros(analytes, np.bool_)
    for name, number in tables.analytes.numbers.items():
        asks[number] = tables.analytes[name].family in ("pesticide", "veterinary")
    return asks


# --- the kernel -------------------------------------------------------------------------------------------------------


@njit(inline="always")
def _is_kind_of(food: int, wanted: int, t: _Index) -> bool:
    for at in range(t.up_start[food], t.up_start[food + 1]):  # noqa: SIM110  the compiler has no generators
        if t.up_items[at] == wanted:
            return True
    return False


@njit(inline="always")
def _leaves_out(row: int, food: int, t: _Index) -> bool:
    """Whether the row's list "A (B excepted)" leaves this food, or a kind that it is of, out."""
    for at in range(t.out_start[row], t.out_start[row + 1]):  # noqa: SIM110
        if _is_kind_of(food, t.out_items[at], t):
            return True
    return False


@njit(inline="always")
def _row_on(food: int, analyte: int, day: int, t: _Index) -> tuple[int, bool]:
    """The row of the nearest kind of food that has one on the day (-1: none, -2: two at one distance), and whether the
    case has a row on any day."""
    row, fits, key = -1, False, analyte * t.foods
    for at in range(t.up_start[food], t.up_start[food + 1]):
        up = t.up_items[at]
        if up < 0:
            if row != -1:
                return row, fits
            continue
        for here in range(t.row_start[key + up], t.row_start[key + up + 1]):
            found = t.row_items[here]
            if t.out_start[found] < t.out_start[found + 1] and _leaves_out(found, food, t):
                continue
            fits = True
            if t.start[found] <= day <= t.end[found]:
                row = found if row == -1 else -2
    return row, fits


@njit(inline="always")
def _ban_on(food: int, analyte: int, day: int, t: _Index) -> int:
    """The oldest prohibition that covers the food on the day, or -1."""
    for at in range(t.ban_start[analyte], t.ban_start[analyte + 1]):
        ban = t.ban_items[at]
        if t.ban_from[ban] <= day <= t.ban_to[ban]:
            covers = t.ban_all[ban]
            for k in range(t.ban_food_start[ban], t.ban_food_start[ban + 1]):
                covers = covers or _is_kind_of(food, t.ban_food_items[k], t)
            if covers:
                return int(ban)
    return -1


@njit(inline="always")
def _to_base(value: int, unit: int, t: _Index) -> int:
    """Billionths of the base unit; -1 where it would not be exact, and for none."""
    if value < 0 or unit < 0 or value > 900_000_000_000:  # nearly a million of any unit; no factor is above ten million
        return -1
    product = value * t.times[unit]
    if t.over[unit] == 1:
        return int(product)
    return int(product // t.over[unit]) if product % t.over[unit] == 0 else -1


@njit(inline="always")
def _compare(form: int, value: int, lod: int, limit: int, told: tuple[int, int]) -> tuple[int, int]:
    """Outcome and reason; `told` are value and detection limit in billionths of the base unit."""
    if form == NUMBER and not value < lod:
        if told[0] < 0 or (lod >= 0 and told[1] < 0):
            return ASK, 0
        return (NONCONFORMING, _EXCEEDS) if told[0] > limit else (CONFORMING, _WITHIN)
    if lod < 0:
        return UNDETERMINED, _LOD_MISSING
    if told[1] < 0:
        return ASK, 0
    return (CONFORMING, _NOT_DETECTED) if told[1] <= limit else (UNDETERMINED, _NOT_FIT)


@njit(inline="always")
def _without_row(food: int, analyte: int, day: int, fits: bool, ban: int, t: _Index) -> tuple[int, int]:
    """By a ban, by a day without edition, or by nothing at all: the last alone is plain."""
    covered = t.first_day[analyte] <= day <= t.last_day[analyte]
    if ban >= 0 or fits or (t.has_rows[analyte] and not covered):
        return ASK, 0
    return NOT_REGULATED, _NO_ROW


@njit(cache=True, parallel=True)
def _judge(
    food: Int32s, analyte: Int32s, day: Int32s, unit: Int32s, form: Int8s, value: Int64s, lod: Int64s, t: _Index
) -> tuple[Int8s, Int32s, Int8s, Int8s, Int32s]:
    size = len(food)
    outcome, reason, lawful = np.full(size, ASK, np.int8), np.zeros(size, np.int8), np.zeros(size, np.int8)
    found_row, found_ban = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    for i in prange(size):
        f, a, d, u = food[i], analyte[i], day[i], unit[i]
        if f < 0 or a < 0 or d < 1 or form[i] == OTHER or not t.open[a] or (u < 0 and form[i] == NUMBER):
            continue
        row, fits = _row_on(f, a, d, t)
        ban = _ban_on(f, a, d, t)
        if row == -1:
            outcome[i], reason[i] = _without_row(f, a, d, fits, ban, t)
        elif row >= 0 and t.plain[row] and (u < 0 or t.unit_family[u] == t.family[row]):
            told = _to_base(value[i], u, t), _to_base(lod[i], u, t)
            outcome[i], reason[i] = _compare(form[i], value[i], lod[i], t.limit[row], told)
        if outcome[i] == ASK:
            continue
        found_row[i] = row
        if t.uses[a] and form[i] == NUMBER and value[i] > 0 and value[i] >= lod[i]:
            lawful[i] = 1 if ban < 0 else 2
            found_ban[i] = ban
    return outcome, found_row, reason, lawful, found_ban
