"""The foot of a paper: imprint (版记) at the bottom of the last page, and page numbers."""

from __future__ import annotations

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.chinese import format_date_zh
from fangxin.engines.papers.head import red_double_line
from fangxin.engines.papers.markup import Node, field, paragraph, right_tab, run, w
from fangxin.engines.papers.values import Form, Paper

_NUMBER_LINE = 400  # height of the page number's line in twips (style PaperPageNumber)


def footer_distance(form: Form) -> int:
    """Give the footer's distance from the page edge, in twips.

    General form: the dashes, in the middle of their line, hang 7 mm below the type area.
    Letter form: the double line of the first page sits 20 mm above the edge; a spacer lifts the numbers.
    """
    return page.twips(page.LETTER_FOOT_MM) if form is Form.LETTER else _number_bottom()


def _number_bottom() -> int:
    return page.BOTTOM - page.twips(page.PAGE_NUMBER_DROP_MM) - _NUMBER_LINE // 2


def build_page_number(form: Form, *, even: bool) -> list[Node]:
    """Build "— 1 —": odd pages at the right, even pages at the left, one character from the edge (7.5)."""
    side = page.characters(1, page.SIZE_4)
    indent = w("ind", left=side) if even else w("ind", right=side)
    number = paragraph("PaperPageNumber", run("— "), *field("PAGE"), run(" —"), indent=indent)
    if not even:
        number.pPr.append(w("jc", val="right"))
    lift = _number_bottom() - footer_distance(form)
    return [number, paragraph("PaperPageNumber", line=lift)] if lift > 0 else [number]


def build_letter_footer() -> list[Node]:
    """Build the first page's footer of a letter: the closing double line, no page number (10.1)."""
    return red_double_line(thick_first=False)


def build_imprint(paper: Paper) -> list[Node]:
    """Build the imprint as a table that clings to the bottom of the type area of the last page."""
    rows = [_copy_to(paper.copy_to)] if paper.copy_to else []
    if paper.form is Form.DOCUMENT and paper.printed_by:
        rows.append(_printed(paper))
    if not rows:
        return []
    # A letter's imprint has neither rules nor printing agency (10.1).
    ruled = paper.form is Form.DOCUMENT
    # The table hangs on the paragraph after it, one point high so that it never opens a page of its own.
    return [_bottom_table(rows, ruled=ruled), paragraph("PaperImprint", line=20)]


def _copy_to(agencies: tuple[str, ...]) -> Node:
    one = page.characters(1, page.SIZE_4)
    indent = w("ind", left=4 * one, right=one, hanging=3 * one)
    return paragraph("PaperImprint", f"抄送：{'，'.join(agencies)}。", indent=indent)


def _printed(paper: Paper) -> Node:
    one = page.characters(1, page.SIZE_4)
    text = f"{paper.printed_by}\t{format_date_zh(paper.printed_on or paper.date)}印发"
    return paragraph("PaperImprint", text, tabs=right_tab(page.TEXT_WIDTH - one), indent=w("ind", left=one))


def _bottom_table(rows: list[Node], *, ruled: bool) -> Node:
    # Measured across from the page's edge: LibreOffice leaves a table as wide as the margins in the text.
    position = w("tblpPr", vertAnchor="margin", horzAnchor="page", tblpX=page.LEFT, tblpYSpec="bottom")
    properties = w(
        "tblPr",
        position,
        w("tblOverlap", val="never"),
        w("tblW", w=page.TEXT_WIDTH, type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *(w(side, w=0, type="dxa") for side in ("left", "right"))),
    )
    grid = w("tblGrid", w("gridCol", w=page.TEXT_WIDTH))
    cells = [_imprint_row(row, first=i == 0, last=i == len(rows) - 1, ruled=ruled) for i, row in enumerate(rows)]
    return w("tbl", properties, grid, *cells)


def _imprint_row(content: Node, *, first: bool, last: bool, ruled: bool) -> Node:
    borders = w("tcBorders")
    if ruled:
        top, bottom = (page.RULE_THICK if edge else page.RULE_THIN for edge in (first, last))
        borders.append(w("top", val="single", sz=top, space=0, color="000000"))
        borders.append(w("bottom", val="single", sz=bottom, space=0, color="000000"))
    cell = w("tc", w("tcPr", w("tcW", w=page.TEXT_WIDTH, type="dxa"), borders), content)
    return w("tr", w("trPr", w("cantSplit")), cell)
