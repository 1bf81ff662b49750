"""Papers that report on a period: the office's bulletin (情况通报) and a department's summary (工作总结).

Every figure stands with its denominator and its as-of date; what is unknown says why; and where
nothing was recorded the paper says "nothing recorded", never "nothing wrong".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fangxin.engines.papers.chinese import format_date_zh, join_sentences, strip_end
from fangxin.engines.papers.figures import (
    BoardFigure,
    MatterBalance,
    Milestone,
    Status,
    count_statuses,
    describe_figure,
    figures_table,
    judge_figure,
)
from fangxin.engines.papers.letters import Dispatch, dispatch_paper, numbered, text_blocks
from fangxin.engines.papers.values import Block, Chart, Form, Heading, Paper, Paragraph


@dataclass(frozen=True, slots=True)
class Practice:
    """Good practice worth passing on: whose, what, how."""

    agency: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A problem to be named: what, where, and what is asked by when."""

    title: str
    text: str
    agencies: tuple[str, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done for one task or action in the period."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin to all units: subject such as "食品安全攻坚行动", period such as "2024年第三季度"."""

    subject: str
    period: str
    as_of: date
    recipients: tuple[str, ...]
    figures: tuple[BoardFigure | Milestone, ...]
    summary: str = ""
    charts: tuple[Chart, ...] = ()
    balance: MatterBalance | None = None
    practices: tuple[Practice, ...] = ()
    problems: tuple[Shortcoming, ...] = ()
    next_steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkReport:
    """A department's quarterly or annual summary to the food-safety office (an upward paper: it has a signer)."""

    action: str
    period: str
    as_of: date
    recipient: str
    signer: str
    progress: tuple[Progress, ...]
    figures: tuple[BoardFigure | Milestone, ...]
    charts: tuple[Chart, ...] = ()
    balance: MatterBalance | None = None
    practices: tuple[Practice, ...] = ()
    problems: tuple[Shortcoming, ...] = ()
    next_steps: tuple[str, ...] = ()


def bulletin(dispatch: Dispatch, facts: Bulletin) -> Paper:
    """Write the bulletin (情况通报) of a period."""
    body: tuple[Block, ...] = (
        Paragraph(f"现将{facts.period}{facts.subject}进展情况通报如下。文中数据截至日期见各项标注。"),
        Heading(1, "总体情况"),
        *text_blocks(facts.summary),
        Paragraph(summarize_statuses(facts.figures, facts.as_of)),
        *_unreached(facts.figures),
        Heading(1, "主要指标"),
        *_figures(facts.figures, facts.charts, facts.period),
        *_balance(facts.balance, facts.as_of),
        Heading(1, "典型做法"),
        *_practices(facts.practices),
        Heading(1, "存在问题"),
        *_problems(facts.problems, facts.as_of),
        *_next_steps(facts.next_steps),
    )
    title = f"关于{facts.period}{facts.subject}进展情况的通报"
    return dispatch_paper(dispatch, form=Form.DOCUMENT, title=title, recipients=facts.recipients, body=body)


def work_report(dispatch: Dispatch, facts: WorkReport) -> Paper:
    """Write a department's summary (工作总结) of a period for one action."""
    body: tuple[Block, ...] = (
        Paragraph(f"按照工作安排，现将{facts.period}{facts.action}工作情况报告如下。"),
        Heading(1, "工作进展"),
        *_progress(facts.progress, facts.as_of),
        Heading(1, "指标完成情况"),
        Paragraph(summarize_statuses(facts.figures, facts.as_of)),
        *_unreached(facts.figures),
        *_figures(facts.figures, facts.charts, facts.period),
        *_balance(facts.balance, facts.as_of),
        Heading(1, "典型做法"),
        *_practices(facts.practices),
        Heading(1, "存在问题"),
        *_problems(facts.problems, facts.as_of),
        *_next_steps(facts.next_steps),
        Paragraph("特此报告。"),
    )
    title = f"关于{facts.period}{facts.action}工作情况的报告"
    return dispatch_paper(
        dispatch, form=Form.DOCUMENT, title=title, recipients=(facts.recipient,), body=body, signer=facts.signer
    )


def summarize_statuses(figures: Sequence[BoardFigure | Milestone], as_of: date) -> str:
    """Count the figures by status in one sentence; figures without data are never left out of the count."""
    if not figures:
        return f"截至{format_date_zh(as_of)}，本期没有可供通报的指标数据。没有数据不代表工作已经完成。"
    counts = count_statuses(figures)
    names = (
        (Status.REACHED, "已达到目标"),
        (Status.NOT_REACHED, "未达到目标"),
        (Status.UNKNOWN, "因暂无数据无法判定"),
        (Status.NO_TARGET, "未设目标"),
    )
    parts = [f"{text}{counts[status]}项" for status, text in names if counts[status] or status is Status.REACHED]
    return f"截至{format_date_zh(as_of)}，共统计指标{len(figures)}项，其中{'、'.join(parts)}。"


def _unreached(figures: Sequence[BoardFigure | Milestone]) -> tuple[Block, ...]:
    missed = [_clause(figure) for figure in figures if _status(figure) is Status.NOT_REACHED]
    unknown = [_clause(figure) for figure in figures if _status(figure) is Status.UNKNOWN]
    blocks = []
    if missed:
        blocks.append(Paragraph(f"未达到目标的指标：{join_sentences(missed)}"))
    if unknown:
        blocks.append(Paragraph(f"无法判定的指标：{join_sentences(unknown)}"))
    return tuple(blocks)


def _status(figure: BoardFigure | Milestone) -> Status:
    return figure.status if isinstance(figure, Milestone) else judge_figure(figure)


def _clause(figure: BoardFigure | Milestone) -> str:
    if isinstance(figure, BoardFigure):
        return describe_figure(figure)
    return f"{figure.name}（{strip_end(figure.evidence)}，截至{format_date_zh(figure.as_of)}）"


def _figures(figures: tuple[BoardFigure | Milestone, ...], charts: tuple[Chart, ...], period: str) -> tuple[Block, ...]:
    table = (
        (figures_table(figures, title=f"{period}主要指标"),) if figures else (Paragraph("暂无数据（本期没有指标）。"),)
    )
    return (*table, *charts)


def _balance(balance: MatterBalance | None, as_of: date) -> tuple[Block, ...]:
    if balance is None:
        return ()
    rate = BoardFigure("按期整改率", as_of, Decimal(balance.closed_in_time), Decimal(balance.due))
    text = (
        f"期初未办结{balance.opening}件，本期新立{balance.new}件，办结{balance.closed}件，重新立账{balance.reopened}件，"
        f"期末未办结{balance.open}件。本期到期{balance.due}件，其中按期办结{balance.closed_in_time}件，{describe_figure(rate)}。"
    )
    return (Heading(1, "问题整改"), Paragraph(text))


def _progress(progress: tuple[Progress, ...], as_of: date) -> tuple[Block, ...]:
    if not progress:
        return (Paragraph(f"截至{format_date_zh(as_of)}，没有填报工作进展。"),)
    return tuple(block for item in progress for block in (Heading(2, item.title), *text_blocks(item.text)))


def _practices(practices: tuple[Practice, ...]) -> tuple[Block, ...]:
    if not practices:
        return (Paragraph("本期没有报送典型做法。"),)
    return tuple(_run_on(f"{item.agency}：{item.title}", item.text) for item in practices)


def _problems(problems: tuple[Shortcoming, ...], as_of: date) -> tuple[Block, ...]:
    if not problems:
        return (
            Paragraph(f"截至{format_date_zh(as_of)}，本期没有记录到问题。没有记录不等于没有问题，各单位应当继续自查。"),
        )
    return tuple(_run_on(item.title, _problem_text(item)) for item in problems)


def _problem_text(problem: Shortcoming) -> str:
    text = join_sentences([problem.text])
    if problem.agencies:
        text += f"涉及单位：{'、'.join(problem.agencies)}。"
    if problem.due:
        text += f"请于{format_date_zh(problem.due)}前整改到位。"
    return text


def _next_steps(steps: tuple[str, ...]) -> tuple[Block, ...]:
    if not steps:
        return ()
    return (Heading(1, "下一步工作"), *numbered(steps))


def _run_on(title: str, text: str) -> Heading:
    return Heading(2, f"{strip_end(title)}。", follow=text)
