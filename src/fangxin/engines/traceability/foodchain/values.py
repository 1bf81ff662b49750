"""A FoodChain-Lab model as values: stations, deliveries, and which delivery went into which.

FoodChain-Lab (German Federal Institute for Risk Assessment) knows three ways to write the same model: JSON tables (data
format 1.x), the older flat JSON, and collection sheets (xlsx). Every row is kept as it was written, so that reading and
writing again loses nothing, known or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Json = Any


class ModelFault(Exception):
    """The file is no model that can be used; the text says where and why."""


class Form(Enum):
    """How a model was written."""

    TABLES = "1.0.0"
    FLAT = "flat"
    SHEETS = "xlsx"


@dataclass(frozen=True, slots=True)
class Station:
    """A business. `row` is the row of the file."""

    id: str
    name: str = ""
    row: Json = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods of one lot that went from one station to another.

    `sent` and `received` are days as written (ISO, or as found); None means not known, which is never a day.
    """

    id: str
    source: str
    target: str
    sent: str | None = None
    received: str | None = None
    name: str = ""
    lot: str = ""
    row: Json = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Goods of the delivery `source` went into the delivery `target`. `holds` is false where the two do not meet at a
    station or one of them is not in the model: such a relation is kept for writing and left out of every trace."""

    source: str
    target: str
    holds: bool = True
    row: Json = None


@dataclass(frozen=True, slots=True)
class Flags:
    """What an investigator has marked on a station or a delivery."""

    weight: float = 0.0
    cross: bool = False
    kill: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """All of a file. `rest` holds what is not a station, a delivery or a relation; `marks` what the file itself marks."""

    stations: tuple[Station, ...]
    deliveries: tuple[Delivery, ...]
    relations: tuple[Relation, ...]
    form: Form = Form.TABLES
    rest: Mapping[str, Json] = field(default_factory=dict)
    station_marks: Mapping[str, Flags] = field(default_factory=dict)
    delivery_marks: Mapping[str, Flags] = field(default_factory=dict)

    @property
    def dropped(self) -> tuple[Relation, ...]:
        """The relations that do not hold."""
        return tuple(relation for relation in self.relations if not relation.holds)


def check_model(
    stations: Sequence[Station], deliveries: Sequence[Delivery], relations: Sequence[Relation]
) -> tuple[Relation, ...]:
    """The relations with those that do not hold marked. Raises ModelFault for ids given twice and unknown stations.

    >>> farm, shop = Station("F"), Station("S")
    >>> check_model([farm, shop], [Delivery("a", "F", "S")], [Relation("a", "b")])[0].holds
    False
    """
    known = _distinct("station", [station.id for station in stations])
    _distinct("delivery", [delivery.id for delivery in deliveries])
    for delivery in deliveries:
        for end, station in (("source", delivery.source), ("target", delivery.target)):
            if station not in known:
                raise ModelFault(f"delivery {delivery.id!r}: its {end} {station!r} is no station of the model")
    ends = {delivery.id: (delivery.source, delivery.target) for delivery in deliveries}
    return tuple(_judged(relation, ends) for relation in relations)


def _judged(relation: Relation, ends: Mapping[str, tuple[str, str]]) -> Relation:
    before, after = ends.get(relation.source), ends.get(relation.target)
    holds = before is not None and after is not None and before[1] == after[0]
    return Relation(relation.source, relation.target, holds, relation.row)


def _distinct(what: str, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for row, name in enumerate(ids, start=1):
        if not name:
            raise ModelFault(f"{what} {row}: it has no id")
        if name in known:
            raise ModelFault(f"{what} {name!r} is there twice")
        known.add(name)
    return known


def text_of(value: Json) -> str:
    """An id, a name or a day as text; whole numbers without a point.

    >>> text_of(3.0), text_of(None), text_of(" S1 ")
    ('3', '', ' S1 ')
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
