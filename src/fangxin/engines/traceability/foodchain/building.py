"""From rows to a model, the same for every form."""

from collections.abc import Mapping, Sequence

from fangxin.engines.traceability.foodchain.columns import CellsOf, Kind, find
from fangxin.engines.traceability.foodchain.values import (
    Delivery,
    Flags,
    Form,
    Json,
    Model,
    Relation,
    Station,
    check_model,
)


def build(
    form: Form,
    rows: Mapping[Kind, Sequence[Json]],
    cells_of: CellsOf,
    rest: Mapping[str, Json],
    marks: Mapping[Kind, Mapping[str, Flags]],
) -> Model:
    """A checked model. `cells_of` reads a row as column → value; the row itself is kept. Raises ModelFault."""

    def each(kind: Kind) -> list[tuple[dict[str, str], Json]]:
        places = enumerate(rows[kind], start=1)
        return [(find(kind, form, cells_of(row, f"{kind.value} {number}")), row) for number, row in places]

    stations = tuple(Station(cells["id"], cells["name"], row) for cells, row in each(Kind.STATIONS))
    deliveries = tuple(_delivery(cells, row) for cells, row in each(Kind.DELIVERIES))
    relations = [Relation(cells["source"], cells["target"], True, row) for cells, row in each(Kind.RELATIONS)]
    return Model(
        stations, deliveries, check_model(stations, deliveries, relations), form, rest,
        marks.get(Kind.STATIONS, {}), marks.get(Kind.DELIVERIES, {}),
    )  # fmt: skip


def _delivery(cells: Mapping[str, str], row: Json) -> Delivery:
    return Delivery(
        cells["id"], cells["source"], cells["target"], cells["sent"] or None, cells["received"] or None,
        cells["name"], cells["lot"], row,
    )  # fmt: skip


def rows_of(model: Model, kind: Kind) -> list[Json]:
    """The rows as the file has them."""
    parts: Mapping[Kind, Sequence[Station | Delivery | Relation]] = {
        Kind.STATIONS: model.stations, Kind.DELIVERIES: model.deliveries, Kind.RELATIONS: model.relations,
    }  # fmt: skip
    return [part.row for part in parts[kind]]
