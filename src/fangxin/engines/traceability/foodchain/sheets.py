"""Read and write the collection sheets (xlsx) that FoodChain-Lab hands out: Stations, Deliveries, Deliveries2Deliveries.

The sheet of deliveries has two header rows; a column under a common heading is called "heading / part". Columns that are
not in the template, and sheets beside the three, are kept.
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fangxin.engines.traceability.foodchain.building import build, rows_of
from fangxin.engines.traceability.foodchain.columns import ARRIVAL, DEPARTURE, PARTS, Kind
from fangxin.engines.traceability.foodchain.values import Form, Json, Model, ModelFault

TITLES: Final = {Kind.STATIONS: "Stations", Kind.DELIVERIES: "Deliveries", Kind.RELATIONS: "Deliveries2Deliveries"}
MOST_BYTES, MOST_COLUMNS, MOST_CELLS = 500_000_000, 300, 20_000_000
_TEMPLATE: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.STATIONS: (
        "Company_ID", "Name", "Street", "Street Number", "Postal Code", "City", "District", "State", "Country",
        "Type of business",
    ),
    Kind.DELIVERIES: (
        "DeliveryID", "Station", "Product Name", "Lot Number", "Lot size / Quantity", "Lot size / Type / Unit",
        *(f"{DEPARTURE} / {part}" for part in PARTS), *(f"{ARRIVAL} / {part}" for part in PARTS),
        "Unit weight / Quantity", "Unit weight / Type / Unit", "Recipient",
    ),
    Kind.RELATIONS: ("From DeliveryID", "Into DeliveryID"),
}  # fmt: skip
Rows = list[dict[str, Json]]


def read_sheets(content: bytes) -> Model:
    """The model in a filled collection workbook. Raises ModelFault."""
    tables = cells_of_workbook(content)
    lower = {title.strip().lower(): title for title in tables}
    found = {kind: lower.get(title.lower()) for kind, title in TITLES.items()}
    if found[Kind.STATIONS] is None or found[Kind.DELIVERIES] is None:
        raise ModelFault(f"the workbook has no sheets {TITLES[Kind.STATIONS]} and {TITLES[Kind.DELIVERIES]}")
    rows: dict[Kind, Rows] = {}
    columns: dict[str, list[str]] = {}
    for kind, title in found.items():
        names, rows[kind] = _table(tables[title]) if title is not None else ([], [])
        columns[kind.value] = names
    others = {title: table for title, table in tables.items() if title not in found.values()}
    return _model(rows, {"columns": columns, "sheets": others})


def model_of_sheets(rows: Mapping[Kind, Rows], others: Mapping[str, Json]) -> Model:
    """A model in the form of sheets from rows under the template's names."""
    columns = {
        kind.value: list(dict.fromkeys([*_TEMPLATE[kind], *(name for row in rows[kind] for name in row)]))
        for kind in Kind
    }
    kept = {
        kind: [{name: value for name, value in row.items() if value is not None} for row in rows[kind]] for kind in Kind
    }
    return _model(kept, {"columns": columns, "sheets": dict(others)})


def _model(rows: Mapping[Kind, Rows], rest: Mapping[str, Json]) -> Model:
    return build(Form.SHEETS, rows, lambda row, _place: row, rest, {})


def write_sheets(model: Model) -> bytes:
    """The model as a workbook laid out like the template. Text is never a formula."""
    if model.form is not Form.SHEETS:
        raise ModelFault("a model must be converted to sheets before it is written as a workbook")
    book = Workbook()
    book.remove(book.active)
    for kind, title in TITLES.items():
        names = model.rest["columns"][kind.value]
        rows = [[row.get(name) for name in names] for row in rows_of(model, kind)]
        head = _double_head(names) if kind is Kind.DELIVERIES else [names]
        _fill(book, title, [*head, *rows])
    for title, table in model.rest["sheets"].items():
        _fill(book, title, table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(book: Any, title: str, rows: Iterable[Sequence[Json]]) -> None:
    sheet = book.create_sheet(title)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(at, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"


def _double_head(names: Sequence[str]) -> list[list[str | None]]:
    tops: list[str | None] = []
    last = None
    for name in names:
        top, _, part = name.partition(" / ")
        tops.append(None if part and top == last else top)
        last = top
    return [tops, [name.partition(" / ")[2] or None for name in names]]


# --- reading a workbook -----------------------------------------------------------------------------------------------


def cells_of_workbook(content: bytes) -> dict[str, list[list[Json]]]:
    """The cells of every sheet, bounded; days as ISO text, trailing empty cells and rows left out. Raises ModelFault."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ModelFault("the workbook unpacks to more than half a gigabyte")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # page headers and the like, which are not read anyway
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return {sheet.title: _cells(sheet) for sheet in book.worksheets}
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise ModelFault(f"this is not an xlsx workbook: {error}") from None


def _cells(sheet: Any) -> list[list[Json]]:
    sheet.reset_dimensions()
    rows: list[list[Json]] = []
    count = 0
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        values = [_value(cell) for cell in row]
        while values and values[-1] is None:
            values.pop()
        count += len(values)
        if count > MOST_CELLS:
            raise ModelFault(f"the sheet {sheet.title} has more than {MOST_CELLS} cells")
        rows.append(values)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _value(cell: Any) -> Json:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return cell if isinstance(cell, str | int | float | bool) or cell is None else str(cell)


def _table(cells: list[list[Json]]) -> tuple[list[str], Rows]:
    """The columns' names and the rows under them."""
    double = len(cells) > 1 and {"Day", "Month", "Year"} <= {value for value in cells[1] if isinstance(value, str)}
    top, below = (cells[0] if cells else []), (cells[1] if double else [])
    body = cells[2 if double else 1 :]
    width = max((len(row) for row in [top, below, *body]), default=0)
    names = _names([*top, *[None] * (width - len(top))], [*below, *[None] * (width - len(below))])
    rows = [
        {name: value for name, value in zip(names, row, strict=False) if value is not None} for row in body if any(
            value is not None for value in row)
    ]  # fmt: skip
    used = {name for row in rows for name in row}
    return [name for name in names if not name.startswith("Column ") or name in used], rows


def _names(tops: Sequence[Json], parts: Sequence[Json]) -> list[str]:
    names: list[str] = []
    heading = ""
    for at, (top, part) in enumerate(zip(tops, parts, strict=True), start=1):
        heading = str(top) if top is not None else heading if part is not None else ""
        name = f"{heading} / {part}" if heading and part is not None else heading or str(part or f"Column {at}")
        names.append(name if name not in names else f"{name} ({at})")
    return names
