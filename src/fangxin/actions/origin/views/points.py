"""Soil points and their results: list, page, entry, correction, import from a sheet."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import access, importing_soil, rules, selectors, trending
from fangxin.actions.origin import forms as own_forms
from fangxin.actions.origin.models import SoilPoint, SoilSample, SoilZone
from fangxin.actions.origin.services import soil
from fangxin.actions.origin.views.common import AreaFilter
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.importing.columns import in_tables
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.sheets import Unreadable
from fangxin.kernel.screens.templatetags.screens import badge

ZONE_TONES = {"low": "good", "between": "warn", "above": "bad", "undetermined": "plain", "": "plain"}


class PointTable(tables.Table):
    code = tables.Column(linkify=True)
    township = TownshipColumn()
    parcel = tables.Column(accessor="parcel__number", verbose_name=gettext_lazy("地块"), orderable=False)
    sampled_on = DayColumn()
    zone = tables.Column(empty_values=(), orderable=False)

    class Meta:
        model = SoilPoint
        fields = ("code", "township", "parcel", "land_use", "crop", "sampled_on", "zone")
        order_by = ()

    def render_zone(self, record: SoilPoint) -> str:
        return badge(self.value_zone(record), ZONE_TONES[record.zone])

    def value_zone(self, record: SoilPoint) -> str:
        return record.get_zone_display() if record.zone else _("还没有结果")


class PointFilter(AreaFilter):
    code = django_filters.CharFilter(label=gettext_lazy("点位编号"), lookup_expr="istartswith", max_length=30)
    zone = django_filters.ChoiceFilter(label=gettext_lazy("最近一次判定"), choices=SoilZone.choices)

    class Meta:
        model = SoilPoint
        fields = ["code", "township", "zone"]


class Points(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("土壤点位")
    table_class = PointTable
    filter_class = PointFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_points(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("origin.edit"):
            return {}
        return {
            "actions": [
                (_("登记点位"), reverse("origin:point_new"), "plus"),
                (_("导入结果"), reverse("origin:soil_upload"), "file-import"),
            ]
        }


class SampleTable(tables.Table):
    point = tables.Column(accessor="point__code", linkify=lambda record: record.point.get_absolute_url())
    township = TownshipColumn()
    sampled_on = DayColumn()
    ph = tables.Column(default="—")
    zone = tables.Column(orderable=False)
    worst = tables.Column(orderable=False)
    worst_index = tables.Column(default="—")

    class Meta:
        model = SoilSample
        fields = ("point", "township", "sampled_on", "ph", "zone", "worst", "worst_index", "standard", "report_number")
        order_by = ()

    def render_zone(self, record: SoilSample) -> str:
        return badge(record.get_zone_display(), ZONE_TONES[record.zone])

    def render_worst(self, value: str) -> str:
        return rules.ELEMENTS.get(value, value)


class SampleFilter(AreaFilter):
    zone = django_filters.ChoiceFilter(label=gettext_lazy("判定"), choices=SoilZone.choices)
    year = django_filters.NumberFilter(
        label=gettext_lazy("采样年份"), field_name="sampled_on__year", min_value=1990, max_value=2100
    )

    class Meta:
        model = SoilSample
        fields = ["township", "zone", "year"]


class Samples(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("土壤检测结果")
    table_class = SampleTable
    filter_class = SampleFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_samples(self.request.user)


@needs("origin.view")
def page(request: Request, pk: int) -> HttpResponse:
    point = access.get_point(request.user, pk)
    samples = list(point.samples.select_related("replaced_by").order_by("-sampled_on", "-pk"))
    standing = [s for s in samples if not hasattr(s, "replaced_by")]
    context = {
        "title": point.code,
        "point": point,
        "tone": ZONE_TONES[point.zone],
        "place": people.division_path(point.division_code),
        "samples": [(s, ZONE_TONES[s.zone], metals_of(s), s not in standing) for s in samples],
        "trend": trending.trend_of(standing),
        "trend_lines": trend_lines(trending.trend_of(standing)),
        "may_edit": request.user.can("origin.edit", point.division_code),
    }
    return render(request, "origin/point.html", context)


def metals_of(sample: SoilSample) -> list[dict[str, Any]]:
    """Every element of a result: reported text, limits, index, the word and why."""
    return [
        {
            "name": rules.ELEMENTS.get(metal["element"], metal["element"]),
            "text": sample.readings.get(metal["element"], ""),
            "zone": SoilZone(metal["zone"]).label,
            "tone": ZONE_TONES[metal["zone"]],
            "why": rules.metal_reason(metal["reason"]),
            **{key: metal[key] for key in ("screening", "control", "index", "clause")},
        }
        for metal in sample.judged
    ]


def trend_lines(found: trending.SoilTrend) -> list[dict[str, Any]]:
    """The trend of each element: word, number of readings, slope a year with its interval, p."""
    return [
        {
            "name": rules.ELEMENTS[element],
            "word": trending.said(trend.direction)[0],
            "tone": trending.said(trend.direction)[1],
            "points": trend.points,
            "times": trend.times,
            "slope": _short(trend.slope.slope) if trend.slope else "—",
            "low": _short(trend.slope.low) if trend.slope else "—",
            "high": _short(trend.slope.high) if trend.slope else "—",
            "p": "—" if trend.p is None else f"{trend.p:.3f}" if trend.p >= 0.001 else "<0.001",
        }
        for element, trend in found.elements.items()
        if trend.points
    ]


def _short(value: float | None) -> str:
    return "—" if value is None else f"{value:+.3g}"


def _point_form(request: Request, point: SoilPoint | None = None) -> own_forms.PointForm:
    parcels = registry.list_parcels(request.user, "origin.edit")
    return own_forms.PointForm(request.POST or None, instance=point, user=request.user, parcels=parcels)


@needs("origin.edit")
def new(request: Request) -> HttpResponse:
    form = _point_form(request)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: soil.add_point(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记点位 %(code)s。") % {"code": made.code})
        return redirect(made)
    return form_page(request, form, _("登记土壤点位"), reverse("origin:points"))


@needs("origin.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    point = access.get_point(request.user, pk, "origin.edit")
    form = _point_form(request, point)
    if request.method == "POST":
        fresh = access.get_point(request.user, pk, "origin.edit")
        if saved(form, lambda: soil.change_point(point=fresh, by=request.user, **form.cleaned_data)) is not None:
            messages.success(request, _("已保存。"))
            return redirect(point)
    return form_page(request, form, _("修改点位：%(code)s") % {"code": point.code}, point.get_absolute_url())


@needs("origin.edit")
def sample_new(request: Request, pk: int) -> HttpResponse:
    point = access.get_point(request.user, pk, "origin.edit")
    form = own_forms.SampleForm(posted(request)[0])
    if request.method == "POST":
        made = saved(form, lambda: soil.record_sample(value=form.value(point), by=request.user))
        if made is not None:
            messages.success(request, _("已登记，判定：%(zone)s。") % {"zone": made.get_zone_display()})
            return redirect(point)
    return form_page(request, form, _("登记检测结果：%(code)s") % {"code": point.code}, point.get_absolute_url())


@needs("origin.edit")
def sample_correct(request: Request, pk: int) -> HttpResponse:
    sample = access.get_sample(request.user, pk)
    form = own_forms.SampleForm(posted(request)[0], correcting=sample)
    if request.method == "POST":
        done = saved(
            form,
            lambda: soil.correct_sample(
                sample=sample, value=form.value(sample.point), reason=form.cleaned_data["reason"], by=request.user
            ),
        )
        if done is not None:
            messages.success(request, _("已更正。原来的结果仍可查看。"))
            return redirect(sample.point)
    intro = _("更正是新的一条，原来的结果不删除，标明“已更正”。")
    title = _("更正：%(what)s") % {"what": sample}
    return form_page(request, form, title, sample.point.get_absolute_url(), intro=intro, submit_label=_("更正"))


@needs("origin.edit")
def upload(request: Request) -> HttpResponse:
    """One sheet, all of it or nothing; what is wrong is said row by row."""
    form = own_forms.SheetForm(request.POST or None, request.FILES or None)
    found: importing_soil.Read | None = None
    if request.method == "POST" and form.is_valid():
        found = _read(request, form)
        if found is not None and not found.errors and (rows := saved(form, lambda: _load(found, request))) is not None:
            counts = {"n": len(rows), "points": len(found.points), "bad": sum(r.zone == "undetermined" for r in rows)}
            messages.success(
                request, _("已导入 %(n)s 条结果，新增 %(points)s 个点位，其中 %(bad)s 条不能判定。") % counts
            )
            return redirect("origin:samples")
    context = {"title": _("导入土壤检测结果"), "form": form, "found": found, "back_url": reverse("origin:points")}
    return render(request, "origin/soil_upload.html", context)


def _read(request: Request, form: own_forms.SheetForm) -> importing_soil.Read | None:
    file = form.cleaned_data["file"]
    try:
        return importing_soil.read_file(file.name, file.read(), user=request.user)
    except Unreadable as error:
        form.add_error("file", str(error))
        return None


def _load(found: importing_soil.Read, request: Request) -> list[SoilSample]:
    return soil.load_sheet(points=found.points, lines=found.lines, by=request.user)


@needs("origin.edit")
def file_template(_request: Request) -> HttpResponse:
    headers = [c.header for c in importing_soil.COLUMNS] + [f"{n}" for n in rules.ELEMENTS.values()]
    uses = "、".join(in_tables(label) for label in SoilPoint.LandUse.labels)
    note = f"测定值单位 mg/kg，未检出写“<检出限”；土地利用可填：{uses}；新点位须填土地利用和乡镇"
    return xlsx_response(_("导入模板：土壤检测结果"), to_xlsx(headers, [], title="土壤检测结果", note=note))
