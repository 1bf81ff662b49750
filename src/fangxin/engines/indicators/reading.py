"""Reading definitions from reviewed files (TOML) and from proof files."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from fangxin.engines.indicators.definitions import Comparison, DefinitionError, Form, IndicatorDefinition, Kind
from fangxin.engines.indicators.parsing import ExpressionError, parse

# About the file as an edition; the catalogue of editions reads them.
EDITION_KEYS = frozenset({
    "id", "title", "edition", "article", "source", "confidence", "note",
    "in_force_from", "in_force_to", "entered_by", "checked_by", "next_review",
})  # fmt: skip


def load_definitions(toml_text: str) -> tuple[IndicatorDefinition, ...]:
    """Read `[[indicator]]` tables, in the order of the file.

    Refuses unknown keys, a code given twice, values of the wrong kind, and conditions that are none. The
    DefinitionError names the indicator by its place and code, and the part by its key and column.
    """
    try:
        values = tomllib.loads(toml_text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"the file is not TOML: {error}") from None
    unknown = set(values) - EDITION_KEYS - {"indicator"}
    if unknown:
        raise DefinitionError(f"unknown key {min(unknown)!r} at the head of the file")
    tables = values.get("indicator", [])
    if not isinstance(tables, list) or not tables:
        raise DefinitionError("the file holds no [[indicator]]")
    return read_definitions(tables)


def read_definitions(tables: list[Any]) -> tuple[IndicatorDefinition, ...]:
    """Read definitions from mappings as `IndicatorDefinition.to_mapping` gives them."""
    found: dict[str, IndicatorDefinition] = {}
    for place, table in enumerate(tables, start=1):
        code = table.get("code", "without code") if isinstance(table, dict) else "no table"
        try:
            definition = _read_one(table)
        except DefinitionError as error:
            raise DefinitionError(f"indicator {place} ({code}): {error}") from None
        if definition.code in found:
            raise DefinitionError(f"indicator {place} ({code}): the code is given twice")
        found[definition.code] = definition
    return tuple(found.values())


def _read_one(table: object) -> IndicatorDefinition:
    if not isinstance(table, dict):
        raise DefinitionError("not a table of keys")
    unknown = set(table) - {part.name for part in fields(IndicatorDefinition)}
    if unknown:
        raise DefinitionError(f"unknown key {min(unknown)!r}")
    values = {key: _value(key, value) for key, value in table.items()}
    values.setdefault("kind", Kind.COMPUTED)
    for key in ("code", "name"):
        values.setdefault(key, "")
    return IndicatorDefinition(**values)


def _value(key: str, value: object) -> Any:
    reader = _READERS.get(key, _text)
    try:
        return reader(value)
    except ExpressionError as error:
        raise DefinitionError(f"{key}, {error}") from None
    except (ValueError, TypeError, InvalidOperation):
        raise DefinitionError(f"{key} cannot be {value!r}") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError
    return number


def _day(value: object) -> date:
    if isinstance(value, datetime):
        raise TypeError
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


_READERS: Mapping[str, Callable[[Any], object]] = {
    "kind": Kind,
    "form": Form,
    "comparison": Comparison,
    "denominator": lambda value: parse(_text(value)),
    "numerator": lambda value: parse(_text(value)),
    "target": _number,
    "action": _whole,
    "per": _whole,
    "base_year": _whole,
    "due": _day,
}
