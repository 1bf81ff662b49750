"""Special plans of the lead departments."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.forms import SpecialPlanForm
from fangxin.oversight.plans.models import SpecialPlan
from fangxin.oversight.plans.services import special_plans as services
from fangxin.oversight.plans.views.common import attempt, put_error

State = SpecialPlan.State
TEXTS = ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks")


def timing_words(scheme: SpecialPlan) -> tuple[str, str]:
    """(word, tone): in time, so many days late, or not yet due."""
    today = ledger.clock.today()
    days = scheme.days_late(today)
    if scheme.submitted_at is None:
        return (_("逾期 %(days)s 天未报") % {"days": days}, "bad") if days else (_("未到期"), "plain")
    return (_("迟报 %(days)s 天") % {"days": days}, "warn") if days else (_("按时"), "good")


class SpecialPlanTable(tables.Table):
    number = tables.Column(accessor="action__number", verbose_name=gettext_lazy("行动"))
    action = tables.Column(linkify=lambda record: reverse("plans:special_plan", args=[record.pk]))
    timing = tables.Column(verbose_name=gettext_lazy("时限情况"), empty_values=(), orderable=False)
    due_on = tables.DateColumn(format="Y-m-d")
    submitted_at = tables.DateTimeColumn(format="Y-m-d H:i")

    class Meta:
        model = SpecialPlan
        fields = ("number", "action", "agency", "due_on", "state", "submitted_at", "timing")

    def render_timing(self, record: SpecialPlan) -> Any:
        return badge(*timing_words(record))

    def value_timing(self, record: SpecialPlan) -> str:
        return timing_words(record)[0]


class SpecialPlanFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部")
    )
    mine = django_filters.BooleanFilter(
        label=gettext_lazy("只看本单位"), method="only_mine", widget=forms.CheckboxInput
    )

    open = django_filters.BooleanFilter(
        label=gettext_lazy("只看待报送"), method="only_open", widget=forms.CheckboxInput
    )
    late = django_filters.BooleanFilter(
        label=gettext_lazy("只看逾期未报"), method="only_late", widget=forms.CheckboxInput
    )

    class Meta:
        model = SpecialPlan
        fields = ("state", "mine", "open", "late")

    def only_open(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(selectors.schemes_coming(ledger.clock.today())) if value else rows

    def only_late(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(selectors.schemes_missing(ledger.clock.today())) if value else rows

    def only_mine(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(agency__in=self.request.user.own_agencies("plans.view")) if value else rows


class SpecialPlanList(ListScreen):
    ability = "plans.view"
    title = gettext_lazy("专项方案")
    table_class = SpecialPlanTable
    filter_class = SpecialPlanFilter

    def rows(self) -> Any:
        return selectors.list_special_plans(self.request.user)


@needs("plans.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = access.get_special_plan(request.user, pk)
    signed = {step.agency_id for step in scheme.steps.filter(verb="countersigned", pk__gt=services.last_round(scheme))}
    units = list(scheme.action.agencies.exclude(agency=None).select_related("agency"))
    context = {
        "title": str(scheme),
        "scheme": scheme,
        "sections": [(SpecialPlan._meta.get_field(n).verbose_name, getattr(scheme, n)) for n in TEXTS],
        "timing": timing_words(scheme),
        "units": [(unit, unit.agency_id in signed) for unit in units],
        "steps": scheme.steps.select_related("agency", "by"),
        "may": _may(request.user, scheme, signed, units),
        "actions": [(_("返回行动"), reverse("plans:action", args=[scheme.action_id]), "arrow-left")],
    }
    return render(request, "plans/special_plan.html", context)


def _may(user: Any, scheme: SpecialPlan, signed: set[Any], units: list[Any]) -> dict[str, Any]:
    """Which buttons this person gets now."""
    own = scheme.agency_id in user.own_agencies("plans.return.write")
    sign = set(user.own_agencies("plans.return.write")) & ({unit.agency_id for unit in units} - signed)
    office = user.can("plans.return.accept", scheme.division_code)
    return {
        "edit": own and scheme.state in services.EDITABLE,
        "send": own and scheme.state in services.EDITABLE,
        "sign": next(iter(sign), None) if scheme.state == State.COUNTERSIGNING else None,
        "review": own and scheme.state == State.COUNTERSIGNING,
        "approve": own and scheme.state == State.REVIEWING and user.pk != scheme.drafted_by_id,
        "decide": office and scheme.state == State.SUBMITTED,
        "contact": user.can("plans.view", scheme.division_code) and bool(scheme.contact_phone),
    }


@needs("plans.return.write")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = access.get_special_plan(request.user, pk)
    access.refuse(scheme.agency_id not in request.user.own_agencies("plans.return.write"))
    form = SpecialPlanForm(request.POST or None, request.FILES or None, instance=scheme)
    if request.method == "POST" and form.is_valid():
        try:
            kept = form.fields["file"].keep(form.cleaned_data.pop("file"), by=request.user)
            scheme.refresh_from_db()
            services.save_draft(special_plan=scheme, texts=form.cleaned_data, attachment=kept, by=request.user)
        except (PlanError, ValidationError) as error:
            put_error(form, error)
        else:
            attempt(request, lambda: None, _("已保存。"))
            return redirect("plans:special_plan", scheme.pk)
    context = {
        "title": _("起草专项方案"),
        "form": form,
        "intro": _("%(action)s，%(due)s前报送。") % {"action": scheme.action, "due": scheme.due_on},
        "back_url": reverse("plans:special_plan", args=[scheme.pk]),
    }
    return render(request, "screens/form.html", context)


@require_POST
@needs("plans.view")
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the scheme; the buttons a person may not press are refused here as well."""
    scheme = access.get_special_plan(request.user, pk)
    verb, text = request.POST.get("do", ""), request.POST.get("text", "").replace("\x00", "")[:5000]
    units = list(scheme.action.agencies.exclude(agency=None))
    signed = set(
        scheme.steps.filter(verb="countersigned", pk__gt=services.last_round(scheme)).values_list("agency", flat=True)
    )
    attempt(
        request, lambda: _do(request.user, scheme, verb, text, _may(request.user, scheme, signed, units)), _("已办理。")
    )
    return redirect("plans:special_plan", scheme.pk)


