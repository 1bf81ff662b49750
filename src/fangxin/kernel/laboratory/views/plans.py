"""The yearly plan: proposed, changed with a reason, approved by a second person, and how far it is."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.laboratory import access, selectors
from fangxin.kernel.laboratory.forms.sampling import LineForm, PlanForm, ReasonForm
from fangxin.kernel.laboratory.models import PlanLine, SamplingPlan, Stage
from fangxin.kernel.laboratory.services import plans as services
from fangxin.kernel.laboratory.views.common import ONE_LINE, StateColumn, TownFilter, names_of
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = SamplingPlan.State


class PlanTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("laboratory:plan", args=[record.pk]))
    year = tables.Column()
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("组织单位"), orderable=False)
    purpose = tables.Column()
    total = tables.Column(attrs={"td": {"class": "number"}})
    state = StateColumn()

    class Meta:
        model = SamplingPlan
        fields = ("name", "year", "agency", "purpose", "total", "state")
        order_by = ()


class PlanFilter(filters.FilterSet):
    year = filters.NumberFilter(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))

    class Meta:
        model = SamplingPlan
        fields = ("year", "state")


class PlanList(ListScreen):
    ability = "sample.plan"
    title = gettext_lazy("抽检计划")
    table_class = PlanTable
    filter_class = PlanFilter
    intro = gettext_lazy("每年的抽检批次先按风险和既往结果测算，再由人调整，另一人批准。")
    empty_text = gettext_lazy("还没有抽检计划。点“编制计划”开始。")

    def rows(self) -> "QuerySet[SamplingPlan]":
        return selectors.list_plans(self.request.user).order_by("-year", "-pk")

    def more_context(self) -> dict[str, Any]:
        return {"intro": self.intro, "actions": [(_("编制计划"), reverse("laboratory:plan_new"), "plus")]}


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def new(request: Request) -> HttpResponse:
    form = PlanForm(posted(request)[0], user=request.user)
    if request.method == "POST":
        made = saved(form, lambda: services.make_plan(**form.planned(), by=request.user))
        if made is not None:
            messages.success(request, _("已测算出各格批次。请逐格核对，改动的写明理由，再请另一人批准。"))
            return redirect("laboratory:plan", pk=made.pk)
    intro = _("总批次按底册里的场所数、既往不合格率和还不清楚的程度，分到每类食品、每个环节、每个乡镇。")
    return form_page(request, form, _("编制抽检计划"), reverse("laboratory:plans"), submit_label=_("测算"), intro=intro)


@require_safe
@needs("sample.plan")
def plan(request: Request, pk: int) -> HttpResponse:
    found = access.get_plan(request.user, pk)
    rows = list(selectors.progress(found))
    may = request.user.can("sample.plan", found.division_code)
    context = {
        "title": found.name,
        "plan": found,
        "names": names_of(found.made_by, found.approved_by),
        "place": people.division_path(found.division_code),
        "groups": _by_class(rows),
        "towns": _by_town(rows, found.division_code),
        "total": _sums(rows),
        "changed": sum(row.planned != row.proposed for row in rows),
        "draws": found.draws.order_by("-pk"),
        "may_approve": may and found.state == State.DRAFT and found.made_by != request.user.username,
        "may_withdraw": may and found.state != State.WITHDRAWN,
        "may_repropose": may and found.state == State.DRAFT,
        "may_draw": may and found.state == State.APPROVED,
    }
    return render(request, "laboratory/plan.html", context)


_COUNTED = ("planned", "ordered", "taken", "received", "reported")


def _sums(rows: list[Any]) -> dict[str, int]:
    return {name: sum(getattr(row, name) for row in rows) for name in _COUNTED}


def _by_class(rows: list[Any]) -> list[dict[str, Any]]:
    """A line for each class at each stage."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row.food_class, row.stage), []).append(row)
    return [
        {
            "food_class": name, "stage": stage, "stage_label": Stage(stage).label, "towns": len(lines),
            "tested": sum(line.past_tested for line in lines), "failed": sum(line.past_failed for line in lines),
            **_sums(lines),
        }
        for (name, stage), lines in sorted(groups.items())
        if any(line.planned or line.ordered for line in lines)
    ]  # fmt: skip


def _by_town(rows: list[Any], prefix: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.division_code, []).append(row)
    return [
        {"code": code, "name": name, **_sums(groups[code])} for code, name in people.townships(prefix) if code in groups
    ]


