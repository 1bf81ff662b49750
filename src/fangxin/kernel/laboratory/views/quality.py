"""Quality samples, their control charts, and runs."""

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.engines import quality_control
from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.forms.results import QualitySampleForm, RunForm
from fangxin.kernel.laboratory.models import AnalyticalRun, ControlPoint, QualitySample
from fangxin.kernel.laboratory.services import quality
from fangxin.kernel.laboratory.views.common import ONE_LINE
from fangxin.kernel.laboratory.views.result_acts import offered, tests_here
from fangxin.kernel.laboratory.views.result_files import laboratory_of
from fangxin.kernel.laboratory.views.result_lists import Toned
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

RUN_TONES = {"open": "plain", "accepted": "good", "warning": "warn", "rejected": "bad"}
MOST_POINTS = 60
FEW_RUNS = 20


class QualityTable(tables.Table):
    analyte = tables.Column(linkify=True)
    laboratory = tables.Column(accessor="laboratory__short_name")

    class Meta:
        model = QualitySample
        fields = ("analyte", "method", "level", "lot", "mean", "sd", "unit", "found_from", "laboratory")
        order_by = ()


class QualityList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("质控图")
    intro = gettext_lazy("每个质控样一张图。分析批失控时，这一批的结果不能复核，写明原因放行后才能继续。")
    table_class = QualityTable

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_quality_samples(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("分析批"), reverse("laboratory:runs"), "list")]
        if self.request.user.can("result.enter"):
            actions.append((_("登记质控样"), reverse("laboratory:quality_new"), "plus"))
        return {**super().more_context(), "actions": actions}


class RunTable(tables.Table):
    number = tables.Column(attrs=ONE_LINE)
    measured_on = DayColumn()
    outcome = Toned(RUN_TONES)
    violations = tables.Column(default="—", orderable=False)
    release_reason = tables.Column(empty_values=(), verbose_name=gettext_lazy("放行"), orderable=False)

    class Meta:
        model = AnalyticalRun
        fields = ("number", "analyte", "method", "measured_on", "outcome", "violations", "release_reason")
        order_by = ()

    def render_violations(self, value: Any) -> str:
        return told(value)

    def value_violations(self, value: Any) -> str:
        return told(value)

    def render_release_reason(self, record: AnalyticalRun) -> Any:
        if record.release_reason:
            return record.release_reason
        if not record.blocks:
            return "—"
        acts = offered(record, self.request.user)
        if not acts:
            return _("待放行")
        url = reverse("laboratory:result_act", args=["run", record.pk, "release"])
        return format_html('<a href="{}">{}</a>', url, _("写明理由放行"))

    def value_release_reason(self, record: AnalyticalRun) -> str:
        return record.release_reason


def told(violations: Any) -> str:
    """Which rules were broken, at which level."""
    return "；".join(f"{one['rule']} {one['level'] or _('各水平')}" for one in violations) or "—"


class RunList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("分析批")
    table_class = RunTable

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_runs(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("质控图"), reverse("laboratory:quality"), "chart-line")]}


@require_http_methods(["GET", "POST"])
@needs("result.enter")
def new(request: Request) -> HttpResponse:
    form = QualitySampleForm(posted(request)[0])
    laboratory = laboratory_of(request.user)
    made = None
    if request.method == "POST":
        made = saved(
            form, lambda: quality.add_quality_sample(laboratory=laboratory, by=request.user, **form.cleaned_data)
        )
    if made is not None:
        return redirect(made)
    return form_page(request, form, _("登记质控样"), reverse("laboratory:quality"))


@require_safe
@needs("result.lists")
def chart(request: Request, pk: int) -> HttpResponse:
    control = access.get_quality_sample(request.user, pk)
    points = selectors.control_points(control, MOST_POINTS)
    lines = _smoothed(control, points)
    context = {
        "title": str(control), "control": control, "points": list(reversed(list(zip(points, lines, strict=True)))),
        "tones": RUN_TONES, "few": control.found_from < FEW_RUNS,
        "chart": _chart(control, points, lines),
        "may_measure": control.active and tests_here(request.user, control.laboratory_id),
    }  # fmt: skip
    return render(request, "laboratory/results/quality_chart.html", context)


def _smoothed(control: QualitySample, points: list[ControlPoint]) -> Any:
    values = [float(point.number) for point in points]
    return quality_control.smooth(values, mean=float(control.mean), sd=float(control.sd))


def _chart(control: QualitySample, points: list[ControlPoint], lines: Any) -> dict[str, Any]:
    mean, sd = float(control.mean), float(control.sd)
    return {
        "mean": mean, "sd": sd, "unit": control.unit,
        "runs": [f"{point.run.measured_on:%m-%d}" for point in points],
        "values": [float(point.number) for point in points],
        "outcomes": [point.run.outcome for point in points],
        "labels": [f"{point.run.number} {point.run.get_outcome_display()}" for point in points],
        "smoothed": [round(line.value, 6) for line in lines],
        "words": {"value": _("测定值"), "smoothed": _("平滑值（EWMA）"), "mean": _("靶值")},
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("result.enter")
def measure(request: Request, pk: int) -> HttpResponse:
    """A run of the item: values of all its controls in use."""
    control = access.get_quality_sample(request.user, pk)
    if not tests_here(request.user, control.laboratory_id):
        raise Http404
    same = {"laboratory": control.laboratory_id, "analyte": control.analyte, "method": control.method, "active": True}
    controls = list(QualitySample.objects.filter(**same).order_by("level", "pk"))
    form = RunForm(posted(request)[0], controls=controls, initial={"measured_on": ledger.clock.today()})
    run = None
    if request.method == "POST":
        run = saved(form, lambda: _measured(control, form, request.user))
    if run is not None:
        return redirect("laboratory:runs")
    title = _("登记分析批：%(item)s") % {"item": control.analyte}
    return form_page(request, form, title, control.get_absolute_url(), submit_label=_("保存并判定"))


def _measured(control: QualitySample, form: RunForm, by: Any) -> AnalyticalRun:
    return quality.measure_run(
        laboratory=control.laboratory, analyte=control.analyte, method=control.method, values=form.values(),
        measured_on=form.cleaned_data["measured_on"], by=by,
    )  # fmt: skip
