"""Charts are Word's own: drawn from cached values, editable through the workbook they carry."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook

from fangxin.engines.papers import BarChart, LineChart, Paper, PaperError, Problem, Series, render

C = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
RATES = (Decimal("91.67"), None, Decimal(80))
BARS = BarChart(
    "按期整改率", ("东岭镇", "西河镇", "北川乡"), (Series("结果", RATES), Series("目标", (Decimal(90),) * 3)), unit="%"
)
LINE = LineChart("趋势", ("1月", "2月", "3月"), (Series("整改率", RATES),))


def built(*charts):
    paper = Paper("某县食安办文件", "通报", charts, "某县食安办", date(2024, 9, 25))
    return render(paper)


def chart_root(content, number=1):
    with ZipFile(BytesIO(content)) as archive:
        return etree.fromstring(archive.read(f"word/charts/chart{number}.xml"))


def test_unknown_value_has_no_point_and_its_category_says_so():
    root = chart_root(built(LINE))
    values = {p.get("idx"): p.findtext("c:v", namespaces=C) for p in root.iterfind(".//c:val//c:pt", C)}
    labels = [p.findtext("c:v", namespaces=C) for p in root.iterfind(".//c:cat//c:pt", C)]
    assert values == {"0": "91.67", "2": "80"}
    assert labels == ["1月", "2月（暂无数据）", "3月"]
    assert root.find(".//c:dispBlanksAs", C).get("val") == "gap"


def test_workbook_holds_the_drawn_values_and_leaves_the_unknown_empty():
    with ZipFile(BytesIO(built(BARS))) as archive:
        sheet = load_workbook(BytesIO(archive.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [None, "结果", "目标"],
        ["东岭镇", 91.67, 90],
        ["西河镇", None, 90],
        ["北川乡", 80, 90],
    ]


def test_chart_points_at_its_workbook_and_the_cells_it_drew():
    content = built(BARS)
    root = chart_root(content)
    with ZipFile(BytesIO(content)) as archive:
        relations = archive.read("word/charts/_rels/chart1.xml.rels").decode()
    relation = root.find("c:externalData", C).get(
        "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    )
    assert f'Id="{relation}"' in relations
    assert "../embeddings/Microsoft_Excel_Sheet1.xlsx" in relations
    assert [f.text for f in root.iterfind(".//c:val//c:f", C)] == ["Sheet1!$B$2:$B$4", "Sheet1!$C$2:$C$4"]


def test_name_that_looks_like_a_formula_stays_a_name():
    chart = BarChart("甲", ("=1+1", "@SUM(A1)"), (Series('=HYPERLINK("x")', (Decimal(1), Decimal(2))),))
    with ZipFile(BytesIO(built(chart))) as archive:
        book = load_workbook(BytesIO(archive.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx")))
    kinds = {cell.value: cell.data_type for row in book.active.rows for cell in row if isinstance(cell.value, str)}
    assert kinds == {"=1+1": "s", "@SUM(A1)": "s", '=HYPERLINK("x")': "s"}


def test_series_differ_by_more_than_colour():
    bars = chart_root(built(BARS))
    lines = chart_root(built(LineChart("甲", ("一",), (Series("子", (Decimal(1),)), Series("丑", (Decimal(2),))))))
    assert [len(s.findall(".//{*}pattFill")) for s in bars.iterfind(".//c:ser", C)] == [0, 1]
    assert len({m.get("val") for m in lines.iterfind(".//c:symbol", C)}) == 2


def test_bars_start_at_zero_unless_a_value_lies_below():
    below = BarChart("甲", ("一",), (Series("子", (Decimal(-3),)),))
    assert chart_root(built(BARS)).find(".//c:valAx/c:scaling/c:min", C).get("val") == "0"
    assert chart_root(built(below)).find(".//c:valAx/c:scaling/c:min", C) is None


def test_bars_lie_down_for_long_names():
    long = BarChart("甲", ("食源性疾病监测医疗机构覆盖率",), (Series("子", (Decimal(3),)),))
    short = BarChart("甲", ("一月",), (Series("子", (Decimal(3),)),))
    assert chart_root(built(long)).find(".//c:barDir", C).get("val") == "bar"
    assert chart_root(built(short)).find(".//c:barDir", C).get("val") == "col"


def test_chart_is_described_in_words():
    document = Document(BytesIO(built(BARS)))
    description = document.element.find(".//{*}docPr").get("descr")
    assert "东岭镇91.67，西河镇暂无数据，北川乡80" in description


def test_several_charts_have_their_own_parts_and_the_file_stays_the_same():
    first = built(BARS, LINE)
    assert first == built(BARS, LINE)
    assert chart_root(first, 2).find(".//c:lineChart", C) is not None
    with (
        ZipFile(BytesIO(first)) as archive,
        ZipFile(BytesIO(archive.read("word/embeddings/Microsoft_Excel_Sheet2.xlsx"))) as book,
    ):
        assert b"1980-01-01" in book.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: BarChart("甲", ("一", "二"), (Series("子", (Decimal(1),)),)), Problem.SERIES_SHAPE),
        (lambda: LineChart("甲", (), ()), Problem.SERIES_SHAPE),
        (lambda: Series("子", (Decimal("NaN"),)), Problem.NUMBER),
        (lambda: BarChart("甲\x00", ("一",), (Series("子", (Decimal(1),)),)), Problem.UNPRINTABLE),
    ],
)
def test_chart_without_sense_is_refused(make, problem):
    with pytest.raises(PaperError) as caught:
        make()
    assert caught.value.problem is problem
