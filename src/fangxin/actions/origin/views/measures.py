"""Measures on polluted parcels."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import access, selectors
from fangxin.actions.origin import forms as own_forms
from fangxin.actions.origin.models import SoilMeasure
from fangxin.actions.origin.services import measures
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

TONES = {"planned": "info", "approved": "warn", "executed": "good", "ended": "plain", "withdrawn": "plain"}
SOON = timedelta(days=30)


def _simple(form: Any) -> Any:
    return lambda request, _row, _user: form(*posted(request))


def _carry_out(measure: SoilMeasure, by: Any, values: Mapping[str, Any]) -> Any:
    file = values["file"]
    kept = ledger.store_evidence(name=file.name, content=file.read(), by=by)
    return measures.carry_out(
        measure=measure, executed_on=values["executed_on"], evidence=kept, result=values["result"], by=by
    )


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("approve", gettext_lazy("批准"), "check", lambda m, by, _v: measures.approve(measure=m, by=by)),
        Act("carry_out", gettext_lazy("登记实施"), "shovel", _carry_out, _simple(own_forms.CarryOutForm),
            done=gettext_lazy("已登记实施。")),
        Act("end", gettext_lazy("登记结束"), "flag", lambda m, by, v: measures.end(measure=m, by=by, **v),
            _simple(own_forms.EndForm)),
        Act("withdraw", gettext_lazy("取消"), "x", lambda m, by, v: measures.withdraw(measure=m, by=by, **v),
            _simple(own_forms.WhyForm)),
    )
}  # fmt: skip


class MeasureTable(tables.Table):
    number = tables.Column(linkify=True)
    parcel = tables.Column(
        accessor="parcel__number", verbose_name=gettext_lazy("地块"), orderable=False,
        linkify=lambda record: reverse("origin:parcel", args=[record.parcel_id]),
    )  # fmt: skip
    township = TownshipColumn()
    starts_on = DayColumn()
    ends_on = DayColumn()
    executed_on = DayColumn()

    class Meta:
        model = SoilMeasure
        fields = ("number", "parcel", "township", "label", "state", "starts_on", "ends_on", "executed_on")
        order_by = ()

    def render_state(self, record: SoilMeasure) -> str:
        return badge(record.get_state_display(), TONES[record.state])


class MeasureFilter(AreaFilter):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=SoilMeasure.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("期限"),
        choices=[("late", gettext_lazy("到期没有实施")), ("soon", gettext_lazy("30 日内到期"))],
        method="by_when",
    )

    class Meta:
        model = SoilMeasure
        fields = ["township", "state", "when"]

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today, open_ = ledger.clock.today(), rows.filter(state="approved")
        if value == "late":
            return open_.filter(ends_on__lt=today)
        return open_.filter(ends_on__gte=today, ends_on__lte=today + SOON)


class Measures(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("耕地管控措施")
    table_class = MeasureTable
    filter_class = MeasureFilter
    empty_text = gettext_lazy("没有符合条件的措施。措施在地块页面登记。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_measures(self.request.user)


@needs("origin.view")
def page(request: Request, pk: int) -> HttpResponse:
    measure = access.get_measure(request.user, pk)
    context = {
        "title": measure.label,
        "measure": measure,
        "tone": TONES[measure.state],
        "place": people.division_path(measure.division_code),
        "acts": [ACTS[name] for name in allowed(request.user, measure)],
    }
    return render(request, "origin/measure.html", context)


def allowed(user: Any, measure: SoilMeasure) -> list[str]:
    """The steps that this person can take now; the approval is somebody else's than the plan."""
    decides = user.can("origin.decide", measure.division_code)
    edits = user.can("origin.edit", measure.division_code)
    steps = {
        "planned": [*(["approve"] if decides and measure.planned_by != user.username else []), "withdraw"],
        "approved": ["carry_out", "withdraw"],
        "executed": ["end"],
    }.get(measure.state, [])
    return steps if edits else []


@needs("origin.edit")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    measure = access.get_measure(request.user, pk, "origin.edit")
    if name not in ACTS:
        raise Http404
    if ACTS[name].form is None and request.method != "POST":
        return redirect(measure)
    return act_on(request, measure, ACTS, allowed(request.user, measure), name)


@needs("origin.edit")
def new(request: Request, parcel_pk: int) -> HttpResponse:
    parcel = access.get_parcel(request.user, parcel_pk, "origin.edit")
    form = own_forms.MeasureForm(request.POST or None, soil_class=parcel.soil_class)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: measures.plan(parcel=parcel, by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记，待另一人批准。"))
        return redirect(made)
    back = reverse("origin:parcel", args=[parcel.pk])
    intro = _("措施按整个地块登记；只在一部分实施的，请先把地块分开登记。")
    return form_page(request, form, _("登记管控措施：%(parcel)s") % {"parcel": parcel}, back, intro=intro)
