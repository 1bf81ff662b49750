"""Returns: the grid of actions and periods, one return, a period's report."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment, to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.data import PlanError, Ratio
from fangxin.oversight.plans.drafts import compare_versions, prefilled, typed_from
from fangxin.oversight.plans.figures import figures_for, read_typed
from fangxin.oversight.plans.forms import DecisionForm, ReturnTextForm
from fangxin.oversight.plans.models import Return, ReturnStep, ReturnVersion
from fangxin.oversight.plans.reports import keep_report
from fangxin.oversight.plans.services import returning
from fangxin.oversight.plans.views.common import attempt, chosen_plan, put_error, words_of

State = Return.State


def timing_words(item: Return) -> tuple[str, str]:
    """(word, tone): in time, so many days late, or not yet due."""
    days = item.days_late(ledger.clock.today())
    if item.submitted_at is None:
        return (_("逾期 %(days)s 天未报") % {"days": days}, "bad") if days else (_("未到期"), "plain")
    return (_("迟报 %(days)s 天") % {"days": days}, "warn") if days else (_("按时"), "good")


class ReturnTable(tables.Table):
    period = tables.Column(verbose_name=gettext_lazy("期次"), order_by=("period__due_on",))
    action = tables.Column(linkify=lambda record: reverse("plans:return", args=[record.pk]))
    due_on = tables.DateColumn(format="Y-m-d", accessor="period__due_on", verbose_name=gettext_lazy("报送期限"))
    submitted_at = tables.DateTimeColumn(format="Y-m-d H:i")
    timing = tables.Column(verbose_name=gettext_lazy("时限情况"), empty_values=(), orderable=False)

    class Meta:
        model = Return
        fields = ("period", "action", "agency", "state", "due_on", "submitted_at", "timing", "returned_times")

    def render_timing(self, record: Return) -> Any:
        return badge(*timing_words(record))

    def value_timing(self, record: Return) -> str:
        return timing_words(record)[0]

    def value_period(self, record: Return) -> str:
        return str(record.period)


class ReturnFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部")
    )
    agency = django_filters.ModelChoiceFilter(
        label=gettext_lazy("报送单位"), queryset=people.Agency.objects.none(), empty_label=gettext_lazy("全部")
    )
    open = django_filters.BooleanFilter(
        label=gettext_lazy("只看待报送"), method="only_open", widget=forms.CheckboxInput
    )
    late = django_filters.BooleanFilter(
        label=gettext_lazy("只看逾期未报"), method="only_late", widget=forms.CheckboxInput
    )
    mine = django_filters.BooleanFilter(
        label=gettext_lazy("只看本单位"), method="only_mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Return
        fields = ("state", "agency", "open", "late", "mine")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = selectors.list_returns(self.request.user).order_by()
        self.filters["agency"].queryset = people.Agency.objects.filter(pk__in=rows.values("agency"))

    def only_open(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(selectors.returns_coming(ledger.clock.today())) if value else rows

    def only_late(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(selectors.returns_missing(ledger.clock.today())) if value else rows

    def only_mine(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(agency__in=self.request.user.own_agencies("plans.view")) if value else rows


class ReturnList(ListScreen):
    ability = "plans.view"
    title = gettext_lazy("工作总结清单")
    table_class = ReturnTable
    filter_class = ReturnFilter

    def rows(self) -> Any:
        return selectors.list_returns(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("按期次查看"), reverse("plans:returns"), "table")]}


@needs("plans.view")
def grid(request: HttpRequest) -> HttpResponse:
    """Actions down, periods across: in each cell the state and the days late, in words."""
    plan = chosen_plan(request)
    if plan is None:
        return render(request, "plans/none.html", {"title": _("工作总结")})
    periods = list(selectors.list_periods(plan))
    cells: dict[tuple[int, int], Return] = {
        (item.action_id, item.period_id): item
        for item in selectors.list_returns(request.user).filter(period__plan=plan)
    }
    actions = list(selectors.list_actions(request.user, plan))
    rows = [(action, [cells.get((action.pk, period.pk)) for period in periods]) for action in actions]
    if request.GET.get("_export") == "xlsx":
        return _export_grid(plan, periods, rows)
    today = ledger.clock.today()
    context = {
        "title": _("工作总结"),
        "plan": plan,
        "periods": [(p, Ratio(p.in_time, p.due_returns) if p.due_on <= today else None) for p in periods],
        "rows": [(action, [(item, timing_words(item)) if item else None for item in items]) for action, items in rows],
        "today": today,
        "years": sorted({p.year for p in periods}),
        "actions": [
            (_("清单与筛选"), reverse("plans:return_list"), "list"),
            (_("导出"), f"?plan={plan.pk}&_export=xlsx", "download"),
        ],
    }
    return render(request, "plans/returns.html", context)


def _export_grid(plan: Any, periods: list[Any], rows: list[Any]) -> HttpResponse:
    headers = [_("序号"), _("行动"), *(str(period) for period in periods)]
    lines = [[action.number, action.title, *(_cell_text(item) for item in items)] for action, items in rows]
    note = _("%(plan)s；截至%(day)s") % {"plan": plan.title, "day": ledger.clock.today()}
    return xlsx_response(_("工作总结报送情况"), to_xlsx(headers, lines, title=_("报送情况"), note=note))


def _cell_text(item: Return | None) -> str:
    return "" if item is None else f"{item.get_state_display()}，{timing_words(item)[0]}"


@needs("plans.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    item = access.get_return(request.user, pk)
    readable = selectors.may_read(request.user, item)
    versions = list(item.versions.select_related("written_by").prefetch_related("steps__by", "attachments"))
    may = _may(request.user, item, versions[-1] if versions else None)
    context = {
        "title": str(item),
        "item": item,
        "timing": timing_words(item),
        "readable": readable,
        "version": versions[-1] if versions and readable else None,
        "versions": versions if readable else [],
        "may": may,
        "form": DecisionForm(initial={"quality": Return.Quality.ADEQUATE}),
        "actions": [(_("返回期次"), reverse("plans:period", args=[item.period_id]), "arrow-left")],
    }
    return render(request, "plans/return.html", context)


def _may(user: Any, item: Return, version: ReturnVersion | None) -> dict[str, bool]:
    """Which buttons this person gets now."""
    own = item.agency_id in user.own_agencies("plans.return.write")
    review = item.agency_id in user.own_agencies("plans.return.review")
    writer = version is not None and version.written_by_id == user.pk
    return {
        "write": own and item.state in returning.WRITABLE,
        "submit": own and item.state == State.DRAFTING and version is not None,
        "review": review and item.state == State.DEPARTMENT_REVIEW and not writer,
        "waits_for_other": review and item.state == State.DEPARTMENT_REVIEW and writer,
        "decide": user.can("plans.return.accept", item.division_code) and item.state == State.SUBMITTED,
    }


@needs("plans.return.write")
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The department's draft: computed figures, its own beside them, and the text."""
    item = access.get_return_of_own(request.user, pk, "plans.return.write")
    if item.state not in returning.WRITABLE:
        return redirect("plans:return", item.pk)
    start = prefilled(item)
    form = ReturnTextForm(request.POST or None, request.FILES or None, initial=start)
    typed_raw = typed_from(request.POST) if request.method == "POST" else start["typed"]
    if request.method == "POST" and form.is_valid():
        version = _write(request, item, form, typed_raw)
        if version is not None:
            return redirect("plans:return", item.pk)
    context = {
        "title": _("填写工作总结"),
        "item": item,
        "form": form,
        "figures": [(entry, typed_raw.get(str(entry["goal"]), {})) for entry in figures_for(item, {})],
        "back_url": reverse("plans:return", args=[item.pk]),
        "returned": _last_reason(item),
    }
    return render(request, "plans/return_write.html", context)


