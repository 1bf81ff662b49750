"""Reads: plans, actions, tasks, returns, special plans, for a person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing.data import Lead
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import LEVELS, agencies_for
from fangxin.oversight.plans.data import Unresolved
from fangxin.oversight.plans.models import (
    Action,
    ActionAgency,
    Goal,
    Plan,
    Return,
    ReturnPeriod,
    SpecialPlan,
    Task,
)
from fangxin.oversight.plans.refusals import defect_words


def reach(user: Any, ability: str, field: str = "division_code") -> Q:
    """Plans that bind the person's divisions: those of the division itself, below it, and of the levels above."""
    prefixes = user.prefixes(ability)
    above = {prefix[:n] for prefix in prefixes for n in LEVELS if n < len(prefix)}
    scope = Q(**{f"{field}__in": sorted(above)})
    for prefix in prefixes:
        scope |= people.under(prefix, field)
    return scope if prefixes else Q(pk__in=[])


def list_plans(user: Any) -> "QuerySet[Plan]":
    """What was never confirmed is the office's own business."""
    rows = Plan.objects.filter(reach(user, "plans.view"))
    drafts = people.within(Plan.objects.filter(confirmed_at=None), user, "plans.edit")
    return (
        rows.filter(Q(confirmed_at__isnull=False) | Q(pk__in=drafts.values("pk")))
        .defer("source_text", "reading")
        .order_by("-issued_on", "-pk")
    )


def current_plan(division_code: str) -> Plan | None:
    """The plan that binds a division today: the nearest level's newest."""
    codes = [division_code[:n] for n in LEVELS if n <= len(division_code)]
    rows = Plan.objects.filter(division_code__in=codes, state=Plan.State.CONFIRMED).defer("source_text", "reading")
    return max(rows, key=lambda p: (len(p.division_code), p.issued_on or date.min, p.pk), default=None)


def leads_of(division_code: str) -> list[Lead]:
    """Who leads which action in a division, as the plan in force says."""
    plan = current_plan(division_code)
    if plan is None:
        return []
    actions = plan.actions.select_related("lead").exclude(lead=None).exclude(code="")
    return [Lead(a.code, a.lead_id, str(a.lead), reverse("plans:action", args=[a.pk])) for a in actions]


def plan_of(user: Any) -> Plan | None:
    """The plan that binds the person's own division."""
    prefixes = user.prefixes("plans.view")
    return current_plan(prefixes[0]) if prefixes else None


def list_actions(user: Any, plan: Plan | None = None) -> "QuerySet[Action]":
    rows = Action.objects.filter(plan__in=list_plans(user)) if plan is None else plan.actions.all()
    return rows.select_related("plan", "lead").order_by("plan", "number", "pk")


def list_tasks(user: Any) -> "QuerySet[Task]":
    """Tasks in the person's divisions, and those of their own agency wherever they lie."""
    rows = Task.objects.select_related("action", "accountable", "goal")
    own = user.own_agencies("plans.view")
    scope = Q(accountable__in=own)
    for prefix in user.prefixes("plans.view"):
        scope |= people.under(prefix)
    return rows.filter(scope).order_by("due_on", "pk")


def is_late(today: date) -> Q:
    return Q(state=Task.State.OPEN, due_on__lt=today)


def list_special_plans(user: Any) -> "QuerySet[SpecialPlan]":
    rows = SpecialPlan.objects.select_related("action", "agency")
    return people.within(rows, user, "plans.view").order_by("-action__plan__issued_on", "action__number", "pk")


def list_returns(user: Any) -> "QuerySet[Return]":
    """All returns of the person's divisions; what is written in them, `may_read` decides."""
    rows = Return.objects.select_related("period", "action", "agency")
    return people.within(rows, user, "plans.view").order_by("period__due_on", "action__number", "pk")


def may_read(user: Any, item: Return) -> bool:
    """A department's unfinished text is its own until it has been sent."""
    return item.submitted_at is not None or item.agency_id in user.own_agencies("plans.return.write")


def list_periods(plan: Plan) -> "QuerySet[ReturnPeriod]":
    return plan.periods.annotate(
        due_returns=Count("returns"),
        in_time=Count("returns", filter=Q(returns__submitted_at__isnull=False) & _in_time("returns__")),
        sent=Count("returns", filter=Q(returns__submitted_at__isnull=False)),
    ).order_by("due_on")


def _in_time(prefix: str = "") -> Q:
    """The due date lasts until midnight, local time; the database compares dates in the project's time zone."""
    return Q(**{f"{prefix}submitted_at__date__lte": F(f"{prefix}period__due_on")})


def returns_in_time(rows: "QuerySet[Return]", as_of: date) -> tuple[int, int]:
    """(in time, due) among returns whose due date has come; a missing one is due and not in time."""
    due = rows.filter(period__due_on__lte=as_of)
    return due.filter(_in_time(), submitted_at__date__lte=as_of).count(), due.count()


def list_unresolved(plan: Plan) -> list[Unresolved]:
    """What the clerk still has to settle, the blocking things first."""
    found = [*_plan_gaps(plan), *_action_gaps(plan), *_goal_gaps(plan), *_other_gaps(plan)]
    return sorted(found, key=lambda item: not item.blocking)


def _plan_gaps(plan: Plan) -> Iterable[Unresolved]:
    if plan.starts_on is None or plan.ends_on is None:
        yield Unresolved("plan", _("没有填写实施期的起止日期"), True)
    if plan.issued_on is None:
        yield Unresolved("plan", _("没有填写发文日期"), True)


