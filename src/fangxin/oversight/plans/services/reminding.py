"""What comes round by itself: reminders before a due date, the frozen snapshot on it, a finding after it.

Every step is taken once however often the day is run, and days that were missed are caught up.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans.models import Plan, Return, ReturnPeriod, SpecialPlan

OFFSETS = (15, 7, 3, 1)
EVENTS = {Return: "plans.return.overdue", SpecialPlan: "plans.special_plan.overdue"}


def remind(today: date, by: Any) -> int:
    """Remind of returns that have not reached the office 15, 7, 3 and 1 working days before they are due."""
    periods = ReturnPeriod.objects.filter(
        plan__state=Plan.State.CONFIRMED, due_on__gte=today, opens_on__lte=today, returns__submitted_at=None
    ).select_related("plan")
    return sum(_remind_period(period, today, by) for period in periods.distinct())


@transaction.atomic
def _remind_period(period: ReturnPeriod, today: date, by: Any) -> int:
    offset = reminder_reached(period.due_on, today)
    if offset is None:
        return 0
    waiting = Return.objects.filter(period=period, submitted_at=None)
    fresh = waiting.exclude(reminded__lte=offset).update(reminded=offset)
    if fresh:
        ledger.record(
            "plans.return.reminded", of=period, by=by, division_code=period.plan.division_code,
            data={"workdays_before": offset, "returns": fresh},
        )  # fmt: skip
    return fresh


def reminder_reached(due_on: date, today: date) -> int | None:
    """The nearest offset whose day has come; None before the first."""
    days = casework.reminder_dates(due_on, offsets=OFFSETS)
    reached = [offset for offset, day in zip(sorted(OFFSETS, reverse=True), days, strict=True) if day <= today]
    return min(reached) if reached else None


def freeze_due(today: date, by: Any) -> int:
    """Freeze the board's figures as of every due date that has come."""
    waiting = ReturnPeriod.objects.filter(
        plan__state=Plan.State.CONFIRMED, due_on__lte=today, snapshot_taken_at=None
    ).select_related("plan")
    periods = list(waiting.order_by("due_on"))
    for period in periods:
        freeze_period(period, by)
    return len(periods)


@transaction.atomic
def freeze_period(period: ReturnPeriod, by: Any) -> None:
    """The first to mark the period takes the snapshot; nobody takes a second one."""
    taken = ReturnPeriod.objects.filter(pk=period.pk, snapshot_taken_at=None).update(
        snapshot_taken_at=ledger.clock.now()
    )
    if taken != 1:
        return
    code = period.plan.division_code
    snapshot = board.freeze(period.code, as_of=period.due_on, division_code=code, by=by)
    ReturnPeriod.objects.filter(pk=period.pk).update(snapshot=snapshot)
    period.refresh_from_db()
    ledger.record("plans.period.frozen", of=period, by=by, division_code=code, data={"as_of": period.due_on})


def announce_overdue(today: date, by: Any) -> int:
    """Announce, once each, what should have come and has not: returns and special plans.

    What was due before the plan was entered here may have come on paper; it shows as missing and opens no matter.
    """
    returns = Return.objects.filter(
        period__plan__state=Plan.State.CONFIRMED,
        period__due_on__lt=today,
        period__due_on__gte=F("period__plan__confirmed_at__date"),
        submitted_at=None,
        overdue_announced_at=None,
    ).select_related("period__plan", "action", "agency")
    schemes = SpecialPlan.objects.filter(
        action__plan__state=Plan.State.CONFIRMED,
        due_on__lt=today,
        due_on__gte=F("action__plan__confirmed_at__date"),
        submitted_at=None,
        overdue_announced_at=None,
    ).select_related("action__plan", "agency")
    found = [(item, item.period.due_on, item.period.plan) for item in returns]
    found += [(scheme, scheme.due_on, scheme.action.plan) for scheme in schemes]
    return sum(_announce(item, due_on, plan, by) for item, due_on, plan in found)


@transaction.atomic
def _announce(item: Return | SpecialPlan, due_on: date, plan: Plan, by: Any) -> int:
    marked = type(item).objects.filter(pk=item.pk, overdue_announced_at=None, submitted_at=None)
    if marked.update(overdue_announced_at=ledger.clock.now()) != 1:
        return 0
    text = _("%(name)s应于%(due)s前报送食安办，逾期未报。") % {"name": item, "due": due_on}
    ledger.record(EVENTS[type(item)], of=item, by=by, data={"due": due_on})
    contribute.announce(
        Announcement(
            "finding",
            item._meta.label_lower,
            str(item.pk),
            str(item),
            item.division_code,
            text,
            {
                "key": f"{item._meta.label_lower}:{item.pk}",
                "origin": "overdue_return",
                "severity": "minor",
                "owner_agency_id": item.agency_id,
                "legal_basis": f"{plan.title}{plan.document_number}",
            },
        ),
        by=by,
    )
    return 1
