"""Conditions over the fields of one record, as a small frozen tree.

Two-valued logic, stated once for every reader of these trees (rows in memory, a database, a table of columns):

* A comparison or membership in which any value is missing (None) is FALSE. So is `!=`, and so is `not in`.
* `field == None` and `field != None` ask whether a value is missing or present.
* `not` turns what it stands before: `not (x == 1)` is TRUE where x is missing, `x != 1` is FALSE there.
* A bare field is TRUE only where the field is true; missing is FALSE.

SQL answers "unknown" in the first case; a compiler to SQL must make that FALSE before a `not` sees it.

Values are of three kinds: flag (bool), number (int, Decimal), text. A date counts as its ISO 8601 text, whose
order is the order of days. Other text has no order, since databases disagree about it.
"""

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

Constant = str | int | Decimal  # bool is an int; kind_of tells them apart
T = TypeVar("T")

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class RecordError(ValueError):
    """A record does not fit the condition: a field is absent, or of a kind that cannot be compared."""


class Operator(StrEnum):
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    @property
    def ordering(self) -> bool:
        return self not in (Operator.EQ, Operator.NE)


@dataclass(frozen=True, slots=True)
class Field:
    """The name of a field of the record."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    left: Field
    operator: Operator
    right: Field | Constant


@dataclass(frozen=True, slots=True)
class Membership:
    field: Field
    values: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Presence:
    field: Field
    present: bool


@dataclass(frozen=True, slots=True)
class Flag:
    field: Field


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Conjunction:
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    operands: tuple["Expression", ...]


Expression = Compare | Membership | Presence | Flag | Truth | Negation | Conjunction | Disjunction
Predicate = Callable[[Mapping[str, object]], bool]


def kind_of(value: object) -> str:
    """`flag`, `number`, `text`, or the name of a type that no condition can compare."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | Decimal):
        return "number"
    return "text" if isinstance(value, str) else type(value).__name__


def fold(
    expression: Expression,
    *,
    compare: Callable[[Field, Operator, Field | Constant], T],
    membership: Callable[[Field, tuple[Constant, ...], bool], T],
    presence: Callable[[Field, bool], T],
    conjunction: Callable[[Sequence[T]], T],
    disjunction: Callable[[Sequence[T]], T],
    negation: Callable[[T], T],
    truth: Callable[[bool], T],
    flag: Callable[[Field], T],
) -> T:
    """Turn a tree into anything else, from the leaves up. The way to compile a condition for a database.

    `compare` gets (field, operator, field or constant); `membership` (field, values, negated);
    `presence` (field, True when a value must be there). The module's rule about missing values binds the result.
    """

    def turn(node: Expression) -> T:  # noqa: PLR0911 -- one line for each kind of node
        match node:
            case Compare(left, op, right):
                return compare(left, op, right)
            case Membership(name, values, negated):
                return membership(name, values, negated)
            case Presence(name, present):
                return presence(name, present)
            case Flag(name):
                return flag(name)
            case Truth(value):
                return truth(value)
            case Negation(operand):
                return negation(turn(operand))
            case Conjunction(operands):
                return conjunction([turn(operand) for operand in operands])
            case Disjunction(operands):
                return disjunction([turn(operand) for operand in operands])

    return turn(expression)


def fields(expression: Expression) -> frozenset[str]:
    """The names of all fields the condition looks at."""
    return fold(
        expression,
        compare=lambda left, _, right: frozenset({left.name} | ({right.name} if isinstance(right, Field) else set())),
        membership=lambda field, values, negated: frozenset({field.name}),
        presence=lambda field, present: frozenset({field.name}),
        conjunction=_union,
        disjunction=_union,
        negation=lambda inner: inner,
        truth=lambda value: frozenset[str](),
        flag=lambda field: frozenset({field.name}),
    )


