"""Inspections: the list, the beginning, and one inspection's whole life on one page."""

from datetime import date, timedelta
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.fieldwork import access, rules, selectors, standards
from fangxin.kernel.fieldwork.forms.inspections import StartForm, span_words
from fangxin.kernel.fieldwork.models import Inspection, InspectionPaper
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services import inspections
from fangxin.kernel.fieldwork.templatetags.fieldwork import grade_words, place_words
from fangxin.kernel.fieldwork.views.acts import BUTTONS
from fangxin.kernel.fieldwork.views.common import (
    ONE_LINE,
    StateColumn,
    TownFilter,
    find_box,
    number_from,
    people_of,
    premises_from,
)
from fangxin.kernel.fieldwork.views.visits import agencies_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = Inspection.State
SOON = timedelta(days=7)


class InspectionFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("编号、检查对象"), method="by_text", max_length=100)
    kind = filters.ChoiceFilter(
        label=gettext_lazy("检查类型"), choices=InspectionKind.choices, empty_label=gettext_lazy("全部")
    )
    result = filters.ChoiceFilter(
        label=gettext_lazy("检查结果"), choices=Inspection.Result.choices, empty_label=gettext_lazy("全部")
    )
    agency = filters.ModelChoiceFilter(
        label=gettext_lazy("检查机关"), queryset=agencies_of, empty_label=gettext_lazy("全部")
    )
    published = filters.ChoiceFilter(
        label=gettext_lazy("公开"), method="by_publication", empty_label=gettext_lazy("全部"),
        choices=[("waiting", gettext_lazy("应公开，还没有公开")), ("soon", gettext_lazy("一周内到期")),
                 ("late", gettext_lazy("已超过公开时限")), ("done", gettext_lazy("已公开"))],
    )  # fmt: skip
    state = filters.ChoiceFilter(choices=State.choices)
    mine = filters.ChoiceFilter(method="of_mine", choices=[("1", "1")])
    premises = filters.NumberFilter(min_value=1, max_value=2**63 - 1)
    hidden = ("state", "mine", "premises")

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = ()

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        numbered = rows.filter(number__startswith=text.upper())
        return numbered if text[:2].upper() == "JC" else rows.filter(premises_name__icontains=text)

    def by_publication(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "done":
            return rows.filter(published_at__isnull=False)
        today = ledger.clock.today()
        waiting = selectors.unpublished(rows)
        if value == "late":
            return waiting.filter(publish_due_on__lt=today)
        if value == "soon":
            return waiting.filter(publish_due_on__gte=today, publish_due_on__lte=today + SOON)
        return waiting

    def of_mine(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """The person's own that are not finished on the spot."""
        return rows.filter(officers__user=self.request.user, state__in=rules.LIVE_STATES)


class InspectionTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    premises_name = tables.Column(verbose_name=gettext_lazy("检查对象"), orderable=False)
    township = TownshipColumn()
    kind = tables.Column()
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("检查机关"), orderable=False)
    started_on = DayColumn()
    state = StateColumn()
    result = StateColumn(default="—")
    grade = tables.Column(default="—", orderable=False, verbose_name=gettext_lazy("量化动态等级"))
    publish_due_on = tables.Column(verbose_name=gettext_lazy("公开"), default="—", attrs=ONE_LINE)
    published_at = tables.Column()

    class Meta:
        model = Inspection
        fields = ("chosen", "number", "premises_name", "township", "kind", "agency", "started_on", "state", "result",
                  "grade", "publish_due_on", "published_at")  # fmt: skip
        order_by = ()

    def before_render(self, request: Any) -> None:
        for name in ("agency", "published_at"):  # on its own page; told beside the day by which it is due
            self.columns.hide(name)
        if not request.user.can("inspection.publish"):
            self.columns.hide("chosen")

    def render_chosen(self, record: Inspection) -> Any:
        if record.state not in rules.TOLD_STATES or record.published_at is not None:
            return ""
        label = _("选择%(name)s") % {"name": record.number}
        return format_html(
            '<input class="row-tick" type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">',
            record.pk,
            label,
        )

    def render_grade(self, record: Inspection) -> str:
        return str(place_words(record.grade_scale, record.grade))

    def value_grade(self, record: Inspection) -> str:
        return grade_words(record.grade_scale, record.grade)

    def render_publish_due_on(self, value: date, record: Inspection) -> Any:
        if record.published_at is not None:
            return _("%(day)s 已公开") % {"day": f"{record.published_at.astimezone(ledger.clock.LOCAL):%Y-%m-%d}"}
        if value < ledger.clock.today():
            return format_html("{} {}", value, badge(_("超过时限"), "bad"))
        return _("%(day)s 前") % {"day": value}

    def value_publish_due_on(self, value: date) -> date:
        return value

    def value_published_at(self, record: Inspection) -> Any:
        return record.published_at


class InspectionList(ListScreen):
    ability = "inspection.view"
    title = gettext_lazy("监督检查")
    table_class = InspectionTable
    filter_class = InspectionFilter
    template_name = "fieldwork/inspections.html"
    export_without = ("chosen",)
    sorts_when_long = ("started_on",)
    intro = gettext_lazy("结果告知后应在时限内公开。在“公开”一栏可以挑出还没有公开的。")
    empty_text = gettext_lazy("还没有检查记录。")

    def rows(self, in_order: bool = False) -> "QuerySet[Inspection]":
        return selectors.list_inspections(self.request.user, in_order=in_order).order_by("-started_on", "-pk")

    def rows_in_order(self) -> "QuerySet[Inspection]":
        return self.rows(in_order=True)

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        query = self.request.GET.copy()
        for name in ("state", "page", "_export"):
            query.pop(name, None)
        tabs = [("", _("全部")), *[(s.value, s.label) for s in State]]
        actions = [(_("检查发现"), reverse("fieldwork:findings"), "alert-triangle")]
        if user.can("inspection.work"):
            actions.insert(0, (_("开始检查"), reverse("fieldwork:start"), "player-play"))
        return {
            "intro": self.intro, "actions": actions, "many": user.can("inspection.publish"),
            "tabs": tabs, "tab": self.request.GET.get("state", ""), "kept": query.urlencode(),
        }  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def start(request: Request) -> HttpResponse:
    """From a visit that is owed, or from a place of the register."""
    visit = _visit_from(request)
    premises = visit.premises if visit is not None else premises_from(request)
    if premises is None:
        return render(request, "fieldwork/choose_premises.html", {"title": _("开始检查"), **find_box(request)})
    form = StartForm(
        posted(request)[0], premises=premises, visit=visit, user=request.user,
        officers=people_of([premises.division_code], near=request.user),
    )  # fmt: skip
    if request.method == "POST":
        begun = saved(
            form, lambda: inspections.start(premises=premises, visit=visit, by=request.user, **form.cleaned_data)
        )
        if begun is not None:
            messages.success(request, _("检查%(number)s已开始，可以逐项记录。") % {"number": begun.number})
            return redirect("fieldwork:checklist", pk=begun.pk)
    context = {
        "title": _("开始检查：%(name)s") % {"name": premises.name}, "form": form, "premises": premises, "visit": visit,
        "back_url": reverse("fieldwork:visit", args=[visit.pk]) if visit else reverse("fieldwork:inspections"),
    }  # fmt: skip
    return render(request, "fieldwork/start.html", context)


def _visit_from(request: Request) -> Any:
    text = request.POST.get("visit") or request.GET.get("visit")
    if not text:
        return None
    key = number_from(text)
    if key is None:
        raise Http404
    return access.get_visit(request.user, key, "inspection.work")


STAGES = (
    (State.STARTED, gettext_lazy("现场检查")),
    (State.JUDGED, gettext_lazy("判定、签字")),
    (State.TOLD, gettext_lazy("告知、整改")),
    (State.CLOSED, gettext_lazy("办结")),
)


@require_safe
@needs("inspection.view")
def inspection(request: Request, pk: int) -> HttpResponse:
    found = access.get_inspection(request.user, pk)
    allowed = rules.allowed_actions(request.user, found)
    form = selectors.form_of(found)
    states = [str(state) for state, _label in STAGES]
    place = states.index(found.state) if found.state in states else -1
    plans_visits = request.user.can("inspection.work", found.division_code)
    context = {
        "title": found.number,
        "inspection": found,
        "stages": [(label, n < place, n == place) for n, (_state, label) in enumerate(STAGES)] if place >= 0 else [],
        "place": people.division_path(found.division_code),
        "officers": found.officers.all(),
        "form": form,
        "failed": [item for item in form if item.answer and item.answer.outcome == "fail"],
        "counts": answered_counts(form),
        "findings": found.findings.select_related("owner", "inspection__rechecks").order_by("pk"),
        "photos": found.photos.select_related("file").order_by("pk"),
        "steps": found.steps.all(),
        "papers": found.papers.select_related("file"),
        "edition": found.checklist,
        "edition_span": span_words(found.checklist),
        "buttons": [(name, *parts) for name, parts in BUTTONS.items() if name in allowed],
        "allowed": allowed,
        "paper_kinds": InspectionPaper.Kind,
        "basis": basis_lines(found.basis),
        "late": found.publish_due_on and not found.published_at and found.publish_due_on < ledger.clock.today(),
        "may_sign": "sign" in allowed,
        "visit_url": reverse("fieldwork:visit", args=[found.visit_id]) if found.visit_id and plans_visits else "",
        "subject_url": _premises_url(request.user, found.premises_id),
        "rechecked_by": found.rechecked_by.order_by("pk"),
    }
    return render(request, "fieldwork/inspection.html", context)


def _premises_url(user: Any, pk: int) -> str:
    return reverse("registry:premises", args=[pk]) if user.can("registry.view") else ""


def answered_counts(form: Any) -> dict[str, int]:
    """How far the form is filled in: 已查 23/40."""
    outcomes = [item.answer.outcome for item in form if item.answer is not None]
    return {
        "all": len(form), "answered": len(outcomes), "passed": outcomes.count("pass"),
        "failed": outcomes.count("fail"), "none": outcomes.count("not_applicable"),
    }  # fmt: skip


def basis_lines(basis: dict[str, Any]) -> list[tuple[str, str]]:
    """Rule, edition, article, values and comparison of a verdict, as they were kept."""
    if not basis:
        return []
    names = {"rule": _("规则"), "edition": _("版本"), "article": _("条款"), "comparison": _("比较")}
    lines = [(str(label), str(basis[name])) for name, label in names.items() if basis.get(name)]
    values = "；".join(f"{name} = {value}" for name, value in basis.get("inputs", []))
    return [*lines, (_("取值"), values)] if values else lines


@require_safe
@needs("inspection.view")
def sheet(request: Request, pk: int) -> HttpResponse:
    """The result sheet as it is put up at the door, for print."""
    found = access.get_inspection(request.user, pk)
    if found.state not in rules.TOLD_STATES:
        raise Http404
    context = {
        "title": _("监督检查结果记录表"),
        "inspection": found,
        "place": people.division_path(found.division_code),
        "officers": found.officers.all(),
        "findings": found.findings.order_by("pk"),
        "law": standards.statute_for(found.premises_kind, found.started_on)[0],
    }
    return render(request, "fieldwork/sheet.html", context)
