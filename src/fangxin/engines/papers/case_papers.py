"""Papers of a penalty case: from the filing form to the closing report.

The sentences are our own; the articles, terms and remedies come from the caller, who knows the edition in force on
the day. Sums are in yuan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fangxin.engines.papers.chinese import format_date_zh, format_time_zh, join_sentences, strip_end
from fangxin.engines.papers.letters import Dispatch, Remedies, dispatch_paper, numbered, text_blocks
from fangxin.engines.papers.values import Align, Block, Form, Heading, Paper, PaperError, Paragraph, Problem, Table

_TO_SIGN = "\n\n签名：　　　　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What every paper of a case says of it. `goods_value`, `illegal_gain` None: not established."""

    number: str
    party: str
    offence: str
    facts: str
    source: str
    officers: tuple[str, ...]
    place: str = ""
    clue_on: date | None = None
    goods_value: Decimal | None = None
    illegal_gain: Decimal | None = None
    basis: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """A penalty, intended or decided. `reasons` says why so much and no more."""

    fine: Decimal
    other: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class HearingFacts:
    """A hearing: when, where, led by whom."""

    held_at: datetime
    place: str
    host: str


@dataclass(frozen=True, slots=True)
class ListedGoods:
    """One line of a list of goods."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What was served on whom. Who received it, when and how is written by hand."""

    document: str
    document_number: str
    receiver: str
    address: str = ""


def format_yuan(amount: Decimal | None) -> str:
    """Write a sum; what was not established says so.

    >>> format_yuan(Decimal("50000.00")), format_yuan(Decimal("60.5")), format_yuan(None)
    ('50000元', '60.5元', '未查明')
    """
    if amount is None:
        return "未查明"
    text = f"{amount:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}元"


def filing_form(dispatch: Dispatch, facts: CaseFacts, *, opinion: str = "") -> Paper:
    """Write the form by which opening a case is approved (立案审批表)."""
    rows = [
        ("案件编号", facts.number),
        ("当事人", facts.party),
        ("案件来源", facts.source),
        ("线索发现日期", format_date_zh(facts.clue_on) if facts.clue_on else "未记录"),
        ("案发地", facts.place or "未记录"),
        ("涉嫌违法行为", facts.offence),
        ("主要事实", facts.facts),
        ("法律依据", facts.basis or "待调查后确定"),
        ("办案人员意见", f"{opinion}{_TO_SIGN}"),
        ("办案机构负责人意见", _TO_SIGN),
        ("机关负责人意见", _TO_SIGN),
    ]
    return _form(dispatch, "立案审批表", rows)


def penalty_notice(
    dispatch: Dispatch, facts: CaseFacts, penalty: PenaltyTerms, *, days: int, hearing: bool, place: str
) -> Paper:
    """Write the notice of rights before a penalty (行政处罚告知书); `days` are working days."""
    _need(facts.basis, "basis")
    rights = f"依法，你（单位）有权进行陈述和申辩{'，并有权要求举行听证' if hearing else ''}。"
    body = (
        Paragraph(
            f"你（单位）涉嫌{facts.offence}一案（编号：{facts.number}）已调查终结。现将拟作出的行政处罚告知如下。"
        ),
        Heading(1, "违法事实和证据"),
        *text_blocks(facts.facts),
        *_amounts(facts),
        *_evidence(facts.evidence),
        Heading(1, "处罚依据和理由"),
        Paragraph(join_sentences([f"上述行为适用{facts.basis}"])),
        *text_blocks(penalty.reasons),
        Heading(1, "拟作出的处罚"),
        *numbered(_terms(penalty)),
        Heading(1, "你（单位）的权利"),
        Paragraph(
            f"{rights}请自收到本告知书之日起{days}个工作日内向本机关提出，逾期未提出的，视为放弃。"
            f"本机关不会因为陈述、申辩{'或者要求听证' if hearing else ''}而加重处罚。"
        ),
        Paragraph(f"提出意见的地点：{strip_end(place)}。"),
    )
    return _letter(dispatch, "行政处罚告知书", facts.party, body)


