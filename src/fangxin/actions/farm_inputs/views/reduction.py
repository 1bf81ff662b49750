"""Amounts and areas of the years, treatments, and where sales, use and fields contradict each other."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import flows as flow_rows
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import ControlRecord, CropYear, UsageFigure
from fangxin.actions.farm_inputs.services import areas, contradictions
from fangxin.actions.farm_inputs.views.common import AreaFilter
from fangxin.actions.farm_inputs.views.common_inputs import asked_year
from fangxin.actions.farm_inputs.views.packages import kept
from fangxin.engines import reduction
from fangxin.engines.reduction import Discrepancy, Meaning, Trend
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

COUNTY_LENGTH = 6
TRENDS = {
    Trend.FELL: (gettext_lazy("用量和强度都下降"), "good"),
    Trend.ROSE: (gettext_lazy("上升"), "bad"),
    Trend.SAME: (gettext_lazy("持平"), "plain"),
    Trend.MIXED: (gettext_lazy("用量和强度一升一降，因面积变化"), "warn"),
    Trend.AMOUNT_ONLY_FELL: (gettext_lazy("用量下降，缺面积，强度不明"), "warn"),
    Trend.AMOUNT_ONLY_ROSE: (gettext_lazy("用量上升，缺面积，强度不明"), "bad"),
    Trend.AMOUNT_ONLY_SAME: (gettext_lazy("用量持平，缺面积，强度不明"), "plain"),
    Trend.UNKNOWN: (gettext_lazy("缺数，不能比较"), "plain"),
}
# The statistics count what everybody used, the books what these dealers sold: one is not the other's earlier year.
OTHER_SOURCE = (gettext_lazy("两年来源不同，不能下结论"), "plain")
SOURCES = {
    "stated": gettext_lazy("部门统计"),
    "sales": gettext_lazy("经营台账"),
    "none": gettext_lazy("没有数"),
}
KINDS = {
    Discrepancy.SOLD_NOT_USED: gettext_lazy("卖给农场的多于农场记录用的"),
    Discrepancy.USED_NOT_SOLD: gettext_lazy("农场记录用的多于全县卖的"),
    Discrepancy.SOLD_ABOVE_NEED: gettext_lazy("卖的多于播种面积按标签最多用得了的"),
    Discrepancy.USED_ABOVE_NEED: gettext_lazy("农场记录用的多于自己面积按标签最多用得了的"),
}
MEANINGS = {
    Meaning.RECORDS_MISSING: gettext_lazy("用了没有记"),
    Meaning.STOCK_AT_FARMS: gettext_lazy("农户存着没用"),
    Meaning.CARRIED_AWAY: gettext_lazy("用到了外地"),
    Meaning.BOUGHT_ELSEWHERE: gettext_lazy("从外地、网上或者无证商贩买的"),
    Meaning.SALES_UNRECORDED: gettext_lazy("卖了没有记账"),
    Meaning.OVERDOSE: gettext_lazy("超量、超次数使用"),
    Meaning.OTHER_CROPS: gettext_lazy("用在标签以外的作物上"),
    Meaning.AREA_UNDERSTATED: gettext_lazy("播种面积少报"),
    Meaning.ENTRY_ERROR: gettext_lazy("单位或者小数点记错"),
}


def base_year(request: Request, year: int) -> int:
    """The year to compare with: the one asked for, else the year before."""
    text = request.GET.get("base", "")
    return int(text) if text.isdecimal() and len(text) == 4 and 2015 <= int(text) < year else year - 1


@needs("inputs.lists")
def home(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    year = asked_year(request, today.year)
    base = base_year(request, year)
    rows = []
    for crop in ["", *selectors.crops_of(user)]:
        before, now = selectors.usage_of(user, base, crop), selectors.usage_of(user, year, crop)
        change = reduction.compare_years(before.usage, now.usage)
        word, tone = TRENDS[change.trend] if before.source == now.source else OTHER_SOURCE
        rows.append(
            {
                "crop": crop or _("全部作物"), "before": before, "now": now, "change": change, "word": word, "tone": tone,
                "before_t": tonnes(before.usage.grams), "now_t": tonnes(now.usage.grams),
                "before_source": SOURCES[before.source], "now_source": SOURCES[now.source],
            }
        )  # fmt: skip
    context = {
        "title": _("农药减量"),
        "year": year,
        "base": base,
        "years": range(today.year, today.year - 4, -1),
        "rows": rows,
        "coverages": selectors.coverages(user, year),
        "may_state": user.can("inputs.figures"),
        "part_year": year == today.year,
    }
    return render(request, "farm_inputs/reduction.html", context)


def tonnes(grams: Decimal | None) -> Decimal | None:
    return None if grams is None else grams / 1_000_000


# --- areas, amounts, treatments ---------------------------------------------------------------------------------------


def _to_edit(page: str) -> Any:
    """A link for those who may change the row; for others its name alone."""
    return lambda record, table: reverse(page, args=[record.pk]) if table.request.user.can("inputs.figures") else None


class AreaTable(tables.Table):
    township = TownshipColumn()
    crop = tables.Column(linkify=_to_edit("farm_inputs:area_edit"), orderable=False)

    class Meta:
        model = CropYear
        fields = ("year", "township", "crop", "main_crop", "area_mu", "green_mu", "green_means", "source")
        order_by = ()


class AreaYearFilter(AreaFilter):
    year = django_filters.NumberFilter(label=gettext_lazy("年度"), min_value=2015, max_value=2100)

    class Meta:
        model = CropYear
        fields = ("township", "year")


class Areas(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("作物播种和绿色防控面积")
    table_class = AreaTable
    filter_class = AreaYearFilter
    empty_text = gettext_lazy("还没有登记面积。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_areas(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("inputs.figures")
        return {"actions": [(_("登记面积"), reverse("farm_inputs:area_new"), "plus")] if may else []}


@needs("inputs.figures")
def area_new(request: Request) -> HttpResponse:
    return _area(request, None)


@needs("inputs.figures")
def area_edit(request: Request, pk: int) -> HttpResponse:
    return _area(request, access.get_area(request.user, pk))


def _area(request: Request, row: CropYear | None) -> HttpResponse:
    form = own_forms.AreaForm(*posted(request), instance=row, user=request.user)
    back = reverse("farm_inputs:areas")
    if request.method == "POST":
        made = saved(form, lambda: areas.state_area(row=row, by=request.user, **_with_file(form, row, request.user)))
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect(back)
    return form_page(request, form, _("作物播种和绿色防控面积"), back)


def _with_file(form: Any, row: Any, by: Any) -> dict[str, Any]:
    """What was typed; a file only where one was sent, so that an earlier one stays."""
    values = dict(own_forms.without_file(form))
    file = kept(form.cleaned_data.get("file"), by)
    return {**values, "evidence": file} if file is not None or row is None else values


class UsageTable(tables.Table):
    crop = tables.Column(linkify=_to_edit("farm_inputs:usage_edit"), orderable=False, empty_values=())

    class Meta:
        model = UsageFigure
        fields = ("year", "kind", "crop", "active_kg", "area_mu", "source")
        order_by = ()

    def render_crop(self, value: str) -> Any:
        return value or _("全部作物")


class Usage(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("统计使用量")
    table_class = UsageTable
    empty_text = gettext_lazy("还没有登记。基期年没有台账的，请登记部门统计数。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_usage(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("inputs.figures")
        return {"actions": [(_("登记统计数"), reverse("farm_inputs:usage_new"), "plus")] if may else []}


@needs("inputs.figures")
def usage_new(request: Request) -> HttpResponse:
    return _usage(request, None)


@needs("inputs.figures")
def usage_edit(request: Request, pk: int) -> HttpResponse:
    return _usage(request, access.get_usage(request.user, pk))


def _usage(request: Request, row: UsageFigure | None) -> HttpResponse:
    form = own_forms.UsageForm(*posted(request), instance=row, user=request.user)
    back = reverse("farm_inputs:usage")
    if request.method == "POST":
        made = saved(form, lambda: areas.state_usage(row=row, by=request.user, **_with_file(form, row, request.user)))
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect(back)
    intro = _("部门统计的使用量与平台台账算出的并列，不互相覆盖。请写明出处。")
    return form_page(request, form, _("统计使用量"), back, intro=intro)


class ControlTable(tables.Table):
    on = DayColumn()
    township = TownshipColumn()

    class Meta:
        model = ControlRecord
        fields = ("on", "township", "crop", "pest", "area_mu", "times", "professional", "team", "green", "means")
        order_by = ()


class ControlFilter(AreaFilter):
    crop = django_filters.CharFilter(label=gettext_lazy("作物"), max_length=40)
    professional = django_filters.BooleanFilter(label=gettext_lazy("统防统治"))

    class Meta:
        model = ControlRecord
        fields = ("township", "crop", "professional")


class Controls(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("防治面积（统防统治、绿色防控）")
    table_class = ControlTable
    filter_class = ControlFilter
    empty_text = gettext_lazy("还没有登记防治面积。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_controls(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("inputs.figures")
        return {"actions": [(_("登记防治面积"), reverse("farm_inputs:control_new"), "plus")] if may else []}


@needs("inputs.figures")
def control_new(request: Request) -> HttpResponse:
    form = own_forms.ControlForm(*posted(request), user=request.user)
    back = reverse("farm_inputs:controls")
    if request.method == "POST":
        made = saved(form, lambda: areas.record_control(by=request.user, **_with_file(form, None, request.user)))
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect(back)
    return form_page(request, form, _("登记防治面积"), back)


# --- contradictions ---------------------------------------------------------------------------------------------------


def _county(request: Request) -> str:
    """The one county whose accounts are compared; above a county there is nothing to compare line by line."""
    prefix = next((p for p in request.user.prefixes("inputs.lists")), "")
    if len(prefix) < COUNTY_LENGTH:
        raise PermissionDenied(_("销售和使用按县核对。请用县级账号查看。"))
    return str(prefix)


@needs("inputs.lists")
def flows(request: Request) -> HttpResponse:
    prefix, today = _county(request), ledger.clock.today()
    year = asked_year(request, today.year)
    found = flow_rows.flows(prefix, year, on=today)
    practice = rules.practice(today)
    context = {
        "title": _("销售、使用、面积互相核对"),
        "place": people.division_name(prefix),
        "year": year,
        "years": range(today.year, today.year - 4, -1),
        "wrong": [(row, [_told(one) for one in row.contradictions]) for row in found if row.contradictions],
        "rows": found,
        "tolerance": int(practice.tolerance * 100),
        "least": practice.least_g,
        "may_open": request.user.can("inputs.dealers") and len(prefix) == COUNTY_LENGTH,
    }
    return render(request, "farm_inputs/flows.html", context)


def _told(one: reduction.Contradiction) -> dict[str, Any]:
    return {"kind": KINDS[one.kind], "one": one, "meanings": [MEANINGS[meaning] for meaning in one.meanings]}


@require_POST
@needs("inputs.dealers")
def flows_open(request: Request) -> HttpResponse:
    year = request.POST.get("year", "")
    today = ledger.clock.today()
    if not (year.isdecimal() and len(year) == 4 and 2015 <= int(year) <= today.year):
        raise Http404
    words = {kind: str(label) for kind, label in KINDS.items()}
    opened = contradictions.open_matters(prefix=_county(request)[:6], year=int(year), words=words, by=request.user)
    messages.success(request, _("已转为 %(n)s 件问题，由农业农村部门核实。") % {"n": opened})
    return redirect(f"{reverse('farm_inputs:flows')}?year={year}")
