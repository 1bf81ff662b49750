"""From a table to numbers: measures, categories, and what the same entity's earlier visits found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fangxin.engines.ordering.columns import day, number
from fangxin.engines.ordering.values import Columns, Role, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TAIL = 0.02  # the outer 2 % of a measure speak with the voice of the 2 %
_RARE = 0.01  # a level or a gap rarer than this has nothing to say
_PRIOR_VISITS = 1.0  # a past of n visits is believed n / (n + this)
_MOST_VISITS, _LONGEST_DAYS = 3.0, 1000.0
_SPAN = 10_000_000  # beyond any ordinal of a day, to pack entity and day into one sortable number


def days_of(table: Table, when: str) -> Ints:
    """The date column as ordinals of days."""
    return _days(table, when).astype(np.int64)


def _days(table: Table, name: str) -> Floats:
    dates = map(day, table.columns[name])
    return np.array([np.nan if d is None else d.toordinal() for d in dates], float)


def _numbers(table: Table, name: str) -> Floats:
    return np.array([np.nan if n is None else n for n in map(number, table.columns[name])], float)


@dataclass(frozen=True, slots=True)
class _Measure:
    """One measure: middle for the missing, bounds for the extreme, and whether a gap is itself a sign."""

    name: str
    middle: float
    low: float
    high: float
    gap_is_sign: bool

    @classmethod
    def learn(cls, name: str, values: Floats) -> "_Measure":
        known = values[~np.isnan(values)]
        low, middle, high = np.quantile(known, [_TAIL, 0.5, 1 - _TAIL]) if len(known) else (0.0, 0.0, 0.0)
        return cls(name, float(middle), float(low), float(high), len(known) < (1 - _RARE) * len(values))

    def encode(self, values: Floats) -> list[Floats]:
        gap = np.isnan(values)
        clipped = np.clip(np.where(gap, self.middle, values), self.low, self.high)
        return [clipped, gap.astype(float)] if self.gap_is_sign else [clipped]


@dataclass(frozen=True, slots=True)
class _Past:
    """What visits with a known outcome found, by entity and day, ready to be asked "before this day?"."""

    name: str
    codes: Mapping[str, int]
    packed: Ints  # entity · _SPAN + day, ascending
    running: Floats  # sums of outcomes less their mean, one row more than `packed`

    @classmethod
    def learn(cls, name: str, values: Sequence[str], days: Ints, found: Floats) -> "_Past":
        codes = {value: n for n, value in enumerate(sorted(set(values) - {""}))}
        rows = np.array([i for i, value in enumerate(values) if value], np.int64)
        packed = np.array([codes[values[i]] for i in rows], np.int64) * _SPAN + days[rows]
        order = np.argsort(packed, kind="stable")
        sums = np.cumsum((found - found.mean(axis=0))[rows][order], axis=0)
        return cls(name, codes, packed[order], np.vstack([np.zeros((1, found.shape[1])), sums]))

    def encode(self, values: Sequence[str], days: Ints) -> list[Floats]:
        """Shrunk mean of each outcome strictly before the day, visits known, days since the last of them."""
        start_of = np.array([self.codes.get(value, -1) for value in values], np.int64) * _SPAN
        first = np.searchsorted(self.packed, start_of)
        end = np.where(start_of < 0, first, np.searchsorted(self.packed, start_of + days))
        visits = (end - first).astype(float)
        means = (self.running[end] - self.running[first]) / (visits + _PRIOR_VISITS)[:, None]
        last = self.packed[np.maximum(end - 1, 0)] % _SPAN
        since = np.where(visits > 0, np.minimum(days - last, _LONGEST_DAYS), _LONGEST_DAYS)
        return [*means.T, np.minimum(visits, _MOST_VISITS), since.astype(float)]


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns tables into rows of numbers, always with the same columns, by what it learnt from one training table."""

    when: str | None
    dates: frozenset[str]
    measures: tuple[_Measure, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    pasts: tuple[_Past, ...]
    names: tuple[str, ...]
    varies: NDArray[np.bool_]

    @classmethod
    def learn(cls, table: Table, columns: Columns, found: Sequence[int]) -> "Encoder":
        """An encoder for these columns. Without a date of visit past and future cannot be told apart: no history then."""
        when, dates = columns.when, frozenset(columns.of(Role.DATE))
        measures = [
            _Measure.learn(name, _measure(table, name, when, dates)) for name in columns.of(Role.NUMBER, Role.DATE)
        ]
        levels = [(name, _levels(table.columns[name])) for name in columns.of(Role.CATEGORY)]
        pasts = _learn_pasts(table, columns, found) if when else []
        draft = cls(when, dates, tuple(measures), tuple(levels), tuple(pasts), (), np.ones(0, bool))
        parts = draft._parts(table)
        varies = np.array([values.std() > 1e-12 for _, values in parts], bool)
        names = tuple(name for (name, _), kept in zip(parts, varies, strict=True) if kept)
        return cls(when, dates, draft.measures, draft.levels, draft.pasts, names, varies)

    def encode(self, table: Table) -> Floats:
        """One row of numbers for each row of the table."""
        kept = [values for (_, values), keep in zip(self._parts(table), self.varies, strict=True) if keep]
        return np.column_stack(kept) if kept else np.zeros((len(table), 1))

    def _parts(self, table: Table) -> list[tuple[str, Floats]]:
        parts: list[tuple[str, Floats]] = []
        for measure in self.measures:
            values = measure.encode(_measure(table, measure.name, self.when, self.dates))
            parts += zip((measure.name, f"{measure.name} missing"), values, strict=False)
        for name, levels in self.levels:
            texts = np.array(table.columns[name])
            parts += [(f"{name} = {level or 'missing'}", (texts == level).astype(float)) for level in levels]
        for past in self.pasts:
            days = days_of(table, self.when or "")
            parts += [(f"past of {past.name}", values) for values in past.encode(table.columns[past.name], days)]
        return parts


def _measure(table: Table, name: str, when: str | None, dates: frozenset[str]) -> Floats:
    if name not in dates:
        return _numbers(table, name)
    return _days(table, when) - _days(table, name) if when else _days(table, name)


def _levels(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(level for level, n in Counter(values).items() if n >= _RARE * len(values)))


def _learn_pasts(table: Table, columns: Columns, found: Sequence[int]) -> list[_Past]:
    known = [np.array(found, float)]
    for name in columns.of(Role.OUTCOME):
        values = _numbers(table, name)
        gap = np.isnan(values)
        known.append(np.where(gap, 0.0 if gap.all() else values[~gap].mean(), values))
    results, days = np.column_stack(known), days_of(table, columns.when or "")
    return [_Past.learn(name, table.columns[name], days, results) for name in columns.of(Role.ENTITY)]
