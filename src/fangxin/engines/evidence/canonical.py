"""One value, one byte string: the form of JSON that digests and signatures are taken over.

Keys in code-point order, no blanks, UTF-8 without escapes beyond those JSON demands. Decimals become
strings in plain notation, dates ISO 8601, moments ISO 8601 in UTC to the microsecond. Binary floats are
refused: 0.1 has no exact decimal, and two machines may print it differently.

Within these bounds the form agrees with RFC 8785 for all keys below U+10000 (RFC 8785 sorts by UTF-16
units, this form by code points).
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

MAX_DEPTH = 32
MAX_EXPONENT = 64

_ATOMS = frozenset({str, int, bool, type(None)})

_encode = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    check_circular=False,  # the depth limit finds circles, and cheaper
).encode


class CanonicalError(ValueError):
    """The value has no canonical form; the message says which part and why."""


def canonical_json(value: object) -> str:
    """Write a value in canonical form.

    Accepts None, bool, int, str, Decimal, date, aware datetime, and lists, tuples and mappings (with
    text keys) of these, nested at most 32 deep. Anything else raises CanonicalError.

    >>> canonical_json({"b": Decimal("80.0"), "a": date(2022, 5, 19), "名称": None})
    '{"a":"2022-05-19","b":"80.0","名称":null}'
    """
    return canonical_bytes(value).decode("utf-8")


def canonical_bytes(value: object) -> bytes:
    """The canonical form in UTF-8, as digests and signatures take it."""
    try:
        return _encode(_plain(value, 0)).encode("utf-8")
    except CanonicalError:
        raise
    except ValueError as error:  # lone surrogates, integers too long to print
        raise CanonicalError(f"value cannot be written: {error}") from None


def _plain(value: object, depth: int) -> object:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if depth >= MAX_DEPTH:
        raise CanonicalError(f"nested deeper than {MAX_DEPTH}")
    if kind is dict:
        return _plain_mapping(value, depth)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return [item if type(item) in _ATOMS else _plain(item, depth + 1) for item in value]  # type: ignore[attr-defined]
    return _plain_other(value, depth)


def _plain_mapping(value: Mapping[object, object], depth: int) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise CanonicalError(f"key {key!r} is not text")
        plain[str.__str__(key)] = item if type(item) in _ATOMS else _plain(item, depth + 1)
    return plain


def _plain_other(value: object, depth: int) -> object:
    if isinstance(value, Mapping):
        return _plain_mapping(value, depth)
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    if isinstance(value, float):
        raise CanonicalError("binary floats have no canonical form; give a Decimal")
    raise CanonicalError(f"{type(value).__name__} has no canonical form")


def format_decimal(value: Decimal) -> str:
    """Write a decimal in plain notation, its trailing zeros kept (they tell the precision).

    >>> format_decimal(Decimal("1.50E+3"))
    '1500'
    """
    if not value.is_finite():
        raise CanonicalError(f"{value} is not a number")
    if abs(value.adjusted()) > MAX_EXPONENT:
        raise CanonicalError(f"a number of the order 1E{value.adjusted():+} is out of range")
    return format(value, "f")


def format_moment(value: datetime) -> str:
    """Write a moment in UTC to the microsecond; a moment without a time zone is refused."""
    if value.tzinfo is None:
        raise CanonicalError(f"{value.isoformat()} lacks a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_WRITERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, str.__str__),  # members of text enumerations, whose own str() differs
    (int, int),
    (Decimal, format_decimal),
    (datetime, format_moment),  # before date, which it is a kind of
    (date, date.isoformat),
)
