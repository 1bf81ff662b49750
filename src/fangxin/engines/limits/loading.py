"""Reading the tables of limits from their reviewed files: overlaps, gaps and unknown words are refused."""

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import pairwise
from typing import Any

from fangxin.engines.limits import soil, water
from fangxin.engines.limits.analytes import Analytes
from fangxin.engines.limits.foods import FoodTree, fold, parts, read_targets, split_names
from fangxin.engines.limits.tables import (
    BAN_KINDS,
    CONFIDENCES,
    FOREVER,
    KINDS,
    LIMIT_KINDS,
    SCALE,
    Ban,
    Dated,
    Edition,
    Row,
    Rule,
    TableFault,
    Tables,
)
from fangxin.engines.limits.units import Unit, find_unit

_WORDED_RULES = {"不得检出": Rule.NOT_DETECTED, "不得使用": Rule.NOT_USED, "禁止使用": Rule.NOT_USED}
_Heads = Mapping[str, Mapping[str, Any]]
_Fault = Callable[[str, object, str], TableFault]


def read_tables(files: Mapping[str, bytes]) -> Tables:
    """The tables in a set of files: heads `<name>.toml`, each naming its `<table>.csv`.

    Raises `TableFault` naming file, row and column: for unknown words, units or kinds, rows without confidence, two rows
    for one case on one day, and a day between two editions of one standard on which neither holds.
    """
    heads = _heads(files)
    foods, analytes = _tree(heads, files), _names(heads, files)
    editions = _editions(heads)
    _refuse_gaps(editions)
    rows, bans, dated = _Reader(foods, analytes, files, heads).read(editions)
    return Tables(foods, analytes, editions, rows, bans, dated, _digest(files))


def faults_of(files: Mapping[str, bytes], head: str) -> list[TableFault]:
    """Everything that is wrong with one table among the others: every row's first fault, else that of the whole set."""
    try:
        heads = _heads(files)
        reader = _Reader(_tree(heads, files), _names(heads, files), files, heads)
        editions = _editions(heads)
        faults = list(reader.faults(head, editions))
        if not faults:
            read_tables(files)
    except TableFault as fault:
        return [fault]
    return faults


def _heads(files: Mapping[str, bytes]) -> _Heads:
    return {name: _head(name, files[name]) for name in sorted(files) if name.endswith(".toml")}


def _editions(heads: _Heads) -> tuple[Edition, ...]:
    """Every edition that a head declares. One that ends the edition before it says so in its head."""
    names = ("foods", "analytes")
    found = [
        _edition(name, head) for name, head in heads.items() if head["kind"] not in names and not head.get("extends")
    ]
    for newer in [one for one in found if heads[one.file].get("ends_previous")]:
        for n, one in enumerate(found):
            before = (one.standard, one.kind) == (newer.standard, newer.kind) and one.start < newer.start
            if before and one.end == FOREVER:
                found[n] = replace(one, end=newer.start - 1)
    return tuple(found)


def _digest(files: Mapping[str, bytes]) -> str:
    """Which set of tables this is: SHA-256 over names and contents."""
    whole = sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def _head(name: str, data: bytes) -> Mapping[str, Any]:
    try:
        head = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableFault(name, "unreadable", error) from error
    for key in ("id", "name", "kind", "in_force_from", "source", "confidence", "entered_by", "table"):
        if not head.get(key):
            raise TableFault(name, "missing", column=key)
    if head["kind"] not in KINDS:
        raise TableFault(name, "kind_unknown", head["kind"], column="kind")
    return head


