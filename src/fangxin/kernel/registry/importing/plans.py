"""What will become of each row: created, updated, left as it is, or refused with reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import SHEETS
from fangxin.kernel.registry.models import ImportRow
from fangxin.kernel.screens.sheets import as_text

T = TypeVar("T")
CHUNK = 500
Problem = dict[str, str]


@dataclass(slots=True)
class RowPlan:
    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    action: str = ImportRow.Action.CREATE
    # Filled by the check of the kind of table: what the row points to and what it changes.
    target: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    # Filled by writing: rows made, and values overwritten.
    made: list[list[Any]] = field(default_factory=list)
    before: list[list[Any]] = field(default_factory=list)

    def blame(self, header: str, what: Any, advice: Any = "") -> None:
        self.problems.append({"column": header, "what": str(what), "advice": str(advice)})

    @property
    def sound(self) -> bool:
        return not self.problems


def read_row(kind: str, number: int, raw: Mapping[str, Any]) -> RowPlan:
    """Read each cell by its column; every column that is required must be there."""
    plan = RowPlan(number, {name: _kept(value) for name, value in raw.items() if _kept(value)})
    for column in SHEETS[kind]:
        try:
            value = read_cell(column, raw.get(column.field))
        except BadCell as bad:
            plan.blame(column.header, bad.what, bad.advice)
        else:
            if value is not None:
                plan.values[column.field] = value
    return plan


def _kept(value: Any) -> str:
    return as_text(getattr(value, "text", value)).replace("\0", "")[:500]


def blame_invalid(plan: RowPlan, header: str, error: ValidationError) -> None:
    for message in error.messages:
        plan.blame(header, message)


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """Pieces small enough for one query."""
    rest = iter(values)
    while piece := list(islice(rest, CHUNK)):
        yield piece