def _last_reason(item: Return) -> Any:
    steps = ReturnStep.objects.filter(version__item=item, verb__in=["returned", "refused"])
    return steps.select_related("by").order_by("-pk").first() if item.state in ("returned", "drafting") else None


def _write(request: HttpRequest, item: Return, form: ReturnTextForm, raw: Any) -> ReturnVersion | None:
    given = form.cleaned_data
    try:
        typed = {key: read_typed(value) for key, value in raw.items()}
        kept = form.fields["file"].keep(given.pop("file"), by=request.user)
        files = list(_kept_files(item)) + ([kept] if kept else [])
        version = returning.write_version(item=item, typed=typed, attachments=files, by=request.user, **given)
        if request.POST.get("then") == "submit":
            returning.submit(item=item, by=request.user)
    except (PlanError, ValidationError) as error:
        put_error(form, error)
        return None
    attempt(request, lambda: None, _("已保存为%(version)s。") % {"version": version})
    return version


def _kept_files(item: Return) -> Any:
    """A new version keeps the files of the one before."""
    last = item.versions.order_by("-number").first()
    return last.attachments.all() if last else []


@require_POST
@needs("plans.return.write")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being typed, without checking it."""
    item = access.get_return_of_own(request.user, pk, "plans.return.write")
    texts = {name: request.POST.get(name, "").replace("\x00", "") for name in returning.TEXTS}
    try:
        returning.save_draft(item=item, draft={**texts, "typed": typed_from(request.POST)}, by=request.user)
    except PlanError as error:
        return JsonResponse({"saved": False, "words": words_of(error)}, status=409)
    at = ledger.clock.now().astimezone(ledger.clock.LOCAL)
    return JsonResponse({"saved": True, "words": _("草稿已保存 %(time)s") % {"time": f"{at:%H:%M}"}})


@require_POST
@needs("plans.view")
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a return: submit, review, accept, send back."""
    item = access.get_return(request.user, pk)
    version = item.versions.order_by("-number").first()
    may = _may(request.user, item, version)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        text, quality = "", ""
    else:
        text, quality = form.cleaned_data["text"], form.cleaned_data["quality"] or Return.Quality.ADEQUATE
    attempt(request, lambda: _do(request, item, may, text, quality), _("已办理。"))
    return redirect("plans:return", item.pk)


