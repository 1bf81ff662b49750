"""Papers that follow one matter: reminder, supervision letter, interview notice, rectification order.

The sentences are our own. Legal bases are handed over by the caller, who knows which edition was in
force on the day; nothing here quotes a law by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from fangxin.engines.papers.chinese import format_date_zh, format_time_zh, join_sentences, strip_end
from fangxin.engines.papers.values import (
    Align,
    Attachment,
    Block,
    Form,
    Heading,
    Paper,
    PaperError,
    Paragraph,
    Problem,
    Table,
    Urgency,
    check_texts,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask, printed as the note below the date."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What every paper needs from the office that sends it.

    ``mark`` is the red agency mark; empty means the agency's name, with 文件 in the general form.
    """

    agency: str
    date: date
    document_number: str = ""
    mark: str = ""
    contact: Contact | None = None
    copy_to: tuple[str, ...] = ()
    urgency: Urgency | None = None
    printed_by: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DueItem:
    """One piece of work with its due date, as registered."""

    subject: str
    number: str
    basis: str
    due: date
    state: str
    overdue_workdays: int | None = None  # None: not overdue, or the calendar does not tell
    reminded_on: tuple[date, ...] = ()
    missing: str = ""

    def __post_init__(self) -> None:
        check_texts((self.subject, self.number, self.basis, self.state), "item")


