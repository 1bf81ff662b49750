"""Extensions, the ladder of reminders, and the working-day calendar."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import WorkCalendar, published_years
from fangxin.kernel.casework import rules, work_calendar
from fangxin.kernel.casework.models import (
    CalendarDay,
    CalendarYear,
    Escalation,
    Extension,
    Matter,
    MatterStep,
)
from fangxin.kernel.casework.services.steps import move, need_text, raise_moved_on
from fangxin.kernel.casework.standards import deadline_rules
from fangxin.kernel.ledger import api as ledger

Action = MatterStep.Action
# No rung before the due date lies further ahead than this, the longest holidays included.
_HORIZON = timedelta(days=30)
# Seven feasts a year are laid down by regulation; a notice with fewer days off is not whole.
_FEWEST_FEASTS = 7


@transaction.atomic
def request_extension(*, matter: Matter, reason: str, new_due_on: date, by: Any) -> Extension:
    """Ask once, before the deadline has passed, for a later due date."""
    rules.check_move(matter, Action.ASK_EXTENSION)
    reason = need_text(reason, "reason", _("请写明延期理由。"))
    _check_extension(matter, new_due_on)
    extension = Extension(
        matter=matter,
        reason=reason,
        old_due_on=matter.due_on,
        new_due_on=new_due_on,
        asked_at=ledger.clock.now(),
        asked_by=ledger.Actor.of(by).username,
    )
    extension.clean_fields()
    try:
        with transaction.atomic():
            extension.save(force_insert=True)
    except IntegrityError:
        raise rules.Refused(_("每件事项只能申请一次延期，这件已经申请过。")) from None
    move(matter, Action.ASK_EXTENSION, by=by, text=f"{matter.due_on} → {new_due_on}：{reason}")
    return extension


def _check_extension(matter: Matter, new_due_on: date) -> None:
    if Extension.objects.filter(matter=matter).exists():
        raise rules.Refused(_("每件事项只能申请一次延期，这件已经申请过。"))
    if ledger.clock.today() > matter.due_on:
        raise rules.Refused(
            _("整改时限（%(due)s）已过，不能再申请延期。请尽快整改并说明逾期原因。") % {"due": matter.due_on}
        )
    latest = latest_extension(matter)
    if not matter.due_on < new_due_on <= latest:
        raise rules.Refused(
            {
                "new_due_on": _("延期后的时限应晚于原时限%(due)s，最迟到%(latest)s。")
                % {"due": matter.due_on, "latest": latest}
            }
        )


def latest_extension(matter: Matter) -> date:
    """The last day to which the rule in force at the opening lets the due date move."""
    most = deadline_rules(matter.opened_on).extension_workdays[matter.severity]
    return work_calendar.add_workdays(matter.due_on, most)


@transaction.atomic
def decide_extension(*, extension: Extension, approved: bool, text: str = "", by: Any) -> Extension:
    """Decided by another person; the screens only let the agency above the owner come here."""
    matter = extension.matter
    action = Action.GRANT_EXTENSION if approved else Action.REFUSE_EXTENSION
    rules.check_move(matter, action)
    username = ledger.Actor.of(by).username
    if username in ("", extension.asked_by):
        raise rules.Refused(_("延期申请须由上一级的另一名人员审批。"))
    if not approved:
        need_text(text, "text", _("请写明不同意的理由。"))
    decided = {
        "state": Extension.State.GRANTED if approved else Extension.State.REFUSED,
        "decided_at": ledger.clock.now(),
        "decided_by": username,
        "decision": text.strip(),
    }
    for name, value in decided.items():
        setattr(extension, name, value)
    extension.clean_fields()
    if Extension.objects.filter(pk=extension.pk, state=Extension.State.ASKED).update(**decided) != 1:
        raise_moved_on(matter)
    changes = {"due_on": extension.new_due_on} if approved else {}
    move(matter, action, by=by, text=text, **changes)
    return extension


def escalate_all(today: date, *, by: Any = None) -> int:
    """Note every rung reached by `today` that is not noted yet; returns how many.

    Each rung is noted once for each due date, in its own transaction: run twice, killed half-way or after days of
    standstill, the result is the same.
    """
    with work_calendar.known_years():
        calendar = work_calendar.calendar()
        due = _reached(today, calendar)
    return sum(_note(matter, stage, falls_on, by=by) for falls_on, stage, matter in due)


def _reached(today: date, calendar: WorkCalendar) -> list[tuple[date, str, Matter]]:
    # Whoever waits for acceptance has done their part; what is sent back catches up with its rungs.
    climbing = [state for state in rules.OPEN_STATES if state != Matter.State.SUBMITTED]
    open_matters = (
        Matter.objects.filter(state__in=climbing, due_on__lte=today + _HORIZON)
        .order_by("pk")
        .prefetch_related("escalations")
    )
    found = []
    for matter in open_matters:
        noted = {rung.stage for rung in matter.escalations.all() if rung.due_on == matter.due_on}
        ladder = tuple(rung for rung in deadline_rules(matter.opened_on).ladder if rung.stage not in noted)
        days = rules.ladder_days(
            matter.due_on, ladder, repeated=matter.reopened_from_id is not None, calendar=calendar, today=today
        )
        found += [(falls_on, stage, matter) for stage, falls_on in days]
    order = [str(stage) for stage in Escalation.Stage]
    return sorted(found, key=lambda rung: (rung[0], order.index(rung[1]), rung[2].pk))


def _note(matter: Matter, stage: str, falls_on: date, *, by: Any) -> int:
    try:
        with transaction.atomic():
            rung = Escalation.objects.create(
                matter=matter,
                stage=stage,
                due_on=matter.due_on,
                falls_on=falls_on,
                owner_id=matter.owner_id,
                noted_at=ledger.clock.now(),
            )
            text = f"{rung.get_stage_display()}（{falls_on}）"
            move(matter, Action.ESCALATE, by=by, text=text)
    except (IntegrityError, rules.Refused):
        # Another run was first, or the matter was closed this moment.
        return 0
    return 1


@transaction.atomic
def set_calendar_days(*, days: Mapping[date, str], source: str, by: Any) -> list[CalendarDay]:
    """Correct single days, or enter a year's notice; the last word on a day holds."""
    source = need_text(source, "source", _("请写明依据的通知。"))
    actor, now = ledger.Actor.of(by), ledger.clock.now()
    rows = [
        CalendarDay(day=day, kind=kind, source=source, entered_at=now, entered_by=actor.username)
        for day, kind in sorted(days.items())
    ]
    for row in rows:
        row.clean_fields()
        row.save(force_insert=True)
    ledger.record("casework.calendar.days_set", of=None, by=by, data={"days": sorted(map(str, days))})
    return rows


@transaction.atomic
def complete_calendar_year(*, year: int, complete: bool, source: str, by: Any) -> CalendarYear:
    """Say that the days entered for a year are its whole notice, so that deadlines may be computed through it."""
    source = need_text(source, "source", _("请写明依据的通知。"))
    if complete and year not in published_years():
        entered = dict(CalendarDay.objects.filter(day__year=year).order_by("pk").values_list("day", "kind"))
        if sum(kind == CalendarDay.Kind.REST for kind in entered.values()) < _FEWEST_FEASTS:
            raise rules.Refused(
                _("%(year)s年录入的放假日不足%(few)s天，不像完整的安排。请录全后再确认。")
                % {"year": year, "few": _FEWEST_FEASTS}
            )
    row = CalendarYear(
        year=year,
        complete=complete,
        source=source,
        entered_at=ledger.clock.now(),
        entered_by=ledger.Actor.of(by).username,
    )
    row.clean_fields()
    row.save(force_insert=True)
    ledger.record("casework.calendar.year_set", of=None, by=by, data={"year": year, "complete": complete})
    return row
