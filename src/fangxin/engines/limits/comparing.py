"""What changes between two sets of limits: two editions of a standard, or the tables before and after an import."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fangxin.engines.limits.tables import Row, Rule, Tables


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Said:
    """One limit in words, independent of the tables that it comes from."""

    limit: str
    unit: str
    clause: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One case — substance, on what, under which condition — with what was said before and what is said after."""

    change: Change
    analyte: str
    subject: str
    condition: str
    before: Said | None
    after: Said | None


def differences(
    before: Tables, rows_before: Iterable[Row], after: Tables, rows_after: Iterable[Row]
) -> list[Difference]:
    """Every case of either side, by substance and subject. The same case twice on one side keeps its later row."""
    old, new = _by_case(before, rows_before), _by_case(after, rows_after)
    return [_difference(case, old.get(case), new.get(case)) for case in sorted(old.keys() | new.keys())]


def rows_of(tables: Tables, edition: str) -> list[Row]:
    """The rows of one edition, by its id."""
    number = next((n for n, one in enumerate(tables.editions) if one.id == edition), -1)
    return [row for row in tables.rows if row.edition == number]


def _by_case(tables: Tables, rows: Iterable[Row]) -> dict[tuple[str, str, str], Row]:
    foods, analytes = tables.foods.names, {number: name for name, number in tables.analytes.numbers.items()}
    found = {}
    for row in sorted(rows, key=lambda row: row.start):
        what = foods[row.food] if row.food >= 0 else f"{foods[row.animal].removeprefix('动物:')} {row.tissue}".strip()
        analyte = " ".join(part for part in (analytes[row.analyte], row.component, row.species) if part)
        found[analyte, what, row.condition] = row
    return found


def _difference(case: tuple[str, str, str], old: Row | None, new: Row | None) -> Difference:
    if old is None or new is None:
        change = Change.ADDED if old is None else Change.REMOVED
    else:
        change = Change.SAME if _meaning(old) == _meaning(new) else Change.CHANGED
    analyte, subject, condition = case
    return Difference(change, analyte, subject, condition, _said(old), _said(new))


def _meaning(row: Row) -> tuple[object, ...]:
    """What a result is compared with; the same amount in another unit is the same."""
    amount = None if row.limit is None else (row.limit * row.unit.factor, row.unit.family)
    return row.rule, amount, row.n, row.c, row.m, row.most, row.dry_weight, row.provisional, row.interval


def _said(row: Row | None) -> Said | None:
    if row is None:
        return None
    if row.rule is Rule.PLAN:
        most = "" if row.most is None else f" M={row.most:f}"
        return Said(f"n={row.n} c={row.c} m={row.m:f}{most}", row.unit.name, row.clause, row.file, row.line)
    words = {Rule.NOT_DETECTED: "不得检出", Rule.NOT_USED: "不得使用"}
    text = words.get(row.rule) or (f"{row.limit:f}" if row.limit is not None else "")
    return Said(text, row.unit.name, row.clause, row.file, row.line)
