"""Responsibility interviews: proposed, approved, delivered, held, answered, assessed, filed."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules
from fangxin.kernel.casework.models import Interview, Matter, MatterPaper, MatterStep
from fangxin.kernel.casework.services.papers import issue_interview_notice
from fangxin.kernel.casework.services.steps import move, need_text
from fangxin.kernel.ledger import api as ledger

State = Interview.State
# What follows what.
NEXT: Mapping[str, tuple[str, str]] = {
    "approve": (State.PROPOSED, State.APPROVED),
    "deliver": (State.APPROVED, State.DELIVERED),
    "hold": (State.DELIVERED, State.HELD),
    "feedback": (State.HELD, State.RECTIFIED),
    "assess": (State.RECTIFIED, State.ASSESSED),
    "archive": (State.ASSESSED, State.ARCHIVED),
}
SERIES = "casework.interview"


@transaction.atomic
def propose_interview(
    *,
    matter: Matter,
    interviewee: str,
    reason: str,
    basis: str,
    planned_on: date,
    planned_time: time,
    place: str,
    host: str,
    attendees: str = "",
    by: Any,
) -> Interview:
    rules.check_move(matter, MatterStep.Action.INTERVIEW)
    today = ledger.clock.today()
    if planned_on < today:
        raise rules.Refused({"planned_on": _("约谈日期不能早于今天。")})
    interview = Interview(
        matter=matter,
        number=f"{today.year}-{ledger.next_number(SERIES, today.year):04}",
        target_id=matter.owner_id,
        interviewee=interviewee.strip(),
        reason=need_text(reason, "reason", _("请写明约谈事由。")),
        basis=need_text(basis, "basis", _("请写明约谈依据。")),
        planned_on=planned_on,
        planned_time=planned_time,
        place=place.strip(),
        host=host.strip(),
        attendees=attendees.strip(),
        proposed_at=ledger.clock.now(),
        proposed_by=ledger.Actor.of(by).username,
    )
    interview.clean_fields()
    interview.save(force_insert=True)
    move(matter, MatterStep.Action.INTERVIEW, by=by, text=_("提出约谈%(number)s") % {"number": interview.number})
    return interview


def _advance(interview: Interview, action: str, *, by: Any, **changes: Any) -> Interview:
    before, after = NEXT[action]
    changes["state"] = after
    for name, value in changes.items():
        setattr(interview, name, value)
    interview.clean_fields()
    if Interview.objects.filter(pk=interview.pk, state=before).update(**changes) != 1:
        interview.refresh_from_db()
        raise rules.MovedOn(
            _("约谈%(number)s现在是“%(state)s”，这一步不能办理或者已经有人办理。请刷新页面再看。")
            % {"number": interview.number, "state": interview.get_state_display()}
        )
    ledger.record(
        f"casework.interview.{after}",
        of=interview,
        by=by,
        division_code=interview.matter.division_code,
        data={"matter": interview.matter.number},
    )
    return interview


@transaction.atomic
def approve(*, interview: Interview, by: Any) -> Interview:
    actor = ledger.Actor.of(by)
    if actor.username in ("", interview.proposed_by):
        raise rules.Refused(_("约谈须由提出人以外的另一名人员批准。"))
    return _advance(
        interview,
        "approve",
        by=by,
        approved_at=ledger.clock.now(),
        approved_by=actor.username,
        approved_by_name=actor.name,
    )


@transaction.atomic
def deliver(*, interview: Interview, sender: Any, mark: str, by: Any) -> MatterPaper:
    """Issue the notice, which delivers it."""
    _advance(interview, "deliver", by=by)
    return issue_interview_notice(interview=interview, sender=sender, mark=mark, by=by)


@transaction.atomic
def hold(
    *, interview: Interview, minutes: str, requirements: str, deadline: date, attendees: str = "", by: Any
) -> Interview:
    if deadline < ledger.clock.today():
        raise rules.Refused({"deadline": _("反馈时限不能早于今天。")})
    return _advance(
        interview,
        "hold",
        by=by,
        minutes=need_text(minutes, "minutes", _("请填写约谈记录。")),
        requirements=need_text(requirements, "requirements", _("请填写整改要求。")),
        deadline=deadline,
        attendees=attendees.strip() or interview.attendees,
    )


@transaction.atomic
def record_feedback(*, interview: Interview, feedback: str, by: Any) -> Interview:
    text = need_text(feedback, "feedback", _("请填写整改反馈。"))
    return _advance(interview, "feedback", by=by, feedback=text)


@transaction.atomic
def assess(*, interview: Interview, assessment: str, by: Any) -> Interview:
    text = need_text(assessment, "assessment", _("请填写评估意见。"))
    return _advance(interview, "assess", by=by, assessment=text)


@transaction.atomic
def archive(*, interview: Interview, by: Any) -> Interview:
    return _advance(interview, "archive", by=by)
