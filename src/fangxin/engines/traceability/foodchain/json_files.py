"""Read and write a model as JSON: the tables of data format 1.x, and the older flat form."""

import json
from collections.abc import Mapping
from copy import deepcopy

from fangxin.engines.traceability.foodchain.building import build, rows_of
from fangxin.engines.traceability.foodchain.columns import Kind
from fangxin.engines.traceability.foodchain.values import Flags, Form, Json, Model, ModelFault, text_of

TABLES = {Kind.STATIONS: "stations", Kind.DELIVERIES: "deliveries", Kind.RELATIONS: "deliveryRelations"}
LISTS = {Kind.STATIONS: "stations", Kind.DELIVERIES: "deliveries", Kind.RELATIONS: "deliveriesRelations"}


def read_json(text: str | bytes) -> Model:
    """The model in a JSON text, whichever of the two forms it has. Raises ModelFault.

    >>> read_json('{"stations": [{"id": "S"}], "deliveries": [], "deliveriesRelations": []}').form.value
    'flat'
    """
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ModelFault(f"this is not JSON: {error}") from None
    return read_document(document)


def read_document(document: Json) -> Model:
    """The model in a JSON value."""
    if not isinstance(document, dict):
        raise ModelFault("a model is a JSON object")
    if isinstance(document.get("data"), dict):
        return _read_tables(document)
    if all(isinstance(document.get(name), list) for name in LISTS.values()):
        return _read_lists(document)
    raise ModelFault(
        "neither tables of data format 1.x (data) nor the flat form (stations, deliveries, deliveriesRelations)"
    )


def write_json(model: Model) -> str:
    """A model of one of the JSON forms as text; every field is kept, unknown ones too."""
    return json.dumps(document_of(model), ensure_ascii=False)


def document_of(model: Model) -> dict[str, Json]:
    """The JSON object of a model in one of the two JSON forms."""
    if model.form is Form.SHEETS:
        raise ModelFault("a model read from sheets must be converted before it is written as JSON")
    document = deepcopy(dict(model.rest))
    for kind in Kind:
        rows = deepcopy(rows_of(model, kind))
        if model.form is Form.TABLES:
            document["data"][TABLES[kind]]["data"] = rows
        else:
            document[LISTS[kind]] = rows
    return document


def _read_tables(document: dict[str, Json]) -> Model:
    data = document["data"]
    rows = {kind: _table(data, name) for kind, name in TABLES.items()}
    rest = {**document, "data": {**data, **{name: {**data[name], "data": []} for name in TABLES.values()}}}
    marked = document.get("tracing") or {}
    if not isinstance(marked, dict):
        raise ModelFault("tracing is no object")
    marks = {
        Kind.STATIONS: _marks(marked.get("nodes"), "tracing.nodes"),
        Kind.DELIVERIES: _marks(marked.get("deliveries"), "tracing.deliveries"),
    }
    return build(Form.TABLES, rows, cells_of_row, rest, marks)


def _table(data: Mapping[str, Json], name: str) -> list[Json]:
    table = data.get(name)
    if not isinstance(table, dict) or not isinstance(table.get("data"), list):
        raise ModelFault(f"data.{name} has no table with rows")
    return list(table["data"])


def cells_of_row(row: Json, place: str) -> dict[str, Json]:
    """A row of a table: column → value."""
    if not isinstance(row, list) or not all(isinstance(cell, dict) and isinstance(cell.get("id"), str) for cell in row):
        raise ModelFault(f"{place}: a row is a list of cells with id and value")
    return {cell["id"]: cell.get("value") for cell in row}


def _read_lists(document: dict[str, Json]) -> Model:
    rows = {kind: document[name] for kind, name in LISTS.items()}
    rest = {**document, **{name: [] for name in LISTS.values()}}
    marks = {kind: _marks([row for row in rows[kind] if isinstance(row, dict)], "") for kind in Kind}
    return build(Form.FLAT, rows, cells_of_object, rest, marks)


def cells_of_object(row: Json, place: str) -> dict[str, Json]:
    """A row of the flat form."""
    if not isinstance(row, dict):
        raise ModelFault(f"{place} is no object")
    return row


def _marks(rows: Json, place: str) -> dict[str, Flags]:
    if rows is None:
        return {}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ModelFault(f"{place} is not a list of marks")
    found = {text_of(row.get("id")): _flags(row) for row in rows}
    return {name: flags for name, flags in found.items() if flags != Flags()}


def _flags(row: Mapping[str, Json]) -> Flags:
    weight = row.get("weight")
    if weight is None:
        weight = 1 if row.get("outbreak") is True else 0
    number = float(weight) if isinstance(weight, int | float) and not isinstance(weight, bool) else 0.0
    return Flags(number, row.get("crossContamination") is True, row.get("killContamination") is True)


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")
