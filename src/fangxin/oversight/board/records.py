"""The records of a figure as lines to read: name, place, and the fields the formula looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from fangxin.engines.indicators import IndicatorDefinition
from fangxin.kernel.people import api as people
from fangxin.oversight.board import cells
from fangxin.oversight.board.definitions import Definitions
from fangxin.oversight.board.subjects import rows_of
from fangxin.oversight.board.words import Vocabulary

BATCH = 500
# Pages of records whose models do not name their own.
ROUTES = {
    "registry.premises": ("registry:premises", "pk"),
    "registry.staff": ("registry:premises", "premises_id"),
    "registry.credential": ("registry:premises", "premises_id"),
    "registry.censusentry": ("registry:premises", "premises_id"),
    "plans.task": ("plans:task", "pk"),
    "plans.return": ("plans:return", "pk"),
}


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    place: str
    url: str
    cells: list[tuple[str, str]]  # label and value


class Records:
    """Counted and cut like a list, without holding more than a page of it."""

    def __init__(
        self, definition: IndicatorDefinition, part: str, division_code: str, as_of: date, known: Definitions
    ) -> None:
        """`known` are the indicators in force on the day."""
        self.known = known
        self.definition = definition
        self.part = part
        self.division_code = division_code
        self.as_of = as_of
        self.fields = list(definition.fields)
        self.words = Vocabulary(definition)
        self.rows: QuerySet[Any] = rows_of(definition, part, division_code, as_of)

    @property
    def headers(self) -> list[str]:
        return [self.words.label(name) for name in self.fields]

    @cached_property
    def _length(self) -> int:
        kept = cells.count_kept(self.definition, self.part, self.division_code, self.as_of, self.known)
        return self.rows.order_by().count() if kept is None else kept

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> list[Line]:
        return list(self._lines(part))

    def first(self, most: int) -> Iterator[Line]:
        """Up to so many lines, for an export, in batches."""
        for start in range(0, min(most, len(self)), BATCH):
            yield from self._lines(slice(start, start + BATCH))

    def _lines(self, part: slice) -> Iterator[Line]:
        values = list(self.rows.order_by("division_code", "pk").values_list("pk", "division_code", *self.fields)[part])
        things = self.rows.model._default_manager.in_bulk([pk for pk, *_rest in values])
        names = people.division_names({code[:n] for _pk, code, *_rest in values for n in (6, 9, 12)}, self.as_of)
        for pk, code, *found in values:
            thing = things.get(pk)
            shown = [
                (self.words.label(name), self.words.value(name, value))
                for name, value in zip(self.fields, found, strict=True)
            ]
            yield Line(str(thing or pk), _place(code, names), _url(thing), shown)


def _place(code: str, names: dict[str, str]) -> str:
    parts = [names[code[:n]] for n in (9, 12) if n <= len(code) and code[:n] in names]
    return "".join(parts) or names.get(code[:6], code)


def _url(thing: Any) -> str:
    """The record's own page; of a person or a sighting, the page of the place it belongs to."""
    if thing is None:
        return ""
    route, field = ROUTES.get(thing._meta.label_lower, ("", "pk"))
    key = getattr(thing, field)
    if route and key is not None:
        return reverse(route, args=[key])
    make = getattr(thing, "get_absolute_url", None)
    return str(make()) if make is not None else ""