def hearing_notice(dispatch: Dispatch, facts: CaseFacts, hearing: HearingFacts) -> Paper:
    """Write the notice of a hearing (行政处罚听证通知书)."""
    when = f"{format_date_zh(hearing.held_at.date())}{format_time_zh(hearing.held_at.time())}"
    body = (
        Paragraph(
            f"应你（单位）要求，本机关决定就{facts.offence}一案（编号：{facts.number}）公开举行听证；依法不公开的除外。"
        ),
        Paragraph(f"时间：{when}。"),
        Paragraph(f"地点：{strip_end(hearing.place)}。主持人：{strip_end(hearing.host)}，主持人没有参加本案调查。"),
        *numbered(
            [
                "可以亲自参加，也可以委托一至二人代理；委托代理的，应当提交授权委托书",
                "认为主持人与本案有直接利害关系的，有权申请回避",
                "无正当理由不出席或者未经许可中途退出的，视为放弃听证权利",
                "请携带本通知和有关证据，通知证人到场",
            ]
        ),
    )
    return _letter(dispatch, "行政处罚听证通知书", facts.party, body)


def penalty_decision(
    dispatch: Dispatch,
    facts: CaseFacts,
    penalty: PenaltyTerms,
    *,
    opinions: str,
    payment: str,
    pay_days: int,
    late_percent: Decimal,
    remedies: Remedies | None,
) -> Paper:
    """Write the decision (行政处罚决定书); `opinions` is what the party said and how it was dealt with."""
    _need(facts.basis, "basis")
    _need(opinions, "opinions")
    body = (
        Paragraph(f"当事人：{facts.party}。案件编号：{facts.number}。案件来源：{strip_end(facts.source)}。"),
        Heading(1, "违法事实"),
        *text_blocks(facts.facts),
        *_amounts(facts),
        Heading(1, "证据"),
        *(_evidence(facts.evidence) or (Paragraph("证据见案卷。"),)),
        Heading(1, "当事人的意见和复核情况"),
        *text_blocks(opinions),
        Heading(1, "处罚依据和理由"),
        Paragraph(join_sentences([f"当事人的行为构成{facts.offence}，依据{facts.basis}处理"])),
        *text_blocks(penalty.reasons),
        Heading(1, "处罚决定"),
        *numbered(_terms(penalty)),
        *_payment(penalty, payment, pay_days, late_percent),
        *_remedies(remedies),
    )
    return _letter(dispatch, "行政处罚决定书", facts.party, body)


def _payment(penalty: PenaltyTerms, payment: str, days: int, percent: Decimal) -> tuple[Block, ...]:
    if not penalty.fine:
        return ()
    text = (
        f"罚款请自收到本决定书之日起{days}日内缴至{strip_end(payment)}。到期不缴纳的，每日按罚款数额的"
        f"{format_yuan(percent).removesuffix('元')}%加处罚款，加处罚款的数额不超出罚款本数。"
    )
    return (Heading(1, "履行方式和期限"), Paragraph(text))


def _remedies(remedies: Remedies | None) -> tuple[Block, ...]:
    if remedies is None:
        return ()
    text = (
        f"对本决定不服的，可以自收到之日起{remedies.reconsideration_days}日内向{remedies.reconsideration}申请行政复议，"
        f"也可以自收到之日起{remedies.court_months}个月内向{remedies.court}提起行政诉讼。复议、诉讼期间本决定不停止执行，"
        "法律另有规定的除外。"
    )
    return (Heading(1, "救济途径"), Paragraph(text))


def service_receipt(dispatch: Dispatch, facts: CaseFacts, service: Service) -> Paper:
    """Write the receipt that the receiver signs (送达回证)."""
    rows = [
        ("案件编号", facts.number),
        ("送达文书", f"{service.document} {service.document_number}".strip()),
        ("受送达人", service.receiver),
        ("送达地点", service.address or " "),
        ("送达方式", "□直接　□留置　□邮寄　□电子　□公告　□其他"),
        ("收件人", _TO_SIGN),
        ("代收人及代收理由", _TO_SIGN),
        ("见证人", _TO_SIGN),
        ("送达人（两人）", f"{'、'.join(facts.officers)}{_TO_SIGN}"),
        ("备注", " "),
    ]
    return _form(dispatch, "送达回证", rows)