def _cells(name: str, data: bytes) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        rows = [{k: (v or "").strip() for k, v in row.items() if isinstance(k, str)} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableFault(name, "unreadable", error) from error
    return rows


def _all(kind: str, heads: _Heads, files: Mapping[str, bytes]) -> tuple[str, list[dict[str, str]]]:
    """The rows of every table of a kind that is read as one, and the name of the last of them."""
    found = [head["table"] for head in heads.values() if head["kind"] == kind]
    absent = [name for name in found if name not in files]
    if absent or not found:
        raise TableFault(kind, "table_missing", absent[0] if absent else kind)
    return found[-1], [row for name in found for row in _cells(name, files[name])]


def _tree(heads: _Heads, files: Mapping[str, bytes]) -> FoodTree:
    name, rows = _all("foods", heads, files)
    try:
        return FoodTree(rows)
    except (ValueError, KeyError) as error:
        raise TableFault(name, "unreadable", error) from error


def _names(heads: _Heads, files: Mapping[str, bytes]) -> Analytes:
    name, rows = _all("analytes", heads, files)
    try:
        return Analytes(rows)
    except (ValueError, KeyError) as error:
        raise TableFault(name, "unreadable", error) from error


def _edition(file: str, head: Mapping[str, Any]) -> Edition:
    start, end = _day(file, head["in_force_from"], "in_force_from"), _day(file, head.get("in_force_to"), "in_force_to")
    return Edition(
        head["id"],
        head["name"],
        head.get("standard", ""),
        head.get("edition", ""),
        head["kind"],
        start if start is not None else 1,
        end if end is not None else FOREVER,
        file,
        head["source"],
        head["confidence"],
        head.get("follows", ""),
        head.get("supplements", ""),
    )


def _day(file: str, value: Any, column: str, row: int | None = None) -> int | None:
    if value in (None, ""):
        return None
    try:
        if isinstance(value, datetime):
            raise ValueError
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise TableFault(file, "not_a_day", value, row=row, column=column) from None
    return day.toordinal()


def _refuse_gaps(editions: tuple[Edition, ...]) -> None:
    """Two editions of one standard neither overlap nor leave a day between them; a declared predecessor must exist."""
    known = {edition.id: edition for edition in editions}
    if len(known) != len(editions):
        raise TableFault(editions[0].file, "edition_twice", column="id")
    for edition in editions:
        if edition.end < edition.start:
            raise TableFault(edition.file, "ends_early", column="in_force_to")
        before = known.get(edition.follows)
        if edition.follows and before is None:
            raise TableFault(edition.file, "edition_unknown", edition.follows, column="follows")
        if before is not None and before.end + 1 != edition.start:
            code = "editions_overlap" if before.end >= edition.start else "editions_gap"
            raise TableFault(edition.file, code, before.id, column="in_force_from")
    by_standard = defaultdict(list)
    for edition in editions:
        by_standard[edition.standard, edition.kind].append(edition)
    for group in by_standard.values():
        for one, other in pairwise(sorted(group, key=lambda edition: edition.start)):
            _refuse_between(one, other)


def _refuse_between(one: Edition, other: Edition) -> None:
    if one.end >= other.start:
        raise TableFault(other.file, "editions_overlap", one.id, column="in_force_from")
    if one.end + 1 < other.start:
        raise TableFault(other.file, "editions_gap", one.id, column="in_force_from")


class _Reader:
    """Reads each table once and hands its rows to the editions they belong to."""

    def __init__(self, foods: FoodTree, analytes: Analytes, files: Mapping[str, bytes], heads: _Heads) -> None:
        self.foods, self.analytes, self.files, self.heads = foods, analytes, files, heads

    def read(self, editions: tuple[Edition, ...]) -> tuple[tuple[Row, ...], tuple[Ban, ...], tuple[Dated, ...]]:
        rows: list[Row] = []
        bans: list[Ban] = []
        dated: list[Dated] = []
        for number, edition in enumerate(editions):
            table, cells = self._table(edition.file)
            if edition.kind in LIMIT_KINDS:
                rows += self._limits(number, edition, table, cells)
            elif edition.kind in BAN_KINDS:
                bans += [self._ban(edition, table, line, row) for line, row in enumerate(cells, start=2)]
            else:
                dated.append(_dated(edition, table, cells))
        extended = self._extended(editions)
        added = [row for head, number in extended for row in self._added(head, number, editions[number])]
        rows = self._supplement(rows, editions, added)
        self._refuse_overlaps(rows)
        return tuple(replace(row, number=number) for number, row in enumerate(rows)), tuple(bans), tuple(dated)

    def _limits(self, number: int, edition: Edition, table: str, cells: list[dict[str, str]]) -> Iterator[Row]:
        label = str(self.heads[edition.file].get("label") or edition.edition)
        for line, row in enumerate(cells, start=2):
            if not row.get("editions") or label in parts(row["editions"]):
                yield from self._rows(number, edition, table, line, row)

    def _rows(self, number: int, edition: Edition, table: str, line: int, row: Mapping[str, str]) -> Iterator[Row]:
        bare = self._bare(number, edition, table, line, row)
        if row.get("animal"):
            for animal in split_names(row["animal"]):
                node = self.foods.animal(animal)
                if node is None:
                    raise TableFault(table, "animal_unknown", animal, row=line, column="animal")
                yield replace(bare, animal=node, tissue=row.get("tissue", ""))
            return
        targets = read_targets(row.get("food", ""))
        if not targets:
            raise TableFault(table, "target_missing", row=line, column="food")
        # What one entry of a list leaves out is left out of the whole list: "甲、乙(丙除外)".
        excluded = tuple(self._node(table, line, name) for _, names in targets for name in names)
        for node in dict.fromkeys(self._node(table, line, name) for name, _ in targets):
            yield replace(bare, food=node, excluded=excluded)

    def _bare(self, number: int, edition: Edition, table: str, line: int, row: Mapping[str, str]) -> Row:
        def fault(code: str, value: object, column: str) -> TableFault:
            return TableFault(table, code, value, row=line, column=column)

        if row.get("confidence") not in CONFIDENCES:
            raise fault("confidence_missing", "", "confidence")
        analyte = self.analytes.match(row.get("analyte", ""))
        if not analyte.sure:
            raise fault("analyte_unknown", row.get("analyte", ""), "analyte")
        unit = find_unit(row.get("unit"))
        if unit is None:
            raise fault("unit_unknown", row.get("unit", ""), "unit")
        rule, limit = _rule(row, fault)
        start = _day(table, row.get("in_force_from"), "in_force_from", line)
        end = _day(table, row.get("in_force_to"), "in_force_to", line)
        return Row(
            0,
            number,
            edition.kind,
            self.analytes.numbers[analyte.name],
            analyte.component,
            row.get("species") or analyte.species,
            -1,
            (),
            -1,
            "",
            max(edition.start, start or 0),
            min(edition.end, end if end is not None else FOREVER),
            rule,
            limit,
            unit,
            _scaled(limit, unit),
            row.get("clause", ""),
            row["confidence"],
            table,
            line,
            row.get("dry_weight") == "yes",
            row.get("condition", ""),
            tuple(fold(word) for word in parts(row.get("words", ""))),
            row.get("provisional") == "yes",
            _number(row.get("interval", ""), "interval", fault),
            int(_number(row.get("n", ""), "n", fault) or 0),
            int(_number(row.get("c", ""), "c", fault) or 0),
            _number(row.get("m", ""), "m", fault) or Decimal(0),
            _number(row.get("M", ""), "M", fault),
            row.get("note", ""),
        )

    def _node(self, table: str, line: int, name: str) -> int:
        node = self.foods.number(name)
        if node is None:
            raise TableFault(table, "food_unknown", name, row=line, column="food")
        return node

    def _ban(self, edition: Edition, table: str, line: int, row: Mapping[str, str]) -> Ban:
        analyte = self.analytes.match(row.get("analyte", ""))
        if not analyte.sure:
            raise TableFault(table, "analyte_unknown", row.get("analyte", ""), row=line, column="analyte")
        if row.get("confidence") not in CONFIDENCES:
            raise TableFault(table, "confidence_missing", row=line, column="confidence")
        foods = [self._node(table, line, name) for name in parts(row.get("foods", "")) if name != "*"]
        animals = [self.foods.animal(name) for name in parts(row.get("animals", ""))]
        if None in animals:
            raise TableFault(table, "animal_unknown", row["animals"], row=line, column="animals")
        start = _day(table, row.get("in_force_from"), "in_force_from", line)
        end = _day(table, row.get("in_force_to"), "in_force_to", line)
        return Ban(
            self.analytes.numbers[analyte.name],
            row["restriction"],
            frozenset(foods),
            frozenset(node for node in animals if node is not None),
            row.get("foods") == "*",
            start or edition.start,
            end if end is not None else FOREVER,
            row.get("scope", ""),
            row.get("clause", ""),
            row["confidence"],
            edition.kind,
        )

    def _supplement(self, rows: list[Row], editions: tuple[Edition, ...], added: list[Row]) -> list[Row]:
        """A supplement's row, or one added to an edition, replaces the older row of the same case from its first day on."""
        numbers = {edition.id: number for number, edition in enumerate(editions)}
        newer = {
            (numbers[editions[row.edition].supplements], _case(row)): row.start
            for row in rows
            if editions[row.edition].supplements in numbers
        }
        newer |= {(row.edition, _case(row)): row.start for row in added}
        cut = [
            replace(row, end=min(row.end, newer[row.edition, _case(row)] - 1))
            if (row.edition, _case(row)) in newer
            else row
            for row in rows
        ]
        return [row for row in cut if row.end >= row.start] + added

    def _extended(self, editions: tuple[Edition, ...]) -> list[tuple[str, int]]:
        """Heads of tables that add to an edition, with its number, in the order of their days."""
        numbers = {edition.id: number for number, edition in enumerate(editions)}
        found = []
        for name, head in self.heads.items():
            target = head.get("extends")
            if target and (target not in numbers or editions[numbers[target]].kind != head["kind"]):
                raise TableFault(name, "edition_unknown", target, column="extends")
            if target:
                found.append((name, numbers[target]))
        return sorted(found, key=lambda one: (str(self.heads[one[0]]["in_force_from"]), one[0]))

    def _added(self, head: str, number: int, edition: Edition) -> Iterator[Row]:
        table, cells = self._table(head)
        start = _day(head, self.heads[head]["in_force_from"], "in_force_from") or edition.start
        end = _day(head, self.heads[head].get("in_force_to"), "in_force_to") or edition.end
        span = replace(edition, start=max(edition.start, start), end=min(edition.end, end))
        for line, row in enumerate(cells, start=2):
            yield from self._rows(number, span, table, line, row)

    def _table(self, head: str) -> tuple[str, list[dict[str, str]]]:
        table = self.heads[head]["table"]
        if table not in self.files:
            raise TableFault(head, "table_missing", table, column="table")
        return table, _cells(table, self.files[table])

    def faults(self, head: str, editions: tuple[Edition, ...]) -> Iterator[TableFault]:
        """The first fault of every row of one table of limits or bans."""
        kind = self.heads[head]["kind"]
        if kind not in LIMIT_KINDS and kind not in BAN_KINDS:
            return
        target = self.heads[head].get("extends") or self.heads[head]["id"]
        edition = next((one for one in editions if one.id == target), None)
        if edition is None:
            yield TableFault(head, "edition_unknown", target, column="extends")
            return
        table, cells = self._table(head)
        for line, row in enumerate(cells, start=2):
            try:
                list(self._rows(0, edition, table, line, row)) if kind in LIMIT_KINDS else self._ban(
                    edition, table, line, row
                )
            except TableFault as fault:
                yield fault

    def _refuse_overlaps(self, rows: list[Row]) -> None:
        cases: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            cases[row.kind, *_case(row)].append(row)
        for same in cases.values():
            same.sort(key=lambda row: row.start)
            for one, other in pairwise(same):
                if other.start <= one.end:
                    where = f"{one.file}, row {one.line}"
                    raise TableFault(other.file, "same_case", where, row=other.line, column="food")


def _case(row: Row) -> tuple[Any, ...]:
    return row.analyte, row.component, row.species, row.food, row.animal, row.tissue, row.condition, row.unit.family


def _rule(row: Mapping[str, str], fault: _Fault) -> tuple[Rule, Decimal | None]:
    text = row.get("limit", "")
    if text in _WORDED_RULES:
        return _WORDED_RULES[text], None
    if row.get("n"):
        return Rule.PLAN, _number(row.get("m", ""), "m", fault)
    limit = _number(text, "limit", fault)
    if limit is None:
        raise fault("limit_missing", "", "limit")
    return Rule.MAXIMUM, limit


def _number(text: str, column: str, fault: _Fault) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise fault("not_a_number", text, column) from None
    if not number.is_finite() or number < 0:
        raise fault("not_a_limit", text, column)
    return number


def _scaled(limit: Decimal | None, unit: Unit) -> int:
    return -1 if limit is None else int(limit * unit.factor * SCALE)


def _dated(edition: Edition, table: str, cells: list[dict[str, str]]) -> Dated:
    try:
        if edition.kind == "soil":
            names = tuple((fold(row["analyte_zh"]), row["analyte"]) for row in cells)
            return Dated(edition, soil_table=soil.read_table(cells), names=names)
        names = tuple((fold(row["item_zh"]), row["item"]) for row in cells)
        return Dated(edition, water_table=water.read_table(cells), names=names)
    except (soil.SoilTableError, water.WaterTableError, KeyError) as error:
        raise TableFault(table, "unreadable", error) from error
