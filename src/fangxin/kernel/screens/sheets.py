"""An uploaded table → its rows as plain values. Nothing in the file is executed, expanded without bound or fetched."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook

MOST_ROWS = 100_000
MOST_COLUMNS = 200
# A table of names compresses well, but not like this.
MOST_UNPACKED = 400 * 1024 * 1024
MOST_RATIO = 150
HEADER_WITHIN = 10
_MERGED = re.compile(rb'<mergeCell [^>]*ref="[A-Z]+(\d+)(?::[A-Z]+(\d+))?"')
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
# Row of the sheet (from 1) and its values.
Line = tuple[int, list[Any]]


class Unreadable(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula instead of a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Header texts, their row, the rows below it."""

    headers: list[str]
    header_row: int
    lines: list[Line]


def read_sheet(
    name: str, content: bytes, *, is_header: Callable[[list[str]], bool], most_rows: int = MOST_ROWS
) -> Sheet:
    """The first sheet of an .xlsx or a .csv file. `is_header` knows the header row, above which titles may stand."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise Unreadable(_("文件超过 %(most)s MB。请按乡镇拆成几个文件，分别导入。") % {"most": most})
    if not content.strip():
        raise Unreadable(_("文件是空的。请确认选对了文件。"))
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("这是旧版 .xls 文件或加密文件。请用表格软件打开，另存为 .xlsx 后再导入。"))
    merged: list[tuple[int, int]] = []
    if content[:2] == b"PK":
        lines, merged = _xlsx(content, most_rows)
    elif name.lower().endswith((".xlsx", ".xlsm")):
        raise Unreadable(_("文件内容不是表格，可能已损坏。请用表格软件打开后另存为 .xlsx 再导入。"))
    else:
        lines = _csv(content, most_rows)
    return _below_header(lines, merged, is_header)


def _below_header(
    lines: Iterator[Line], merged: list[tuple[int, int]], is_header: Callable[[list[str]], bool]
) -> Sheet:
    rows = [(number, values) for number, values in lines if any(v not in (None, "") for v in values)]
    if not rows:
        raise Unreadable(_("表中没有内容。请确认数据在第一个工作表中。"))
    for place, (number, values) in enumerate(rows[:HEADER_WITHIN]):
        headers = [header_text(value) for value in values]
        if is_header(headers):
            _refuse_merged(merged, number)
            if len(rows) == place + 1:
                raise Unreadable(_("表头下面没有数据行。"))
            return Sheet(headers, number, rows[place + 1 :])
    raise Unreadable(_("没有找到表头。请下载模板，按模板的表头填写；表头应在前 %(n)s 行之内。") % {"n": HEADER_WITHIN})


def header_text(value: Any) -> str:
    """A header without blanks, star and remarks in brackets."""
    text = re.sub(r"[\s*＊]+", "", str(value or ""))
    return re.sub(r"[（(].*?[）)]", "", text)


def _refuse_merged(merged: list[tuple[int, int]], header_row: int) -> None:
    bad = [(first, last) for first, last in merged if last > header_row]
    if bad:
        first, last = min(bad)
        raise Unreadable(
            _("第 %(first)s 至 %(last)s 行有合并单元格，无法确定每行的值。请取消合并并把值填到每一行，再重新上传。")
            % {"first": first, "last": last}
        )


def _xlsx(content: bytes, most_rows: int) -> tuple[Iterator[Line], list[tuple[int, int]]]:
    damaged = _("文件打不开，可能已损坏或加了密码。请用表格软件打开后另存为 .xlsx 再导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            merged = _inspect(parts)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if not book.worksheets:
            raise Unreadable(_("文件里没有工作表。"))
        # Declared sizes are often wrong; the rows themselves count.
        book.worksheets[0].reset_dimensions()
        return iter(list(_cells(book.worksheets[0], most_rows))), merged
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(damaged) from error


def _inspect(parts: zipfile.ZipFile) -> list[tuple[int, int]]:
    """Refuse what would unpack beyond measure or bring its own document type; find merged cells of the first sheet."""
    infos = parts.infolist()
    packed = sum(info.compress_size for info in infos) or 1
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_UNPACKED or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MOST_RATIO):
        raise Unreadable(_("文件解压后过大，不像是正常的表格，已停止读取。请删去多余的空行、格式和图片后另存再导入。"))
    merged: list[tuple[int, int]] = []
    for info in infos:
        if not info.filename.endswith((".xml", ".rels")):
            continue
        text = parts.read(info)
        if text[:2] in (b"\xff\xfe", b"\xfe\xff") or any(word in text for word in _FORBIDDEN):
            raise Unreadable(_("文件内部结构异常，已停止读取。请用表格软件打开后另存为 .xlsx 再导入。"))
        if info.filename == "xl/worksheets/sheet1.xml":
            merged = [(int(a), int(b or a)) for a, b in _MERGED.findall(text)]
    return merged


def _cells(sheet: Any, most_rows: int) -> Iterator[Line]:
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        _refuse_too_many(number, most_rows)
        yield number, [Formula(str(c.value)) if c.data_type == "f" else _plain(c.value) for c in row]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else value


def _csv(content: bytes, most_rows: int) -> Iterator[Line]:
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable(_("文件不是文字表格。请导入 .xlsx 或 .csv 文件。"))
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            _refuse_too_many(number, most_rows)
            yield number, [value.strip() for value in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Unreadable(_("文件的引号或换行不完整，无法分行。请用表格软件打开后另存为 .xlsx 再导入。")) from error


def _decoded(content: bytes) -> str:
    """UTF-8 or what Chinese desktops write by default. A guess that does not fit wholly is no guess."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的文字编码无法识别。请用表格软件打开，另存为 .xlsx 或 UTF-8 编码的 .csv 再导入。"))


def _refuse_too_many(number: int, most_rows: int) -> None:
    if number > most_rows + HEADER_WITHIN:
        raise Unreadable(_("表格超过 %(most)s 行。请按乡镇拆成几个文件，分别导入。") % {"most": most_rows})


# Marks without width that come along when a cell is copied from a page; nobody can see or remove them.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def as_text(value: Any) -> str:
    """A cell as it is kept: dates in ISO form, numbers without a tail."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).translate(_INVISIBLE)
