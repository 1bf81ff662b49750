"""The yearly plan: made, looked at, approved by a second person, withdrawn."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.fieldwork import access, selectors
from fangxin.kernel.fieldwork.forms.common import ReasonForm
from fangxin.kernel.fieldwork.forms.plans import PlanForm
from fangxin.kernel.fieldwork.models import InspectionPlan, PlannedVisit
from fangxin.kernel.fieldwork.services import plans
from fangxin.kernel.fieldwork.views.common import StateColumn, names_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = InspectionPlan.State


class PlanTable(tables.Table):
    year = tables.Column()
    name = tables.Column(linkify=lambda record: reverse("fieldwork:plan", args=[record.pk]))
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("检查机关"), orderable=False)
    state = StateColumn()
    owed = tables.Column(verbose_name=gettext_lazy("应查次数"), orderable=False)
    done = tables.Column(verbose_name=gettext_lazy("已查次数"), orderable=False)
    made_at = tables.DateTimeColumn(format="Y-m-d")
    approved_at = tables.DateTimeColumn(format="Y-m-d", default="—")

    class Meta:
        model = InspectionPlan
        fields = ("year", "name", "agency", "state", "visit_cap", "owed", "done", "made_at", "approved_at")
        order_by = ()


class PlanList(ListScreen):
    ability = "inspection.view"
    title = gettext_lazy("年度检查计划")
    table_class = PlanTable
    intro = gettext_lazy("按等级和频次安排全年检查，不超过每户上限。编制人以外的另一人批准后才生效。")
    empty_text = gettext_lazy("还没有编制年度检查计划。")

    def rows(self) -> "QuerySet[Any]":
        rows = selectors.list_plans(self.request.user).order_by("-year", "-pk")
        still = ~Q(visits__state=PlannedVisit.State.CANCELLED)
        done = Q(visits__state=PlannedVisit.State.DONE)
        return rows.annotate(done=Count("visits", filter=done), owed=Count("visits", filter=still))

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("inspection.plan")
        actions = [
            (_("编制计划"), reverse("fieldwork:plan_new"), "plus"),
            (_("风险次序"), reverse("fieldwork:risks"), "sort-descending"),
        ]
        actions = actions if may else []
        return {"intro": self.intro, "actions": actions}


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def new(request: Request) -> HttpResponse:
    """First counts without writing anything, then the plan."""
    form = PlanForm(posted(request)[0], user=request.user)
    preview = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "make":
            made = saved(form, lambda: plans.make_plan(by=request.user, **form.cleaned_data))
            if made is not None:
                messages.success(request, _("计划已编制，请另一名人员批准。"))
                return redirect("fieldwork:plan", pk=made.pk)
        else:
            preview = _preview(form)
    context = {"title": _("编制年度检查计划"), "form": form, "preview": preview}
    return render(request, "fieldwork/plan_new.html", context)


def _preview(form: PlanForm) -> Any:
    given = form.cleaned_data
    try:
        facts = {name: given[name] for name in ("year", "division_code", "visit_cap", "risk_order")}
        found = plans.preview_plan(**facts)
    except ValidationError as error:
        blame(form, error)
        return None
    most = max(found.by_month.values(), default=0)
    months = [(month, count, 100 * count // most if most else 0) for month, count in found.by_month.items()]
    return {"plan": found, "grades": sorted(found.by_grade.items()), "months": months}


@require_safe
@needs("inspection.view")
def plan(request: Request, pk: int) -> HttpResponse:
    found = access.get_plan(request.user, pk)
    today = ledger.clock.today()
    rows = found.visits.exclude(state=PlannedVisit.State.CANCELLED).order_by()
    counts = {
        "owed": Count("pk"), "done": Count("pk", filter=Q(state=PlannedVisit.State.DONE)),
        "late": Count("pk", filter=Q(state__in=("open", "started"), due_on__lt=today)),
    }  # fmt: skip
    may_plan = request.user.can("inspection.plan", found.division_code)
    context = {
        "title": found.name,
        "plan": found,
        "names": names_of(found.made_by, found.approved_by),
        "place": people.division_path(found.division_code),
        "months": list(
            rows.annotate(month=ExtractMonth("due_on")).values("month").annotate(**counts).order_by("month")
        ),
        "bases": list(rows.values("basis").annotate(**counts).order_by("basis")),
        "total": rows.aggregate(**counts),
        "coverage": selectors.coverage(found.division_code, today),
        "may_approve": may_plan and found.state == State.DRAFT and found.made_by != request.user.username,
        "waits": found.state == State.DRAFT,
        "may_withdraw": may_plan and found.state != State.WITHDRAWN,
        "visits_url": reverse("fieldwork:visits") + f"?state=all&plan={found.pk}",
    }
    return render(request, "fieldwork/plan.html", context)


def _plan_to_change(request: Request, pk: int) -> InspectionPlan:
    found = access.get_plan(request.user, pk)
    if not request.user.can("inspection.plan", found.division_code):
        raise PermissionDenied(_("您的岗位不能批准或者撤回这个范围的计划。"))
    return found


@require_POST
@needs("inspection.plan")
def approve(request: Request, pk: int) -> HttpResponse:
    found = _plan_to_change(request, pk)
    done_or_told(request, _("计划已批准，各次检查列入待办。"), lambda: plans.approve_plan(plan=found, by=request.user))
    return redirect("fieldwork:plan", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = _plan_to_change(request, pk)
    form = ReasonForm(posted(request)[0], label=_("撤回的原因"))
    back = reverse("fieldwork:plan", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: plans.withdraw_plan(plan=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("计划已撤回，还没有开始的检查一并取消。"))
        return redirect(back)
    intro = _("还没有开始的检查会一并取消；已经查过的不受影响。")
    return form_page(
        request, form, _("撤回：%(name)s") % {"name": found.name}, back, submit_label=_("撤回计划"), intro=intro
    )
