"""One object for a person, or "not found": that something exists is not said to those who may not see it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.finding import one_of
from fangxin.oversight.plans import selectors
from fangxin.oversight.plans.models import Action, Plan, Return, ReturnPeriod, SpecialPlan, Task


def get_plan(user: Any, pk: int) -> Plan:
    return one_of(selectors.list_plans(user), pk)


def get_plan_to_edit(user: Any, pk: int) -> Plan:
    """The whole plan with its text, for the office it belongs to."""
    return one_of(people.within(Plan.objects.all(), user, "plans.edit"), pk)


def get_action(user: Any, pk: int) -> Action:
    return one_of(selectors.list_actions(user), pk)


def get_action_to_assign(user: Any, pk: int) -> Action:
    rows = Action.objects.select_related("plan", "lead")
    return one_of(people.within(rows, user, "plans.edit", field="plan__division_code"), pk)


def get_task(user: Any, pk: int) -> Task:
    return one_of(selectors.list_tasks(user).select_related("action__plan", "action__lead", "parent", "evidence"), pk)


def may_work_on(user: Any, task: Task) -> bool:
    """The accountable agency works on its task."""
    return task.accountable_id in user.own_agencies("plans.task.work")


def may_direct(user: Any, task: Task) -> bool:
    """The action's lead and the office refine, split and cancel."""
    lead = task.action.lead_id in user.own_agencies("plans.task.work")
    return lead or user.can("plans.edit", task.action.plan.division_code)


def get_special_plan(user: Any, pk: int) -> SpecialPlan:
    return one_of(selectors.list_special_plans(user).select_related("action__plan", "attachment"), pk)


def get_return(user: Any, pk: int) -> Return:
    return one_of(selectors.list_returns(user).select_related("period__plan", "submitted_by", "accepted_by"), pk)


def get_return_to_read(user: Any, pk: int) -> Return:
    item = get_return(user, pk)
    if not selectors.may_read(user, item):
        raise Http404
    return item


def get_return_of_own(user: Any, pk: int, ability: str) -> Return:
    """A return of the person's own agency, to write or to review."""
    item = get_return(user, pk)
    if item.agency_id not in user.own_agencies(ability):
        raise Http404
    return item


def get_return_to_decide(user: Any, pk: int) -> Return:
    rows = Return.objects.select_related("period__plan", "action", "agency")
    return one_of(people.within(rows, user, "plans.return.accept"), pk)


def get_period(user: Any, pk: int) -> ReturnPeriod:
    rows = ReturnPeriod.objects.select_related("plan", "report")
    return one_of(rows.filter(selectors.reach(user, "plans.view", "plan__division_code")), pk)


def refuse(condition: bool) -> None:
    if condition:
        raise PermissionDenied(_("您的岗位不能办理这一项。如需办理，请联系责任单位或食安办。"))
