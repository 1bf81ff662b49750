"""Lists as .xlsx with Chinese headers. Values are written as values: a cell never executes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What one sheet of the file format holds, less the header.
MOST_ROWS = 1_048_575
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, (bool, int, float, Decimal, date)):
        return value
    return str(value).translate(_ILLEGAL)[:32767]


def to_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "Sheet1", note: str = "") -> bytes:
    """One sheet: an optional note line (as of when, for what), bold headers, one row per record."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "Sheet1")
    sheet.freeze_panes = "A3" if note else "A2"

    def cells(values: Iterable[Any], font: Font | None = None) -> list[WriteOnlyCell]:
        made = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=None)
            plain = _value(value)
            cell.value = plain
            if isinstance(plain, str):
                cell.data_type = "s"  # text that begins with "=" stays text
            if font:
                cell.font = font
            made.append(cell)
        return made

    if note:
        sheet.append(cells([note]))
    sheet.append(cells([str(h) for h in headers], Font(bold=True)))
    for row in rows:
        sheet.append(cells(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = attachment(f"{name}.xlsx")
    return response


def attachment(filename: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(filename)}"
