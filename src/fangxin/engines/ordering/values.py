"""A table as it came from a file, and what each of its columns is good for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})


class Role(StrEnum):
    """What a column is used for, or why it is not used."""

    KEY = "key"
    TARGET = "target"
    WHEN = "when"
    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    ENTITY = "entity"
    OUTCOME = "outcome"  # known after the visit only: serves as the past of the same entity
    PERSON = "person"  # dropped: says who looked, not what was there
    ONLY_TRAINING = "only_training"  # dropped: unknown where the score is needed
    ONLY_SCORE = "only_score"  # dropped: nothing to learn from
    CONSTANT = "constant"  # dropped: the same everywhere
    ONCE = "once"  # dropped: names each row nearly alone, or names nothing the score file names
    DAY = "day"  # dropped: describes the day of the visit, which the order is to decide
    FINER = "finer"  # dropped: another entity column holds the same past and more


USED = frozenset({Role.NUMBER, Role.CATEGORY, Role.DATE, Role.ENTITY})


class Refusal(StrEnum):
    """Why no order can be learnt from two tables."""

    EMPTY = "empty"
    NO_TARGET = "no_target"
    NOT_BINARY = "not_binary"
    ONE_CLASS = "one_class"
    TOO_FEW = "too_few"
    NO_KEY = "no_key"
    NOT_A_DATE = "not_a_date"
    NOTHING_USABLE = "nothing_usable"


class Refused(Exception):
    """No order can be learnt: `reason`, and the column or count it concerns."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length, every value as text; what is missing is the empty text.

    >>> Table.of(["id", "found"], [["a", "1"], ["b", " NA "]]).columns["found"]
    ('1', '')
    """

    columns: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, header: Sequence[str], rows: Sequence[Sequence[str]]) -> "Table":
        """A table from rows that are all as long as the header; ValueError where one is not."""
        columns = zip(*rows, strict=True) if rows else [()] * len(header)
        return cls({name: tuple(_clean(v) for v in values) for name, values in zip(header, columns, strict=True)})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def take(self, rows: Sequence[int]) -> "Table":
        """The rows at these positions."""
        return Table({name: tuple(values[i] for i in rows) for name, values in self.columns.items()})


def _clean(value: str) -> str:
    text = value.strip()
    return "" if text.lower() in MISSING else text


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of every column of both tables, in the order of the training table."""

    roles: Mapping[str, Role]

    def of(self, *roles: Role) -> tuple[str, ...]:
        """The columns that have one of these roles."""
        return tuple(name for name, role in self.roles.items() if role in roles)

    @property
    def target(self) -> str:
        return self.of(Role.TARGET)[0]

    @property
    def when(self) -> str | None:
        return next(iter(self.of(Role.WHEN)), None)
