"""The same model in another form. Unknown columns travel along under their own names, marks too."""

from collections.abc import Mapping
from dataclasses import replace

from fangxin.engines.traceability.foodchain.building import rows_of
from fangxin.engines.traceability.foodchain.columns import NAMES, Kind, rename
from fangxin.engines.traceability.foodchain.json_files import (
    LISTS,
    TABLES,
    cells_of_object,
    cells_of_row,
    read_document,
)
from fangxin.engines.traceability.foodchain.sheets import model_of_sheets
from fangxin.engines.traceability.foodchain.values import Flags, Form, Json, Model, text_of

_PLACES = frozenset({*LISTS.values(), "data", "columns"})


def convert(model: Model, form: Form) -> Model:
    """The model in another form. Sheets have no place for the settings of a JSON model (views, positions); those are left out.

    >>> from fangxin.engines.traceability.foodchain.json_files import document_of, read_json
    >>> flat = read_json('{"stations": [{"id": "S", "pest": 1}], "deliveries": [], "deliveriesRelations": []}')
    >>> document_of(convert(flat, Form.TABLES))["data"]["stations"]["data"][0]
    [{'id': 'ID', 'value': 'S'}, {'id': 'pest', 'value': 1}]
    """
    if model.form is form:
        return model
    cells = {kind: [rename(kind, row, model.form, form) for row in _cells(model, kind)] for kind in Kind}
    rest = {name: value for name, value in model.rest.items() if name not in _PLACES}
    if form is Form.SHEETS:
        converted = model_of_sheets(cells, rest.get("sheets") or {})
    elif form is Form.TABLES:
        converted = read_document(_tables(model, cells, rest))
    else:
        _mark_rows(cells[Kind.STATIONS], model.station_marks)
        _mark_rows(cells[Kind.DELIVERIES], model.delivery_marks)
        converted = read_document({**rest, **{name: cells[kind] for kind, name in LISTS.items()}})
    return replace(converted, station_marks=model.station_marks, delivery_marks=model.delivery_marks)


def _mark_rows(rows: list[dict[str, Json]], marks: Mapping[str, Flags]) -> None:
    for row in rows:
        flags = marks.get(text_of(row.get("id")))
        if flags is not None:
            row.update(_mark(flags))


def _cells(model: Model, kind: Kind) -> list[dict[str, Json]]:
    read = cells_of_row if model.form is Form.TABLES else cells_of_object
    return [read(row, kind.value) for row in rows_of(model, kind)]


def _tables(model: Model, cells: Mapping[Kind, list[dict[str, Json]]], rest: Mapping[str, Json]) -> dict[str, Json]:
    tables = {
        name: {
            "columnProperties": _columns(kind, cells[kind]),
            "data": [[{"id": column, "value": value} for column, value in row.items()] for row in cells[kind]],
        }
        for kind, name in TABLES.items()
    }
    tracing = {
        "nodes": [{"id": name, **_mark(flags)} for name, flags in model.station_marks.items()],
        "deliveries": [{"id": name, **_mark(flags)} for name, flags in model.delivery_marks.items()],
    }
    return {"version": "1.0.0", "tracing": tracing, **rest, "data": {"version": "1.0.0", **tables}}


def _mark(flags: Flags) -> dict[str, Json]:
    return {"weight": flags.weight, "crossContamination": flags.cross, "killContamination": flags.kill}


def _columns(kind: Kind, rows: list[dict[str, Json]]) -> list[dict[str, str]]:
    types = dict.fromkeys(NAMES[Form.TABLES][kind].values(), "string") if not rows else {}
    for row in rows:
        for name, value in row.items():
            types.setdefault(name, "string")
            if isinstance(value, bool | int | float):
                types[name] = "boolean" if isinstance(value, bool) else "int" if isinstance(value, int) else "double"
    return [{"id": name, "type": word} for name, word in types.items()]
