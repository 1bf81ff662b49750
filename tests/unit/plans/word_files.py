"""Word documents made for the tests, the way offices make them: automatic ordinals, tables, merged cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def new_document() -> Any:
    """An empty document whose numbering knows 一、 （一） 1. as levels of one list."""
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(_LEVELS)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return document


def add_numbered(document: Any, text: str, level: int) -> None:
    """A paragraph that Word numbers by itself."""
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'))


def add_table(document: Any, rows: Sequence[Sequence[str]], *, merge_down: tuple[int, int, int] | None = None) -> None:
    """A table; `merge_down` = (column, first row, last row) makes one tall cell."""
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    if merge_down:
        column, first, last = merge_down
        kept = table.cell(first, column).text
        table.cell(first, column).merge(table.cell(last, column)).text = kept


def to_bytes(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def from_text(text: str) -> bytes:
    """A document with one paragraph a line."""
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    return to_bytes(document)


def replace_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return stream.getvalue()