def goods_list(
    dispatch: Dispatch, facts: CaseFacts, goods: Sequence[ListedGoods], *, measure: str, place: str, taken_at: datetime
) -> Paper:
    """Write the list of goods registered, sealed or seized (先行登记保存、查封、扣押清单)."""
    if not goods:
        raise PaperError(Problem.EMPTY, "goods")
    taken = f"{format_date_zh(taken_at.date())}{format_time_zh(taken_at.time())}"
    rows = tuple((str(n), row.name, row.note or " ") for n, row in enumerate(goods, start=1))
    align = (Align.CENTER, Align.LEFT, Align.LEFT)
    body = (
        Paragraph(f"案件编号：{facts.number}。当事人：{facts.party}。"),
        Paragraph(
            f"{taken}，对下列物品采取{measure}措施，存放地点：{strip_end(place)}。未经批准不得动用、调换、转移或者损毁。"
        ),
        Table(("序号", "物品（名称、规格、数量、批号）", "备注"), rows, widths=(3, 18, 9), align=align),
        Paragraph(f"以上共{len(goods)}项，经双方当场清点核对无误。当事人持一份，入卷一份。"),
        Paragraph("当事人：　　　　　　　　办案人员（两人）：　　　　　　　　见证人：　　　　　　　"),
    )
    return _letter(dispatch, f"{measure}物品清单", facts.party, body)


def transfer_letter(
    dispatch: Dispatch,
    facts: CaseFacts,
    *,
    police: str,
    triggers: Sequence[str],
    approved_at: datetime,
    packet: Sequence[str],
) -> Paper:
    """Write the letter that hands a suspected crime to the police (涉嫌犯罪案件移送书)."""
    if not packet or not triggers:
        raise PaperError(Problem.EMPTY, "packet" if not packet else "triggers")
    approved = f"{format_date_zh(approved_at.date())}{format_time_zh(approved_at.time())}"
    body = (
        Paragraph(
            f"我单位在查处{facts.party}{facts.offence}一案（编号：{facts.number}）中，发现涉嫌犯罪，"
            f"经本机关负责人于{approved}批准，现移送你单位。"
        ),
        Heading(1, "基本事实"),
        *text_blocks(facts.facts),
        *_amounts(facts),
        Heading(1, "涉嫌犯罪的情形"),
        *numbered(list(triggers)),
        Heading(1, "随案材料"),
        *numbered(list(packet)),
        Paragraph("请依法审查并将是否立案的决定书面通知我单位，同时抄送同级检察机关。"),
        Paragraph(f"办案人员：{'、'.join(facts.officers)}。"),
    )
    return _letter(dispatch, "涉嫌犯罪案件移送书", police, body)


def closing_report(
    dispatch: Dispatch,
    facts: CaseFacts,
    penalty: PenaltyTerms | None,
    *,
    course: Sequence[tuple[str, str]],
    outcome: str,
) -> Paper:
    """Write the closing report (结案审批表); `course` is the case's course, day and step."""
    rows = [
        ("案件编号", facts.number),
        ("当事人", facts.party),
        ("违法行为", facts.offence),
        ("处理决定", "；".join(_terms(penalty)) if penalty else "未作出行政处罚"),
        ("货值金额", format_yuan(facts.goods_value)),
        ("违法所得", format_yuan(facts.illegal_gain)),
        ("办理经过", "\n".join(f"{day} {text}" for day, text in course) or "未记录"),
        ("执行情况和结案理由", outcome),
        ("办案人员意见", _TO_SIGN),
        ("机关负责人意见", _TO_SIGN),
    ]
    return _form(dispatch, "结案审批表", rows)


def _terms(penalty: PenaltyTerms) -> list[str]:
    terms = [line.strip() for line in penalty.other.splitlines() if line.strip()]
    if penalty.fine:
        terms.append(f"处罚款{format_yuan(penalty.fine)}")
    if not terms:
        raise PaperError(Problem.EMPTY, "penalty")
    return terms


def _amounts(facts: CaseFacts) -> tuple[Block, ...]:
    return (Paragraph(f"货值金额：{format_yuan(facts.goods_value)}；违法所得：{format_yuan(facts.illegal_gain)}。"),)


def _evidence(evidence: tuple[str, ...]) -> tuple[Block, ...]:
    if not evidence:
        return ()
    return (Paragraph("以上事实有下列证据证明："), *numbered(evidence))


def _letter(dispatch: Dispatch, title: str, recipient: str, body: tuple[Block, ...]) -> Paper:
    return dispatch_paper(dispatch, form=Form.LETTER, title=title, recipients=(recipient,), body=body)


def _form(dispatch: Dispatch, title: str, rows: Sequence[tuple[str, str]]) -> Paper:
    table = Table(("项目", "内容"), tuple(rows), widths=(7, 23), align=(Align.CENTER, Align.LEFT))
    return dispatch_paper(dispatch, form=Form.LETTER, title=title, recipients=(), body=(table,))


def _need(text: str, field: str) -> None:
    if not text.strip():
        raise PaperError(Problem.EMPTY, field)
