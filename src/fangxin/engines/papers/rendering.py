"""From a paper to the bytes of a .docx file: the same paper gives the same bytes, whatever the day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.body import (
    build_attachment_list,
    build_attachments,
    build_blocks,
    build_recipients,
    build_signature,
)
from fangxin.engines.papers.charts import build_chart, build_drawing, build_workbook
from fangxin.engines.papers.foot import build_imprint, build_letter_footer, build_page_number, footer_distance
from fangxin.engines.papers.head import build_head, build_letter_header, letter_header_distance
from fangxin.engines.papers.markup import Node, w
from fangxin.engines.papers.stylesheet import build_font_table, fill_settings, fill_styles
from fangxin.engines.papers.values import Chart, Form, Paper

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can hold
_UNUSED_RELATIONS = ("stylesWithEffects", "webSettings", "customXml", "numbering", "thumbnail", "extended-properties")


def render(paper: Paper) -> bytes:
    """Lay a paper out as GB/T 9704-2012 asks and return the .docx file.

    No clock is read: the file's own dates are the paper's date.
    """
    document = Document()
    _clear(document)
    _describe(document, paper)
    _set_page(document, paper)
    _write_footers(document, paper)
    _write(document, paper)
    buffer = BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue(), paper.date)


def _clear(document: DocumentObject) -> None:
    """Drop everything the library's own template brings that a paper does not use."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(_UNUSED_RELATIONS):
                del holder.rels[key]
    fill_styles(document.styles.element)
    fill_settings(document.settings.element)
    font_table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    font_table._blob = etree.tostring(build_font_table(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _describe(document: DocumentObject, paper: Paper) -> None:
    at = datetime.combine(paper.date, time(), UTC)
    properties = document.core_properties
    properties.title = paper.title.replace("\n", "")[:255]
    properties.author = properties.last_modified_by = paper.signature[:255]
    properties.subject = paper.document_number[:255]
    properties.comments = properties.keywords = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = at


def _set_page(document: DocumentObject, paper: Paper) -> None:
    section = document.sections[0]._sectPr
    for node in list(section):
        section.remove(node)
    header = letter_header_distance(paper.agency_mark) if paper.form is Form.LETTER else page.TOP // 2
    margins = w(
        "pgMar", top=page.TOP, right=page.RIGHT, bottom=page.BOTTOM, left=page.LEFT,
        header=header, footer=footer_distance(paper.form), gutter=0,
    )  # fmt: skip
    grid = w("docGrid", type="linesAndChars", linePitch=page.LINE_PITCH, charSpace=page.CHARACTER_SPACE)
    section.extend([w("pgSz", w=page.PAGE_WIDTH, h=page.PAGE_HEIGHT), margins, w("cols", space=0), grid])


def _write_footers(document: DocumentObject, paper: Paper) -> None:
    section = document.sections[0]
    _fill(section.footer, build_page_number(paper.form, even=False))
    _fill(section.even_page_footer, build_page_number(paper.form, even=True))
    if paper.form is Form.LETTER:
        section.different_first_page_header_footer = True
        _fill(section.first_page_header, build_letter_header(paper.agency_mark))
        _fill(section.first_page_footer, build_letter_footer())


def _fill(story: Node, nodes: list[Node]) -> None:
    story.is_linked_to_previous = False
    root = story._element
    for node in list(root):
        root.remove(node)
    root.extend(nodes)


def _write(document: DocumentObject, paper: Paper) -> None:
    draw = _ChartDrawer(document)
    text = [
        *build_head(paper),
        *build_recipients(paper.recipients),
        *build_blocks(paper.body, draw),
        *build_attachment_list(paper.attachments),
    ]
    _keep_with_next(text[-1])
    nodes = [
        *text,
        *build_signature(paper),
        *build_attachments(paper.attachments, draw),
        *build_imprint(paper),
    ]
    body = document.element.body
    for node in nodes:
        body.insert_element_before(node, "w:sectPr")


def _keep_with_next(node: Node) -> None:
    """A signature never stands alone on a page: the last lines of the text go with it (7.3.5.5)."""
    style = node.pPr.find(node.pPr.pStyle.tag)
    style.addnext(w("keepNext"))


class _ChartDrawer:
    """Adds a chart and its workbook to the package and returns the drawing that shows it."""

    def __init__(self, document: DocumentObject) -> None:
        self._part = document.part
        self._count = 0

    def __call__(self, chart: Chart) -> Node:
        self._count += 1
        package = self._part.package
        workbook = Part(
            PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{self._count}.xlsx"),
            CONTENT_TYPE.SML_SHEET,
            repack(build_workbook(chart), None),
            package,
        )
        part = Part(PackURI(f"/word/charts/chart{self._count}.xml"), _CHART_TYPE, b"", package)
        part._blob = build_chart(chart, workbook_id=part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
        identifier = self._part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        return build_drawing(chart, chart_id=identifier, number=self._count)


def repack(archive: bytes, day: date | None) -> bytes:
    """Write an Office archive again with fixed order and times, so that nothing tells when it was made.

    The spreadsheet library stamps its files with the present time; ``day`` None removes that stamp.
    """
    result = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            content = source.read(name)
            if day is None and name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(\w+)[^>]*>)[^<]*(</dcterms:\2>)", rb"\g<1>1980-01-01T00:00:00Z\3", content
                )
            target.writestr(entry, content)
    return result.getvalue()
