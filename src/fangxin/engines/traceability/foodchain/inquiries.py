"""The one-page sheets on which a business writes whom it got goods from (backward) or sent them to (forward)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from fangxin.engines.traceability.foodchain.columns import day_of_parts, parts_of_day
from fangxin.engines.traceability.foodchain.json_files import read_document
from fangxin.engines.traceability.foodchain.sheets import cells_of_workbook
from fangxin.engines.traceability.foodchain.values import Json, Model, ModelFault, text_of

Way = Literal["backward", "forward"]
_TITLES: Final = {"backward": "Backtracing", "forward": "Fwdtracing"}
_PARTNERS: Final = {"backward": "Supplier", "forward": "Recipient"}
# The row of the first heading in the sheets as they are handed out.
_HEADING_ROW: Final = {"backward": 9, "forward": 8}
_HEADINGS: Final = {5: "Product", 7: "Lot Information", 9: "Delivery", 13: "Comments"}
_COLUMNS: Final = (
    "Name", "Address\n(e.g. Street, ZIP, City)", "Country", "Type of Business", "Name", "EAN", "Lot Number",
    "Best Before Date or\nUse-by Date", "Delivery Date", None, None, "Amount\n(e.g. 45 kg)",
)  # fmt: skip
_ASKED: Final = (
    ("Inquired Company:", "company", 1, 1, 3), (None, "address", 1, 0, 6), (None, "country", 1, 0, 11),
    (None, "business", 1, 0, 13), ("Products in Focus:", "products", 3, 1, 0),
    ("Relevant period of sale:", "period", 3, 2, 0), ("Onset of disease:", "onset", 3, 3, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One delivery from the supplier or to the recipient; `day` as much of an ISO day as is known."""

    partner: str = ""
    address: str = ""
    country: str = ""
    business: str = ""
    product: str = ""
    ean: str = ""
    lot: str = ""
    best_before: str = ""
    day: str = ""
    amount: str = ""
    comments: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A sheet: who was asked about what, and the lines."""

    way: Way
    company: str
    address: str = ""
    country: str = ""
    business: str = ""
    products: str = ""
    period: str = ""
    onset: str = ""
    lines: tuple[InquiryLine, ...] = ()


def read_inquiry(content: bytes) -> Inquiry:
    """The sheet in a workbook. Raises ModelFault for a workbook that is none."""
    tables = cells_of_workbook(content)
    way: Way | None = next((way for way, title in _TITLES.items() if title in tables), None)  # type: ignore[misc]
    if way is None:
        raise ModelFault(f"the workbook has no sheet {' or '.join(_TITLES.values())}")
    cells = tables[_TITLES[way]]
    top = next((at for at, row in enumerate(cells) if row and row[0] == _PARTNERS[way]), None)
    if top is None:
        raise ModelFault(f"the sheet has no heading {_PARTNERS[way]!r}")
    first = top + 2 + any(value == "Year" for value in _row(cells, top + 2))
    lines = tuple(_line(row) for row in cells[first:] if any(value is not None for value in row))
    # Products, period and onset stand below their words.
    asked = {
        name: _cell(cells, row + (not column_right), column_right or column)
        for _, name, row, column, column_right in _ASKED
    }
    return Inquiry(way, lines=lines, **asked)


def _line(row: Sequence[Json]) -> InquiryLine:
    texts = [text_of(value).strip() for value in [*row, *[None] * (13 - len(row))]]
    day = day_of_parts([_or_none(text) for text in texts[8:11]])
    names = [field.name for field in fields(InquiryLine)[:8]]
    return InquiryLine(
        **dict(zip(names, texts, strict=False)), day=day, amount=texts[11], comments=texts[12], others=tuple(texts[13:])
    )


def write_inquiry(inquiry: Inquiry) -> bytes:
    """The sheet, filled or empty, ready to be sent to a business. Text is never a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = _TITLES[inquiry.way]
    for words, name, row, column, right in _ASKED:
        if words is not None:
            _put(sheet, row, column, words, bold=True)
        _put(sheet, row + (not right), right or column, getattr(inquiry, name))
    top = _HEADING_ROW[inquiry.way]
    for column, words in {1: _PARTNERS[inquiry.way], **_HEADINGS}.items():
        _put(sheet, top, column, words, bold=True)
    for column, words in enumerate(_COLUMNS, start=1):
        _put(sheet, top + 1, column, words, bold=True)
    for column, words in enumerate(("Day", "Month", "Year"), start=9):
        _put(sheet, top + 2, column, words, bold=True)
    for at, line in enumerate(inquiry.lines, start=top + 3):
        for column, value in enumerate(_values(line), start=1):
            _put(sheet, at, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _values(line: InquiryLine) -> list[str | int | None]:
    texts = [getattr(line, field.name) for field in fields(line)[:8]]
    return [*texts, *parts_of_day(line.day), line.amount, line.comments, *line.others]


def _put(sheet: Any, row: int, column: int, value: str | int | None, *, bold: bool = False) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)


def model_of_inquiry(inquiry: Inquiry) -> Model:
    """The stations and deliveries of a sheet. A partner is told from another by name, address and country.

    >>> lines = (InquiryLine("Mill", product="Flour", lot="F1", day="2020-06-02"), InquiryLine("Mill", product="Flour"))
    >>> model = model_of_inquiry(Inquiry("backward", "Bakery", lines=lines))
    >>> [(d.source, d.target, d.sent, d.received) for d in model.deliveries]
    [('S2', 'S1', None, '2020-06-02'), ('S2', 'S1', None, None)]
    """
    partners: dict[tuple[str, str, str], str] = {}
    stations = [_station("S1", inquiry.company, inquiry.address, inquiry.country, inquiry.business)]
    deliveries: list[dict[str, Json]] = []
    back = inquiry.way == "backward"
    for number, line in enumerate(inquiry.lines, start=1):
        key = (line.partner, line.address, line.country)
        if key not in partners:
            partners[key] = f"S{len(partners) + 2}"
            stations.append(_station(partners[key], line.partner, line.address, line.country, line.business))
        source, target = (partners[key], "S1") if back else ("S1", partners[key])
        deliveries.append(
            {
                "id": f"D{number}", "source": source, "target": target, "name": line.product, "lot": line.lot,
                "dateIn" if back else "date": line.day or None, "amount": line.amount, "EAN": line.ean,
                "Best before date": line.best_before, "Comments": line.comments,
            }
        )  # fmt: skip
    return read_document({"stations": stations, "deliveries": deliveries, "deliveriesRelations": []})


def _station(key: str, name: str, address: str, country: str, business: str) -> dict[str, Json]:
    return {"id": key, "name": name, "Address": address, "Country": country, "type of business": business}


def _cell(cells: Sequence[Sequence[Json]], row: int, column: int) -> str:
    values = _row(cells, row - 1)
    return text_of(values[column - 1]).strip() if column <= len(values) else ""


def _row(cells: Sequence[Sequence[Json]], at: int) -> Sequence[Json]:
    return cells[at] if at < len(cells) else ()


def _or_none(text: str) -> str | None:
    return text or None
