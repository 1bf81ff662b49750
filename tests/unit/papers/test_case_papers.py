"""The papers of a penalty case: what each must say, and what it refuses."""

import doctest
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from fangxin.engines import papers
from fangxin.engines.deadlines.arithmetic import LOCAL
from fangxin.engines.papers import (
    CaseFacts,
    Dispatch,
    HearingFacts,
    ListedGoods,
    PaperError,
    PenaltyTerms,
    Remedies,
    Service,
    case_papers,
    render,
)

AGENCY = Dispatch(agency="青禾县市场监督管理局", date=date(2023, 5, 4), document_number="青市监罚〔2023〕3号")
FACTS = CaseFacts(
    number="案2023-000001",
    party="青禾老魏小吃店",
    offence="经营超过保质期的食品",
    facts="2023年3月1日检查发现过期牛奶3箱。\n当事人承认正在使用。",
    source="监督检查",
    officers=("秦川", "池鱼"),
    clue_on=date(2023, 3, 1),
    goods_value=Decimal("60.50"),
    basis="《食品安全法》第一百二十四条",
    evidence=("现场笔录", "照片"),
)
TERMS = PenaltyTerms(Decimal(50000), "没收过期牛奶", "首次违法，配合调查。")
REMEDIES = Remedies("青禾县人民政府", 60, "青禾县人民法院", 6)
DECISION = {
    "opinions": "没有提出意见。",
    "payment": "青禾银行",
    "pay_days": 15,
    "late_percent": Decimal(3),
    "remedies": REMEDIES,
}


def text_of(paper):
    document = Document(BytesIO(render(paper)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_examples_run():
    assert doctest.testmod(case_papers).failed == 0


def test_the_notice_tells_facts_basis_penalty_and_rights():
    text = text_of(papers.penalty_notice(AGENCY, FACTS, TERMS, days=5, hearing=True, place="县局二楼"))
    for part in (
        "过期牛奶3箱",
        "60.5元",
        "未查明",
        "第一百二十四条",
        "50000元",
        "没收过期牛奶",
        "陈述",
        "听证",
        "5个工作日",
        "县局二楼",
    ):
        assert part in text, part
    plain = text_of(papers.penalty_notice(AGENCY, FACTS, TERMS, days=5, hearing=False, place="县局二楼"))
    assert "听证" not in plain


def test_the_decision_tells_how_to_pay_and_where_to_object():
    text = text_of(papers.penalty_decision(AGENCY, FACTS, TERMS, **DECISION))
    for part in ("没有提出意见", "15日内", "3%", "不超出罚款本数", "60日内", "6个月内", "青禾县人民法院"):
        assert part in text, part
    warned = text_of(papers.penalty_decision(AGENCY, FACTS, PenaltyTerms(Decimal(0), "警告"), **DECISION))
    assert "加处罚款" not in warned
    assert "警告" in warned


def test_the_transfer_letter_names_triggers_and_packet():
    text = text_of(
        papers.transfer_letter(
            AGENCY, FACTS, police="青禾县公安局", triggers=["掺入有毒有害物质"], approved_at=datetime(2023, 3, 11, 10, 0, tzinfo=LOCAL),
            packet=["移送书", "检验报告"],
        )
    )  # fmt: skip
    for part in ("青禾县公安局", "2023年3月11日10时", "掺入有毒有害物质", "检验报告", "抄送同级检察机关", "秦川、池鱼"):
        assert part in text, part


def test_lists_receipts_and_forms_leave_room_to_sign():
    goods = papers.goods_list(
        AGENCY,
        FACTS,
        [ListedGoods("牛奶 3箱")],
        measure="扣押",
        place="所内库房",
        taken_at=datetime(2023, 3, 1, 9, 5, tzinfo=LOCAL),
    )
    assert "2023年3月1日9时05分" in text_of(goods)
    assert "牛奶 3箱" in text_of(goods)
    receipt = papers.service_receipt(AGENCY, FACTS, Service("行政处罚决定书", "青市监罚〔2023〕3号", "青禾老魏小吃店"))
    closing = papers.closing_report(AGENCY, FACTS, None, course=[("2023-03-01", "登记线索")], outcome="已缴清")
    for paper in (receipt, papers.filing_form(AGENCY, FACTS), closing):
        assert "签名" in text_of(paper)
    assert "未作出行政处罚" in text_of(closing)
    hearing = HearingFacts(datetime(2023, 3, 31, 9, 0, tzinfo=LOCAL), "县局", "韩梅")
    assert "2023年3月31日9时" in text_of(papers.hearing_notice(AGENCY, FACTS, hearing))


def test_a_paper_without_its_basis_or_penalty_is_refused():
    bare = replace(FACTS, basis=" ")
    with pytest.raises(PaperError):
        papers.penalty_notice(AGENCY, bare, TERMS, days=5, hearing=False, place="县局")
    with pytest.raises(PaperError):
        papers.penalty_decision(AGENCY, FACTS, PenaltyTerms(Decimal(0)), **DECISION)
    with pytest.raises(PaperError):
        papers.penalty_decision(AGENCY, FACTS, TERMS, **(DECISION | {"opinions": ""}))
    with pytest.raises(PaperError):
        papers.goods_list(AGENCY, FACTS, [], measure="扣押", place="库房", taken_at=datetime(2023, 3, 1, tzinfo=LOCAL))
    with pytest.raises(PaperError):
        papers.transfer_letter(
            AGENCY, FACTS, police="公安局", triggers=[], approved_at=datetime(2023, 3, 1, tzinfo=LOCAL), packet=["x"]
        )
