"""The three records of an operator's own checks as .docx. Their sentences are of the paper, not of the screen."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fangxin.engines.grading.self_control import week_of
from fangxin.engines.papers import Heading, Paper, Paragraph, Table, format_date_zh, render
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.models import ControlProblem, DailyRecord, MonthlyMeeting, WeeklyReport
from fangxin.kernel.ledger import api as ledger

LATE = "（事后补记）"
HIDDEN = "＊＊＊"


def make(kind: str, premises: Any, on: date, *, names: bool = False) -> tuple[str, bytes] | None:
    """File name and bytes of the paper of a kind for the day, week or month in which `on` lies; None without a record.

    Persons are named only where `names` says that the reader may know them.
    """
    maker = MAKERS.get(kind)
    paper = maker(premises, on, names) if maker is not None else None
    return None if paper is None else (f"{paper.title.splitlines()[0]}-{on}.docx", render(paper))


def _paper(premises: Any, title: str, on: date, body: list[Any]) -> Paper:
    return Paper(
        agency_mark=premises.name, title=title, body=tuple(body), signature=premises.name, date=on, sealed=False
    )


def _made_on(row: Any) -> date:
    made: date = row.made_at.astimezone(ledger.clock.LOCAL).date()
    return made


def _daily(premises: Any, on: date, _names: bool) -> Paper | None:
    record = DailyRecord.objects.filter(premises=premises, day=on).first()
    if record is None:
        return None
    risks = standards.risk_lists(on).get(premises.kind)
    found = {problem.code: problem for problem in record.found.all()}
    rows = tuple(
        (code, text, found[code].text if code in found else "无问题", _remedy(found.get(code)))
        for code, text in (risks.items if risks is not None else ())
    )
    summary = (
        f"检查日期：{format_date_zh(on)}{LATE if record.late else ''}。共检查{record.items}项，发现问题{len(found)}项。"
    )
    body: list[Any] = [
        Paragraph(summary),
        Table(("编号", "检查内容", "检查情况", "整改情况"), rows, widths=(2, 7, 5, 5)),
    ]
    if record.note:
        body.append(Paragraph(f"说明：{record.note}"))
    return _paper(premises, "每日食品安全检查记录", _made_on(record), body)


def _remedy(problem: ControlProblem | None) -> str:
    if problem is None:
        return ""
    return problem.remedy if problem.closed_at is not None else "整改中"


def _weekly(premises: Any, on: date, _names: bool) -> Paper | None:
    monday, sunday = week_of(on)
    report = WeeklyReport.objects.filter(premises=premises, monday=monday).first()
    if report is None:
        return None
    told = {line["problem"]: line["text"] for line in report.carried}
    problems = ControlProblem.objects.filter(premises=premises, pk__in=told).order_by("found_on", "pk")
    span = f"{format_date_zh(monday)}至{format_date_zh(sunday)}{LATE if report.late else ''}"
    body: list[Any] = [
        Paragraph(
            f"{span}。填写时已营业{report.operating_days}天，当日记录{report.recorded_days}天，本周发现问题{report.found}项。"
        ),
        Heading(1, "排查治理情况"),
        Paragraph(report.measures),
        Heading(1, "未整改完的问题"),
    ]
    if problems:
        rows = tuple((str(p.found_on), p.item, p.text, told[p.pk]) for p in problems)
        body.append(Table(("发现日期", "检查内容", "问题", "处理情况"), rows, widths=(3, 5, 5, 5)))
    else:
        body.append(Paragraph("填写时没有列入本报告的未整改问题。"))
    return _paper(premises, "每周食品安全排查治理报告", _made_on(report), body)


def _monthly(premises: Any, on: date, names: bool) -> Paper | None:
    meeting = MonthlyMeeting.objects.filter(premises=premises, month=on.replace(day=1)).first()
    if meeting is None:
        return None
    body: list[Any] = [
        Paragraph(f"会议日期：{format_date_zh(meeting.held_on)}{LATE if meeting.late else ''}"),
        Paragraph(f"主持人：{meeting.chair if names else HIDDEN}"),
        Paragraph(f"参加人员：{meeting.attendees if names else HIDDEN}"),
        Heading(1, "本月食品安全情况"),
        Paragraph(meeting.summary),
        Heading(1, "下月安排"),
        Paragraph(meeting.decisions),
    ]
    return _paper(premises, "每月食品安全调度会议纪要", _made_on(meeting), body)


MAKERS: dict[str, Callable[[Any, date, bool], Paper | None]] = {"day": _daily, "week": _weekly, "month": _monthly}
