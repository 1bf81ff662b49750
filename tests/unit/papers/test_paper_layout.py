"""The page of GB/T 9704-2012, read back from the file with the library that offices' tools are built on."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from time import perf_counter
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from fangxin.engines.papers import (
    Attachment,
    Form,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Table,
    Urgency,
    render,
)

PAPER = Paper(
    agency_mark="青禾县食品安全委员会办公室文件",
    title="关于开展食品安全自查的通知",
    body=(Paragraph("请认真自查。"),),
    signature="青禾县食品安全委员会办公室",
    date=date(2022, 5, 19),
    document_number="青食安办〔2022〕8号",
    recipients=("各乡镇人民政府", "县食安委各成员单位"),
    copy_to=("县委办公室", "县政府办公室"),
    printed_by="青禾县食品安全委员会办公室",
    printed_on=date(2022, 5, 20),
)
LETTER = replace(PAPER, form=Form.LETTER, agency_mark="青禾县食品安全委员会办公室")


def opened(paper):
    return Document(BytesIO(render(paper)))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def paragraph_of(document, text):
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == text)


def right_indent(paragraph):
    return paragraph._p.pPr.ind.get(qn("w:right"))


def test_page_and_margins_are_those_of_the_standard():
    section = opened(PAPER).sections[0]
    tolerance = Mm(0.05)
    expected = {
        "page_width": Mm(210),
        "page_height": Mm(297),
        "top_margin": Mm(37),
        "left_margin": Mm(28),
        "right_margin": Mm(26),
        "bottom_margin": Mm(35),
    }
    for name, length in expected.items():
        assert abs(getattr(section, name) - length) <= tolerance, name


def test_grid_holds_22_lines_of_28_characters():
    section = opened(PAPER).sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch")))
    character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert grid.get(qn("w:type")) == "linesAndChars"
    # 225 mm / 22 = 28.99 pt a line, 156 mm / 28 = 5.571 mm a character
    assert pitch / 20 == pytest.approx(28.99, abs=0.05)
    assert character / 72 * 25.4 == pytest.approx(5.571, abs=0.001)
    assert 22 * pitch <= 225 / 25.4 * 1440 < 23 * pitch
    assert 28 * character <= 156 / 25.4 * 72 < 29 * character


def test_text_keeps_to_the_grid_in_programs_that_ignore_it():
    normal = opened(PAPER).styles["Normal"]
    tightened = 16 + int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert 28 * tightened <= 156 / 25.4 * 72 < 29 * tightened


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("公文正文", "仿宋_GB2312", 16),
        ("heading 1", "黑体", 16),
        ("heading 2", "楷体_GB2312", 16),
        ("heading 3", "仿宋_GB2312", 16),
        ("heading 4", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("版记", "仿宋_GB2312", 14),
        ("页码", "宋体", 14),
    ],
)
def test_faces_and_sizes(style, face, size):
    properties = next(s for s in opened(PAPER).styles.element.style_lst if s.name_val == style).rPr
    assert properties.rFonts.get(qn("w:eastAsia")) == face
    assert properties.sz.val.pt == size


def test_font_table_names_open_stand_ins():
    with ZipFile(BytesIO(render(PAPER))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    for name in ("FangSong", "SimHei", "KaiTi", "Noto Serif CJK SC", "Noto Sans CJK SC", "Liberation Serif"):
        assert name in table


def test_first_line_is_indented_by_two_characters():
    style = opened(PAPER).styles["公文正文"]
    assert style.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_parts_stand_in_the_order_of_the_standard():
    paper = replace(
        PAPER,
        copy_serial=12,
        urgency=Urgency.URGENT,
        attachments=(Attachment("名单"), Attachment("表式")),
        note="此件公开发布",
    )
    assert [text for text in texts(opened(paper)) if text] == [
        "000012",
        "加急",
        "青禾县食品安全委员会办公室文件",
        "青食安办〔2022〕8号",
        "关于开展食品安全自查的通知",
        "各乡镇人民政府，县食安委各成员单位：",
        "请认真自查。",
        "附件：1.\t名单",
        "2.\t表式",
        "青禾县食品安全委员会办公室",
        "2022年5月19日",
        "（此件公开发布）",
    ]


def test_mark_and_separator_are_red_and_the_separator_spans_the_type_area():
    document = opened(PAPER)
    mark = paragraph_of(document, PAPER.agency_mark).runs[0]
    rule = paragraph_of(document, PAPER.document_number)._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert str(mark.font.color.rgb) == "FF0000"
    assert rule.get(qn("w:color")) == "FF0000"
    assert paragraph_of(document, PAPER.document_number)._p.pPr.ind is None


def test_upward_paper_has_number_at_the_left_and_signer_in_kai_at_the_right():
    document = opened(replace(PAPER, signer="赵某某"))
    line = paragraph_of(document, "　青食安办〔2022〕8号\t签发人：赵某某")
    name = line.runs[-1]
    assert name.text == "赵某某"
    assert name._r.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"
    assert line._p.pPr.find(qn("w:tabs"))[0].get(qn("w:val")) == "right"


def test_headings_count_and_start_again_below_a_higher_one():
    body = (
        Heading(1, "总体要求"),
        Heading(2, "目标"),
        Heading(3, "甲"),
        Heading(4, "子"),
        Heading(4, "丑"),
        Heading(3, "乙"),
        Heading(2, "原则。", follow="坚持问题导向。"),
        Heading(1, "任务"),
        Heading(2, "检查"),
        Heading(3, follow="逐户登记。"),
    )
    found = texts(opened(replace(PAPER, body=body)))
    start = found.index("一、总体要求")
    assert found[start : start + 10] == [
        "一、总体要求",
        "（一）目标",
        "1.甲",
        "（1）子",
        "（2）丑",
        "2.乙",
        "（二）原则。坚持问题导向。",
        "二、任务",
        "（一）检查",
        "1.逐户登记。",
    ]


def test_sealed_paper_has_its_date_four_characters_from_the_edge_below_the_centred_agency():
    document = opened(PAPER)
    character = 8844 / 28
    day, agency = paragraph_of(document, "2022年5月19日"), paragraph_of(document, PAPER.signature)
    assert int(right_indent(day)) == pytest.approx(4 * character, abs=1)
    # 13 characters over 6.5: 3.25 characters overhang on each side
    assert int(right_indent(agency)) == pytest.approx(0.75 * character, abs=1)


def test_unsealed_paper_has_its_agency_two_characters_from_the_edge_and_its_date_two_further_in():
    document = opened(replace(PAPER, sealed=False))
    character = 8844 / 28
    day, agency = paragraph_of(document, "2022年5月19日"), paragraph_of(document, PAPER.signature)
    assert int(right_indent(agency)) == pytest.approx(2 * character, abs=1)
    # starts of the lines: (28 - 2 - 13) and (28 - 6.5 - 6.5) characters
    assert int(right_indent(day)) == pytest.approx(6.5 * character, abs=1)


def test_signature_never_stands_alone_on_a_page():
    document = opened(PAPER)
    tail = document.paragraphs[texts(document).index("请认真自查。") :]
    assert [p.paragraph_format.keep_with_next for p in tail[:4]] == [True] * 4


def test_imprint_clings_to_the_bottom_between_thick_rules_with_a_thin_one_between():
    table = opened(PAPER).tables[-1]
    position = table._tbl.tblPr.find(qn("w:tblpPr"))
    borders = [row.cells[0]._tc.tcPr.find(qn("w:tcBorders")) for row in table.rows]
    sizes = [(b.find(qn("w:top")).get(qn("w:sz")), b.find(qn("w:bottom")).get(qn("w:sz"))) for b in borders]
    assert position.get(qn("w:tblpYSpec")) == "bottom"
    assert position.get(qn("w:vertAnchor")) == "margin"
    assert sizes == [("8", "6"), ("6", "8")]
    assert [row.cells[0].text for row in table.rows] == [
        "抄送：县委办公室，县政府办公室。",
        "青禾县食品安全委员会办公室\t2022年5月20日印发",
    ]


def test_page_number_stands_between_dashes_right_on_odd_pages_and_left_on_even_ones():
    document = opened(PAPER)
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer in (odd, even):
        assert footer.text == "— 1 —"
        assert "PAGE" in footer._p.xml
    assert odd._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"
    assert even._p.pPr.find(qn("w:jc")) is None
    # 4号: one character is 14 pt
    assert odd._p.pPr.ind.get(qn("w:right")) == even._p.pPr.ind.get(qn("w:left")) == "280"


def test_letter_has_its_mark_over_red_double_lines_and_no_number_on_the_first_page():
    document = opened(LETTER)
    section = document.sections[0]
    header, footer = section.first_page_header.paragraphs, section.first_page_footer.paragraphs
    rules = [p._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")) for p in (*header[1:], *footer)]
    assert section.different_first_page_header_footer
    assert header[0].text == LETTER.agency_mark
    assert {rule.get(qn("w:color")) for rule in rules} == {"FF0000"}
    # thick above thin at the top, thin above thick at the bottom
    assert [int(rule.get(qn("w:sz"))) for rule in rules] == [18, 6, 6, 18]
    assert not any("PAGE" in p._p.xml for p in footer)
    assert "PAGE" in section.footer.paragraphs[0]._p.xml


def test_letter_lines_are_170_mm_wide_and_centred():
    section = opened(LETTER).sections[0]
    indent = section.first_page_footer.paragraphs[0]._p.pPr.ind
    left = 28 + int(indent.get(qn("w:left"))) / 1440 * 25.4
    right = 26 + int(indent.get(qn("w:right"))) / 1440 * 25.4
    assert (left, right) == (pytest.approx(20, abs=0.05), pytest.approx(20, abs=0.05))


def test_letter_imprint_has_neither_rules_nor_printing_agency():
    table = opened(LETTER).tables[-1]
    assert [row.cells[0].text for row in table.rows] == ["抄送：县委办公室，县政府办公室。"]
    assert not len(table.rows[0].cells[0]._tc.tcPr.find(qn("w:tcBorders")))


def test_table_is_as_wide_as_the_type_area_and_repeats_its_header():
    table = Table(("乡镇", "应检", "实检"), tuple((f"第{i}镇", "9", "8") for i in range(80)), widths=(2, 1, 1))
    built = opened(replace(PAPER, body=(table,))).tables[0]
    assert sum(int(column.get(qn("w:w"))) for column in built._tbl.tblGrid) == 8844
    assert built.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert built.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in built.rows[80].cells] == ["第79镇", "9", "8"]


def test_attachment_with_a_body_starts_a_page_before_the_imprint():
    paper = replace(PAPER, attachments=(Attachment("任务分工", (Paragraph("见下。"),)),))
    document = opened(paper)
    mark = paragraph_of(document, "附件")
    assert mark.paragraph_format.page_break_before
    assert texts(document).index("附件") > texts(document).index("2022年5月19日")
    body = list(document.element.body)
    assert body.index(document.tables[-1]._tbl) > body.index(mark._p)


def test_page_break_starts_a_page():
    document = opened(replace(PAPER, body=(Paragraph("前。"), PageBreak(), Paragraph("后。"))))
    before = document.paragraphs[texts(document).index("后。") - 1]
    assert before.paragraph_format.page_break_before


def test_same_paper_gives_the_same_bytes_and_the_file_is_dated_as_the_paper():
    first, second = render(PAPER), render(PAPER)
    properties = Document(BytesIO(first)).core_properties
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert first == second
    assert properties.created.date() == properties.modified.date() == PAPER.date
    assert properties.author == PAPER.signature


def test_another_date_gives_other_bytes():
    assert render(PAPER) != render(replace(PAPER, date=date(2022, 5, 20)))


def test_sixty_pages_are_written_within_three_seconds():
    # 22 lines of 28 characters a page; the paragraph fills eleven of them
    body = tuple(Paragraph("严格落实主体责任。" * 34) for _ in range(120))
    start = perf_counter()
    content = render(replace(PAPER, body=body))
    assert perf_counter() - start < 3
    assert len(Document(BytesIO(content)).paragraphs) > 120