def _union(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def canonical(expression: Expression) -> str:
    """The condition as text, always the same for the same tree; parsing it gives the tree back."""
    return fold(
        expression,
        compare=lambda left, op, right: f"{left.name} {op} {_operand(right)}",
        membership=_membership_text,
        presence=lambda field, present: f"{field.name} {'!=' if present else '=='} None",
        conjunction=lambda parts: "(" + " and ".join(parts) + ")",
        disjunction=lambda parts: "(" + " or ".join(parts) + ")",
        negation=lambda inner: f"(not {inner})",
        truth=str,
        flag=lambda field: field.name,
    )


def _membership_text(field: Field, values: tuple[Constant, ...], negated: bool) -> str:
    word = "not in" if negated else "in"
    return f"{field.name} {word} [{', '.join(map(_operand, values))}]"


def _operand(value: Field | Constant) -> str:
    match value:
        case Field(name):
            return name
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def evaluate(expression: Expression, record: Mapping[str, object]) -> bool:
    """Whether the condition holds for one record. For many records make a `predicate` once.

    >>> evaluate(Negation(Compare(Field("score"), Operator.GE, 80)), {"score": None})
    True
    """
    return predicate(expression)(record)


def predicate(expression: Expression) -> Predicate:
    """Make a function that evaluates the condition on a record.

    Records hold None, bool, int, Decimal, str and date; an absent field or any other type raises RecordError
    (floats are inexact, and a moment's day depends on a time zone).
    """
    return fold(
        expression,
        compare=_compare,
        membership=_member,
        presence=_present,
        conjunction=_all_of,
        disjunction=_any_of,
        negation=_not,
        truth=_fixed,
        flag=_flag,
    )


def _present(field: Field, present: bool) -> Predicate:
    return lambda record: (read(record, field.name) is not None) is present


def _all_of(parts: Sequence[Predicate]) -> Predicate:
    return lambda record: all(part(record) for part in parts)


def _any_of(parts: Sequence[Predicate]) -> Predicate:
    return lambda record: any(part(record) for part in parts)


def _fixed(value: bool) -> Predicate:
    return lambda record: value


def _not(inner: Predicate) -> Predicate:
    return lambda record: not inner(record)


def read(record: Mapping[str, object], name: str) -> Constant | None:
    """A field's value in the terms of conditions: dates become their ISO text."""
    try:
        value = record[name]
    except KeyError:
        raise RecordError(f"the record has no field {name}") from None
    if value is None or isinstance(value, (str, int)):  # a union type is several times slower here
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise RecordError(f"field {name} holds a {type(value).__name__}, which no condition can compare")


_TESTS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def _compare(left: Field, op: Operator, right: Field | Constant) -> Predicate:
    test = _TESTS[op]

    def holds(record: Mapping[str, object]) -> bool:
        value = read(record, left.name)
        other = read(record, right.name) if isinstance(right, Field) else right
        if value is None or other is None:
            return False
        _require_comparable(left.name, value, other, op)
        return test(value, other)

    return holds


def _require_comparable(name: str, value: Constant, other: Constant, op: Operator) -> None:
    kind = kind_of(value)
    if kind != kind_of(other):
        raise RecordError(f"field {name} holds a {kind}, to be compared with a {kind_of(other)}")
    if not op.ordering or kind == "number":
        return
    if kind == "flag" or not (ISO_DATE.fullmatch(str(value)) and ISO_DATE.fullmatch(str(other))):
        raise RecordError(f"field {name} holds a {kind}, which has no order; only numbers and dates have")


def _member(field: Field, values: tuple[Constant, ...], negated: bool) -> Predicate:
    allowed, kind = frozenset(values), kind_of(values[0])

    def holds(record: Mapping[str, object]) -> bool:
        value = read(record, field.name)
        if value is None:
            return False
        if kind_of(value) != kind:
            raise RecordError(f"field {field.name} holds a {kind_of(value)}, to be looked up among {kind}s")
        return (value in allowed) is not negated

    return holds


def _flag(field: Field) -> Predicate:
    def holds(record: Mapping[str, object]) -> bool:
        value = read(record, field.name)
        if value is not None and not isinstance(value, bool):
            raise RecordError(f"field {field.name} holds a {kind_of(value)}, not true or false")
        return value is True

    return holds
