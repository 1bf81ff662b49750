"""Results of risk monitoring: browsed, imported, taken back; and the local diets."""

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

from fangxin.actions.monitoring import access, describing, rules, selectors
from fangxin.actions.monitoring import forms as own_forms
from fangxin.actions.monitoring.models import Batch, Measurement, Survey
from fangxin.actions.monitoring.services import importing, surveys
from fangxin.actions.monitoring.views.common import HazardFilter, Listing, townships_of
from fangxin.engines import exposure
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

OVER_TONES = {"yes": "warn", "no": "plain", "": "plain"}
SURVEY_TONES = {"draft": "warn", "confirmed": "good", "withdrawn": "plain"}


class MeasurementTable(tables.Table):
    sampled_on = DayColumn()
    township = TownshipColumn()
    as_typed = tables.Column(orderable=False)
    value = tables.Column(verbose_name=gettext_lazy("换算 mg/kg"), attrs={"td": {"class": "number"}}, default="—")
    over_limit = tables.Column(empty_values=(), orderable=False)

    class Meta:
        model = Measurement
        fields = (
            "sample_no",
            "sampled_on",
            "township",
            "food",
            "analyte",
            "as_typed",
            "unit",
            "value",
            "over_limit",
            "source",
        )
        order_by = ()

    def render_value(self, value: Any) -> str:
        return format(value.normalize(), "f")

    def value_value(self, value: Any) -> Any:
        return value

    def render_over_limit(self, record: Measurement) -> str:
        return badge(record.get_over_limit_display(), OVER_TONES[record.over_limit])

    def value_over_limit(self, record: Measurement) -> str:
        return str(record.get_over_limit_display())


class MeasurementFilter(HazardFilter):
    sample_no = django_filters.CharFilter(label=gettext_lazy("样品编号"), lookup_expr="startswith", max_length=60)
    township = django_filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_township")
    since = django_filters.DateFilter(
        label=gettext_lazy("采样自"), field_name="sampled_on", lookup_expr="gte", widget=own_forms.DayInput()
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("采样至"), field_name="sampled_on", lookup_expr="lte", widget=own_forms.DayInput()
    )
    over_limit = django_filters.ChoiceFilter(
        label=gettext_lazy("与限量相比"), choices=[("yes", gettext_lazy("超过")), ("no", gettext_lazy("未超过"))]
    )

    class Meta:
        model = Measurement
        fields = ("hazard", "food_group", "sample_no", "over_limit")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["township"].extra["choices"] = townships_of(self.request.user, selectors.VIEW)

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


class Measurements(Listing):
    ability = "risk.view"
    title = gettext_lazy("监测结果")
    table_class = MeasurementTable
    filter_class = MeasurementFilter
    template_name = "monitoring/measurements.html"
    empty_text = gettext_lazy("没有符合条件的监测结果。可以放宽条件，或者导入部门的监测数据。")
    sorts_when_long = ("sampled_on",)

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_measurements(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("导入批次"), reverse("monitoring:batches"), "files")]
        if self.request.user.can("risk.data"):
            actions.insert(0, (_("导入数据"), reverse("monitoring:import"), "upload"))
        return {"actions": actions, "intro": describing.NOT_A_VERDICT, "shown": self.censored()}

    def censored(self) -> dict[str, Any]:
        """How much of what the filter shows was not quantified, and what that allows."""
        _filterset, rows = self.filtered(self.rows())
        quantified = list(rows.order_by().values_list("quantified", flat=True)[:20_000])
        share = 1 - sum(quantified) / len(quantified) if quantified else None
        treatment = exposure.treatment_for(share)
        return {
            "count": len(quantified),
            "unseen": len(quantified) - sum(quantified),
            "share": describing.percent(share),
            "words": describing.TREATMENTS.get(treatment.value, ""),
        }


class BatchTable(tables.Table):
    name = tables.Column(linkify=True)
    state = tables.Column(verbose_name=gettext_lazy("状态"), empty_values=(), orderable=False)

    class Meta:
        model = Batch
        fields = ("name", "source", "rows", "imported_at", "imported_by", "state")
        order_by = ()

    def render_state(self, record: Batch) -> str:
        return badge(_("已撤回"), "plain") if record.withdrawn_at else badge(_("在用"), "good")

    def value_state(self, record: Batch) -> str:
        return _("已撤回") if record.withdrawn_at else _("在用")


