"""What people type stays text, and what cannot be printed is refused, never dropped."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.papers import (
    Heading,
    Paper,
    PaperError,
    Paragraph,
    Problem,
    Series,
    Table,
    is_document_number,
    number_zh,
    render,
)
from fangxin.engines.papers.titles import title_lines

PAPER = Paper("某县食安办文件", "通知", (Paragraph("正文。"),), "某县食安办", date(2022, 5, 19))
MARKUP = '</w:t></w:r><w:r><w:fldSimple w:instr="PAGE"/>&lt;&amp;<![CDATA[x]]><?pi?>{ INCLUDETEXT "file" }%s${x}'


def body_texts(paper):
    return [paragraph.text for paragraph in Document(BytesIO(render(paper))).paragraphs]


def test_markup_stays_text_in_every_place():
    paper = replace(
        PAPER,
        agency_mark=MARKUP,
        title=MARKUP,
        signature=MARKUP,
        signer=MARKUP,
        note=MARKUP,
        recipients=(MARKUP,),
        copy_to=(MARKUP,),
        printed_by=MARKUP,
        body=(Paragraph(MARKUP), Heading(2, MARKUP), Table((MARKUP,), ((MARKUP,),), title=MARKUP)),
    )
    document = Document(BytesIO(render(paper)))
    found = body_texts(paper)
    assert MARKUP in found
    assert f"（一）{MARKUP}" in found
    assert f"（{MARKUP}）" in found
    assert document.tables[0].rows[1].cells[0].text == MARKUP
    assert document.tables[1].rows[0].cells[0].text == f"抄送：{MARKUP}。"
    assert "fldSimple" not in {node.tag.split("}")[1] for node in document.element.iter() if isinstance(node.tag, str)}


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800", "\u202e", "\u2066"])
def test_unprintable_character_is_refused_with_its_place(character):
    with pytest.raises(PaperError) as caught:
        Paragraph(f"甲{character}乙")
    assert caught.value.problem is Problem.UNPRINTABLE
    assert caught.value.field == "paragraph"
    assert caught.value.detail == f"U+{ord(character):04X} at 1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agency_mark", "\x01"),
        ("title", "\x01"),
        ("signature", "\x01"),
        ("document_number", "\x01"),
        ("signer", "\x01"),
        ("note", "\x01"),
        ("recipients", ("\x01",)),
        ("copy_to", ("\x01",)),
        ("printed_by", "\x01"),
    ],
)
def test_every_field_is_checked(field, value):
    with pytest.raises(PaperError) as caught:
        replace(PAPER, **{field: value})
    assert (caught.value.problem, caught.value.field) == (Problem.UNPRINTABLE, field)


@pytest.mark.parametrize(
    "number", ["青食安办[2022]8号", "青食安办〔2022〕第8号", "青食安办〔2022〕08号", "〔2022〕8号", "8号"]
)
def test_document_number_of_another_form_is_refused(number):
    assert not is_document_number(number)
    with pytest.raises(PaperError) as caught:
        replace(PAPER, document_number=number)
    assert caught.value.problem is Problem.DOCUMENT_NUMBER


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: replace(PAPER, signature=" "), Problem.EMPTY),
        (lambda: replace(PAPER, signature="甲\n乙"), Problem.LINE_BREAK),
        (lambda: replace(PAPER, copy_serial=1_000_000), Problem.COPY_SERIAL),
        (lambda: Heading(5, "甲"), Problem.HEADING_LEVEL),
        (lambda: Heading(1), Problem.EMPTY),
        (lambda: Table(("甲", "乙"), (("一",),)), Problem.TABLE_SHAPE),
        (lambda: Table((), ()), Problem.TABLE_SHAPE),
        (lambda: Series("", ()), Problem.EMPTY),
    ],
)
def test_values_refuse_what_has_no_place_in_a_paper(make, problem):
    with pytest.raises(PaperError) as caught:
        make()
    assert caught.value.problem is problem


PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn")), max_size=60)


@settings(max_examples=25, deadline=None)
@given(PRINTABLE)
def test_any_printable_text_comes_back_unchanged(text):
    assert text in body_texts(replace(PAPER, body=(Paragraph(text),)))


def test_line_breaks_stay_in_their_paragraph():
    assert "甲\n乙" in body_texts(replace(PAPER, body=(Paragraph("甲\r\n乙"),)))


@settings(max_examples=60, deadline=None)
@given(st.text("关于开展食品安全攻坚行动2024年第三季度工作情况的通报（试行）、《方案》", min_size=1, max_size=90))
def test_title_lines_lose_nothing_and_never_start_with_a_closing_mark(title):
    lines = title_lines(title)
    assert "".join(lines) == title
    assert not any(line[0] in "、）》" for line in lines[1:])


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于开展自查的通知", ("关于开展自查的通知",)),
        (
            "关于2024年第三季度食品安全攻坚行动进展情况的通报",
            ("关于2024年第三季度食品安全", "攻坚行动进展情况的通报"),
        ),
        ("关于印发方案的\n通知", ("关于印发方案的", "通知")),
    ],
)
def test_title_breaks_between_words(title, lines):
    assert title_lines(title) == lines


def test_very_long_title_is_still_set_quickly():
    lines = title_lines("食品安全工作" * 60)
    assert "".join(lines) == "食品安全工作" * 60


def _read_zh(text):
    """Read a numeral the long way round: the other way to the same number."""
    total, digit = 0, 0
    for char in text:
        if char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(char)
    return total + digit


def test_every_chinese_numeral_reads_back():
    assert [_read_zh(number_zh(n)) for n in range(10_000)] == list(range(10_000))
    assert len({number_zh(n) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_without_a_heading_are_refused(number):
    with pytest.raises(ValueError, match="outside"):
        number_zh(number)
