"""Papers of a supervisory inspection: record made on the spot, result sheet. The order to correct is in `letters`.

The sentences are our own; the law and its articles are handed over by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fangxin.engines.papers.chinese import format_date_zh, format_time_zh, strip_end
from fangxin.engines.papers.letters import Dispatch, dispatch_paper
from fangxin.engines.papers.values import (
    Block,
    Form,
    Heading,
    Paper,
    PaperError,
    Paragraph,
    Problem,
    Table,
    check_texts,
)


@dataclass(frozen=True, slots=True)
class InspectedItem:
    """One item as it was seen. `outcome` in words."""

    code: str
    text: str
    outcome: str
    note: str = ""
    key: bool = False


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """One finding and what follows; `due` None where it was put right on the spot."""

    text: str
    clause: str
    measure: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """What both papers say of one inspection. `signed_by` empty: refused, as `refusal` and `witness` tell."""

    number: str
    subject: str
    address: str
    kind: str
    statute: str
    checklist: str
    began: datetime
    inspectors: tuple[str, ...]
    items: tuple[InspectedItem, ...]
    problems: tuple[FoundProblem, ...]
    result: str
    opinion: str
    publish_by: date | None = None
    signed_by: str = ""
    refusal: str = ""
    witness: str = ""
    photos: int = 0

    def __post_init__(self) -> None:
        check_texts((self.number, self.subject, self.kind, self.statute, self.checklist, self.result), "inspection")
        if len(self.inspectors) < 2:
            raise PaperError(Problem.EMPTY, "inspectors")


def on_site_record(dispatch: Dispatch, facts: InspectionFacts) -> Paper:
    """Write the record of an inspection (现场检查笔录): who, when, what was seen, and who signed."""
    failed = [item for item in facts.items if item.note]
    body: tuple[Block, ...] = (
        *_head(facts),
        Heading(1, "检查情况"),
        Paragraph(
            f"检查人员{_people(facts.inspectors)}向被检查方出示证件，说明来意和有关权利义务后开始检查。"
            f"本次按“{facts.checklist}”检查{len(facts.items)}项，现场拍摄照片{facts.photos}张。"
        ),
        *(Heading(3, follow=f"{item.text}：{strip_end(item.outcome)}。{item.note}") for item in failed),
        *(() if failed else (Paragraph("各检查项目没有需要另外说明的情况，逐项结果见监督检查结果记录表。"),)),
        Heading(1, "被检查方意见"),
        Paragraph(_signed(facts)),
        *_signature_lines(facts),
    )
    title = "现场检查笔录"
    return dispatch_paper(dispatch, form=Form.DOCUMENT, title=title, recipients=(), body=body)


def result_sheet(dispatch: Dispatch, facts: InspectionFacts) -> Paper:
    """Write the result sheet (监督检查结果记录表), of which the inspected keeps a copy on display."""
    rows = tuple((item.code, f"{'★' if item.key else ''}{item.text}", item.outcome) for item in facts.items)
    body: tuple[Block, ...] = (
        *_head(facts),
        Heading(1, "检查结果"),
        Paragraph(f"检查结果为：{facts.result}。"),
        Paragraph(facts.opinion),
        *_problems(facts.problems),
        Heading(1, "逐项结果"),
        Table(("编号", "检查项目（★为重点项）", "结果"), rows or (("—", "—", "—"),), widths=(1, 6, 1)),
        Heading(1, "告知"),
        Paragraph(_signed(facts)),
        *((Paragraph(f"检查结果于{format_date_zh(facts.publish_by)}前向社会公开。"),) if facts.publish_by else ()),
        *_signature_lines(facts),
    )
    return dispatch_paper(dispatch, form=Form.DOCUMENT, title="监督检查结果记录表", recipients=(), body=body)


def _head(facts: InspectionFacts) -> tuple[Block, ...]:
    day, at = format_date_zh(facts.began.date()), format_time_zh(facts.began.time())
    rows = (
        ("检查编号", facts.number),
        ("被检查方", facts.subject),
        ("地址", facts.address or "—"),
        ("检查类型", facts.kind),
        ("检查时间", f"{day}{at}起"),
        ("检查人员", _people(facts.inspectors)),
        ("法律依据", facts.statute),
        ("检查表", facts.checklist),
    )
    return (Table(("项目", "内容"), rows, widths=(1, 4)),)


def _problems(problems: Sequence[FoundProblem]) -> tuple[Block, ...]:
    if not problems:
        return (Paragraph("本次检查没有发现不合格的项目。"),)
    return (
        Paragraph(f"发现{len(problems)}项问题："),
        *(Heading(3, follow=_problem(problem)) for problem in problems),
    )


def _problem(problem: FoundProblem) -> str:
    due = f"，期限为{format_date_zh(problem.due)}" if problem.due else ""
    return f"{strip_end(problem.text)}。依据：{strip_end(problem.clause)}。处理：{problem.measure}{due}。"


def _signed(facts: InspectionFacts) -> str:
    if facts.signed_by:
        return f"检查结果已当场书面告知，被检查方由{facts.signed_by}签字确认。"
    if facts.refusal:
        seen = f"见证人为{facts.witness}。" if facts.witness else "有现场音像为证。"
        return f"检查结果已当场书面告知，被检查方拒绝签字：{strip_end(facts.refusal)}。{seen}"
    return "请被检查方核对以上内容后签字。"


def _signature_lines(facts: InspectionFacts) -> tuple[Block, ...]:
    return (
        Paragraph(f"检查人员（签名）：{'　' * 12}"),
        Paragraph(f"被检查方（签名）：{'　' * 12}"),
        Paragraph(f"日期：{'　' * 4}年{'　' * 2}月{'　' * 2}日"),
    )


def _people(names: Sequence[str]) -> str:
    return "、".join(names)
