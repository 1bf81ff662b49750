"""From a sheet of limits to a table the judge reads: columns by their Chinese or English names, every fault with its row."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.screens.sheets import Formula, Unreadable, read_sheet

MOST_ROWS = 50_000
# Column of the table → what people write above it. The first is the word of the template.
COLUMNS = {
    "analyte": ("检测项目", "项目", "农药", "兽药", "污染物", "物质", "添加剂", "analyte"),
    "food": ("食品", "食品类别", "食品名称", "作物", "food"),
    "animal": ("动物", "动物种类", "animal"),
    "tissue": ("靶组织", "组织", "tissue"),
    "limit": ("限量", "最大残留限量", "最大限量", "限量值", "最大使用量", "limit"),
    "unit": ("单位", "unit"),
    "clause": ("条款", "表号", "clause"),
    "condition": ("条件", "condition"),
    "words": ("条件词", "words"),
    "dry_weight": ("以干重计", "dry_weight"),
    "provisional": ("临时限量", "provisional"),
    "n": ("n",),
    "c": ("c",),
    "m": ("m",),
    "M": ("M",),
    "restriction": ("限制", "restriction"),
    "foods": ("禁用范围食品", "foods"),
    "animals": ("禁用范围动物", "animals"),
    "scope": ("范围说明", "scope"),
    "in_force_from": ("自", "in_force_from"),
    "in_force_to": ("至", "in_force_to"),
    "name": ("名称", "name"),
    "parents": ("上级类别", "parents"),
    "synonyms": ("别名", "synonyms"),
    "processed": ("加工食品", "processed"),
    "family": ("种类", "family"),
    "confidence": ("可信程度", "confidence"),
    "note": ("备注", "note"),
}
_BY_HEADER = {header: column for column, headers in COLUMNS.items() for header in headers}
# What stands in a template of each kind.
TEMPLATES = {
    "foods": ("name", "parents", "synonyms", "processed", "animal", "tissue", "note"),
    "analytes": ("name", "family", "synonyms", "note"),
    "veterinary": ("analyte", "animal", "tissue", "limit", "unit", "clause", "confidence", "note"),
    "microbiology": ("analyte", "food", "n", "c", "m", "M", "unit", "clause", "confidence", "note"),
    "banned_pesticide": (
        "analyte",
        "restriction",
        "foods",
        "scope",
        "clause",
        "in_force_from",
        "in_force_to",
        "confidence",
    ),
    "banned_veterinary": (
        "analyte",
        "restriction",
        "animals",
        "scope",
        "clause",
        "in_force_from",
        "in_force_to",
        "confidence",
    ),
}
_LIMITS = ("analyte", "food", "limit", "unit", "clause", "condition", "provisional", "confidence", "note")
_YES_NO = {"是": "yes", "否": "", "√": "yes", "1": "yes", "0": "", "*": "yes"}
_FLAGS = ("dry_weight", "provisional", "processed")
_NEEDED = {"foods": ("name",), "analytes": ("name",)}


def template_of(kind: str) -> list[str]:
    return [COLUMNS[column][0] for column in TEMPLATES.get(kind, _LIMITS)]


def read_table(kind: str, name: str, content: bytes) -> tuple[str, list[int]]:
    """The sheet as the judge's csv, and the sheet's row number of each of its rows. Raises Unreadable."""
    needed = _NEEDED.get(kind, ("analyte",))
    sheet = read_sheet(
        name, content, is_header=lambda texts: all(_has(texts, column) for column in needed), most_rows=MOST_ROWS
    )
    columns = [_BY_HEADER.get(header.strip()) or _BY_HEADER.get(header.strip().lower()) for header in sheet.headers]
    twice = {column for column in columns if column and columns.count(column) > 1}
    if twice:
        raise Unreadable(_("表里有两列都是“%(name)s”，请只留一列。") % {"name": COLUMNS[twice.pop()][0]})
    if not sheet.lines:
        raise Unreadable(_("表头下面没有内容。"))
    rows = [_row(columns, values, number) for number, values in sheet.lines]
    used = [column for column in COLUMNS if column in columns]
    return _csv(used, rows), [number for number, _values in sheet.lines]


def _has(texts: Iterable[str], column: str) -> bool:
    return any(_BY_HEADER.get(text.strip()) == column for text in texts)


def _row(columns: Sequence[str | None], values: Sequence[Any], number: int) -> dict[str, str]:
    row = {}
    for column, value in zip(columns, values, strict=False):
        if column is None:
            continue
        if isinstance(value, Formula):
            raise Unreadable(
                _("第 %(row)s 行“%(column)s”是公式。请选择性粘贴为数值后再上传。")
                % {"row": number, "column": COLUMNS[column][0]}
            )
        text = "" if value is None else str(value).strip()
        row[column] = _YES_NO.get(text, text) if column in _FLAGS else text
    return row


def _csv(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
