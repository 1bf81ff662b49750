"""From a reviewed draft to actions, tasks, special plans and return dates; and back while nothing has happened."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import rules
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import (
    Action,
    Goal,
    Plan,
    PlanDeadline,
    Return,
    ReturnPeriod,
    ReturnVersion,
    SpecialPlan,
    Task,
)
from fangxin.oversight.plans.selectors import list_unresolved
from fangxin.oversight.plans.services.moves import move, person_of

LONGEST_TITLE = 500


@transaction.atomic
def confirm(*, plan: Plan, by: Any) -> Plan:
    """Make the plan binding: tasks, special plans, return periods and returns exist from now on."""
    blocking = [item.text for item in list_unresolved(plan) if item.blocking]
    if blocking:
        raise PlanError(_("还有必须处理的问题：") + "；".join(blocking[:5]))
    move(
        plan,
        taken_from=(Plan.State.DRAFT,),
        to=Plan.State.CONFIRMED,
        confirmed_at=ledger.clock.now(),
        confirmed_by=person_of(by),
    )
    actions = list(plan.actions.select_related("lead"))
    tasks = _make_tasks(plan, actions)
    schemes = _make_special_plans(plan, actions)
    periods = _make_returns(plan, actions)
    ledger.record(
        "plans.plan.confirmed",
        of=plan,
        by=by,
        data={"actions": len(actions), "tasks": tasks, "special_plans": schemes, "periods": periods},
    )
    return plan


def _make_tasks(plan: Plan, actions: Iterable[Action]) -> int:
    ends_on = plan.ends_on or date.max
    tasks = []
    for goal in plan.goals.exclude(action=None).select_related("action"):
        dues = rules.task_dues(plan.years, due=goal.due, ends_on=ends_on, yearly=goal.is_measurable)
        tasks += [_task(goal.action, plan, due, _goal_title(goal), goal=goal) for due in dues]
    for action in actions:
        dues = rules.task_dues(plan.years, due=None, ends_on=ends_on, yearly=True)
        measures = list(action.measures.all())
        tasks += [_task(action, plan, due, m.text, measure=m) for m in measures for due in dues]
    Task.objects.bulk_create(tasks, batch_size=300)
    return len(tasks)


def _goal_title(goal: Goal) -> str:
    if not goal.is_measurable:
        return goal.text
    return f"{goal.metric or goal.text}：{goal.bound}"


def _task(action: Any, plan: Plan, due: tuple[int, date], title: str, **source: Any) -> Task:
    year, due_on = due
    return Task(
        action=action,
        year=year,
        due_on=due_on,
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        accountable_id=action.lead_id,
        division_code=plan.division_code,
        **source,
    )


def _make_special_plans(plan: Plan, actions: Iterable[Action]) -> int:
    """Only where the plan asks for them by a date."""
    due = plan.deadlines.filter(purpose=PlanDeadline.Purpose.SPECIAL_PLAN, on__isnull=False).order_by("on").first()
    if due is None:
        return 0
    made = SpecialPlan.objects.bulk_create(
        SpecialPlan(action=action, agency=action.lead, division_code=plan.division_code, due_on=due.on)
        for action in actions
    )
    return len(made)


def _make_returns(plan: Plan, actions: list[Action]) -> int:
    asked = plan.deadlines.filter(purpose=PlanDeadline.Purpose.RETURN)
    facts = rules.list_periods(
        [d.month_day for d in asked if d.month_day],
        [d.on for d in asked if d.on],
        years=plan.years,
        issued_on=plan.issued_on or plan.starts_on or ledger.clock.today(),
    )
    periods = ReturnPeriod.objects.bulk_create(
        ReturnPeriod(plan=plan, code=f.code, year=f.year, opens_on=f.opens_on, due_on=f.due_on) for f in facts
    )
    Return.objects.bulk_create(
        [
            Return(period=period, action=action, agency=action.lead, division_code=plan.division_code)
            for period in periods
            for action in actions
        ],
        batch_size=300,
    )
    return len(periods)


def list_work_done(plan: Plan) -> list[str]:
    """What would be lost if the confirmation were taken back."""
    found = []
    if ReturnVersion.objects.filter(item__period__plan=plan).exists():
        found.append(_("已有单位填写了工作总结"))
    elif Return.objects.filter(period__plan=plan, draft_saved_at__isnull=False).exists():
        found.append(_("已有单位保存了工作总结草稿"))
    if SpecialPlan.objects.filter(action__plan=plan, drafted_at__isnull=False).exists():
        found.append(_("已有单位起草了专项方案"))
    changed = Q(progress_at__isnull=False) | ~Q(state=Task.State.OPEN) | Q(parent__isnull=False)
    if Task.objects.filter(changed, action__plan=plan).exists():
        found.append(_("已有任务填报进展或已分解"))
    return found


@transaction.atomic
def undo_confirm(*, plan: Plan, by: Any) -> Plan:
    """Back to a draft, as long as nobody has worked on what the confirmation made."""
    done = list_work_done(plan)
    if done:
        raise PlanError(_("不能撤回确认：") + "；".join(done) + _("。撤回会丢失这些内容。"))
    move(plan, taken_from=(Plan.State.CONFIRMED,), to=Plan.State.DRAFT, confirmed_at=None, confirmed_by=None)
    Return.objects.filter(period__plan=plan).delete()
    plan.periods.all().delete()
    Task.objects.filter(action__plan=plan).delete()
    SpecialPlan.objects.filter(action__plan=plan).delete()
    ledger.record("plans.plan.unconfirmed", of=plan, by=by)
    return plan


@transaction.atomic
def supersede(*, plan: Plan, by: Any) -> Plan:
    """Another plan has taken its place; its record stays."""
    move(plan, taken_from=(Plan.State.CONFIRMED,), to=Plan.State.SUPERSEDED)
    ledger.record("plans.plan.superseded", of=plan, by=by)
    return plan


@transaction.atomic
def discard(*, plan: Plan, by: Any) -> Plan:
    """A draft that was read by mistake is laid aside; what was read stays on record."""
    move(plan, taken_from=(Plan.State.DRAFT,), to=Plan.State.SUPERSEDED)
    ledger.record("plans.plan.discarded", of=plan, by=by)
    return plan
