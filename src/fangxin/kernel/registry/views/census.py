from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, asof, selectors, services
from fangxin.kernel.registry.comparing import propose
from fangxin.kernel.registry.forms import CensusEntryForm, CloseSurveyForm, SurveyForm
from fangxin.kernel.registry.models import CensusEntry, CensusSurvey, Premises
from fangxin.kernel.registry.views.common import AreaFilter, township_names
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

# The engine's tokens in words.
REASONS = {
    "licence": gettext_lazy("证件编号相同"),
    "credit_code": gettext_lazy("信用代码相同"),
    "other_credit_code": gettext_lazy("信用代码不同"),
    "name": gettext_lazy("名称相近"),
    "other_name": gettext_lazy("名称不同"),
    "other_trade": gettext_lazy("行业不同"),
    "address": gettext_lazy("地址相近"),
    "phone": gettext_lazy("电话相同"),
    "near": gettext_lazy("位置很近"),
    "far": gettext_lazy("位置相距很远"),
    "township": gettext_lazy("同一乡镇"),
    "other_township": gettext_lazy("不同乡镇"),
}
CERTAINTIES = {
    "exact": gettext_lazy("完全一致"),
    "likely": gettext_lazy("很可能是同一家"),
    "possible": gettext_lazy("可能是同一家"),
}


def reason_words(tokens: Any) -> list[Any]:
    return [REASONS[token] for token in tokens if token in REASONS]


class SurveyTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("registry:survey", args=[record.pk]))
    scope = tables.Column(accessor="division_code", verbose_name=gettext_lazy("范围"), orderable=False)
    seen = tables.Column(verbose_name=gettext_lazy("记录数"))
    started_on = DayColumn()
    finished_on = DayColumn()
    waiting = tables.Column(verbose_name=gettext_lazy("待比对"))

    class Meta:
        model = CensusSurvey
        fields = ("name", "scope", "started_on", "finished_on", "seen", "waiting")

    def render_scope(self, value: str) -> str:
        return self.value_scope(value)

    def value_scope(self, value: str) -> str:
        return township_names(self.request).get(value) or people.division_name(value)


class Surveys(ListScreen):
    ability = "registry.lists"
    title = gettext_lazy("普查")
    table_class = SurveyTable
    empty_text = gettext_lazy("还没有普查。先开始一次普查，再记录或导入所见的经营单位。")

    def rows(self) -> "QuerySet[Any]":
        waiting = Count("entries", filter=Q(entries__match=CensusEntry.Match.UNMATCHED))
        return selectors.list_surveys(self.request.user).annotate(seen=Count("entries"), waiting=waiting)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("registry.census"):
            return {}
        return {
            "actions": [
                (_("开始普查"), reverse("registry:survey_new"), "plus"),
                (_("比对底册"), reverse("registry:matching"), "arrows-left-right"),
            ]
        }


class EntryTable(tables.Table):
    township = TownshipColumn()
    operating = tables.BooleanColumn(yesno=gettext_lazy("是,否"))
    seen_on = DayColumn()
    premises = tables.Column(
        accessor="premises__name",
        verbose_name=gettext_lazy("底册场所"),
        orderable=False,
        default="—",
        linkify=lambda record: record.premises_id and reverse("registry:premises", args=[record.premises_id]),
    )
    actions = tables.TemplateColumn(
        template_name="registry/entry_actions.html", verbose_name=gettext_lazy("办理"), orderable=False
    )

    class Meta:
        model = CensusEntry
        fields = (
            "name_seen", "kind_seen", "township", "address_seen", "operating", "seen_on", "match", "premises",
            "actions",
        )  # fmt: skip


class EntryFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("名称"), field_name="name_seen", lookup_expr="icontains", max_length=100
    )
    kind_seen = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Premises.Kind.choices)
    match = django_filters.ChoiceFilter(label=gettext_lazy("比对结果"), choices=CensusEntry.Match.choices)

    class Meta:
        model = CensusEntry
        fields = ["text", "township", "kind_seen", "match"]


class SurveyPage(ListScreen):
    """The entries of one survey under its coverage."""

    ability = "registry.lists"
    table_class = EntryTable
    filter_class = EntryFilter
    template_name = "registry/survey.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        self.survey = access.get_survey(user, kwargs["pk"]) if user.can(self.ability) else None
        self.title = self.survey.name if self.survey else ""
        return super().get(request, *args, **kwargs)

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_census_entries(self.request.user, "registry.lists").filter(survey=self.survey)

    def more_context(self) -> dict[str, Any]:
        assert self.survey is not None  # noqa: S101 - the list screen has refused whoever may not
        user = self.request.user
        may = user.can("registry.census")
        may_close = user.can("registry.census", self.survey.division_code) and self.survey.finished_on is None
        # The figure of the person's own part of the survey.
        inside = [p for p in user.prefixes("registry.lists") if p.startswith(self.survey.division_code)]
        scope = inside[0] if inside else self.survey.division_code
        return {
            "survey": self.survey,
            "may_record": may,
            "may_close": may_close,
            "coverage": asof.coverage(scope, ledger.clock.today()) | {"scope": people.division_path(scope)},
        }


