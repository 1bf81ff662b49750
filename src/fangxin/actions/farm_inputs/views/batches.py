"""Batches: list, page with locks and forecast, opening, ending."""

from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access, forecasting, offers, rules, selectors, standards
from fangxin.actions.farm_inputs import forms as own_forms
from fangxin.actions.farm_inputs.models import Batch, LabelUse
from fangxin.actions.farm_inputs.services import farms, judging
from fangxin.actions.farm_inputs.views.common import AreaFilter, require_writing
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

SOON = timedelta(days=14)


class BatchTable(tables.Table):
    number = tables.Column(linkify=True)
    farm = tables.Column(accessor="farm__premises__name", verbose_name=gettext_lazy("农场"))
    township = TownshipColumn()
    started_on = DayColumn()
    planned_on = DayColumn()
    locked_until = DayColumn()

    class Meta:
        model = Batch
        fields = ("number", "food", "produce", "farm", "township", "started_on", "planned_on", "locked_until")
        order_by = ()

    def render_locked_until(self, value: Any, record: Batch) -> Any:
        if record.lock_open:
            return badge(_("不能确定"), "bad")
        held = value > ledger.clock.today() and record.ended_on is None
        return badge(_("%(day)s 起可采收") % {"day": value}, "warn") if held else value.isoformat()

    def value_locked_until(self, value: Any) -> Any:
        return value


class BatchFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("作物、动物或批次号"), method="by_text", max_length=60)
    produce = django_filters.ChoiceFilter(label=gettext_lazy("收获物"), choices=LabelUse.Produce.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), method="by_when",
        choices=[
            ("open", gettext_lazy("在种在养")), ("locked", gettext_lazy("间隔期内")), ("unknown", gettext_lazy("间隔期不能确定")),
            ("soon", gettext_lazy("两周内计划采收、仍在间隔期内")), ("ended", gettext_lazy("已结束")),
        ],
    )  # fmt: skip

    class Meta:
        model = Batch
        fields = ("text", "township", "produce", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(food__icontains=value.strip()) | rows.filter(number=value.strip())

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        today = ledger.clock.today()
        if value == "ended":
            return rows.exclude(ended_on=None)
        rows = rows.filter(ended_on=None)
        if value == "locked":
            return rows.filter(locked_until__gt=today)
        if value == "unknown":
            return rows.filter(lock_open=True)
        if value == "soon":
            return rows.filter(locked_until__gt=F("planned_on"), planned_on__gte=today, planned_on__lte=today + SOON)
        return rows


class Batches(ListScreen):
    ability = "farm.lists"
    title = gettext_lazy("生产批次")
    table_class = BatchTable
    filter_class = BatchFilter

    def rows(self) -> Any:
        return selectors.list_batches(self.request.user, "farm.lists").order_by(
            "division_code", "-started_on", "number"
        )


@needs("farm.view")
def batch_new(request: Request, pk: int) -> HttpResponse:
    farm = access.get_farm(request.user, pk)
    require_writing(request.user, farm)
    form = own_forms.BatchForm(request.POST or None, farm=farm)
    if request.method == "POST":
        batch = saved(form, lambda: farms.open_batch(farm=farm, by=request.user, **form.cleaned_data))
        if batch is not None:
            messages.success(request, _("已建立批次 %(number)s。") % {"number": batch.number})
            return redirect(batch)
    return form_page(request, form, _("新建生产批次"), farm.get_absolute_url())


@needs("farm.view")
def batch_page(request: Request, pk: int) -> HttpResponse:
    batch = access.get_batch(request.user, pk)
    today = ledger.clock.today()
    applications = list(selectors.standing_applications([batch.pk]))
    told = judging.told(batch)
    names = {str(row.pk): judging.name_of(row) for row in applications}
    problems = [rules.problem_text(p, names[p.use.ref], batch.food) for p in told.standing.problems]
    context = {
        "title": f"{batch.food} {batch.number}",
        "row": batch,
        "told": told,
        "problems": problems,
        "parcels": batch.parcels.order_by("number"),
        "applications": batch.applications.select_related("product").filter(selectors.STANDS),
        "diary": batch.diary.filter(selectors.STANDS)[:40],
        "harvests": batch.harvests.filter(selectors.STANDS),
        "corrected": _corrected(batch),
        "findings": batch.findings.select_related("matter", "application"),
        "blockers": contribute.blockers_of(offers.facts_of(batch, today)),
        "may_write": access.may_write(request.user, batch.farm),
        **_forecast(request, batch, applications, today),
    }
    return render(request, "farm_inputs/batch.html", context)


def _corrected(batch: Batch) -> list[tuple[Any, Any]]:
    """Records that were put right, beside what took their place: nothing disappears."""
    rows = [
        (row.replaces, row)
        for kind in (batch.applications, batch.diary, batch.harvests)
        for row in kind.exclude(replaces=None).select_related("replaces")
    ]
    return sorted(rows, key=lambda pair: pair[1].recorded_at, reverse=True)


def _forecast(request: Request, batch: Batch, applications: list[Any], today: Any) -> dict[str, Any]:
    """The chance of a residue above its limit on the day asked for: the planned day, or the earliest allowed."""
    if batch.produce != LabelUse.Produce.CROP or not applications:
        return {}
    form = own_forms.PlanForm(request.GET if "on" in request.GET else None)
    usual = max(day for day in (today, batch.planned_on, batch.locked_until) if day is not None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else usual
    on = min(max(on, today), today + timedelta(days=365))
    found = forecasting.forecasts_of(batch, applications, on, today)
    decline = standards.decline_rules(today)
    return {
        "forecasts": found,
        "forecast_on": on,
        "summary": forecasting.in_words(found, decline.advise_above),
        "advise_above": f"{round(decline.advise_above * 100)}%",
        "decline_source": decline.source,
    }


@needs("farm.view")
def batch_end(request: Request, pk: int) -> HttpResponse:
    batch = access.get_batch(request.user, pk)
    require_writing(request.user, batch.farm)
    form = own_forms.EndForm(request.POST or None)

    def write() -> Batch:
        return farms.end_batch(batch=batch, by=request.user, **form.cleaned_data)

    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, _("这一批已结束。"))
        return redirect(batch)
    return form_page(request, form, _("结束批次 %(number)s") % {"number": batch.number}, batch.get_absolute_url())
