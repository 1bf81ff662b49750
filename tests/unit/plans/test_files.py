"""From bytes to text: encodings, Word documents, compressed files, and files that are refused."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from tests.unit.plans.more_samples import MORE_SAMPLES
from tests.unit.plans.samples import CITY, CLEAN, SAMPLES, Sample
from tests.unit.plans.word_files import add_numbered, add_table, from_text, new_document, replace_part, to_bytes

from fangxin.engines.plans import PlanReading, Unreadable, UnreadableFile, read_plan, read_text, to_json


def values(reading: PlanReading) -> dict[str, object]:
    return {k: v for k, v in to_json(reading).items() if k not in ("sources", "defects")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert read_text(CLEAN.text.encode(encoding), "plan.txt") == CLEAN.text


def test_line_ends_are_those_of_text_mode() -> None:
    assert read_text("甲\r\n乙\r丙\n".encode(), "plan.txt") == "甲\n乙\n丙\n"


@pytest.mark.parametrize("data", [CLEAN.text.encode("gb18030"), from_text(CLEAN.text)], ids=["txt", "docx"])
def test_a_gzipped_file_reads_like_the_file(data: bytes) -> None:
    assert read_text(gzip.compress(data), "plan.gz") == read_text(data, "plan")


@pytest.mark.parametrize("sample", [*SAMPLES, *MORE_SAMPLES], ids=lambda s: s.name)
def test_a_plan_in_word_reads_like_the_same_plan_in_text(sample: Sample) -> None:
    text = read_text(from_text(sample.text), "plan.docx")
    assert values(read_plan(text)) == values(read_plan(sample.text))


def test_ordinals_that_only_word_knows_are_written_out() -> None:
    document = new_document()
    for text, level in [
        ("总体要求", 0),
        ("主要任务", 0),
        ("甲行动", 1),
        ("乙行动", 1),
        ("小点", 2),
        ("保障措施", 0),
        ("领导", 1),
    ]:
        add_numbered(document, text, level)
    lines = [line for line in read_text(to_bytes(document), "a.docx").split("\n") if line]
    assert lines == [
        "一、总体要求",
        "二、主要任务",
        "（一）甲行动",
        "（二）乙行动",
        "1.小点",
        "三、保障措施",
        "（一）领导",
    ]


def test_a_plan_numbered_by_word_is_read() -> None:
    document = new_document()
    document.add_paragraph("北桥县食品安全放心工程建设攻坚行动方案（2023—2025年）")
    document.add_paragraph("为守护群众饮食安全，结合我县实际，制定本方案。")
    add_numbered(document, "工作目标", 0)
    document.add_paragraph("到2025年底，小餐饮登记率达到95%以上。")
    add_numbered(document, "主要任务", 0)
    add_numbered(document, "实施小餐饮规范行动。完善登记管理。（责任单位：县市场监管局、县城管局）", 1)
    add_numbered(document, "实施学校食堂提升行动。落实陪餐制度。（责任单位：县教体局、县市场监管局，各乡镇政府）", 1)
    add_numbered(document, "保障措施", 0)
    add_numbered(document, "加强领导。各单位要高度重视。", 1)
    reading = read_plan(read_text(to_bytes(document), "a.docx"))
    assert [(a.number, a.title, a.lead, a.cooperating, a.townships) for a in reading.actions] == [
        (1, "实施小餐饮规范行动", "县市场监管局", ("县城管局",), False),
        (2, "实施学校食堂提升行动", "县教体局", ("县市场监管局",), True),
    ]


HEADER = ("序号", "行动名称", "工作内容", "牵头单位", "配合单位")
ROWS = (
    ("1", "源头治理行动", "1.严格投入品管理；\n2.开展水质监测。", "县农业农村局", "县生态环境局、各乡镇政府"),
    ("2", "餐饮提升行动", "推进明厨亮灶。加强培训。", "县市场监管局", "县商务局、县卫健委"),
    ("3", "校园守护行动", "落实陪餐制度。", "县教体局", "县市场监管局"),
)


def plan_with_table(rows: tuple[tuple[str, ...], ...], merge_down: tuple[int, int, int] | None = None) -> PlanReading:
    document = Document()
    document.add_paragraph("南桥县食品安全攻坚行动实施方案（2022—2024年）")
    document.add_paragraph("为加强食品安全工作，制定本方案。")
    document.add_paragraph("一、主要任务")
    add_table(document, [HEADER, *rows], merge_down=merge_down)
    document.add_paragraph("二、保障措施")
    document.add_paragraph("（一）加强领导。各单位要高度重视。")
    return read_plan(read_text(to_bytes(document), "a.docx"))


def test_actions_in_a_table_are_read_by_their_columns() -> None:
    got = [(a.number, a.title, a.lead, a.cooperating, a.townships, a.measures) for a in plan_with_table(ROWS).actions]
    assert got == [
        (1, "源头治理行动", "县农业农村局", ("县生态环境局",), True, ("严格投入品管理", "开展水质监测")),
        (2, "餐饮提升行动", "县市场监管局", ("县商务局", "县卫健委"), False, ("推进明厨亮灶", "加强培训")),
        (3, "校园守护行动", "县教体局", ("县市场监管局",), False, ("落实陪餐制度",)),
    ]


def test_rows_under_one_merged_name_are_one_action() -> None:
    rows = (
        ("1", "源头治理行动", "严格投入品管理。", "县农业农村局", "县生态环境局"),
        ("1", "源头治理行动", "开展水质监测。", "县农业农村局", "县水利局"),
        ("2", "餐饮提升行动", "推进明厨亮灶。", "县市场监管局", "县商务局"),
    )
    first, second = plan_with_table(rows, merge_down=(1, 1, 2)).actions
    assert (first.lead, first.cooperating) == ("县农业农村局", ("县生态环境局", "县水利局"))
    assert first.measures == ("严格投入品管理", "开展水质监测")
    assert second.title == "餐饮提升行动"


def test_a_table_gives_the_units_that_the_text_leaves_out() -> None:
    document = Document()
    for line in (
        "东桥县食品安全攻坚行动方案",
        "一、主要任务",
        "（一）源头治理行动。严格投入品管理。",
        "（二）餐饮提升行动。推进明厨亮灶。",
        "附件：任务分工表",
    ):
        document.add_paragraph(line)
    add_table(
        document,
        [
            ("序号", "行动名称", "责任单位"),
            ("1", "源头治理行动", "县农业农村局、各乡镇政府"),
            ("2", "餐饮提升行动", "县市场监管局、县商务局"),
        ],
    )
    reading = read_plan(read_text(to_bytes(document), "a.docx"))
    assert [(a.lead, a.cooperating, a.townships) for a in reading.actions] == [
        ("县农业农村局", (), True),
        ("县市场监管局", ("县商务局",), False),
    ]


def test_tracked_deletions_are_left_out_and_insertions_kept() -> None:
    document = Document()
    paragraph = document.add_paragraph("责任单位：")
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>县公安局</w:t></w:r></w:ins>')
    )
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>县工商局</w:delText></w:r></w:del>')
    )
    assert read_text(to_bytes(document), "a.docx").strip() == "责任单位：县公安局"


def refusal(data: bytes) -> Unreadable:
    with pytest.raises(UnreadableFile) as caught:
        read_text(data, "plan.docx")
    return caught.value.reason


def test_files_without_text_are_refused_with_the_reason() -> None:
    assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") is Unreadable.NOT_TEXT
    assert refusal(b"%PDF-1.7 ...") is Unreadable.PDF
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)) is Unreadable.OLD_WORD
    assert refusal(b"PK\x03\x04 no archive") is Unreadable.BROKEN
    assert refusal(gzip.compress(b"abc" * 100)[:-8]) is Unreadable.BROKEN


def test_more_words_than_any_plan_has_are_refused_but_blanks_do_not_count() -> None:
    assert refusal(("食品安全方案" * 70_000).encode()) is Unreadable.TOO_LARGE
    assert refusal(b"\n" * 2_100_000) is Unreadable.TOO_LARGE
    assert read_text(("方案" + " " * 500_000).encode(), "a.txt").strip() == "方案"


def test_an_archive_that_is_no_word_document_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(stream.getvalue()) is Unreadable.NOT_TEXT


def test_a_document_that_expands_without_bound_is_refused() -> None:
    bomb = b"<w>" + b"\x20" * 80_000_000 + b"</w>"
    assert refusal(replace_part(from_text("x"), "word/document.xml", bomb)) is Unreadable.TOO_LARGE
    assert refusal(gzip.compress(b"a" * 40_000_000)) is Unreadable.TOO_LARGE


def test_entities_are_never_expanded() -> None:
    xml = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]><w>&a;&f;</w>'
    assert refusal(replace_part(from_text("x"), "word/document.xml", xml)) is Unreadable.BROKEN


def test_offsets_count_characters_of_the_text_as_read() -> None:
    text = read_text(from_text(CITY.text), "a.docx")
    for source in read_plan(text).sources.values():
        assert text[source.offset : source.offset + len(source.quote)] == source.quote