def _do(request: HttpRequest, item: Return, may: dict[str, bool], text: str, quality: str) -> None:
    verb, user = request.POST.get("do", ""), request.user
    needed = {"submit": "submit", "approve": "review", "refuse": "review", "accept": "decide", "return": "decide"}
    if verb not in needed or not may[needed[verb]]:
        raise PlanError(_("现在不能办理这一步，可能状态已经变化，或不属于您的岗位。请刷新页面。"))
    if verb == "submit":
        returning.submit(item=item, by=user)
    elif verb in ("approve", "refuse"):
        returning.review(item=item, approved=verb == "approve", text=text, by=user)
    elif verb == "accept":
        returning.accept(item=item, text=text, quality=quality, by=user)
    else:
        returning.return_back(item=item, reason=text, by=user)


@needs("plans.view")
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side, changed lines marked in words and colour."""
    item = access.get_return_to_read(request.user, pk)
    numbers = [request.GET.get(name, "") for name in ("old", "new")]
    if not all(n.isascii() and n.isdecimal() and len(n) < 5 for n in numbers):
        raise Http404
    versions = {str(v.number): v for v in item.versions.all()}
    if numbers[0] not in versions or numbers[1] not in versions:
        raise Http404
    old, new = versions[numbers[0]], versions[numbers[1]]
    context = {
        "title": _("版本对比"),
        "item": item,
        "old": old,
        "new": new,
        "sections": compare_versions(old, new),
        "actions": [(_("返回"), reverse("plans:return", args=[item.pk]), "arrow-left")],
    }
    return render(request, "plans/return_compare.html", context)


@needs("plans.view")
def period(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_period(request.user, pk)
    rows = list(selectors.list_returns(request.user).filter(period=found))
    office = request.user.can("plans.return.accept", found.plan.division_code)
    in_time, due = selectors.returns_in_time(found.returns.all(), ledger.clock.today())
    context = {
        "title": str(found),
        "period": found,
        "rows": [(item, timing_words(item)) for item in rows],
        "ratio": Ratio(in_time, due),
        "reached": found.due_on <= ledger.clock.today(),
        "may_merge": office and any(item.state in (State.ACCEPTED, State.MERGED) for item in rows),
        "waiting": sum(item.state not in (State.ACCEPTED, State.MERGED) for item in rows),
        "may_report": found.report_id is not None and bool(rows),
        "actions": [(_("全部期次"), f"{reverse('plans:returns')}?plan={found.plan_id}", "table")],
    }
    return render(request, "plans/period.html", context)


@require_POST
@needs("plans.return.accept")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the period's report from what was accepted."""
    found = access.get_period(request.user, pk)
    access.refuse(not request.user.can("plans.return.accept", found.plan.division_code))
    attempt(request, lambda: keep_report(period=found, by=request.user), _("汇总报告已生成。"))
    return redirect("plans:period", found.pk)


@needs("plans.view")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_period(request.user, pk)
    if found.report is None or not selectors.list_returns(request.user).filter(period=found).exists():
        raise Http404
    response = HttpResponse(ledger.read_evidence(found.report), content_type=found.report.media_type)
    response.headers["Content-Disposition"] = attachment(_("%(period)s工作情况汇总.docx") % {"period": found})
    return response
