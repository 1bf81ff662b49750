"""Reading reviewed rule data: every refusal names the rule, the row and the field."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from fangxin.engines.grading.values import Basis

RuleSource = str | Mapping[str, Any]
"""A rule as TOML text, or as the values that were read from it."""


class RuleRefused(ValueError):
    """Rule data is wrong; nothing of it is used."""


class RuleMissing(LookupError):
    """No edition of the rule is in force on the day asked about."""


@dataclass(frozen=True, slots=True)
class RuleHead:
    """Which rule, in which edition, in force when, from where."""

    code: str
    name: str
    edition: str
    in_force_from: date
    in_force_to: date
    source: str
    article: str
    confidence: str

    def in_force(self, on: date) -> bool:
        """Whether this edition holds on `on`; its last day counts."""
        return self.in_force_from <= on <= self.in_force_to

    def basis(self, inputs: Iterable[tuple[str, object]], comparison: str, *, article: str = "") -> Basis:
        """Grounds that name this edition."""
        stated = tuple((name, str(value)) for name, value in inputs)
        return Basis(self.code, self.edition, article or self.article, stated, comparison)


class _Dated(Protocol):
    @property
    def head(self) -> RuleHead: ...


Rule = TypeVar("Rule", bound=_Dated)
Choice = TypeVar("Choice", bound=StrEnum)


def edition_in_force(rules: Iterable[Rule], code: str, on: date) -> Rule:
    """The edition of rule or checklist `code` in force on `on`. Raises `RuleMissing` where there is none."""
    for rule in rules:
        if rule.head.code == code and rule.head.in_force(on):
            return rule
    raise RuleMissing(f"no edition of {code} in force on {on}")


class Row:
    """One table of a rule, read field by field; `close` refuses what nobody asked for."""

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, Mapping):
            raise RuleRefused(f"{where}: a table is needed")
        self._values, self._where, self._read = values, where, set[str]()

    def refuse(self, field: str, why: str) -> RuleRefused:
        return RuleRefused(f"{self._where}: {field} {why}")

    def has(self, field: str) -> bool:
        return field in self._values

    def _take(self, field: str) -> Any:
        self._read.add(field)
        if field not in self._values:
            raise self.refuse(field, "is missing")
        return self._values[field]

    def text(self, field: str, default: str | None = None) -> str:
        """A text; one without a default may not be empty."""
        if default is not None and field not in self._values:
            return default
        value = self._take(field)
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.refuse(field, "must be a text that says something")
        return value.strip()

    def choice(self, field: str, kind: type[Choice]) -> Choice:
        text = self.text(field)
        if text not in set(kind):
            raise self.refuse(field, f"must be one of {', '.join(kind)}")
        return kind(text)

    def flag(self, field: str) -> bool:
        if field not in self._values:
            return False
        value = self._take(field)
        if not isinstance(value, bool):
            raise self.refuse(field, "must be true or false")
        return value

    def number(self, field: str, *, least: Decimal = Decimal(0)) -> Decimal:
        value = self._take(field)
        try:
            number = Decimal(value) if isinstance(value, int | str | Decimal) and value is not True else None
        except InvalidOperation:
            number = None
        if number is None or value is False or not number.is_finite() or number < least:
            raise self.refuse(field, f"must be a number of at least {least}")
        return number

    def whole(self, field: str, *, least: int = 0) -> int:
        number = self.number(field, least=Decimal(least))
        if number != int(number):
            raise self.refuse(field, "must be a whole number")
        return int(number)

    def day(self, field: str, default: date | None = None) -> date:
        if default is not None and field not in self._values:
            return default
        value = self._take(field)
        try:
            value = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            value = None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(field, "must be a date")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        if field not in self._values:
            return ()
        value = self._take(field)
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.refuse(field, "must be a list of texts")
        if len(set(value)) != len(value):
            raise self.refuse(field, "names something twice")
        return tuple(value)

    def rows(self, field: str) -> "Iterator[Row]":
        if field not in self._values:
            return
        value = self._take(field)
        if not isinstance(value, list | tuple):
            raise self.refuse(field, "must be a list of tables")
        for number, one in enumerate(value, start=1):
            name = one.get("code", "") if isinstance(one, Mapping) else ""
            yield Row(one, f"{self._where}, {field} row {number}{f' ({name})' if name else ''}")

    def table(self, field: str) -> "Row":
        return Row(self._take(field), f"{self._where}, {field}")

    def close(self) -> None:
        """Refuse fields that were not read: a misspelt name must not pass for an absent value."""
        unknown = sorted(set(self._values) - self._read)
        if unknown:
            raise self.refuse(", ".join(unknown), "is not known here")

    def head(self) -> RuleHead:
        """The header every reviewed file carries."""
        for kept_by_people in ("entered_by", "checked_by", "next_review"):
            self._read.add(kept_by_people)
        head = RuleHead(
            code=self.text("code"),
            name=self.text("name"),
            edition=self.text("edition"),
            in_force_from=self.day("in_force_from"),
            in_force_to=self.day("in_force_to", date.max),
            source=self.text("source"),
            article=self.text("article", ""),
            confidence=self.text("confidence"),
        )
        if head.in_force_to < head.in_force_from:
            raise self.refuse("in_force_to", "lies before in_force_from")
        return head


def open_rule(source: RuleSource, kind: str) -> Row:
    """The outermost table of a rule. Raises `RuleRefused` if the text is no TOML."""
    if isinstance(source, str):
        try:
            source = tomllib.loads(source, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise RuleRefused(f"{kind}: {error}") from error
    code = source.get("code", "?") if isinstance(source, Mapping) else "?"
    return Row(source, f"{kind} {code}")
