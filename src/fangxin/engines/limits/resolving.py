"""Which row of the tables holds for a food, an analyte and a day: the most specific one, walking up the food tree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fangxin.engines.limits.data import LawfulUse
from fangxin.engines.limits.tables import Ban, Row, Tables

_WET = ("鱼", "虾", "其他动物")
EDIBLE = "可食组织"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a limit is looked up for: a food of the tree, an animal and its tissue, or both."""

    food: int | None = None
    animal: str = ""
    tissue: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The row that holds, or why none does: no_row, no_edition, ambiguous, animal_missing, tissue_missing."""

    row: Row | None = None
    why: str = ""
    path: tuple[str, ...] = ()
    others: tuple[Row, ...] = ()


class Resolver:
    """Looks rows and bans up by analyte; built once over the tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._rows: dict[int, list[Row]] = defaultdict(list)
        self._bans: dict[int, list[Ban]] = defaultdict(list)
        for row in tables.rows:
            self._rows[row.analyte].append(row)
        for ban in tables.bans:
            if ban.prohibits:
                self._bans[ban.analyte].append(ban)
        self._lines = _lines(tables)
        self.resolve = lru_cache(maxsize=65536)(self._resolve)

    def _resolve(self, analyte: int, subject: Subject, day: int, *, component: str = "", species: str = "") -> Answer:
        """The row for one subject on one day. `component` and `species` narrow where the tables have rows for them."""
        every = self._rows.get(analyte, [])
        if component:
            own = self._answer([row for row in every if row.component == component], subject, day, species)
            if own.row is not None:
                return own
        return self._answer([row for row in every if not row.component], subject, day, species)

    def _answer(self, rows: Sequence[Row], subject: Subject, day: int, species: str) -> Answer:
        fitting = [(rank, row) for row in rows if (rank := self._rank(row, subject)) is not None]
        today = [(rank, row) for rank, row in fitting if row.start <= day <= row.end]
        if not today and subject.animal:
            today = self._other_animals(rows, subject, day)
        if not today:
            return Answer(why=self._why_none(rows, subject, day))
        return self._most_specific(today, subject, species)

    def _rank(self, row: Row, subject: Subject) -> int | None:
        """Steps from the subject up to the row's food or animal; nothing where the row does not speak of it."""
        if row.animal >= 0:
            return self._animal_rank(row, subject)
        if subject.food is None:
            return None
        above = self.tables.foods.above(subject.food)
        if row.food not in above or any(node in above for node in row.excluded):
            return None
        return above[row.food]

    def _animal_rank(self, row: Row, subject: Subject) -> int | None:
        node = self.tables.foods.animal(subject.animal) if subject.animal else None
        if node is None or not _same_tissue(row.tissue, subject):
            return None
        steps = self.tables.foods.above(node).get(row.animal)
        return None if steps is None else 2 * steps + (row.tissue == EDIBLE)

    def _other_animals(self, every: Sequence[Row], subject: Subject, day: int) -> list[tuple[int, Row]]:
        """Rows for "other animals" hold for an animal that the drug's rows of that day do not name at all."""
        if any(
            self._animal_rank(row, Subject(None, subject.animal, row.tissue)) is not None
            for row in every
            if row.start <= day <= row.end and row.animal >= 0
        ):
            return []
        other = Subject(None, "其他动物", subject.tissue)
        return [
            (rank, row)
            for row in every
            if row.start <= day <= row.end and row.animal >= 0 and (rank := self._animal_rank(row, other)) is not None
        ]

    def _why_none(self, every: Sequence[Row], subject: Subject, day: int) -> str:
        in_force = [row for row in every if row.start <= day <= row.end]
        if every and not any(self._has_edition(row.edition, day) for row in every):
            return "no_edition"
        animals = [row for row in in_force if row.animal >= 0]
        if animals and len(animals) == len(in_force):
            if not subject.animal and self._may_be_animal(subject):
                return "animal_missing"
            if (
                subject.animal
                and (not subject.tissue or subject.tissue == EDIBLE)
                and self._names_animal(animals, subject)
            ):
                return "tissue_missing"
        return "no_row"

    def _has_edition(self, number: int, day: int) -> bool:
        """Whether some edition of the same line of editions holds on the day."""
        line = self._lines[number]
        return any(
            edition.start <= day <= edition.end
            for edition, other in zip(self.tables.editions, self._lines, strict=True)
            if other == line
        )

    def _may_be_animal(self, subject: Subject) -> bool:
        if subject.food is None:
            return True
        return any(self.tables.foods.number(name) in self.tables.foods.above(subject.food) for name in _ANIMAL_FOODS)

    def _names_animal(self, rows: Iterable[Row], subject: Subject) -> bool:
        return any(self._animal_rank(row, Subject(None, subject.animal, row.tissue)) is not None for row in rows)

    def _most_specific(self, today: list[tuple[int, Row]], subject: Subject, species: str) -> Answer:
        ruling = [item for item in today if item[1].kind == "sampling_rule"] or today
        least = min(rank for rank, _ in ruling)
        best = [row for rank, row in ruling if rank == least]
        narrowed = [row for row in best if row.species == species] or best
        first = narrowed[0]
        path = self._path(first, subject)
        if any(_says(row) != _says(first) for row in narrowed):
            return Answer(why="ambiguous", path=path, others=tuple(narrowed))
        return Answer(first, "", path, tuple(row for _, row in ruling if row is not first))

    def _path(self, row: Row, subject: Subject) -> tuple[str, ...]:
        foods = self.tables.foods
        if row.animal < 0 and subject.food is not None:
            return foods.path(subject.food, row.food)
        node = foods.animal(subject.animal) if subject.animal else None
        start = () if subject.food is None else (foods.names[subject.food],)
        known = node is not None and row.animal in foods.above(node)
        steps = foods.path(node, row.animal) if node is not None and known else (foods.names[row.animal],)
        return (*start, *(step.removeprefix("动物:") for step in steps), row.tissue)

    # --- bans -----------------------------------------------------------------------------------------------------

    def ban_on(self, analyte: int, subject: Subject, day: int) -> Ban | None:
        """The prohibition that covers the subject on the day, the oldest first; nothing where use is not forbidden."""
        covering = [
            ban for ban in self._bans.get(analyte, []) if ban.start <= day <= ban.end and self._covers(ban, subject)
        ]
        return min(covering, key=lambda ban: ban.start, default=None)

    def _covers(self, ban: Ban, subject: Subject) -> bool:
        if ban.kind == "banned_veterinary":
            return self.is_animal(subject)
        if ban.everything:
            return True
        return subject.food is not None and not ban.foods.isdisjoint(self.tables.foods.above(subject.food))

    def is_animal(self, subject: Subject) -> bool:
        """Whether the subject comes from an animal: by its animal, or by its branch of the food tree."""
        return bool(subject.animal) or (subject.food is not None and self._may_be_animal(subject))

    def lawful_use(self, analyte: int, subject: Subject, day: date) -> tuple[LawfulUse, str]:
        """Whether use on the subject is lawful on the day, with the notice that forbids it."""
        ban = self.ban_on(analyte, subject, day.toordinal())
        return (LawfulUse.UNLAWFUL, cite(ban)) if ban else (LawfulUse.LAWFUL, "")


_ANIMAL_FOODS = ("肉及肉制品", "水产动物及其制品", "乳及乳制品", "蛋及蛋制品", "蜂蜜", "蜂产品", "食品动物")


def _lines(tables: Tables) -> list[str]:
    """For each edition the first of its line: what it follows or supplements, back to the beginning."""
    known = {edition.id: edition for edition in tables.editions}
    lines = []
    for edition in tables.editions:
        first = edition
        for _ in tables.editions:
            first = known.get(first.follows or first.supplements, first)
        lines.append(first.id)
    return lines


def cite(ban: Ban) -> str:
    """The notice, with what it covers."""
    return f"{ban.clause}（{ban.scope}）" if ban.scope else ban.clause


def _same_tissue(tissue: str, subject: Subject) -> bool:
    if tissue in (subject.tissue, EDIBLE):
        return True
    if subject.animal in _WET and {tissue, subject.tissue} <= {"皮+肉", "肌肉", EDIBLE}:
        return True
    return {tissue, subject.tissue} == {"皮+脂", "皮/脂"}


def _says(row: Row) -> tuple[object, ...]:
    return row.rule, row.limit, row.unit, row.n, row.c, row.most, row.species, row.condition
