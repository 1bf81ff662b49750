"""Enterprises with cadmium and other heavy metals."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import access_emissions as access
from fangxin.actions.origin import forms_emissions as own_forms
from fangxin.actions.origin import offers_emissions
from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models import MetalEnterprise, MetalProblem
from fangxin.actions.origin.models.choices import Metal, Outlet
from fangxin.actions.origin.services import enterprises, sheets
from fangxin.actions.origin.views.common import AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

MOST_PARCELS = 50
TONES = {
    "surveyed": "info", "not_listed": "plain", "listed": "warn", "rectifying": "warn", "submitted": "info",
    "accepted": "good", "overdue": "bad",
}  # fmt: skip


def names_of(codes: Any, choices: Any) -> str:
    labels = dict(choices)
    return "、".join(str(labels.get(code, code)) for code in codes)


# --- acts ---------------------------------------------------------------------------------------------------------


def _form(form: Any) -> Any:
    return lambda request, _row, _user: form(*posted(request))


def _stored(values: Mapping[str, Any], by: Any) -> Any:
    file = values.get("file")
    return ledger.store_evidence(name=file.name, content=file.read(), by=by) if file else None


def _monitor(row: MetalEnterprise, by: Any, values: Mapping[str, Any]) -> Any:
    told = {name: value for name, value in values.items() if name != "file"}
    return enterprises.record_monitoring(row=row, report=_stored(values, by), by=by, **told)


def _accept(row: MetalEnterprise, by: Any, values: Mapping[str, Any]) -> Any:
    return enterprises.accept(row=row, file=_stored(values, by), note=values["note"], by=by)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("list", gettext_lazy("列入整治清单"), "list-check", lambda r, by, _v: enterprises.put_on_list(row=r, by=by)),
        Act("leave_out", gettext_lazy("不列入"), "circle-x",
            lambda r, by, v: enterprises.leave_out(row=r, by=by, **v), _form(own_forms.ReasonForm)),
        Act("check", gettext_lazy("登记检查"), "clipboard-check",
            lambda r, by, v: enterprises.record_check(row=r, by=by, **v), _form(own_forms.MetalCheckForm)),
        Act("problem", gettext_lazy("登记问题"), "alert-triangle",
            lambda r, by, v: enterprises.report_problem(row=r, by=by, **v), _form(own_forms.ProblemForm),
            done=gettext_lazy("已登记问题，并交生态环境部门整改。"),
            intro=gettext_lazy("登记后立即立账交办；整改、验收和销号在问题事项里办理。")),
        Act("monitoring", gettext_lazy("登记监测"), "flask", _monitor, _form(own_forms.MonitoringForm)),
        Act("submit", gettext_lazy("申请验收"), "send", lambda r, by, _v: enterprises.submit(row=r, by=by)),
        Act("accept", gettext_lazy("验收销号"), "check", _accept, _form(own_forms.AcceptForm),
            intro=gettext_lazy("由申请验收以外的人员办理。")),
        Act("send_back", gettext_lazy("退回"), "arrow-back-up",
            lambda r, by, v: enterprises.send_back(row=r, by=by, **v), _form(own_forms.ReasonForm)),
    )
}  # fmt: skip


def allowed(user: Any, row: MetalEnterprise) -> list[str]:
    edits = user.can("origin.edit", row.division_code)
    decides = user.can("origin.decide", row.division_code)
    found = {
        "surveyed": ["list", "leave_out"] if decides else [],
        "not_listed": ["list"] if decides else [],
        "submitted": ["accept", "send_back"] if decides and row.submitted_by != user.username else [],
    }.get(row.state, [])
    if edits and row.state in enterprises.ON_LIST:
        found = [*found, "check", "problem", "monitoring"]
    if edits and row.state in ("listed", "rectifying", "overdue"):
        found = [*found, "submit"]
    return found


# --- the list -----------------------------------------------------------------------------------------------------


class MetalTable(tables.Table):
    number = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    metals = tables.Column(orderable=False)
    last_checked = DayColumn(verbose_name=gettext_lazy("最近检查"))
    last_own = DayColumn(verbose_name=gettext_lazy("最近自行监测"))

    class Meta:
        model = MetalEnterprise
        fields = ("number", "name", "township", "industry", "running", "metals", "state", "last_checked", "last_own")
        order_by = ()

    def render_metals(self, value: Any) -> str:
        return names_of(value, Metal.choices)

    value_metals = render_metals

    def render_state(self, value: str, record: MetalEnterprise) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class MetalFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("名称或编号"), method="by_text", max_length=100)
    industry = django_filters.ChoiceFilter(label=gettext_lazy("行业"), choices=MetalEnterprise.Industry.choices)
    running = django_filters.ChoiceFilter(label=gettext_lazy("生产状态"), choices=MetalEnterprise.Running.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=MetalEnterprise.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("到期"), method="by_when", choices=[("monitoring", gettext_lazy("一年未自行监测土壤"))]
    )

    class Meta:
        model = MetalEnterprise
        fields = ("text", "township", "industry", "running", "state", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(Q(name__icontains=value.strip()) | Q(number__startswith=value.strip()))

    def by_when(self, rows: Any, _name: str, _value: str) -> Any:
        return rows.filter(enterprises.without_own_monitoring(ledger.clock.today()))


class Metals(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("涉镉等重金属企业")
    table_class = MetalTable
    filter_class = MetalFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.with_metal_days(selectors.list_metal(self.request.user)).order_by("division_code", "number")

    def more_context(self) -> dict[str, Any]:
        actions = [(_("问题清单"), reverse("origin:metal_problems"), "alert-triangle")]
        if self.request.user.can("origin.edit"):
            actions += [
                (_("登记企业"), reverse("origin:metal_new"), "plus"),
                (_("导入清单"), reverse("origin:metal_import"), "upload"),
            ]
        return {"actions": actions}


class ProblemTable(tables.Table):
    enterprise = tables.Column(linkify=True, accessor="enterprise__name", verbose_name=gettext_lazy("企业"))
    township = TownshipColumn()
    due_on = DayColumn()
    closed_on = DayColumn()
    matter = tables.Column(linkify=lambda record: record.matter.get_absolute_url(), accessor="matter__number")

    class Meta:
        model = MetalProblem
        fields = ("enterprise", "township", "text", "measure", "due_on", "closed_on", "matter", "suspicion")
        order_by = ()

    def render_due_on(self, value: Any, record: MetalProblem) -> Any:
        late = record.closed_on is None and value < ledger.clock.today()
        return badge(_("%(day)s 已逾期") % {"day": value}, "bad") if late else value.isoformat()

    def value_due_on(self, value: Any) -> Any:
        return value


class ProblemFilter(AreaFilter):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("问题类别"), choices=MetalProblem.Kind.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when",
        choices=[
            ("open", gettext_lazy("没有销号")), ("late", gettext_lazy("逾期没有销号")),
            ("police", gettext_lazy("建议移送公安")),
        ],
    )  # fmt: skip

    class Meta:
        model = MetalProblem
        fields = ("township", "kind", "when")

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        if value == "police":
            return rows.exclude(suspicion="")
        rows = rows.filter(closed_at=None)
        return rows.filter(due_on__lt=ledger.clock.today()) if value == "late" else rows


class Problems(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("涉重金属企业问题")
    table_class = ProblemTable
    filter_class = ProblemFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_problems(self.request.user).order_by("due_on", "pk")


# --- one enterprise -----------------------------------------------------------------------------------------------


@needs("origin.edit")
def new(request: Request) -> HttpResponse:
    form = own_forms.MetalForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: enterprises.register(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记。列入清单由生态环境部门决定。"))
        return redirect(made)
    return form_page(request, form, _("登记涉重金属企业"), reverse("origin:metals"))


@needs("origin.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    row = access.get_metal(request.user, pk, "origin.edit")
    form = own_forms.MetalForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST":
        made = saved(form, lambda: enterprises.change(row=row, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已保存。"))
            return redirect(made)
    return form_page(request, form, _("修改：%(name)s") % {"name": row.name}, row.get_absolute_url())


@needs("origin.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_metal(request.user, pk)
    user = request.user
    context = {
        "title": row.name,
        "row": row,
        "tone": TONES[row.state],
        "place": people.division_path(row.division_code),
        "metals": names_of(row.metals, Metal.choices),
        "outlets": names_of(row.outlets, Outlet.choices),
        "acts": [ACTS[name] for name in allowed(user, row)],
        "may_edit": user.can("origin.edit", row.division_code),
        "problems": row.problems.select_related("matter").order_by("closed_on", "due_on", "pk"),
        "checks": row.checks.all()[:20],
        "monitorings": row.monitorings.select_related("report")[:20],
        "monitoring_due": enterprises.monitoring_due(row),
        "today": ledger.clock.today(),
        "parcels": selectors.affected_parcels(user, row)[:MOST_PARCELS],
        "reach": rules.reach(ledger.clock.today()),
        "moments": list(offers_emissions.moments_of(row)),
    }
    return render(request, "origin/metal.html", context)


@needs("origin.view")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_metal(request.user, pk)
    if name not in ACTS:
        raise Http404
    if ACTS[name].form is None and request.method != "POST":
        return redirect(row)
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs("origin.edit")
def import_list(request: Request) -> HttpResponse:
    """A list of enterprises from a sheet: all of it, or nothing and why."""
    form = own_forms.SheetForm(*posted(request))
    context = {"title": _("导入涉重金属企业清单"), "form": form, "columns": sheets.METALS}
    if form.is_valid():
        file = form.cleaned_data["file"]
        report = sheets.import_metals(name=file.name, content=file.read(), user=request.user)
        if not report.faults:
            messages.success(request, _("已导入 %(n)s 家企业。") % {"n": report.rows})
            return redirect("origin:metals")
        context["report"] = report
    return render(request, "origin/import.html", context)
