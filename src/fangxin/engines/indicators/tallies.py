"""Counting rows into figures, many divisions in one pass, and the digest of the rows that were counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from fangxin.engines.evidence import canonical_bytes, new_digest
from fangxin.engines.evidence.canonical import format_decimal
from fangxin.engines.indicators.definitions import DefinitionError, Form, IndicatorDefinition, Kind
from fangxin.engines.indicators.expressions import Constant, RecordError, kind_of, predicate, read
from fangxin.engines.indicators.figures import Figure

_DOMAIN = "fangxin.inputs.v1"
_WIDE = Context(prec=50)
_MOST_SEEN = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record as an indicator sees it: who (a pseudonym), where (division code), and its fields."""

    id: str
    division: str
    fields: Mapping[str, object]


class Part(StrEnum):
    """Where a row stands for one indicator."""

    OUTSIDE = "outside"
    SHORT = "short"  # in the denominator only: what is still to be done
    REACHED = "reached"  # in the numerator too


@dataclass(frozen=True, slots=True)
class Tallied:
    """A figure with the number of rows looked at and the digest over them."""

    figure: Figure
    rows: int
    inputs: str


class Formula:
    """A computed definition made ready to look at many rows."""

    def __init__(self, definition: IndicatorDefinition) -> None:
        if definition.kind is not Kind.COMPUTED or definition.numerator is None:
            raise DefinitionError(f"{definition.code} is not computed from rows")
        self.definition = definition
        self.names = definition.fields
        self._in_numerator = predicate(definition.numerator)
        self._in_denominator = predicate(definition.denominator) if definition.denominator else None
        self._seen: dict[tuple[object, ...], tuple[Part, bytes]] = {}

    def look(self, row: Row) -> tuple[Part, bytes]:
        """`place` and the fields' part of `line`. Many rows hold the same few values, so each combination is worked
        out once; the kinds of the values belong to the key, since True equals 1 and is not the same."""
        values = [read(row.fields, name) for name in self.names]
        key = (*values, *map(type, values))
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            found = self.place(row), canonical_bytes([encode_field(row, name) for name in self.names])
            self._seen[key] = found
        return found

    def place(self, row: Row) -> Part:
        """Where a row stands. Raises RecordError when the row does not fit the conditions."""
        if self._in_denominator is not None and not self._in_denominator(row.fields):
            return Part.OUTSIDE
        if self._in_numerator(row.fields):
            return Part.REACHED
        return Part.SHORT if self._in_denominator is not None else Part.OUTSIDE

    def amount(self, row: Row, name: str) -> int | Decimal | None:
        """What a row adds: 1 when rows are counted, else its field's amount, None when that is missing."""
        if not name:
            return 1
        value = read(row.fields, name)
        if value is not None and (kind_of(value) != "number" or isinstance(value, str)):
            raise RecordError(f"field {name} holds a {kind_of(value)}, which cannot be summed")
        return value


class Tally:
    """Rows counted so far for one indicator in one scope. Rows come with their ids in ascending order, each once."""

    def __init__(self, formula: Formula) -> None:
        self._formula = formula
        self._numerator: int | Decimal = 0
        self._denominator: int | Decimal = 0
        self._complete = True
        self._rows = 0
        self._last_id = ""
        self._inputs = new_digest()
        self._inputs.update(canonical_bytes([_DOMAIN, formula.definition.subject, list(formula.names)]) + b"\n")

    def add(self, row: Row) -> Part:
        part, values = self._formula.look(row)
        self.add_placed(row, part, line(_who(row), values))
        return part

    def add_placed(self, row: Row, part: Part, line: bytes) -> None:
        """Add a row already looked at, so that several scopes share the work."""
        if row.id <= self._last_id:
            raise RecordError(f"row {row.id!r} comes after {self._last_id!r}; ids must ascend and not repeat")
        self._last_id = row.id
        self._rows += 1
        self._inputs.update(line)
        if part is not Part.OUTSIDE:
            self._count(row, part)

    def _count(self, row: Row, part: Part) -> None:
        definition = self._formula.definition
        whole = self._formula.amount(row, definition.sum_of)
        if whole is None:  # an unknown size cannot be left out quietly: the figure is marked
            self._complete = False
        self._denominator = _WIDE.add(self._denominator, whole or 0)
        if part is Part.REACHED:
            reached = self._formula.amount(row, definition.numerator_sum_of or definition.sum_of)
            self._numerator = _WIDE.add(self._numerator, reached or 0)

    def result(self) -> Tallied:
        denominator = None if self._formula.definition.form is Form.TOTAL else Decimal(self._denominator)
        figure = Figure(Decimal(self._numerator), denominator, verified=self._complete)
        return Tallied(figure, self._rows, self._inputs.hexdigest())