class Batches(Listing):
    ability = "risk.view"
    title = gettext_lazy("监测数据批次")
    table_class = BatchTable
    empty_text = gettext_lazy("还没有导入过监测数据。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_batches(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("risk.data")
        return {"actions": [(_("导入数据"), reverse("monitoring:import"), "upload")] if may else []}


@needs("risk.data")
def import_results(request: Request) -> HttpResponse:
    form = own_forms.ImportForm(*posted(request), user=request.user, ability="risk.data")
    batch = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = saved(
            form,
            lambda: importing.import_results(
                name=file.name, content=file.read(), source=form.cleaned_data["source"],
                division_code=form.cleaned_data["division_code"], by=request.user,
            ),
        )  # fmt: skip
    if batch is not None:
        messages.success(request, _("已导入 %(n)s 条结果。如有误，可以整批撤回。") % {"n": batch.rows})
        return redirect(batch)
    back, template = reverse("monitoring:measurements"), reverse("monitoring:import_template")
    actions = [(_("下载模板"), template, "download")]
    return form_page(request, form, _("导入监测数据"), back, submit_label=_("检查并导入"), actions=actions)


@needs("risk.data")
def import_template(_request: Request) -> HttpResponse:
    headers = [names[0] for names in importing.HEADERS.values()]
    example = ["FX-001", "大米", "谷类", "镉", "0.052", "mg/kg", "0.002", "0.006", "2023-03-01", _("乡镇名称")]
    absent = ["FX-002", "大米", "谷类", "镉", "未检出", "mg/kg", "0.002", "0.006", "2023-03-01", _("乡镇名称")]
    name = str(_("监测数据模板"))
    return xlsx_response(name, to_xlsx(headers, [example, absent], title=name))


BATCH_ACTS = acts_by_name(
    Act("withdraw", gettext_lazy("整批撤回"), "arrow-back-up",
        lambda row, by, v: importing.withdraw_batch(batch=row, why=v["why"], by=by), form=plain(own_forms.WhyForm), undoes=True,
        intro=gettext_lazy("撤回后这些结果不再计入统计和评估；记录保留，需要时重新导入。")),
)  # fmt: skip


@needs("risk.view")
def batch(request: Request, pk: int) -> HttpResponse:
    row = access.get_batch(request.user, pk)
    seen = row.measurements.all()
    unknown = seen.filter(hazard="").order_by("analyte").values_list("analyte", flat=True).distinct()
    foods = seen.filter(food_group="").order_by("food").values_list("food", flat=True).distinct()
    context = {
        "title": row.name, "row": row, "unknown_hazards": list(unknown[:50]), "unknown_foods": list(foods[:50]),
        "sample": seen.order_by("sample_no", "analyte")[:20],
        "acts": [BATCH_ACTS["withdraw"]] if _may_withdraw(request.user, row) else [],
    }  # fmt: skip
    return render(request, "monitoring/batch.html", context)


def _may_withdraw(user: Any, row: Batch) -> bool:
    return row.withdrawn_at is None and user.can("risk.data", row.division_code)


@needs("risk.data")
def batch_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_batch(request.user, pk, "risk.data")
    allowed = ["withdraw"] if _may_withdraw(request.user, row) else []
    return act_on(request, row, BATCH_ACTS, allowed, name)


class SurveyTable(tables.Table):
    name = tables.Column(linkify=True)

    class Meta:
        model = Survey
        fields = ("name", "people", "year", "respondents", "body_weight_kg", "state")
        order_by = ()

    def render_people(self, value: str) -> str:
        return rules.people_name(value)

    def render_state(self, value: str, record: Survey) -> str:
        return badge(value, SURVEY_TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class Surveys(Listing):
    ability = "risk.view"
    title = gettext_lazy("膳食调查")
    table_class = SurveyTable
    empty_text = gettext_lazy("还没有本地膳食调查。评估会用占位值，可信度低。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_surveys(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("risk.data")
        return {"actions": [(_("导入调查"), reverse("monitoring:survey_new"), "upload")] if may else []}


@needs("risk.data")
def survey_new(request: Request) -> HttpResponse:
    form = own_forms.SurveyForm(*posted(request), user=request.user, ability="risk.data")
    made = None
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        file = values.pop("file")
        made = saved(
            form,
            lambda: surveys.import_survey(file_name=file.name, content=file.read(), by=request.user, **values),
        )
    if made is not None:
        messages.success(request, _("已导入。请另一位同事核对后确认，确认前评估不会用它。"))
        return redirect(made)
    return form_page(request, form, _("导入膳食调查"), reverse("monitoring:surveys"), submit_label=_("导入"))


SURVEY_ACTS = acts_by_name(
    Act("confirm", gettext_lazy("核对无误，确认"), "check", lambda row, by, _v: surveys.confirm_survey(survey=row, by=by)),
    Act("withdraw", gettext_lazy("停用"), "circle-off", lambda row, by, _v: surveys.withdraw_survey(survey=row, by=by),
        ask=gettext_lazy("停用后评估不再用它，可以恢复。继续吗？"), undoes=True),
    Act("restore", gettext_lazy("恢复"), "rotate", lambda row, by, _v: surveys.restore_survey(survey=row, by=by)),
)  # fmt: skip


def _survey_acts(user: Any, row: Survey) -> list[str]:
    if not user.can("risk.data", row.division_code):
        return []
    steps = {"draft": ["confirm", "withdraw"], "confirmed": ["withdraw"], "withdrawn": ["restore"]}[row.state]
    return [name for name in steps if name != "confirm" or row.imported_by != user.username]


@needs("risk.view")
def survey(request: Request, pk: int) -> HttpResponse:
    row = access.get_survey(request.user, pk)
    context = {
        "title": str(row), "row": row, "tone": SURVEY_TONES[row.state], "who": rules.people_name(row.people),
        "place": people.division_path(row.division_code),
        "figures": [(rules.food_name(f.food_group), f) for f in row.figures.all()],
        "acts": [SURVEY_ACTS[name] for name in _survey_acts(request.user, row)],
    }  # fmt: skip
    return render(request, "monitoring/survey.html", context)


@needs("risk.data")
def survey_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_survey(request.user, pk, "risk.data")
    return act_on(request, row, SURVEY_ACTS, _survey_acts(request.user, row), name)