class LineTable(tables.Table):
    food_class = tables.Column()
    stage = tables.Column(attrs=ONE_LINE)
    township = TownshipColumn()
    listed = tables.Column(attrs={"td": {"class": "number"}})
    past = tables.Column(verbose_name=gettext_lazy("既往不合格/检验"), empty_values=(), orderable=False)
    proposed = tables.Column(attrs={"td": {"class": "number"}})
    planned = tables.Column(attrs={"td": {"class": "number"}})
    taken = tables.Column(verbose_name=gettext_lazy("已抽样"), attrs={"td": {"class": "number"}})
    reported = tables.Column(verbose_name=gettext_lazy("已出报告"), attrs={"td": {"class": "number"}})
    reason = tables.Column(default="—", orderable=False)
    actions = tables.Column(verbose_name="", empty_values=(), orderable=False, accessor="pk")

    class Meta:
        model = PlanLine
        fields = (
            "food_class", "stage", "township", "listed", "past", "proposed", "planned", "taken", "reported", "reason",
            "actions",
        )  # fmt: skip
        order_by = ()

    def render_past(self, record: PlanLine) -> str:
        return f"{record.past_failed}/{record.past_tested}" if record.past_tested else _("没有检过")

    def render_actions(self, record: PlanLine) -> Any:
        if record.plan.state != State.DRAFT:
            return ""
        url = reverse("laboratory:line", args=[record.plan_id, record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("调整"))


class LineFilter(TownFilter):
    food_class = filters.CharFilter(label=gettext_lazy("食品大类"), lookup_expr="icontains", max_length=40)
    stage = filters.ChoiceFilter(label=gettext_lazy("环节"), choices=Stage.choices, empty_label=gettext_lazy("全部"))
    what = filters.ChoiceFilter(
        label=gettext_lazy("批次"), method="by_number", empty_label=gettext_lazy("全部"),
        choices=[("some", gettext_lazy("有批次的")), ("none", gettext_lazy("没有批次的")), ("changed", gettext_lazy("经人调整的"))],
    )  # fmt: skip
    reach = "sample.plan"

    class Meta:
        model = PlanLine
        fields = ("food_class", "stage")

    def by_number(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "changed":
            return rows.exclude(planned=F("proposed"))
        return rows.filter(planned__gt=0) if value == "some" else rows.filter(planned=0)


class LineList(ListScreen):
    """Every cell of a plan; the sheet that goes round before the approval."""

    ability = "sample.plan"
    table_class = LineTable
    filter_class = LineFilter
    page_size = 50
    empty_text = gettext_lazy("没有符合条件的计划格。")

    def rows(self) -> "QuerySet[PlanLine]":
        self.plan = access.get_plan(self.request.user, self.kwargs["pk"])
        self.title = _("%(name)s：各格批次") % {"name": self.plan.name}
        return selectors.progress(self.plan).select_related("plan").order_by("food_class", "stage", "division_code")

    def more_context(self) -> dict[str, Any]:
        total = self.plan.lines.aggregate(n=Sum("planned"))["n"] or 0
        intro = _("合计%(n)s批次。与测算不同的须写明理由。") % {"n": total}
        return {
            "intro": intro,
            "actions": [(_("回到计划"), reverse("laboratory:plan", args=[self.plan.pk]), "arrow-left")],
        }


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def line(request: Request, pk: int, line_pk: int) -> HttpResponse:
    found = plan_to_change(request, pk)
    cell = one_of(PlanLine.objects.filter(plan=found).select_related("plan"), line_pk)
    form = LineForm(posted(request)[0], initial={"planned": cell.planned, "reason": cell.reason})
    back = reverse("laboratory:lines", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.change_line(line=cell, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已改为%(n)s批次。") % {"n": cell.planned})
        return redirect(back)
    known = {
        "place": people.division_name(cell.division_code), "class": cell.food_class, "stage": cell.get_stage_display(),
        "n": cell.proposed, "listed": cell.listed, "failed": cell.past_failed, "tested": cell.past_tested,
    }  # fmt: skip
    intro = _(
        "%(place)s，%(class)s，%(stage)s：场所%(listed)s户，既往检验%(tested)s批次、不合格%(failed)s批次，测算%(n)s批次。"
    )
    return form_page(request, form, _("调整批次"), back, intro=intro % known)


def plan_to_change(request: Request, pk: int) -> SamplingPlan:
    found = access.get_plan(request.user, pk)
    if not request.user.can("sample.plan", found.division_code):
        raise PermissionDenied(_("您的岗位不能办理这个范围的计划。"))
    return found


@require_POST
@needs("sample.plan")
def approve(request: Request, pk: int) -> HttpResponse:
    found = plan_to_change(request, pk)
    done_or_told(
        request, _("计划已批准，可以抽取抽样对象。"), lambda: services.approve_plan(plan=found, by=request.user)
    )
    return redirect("laboratory:plan", pk=pk)


@require_POST
@needs("sample.plan")
def repropose(request: Request, pk: int) -> HttpResponse:
    """The same classes, computed anew from today's register and results."""
    found = plan_to_change(request, pk)
    classes = list(found.lines.order_by("food_class").values_list("food_class", flat=True).distinct())
    if not classes:
        raise Http404
    done_or_told(
        request,
        _("已按今天的底册和检验结果重新测算。"),
        lambda: services.propose(plan=found, food_classes=classes, by=request.user),
    )
    return redirect("laboratory:plan", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = plan_to_change(request, pk)
    form = ReasonForm(posted(request)[0], label=_("撤回的原因"))
    back = reverse("laboratory:plan", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.withdraw_plan(plan=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("计划已撤回，还没有抽的任务一并取消。"))
        return redirect(back)
    intro = _("还没有抽的任务会一并取消；已经抽的样品不受影响。")
    return form_page(
        request, form, _("撤回：%(name)s") % {"name": found.name}, back, submit_label=_("撤回计划"), intro=intro
    )
