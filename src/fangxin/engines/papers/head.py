"""The head of a paper (版头): general form in the body, letter form in the first page's header."""

from __future__ import annotations

from math import ceil

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.chinese import width_in_characters
from fangxin.engines.papers.markup import Node, bottom_border, character_properties, paragraph, right_tab, run, w
from fangxin.engines.papers.titles import title_lines
from fangxin.engines.papers.typefaces import Face
from fangxin.engines.papers.values import Form, Paper

_MARK_LINE = 1.2  # height of the mark's line in font sizes
_TOP_LINES = 3  # copy serial, secrecy, urgency: the lines above the mark
_RED_RULE = 16  # 2 pt
_HALF_LEADING_PT = (page.LINE_PITCH / 20 - page.SIZE_3) / 2


def blank_lines(count: int, *, keep_next: bool = False) -> list[Node]:
    """Build empty lines of the page's grid."""
    return [paragraph("Normal", keep_next=keep_next) for _ in range(count)]


def build_head(paper: Paper) -> list[Node]:
    """Build everything above the recipients: marks, number, red line, title."""
    top = _letter_top(paper) if paper.form is Form.LETTER else _document_top(paper)
    lines = [paragraph("Title", line, keep_next=True) for line in title_lines(paper.title)]
    return [*top, *blank_lines(2), *lines, *blank_lines(1)]


def _marks(paper: Paper) -> list[tuple[str, str]]:
    marks = []
    if paper.copy_serial is not None:
        marks.append(("PaperFlush", f"{paper.copy_serial:06}"))
    if paper.urgency is not None:
        marks.append(("PaperUrgency", paper.urgency.value))
    return marks


def _document_top(paper: Paper) -> list[Node]:
    marks = [paragraph(style, text) for style, text in _marks(paper)]
    return [
        *marks,
        *blank_lines(_TOP_LINES - len(marks)),
        _document_mark(paper.agency_mark),
        *blank_lines(2),
        _number_line(paper),
    ]


def _document_mark(mark: str) -> Node:
    size, scale = page.fit_mark(width_in_characters(mark))
    line = round(size * _MARK_LINE * 20)
    inside = (line - size * 20) / 2  # white space above the characters within their line
    before = round(page.twips(page.MARK_TOP_MM) - _TOP_LINES * page.LINE_PITCH - inside)
    return paragraph("PaperMark", _mark_run(mark, size, scale), before=max(0, before), line=line)


def _mark_run(mark: str, size: float, scale: int) -> Node:
    return run(mark, character_properties(Face.TITLE, size, page.RED, scale))


def _number_line(paper: Paper) -> Node:
    rule = bottom_border(_RED_RULE, color=page.RED, space=ceil(page.NUMBER_TO_LINE_MM / 25.4 * 72 - _HALF_LEADING_PT))
    if not paper.signer:
        return paragraph("PaperNumber", paper.document_number, border=rule)
    # Upward: number one character from the left, signer one from the right. The indent would shorten
    # the red line, so a space and a tab stop hold the distances.
    return paragraph(
        "PaperFlush",
        f"\u3000{paper.document_number}\t签发人：",
        run(paper.signer, character_properties(Face.KAI)),
        border=rule,
        tabs=right_tab(page.TEXT_WIDTH - page.characters(1)),
    )


def _letter_top(paper: Paper) -> list[Node]:
    marks = _marks(paper)
    style, first = marks[0] if marks else ("PaperFlush", "")
    number = run(f"\t{paper.document_number}", character_properties(Face.BODY))
    line = paragraph(style, first, number, before=_seven_eighths(), tabs=right_tab(page.TEXT_WIDTH))
    return [line, *(paragraph(style, text) for style, text in marks[1:])]


def _seven_eighths() -> int:
    # 7/8 of a 3号 character below the red lines (10.1), less the white space inside the line.
    return round((page.SIZE_3 * 7 / 8 - _HALF_LEADING_PT) * 20)


def _wide_indent() -> Node:
    # The red lines are 170 mm, centred on the page: wider than the type area on both sides.
    overhang = (page.PAGE_WIDTH_MM - page.LETTER_LINE_MM) / 2
    left, right = page.twips(overhang) - page.LEFT, page.twips(overhang) - page.RIGHT
    return w("ind", left=left, right=right)


def red_double_line(*, thick_first: bool, mark: Node | None = None, line: int = 40) -> list[Node]:
    """Build the double line of the letter form as two rules, which every program draws alike."""
    sizes = (18, 6) if thick_first else (6, 18)
    upper = paragraph(
        "PaperMark",
        *([mark] if mark is not None else []),
        line=line,
        border=bottom_border(sizes[0], color=page.RED, space=0),
        indent=_wide_indent(),
    )
    lower = paragraph(
        "PaperMark", line=44, border=bottom_border(sizes[1], color=page.RED, space=0), indent=_wide_indent()
    )
    return [upper, lower]


def build_letter_header(mark: str) -> list[Node]:
    """Build the first page's header of a letter: red agency name 30 mm from the top, 4 mm to the double line."""
    size, scale = page.fit_mark(width_in_characters(mark))
    line = round(size * _MARK_LINE * 20)
    # The ink ends about a twentieth of the size above the foot of its square.
    gap = page.twips(page.NUMBER_TO_LINE_MM) - round((line - size * 20) / 2 + size)
    name = paragraph("PaperMark", _mark_run(mark, size, scale), line=line)
    return [name, *red_double_line(thick_first=True, line=max(20, gap))]


def letter_header_distance(mark: str) -> int:
    """Give the header's distance from the page edge (twips) that puts the mark's upper edge at 30 mm."""
    size, _ = page.fit_mark(width_in_characters(mark))
    return page.twips(page.LETTER_MARK_TOP_MM) - round(size * (_MARK_LINE - 1) / 2 * 20)
