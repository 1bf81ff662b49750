"""Forecasts of crop pests, from the draft to the look back."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import papers_inputs
from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import Degree, Forecast, ForecastCheck
from fangxin.actions.farm_inputs.services import forecasts
from fangxin.engines import reduction
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TONES = {"draft": "plain", "issued": "good", "withdrawn": "bad"}
DEGREE_TONES = {1: "good", 2: "good", 3: "info", 4: "warn", 5: "bad"}


class ForecastTable(tables.Table):
    name = tables.Column(accessor="pest", verbose_name=gettext_lazy("病虫害"), linkify=True, orderable=False)
    issued_on = DayColumn()
    window_from = DayColumn()
    window_to = DayColumn()
    told = tables.Column(verbose_name=gettext_lazy("发送"), orderable=False)
    read = tables.Column(verbose_name=gettext_lazy("确认收到"), orderable=False)
    outcome = tables.Column(accessor="checked__outcome", verbose_name=gettext_lazy("回查"), orderable=False)

    class Meta:
        model = Forecast
        fields = (
            "number", "kind", "crop", "name", "degree", "window_from", "window_to", "state", "issued_on", "told", "read",
            "outcome",
        )  # fmt: skip
        order_by = ()

    def render_degree(self, value: Any, record: Forecast) -> Any:
        return badge(record.get_degree_display(), DEGREE_TONES[record.degree])

    def value_degree(self, record: Forecast) -> str:
        return str(record.get_degree_display())

    def render_state(self, value: str, record: Forecast) -> Any:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class ForecastFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("作物、病虫害"), method="by_text", max_length=60)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Forecast.Kind.choices)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), method="by_state",
        choices=[*Forecast.State.choices, ("to_check", gettext_lazy("该回查"))],
    )  # fmt: skip
    degree = django_filters.ChoiceFilter(label=gettext_lazy("程度"), choices=Degree.choices)

    class Meta:
        model = Forecast
        fields = ("text", "kind", "state", "degree")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(Q(crop__icontains=value.strip()) | Q(pest__icontains=value.strip()))

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        if value != "to_check":
            return rows.filter(state=value)
        return rows.filter(state="issued", window_to__lt=ledger.clock.today(), checked=None)


class Forecasts(ListScreen):
    ability = "forecast.view"
    title = gettext_lazy("病虫害预报预警")
    table_class = ForecastTable
    filter_class = ForecastFilter
    empty_text = gettext_lazy("还没有预报。")
    template_name = "farm_inputs/forecast_list.html"

    def rows(self) -> "QuerySet[Any]":
        keys = selectors.list_forecasts(self.request.user).order_by().values("pk")
        rows = Forecast.objects.filter(pk__in=keys).select_related("checked").order_by("-window_from", "-number")
        return rows.annotate(told=Count("notices"), read=Count("notices", filter=Q(notices__read_at__isnull=False)))

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        may = user.can("forecast.issue")
        return {
            "actions": [(_("起草预报"), reverse("farm_inputs:forecast_new"), "plus")] if may else [],
            "score": _score(user) if user.prefixes("forecast.view") else None,
        }


def _score(user: Any) -> dict[str, Any]:
    """Reach and hits of the year so far, with their denominators."""
    year = ledger.clock.today().year
    notices = selectors.list_notices(user).filter(forecast__issued_on__year=year, forecast__state="issued").order_by()
    reach = notices.aggregate(told=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
    checks = people.within(ForecastCheck.objects.filter(surveyed_on__year=year), user, "forecast.view").order_by()
    hits = checks.aggregate(checked=Count("pk"), hit=Count("pk", filter=Q(outcome__in=("exact", "near"))))
    return {
        "year": year, **reach, **hits,
        "reach_rate": reduction.share(Decimal(reach["read"]), Decimal(reach["told"])),
        "hit_rate": reduction.share(Decimal(hits["hit"]), Decimal(hits["checked"])),
    }  # fmt: skip


def may_issue(user: Any, forecast: Forecast) -> bool:
    return bool(user.can("forecast.issue", forecast.division_code)) and forecast.agency_id in {
        post.agency_id for post in user.posts_today
    }


@needs("forecast.view")
def page(request: Request, pk: int) -> HttpResponse:
    user = request.user
    forecast = access.get_forecast(user, pk)
    notices = selectors.list_notices(user).filter(forecast=forecast)
    context = {
        "title": str(forecast),
        "forecast": forecast,
        "tone": TONES[forecast.state],
        "degree_tone": DEGREE_TONES[forecast.degree],
        "place": people.division_path(forecast.division_code),
        "products": papers_inputs.product_rows(forecast),
        "check": ForecastCheck.objects.filter(forecast=forecast).first(),
        "told": notices.count(),
        "read": notices.filter(read_at__isnull=False).count(),
        "unread": notices.filter(read_at=None)[:20] if user.prefixes("forecast.view") else [],
        "mine": None if user.prefixes("forecast.view") else notices.first(),
        "may_issue": may_issue(user, forecast),
        "over": forecast.window_to < ledger.clock.today(),
    }
    return render(request, "farm_inputs/forecast.html", context)


@needs("forecast.issue")
def new(request: Request) -> HttpResponse:
    form = own_forms.ForecastForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: forecasts.draft(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已存为草稿，核对后再发布。"))
        return redirect(made)
    return form_page(request, form, _("起草病虫害预报"), reverse("farm_inputs:forecasts"))


@needs("forecast.issue")
def edit(request: Request, pk: int) -> HttpResponse:
    forecast = _to_issue(request, pk)
    form = own_forms.ForecastForm(request.POST or None, instance=forecast, user=request.user)
    if request.method == "POST":
        changed = saved(form, lambda: forecasts.change(forecast=forecast, by=request.user, **form.cleaned_data))
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect(forecast)
    return form_page(request, form, _("修改：%(name)s") % {"name": forecast}, forecast.get_absolute_url())


def _to_issue(request: Request, pk: int) -> Forecast:
    forecast = access.get_forecast(request.user, pk)
    if not may_issue(request.user, forecast):
        raise Http404
    return forecast


@require_POST
@needs("forecast.issue")
def issue(request: Request, pk: int) -> HttpResponse:
    forecast = _to_issue(request, pk)
    try:
        forecasts.issue(forecast=forecast, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = forecast.notices.count()
        messages.success(request, _("已发布，送达 %(n)s 家种植这种作物的农场。") % {"n": told})
    return redirect(forecast)


@needs("forecast.issue")
def withdraw(request: Request, pk: int) -> HttpResponse:
    forecast = _to_issue(request, pk)
    form = own_forms.WhyForm(posted(request)[0])
    done = None
    if request.method == "POST":
        done = saved(form, lambda: forecasts.withdraw(forecast=forecast, by=request.user, **form.cleaned_data))
    if done is not None:
        messages.success(request, _("已撤回。"))
        return redirect(forecast)
    title = _("撤回：%(name)s") % {"name": forecast}
    return form_page(request, form, title, forecast.get_absolute_url(), submit_label=_("撤回"))


@needs("forecast.issue")
def check(request: Request, pk: int) -> HttpResponse:
    forecast = _to_issue(request, pk)
    scale = rules.scale_of(forecast.crop, forecast.pest, forecast.window_from)
    form = own_forms.CheckForm(request.POST or None, measure=scale[0] if scale else "")
    done = None
    if request.method == "POST":
        done = saved(form, lambda: forecasts.check(forecast=forecast, by=request.user, **form.cleaned_data))
    if done is not None:
        messages.success(request, _("回查已登记：%(outcome)s。") % {"outcome": done.get_outcome_display()})
        return redirect(forecast)
    title = _("回查：%(name)s") % {"name": forecast}
    return form_page(request, form, title, forecast.get_absolute_url())


@needs("forecast.view")
def paper(request: Request, pk: int) -> HttpResponse:
    forecast = access.get_forecast(request.user, pk)
    if forecast.issued_on is None:
        raise Http404
    response = HttpResponse(papers_inputs.bulletin(forecast), content_type=DOCX)
    response.headers["Content-Disposition"] = attachment(f"{forecast}.docx")
    return response


@require_POST
@needs("forecast.view")
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """The farmer says that the bulletin has been read."""
    notice = access.get_notice(request.user, pk)
    if request.user.prefixes("forecast.view"):
        raise Http404  # only the farm itself can have read it
    forecasts.acknowledge(notice=notice, by=request.user)
    messages.success(request, _("已确认收到。"))
    return redirect(notice.forecast)
