"""Native Word charts: a DrawingML chart with cached values and the workbook Word edits it from."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from docx.oxml.parser import OxmlElement
from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from fangxin.engines.papers import geometry as page
from fangxin.engines.papers.chinese import width_in_characters
from fangxin.engines.papers.markup import Node
from fangxin.engines.papers.typefaces import LATIN, TYPEFACES, Face
from fangxin.engines.papers.values import BarChart, Chart, Series

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_WIDTH_MM, _HEIGHT_MM = 150, 78
_LONGEST_UPRIGHT = 6  # characters of a label under an upright bar; longer names need bars that lie
NO_DATA = "暂无数据"

# Series differ in colour and, for readers of a black-and-white print, in pattern, dash and marker.
_COLORS = ("1F4E79", "C55A11", "548235", "7F6000")
_PATTERNS = (None, "wdUpDiag", "pct40", "horz")
_DASHES = ("solid", "dash", "sysDot", "lgDash")
_MARKERS = ("circle", "square", "triangle", "diamond")


def _node(namespace: str, tag: str, *children: Node, **attributes: object) -> Node:
    node = etree.Element(f"{{{namespace}}}{tag}", nsmap={"c": _C, "a": _A, "r": _R})
    for name, value in attributes.items():
        node.set(name, str(value))
    node.extend(children)
    return node


def _c(tag: str, *children: Node, **attributes: object) -> Node:
    return _node(_C, tag, *children, **attributes)


def _a(tag: str, *children: Node, **attributes: object) -> Node:
    return _node(_A, tag, *children, **attributes)


def _leaf(tag: str, text: str) -> Node:
    node = _c(tag)
    node.text = text
    return node


def build_chart(chart: Chart, *, workbook_id: str) -> bytes:
    """Build the chart part; ``workbook_id`` is the relationship to the embedded workbook."""
    external = _c("externalData", _c("autoUpdate", val=0))
    external.set(f"{{{_R}}}id", workbook_id)
    space = _c(
        "chartSpace",
        _c("date1904", val=0),
        _c("roundedCorners", val=0),
        _c(
            "chart",
            _title(chart.title, 1200),
            _c("autoTitleDeleted", val=0),
            _plot_area(chart),
            *([_legend()] if len(chart.series) > 1 else []),
            _c("plotVisOnly", val=1),
            _c("dispBlanksAs", val="gap"),
        ),
        _text_properties(1000),
        external,
    )
    return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)  # type: ignore[no-any-return]


def _plot_area(chart: Chart) -> Node:
    bars, lying = isinstance(chart, BarChart), is_lying(chart)
    series = [_series(chart, index, bars=bars) for index in range(len(chart.series))]
    axes = [_c("axId", val=1), _c("axId", val=2)]
    if bars:
        head = [_c("barDir", val="bar" if lying else "col"), _c("grouping", val="clustered"), _c("varyColors", val=0)]
        plot = _c("barChart", *head, *series, _c("gapWidth", val=60), *axes)
    else:
        head = [_c("grouping", val="standard"), _c("varyColors", val=0)]
        plot = _c("lineChart", *head, *series, _c("marker", val=1), *axes)
    return _c("plotArea", _c("layout"), plot, _category_axis(lying=lying), _value_axis(chart, lying=lying))


def is_lying(chart: Chart) -> bool:
    """Tell whether bars lie, the first category on top, because names are long."""
    return isinstance(chart, BarChart) and max(map(width_in_characters, category_labels(chart))) > _LONGEST_UPRIGHT


def chart_height(chart: Chart) -> float:
    """Give the height in millimetres: lying bars need room for each category, but never more than a page has."""
    if not is_lying(chart):
        return _HEIGHT_MM
    return min(200.0, 36 + len(chart.categories) * max(9.0, 5.5 * len(chart.series)))


def _category_axis(*, lying: bool) -> Node:
    order, position = ("maxMin", "l") if lying else ("minMax", "b")
    return _c(
        "catAx", _c("axId", val=1), _c("scaling", _c("orientation", val=order)), _c("delete", val=0),
        _c("axPos", val=position), _c("numFmt", formatCode="General", sourceLinked=0), _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"), _c("tickLblPos", val="low"), _c("crossAx", val=2),
        _c("crosses", val="autoZero"),
    )  # fmt: skip


def _value_axis(chart: Chart, *, lying: bool) -> Node:
    known = [value for series in chart.series for value in series.values if value is not None]
    scaling = _c("scaling", _c("orientation", val="minMax"))
    if all(value >= 0 for value in known):
        scaling.append(_c("min", val=0))  # a cut axis would make small differences look large
    return _c(
        "valAx", _c("axId", val=2), scaling, _c("delete", val=0),
        _c("axPos", val="b" if lying else "l"),
        _c("majorGridlines", _shape_line("D9D9D9", 6350)), *([_title(chart.unit, 1000)] if chart.unit else []),
        _c("numFmt", formatCode="General", sourceLinked=0), _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"), _c("tickLblPos", val="nextTo"), _c("crossAx", val=1),
        _c("crosses", val="max" if lying else "autoZero"), _c("crossBetween", val="between"),
    )  # fmt: skip


def _series(chart: Chart, index: int, *, bars: bool) -> Node:
    series, style = chart.series[index], index % len(_COLORS)
    column, last = get_column_letter(index + 2), len(chart.categories) + 1
    look = (
        [_bar_look(style), _c("invertIfNegative", val=0)]
        if bars
        else [
            _shape_line(_COLORS[style], 22225, _DASHES[style]),
            _c("marker", _c("symbol", val=_MARKERS[style]), _c("size", val=7)),
        ]
    )
    return _c(
        "ser",
        _c("idx", val=index),
        _c("order", val=index),
        _c("tx", _c("strRef", _leaf("f", f"Sheet1!${column}$1"), _text_cache((series.name,)))),
        *look,
        _labels("outEnd" if bars else ("t", "b")[index % 2]),
        _c("cat", _c("strRef", _leaf("f", f"Sheet1!$A$2:$A${last}"), _text_cache(category_labels(chart)))),
        _c("val", _c("numRef", _leaf("f", f"Sheet1!${column}$2:${column}${last}"), _number_cache(series))),
        *([] if bars else [_c("smooth", val=0)]),
    )


def category_labels(chart: Chart) -> tuple[str, ...]:
    """Label the categories; one without any known value says so, lest its missing bar be read as zero."""
    return tuple(
        label if any(series.values[i] is not None for series in chart.series) else f"{label}（{NO_DATA}）"
        for i, label in enumerate(chart.categories)
    )


def _text_cache(texts: tuple[str, ...]) -> Node:
    points = [_c("pt", _leaf("v", text), idx=index) for index, text in enumerate(texts)]
    return _c("strCache", _c("ptCount", val=len(texts)), *points)


def _number_cache(series: Series) -> Node:
    points = [
        _c("pt", _leaf("v", format(value, "f")), idx=index)
        for index, value in enumerate(series.values)
        if value is not None
    ]
    return _c("numCache", _leaf("formatCode", "General"), _c("ptCount", val=len(series.values)), *points)


def _labels(position: str) -> Node:
    flags = {
        "showLegendKey": 0,
        "showVal": 1,
        "showCatName": 0,
        "showSerName": 0,
        "showPercent": 0,
        "showBubbleSize": 0,
    }
    return _c("dLbls", _c("dLblPos", val=position), *(_c(name, val=on) for name, on in flags.items()))


def _legend() -> Node:
    return _c("legend", _c("legendPos", val="b"), _c("overlay", val=0))


def _bar_look(style: int) -> Node:
    color, pattern = _a("srgbClr", val=_COLORS[style]), _PATTERNS[style]
    if pattern is None:
        fill = _a("solidFill", color)
    else:
        fill = _a("pattFill", _a("fgClr", color), _a("bgClr", _a("srgbClr", val="FFFFFF")), prst=pattern)
    return _c("spPr", fill, _line(_COLORS[style], 6350))


def _line(color: str, width: int, dash: str = "solid") -> Node:
    return _a("ln", _a("solidFill", _a("srgbClr", val=color)), _a("prstDash", val=dash), w=width)


def _shape_line(color: str, width: int, dash: str = "solid") -> Node:
    return _c("spPr", _line(color, width, dash))


def _character(tag: str, size: int) -> Node:
    face = TYPEFACES[Face.BODY].name
    return _a(tag, _a("latin", typeface=LATIN.name), _a("ea", typeface=face), sz=size, b=0)


def _text_properties(size: int) -> Node:
    return _c(
        "txPr",
        _a("bodyPr"),
        _a("lstStyle"),
        _a("p", _a("pPr", _character("defRPr", size)), _a("endParaRPr", lang="zh-CN")),
    )


def _title(text: str, size: int) -> Node:
    leaf = _a("t")
    leaf.text = text
    paragraph = _a("p", _a("pPr", _character("defRPr", size)), _a("r", _character("rPr", size), leaf))
    return _c("title", _c("tx", _c("rich", _a("bodyPr"), _a("lstStyle"), paragraph)), _c("overlay", val=0))


def build_workbook(chart: Chart) -> bytes:
    """Build the workbook behind a chart. Unknown values are empty cells; no text becomes a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    columns = [("", *category_labels(chart)), *((series.name, *series.values) for series in chart.series)]
    for column, values in enumerate(columns, start=1):
        for row, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str) and value:
                cell.data_type = "s"  # a name that begins with "=" is a name
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def describe_chart(chart: Chart) -> str:
    """Say in words what a chart shows, for readers who cannot see it."""
    rows = (f"{series.name}：{'，'.join(map(_point, chart.categories, series.values))}" for series in chart.series)
    return f"{chart.title}。{'；'.join(rows)}。"


def _point(category: str, value: Decimal | None) -> str:
    return f"{category}{NO_DATA}" if value is None else f"{category}{value:f}"


def build_drawing(chart: Chart, *, chart_id: str, number: int) -> Node:
    """Build the inline drawing that places a chart in the text."""
    drawing = OxmlElement("w:drawing")
    inline = etree.SubElement(drawing, f"{{{_WP}}}inline", distT="0", distB="0", distL="0", distR="0")
    etree.SubElement(inline, f"{{{_WP}}}extent", cx=str(page.emu(_WIDTH_MM)), cy=str(page.emu(chart_height(chart))))
    properties = etree.SubElement(inline, f"{{{_WP}}}docPr", id=str(number), name=f"图{number}")
    properties.set("descr", describe_chart(chart))
    etree.SubElement(inline, f"{{{_WP}}}cNvGraphicFramePr")
    graphic = etree.SubElement(inline, f"{{{_A}}}graphic", nsmap={"a": _A})
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", uri=_C)
    reference = etree.SubElement(data, f"{{{_C}}}chart", nsmap={"c": _C, "r": _R})
    reference.set(f"{{{_R}}}id", chart_id)
    return drawing
