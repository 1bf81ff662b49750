"""Styles, settings and font table: everything about a paper's look that Word can change in one place."""

from __future__ import annotations

from dataclasses import dataclass

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.markup import Node, character_properties, fonts, w
from fangxin.engines.papers.typefaces import LATIN, TYPEFACES, Face, Typeface


@dataclass(frozen=True, slots=True)
class _Style:
    identifier: str
    name: str
    face: Face = Face.BODY
    size: float = page.SIZE_3
    justify: str = "both"
    indent: bool = False  # two characters on the first line
    outline: int | None = None
    line: int = page.LINE_PITCH  # exact line height in twips; 0 lets the content decide
    color: str | None = None


_STYLES = (
    _Style("PaperText", "公文正文", indent=True),
    _Style("PaperFlush", "公文顶格", justify="left"),
    _Style("Heading1", "heading 1", Face.BLACK, indent=True, outline=0),
    _Style("Heading2", "heading 2", Face.KAI, indent=True, outline=1),
    _Style("Heading3", "heading 3", indent=True, outline=2),
    _Style("Heading4", "heading 4", indent=True, outline=3),
    _Style("Title", "Title", Face.TITLE, page.SIZE_2, "center"),
    _Style("PaperMark", "发文机关标志", Face.TITLE, page.SIZE_2, "center", line=0, color=page.RED),
    _Style("PaperUrgency", "紧急程度", Face.BLACK, justify="left"),
    _Style("PaperNumber", "发文字号", justify="center"),
    _Style("PaperSignature", "发文机关署名", justify="right"),
    _Style("PaperAttachment", "附件标记", Face.BLACK, justify="left"),
    _Style("PaperImprint", "版记", size=page.SIZE_4, justify="left", line=480),
    _Style("PaperPageNumber", "页码", Face.SONG, page.SIZE_4, "left", line=400),
    _Style("PaperTableTitle", "表题", Face.BLACK, page.SIZE_4, "center"),
    _Style("PaperTableHead", "表头", Face.BLACK, page.SIZE_5, "center", line=300),
    _Style("PaperTableText", "表文", size=page.SIZE_5, justify="left", line=300),
    _Style("PaperTableNote", "表注", size=page.SIZE_5, justify="left", line=300),
    _Style("PaperChart", "图", justify="center", line=0),
)


def fill_styles(styles: Node) -> None:
    """Replace all styles of a document by those of official papers."""
    for node in list(styles):
        styles.remove(node)
    defaults = character_properties(Face.BODY, page.SIZE_3)
    defaults.append(w("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    styles.append(w("docDefaults", w("rPrDefault", defaults), w("pPrDefault")))
    styles.append(_normal())
    styles.append(_plain_table())
    styles.extend(_style(style) for style in _STYLES)


def _normal() -> Node:
    # Widow control would move lines between pages and break the 22 lines of a page.
    paragraph = w(
        "pPr",
        w("widowControl", val=0),
        w("snapToGrid", val=0),
        w("spacing", before=0, after=0, line=page.LINE_PITCH, lineRule="exact"),
        w("jc", val="both"),
    )
    return w(
        "style",
        w("name", val="Normal"),
        w("qFormat"),
        paragraph,
        _text_properties(),
        type="paragraph",
        default=1,
        styleId="Normal",
    )


def _text_properties() -> Node:
    # The section carries the grid of 22 x 28. Programs read a grid narrower than its characters in
    # different ways (one gives every character two squares), so the text itself states line height and
    # tightening and does not ask the grid. The size stands here because the grid is reckoned from it.
    size = round(page.SIZE_3 * 2)
    return w(
        "rPr",
        fonts(Face.BODY),
        w("snapToGrid", val=0),
        w("spacing", val=page.TIGHTENING),
        w("kern", val=0),
        w("sz", val=size),
        w("szCs", val=size),
    )


def _plain_table() -> Node:
    margins = w("tblCellMar", *(w(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")))
    return w(
        "style",
        w("name", val="Normal Table"),
        w("uiPriority", val=99),
        w("tblPr", w("tblInd", w=0, type="dxa"), margins),
        type="table",
        default=1,
        styleId="TableNormal",
    )


def _style(style: _Style) -> Node:
    paragraph = w("pPr")
    if style.outline is not None:
        paragraph.append(w("keepNext"))
    if style.line == 0:
        paragraph.append(w("spacing", line=240, lineRule="auto"))
    elif style.line != page.LINE_PITCH:
        paragraph.append(w("spacing", line=style.line, lineRule="exact"))
    if style.indent:
        paragraph.append(w("ind", firstLineChars=200, firstLine=page.characters(2)))
    paragraph.append(w("jc", val=style.justify))
    if style.outline is not None:
        paragraph.append(w("outlineLvl", val=style.outline))
    own = {"customStyle": 1} if style.identifier.startswith("Paper") else {}
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val="Normal"),
        w("qFormat"),
        paragraph,
        character_properties(style.face, style.size, style.color, tighten=style.size == page.SIZE_3),
        type="paragraph",
        styleId=style.identifier,
        **own,
    )


def fill_settings(settings: Node) -> None:
    """Replace the settings: different odd and even pages, strict character grid, today's layout rules."""
    for node in list(settings):
        settings.remove(node)
    settings.extend(
        [
            w("zoom", percent=100),
            w("defaultTabStop", val=page.characters(2)),
            w("evenAndOddHeaders"),
            w("drawingGridVerticalSpacing", val=page.LINE_PITCH),
            w("characterSpacingControl", val="doNotCompress"),
            w("compat", w("balanceSingleByteDoubleByteWidth"), w("useFELayout"), _compatibility_mode()),
            w("themeFontLang", val="en-US", eastAsia="zh-CN"),
        ]
    )


def _compatibility_mode() -> Node:
    return w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)


def build_font_table() -> Node:
    """List the faces with open stand-ins, so that a machine without them knows what to take."""
    return w("fonts", *(_font(face) for face in (*TYPEFACES.values(), LATIN)))


def _font(face: Typeface) -> Node:
    return w(
        "font",
        w("altName", val=",".join(face.alternatives)),
        w("charset", val="00" if face is LATIN else "86"),
        w("family", val=face.family),
        w("pitch", val=face.pitch),
        name=face.name,
    )
