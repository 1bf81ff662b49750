"""The few WordprocessingML elements a paper needs, built from plain values."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from fangxin.engines.papers.typefaces import LATIN, TYPEFACES, Face

Node = Any  # an lxml element; the library ships no types


def w(tag: str, *children: Node, **attributes: object) -> Node:
    """Build ``w:tag``; attributes are in the same namespace. Text is set by :func:`run` alone."""
    node = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    node.extend(children)
    return node


def fonts(face: Face) -> Node:
    """Name the face for Chinese text; digits and Latin letters keep their own except in 宋体 page numbers."""
    name = TYPEFACES[face].name
    latin = name if face is Face.SONG else LATIN.name
    return w("rFonts", ascii=latin, hAnsi=latin, eastAsia=name, cs=latin, hint="eastAsia")


def character_properties(
    face: Face | None = None,
    size: float | None = None,
    color: str | None = None,
    scale: int | None = None,
    *,
    tighten: bool = True,
) -> Node:
    """Build ``w:rPr`` in the order the schema wants; size in points, scale in per cent.

    ``tighten`` False takes away the tightening that fits 28 characters of the text into a line.
    """
    properties = w("rPr")
    if face is not None:
        properties.append(fonts(face))
    if color is not None:
        properties.append(w("color", val=color))
    if not tighten:
        properties.append(w("spacing", val=0))
    if scale is not None and scale != 100:
        properties.append(w("w", val=scale))
    if size is not None:
        properties.extend([w("sz", val=round(size * 2)), w("szCs", val=round(size * 2))])
    return properties


def run(text: str, properties: Node | None = None) -> Node:
    """Build a run. Line breaks and tabs become Word's own; everything else stays text."""
    node = w("r")
    if properties is not None and len(properties):
        node.append(properties)
    for piece in re.split("(\r\n|[\r\n\x85\u2028\u2029]|\t)", text):
        if piece == "\t":
            node.append(w("tab"))
        elif piece and piece in "\r\n\x85\u2028\u2029":
            node.append(w("br"))
        elif piece:
            leaf = w("t")
            leaf.text = piece
            leaf.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            node.append(leaf)
    return node


def field(instruction: str) -> list[Node]:
    """Build a field with a placeholder result; Word fills it when it lays out the page."""
    code = w("instrText")
    code.text = f" {instruction} "
    return [
        w("r", w("fldChar", fldCharType="begin")),
        w("r", code),
        w("r", w("fldChar", fldCharType="separate")),
        run("1"),
        w("r", w("fldChar", fldCharType="end")),
    ]


def paragraph(
    style: str,
    *content: Node | str,
    right: int = 0,
    before: int | None = None,
    line: int | None = None,
    border: Node | None = None,
    tabs: Node | None = None,
    indent: Node | None = None,
    keep_next: bool = False,
    page_break: bool = False,
) -> Node:
    """Build a paragraph of a style. ``right``, ``before`` and ``line`` (exact height) are in twips."""
    properties = w("pPr", w("pStyle", val=style))
    if keep_next:
        properties.append(w("keepNext"))
    if page_break:
        properties.append(w("pageBreakBefore"))
    properties.extend(node for node in (border, tabs) if node is not None)
    if before is not None or line is not None:
        given: dict[str, object] = {} if before is None else {"before": before}
        properties.append(w("spacing", **given, **({} if line is None else {"line": line, "lineRule": "exact"})))
    if indent is not None:
        properties.append(indent)
    elif right:
        properties.append(w("ind", right=right))
    runs = [run(item) if isinstance(item, str) else item for item in content if item != ""]
    return w("p", properties, *runs)


def bottom_border(size: int, *, color: str = "000000", space: int = 0) -> Node:
    """Build a rule below a paragraph; width in eighths of a point, distance in points."""
    return w("pBdr", w("bottom", val="single", sz=size, space=space, color=color))


def right_tab(position: int) -> Node:
    """Build a tab stop that ends text at ``position`` twips."""
    return w("tabs", w("tab", val="right", pos=position))
