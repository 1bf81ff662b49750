"""The body of a paper (主体): recipients, text, tables, attachments, signature and date."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.chinese import format_date_zh, number_zh, width_in_characters
from fangxin.engines.papers.head import blank_lines
from fangxin.engines.papers.markup import Node, character_properties, paragraph, run, w
from fangxin.engines.papers.titles import title_lines
from fangxin.engines.papers.typefaces import Face
from fangxin.engines.papers.values import (
    Align,
    Attachment,
    Block,
    Chart,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Table,
)

DrawChart = Callable[[Chart], Node]
_CELL_MARGINS = {"top": 40, "left": 80, "bottom": 40, "right": 80}  # twips


class HeadingCounter:
    """Counts headings: 一、（一）1.（1）; a higher heading starts the lower ones again."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0, 0]

    def label(self, level: int) -> str:
        """Count one heading of a level and give its label."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (4 - level)
        count = self._counts[level - 1]
        return (f"{number_zh(count)}、", f"（{number_zh(count)}）", f"{count}.", f"（{count}）")[level - 1]


def build_recipients(recipients: tuple[str, ...]) -> list[Node]:
    """Build the addressees, flush left, closed by a colon (7.3.2)."""
    return [paragraph("PaperFlush", f"{'，'.join(recipients)}：")] if recipients else []


def build_blocks(blocks: tuple[Block, ...], draw: DrawChart) -> list[Node]:
    """Build the running text; ``draw`` turns a chart into a drawing of the document."""
    counter = HeadingCounter()
    nodes: list[Node] = []
    break_next = False
    for block in blocks:
        if isinstance(block, PageBreak):
            break_next = True
            continue
        built = _build_block(block, counter, draw)
        if break_next:
            built.insert(0, paragraph("Normal", line=20, page_break=True))
        nodes.extend(built)
        break_next = False
    return nodes


def _build_block(block: Block, counter: HeadingCounter, draw: DrawChart) -> list[Node]:
    match block:
        case Paragraph():
            return [paragraph("PaperText", block.text)]
        case Heading():
            return [_heading(block, counter.label(block.level))]
        case Table():
            return build_table(block)
        case PageBreak():
            return []
        case _:
            return [paragraph("PaperChart", w("r", draw(block)))]


def _heading(heading: Heading, label: str) -> Node:
    text = f"{label}{heading.text}"
    if not heading.follow:
        return paragraph(f"Heading{heading.level}", text)
    # Text that runs on keeps the body's style, or a whole paragraph would stand in the outline.
    face = (Face.BLACK, Face.KAI, Face.BODY, Face.BODY)[heading.level - 1]
    return paragraph("PaperText", run(text, character_properties(face)), heading.follow)


def build_table(table: Table) -> list[Node]:
    """Build a table as wide as the type area, header repeated, rows never split."""
    widths = _column_widths(table)
    aligns = table.align or (Align.LEFT,) * len(table.header)
    header = _row(table.header, widths, (Align.CENTER,) * len(widths), style="PaperTableHead")
    header.trPr.append(w("tblHeader"))
    rows = [_row(row, widths, aligns, style="PaperTableText") for row in table.rows]
    grid = w("tblGrid", *(w("gridCol", w=width) for width in widths))
    title = [paragraph("PaperTableTitle", table.title, keep_next=True)] if table.title else []
    # A paragraph must follow: two tables in a row would grow together.
    after = paragraph("PaperTableNote", table.note) if table.note else paragraph("PaperTableNote", line=120)
    return [*title, w("tbl", _table_properties(), grid, header, *rows), after]


def _column_widths(table: Table) -> list[int]:
    shares = table.widths or (1,) * len(table.header)
    edges = [round(page.TEXT_WIDTH * sum(shares[:i]) / sum(shares)) for i in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _table_properties() -> Node:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return w(
        "tblPr",
        w("tblW", w=page.TEXT_WIDTH, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *(w(side, val="single", sz=4, space=0, color="000000") for side in sides)),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *(w(side, w=width, type="dxa") for side, width in _CELL_MARGINS.items())),
    )


def _row(cells: tuple[str, ...], widths: list[int], aligns: tuple[Align, ...], *, style: str) -> Node:
    row = w("tr", w("trPr", w("cantSplit")))
    for text, width, align in zip(cells, widths, aligns, strict=True):
        content = paragraph(style, text)
        content.pPr.append(w("jc", val=align.value))
        row.append(w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), content))
    return row


def build_attachment_list(attachments: tuple[Attachment, ...]) -> list[Node]:
    """Name the attachments one line below the text; names that wrap align with themselves (7.3.4)."""
    if not attachments:
        return []
    if len(attachments) == 1:
        return [*blank_lines(1), _listed(f"附件：{attachments[0].title}", start=2, name=5)]
    lines = [
        _listed(f"附件：1.\t{item.title}", start=2, name=6)
        if index == 0
        else _listed(f"{index + 1}.\t{item.title}", start=5, name=6 if index < 9 else 6.5)
        for index, item in enumerate(attachments)
    ]
    return [*blank_lines(1), *lines]


def _listed(text: str, *, start: float, name: float) -> Node:
    indent = w("ind", left=page.characters(name), hanging=page.characters(name - start))
    return paragraph("PaperFlush", text, indent=indent)


def build_signature(paper: Paper) -> list[Node]:
    """Build agency and date at the lower right, then the note in brackets (7.3.5, 7.3.6)."""
    agency_right, date_right = signature_indents(paper.signature, format_date_zh(paper.date), sealed=paper.sealed)
    # A seal needs room above the date: two lines; without one a single line is the rule.
    nodes = [
        *blank_lines(2 if paper.sealed else 1, keep_next=True),
        paragraph("PaperSignature", paper.signature, right=page.characters(agency_right), keep_next=True),
        paragraph(
            "PaperSignature",
            format_date_zh(paper.date),
            right=page.characters(date_right),
            keep_next=bool(paper.note),
        ),
    ]
    if paper.note:
        nodes.append(paragraph("PaperText", f"（{paper.note}）"))
    return nodes


def signature_indents(agency: str, day: str, *, sealed: bool) -> tuple[float, float]:
    """Give the right indents of agency and date, in characters.

    Sealed (7.3.5.1): the date four from the edge, the agency centred over it. Unsealed (7.3.5.2): the
    agency two from the edge, the date starting two further right; a longer date is two from the edge.

    >>> signature_indents("某县食安办", "2022年5月19日", sealed=True)
    (4.75, 4.0)
    >>> signature_indents("某县人民政府食品安全委员会办公室", "2022年5月19日", sealed=False)
    (2.0, 9.5)
    """
    name, date = width_in_characters(agency), width_in_characters(day)
    if sealed:
        date_right = max(4.0, (name - date) / 2)
        return date_right + (date - name) / 2, date_right
    date_right = max(2.0, name - date)
    return date_right + date + 2 - name, date_right


def build_attachments(attachments: tuple[Attachment, ...], draw: DrawChart) -> list[Node]:
    """Print attachments that have a body, each on a new page: mark on line 1, title on line 3 (7.3.7)."""
    nodes: list[Node] = []
    for index, item in enumerate(attachments):
        if item.body:
            mark = "附件" if len(attachments) == 1 else f"附件{index + 1}"
            nodes.append(paragraph("PaperAttachment", mark, page_break=True))
            nodes.extend(blank_lines(1))
            nodes.extend(paragraph("Title", line) for line in title_lines(item.title))
            nodes.extend([*blank_lines(1), *build_blocks(item.body, draw)])
    return nodes
