"""The table to fill in: headers, a word on each, and the words that choices may be."""

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.registry.importing.columns import SHEETS, Column, in_tables
from fangxin.kernel.registry.models import ImportBatch

LAST_ROW = 5001
_REQUIRED = PatternFill("solid", fgColor="FFF2CC")


def template(kind: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = str(ImportBatch.Kind(kind).label)
    notes = book.create_sheet(_("填写说明"))
    notes.append([_("列"), _("是否必填"), _("说明"), _("可填内容")])
    for place, column in enumerate(SHEETS[kind], start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, f"{column.header}*" if column.required else column.header)
        cell.font = Font(bold=True)
        if column.required:
            cell.fill = _REQUIRED
        choices = [str(label) for label in column.choices().values()]
        if column.note:
            cell.comment = Comment(str(column.note), "")
        sheet.column_dimensions[letter].width = max(12, 2 * len(column.header) + 4)
        _format_cells(sheet, letter, column, choices)
        notes.append([column.header, _("必填") if column.required else "", str(column.note), "、".join(choices)])
    sheet.freeze_panes = "A2"
    if kind == ImportBatch.Kind.FACTS:
        for attribute in contribute.attributes:
            known = "、".join(in_tables(label) for label in attribute.choices.values())
            notes.append([_("事项"), "", in_tables(attribute.label), known])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _format_cells(sheet: object, letter: str, column: Column, choices: list[str]) -> None:
    """Numbers that are names must stay text, or a spreadsheet rounds them."""
    if column.reads == "flag":
        choices = [_("是"), _("否")]
    listed = ",".join(choices)
    # The file format holds at most 255 characters of choices.
    if choices and len(listed) <= 255:
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        sheet.add_data_validation(rule)  # type: ignore[attr-defined]
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
    if column.reads == "text":
        sheet.column_dimensions[letter].number_format = "@"  # type: ignore[attr-defined]
