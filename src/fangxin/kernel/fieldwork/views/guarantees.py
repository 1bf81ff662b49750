"""Officials and the places they hold: my places, a visit, lists, coverage, changes."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.engines.grading.self_control import period_of
from fangxin.kernel.fieldwork import access_guarantees as access
from fangxin.kernel.fieldwork import selectors_guarantees as selectors
from fangxin.kernel.fieldwork.forms import guarantees as forms
from fangxin.kernel.fieldwork.models import Cadre, Guarantee, StatusChange
from fangxin.kernel.fieldwork.services import guarantees as services
from fangxin.kernel.fieldwork.services.visits import inspecting_agency
from fangxin.kernel.fieldwork.views.common import TownFilter, find_box, hand_over, keys_from, number_from, premises_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

COUNTY_LENGTH = 6


@require_safe
@needs("guarantee.visit")
def mine(request: Request) -> HttpResponse:
    """The places of the official who is signed in, those still to be visited in front."""
    rows = list(selectors.mine(request.user).order_by("visited", "premises__name", "pk"))
    first, last = period_of(ledger.clock.today())
    context = {
        "title": _("我的包保"), "rows": rows, "first": first, "last": last, "seen": sum(row.visited for row in rows),
    }  # fmt: skip
    return render(request, "fieldwork/guarantees/mine.html", context)


@require_http_methods(["GET", "POST"])
@needs("guarantee.visit")
def visit(request: Request, pk: int) -> HttpResponse:
    guarantee = access.get_guarantee(request.user, pk, "guarantee.visit")
    agencies = people.list_agencies(guarantee.division_code[:COUNTY_LENGTH])
    agencies = agencies.filter(
        Q(kind__in=("department", "station", "township")) | Q(pk=guarantee.premises.operator.agency_id)
    )
    usual = inspecting_agency(guarantee.division_code)
    form = forms.VisitForm(posted(request)[0], agencies=agencies, usual=usual)
    if request.method == "POST":
        made = saved(form, lambda: services.record_visit(guarantee=guarantee, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("督导已记录。"))
            return redirect("fieldwork:guarantee", pk=guarantee.pk)
    back = reverse("fieldwork:guarantee", args=[guarantee.pk])
    return form_page(request, form, _("记录督导：%(name)s") % {"name": guarantee.premises.name}, back)


@require_safe
@needs("guarantee.view")
def guarantee(request: Request, pk: int) -> HttpResponse:
    found = access.get_guarantee(request.user, pk, "guarantee.view")
    row = selectors.with_visits(Guarantee.objects.filter(pk=found.pk), ledger.clock.today()).get()
    code = found.division_code
    context = {
        "title": found.premises.name,
        "guarantee": found,
        "row": row,
        "township": people.division_path(code),
        "visits": found.visits.prefetch_related("problems__owner"),
        "may_visit": found.ends_on is None and request.user.can("guarantee.visit", code),
        "may_assign": found.ends_on is None and request.user.can("guarantee.assign", code),
        "may_see_names": request.user.can("registry.personal", code),
    }
    return render(request, "fieldwork/guarantees/guarantee.html", context)


@require_POST
@needs("guarantee.assign")
def end(request: Request, pk: int) -> HttpResponse:
    found = access.get_guarantee(request.user, pk, "guarantee.assign")
    done_or_told(request, _("包保关系已结束。"), lambda: services.end_guarantee(guarantee=found, by=request.user))
    return redirect("fieldwork:guarantee", pk=found.pk)


class GuaranteeFilter(TownFilter):
    reach = "guarantee.view"
    q = filters.CharFilter(label=gettext_lazy("对象"), method="by_text", max_length=100)
    tier = filters.ChoiceFilter(
        label=gettext_lazy("包保层级"), choices=Cadre.Tier.choices, empty_label=gettext_lazy("全部")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("本期督导"), method="by_state", empty_label=gettext_lazy("全部"),
        choices=[("waiting", gettext_lazy("还没有督导")), ("visited", gettext_lazy("已督导")), ("overdue", gettext_lazy("上期逾期"))],
    )  # fmt: skip
    cadre = filters.CharFilter(method="by_cadre", max_length=20)
    hidden = ("cadre",)

    class Meta:
        model = Guarantee
        fields: tuple[str, ...] = ()

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(premises__name__icontains=value.strip())

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(
            **{"waiting": {"visited": False}, "visited": {"visited": True}, "overdue": {"overdue": True}}[value]
        )

    def by_cadre(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        key = number_from(value)
        return rows.filter(cadre=key) if key is not None else rows.none()


class GuaranteeTable(tables.Table):
    premises = tables.Column(
        linkify=lambda record: reverse("fieldwork:guarantee", args=[record.pk]), order_by="premises__name"
    )
    township = TownshipColumn()
    tier = tables.Column()
    cadre = tables.Column(accessor="cadre__title", verbose_name=gettext_lazy("包保干部"), orderable=False)
    last_visit = DayColumn(verbose_name=gettext_lazy("最近督导"))
    visited = tables.Column(verbose_name=gettext_lazy("本期"))

    class Meta:
        model = Guarantee
        fields = ("premises", "township", "tier", "cadre", "last_visit", "visited")
        order_by = ()

    def render_visited(self, value: bool, record: Any) -> Any:
        if record.overdue:
            return badge(_("上期逾期"), "bad")
        return badge(_("已督导"), "good") if value else badge(_("待督导"), "warn")

    def value_visited(self, value: bool) -> str:
        return _("已督导") if value else _("待督导")


class GuaranteeList(ListScreen):
    ability = "guarantee.view"
    title = gettext_lazy("包保督导")
    table_class = GuaranteeTable
    filter_class = GuaranteeFilter
    template_name = "fieldwork/list.html"
    intro = gettext_lazy("包保层级与风险等级、餐饮量化等级不是一回事：A级由市级领导包保，D级由村（社区）干部包保。")
    empty_text = gettext_lazy("还没有分配包保对象。")

    def rows(self) -> "QuerySet[Guarantee]":
        rows = selectors.list_guarantees(self.request.user).filter(ends_on=None)
        return selectors.with_visits(rows, ledger.clock.today()).order_by("division_code", "pk")

    def more_context(self) -> dict[str, Any]:
        actions = [(_("督导覆盖"), reverse("fieldwork:guarantee_coverage"), "chart-bar"),
                   (_("包保干部"), reverse("fieldwork:cadres"), "users"),
                   (_("对象变更"), reverse("fieldwork:changes"), "refresh")]  # fmt: skip
        if self.request.user.can("guarantee.assign"):
            actions.insert(0, (_("分配包保"), reverse("fieldwork:unassigned"), "user-plus"))
        return {"intro": self.intro, "actions": actions}


class UnassignedFilter(TownFilter):
    reach = "guarantee.assign"
    q = filters.CharFilter(label=gettext_lazy("名称"), method="by_text", max_length=100)
    kind = filters.ChoiceFilter(
        label=gettext_lazy("类别"), choices=registry.Premises.Kind.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = registry.Premises
        fields: tuple[str, ...] = ()

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(name__icontains=value.strip())


class UnassignedTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    name = tables.Column()
    township = TownshipColumn()
    kind = tables.Column()

    class Meta:
        model = registry.Premises
        fields = ("chosen", "name", "township", "kind")
        order_by = ()

    def render_chosen(self, record: Any) -> Any:
        label = _("选择%(name)s") % {"name": record.name}
        return format_html(
            '<input class="row-tick" type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">',
            record.pk,
            label,
        )


class UnassignedList(ListScreen):
    ability = "guarantee.assign"
    title = gettext_lazy("没有包保干部的对象")
    table_class = UnassignedTable
    filter_class = UnassignedFilter
    template_name = "fieldwork/guarantees/unassigned.html"
    export_without = ("chosen",)
    empty_text = gettext_lazy("所有在营对象都有包保干部。")
    intro = gettext_lazy("勾选对象，在下面选择干部。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.unassigned(self.request.user).order_by("division_code", "name", "pk")

    def more_context(self) -> dict[str, Any]:
        cadres = selectors.list_cadres(self.request.user, "guarantee.assign").filter(left_on=None)
        return {"intro": self.intro, "cadres": cadres.order_by("division_code", "tier", "pk")[:500]}


@require_POST
@needs("guarantee.assign")
def assign(request: Request) -> HttpResponse:
    """The ticked places to the chosen official, all or none."""
    key, chosen = number_from(request.POST.get("cadre")), keys_from(request)
    if key is None or not chosen:
        messages.error(request, _("请先勾选对象，再选择一名干部。"))
        return redirect("fieldwork:unassigned")
    cadre = access.get_cadre(request.user, key, "guarantee.assign")
    places = list(registry.list_premises(request.user, "guarantee.assign").filter(pk__in=chosen))
    try:
        count = services.assign(cadre=cadre, premises=places, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已分配 %(n)s 个对象。") % {"n": count})
    return redirect("fieldwork:unassigned")


@require_safe
@needs("guarantee.view")
def coverage(request: Request) -> HttpResponse:
    """By township and tier; each figure leads to its rows."""
    today = ledger.clock.today()
    rows = selectors.coverage(request.user, today)
    names = people.division_names({row["town"] for row in rows})
    for row in rows:
        row["name"], row["share"] = names.get(row["town"], row["town"]), 100 * row["seen"] / row["held"]
        row["tier_label"] = Cadre.Tier(row["tier"]).label
    first, last = period_of(today)
    held, seen = sum(row["held"] for row in rows), sum(row["seen"] for row in rows)
    context = {
        "title": _("包保督导覆盖"), "rows": rows, "first": first, "last": last, "held": held, "seen": seen,
        "late": sum(row["late"] for row in rows), "share": 100 * seen / held if held else None,
    }  # fmt: skip
    return render(request, "fieldwork/guarantees/coverage.html", context)


class CadreTable(tables.Table):
    title = tables.Column(linkify=lambda record: reverse("fieldwork:cadre", args=[record.pk]))
    tier = tables.Column()
    township = TownshipColumn()
    held = tables.Column(verbose_name=gettext_lazy("在包对象"), orderable=False)
    papers = tables.Column(verbose_name=gettext_lazy("三清单一承诺"), empty_values=(), orderable=False)

    class Meta:
        model = Cadre
        fields = ("title", "tier", "township", "held", "papers")
        order_by = ()

    def render_papers(self, record: Cadre) -> str:
        there = sum(getattr(record, f"{name}_id") is not None for name in services.PAPERS)
        return _("%(n)s/4 份") % {"n": there}


class CadreList(ListScreen):
    ability = "guarantee.view"
    title = gettext_lazy("包保干部")
    table_class = CadreTable
    template_name = "fieldwork/list.html"
    empty_text = gettext_lazy("还没有登记包保干部。")

    def rows(self) -> "QuerySet[Cadre]":
        rows = selectors.list_cadres(self.request.user).filter(left_on=None)
        return rows.annotate(held=Count("guarantees", filter=Q(guarantees__ends_on=None))).order_by(
            "tier", "division_code", "pk"
        )

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("guarantee.assign")
        return {"actions": [(_("登记干部"), reverse("fieldwork:cadre_new"), "user-plus")] if may else []}


def _accounts(prefixes: list[str]) -> "QuerySet[Any]":
    """Accounts of staff with a post of today in these divisions."""
    day, reach = ledger.clock.today(), Q(pk__in=[])
    for prefix in prefixes:
        reach |= people.under(prefix)
    held = Q(ends_on=None) | Q(ends_on__gte=day)
    posts = people.Post.objects.filter(reach, held, starts_on__lte=day, role__in=people.STAFF)
    return people.User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("name", "pk")


@require_http_methods(["GET", "POST"])
@needs("guarantee.assign")
def cadre_new(request: Request) -> HttpResponse:
    prefixes = request.user.prefixes("guarantee.assign")
    users = _accounts(prefixes)
    form = forms.CadreForm(posted(request)[0], prefixes=prefixes, users=users)
    if request.method == "POST":
        made = saved(form, lambda: services.register_cadre(by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("包保干部已登记，请上传三清单一承诺。"))
            return redirect("fieldwork:cadre", pk=made.pk)
    return form_page(request, form, _("登记包保干部"), reverse("fieldwork:cadres"))


@require_http_methods(["GET", "POST"])
@needs("guarantee.view")
def cadre(request: Request, pk: int) -> HttpResponse:
    """The official with the three lists and the promise; adding them is for those who assign."""
    found = access.get_cadre(request.user, pk, "guarantee.view")
    may = request.user.can("guarantee.assign", found.division_code)
    if request.method == "POST" and not may:
        raise Http404
    form = forms.PapersForm(*posted(request))
    if request.method == "POST" and saved(form, lambda: _attach(request, found, form.cleaned_data)) is not None:
        messages.success(request, _("文件已保存。"))
        return redirect("fieldwork:cadre", pk=found.pk)
    context = {
        "title": found.title, "cadre": found, "form": form if may and found.left_on is None else None,
        "papers": [(name, label, getattr(found, name)) for name, label in forms.PAPER_LABELS.items()],
        "held": found.guarantees.filter(ends_on=None).count(), "township": people.division_path(found.division_code),
        "may_see_names": request.user.can("registry.personal", found.division_code),
    }  # fmt: skip
    return render(request, "fieldwork/guarantees/cadre.html", context)


def _attach(request: Request, found: Cadre, files: dict[str, Any]) -> Cadre:
    kept = {
        name: ledger.store_evidence(name=file.name, content=file.read(), by=request.user)
        for name, file in files.items()
        if file
    }
    return services.attach_papers(cadre=found, papers=kept, by=request.user)


@require_safe
@needs("guarantee.view")
def cadre_paper(request: Request, pk: int, kind: str) -> HttpResponse:
    found = access.get_cadre(request.user, pk, "guarantee.view")
    file = getattr(found, kind) if kind in services.PAPERS else None
    if file is None:
        raise Http404
    return hand_over(file, file.name, download=True)


@require_http_methods(["GET", "POST"])
@needs("guarantee.assign")
def leave(request: Request, pk: int) -> HttpResponse:
    found = access.get_cadre(request.user, pk, "guarantee.assign")
    form = forms.LeaveForm(posted(request)[0], initial={"left_on": ledger.clock.today()})
    if request.method == "POST":
        count = saved(form, lambda: services.leave_office(cadre=found, by=request.user, **form.cleaned_data))
        if count is not None:
            messages.success(request, _("已登记离任，%(n)s 个对象等待重新分配。") % {"n": count})
            return redirect("fieldwork:cadres")
    return form_page(request, form, _("干部离任"), reverse("fieldwork:cadre", args=[found.pk]), intro=str(found))


class ChangeTable(tables.Table):
    premises = tables.Column(order_by="premises__name")
    township = TownshipColumn()
    kind = tables.Column()
    changed_on = DayColumn()
    report_due_on = DayColumn()
    reassign_due_on = DayColumn()
    state = tables.Column(verbose_name=gettext_lazy("状态"), empty_values=(), orderable=False)
    actions = tables.Column(verbose_name=gettext_lazy("办理"), empty_values=(), orderable=False)

    class Meta:
        model = StatusChange
        fields = ("premises", "township", "kind", "changed_on", "report_due_on", "reassign_due_on", "state", "actions")
        order_by = ()

    def render_state(self, record: StatusChange) -> Any:
        words, tone = _change_state(record)
        return badge(words, tone)

    def value_state(self, record: StatusChange) -> str:
        return str(_change_state(record)[0])

    def render_actions(self, record: StatusChange) -> Any:
        if record.reported_at is not None:
            return "—"
        return format_html(
            '<a class="btn" href="{}">{}</a>', reverse("fieldwork:change_report", args=[record.pk]), _("报告")
        )

    def before_render(self, request: Any) -> None:
        if not request.user.can("guarantee.visit"):
            self.columns.hide("actions")


def _change_state(record: StatusChange) -> tuple[Any, str]:
    today = ledger.clock.today()
    if record.reassigned_at is not None:
        return _("已调整"), "good"
    if record.reported_at is None:
        return (_("逾期未报告"), "bad") if record.report_due_on < today else (_("待报告"), "warn")
    due = record.reassign_due_on
    return (_("逾期未调整"), "bad") if due is not None and due < today else (_("待调整"), "info")


class ChangeList(ListScreen):
    ability = "guarantee.view"
    title = gettext_lazy("包保对象变更")
    table_class = ChangeTable
    template_name = "fieldwork/list.html"
    empty_text = gettext_lazy("没有变更。")
    intro = gettext_lazy("对象新增、注销、停业、迁移的，先报告，再由食安办或者部门调整包保干部；两步各有工作日时限。")

    def rows(self) -> "QuerySet[StatusChange]":
        return selectors.list_changes(self.request.user).order_by("reassigned_at", "report_due_on", "pk")

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("guarantee.visit")
        return {
            "intro": self.intro,
            "actions": [(_("登记变更"), reverse("fieldwork:change_new"), "plus")] if may else [],
        }


@require_http_methods(["GET", "POST"])
@needs("guarantee.visit")
def change_new(request: Request) -> HttpResponse:
    premises = premises_from(request)
    if premises is None:
        return render(request, "fieldwork/choose_premises.html", {"title": _("登记变更"), **find_box(request)})
    form = forms.ChangeForm(posted(request)[0], initial={"changed_on": ledger.clock.today()})
    if request.method == "POST":
        made = saved(form, lambda: services.notice_change(premises=premises, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("变更已登记，请在 %(day)s 前报告。") % {"day": made.report_due_on})
            return redirect("fieldwork:changes")
    return form_page(request, form, _("登记变更：%(name)s") % {"name": premises.name}, reverse("fieldwork:changes"))


@require_http_methods(["GET", "POST"])
@needs("guarantee.visit")
def change_report(request: Request, pk: int) -> HttpResponse:
    """Asked once more on a page of its own: telling starts the office's clock."""
    found = access.get_change(request.user, pk, "guarantee.visit")
    if request.method == "POST":
        done_or_told(request, _("已报告。"), lambda: services.report_change(change=found, by=request.user))
        return redirect("fieldwork:changes")
    context = {"title": _("报告变更"), "change": found}
    return render(request, "fieldwork/guarantees/report.html", context)
