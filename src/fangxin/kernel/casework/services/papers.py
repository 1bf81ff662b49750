"""Official papers about a matter: laid out, numbered, kept as they left the house."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import CalendarMissing, workdays_between
from fangxin.engines.papers import (
    Contact,
    Dispatch,
    DueItem,
    Paper,
    PaperError,
    Reminder,
    Supervision,
    format_document_number,
    interview_notice,
    is_document_number,
    reminder_letter,
    render,
    supervision_letter,
)
from fangxin.engines.papers import (
    Interview as InterviewFacts,
)
from fangxin.kernel.casework import rules, work_calendar
from fangxin.kernel.casework.models import Escalation, Interview, Matter, MatterPaper, MatterStep
from fangxin.kernel.casework.services.steps import move
from fangxin.kernel.ledger import api as ledger

Kind = MatterPaper.Kind


@transaction.atomic
def issue_reminder(*, matter: Matter, sender: Any, mark: str, by: Any) -> MatterPaper:
    rules.check_move(matter, MatterStep.Action.PAPER)
    facts = Reminder(matter.owner.name, (_due_item(matter),), ledger.clock.today())
    return _issue(matter, Kind.REMINDER, sender, mark, lambda dispatch: reminder_letter(dispatch, facts), by=by)


@transaction.atomic
def issue_supervision(
    *, matter: Matter, sender: Any, mark: str, demands: Sequence[str], reply_by: date, by: Any
) -> MatterPaper:
    rules.check_move(matter, MatterStep.Action.PAPER)
    today = ledger.clock.today()
    if matter.due_on >= today:
        raise rules.Refused(_("整改时限（%(due)s）还没有过，可以发提醒函，不能发督办函。") % {"due": matter.due_on})
    if reply_by < today:
        raise rules.Refused({"reply_by": _("反馈时限不能早于今天。")})
    facts = Supervision(matter.owner.name, (_due_item(matter),), today, tuple(demands), reply_by)
    return _issue(matter, Kind.SUPERVISION, sender, mark, lambda dispatch: supervision_letter(dispatch, facts), by=by)


@transaction.atomic
def issue_interview_notice(*, interview: Interview, sender: Any, mark: str, by: Any) -> MatterPaper:
    """The notice of an approved interview; issuing it is its delivery (see `interviews.deliver`)."""
    facts = InterviewFacts(
        recipient=interview.target.name,
        interviewee=interview.interviewee,
        reasons=tuple(line for line in interview.reason.splitlines() if line.strip()),
        basis=(interview.basis,),
        held_on=interview.planned_on,
        held_at=interview.planned_time,
        place=interview.place,
        host=interview.host,
        attendees=tuple(name for name in interview.attendees.split("、") if name.strip()),
        approved_by=interview.approved_by_name,
    )
    return _issue(
        interview.matter,
        Kind.INTERVIEW_NOTICE,
        sender,
        mark,
        lambda dispatch: interview_notice(dispatch, facts),
        recipient=interview.target,
        interview=interview,
        by=by,
    )


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def _due_item(matter: Matter) -> DueItem:
    today = ledger.clock.today()
    overdue = None
    if matter.due_on < today:
        try:
            overdue = workdays_between(matter.due_on, today, work_calendar.calendar())
        except CalendarMissing:
            overdue = None  # the paper then gives the date alone
    reminded = matter.escalations.filter(
        due_on=matter.due_on, stage__in=[Escalation.Stage.REMINDER, Escalation.Stage.OVERDUE]
    )
    return DueItem(
        subject=one_line(matter.hazard, 60),
        number=matter.number,
        basis=one_line(matter.legal_basis, 200) or _("挂账督办要求"),
        due=matter.due_on,
        state=str(matter.get_state_display()),
        overdue_workdays=overdue,
        reminded_on=tuple(sorted(set(reminded.values_list("falls_on", flat=True)))),
    )


def one_line(text: str, most: int) -> str:
    """What was typed over several lines, on one; an ellipsis says that there is more."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _issue(
    matter: Matter,
    kind: str,
    sender: Any,
    mark: str,
    write: Any,
    *,
    recipient: Any = None,
    interview: Interview | None = None,
    by: Any,
) -> MatterPaper:
    now = ledger.clock.now()
    today = ledger.clock.today()
    number = next_document_number(mark, sender, today)
    paper = written(write, to_dispatch(sender, number, today, by))
    name = f"{number} {one_line(paper.title, 60)}.docx".replace("/", "-")
    kept = MatterPaper(
        matter=matter,
        kind=kind,
        document_number=number,
        title=one_line(paper.title, 300),
        sender=sender,
        recipient=recipient or matter.owner,
        interview=interview,
        file=ledger.store_evidence(name=name, content=render(paper), by=by),
        issued_at=now,
        issued_by=ledger.Actor.of(by).username,
    )
    kept.clean_fields()
    kept.save(force_insert=True)
    move(matter, MatterStep.Action.PAPER, by=by, text=f"{kept.get_kind_display()} {number}")
    return kept


def written(write: Any, dispatch: Dispatch) -> Paper:
    try:
        paper: Paper = write(dispatch)
    except PaperError as error:
        raise rules.Refused(
            _("文书中有不能打印的内容（%(field)s：%(detail)s），请修改后再制发。")
            % {"field": error.field, "detail": error.detail or error.problem}
        ) from error
    return paper


def to_dispatch(sender: Any, number: str, day: date, by: Any) -> Dispatch:
    actor = ledger.Actor.of(by)
    contact = Contact(actor.name, sender.phone) if sender.phone else None
    return Dispatch(agency=sender.name, date=day, document_number=number, contact=contact)


def next_document_number(mark: str, sender: Any, day: date) -> str:
    """The next number under a mark (发文机关代字), counted for each sender and year."""
    mark = mark.strip()
    if not is_document_number(format_document_number(mark, day.year, 1)):
        raise rules.Refused({"mark": _("发文代字只写机关代字，例如“某食安办督”，不要带括号、空格和年份。")})
    serial = ledger.next_number(f"paper:{sender.pk}:{mark}"[:60], day.year)
    return format_document_number(mark, day.year, serial)
