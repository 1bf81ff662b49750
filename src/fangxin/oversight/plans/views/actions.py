"""One action's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.plans import access
from fangxin.oversight.plans.action_page import action_page_data
from fangxin.oversight.plans.data import Duty


@needs("plans.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    action = access.get_action(request.user, pk)
    data = action_page_data(request.user, action)
    lead = action.lead_id in request.user.own_agencies("plans.task.work")
    office = request.user.can("plans.edit", action.plan.division_code)
    actions = [(_("返回方案"), reverse("plans:plan", args=[action.plan_id]), "arrow-left")]
    if lead or office:
        actions.append((_("增加任务"), reverse("plans:task_new", args=[action.pk]), "plus"))
    context = {
        "title": f"{action.number}．{action.title}",
        "action": action,
        "data": data,
        "today": ledger.clock.today(),
        "actions": actions,
        "lead_duty": Duty.LEAD.label,
    }
    return render(request, "plans/action.html", context)