def _action_gaps(plan: Plan) -> Iterable[Unresolved]:
    actions = list(plan.actions.all())
    if not actions:
        yield Unresolved("actions", _("还没有任何行动"), True)
    numbers = [action.number for action in actions]
    for action in actions:
        anchor, name = f"action-{action.pk}", f"{action.number}．{action.title}"
        if action.lead_id is None:
            yield Unresolved(anchor, _("“%(name)s”的牵头单位没有对应到机构") % {"name": name}, True)
        if numbers.count(action.number) > 1:
            yield Unresolved(anchor, _("“%(name)s”的序号重复") % {"name": name}, True)
        if not action.code:
            yield Unresolved(anchor, _("“%(name)s”没有选择业务类别") % {"name": name}, False)
    units = ActionAgency.objects.filter(action__plan=plan, agency=None)
    for printed in units.order_by("printed").values_list("printed", flat=True).distinct():
        yield Unresolved("names", _("配合单位“%(name)s”没有对应到机构") % {"name": printed}, False)


def _goal_gaps(plan: Plan) -> Iterable[Unresolved]:
    for goal in plan.goals.all():
        anchor, name = f"goal-{goal.pk}", str(goal)
        if goal.action_id is None:
            yield Unresolved(anchor, _("目标“%(name)s”没有对应行动，不会生成任务") % {"name": name}, False)
        if goal.is_measurable and not goal.indicator_code:
            yield Unresolved(anchor, _("目标“%(name)s”没有选择计算指标") % {"name": name}, False)
        if goal.comparison == Goal.Comparison.DECLINE and goal.base_year is None:
            yield Unresolved(anchor, _("目标“%(name)s”没有基年，无法判断是否下降") % {"name": name}, False)


def _other_gaps(plan: Plan) -> Iterable[Unresolved]:
    for defect in plan.defects.filter(clarified_at=None):
        yield Unresolved(f"defect-{defect.pk}", _("待澄清：%(what)s") % {"what": defect_words(defect.kind)}, False)
    if not plan.deadlines.filter(purpose="return").exists():
        yield Unresolved("deadlines", _("没有找到报送工作总结的日期，不会生成报送期次"), False)
    if not plan.deadlines.filter(purpose="special_plan").exists():
        yield Unresolved("deadlines", _("没有找到报送专项方案的日期，不会要求专项方案"), False)


def tasks_on(day: date) -> "QuerySet[Task]":
    """Tasks as they stood on a day, with their state and whether they were done in time. For indicators."""
    done = Q(done_at__date__lte=day)
    state = Case(
        When(done, then=Value("done")),
        When(cancelled_at__date__lte=day, then=Value("cancelled")),
        default=Value("open"),
        output_field=CharField(),
    )
    return (
        Task.objects.filter(action__plan__confirmed_at__date__lte=day)
        .exclude(action__plan__state=Plan.State.SUPERSEDED)
        .annotate(
            action_number=F("action__number"),
            action_code=F("action__code"),
            state_on=state,
            due_reached=_flag(Q(due_on__lte=day)),
            done_on_time=_flag(done & Q(done_at__date__lte=F("due_on"))),
            accountable_agency=F("accountable_id"),
            is_goal=_flag(Q(goal__isnull=False)),
        )
    )


def returns_on(day: date) -> "QuerySet[Return]":
    """Returns as they stood on a day. For indicators."""
    return (
        Return.objects.filter(period__plan__confirmed_at__date__lte=day)
        .exclude(period__plan__state=Plan.State.SUPERSEDED)
        .annotate(
            period_code=F("period__code"),
            year=F("period__year"),
            due_reached=_flag(Q(period__due_on__lte=day)),
            submitted=_flag(Q(submitted_at__date__lte=day)),
            submitted_on_time=_flag(Q(submitted_at__date__lte=day) & _in_time()),
            accepted=_flag(Q(accepted_at__date__lte=day)),
            action_number=F("action__number"),
            owner_agency=F("agency_id"),
        )
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def township_agencies(plan: Plan) -> Any:
    return agencies_for(plan.division_code).filter(kind="township")


IN_FORCE = Q(action__plan__state=Plan.State.CONFIRMED)


def returns_coming(today: date) -> Q:
    """Returns that are open to be written and not yet due."""
    unsent = Q(state__in=[Return.State.NOT_STARTED, Return.State.DRAFTING], submitted_at=None)
    return IN_FORCE & unsent & Q(period__opens_on__lte=today, period__due_on__gte=today)


def returns_missing(today: date) -> Q:
    """Returns whose due date has passed and that never came."""
    return IN_FORCE & Q(submitted_at=None, period__due_on__lt=today)


def schemes_coming(today: date) -> Q:
    """Special plans that are still to be sent and not yet due."""
    return IN_FORCE & Q(submitted_at=None, due_on__gte=today)


def schemes_missing(today: date) -> Q:
    """Special plans whose due date has passed and that never came."""
    return IN_FORCE & Q(submitted_at=None, due_on__lt=today)


def scope(user: Any, ability: str) -> Q:
    """Rows in the divisions where the person has the ability, as a condition."""
    found = Q(pk__in=[])
    for prefix in user.prefixes(ability):
        found |= people.under(prefix)
    return found


def task_counts(action_ids: list[int], today: date) -> dict[int, dict[str, int]]:
    """Tasks done, late and in all by action; cancelled ones are not counted."""
    rows = (
        Task.objects.filter(action__in=action_ids, parent=None)
        .exclude(state=Task.State.CANCELLED)
        .order_by()
        .values("action")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=Task.State.DONE)),
            late=Count("pk", filter=is_late(today)),
        )
    )
    return {row["action"]: row for row in rows}
