"""What goes with a lot of imported food: papers, the fields of its record, its Chinese label, its importer's grade.

Every rule is dated. What a rule did not ask for on the day of entry is not missing; what nobody looked at is not in order.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class LotKind:
    """What the duties depend on. `role` is importer or seller, `storage` ambient, chilled or frozen; `on` is the day on
    which the lot entered or was received; `products` are codes of the vocabulary."""

    role: str
    storage: str
    food_class: str
    products: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Duty:
    """A paper, a field or a label item with the lots and days it is asked for. `key`: without it the food may not be
    sold. Empty conditions hold for all."""

    code: str
    name: str
    clause: str
    key: bool = False
    roles: tuple[str, ...] = ()
    storages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    from_day: date = date.min
    to_day: date = date.max

    def concerns(self, lot: LotKind) -> bool:
        return (
            self.from_day <= lot.on <= self.to_day
            and (not self.roles or lot.role in self.roles)
            and (not self.storages or lot.storage in self.storages)
            and (not self.classes or lot.food_class in self.classes)
            and (not self.products or bool(set(self.products) & set(lot.products)))
        )


class LabelAnswer(StrEnum):
    """What somebody saw on the label for one item."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_APPLICABLE = "not_applicable"


class LabelOutcome(StrEnum):
    """What the answers come to."""

    CONFORMING = "conforming"
    FLAW = "flaw"  # wrong, but nothing that the law calls for before sale
    NONCONFORMING = "nonconforming"
    INCOMPLETE = "incomplete"  # an item was not looked at


@dataclass(frozen=True, slots=True)
class LabelVerdict:
    """Outcome, the items that are wrong (key items first), and those without an answer; with the edition."""

    outcome: LabelOutcome
    wrong: tuple[Duty, ...]
    unanswered: tuple[Duty, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class Grade:
    code: str
    name: str
    treatment: str


@dataclass(frozen=True, slots=True)
class CreditScheme:
    """One edition of the customs' grades."""

    scheme: str
    in_force_from: date
    in_force_to: date
    grades: tuple[Grade, ...]

    def grade(self, code: str) -> Grade | None:
        return next((grade for grade in self.grades if grade.code == code), None)


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """What customs decided: grade under a scheme, from a day, to a day where it was ended."""

    scheme: str
    grade: str
    valid_from: date
    valid_to: date | None = None


class CreditState(StrEnum):
    KNOWN = "known"
    UNMATCHED = "unmatched"  # known under an earlier scheme; customs' decision under the new one is not entered
    UNKNOWN = "unknown"
    NO_SCHEME = "no_scheme"


@dataclass(frozen=True, slots=True)
class Credit:
    """State on a day; scheme and grade where known, else the last known pair of an earlier scheme."""

    state: CreditState
    scheme: str = ""
    grade: str = ""


def load_duties(text: str, table: str) -> tuple[Duty, ...]:
    """The duties in one table of a reviewed file: paper, field or item."""
    return tuple(_duty(row) for row in tomllib.loads(text)[table])


def _duty(row: Mapping[str, Any]) -> Duty:
    lists = {name: tuple(row.get(source, ())) for name, source in _LISTS.items()}
    return Duty(
        row["code"], row["name"], row.get("clause", ""), bool(row.get("key", False)),
        from_day=row.get("from", date.min), to_day=row.get("to", date.max), **lists,
    )  # fmt: skip


_LISTS = {"roles": "roles", "storages": "kinds", "classes": "classes", "products": "products"}


def required(duties: Iterable[Duty], lot: LotKind) -> tuple[Duty, ...]:
    return tuple(duty for duty in duties if duty.concerns(lot))


def missing(duties: Iterable[Duty], lot: LotKind, given: Iterable[str]) -> tuple[Duty, ...]:
    """Required and not given, key ones first.

    >>> rule = Duty("cold_chain_test", "核酸检测证明", "", storages=("frozen",), to_day=date(2023, 1, 7))
    >>> [len(missing([rule], LotKind("seller", "frozen", "fish", (), date(2023, 1, day)), [])) for day in (7, 8)]
    [1, 0]
    """
    have = set(given)
    lacking = [duty for duty in required(duties, lot) if duty.code not in have]
    return tuple(sorted(lacking, key=lambda duty: not duty.key))


def judge_label(items: Iterable[Duty], lot: LotKind, answers: Mapping[str, str], *, edition: str) -> LabelVerdict:
    """Judge a label by the items of one edition. A wrong key item decides even where others were not looked at."""
    asked = required(items, lot)
    wrong = sorted((i for i in asked if answers.get(i.code) == LabelAnswer.WRONG), key=lambda i: not i.key)
    known = {answer.value for answer in LabelAnswer}
    unanswered = tuple(item for item in asked if answers.get(item.code) not in known)
    if any(item.key for item in wrong):
        outcome = LabelOutcome.NONCONFORMING
    elif unanswered or not asked:
        outcome = LabelOutcome.INCOMPLETE
    else:
        outcome = LabelOutcome.FLAW if wrong else LabelOutcome.CONFORMING
    return LabelVerdict(outcome, tuple(wrong), unanswered, edition)


def load_scheme(text: str) -> CreditScheme:
    values = tomllib.loads(text)
    grades = tuple(Grade(row["code"], row["name"], row["treatment"]) for row in values["grade"])
    return CreditScheme(values["scheme"], values["in_force_from"], values.get("in_force_to", date.max), grades)


def credit_on(entries: Iterable[CreditEntry], schemes: Iterable[CreditScheme], on: date) -> Credit:
    """The grade that counts on a day: only one of the scheme in force. A grade is never carried into a new scheme.

    >>> old = CreditScheme("s1", date(2021, 11, 1), date(2026, 3, 31), ())
    >>> new = CreditScheme("s2", date(2026, 4, 1), date.max, ())
    >>> entry = CreditEntry("s1", "regular", date(2022, 1, 1))
    >>> [credit_on([entry], [old, new], day).state.value for day in (date(2026, 3, 31), date(2026, 4, 1))]
    ['known', 'unmatched']
    """
    scheme = next((s for s in schemes if s.in_force_from <= on <= s.in_force_to), None)
    if scheme is None:
        return Credit(CreditState.NO_SCHEME)
    begun = sorted((e for e in entries if e.valid_from <= on), key=lambda e: e.valid_from)
    holding = [e for e in begun if e.scheme == scheme.scheme and (e.valid_to is None or on <= e.valid_to)]
    if holding:
        return Credit(CreditState.KNOWN, scheme.scheme, holding[-1].grade)
    earlier = [e for e in begun if e.scheme != scheme.scheme]
    if earlier:
        return Credit(CreditState.UNMATCHED, earlier[-1].scheme, earlier[-1].grade)
    return Credit(CreditState.UNKNOWN)