def _do(user: Any, scheme: SpecialPlan, verb: str, text: str, may: dict[str, Any]) -> None:
    allowed = {
        "send": may["send"], "sign": may["sign"], "review": may["review"], "approve": may["approve"],
        "file": may["decide"], "return": may["decide"] or may["approve"],
    }  # fmt: skip
    if not allowed.get(verb):
        raise PlanError(_("现在不能办理这一步，可能状态已经变化，或不属于您的岗位。请刷新页面。"))
    if verb == "send":
        services.send_to_countersign(special_plan=scheme, by=user)
    elif verb == "sign":
        agency = people.Agency.objects.get(pk=may["sign"])
        services.countersign(special_plan=scheme, agency=agency, text=text, by=user)
    elif verb == "review":
        services.send_to_review(special_plan=scheme, text=text, by=user)
    elif verb == "approve":
        services.approve(special_plan=scheme, text=text, by=user)
    elif verb == "file":
        services.file(special_plan=scheme, text=text, by=user)
    else:
        services.send_back(special_plan=scheme, reason=text, by=user)


@require_POST
@needs("plans.view")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the contact's telephone once, to who says what for."""
    scheme = access.get_special_plan(request.user, pk)
    purpose = request.POST.get("purpose", "").replace("\x00", "")
    attempt(
        request,
        lambda: people.record_personal_view(of=scheme, what="contact_phone", purpose=purpose, by=request.user),
        _("联络员 %(name)s，电话 %(phone)s。") % {"name": scheme.contact_officer, "phone": scheme.contact_phone},
    )
    return redirect("plans:special_plan", scheme.pk)
