"""How long a record must be kept: the longest term of all rules that apply."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fangxin.engines.deadlines import add_months


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule: so many months after the end of the shelf life, or months or days after the event.

    With `shelf_life_months`, `months` is for goods without a shelf life. `no_term`: the record must be made and shown,
    the text gives no time to keep it. Empty `subjects` means everybody; `division` a province's prefix.
    """

    records: frozenset[str]
    subjects: frozenset[str]
    article: str
    shelf_life_months: int | None = None
    months: int | None = None
    days: int | None = None
    no_term: bool = False
    division: str = ""
    confidence: str = ""
    in_force_from: date = date.min
    in_force_to: date = date.max

    def concerns(self, record: str, subject_kind: str, division_code: str, on: date) -> bool:
        """Whether the rule speaks of this record of this subject on that day."""
        return (
            record in self.records
            and (not self.subjects or subject_kind in self.subjects)
            and division_code.startswith(self.division)
            and self.in_force_from <= on <= self.in_force_to
        )

    def until(self, event_on: date, shelf_life_ends: date | None) -> date | None:
        """The last day by this rule; None if it gives no term for the case."""
        if self.shelf_life_months is not None and shelf_life_ends is not None:
            return add_months(shelf_life_ends, self.shelf_life_months)
        if self.months is not None:
            return add_months(event_on, self.months)
        return None if self.days is None else event_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when to keep, which rule of which article gave which day, and what was asked.

    `until` None with rules: the record must exist, but no term is laid down. Without rules: nothing is known here.
    """

    until: date | None
    applied: tuple[tuple[str, date | None], ...]
    edition: str
    record: str
    subject_kind: str
    event_on: date
    shelf_life_ends: date | None

    @property
    def must_be_made(self) -> bool:
        """Whether some rule asks for the record at all."""
        return bool(self.applied)


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """One edition of the rules."""

    edition: str
    rules: tuple[RetentionRule, ...]


def load_retention(text: str) -> RetentionRules:
    """Read the reviewed file of rules. Raises `ValueError` naming what is wrong."""
    values = tomllib.loads(text)
    return RetentionRules(values["edition"], tuple(_rule(row) for row in values["rule"]))


def keep_until(
    rules: RetentionRules,
    *,
    record: str,
    subject_kind: str,
    division_code: str,
    event_on: date,
    shelf_life_ends: date | None = None,
) -> Retention:
    """The last day on which a record of `event_on` must still be there.

    `event_on` is the purchase, the sale, the completed transaction, whatever the rule counts from.
    """
    concerned = [row for row in rules.rules if row.concerns(record, subject_kind, division_code, event_on)]
    applied = tuple((row.article, row.until(event_on, shelf_life_ends)) for row in concerned)
    days = [day for _article, day in applied if day is not None]
    return Retention(max(days, default=None), applied, rules.edition, record, subject_kind, event_on, shelf_life_ends)


def is_breach(retention: Retention, *, absent: bool, on: date) -> bool | None:
    """Whether a record that is absent on `on` breaks a rule; None where no term is laid down and a person must say."""
    if not absent or not retention.must_be_made:
        return False
    return None if retention.until is None else on <= retention.until


def _rule(row: Mapping[str, Any]) -> RetentionRule:
    values = dict(row)
    try:
        values["records"], values["subjects"] = frozenset(row["records"]), frozenset(row["subjects"])
        rule = RetentionRule(**values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"rule {row.get('article', '?')}: {error}") from error
    if not (rule.no_term or rule.shelf_life_months or rule.months or rule.days):
        raise ValueError(f"rule {rule.article}: a term or no_term")
    return rule