@dataclass(frozen=True, slots=True)
class Reminder:
    """Work about to fall due: to whom, which, as of when."""

    recipient: str
    items: tuple[DueItem, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class Supervision:
    """Work overdue: to whom, which, what is asked and by when an answer is due."""

    recipient: str
    items: tuple[DueItem, ...]
    as_of: date
    demands: tuple[str, ...]
    reply_by: date


@dataclass(frozen=True, slots=True)
class Interview:
    """A responsibility interview (责任约谈): who, why, on which basis, when and where."""

    recipient: str
    interviewee: str
    reasons: tuple[str, ...]
    basis: tuple[str, ...]
    held_on: date
    held_at: time
    place: str
    host: str
    attendees: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    approved_by: str = ""
    feedback_by: date | None = None
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class FindingToRectify:
    """One finding: what was seen, the clause it breaks, the evidence, what to do, by when."""

    fact: str
    clause: str
    measure: str
    due: date
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Remedies:
    """Where and for how long the addressee can object, as the law in force on the day has it."""

    reconsideration: str
    reconsideration_days: int
    court: str
    court_months: int


@dataclass(frozen=True, slots=True)
class Rectification:
    """An order to put findings right after an inspection."""

    recipient: str
    inspected_on: date
    inspected_by: str
    findings: tuple[FindingToRectify, ...]
    basis: tuple[str, ...]
    recheck: str = ""
    consequence: str = ""
    remedies: Remedies | None = None


def dispatch_paper(
    dispatch: Dispatch,
    *,
    form: Form,
    title: str,
    recipients: tuple[str, ...],
    body: tuple[Block, ...],
    signer: str = "",
) -> Paper:
    """Put a body between the head and the foot of the sending office."""
    mark = dispatch.mark or (dispatch.agency if form is Form.LETTER else f"{dispatch.agency}文件")
    contact = dispatch.contact
    return Paper(
        agency_mark=mark,
        title=title,
        body=body,
        signature=dispatch.agency,
        date=dispatch.date,
        form=form,
        document_number=dispatch.document_number,
        recipients=recipients,
        signer=signer,
        urgency=dispatch.urgency,
        attachments=dispatch.attachments,
        note=f"联系人：{contact.name}，联系电话：{contact.phone}" if contact else "",
        copy_to=dispatch.copy_to,
        printed_by=dispatch.printed_by or (dispatch.agency if form is Form.DOCUMENT else ""),
    )


def text_blocks(text: str) -> tuple[Block, ...]:
    """Turn what a person typed into paragraphs, one for each line that says something."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def numbered(sentences: Sequence[str]) -> tuple[Block, ...]:
    """Set sentences out as numbered paragraphs, each closed by a full stop."""
    return tuple(Heading(3, follow=join_sentences([sentence])) for sentence in sentences)


def _require(values: tuple[object, ...], what: str) -> None:
    if not values:
        raise PaperError(Problem.EMPTY, what)


def reminder_letter(dispatch: Dispatch, reminder: Reminder) -> Paper:
    """Write a reminder (提醒函) of work about to fall due."""
    _require(reminder.items, "items")
    day = format_date_zh(reminder.as_of)
    if len(reminder.items) == 1:
        item = reminder.items[0]
        opening: tuple[Block, ...] = (
            Paragraph(
                f"按照{item.basis}，“{item.subject}”（编号：{item.number}）由你单位承办，"
                f"办理时限为{format_date_zh(item.due)}。截至{day}，该事项登记状态为“{item.state}”。现予提醒。"
            ),
        )
    else:
        opening = (
            Paragraph(f"截至{day}，由你单位承办的以下{len(reminder.items)}项工作临近办理时限，现予提醒。"),
            _items_table(reminder.items),
        )
    body = (
        *opening,
        Paragraph("请抓紧办理，在时限届满前报送办理结果和佐证材料，由复核人员核实后办结。"),
        Paragraph("确需延期的，请在时限届满前说明理由并提出申请，经批准后可以延期一次；逾期提出的不予受理。"),
        Paragraph("登记状态与实际情况不一致的，请一并说明，我们将核对更正。"),
    )
    title = f"关于按时办理{_subject(reminder.items)}的提醒函"
    return dispatch_paper(dispatch, form=Form.LETTER, title=title, recipients=(reminder.recipient,), body=body)


def supervision_letter(dispatch: Dispatch, supervision: Supervision) -> Paper:
    """Write a supervision letter (督办函) about overdue work."""
    _require(supervision.items, "items")
    _require(supervision.demands, "demands")
    count, day = len(supervision.items), format_date_zh(supervision.as_of)
    body = (
        Paragraph(f"经核查，截至{day}，由你单位承办的{count}项工作已超过办理时限仍未办结。为推动问题解决，现予督办。"),
        Heading(1, "督办事项"),
        *(Heading(3, *_overdue(item)) for item in supervision.items),
        Heading(1, "办理要求"),
        *numbered(supervision.demands),
        Heading(1, "反馈时限"),
        Paragraph(
            f"请于{format_date_zh(supervision.reply_by)}前书面反馈办理结果，并附佐证材料。到期仍未办结的，"
            "应当说明原因、责任人和完成日期；无正当理由的，将按规定启动约谈，并记入年度评议考核。"
        ),
    )
    title = f"关于{_subject(supervision.items)}逾期未办结的督办函"
    return dispatch_paper(dispatch, form=Form.LETTER, title=title, recipients=(supervision.recipient,), body=body)


def _subject(items: tuple[DueItem, ...]) -> str:
    return f"“{items[0].subject}”" if len(items) == 1 else f"{len(items)}项食品安全工作"


def _overdue(item: DueItem) -> tuple[str, str]:
    facts = [f"依据：{strip_end(item.basis)}", f"办理时限：{format_date_zh(item.due)}"]
    if item.overdue_workdays is not None:
        facts.append(f"已逾期{item.overdue_workdays}个工作日")
    if item.reminded_on:
        facts.append(f"已于{'、'.join(map(format_date_zh, item.reminded_on))}提醒")
    facts.append(f"登记状态：{item.state}")
    if item.missing:
        facts.append(f"尚缺：{strip_end(item.missing)}")
    return f"{strip_end(item.subject)}（编号：{item.number}）。", join_sentences(facts)


def _items_table(items: tuple[DueItem, ...]) -> Table:
    rows = (
        (str(number), item.subject, item.number, item.basis, format_date_zh(item.due), item.state)
        for number, item in enumerate(items, start=1)
    )
    align = (Align.CENTER, Align.LEFT, Align.CENTER, Align.LEFT, Align.CENTER, Align.CENTER)
    header = ("序号", "事项", "编号", "依据", "办理时限", "登记状态")
    return Table(header, tuple(rows), widths=(3, 10, 6, 10, 7, 5), align=align)


def interview_notice(dispatch: Dispatch, interview: Interview) -> Paper:
    """Write a notice of a responsibility interview (约谈通知书)."""
    _require(interview.reasons, "reasons")
    _require(interview.basis, "basis")
    approved = f"经{interview.approved_by}同意，" if interview.approved_by else ""
    when = f"{format_date_zh(interview.held_on)}{format_time_zh(interview.held_at)}"
    attendees = "、".join((interview.interviewee, *interview.attendees))
    body = (
        Paragraph(f"{approved}决定对你单位{interview.interviewee}进行食品安全责任约谈。现将有关事项通知如下。"),
        Heading(1, "约谈事由"),
        *numbered(interview.reasons),
        Heading(1, "约谈依据"),
        Paragraph(join_sentences(interview.basis)),
        Heading(1, "时间和地点"),
        Paragraph(f"时间：{when}。"),
        Paragraph(f"地点：{strip_end(interview.place)}。主持人：{strip_end(interview.host)}。"),
        Heading(1, "参加人员"),
        Paragraph(f"{attendees}。"),
        Heading(1, "有关要求"),
        *numbered(_interview_demands(interview)),
    )
    return dispatch_paper(
        dispatch, form=Form.LETTER, title="食品安全责任约谈通知书", recipients=(interview.recipient,), body=body
    )


def _interview_demands(interview: Interview) -> list[str]:
    demands = ["请按时参加并携带本通知。因故不能参加的，应当提前书面说明理由，经同意后另行安排时间。"]
    if interview.materials:
        demands.append(f"请准备以下材料：{join_sentences(interview.materials)}")
    demands.append("约谈中可以陈述情况、提出意见和提交证据，约谈记录由双方核对后签字。")
    if interview.feedback_by:
        demands.append(f"请于{format_date_zh(interview.feedback_by)}前书面报送约谈事项的整改情况。")
    if interview.consequence:
        demands.append(join_sentences([interview.consequence]))
    return demands


def rectification_order(dispatch: Dispatch, order: Rectification) -> Paper:
    """Write an order to rectify (整改通知书) after an inspection."""
    _require(order.findings, "findings")
    _require(order.basis, "basis")
    inspected = format_date_zh(order.inspected_on)
    body: tuple[Block, ...] = (
        Paragraph(
            f"{inspected}，{order.inspected_by}对你单位进行了食品安全检查，发现{len(order.findings)}项问题需要整改。"
            f"依据{strip_end('、'.join(order.basis))}，现通知如下。"
        ),
        Heading(1, "发现的问题和整改要求"),
        *(Heading(3, *_finding(finding)) for finding in order.findings),
        Heading(1, "整改报告和复查"),
        Paragraph(
            "整改完成后，请按上述期限报送整改报告，逐项写明整改措施、完成日期和责任人，并附照片、检验报告等证明材料。"
        ),
        Paragraph(join_sentences([order.recheck or "收到整改报告后将安排人员复查，复查人与原检查人不为同一人"])),
        *((Paragraph(join_sentences([order.consequence])),) if order.consequence else ()),
        *_remedies(order.remedies),
    )
    return dispatch_paper(
        dispatch, form=Form.LETTER, title="食品安全问题整改通知书", recipients=(order.recipient,), body=body
    )


def _finding(finding: FindingToRectify) -> tuple[str, str]:
    facts = [f"不符合：{strip_end(finding.clause)}"]
    if finding.evidence:
        facts.append(f"证据：{strip_end(finding.evidence)}")
    facts += [f"整改要求：{strip_end(finding.measure)}", f"整改期限：{format_date_zh(finding.due)}前"]
    return f"{strip_end(finding.fact)}。", join_sentences(facts)


def _remedies(remedies: Remedies | None) -> tuple[Block, ...]:
    if remedies is None:
        return ()
    text = (
        f"对本通知不服的，可以自收到之日起{remedies.reconsideration_days}日内向{remedies.reconsideration}申请行政复议，"
        f"也可以自收到之日起{remedies.court_months}个月内向{remedies.court}提起行政诉讼。"
    )
    return (Heading(1, "救济途径"), Paragraph(text))
