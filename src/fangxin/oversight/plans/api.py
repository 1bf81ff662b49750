"""The door of plans: the plan in force, its actions, tasks and returns, and how they went."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from fangxin.engines.plans import PlanFacts, PlanReading, load_plan_facts
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.action_page import action_page_data
from fangxin.oversight.plans.data import AlreadyMoved, Duty, GoalRow, PlanError, Ratio
from fangxin.oversight.plans.figures import Typed
from fangxin.oversight.plans.models import Action, Plan, Return, SpecialPlan, Task
from fangxin.oversight.plans.selectors import current_plan, list_actions, returns_in_time
from fangxin.oversight.plans.services.assigning import change_lead, set_duty
from fangxin.oversight.plans.services.confirming import confirm, supersede, undo_confirm
from fangxin.oversight.plans.services.naming import settle_names
from fangxin.oversight.plans.services.reading import draft_from_facts, draft_from_text
from fangxin.oversight.plans.services.returning import accept, merge, return_back, review, submit, write_version
from fangxin.oversight.plans.services.special_plans import (
    approve,
    countersign,
    file,
    save_draft,
    send_back,
    send_to_countersign,
    send_to_review,
)
from fangxin.oversight.plans.services.working import (
    add_task,
    cancel_task,
    finish_task,
    finish_tasks,
    report_progress,
    split_to_townships,
)
from fangxin.oversight.plans.tasks import evening, morning

__all__ = [
    "Action", "AlreadyMoved", "Duty", "GoalRow", "Plan", "PlanError", "Ratio", "Return", "SpecialPlan", "Task",
    "Typed",
    "accept", "action_page_data", "add_task", "approve", "cancel_task", "change_lead", "confirm", "countersign",
    "current_plan", "daily", "draft_from_facts", "draft_from_text", "evening", "file", "finish_task", "finish_tasks",
    "goal_rows", "list_actions", "load_confirmed_plan", "merge", "morning", "report_progress", "return_back",
    "return_timeliness", "returned_times", "returns_of", "review", "save_draft", "send_back", "send_to_countersign",
    "send_to_review", "set_duty", "special_plan_timeliness", "split_to_townships", "submit", "supersede",
    "task_completion", "tasks_of", "undo_confirm", "write_version",
]  # fmt: skip


@transaction.atomic
def load_confirmed_plan(
    facts: PlanFacts | PlanReading | str,
    *,
    division_code: str,
    by: Any,
    agencies: dict[str, people.Agency] | None = None,
) -> Plan:
    """From reviewed facts (or the text of their file) to a confirmed plan in one call.

    `agencies` maps printed names to agencies that exist already; names left over are matched with the agencies of
    the division, and agencies are made for those that match none.
    """
    given = load_plan_facts(facts) if isinstance(facts, str) else facts
    plan = draft_from_facts(facts=given, division_code=division_code, by=by)
    settle_names(plan=plan, known=agencies or {}, by=by)
    return confirm(plan=plan, by=by)


def daily(day: date | None = None) -> dict[str, int]:
    """A whole day's round: the morning's and the evening's."""
    return morning(day) | {"frozen_in_the_evening": evening(day)["frozen"]}


def _returns(plan: Plan | None, agency: people.Agency | None, year: int | None) -> Any:
    rows = Return.objects.exclude(period__plan__state=Plan.State.SUPERSEDED)
    if plan is not None:
        rows = Return.objects.filter(period__plan=plan)
    if agency is not None:
        rows = rows.filter(agency=agency)
    return rows.filter(period__year=year) if year is not None else rows


def return_timeliness(
    *,
    plan: Plan | None = None,
    agency: people.Agency | None = None,
    year: int | None = None,
    period: str | None = None,
    as_of: date | None = None,
) -> Ratio:
    """(in time, due): returns whose due date has come by `as_of`; what never came is due and not in time."""
    rows = _returns(plan, agency, year)
    if period is not None:
        rows = rows.filter(period__code=period)
    return Ratio(*returns_in_time(rows, as_of or ledger.clock.today()))


def returned_times(*, agency: people.Agency, year: int, plan: Plan | None = None) -> Ratio:
    """(times the office sent returns back, returns submitted) in the periods of a year."""
    rows = _returns(plan, agency, year).filter(submitted_at__isnull=False)
    times = list(rows.values_list("returned_times", flat=True))
    return Ratio(sum(times), len(times))


def special_plan_timeliness(
    *, plan: Plan | None = None, agency: people.Agency | None = None, as_of: date | None = None
) -> Ratio:
    """(in time, due) of special plans whose due date has come."""
    on = as_of or ledger.clock.today()
    rows = SpecialPlan.objects.filter(due_on__lte=on).exclude(action__plan__state=Plan.State.SUPERSEDED)
    if plan is not None:
        rows = rows.filter(action__plan=plan)
    if agency is not None:
        rows = rows.filter(agency=agency)
    dates = list(rows.exclude(submitted_at=None).values_list("submitted_at", "due_on"))
    in_time = [1 for at, due_on in dates if at.astimezone(ledger.clock.LOCAL).date() <= due_on]
    return Ratio(len(in_time), rows.count())


def task_completion(
    *, agency: people.Agency | None = None, year: int, as_of: date | None = None, plan: Plan | None = None
) -> Ratio:
    """(done, due): tasks of a year due by `as_of`, and those of them done by then. Cancelled ones count nowhere."""
    on = as_of or ledger.clock.today()
    rows = tasks_of(plan=plan, agency=agency, year=year).filter(due_on__lte=on).exclude(cancelled_at__date__lte=on)
    return Ratio(rows.filter(done_at__date__lte=on).count(), rows.count())


def tasks_of(*, plan: Plan | None = None, agency: people.Agency | None = None, year: int | None = None) -> Any:
    rows = Task.objects.exclude(action__plan__state=Plan.State.SUPERSEDED)
    if plan is not None:
        rows = Task.objects.filter(action__plan=plan)
    if agency is not None:
        rows = rows.filter(accountable=agency)
    return rows.filter(year=year) if year is not None else rows


def returns_of(*, plan: Plan, period: str | None = None) -> Any:
    rows = Return.objects.filter(period__plan=plan).select_related("period", "action", "agency")
    return rows.filter(period__code=period) if period else rows


def goal_rows(plan: Plan) -> list[GoalRow]:
    """Every goal of the plan with the indicator that computes it and the agency that answers for it."""
    goals: Iterable[Any] = plan.goals.select_related("action").order_by("order", "pk")
    return [
        GoalRow(
            pk=g.pk,
            action_number=g.action.number if g.action else None,
            action_code=g.action.code if g.action else "",
            text=g.text,
            metric=g.metric,
            comparison=g.comparison,
            value=g.value,
            unit=g.unit,
            due=g.due,
            indicator_code=g.indicator_code,
            base_year=g.base_year,
            lead_id=g.action.lead_id if g.action else None,
        )
        for g in goals
    ]