@needs("registry.census")
def new(request: Request) -> HttpResponse:
    form = SurveyForm(request.POST or None, user=request.user, initial={"started_on": ledger.clock.today()})
    made = None
    if request.method == "POST":
        made = saved(form, lambda: services.open_survey(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("普查已开始。可逐条记录，也可导入表格。"))
        return redirect("registry:survey", pk=made.pk)
    return form_page(request, form, _("开始普查"), reverse("registry:surveys"))


@needs("registry.census")
def close(request: Request, pk: int) -> HttpResponse:
    survey = access.get_survey(request.user, pk)
    if not request.user.can("registry.census", survey.division_code):
        raise Http404
    form = CloseSurveyForm(request.POST or None, initial={"finished_on": ledger.clock.today()})
    back = reverse("registry:survey", args=[pk])
    if (
        request.method == "POST"
        and saved(form, lambda: services.close_survey(survey=survey, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("普查已结束，今后的覆盖率以它为准。"))
        return redirect(back)
    return form_page(request, form, _("结束普查：%(name)s") % {"name": survey.name}, back)


@needs("registry.census")
def record(request: Request, pk: int) -> HttpResponse:
    survey = access.get_survey(request.user, pk)
    form = CensusEntryForm(request.POST or None, user=request.user, initial={"seen_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.record_census_entry(survey=survey, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已记录，可继续记录下一家。"))
        return redirect("registry:entry_new", pk=pk)
    back = reverse("registry:survey", args=[pk])
    return form_page(request, form, _("记录所见：%(name)s") % {"name": survey.name}, back)


@needs("registry.census")
@require_POST
def match_exact(request: Request, pk: int) -> HttpResponse:
    survey = access.get_survey(request.user, pk)
    if not request.user.can("registry.census", survey.division_code):
        raise Http404
    linked = services.match_survey(survey=survey, by=request.user)
    messages.success(request, _("名称和地址完全一致的 %(n)s 条已与底册对上，其余请逐条认定。") % {"n": linked})
    return redirect("registry:survey", pk=pk)


@needs("registry.census")
def matching(request: Request, pk: int | None = None) -> HttpResponse:
    """One entry beside the rows of the register that it may be; the next one follows."""
    waiting = selectors.list_census_entries(request.user, "registry.census").filter(match=CensusEntry.Match.UNMATCHED)
    entry = access.get_census_entry(request.user, pk, "registry.census") if pk is not None else waiting.first()
    context = {
        "title": _("比对普查与底册"),
        "entry": entry,
        "waiting": waiting.order_by().count(),
        "names": township_names(request),
        "proposals": [(p, CERTAINTIES[p.certainty], reason_words(p.tokens)) for p in (propose(entry) if entry else [])],
    }
    return render(request, "registry/matching.html", context)


@needs("registry.census")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    entry = access.get_census_entry(request.user, pk, "registry.census")
    match, premises = request.POST.get("match", ""), None
    if match == CensusEntry.Match.MATCHED:
        key = request.POST.get("premises", "")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        premises = _in_county(entry, int(key))
    found = next((p for p in propose(entry) if premises is not None and p.premises.pk == premises.pk), None)
    try:
        services.decide_match(
            entry=entry,
            match=match,
            premises=premises,
            score=found.score if found else None,
            reasons=found.tokens if found else (),
            by=request.user,
        )
        messages.success(request, _("“%(name)s”已认定。") % {"name": entry.name_seen})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:matching")


def _in_county(entry: CensusEntry, key: int) -> Premises:
    """A place of the same county, which the clerk of a township may name though it lies in the next one."""
    found = Premises.objects.filter(people.under(entry.division_code[:6]), pk=key, merged_into=None).first()
    if found is None:
        raise Http404
    return found


@needs("registry.census")
@require_POST
def reconsider(request: Request, pk: int) -> HttpResponse:
    """Take a decision back, so that the entry is compared again."""
    entry = access.get_census_entry(request.user, pk, "registry.census")
    try:
        services.decide_match(entry=entry, match=CensusEntry.Match.UNMATCHED, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:matching_one", pk=pk)