def tally(definition: IndicatorDefinition, rows: Iterable[Row]) -> Tallied:
    """Count rows, in ascending order of their ids, into one figure.

    A row whose summed field is missing makes the figure unverified; a missing amount of a numerator alone adds
    nothing, since what nobody has shown is not done.
    """
    running = Tally(Formula(definition))
    for row in rows:
        running.add(row)
    return running.result()


class Count:
    """Counts figures of many definitions and divisions in one pass. A scope is a prefix of the division code."""

    def __init__(self, scopes: Iterable[tuple[IndicatorDefinition, str]]) -> None:
        formulas: dict[str, Formula] = {}
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._by_subject: dict[str, list[Formula]] = {}
        self._lengths: dict[str, set[int]] = {}
        for definition, division in scopes:
            if definition.code not in formulas:
                formulas[definition.code] = Formula(definition)
                self._by_subject.setdefault(definition.subject, []).append(formulas[definition.code])
            self._tallies[definition.code, division] = Tally(formulas[definition.code])
            self._lengths.setdefault(definition.code, set()).add(len(division))

    def add(self, subject: str, row: Row) -> None:
        who = _who(row)
        for formula in self._by_subject.get(subject, ()):
            part, values = formula.look(row)
            code, taken = formula.definition.code, line(who, values)
            for length in self._lengths[code]:
                found = self._tallies.get((code, row.division[:length]))
                if found is not None and len(row.division) >= length:
                    found.add_placed(row, part, taken)

    def results(self) -> dict[tuple[str, str], Tallied]:
        """Figures by (code, division)."""
        return {key: running.result() for key, running in self._tallies.items()}


def _who(row: Row) -> bytes:
    return canonical_bytes([row.id, row.division])


def line(who: bytes, values: bytes) -> bytes:
    """A row as the inputs digest takes it, the canonical form of [id, division, [the fields this formula looks at]]."""
    return who[:-1] + b"," + values + b"]\n"


def fields_by_subject(definitions: Iterable[IndicatorDefinition]) -> dict[str, frozenset[str]]:
    """By fact table, all fields that computed definitions look at."""
    found: dict[str, frozenset[str]] = {}
    for definition in definitions:
        if definition.kind is Kind.COMPUTED:
            found[definition.subject] = found.get(definition.subject, frozenset()) | set(definition.fields)
    return found


def encode_field(row: Row, name: str) -> object:
    """A field's value for digests and files; equal numbers give equal values whatever their trailing zeros.

    Whole numbers become int, other numbers {"decimal": "8.5"}, dates their ISO text.
    """
    value: Constant | None = read(row.fields, name)
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value(context=_WIDE):
        return int(format_decimal(value).partition(".")[0])
    return {"decimal": format_decimal(value).rstrip("0")}


def decode_field(value: object) -> object:
    """The value that `encode_field` wrote."""
    if isinstance(value, dict):
        if set(value) != {"decimal"} or not isinstance(value["decimal"], str):
            raise RecordError("a field holds a value, or a decimal")
        return Decimal(value["decimal"])
    return value
