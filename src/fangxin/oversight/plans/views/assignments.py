"""The responsibility matrix: actions down, agencies across."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.agencies import agencies_for
from fangxin.oversight.plans.data import Duty
from fangxin.oversight.plans.models import Action, Plan
from fangxin.oversight.plans.services import assigning
from fangxin.oversight.plans.views.common import attempt, chosen_plan


class DutyForm(forms.Form):
    agency = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=people.Agency.objects.none())
    duty = forms.ChoiceField(
        label=gettext_lazy("职责"), choices=[("", gettext_lazy("（不参与）")), *Duty.choices], required=False
    )
    part = forms.CharField(label=gettext_lazy("承担的具体任务"), max_length=300, required=False)


def matrix(actions: Iterable[Action]) -> tuple[list[Any], list[tuple[Action, list[Any]]]]:
    """(agencies, rows): agencies in the order in which they first lead or appear."""
    rows = [(action, _duties(action)) for action in actions]
    agencies = {action.lead_id: action.lead for action, _duties_of in rows if action.lead}
    for _action, duties in rows:
        agencies |= {pk: unit.agency for pk, unit in duties.items() if pk not in agencies}
    columns = list(agencies.values())
    return columns, [(action, [_cell(action, duties, agency) for agency in columns]) for action, duties in rows]


def _duties(action: Action) -> dict[int, Any]:
    return {unit.agency_id: unit for unit in action.agencies.all() if unit.agency_id}


def _cell(action: Action, duties: dict[int, Any], agency: Any) -> tuple[Any, str, str, str]:
    """(agency, letter, word, named part)"""
    if action.lead_id == agency.pk:
        return agency, Duty.LEAD.value, str(Duty.LEAD.label), ""
    unit = duties.get(agency.pk)
    return (agency, unit.duty, str(unit.get_duty_display()), unit.part) if unit else (agency, "", "", "")


@needs("plans.view")
def page(request: HttpRequest) -> HttpResponse:
    plan = chosen_plan(request)
    if plan is None:
        return render(request, "plans/none.html", {"title": _("责任分工")})
    actions = list(selectors.list_actions(request.user, plan).prefetch_related("agencies__agency"))
    agencies, rows = matrix(actions)
    if request.GET.get("_export") == "xlsx":
        return _export(plan, agencies, rows)
    context = {
        "title": _("责任分工"),
        "plan": plan,
        "agencies": agencies,
        "rows": rows,
        "duty_words": Duty.choices,
        "may_edit": request.user.can("plans.edit", plan.division_code) and not plan.is_draft,
        "actions": [(_("导出"), f"?plan={plan.pk}&_export=xlsx", "download")],
    }
    return render(request, "plans/assignments.html", context)


def _export(plan: Plan, agencies: list[Any], rows: list[Any]) -> HttpResponse:
    headers = [_("序号"), _("行动"), *(a.short_name for a in agencies), _("各乡镇（街道）")]
    lines = [
        [action.number, action.title, *(cell[2] for cell in cells), _("负责") if action.townships else ""]
        for action, cells in rows
    ]
    return xlsx_response(_("责任分工"), to_xlsx(headers, lines, title=_("责任分工"), note=plan.title))


@needs("plans.edit")
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    action = access.get_action_to_assign(request.user, pk)
    if action.plan.is_draft:
        raise Http404
    initial = {"agency": request.GET.get("agency", ""), "duty": request.GET.get("duty", "")}
    form = DutyForm(request.POST or None, initial=initial)
    form.fields["agency"].queryset = agencies_for(action.plan.division_code)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            request,
            lambda: assigning.set_duty(
                action=action, agency=given["agency"], duty=given["duty"], part=given["part"], by=request.user
            ),
            _("分工已调整。"),
        )
        if saved:
            return redirect(f"{reverse('plans:assignments')}?plan={action.plan_id}")
    context = {
        "title": _("调整分工"),
        "form": form,
        "intro": _("%(action)s。改为“牵头”后，原牵头单位转为配合，未完成的任务和未报的总结一并转给新的牵头单位。")
        % {"action": action.title},
        "back_url": f"{reverse('plans:assignments')}?plan={action.plan_id}",
    }
    return render(request, "screens/form.html", context)
