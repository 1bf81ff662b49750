"""Enterprises that emit volatile organic compounds."""

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
from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models import LdarRound, Leak, VocCheck, VocFirm
from fangxin.actions.origin.services import voc
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

TONES = {"met": "good", "not_met": "bad", "unknown": "plain"}
RULE_WORDS = {
    "met": (gettext_lazy("符合"), "good"), "not_met": (gettext_lazy("不符合"), "bad"),
    "unknown": (gettext_lazy("没有测"), "plain"), "not_applicable": (gettext_lazy("不适用"), "plain"),
}  # fmt: skip


def _form(form: Any) -> Any:
    return lambda request, _row, _user: form(*posted(request))


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("check", gettext_lazy("登记核查"), "clipboard-check",
            lambda r, by, v: voc.record_check(firm=r, by=by, **v), _form(own_forms.VocCheckForm),
            done=gettext_lazy("已登记，并按规则逐项判定。"), intro=gettext_lazy("没有测的不填；没有测的不算符合。")),
        Act("round", gettext_lazy("登记泄漏检测"), "radar",
            lambda r, by, v: voc.record_round(firm=r, by=by, **v), _form(own_forms.RoundForm)),
        Act("leak", gettext_lazy("登记泄漏点"), "droplet",
            lambda r, by, v: voc.report_leak(firm=r, by=by, **v), _form(own_forms.LeakForm)),
    )
}  # fmt: skip
LEAK_ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("repair", gettext_lazy("登记修复"), "tool",
            lambda r, by, v: voc.try_repair(leak=r, by=by, **v), _form(own_forms.RepairForm)),
        Act("postpone", gettext_lazy("延迟修复"), "clock-pause",
            lambda r, by, v: voc.postpone(leak=r, by=by, **v), _form(own_forms.PostponeForm),
            intro=gettext_lazy("不停车不能修复的，写明原因和下次停车的日期。")),
    )
}  # fmt: skip


def allowed(user: Any, row: VocFirm) -> list[str]:
    return list(ACTS) if user.can("origin.edit", row.division_code) else []


def allowed_for_leak(user: Any, leak: Leak) -> list[str]:
    return list(LEAK_ACTS) if leak.repaired_on is None and user.can("origin.edit", leak.division_code) else []


# --- lists --------------------------------------------------------------------------------------------------------


class FirmTable(tables.Table):
    number = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    last_checked = DayColumn(verbose_name=gettext_lazy("最近核查"))
    last_outcome = tables.Column(verbose_name=gettext_lazy("结论"), default="—", orderable=False)

    class Meta:
        model = VocFirm
        fields = (
            "number", "name", "township", "running", "process", "collection", "treatment", "sealing_points",
            "last_checked", "last_outcome",
        )  # fmt: skip
        order_by = ()

    def render_last_outcome(self, value: str) -> str:
        return badge(VocCheck.Outcome(value).label, TONES[value])

    def value_last_outcome(self, value: str) -> str:
        return str(VocCheck.Outcome(value).label) if value in TONES else ""


class FirmFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("名称或编号"), method="by_text", max_length=100)
    process = django_filters.ChoiceFilter(label=gettext_lazy("主要产污环节"), choices=VocFirm.Process.choices)
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("最近核查结论"), field_name="last_outcome", choices=VocCheck.Outcome.choices
    )
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("到期"), method="by_when",
        choices=[("ldar", gettext_lazy("泄漏检测超期")), ("unchecked", gettext_lazy("还没有核查"))],
    )  # fmt: skip

    class Meta:
        model = VocFirm
        fields = ("text", "township", "process", "outcome", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(Q(name__icontains=value.strip()) | Q(number__startswith=value.strip()))

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        if value == "unchecked":
            return rows.filter(last_checked=None)
        return selectors.ldar_late(rows, ledger.clock.today())


class Firms(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("挥发性有机物企业")
    table_class = FirmTable
    filter_class = FirmFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.with_last_check(selectors.list_firms(self.request.user)).order_by("division_code", "number")

    def more_context(self) -> dict[str, Any]:
        actions = [(_("泄漏点"), reverse("origin:leaks"), "droplet")]
        if self.request.user.can("origin.edit"):
            actions.append((_("登记企业"), reverse("origin:voc_new"), "plus"))
        return {"actions": actions}


class LeakTable(tables.Table):
    firm = tables.Column(linkify=True, orderable=False)
    township = TownshipColumn()
    found_on = DayColumn()
    due_on = DayColumn()
    repaired_on = DayColumn()
    postponed_until = DayColumn()

    class Meta:
        model = Leak
        fields = (
            "firm", "tag", "township", "reading", "found_on", "first_due_on", "due_on",
            "postponed_until", "repaired_on",
        )  # fmt: skip
        order_by = ()

    def render_first_due_on(self, value: Any, record: Leak) -> Any:
        return _late(value, record.first_tried_on is None and record.repaired_on is None)

    def value_first_due_on(self, value: Any) -> Any:
        return value

    def render_due_on(self, value: Any, record: Leak) -> Any:
        return _late(value, record.repaired_on is None)

    def value_due_on(self, value: Any) -> Any:
        return value


def _late(value: Any, stands: bool) -> Any:
    late = stands and value < ledger.clock.today()
    return badge(_("%(day)s 已逾期") % {"day": value}, "bad") if late else value.isoformat()


class LeakFilter(AreaFilter):
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when",
        choices=[
            ("open", gettext_lazy("没有修复")), ("late", gettext_lazy("超过时限没有修复")),
            ("postponed", gettext_lazy("延迟修复")),
        ],
    )  # fmt: skip

    class Meta:
        model = Leak
        fields = ("township", "when")

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        rows = rows.filter(repaired_on=None)
        if value == "postponed":
            return rows.exclude(postponed_until=None)
        return voc.late_leaks(rows, ledger.clock.today()) if value == "late" else rows


class Leaks(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("泄漏点")
    table_class = LeakTable
    filter_class = LeakFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_leaks(self.request.user).order_by("due_on", "pk")


# --- one enterprise -----------------------------------------------------------------------------------------------


@needs("origin.edit")
def new(request: Request) -> HttpResponse:
    form = own_forms.FirmForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: voc.register_firm(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记。"))
        return redirect(made)
    return form_page(request, form, _("登记挥发性有机物企业"), reverse("origin:voc_firms"))


@needs("origin.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    row = access.get_firm(request.user, pk, "origin.edit")
    form = own_forms.FirmForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST":
        made = saved(form, lambda: voc.change_firm(row=row, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已保存。"))
            return redirect(made)
    return form_page(request, form, _("修改：%(name)s") % {"name": row.name}, row.get_absolute_url())


@needs("origin.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_firm(request.user, pk)
    user, today = request.user, ledger.clock.today()
    rounds = list(row.rounds.all())
    due = voc.ldar_due(row, rounds) if voc.needs_ldar(row, today) else {}
    checks = [(one, TONES[one.outcome], _judged(one)) for one in row.checks.all()[:5]]
    leaks = [(leak, [LEAK_ACTS[n] for n in allowed_for_leak(user, leak)]) for leak in _leaks(row)]
    context = {
        "title": row.name, "row": row, "place": people.division_path(row.division_code),
        "acts": [ACTS[name] for name in allowed(user, row)],
        "may_edit": user.can("origin.edit", row.division_code),
        "checks": checks, "rounds": rounds[:10], "leaks": leaks, "today": today,
        "ldar": [(LdarRound.Parts(parts).label, day, day < today) for parts, day in due.items()],
        "moments": list(offers_emissions.moments_of(row)),
    }  # fmt: skip
    return render(request, "origin/voc_firm.html", context)


def _leaks(row: VocFirm) -> Any:
    return row.leaks.select_related("matter").order_by("repaired_on", "due_on", "pk")[:100]


def _judged(check: VocCheck) -> list[tuple[Any, Any, str, Mapping[str, Any]]]:
    return [(voc.LABELS[one["code"]], *RULE_WORDS[one["outcome"]], one) for one in check.judgements]


@needs("origin.edit")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_firm(request.user, pk, "origin.edit")
    if name not in ACTS:
        raise Http404
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs("origin.edit")
def leak_act(request: Request, pk: int, name: str) -> HttpResponse:
    leak = access.get_leak(request.user, pk, "origin.edit")
    if name not in LEAK_ACTS:
        raise Http404
    return act_on(request, leak, LEAK_ACTS, allowed_for_leak(request.user, leak), name)
