"""Reading a condition from text. The text is never executed: it is parsed, and only what is listed here passes.

    operating and grade in ("A", "B") and expires_on >= as_of and not (area < 8.5)

Allowed: fields, text, numbers, True, False, None, lists of constants; and, or, not, == != < <= > >= in, not in.
Not allowed: calls, attributes, arithmetic, anything else of Python.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from fangxin.engines.indicators.expressions import (
    ISO_DATE,
    Compare,
    Conjunction,
    Constant,
    Disjunction,
    Expression,
    Field,
    Flag,
    Membership,
    Negation,
    Operator,
    Presence,
    Truth,
    kind_of,
)

MAX_LENGTH = 2000
MAX_DEPTH = 30

# Two underscores would let a name walk from one table into another in some back ends.
_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
_LINE_END = re.compile(r"\r\n|\r|\n")  # what Python itself counts as one
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: Operator.EQ,
    ast.NotEq: Operator.NE,
    ast.Lt: Operator.LT,
    ast.LtE: Operator.LE,
    ast.Gt: Operator.GT,
    ast.GtE: Operator.GE,
}
_MIRRORED = {
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
    Operator.GT: Operator.LT,
    Operator.GE: Operator.LE,
}


class ExpressionError(ValueError):
    """The text is not a condition. `line` and `column` (both from 1) say where, `reason` why."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        where = f"column {column}" if line == 1 else f"line {line}, column {column}"
        super().__init__(f"{where}: {reason}")
        self.reason = reason
        self.line = line
        self.column = column


def parse(text: str) -> Expression:
    """Read a condition; ExpressionError is the only thing that can go wrong.

    >>> parse("score >= 80 and not closed").operands[0].right
    80
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    if not text.strip():
        raise ExpressionError("nothing is written")
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.lstrip(" \t")
        self.indent = len(text) - len(self.text)

    def read(self) -> Expression:
        try:
            body = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            line = error.lineno or 1
            column = error.offset or len(self.text) + 1  # no offset: the text ended too soon
            raise ExpressionError("this is not a complete condition", line, self._shift(line, column)) from None
        except (ValueError, MemoryError, RecursionError):  # zero bytes, lone surrogates, absurd nesting
            raise ExpressionError("this cannot be read") from None
        return self.condition(body, 0)

    def condition(self, node: ast.expr, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self.refusal(node, f"nested deeper than {MAX_DEPTH}")
        match node:
            case ast.BoolOp(op, values):
                return _join(op, [self.condition(value, depth + 1) for value in values])
            case ast.UnaryOp(ast.Not(), operand):
                return Negation(self.condition(operand, depth + 1))
            case ast.Compare():
                return self.comparison(node)
            case ast.Name():
                return Flag(self.field(node))
            case ast.Constant(bool() as value):
                return Truth(value)
        raise self.refusal(node, "expected a condition: a comparison, a field that is true or false, and, or, not")

    def comparison(self, node: ast.Compare) -> Expression:
        sides = [node.left, *node.comparators]
        links = [self.link(left, op, right) for (left, right), op in zip(pairwise(sides), node.ops, strict=True)]
        return links[0] if len(links) == 1 else Conjunction(tuple(links))

    def link(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expression:
        if isinstance(op, ast.In | ast.NotIn):
            return Membership(self.field(left), self.values(right), isinstance(op, ast.NotIn))
        operator = _OPERATORS.get(type(op))
        if operator is None:
            raise self.refusal(right, "write == None or != None to ask whether a value is missing")
        if not isinstance(left, ast.Name) and isinstance(right, ast.Name):
            left, operator, right = right, _MIRRORED.get(operator, operator), left
        return self.compare(left, operator, right)

    def compare(self, left: ast.expr, operator: Operator, right: ast.expr) -> Expression:
        field = self.field(left)
        if isinstance(right, ast.Name):
            return Compare(field, operator, self.field(right))
        if isinstance(right, ast.Constant) and right.value is None:
            if operator.ordering:
                raise self.refusal(right, "a missing value has no order")
            return Presence(field, operator is Operator.NE)
        value = self.constant(right)
        if operator.ordering and not _has_order(value):
            raise self.refusal(right, 'only numbers and dates such as "2024-12-31" have an order')
        return Flag(field) if value is True and operator is Operator.EQ else Compare(field, operator, value)

    def field(self, node: ast.expr) -> Field:
        if not isinstance(node, ast.Name):
            raise self.refusal(node, "expected the name of a field")
        if not _NAME.fullmatch(node.id):
            raise self.refusal(node, "a field's name is made of small letters, digits and single underscores")
        return Field(node.id)

    def values(self, node: ast.expr) -> tuple[Constant, ...]:
        if not isinstance(node, ast.List | ast.Tuple):
            raise self.refusal(node, 'expected a list, such as ["A", "B"]')
        values = [self.constant(element) for element in node.elts]
        if {kind_of(value) for value in values} not in ({"text"}, {"number"}):
            raise self.refusal(node, "a list holds at least one value, and only texts or only numbers")
        return tuple(dict.fromkeys(values))

    def constant(self, node: ast.expr) -> Constant:
        match node:
            case ast.Constant(bool() as value):
                return value
            case ast.Constant(str() as value):
                return self.checked_text(node, value)
            case ast.Constant(int() | float()):
                return self.number(node)
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float()) as inner):
                return -self.number(inner)
        raise self.refusal(node, "expected a text, a number, True, False or None")

    def number(self, node: ast.expr) -> int | Decimal:
        source = ast.get_source_segment(self.text, node) or ""
        if not _NUMBER.fullmatch(source):  # the literal as typed: a float would already have lost it
            raise self.refusal(node, "write the number out in plain digits, such as 80 or 8.5")
        whole, _, fraction = source.partition(".")
        fraction = fraction.rstrip("0")
        return Decimal(f"{whole}.{fraction}") if fraction else int(whole)

    def checked_text(self, node: ast.expr, value: str) -> str:
        if not value.isprintable():
            raise self.refusal(node, "the text holds characters that cannot be printed")
        return value

    def refusal(self, node: ast.expr, reason: str) -> ExpressionError:
        line = _LINE_END.split(self.text)[node.lineno - 1]
        before = line.encode()[: node.col_offset].decode(errors="ignore")
        return ExpressionError(reason, node.lineno, self._shift(node.lineno, len(before) + 1))

    def _shift(self, line: int, column: int) -> int:
        return column + self.indent if line == 1 else column


def _join(op: ast.boolop, parts: list[Expression]) -> Expression:
    if isinstance(op, ast.And):
        return Conjunction(tuple(_flat(parts, Conjunction)))
    return Disjunction(tuple(_flat(parts, Disjunction)))


def _flat(parts: list[Expression], kind: type[Conjunction] | type[Disjunction]) -> Iterator[Expression]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.operands
        else:
            yield part


def _has_order(value: Constant) -> bool:
    if kind_of(value) != "text":
        return kind_of(value) == "number"
    try:
        return bool(ISO_DATE.fullmatch(str(value))) and date.fromisoformat(str(value)) is not None
    except ValueError:
        return False
