"""Visits that are owed: the list, the months, one visit and what can be done with it."""

from datetime import timedelta
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.fieldwork import access, selectors
from fangxin.kernel.fieldwork.forms.common import ReasonForm
from fangxin.kernel.fieldwork.forms.visits import AssignForm, RescheduleForm, VisitForm
from fangxin.kernel.fieldwork.models import PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services import visits as services
from fangxin.kernel.fieldwork.views.common import StateColumn, TownFilter, find_box, keys_from, people_of, premises_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = PlannedVisit.State
OWED = (State.OPEN, State.STARTED)
SOON = timedelta(days=7)


def of_no_draft() -> Q:
    """Visits of a draft plan are not owed yet; they are seen with their plan."""
    return Q(plan=None) | ~Q(plan__state="draft")


def agencies_of(request: Any) -> "QuerySet[people.Agency]":
    """Agencies that inspect in the person's divisions."""
    rows = people.Agency.objects.none()
    for prefix in request.user.prefixes("inspection.view"):
        rows |= people.list_agencies(prefix[:6])
    return rows.filter(kind__in=("department", "station", "township", "office")).order_by("kind", "pk")


class VisitFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("检查对象"), method="by_text", max_length=100)
    when = filters.ChoiceFilter(
        label=gettext_lazy("时限"), method="by_deadline", empty_label=gettext_lazy("全部"),
        choices=[("overdue", gettext_lazy("已逾期")), ("soon", gettext_lazy("一周内到期")), ("now", gettext_lazy("现在可以查"))],
    )  # fmt: skip
    kind = filters.ChoiceFilter(
        label=gettext_lazy("检查类型"), choices=InspectionKind.choices, empty_label=gettext_lazy("全部")
    )
    reason = filters.ChoiceFilter(
        label=gettext_lazy("缘由"), choices=PlannedVisit.Reason.choices, empty_label=gettext_lazy("全部")
    )
    agency = filters.ModelChoiceFilter(
        label=gettext_lazy("检查机关"), queryset=agencies_of, empty_label=gettext_lazy("全部")
    )
    whose = filters.ChoiceFilter(
        label=gettext_lazy("检查人员"), method="by_officer", empty_label=gettext_lazy("全部"),
        choices=[("mine", gettext_lazy("有我的")), ("none", gettext_lazy("还没有安排人员"))],
    )  # fmt: skip
    state = filters.ChoiceFilter(choices=[*State.choices, ("all", "all")], method="by_state")
    mine = filters.ChoiceFilter(method="by_officer", choices=[("1", "1")])
    month = filters.CharFilter(method="by_month", max_length=7)
    plan = filters.NumberFilter(method="by_plan", min_value=1, max_value=2**63 - 1)
    draw = filters.NumberFilter(method="by_draw", min_value=1, max_value=2**63 - 1)
    hidden = ("state", "mine", "month", "plan", "draw")

    class Meta:
        model = PlannedVisit
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Without another wish the list shows what is still owed."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        if not given.get("plan"):
            rows = rows.filter(of_no_draft())
        return rows if given.get("state") else rows.filter(state__in=OWED)

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(premises__name__icontains=value.strip())

    def by_deadline(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today = ledger.clock.today()
        if value == "overdue":
            return rows.filter(state__in=OWED, due_on__lt=today)
        if value == "soon":
            return rows.filter(state__in=OWED, due_on__gte=today, due_on__lte=today + SOON)
        return rows.filter(state=State.OPEN, from_on__lte=today)

    def by_officer(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        if value == "none":
            return rows.filter(officers=None)
        if name == "mine":
            return rows.filter(pk__in=selectors.visits_for(self.request.user, ledger.clock.today() + SOON).values("pk"))
        return rows.filter(pk__in=PlannedVisit.objects.filter(officers=self.request.user).values("pk"))

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows if value == "all" else rows.filter(state=value)

    def by_month(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        year, _dash, month = value.partition("-")
        if not (year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12):
            return rows
        return rows.filter(due_on__year=int(year), due_on__month=int(month))

    def by_plan(self, rows: "QuerySet[Any]", _name: str, value: Any) -> "QuerySet[Any]":
        return rows.filter(plan=int(value))

    def by_draw(self, rows: "QuerySet[Any]", _name: str, value: Any) -> "QuerySet[Any]":
        return rows.filter(draw=int(value))


class VisitTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    premises = tables.Column(
        linkify=lambda record: reverse("fieldwork:visit", args=[record.pk]), order_by="premises__name"
    )
    township = TownshipColumn()
    kind = tables.Column()
    reason = tables.Column()
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("检查机关"), orderable=False)
    officers = tables.Column(empty_values=(), orderable=False)
    from_on = DayColumn()
    due_on = DayColumn()
    risk = tables.Column(verbose_name=gettext_lazy("风险"), default="—", order_by=("-risk", "due_on"))
    state = StateColumn()

    class Meta:
        model = PlannedVisit
        fields = (
            "chosen",
            "premises",
            "township",
            "kind",
            "reason",
            "agency",
            "officers",
            "from_on",
            "due_on",
            "risk",
            "state",
        )
        order_by = ()

    def before_render(self, request: Any) -> None:
        if not request.user.can("inspection.plan"):
            self.columns.hide("chosen")

    def render_chosen(self, record: PlannedVisit) -> Any:
        if record.state != State.OPEN:
            return ""
        label = _("选择%(name)s") % {"name": record.premises.name}
        return format_html(
            '<input class="row-tick" type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">',
            record.pk,
            label,
        )

    def render_officers(self, record: PlannedVisit) -> str:
        return "、".join(user.name for user in record.officers.all()) or _("还没有安排")

    def value_officers(self, record: PlannedVisit) -> str:
        return "、".join(user.name for user in record.officers.all())

    def render_due_on(self, value: Any, record: PlannedVisit) -> Any:
        late = (ledger.clock.today() - value).days
        if record.state not in OWED or late <= 0:
            return value.isoformat()
        return format_html("{} {}", value, badge(_("逾期%(n)s天") % {"n": late}, "bad"))

    def render_risk(self, value: float) -> str:
        return f"{value:.2f}"

    def value_risk(self, value: float) -> float:
        return round(value, 4)


class VisitList(ListScreen):
    ability = "inspection.view"
    title = gettext_lazy("待办检查")
    table_class = VisitTable
    filter_class = VisitFilter
    template_name = "fieldwork/visits.html"
    export_without = ("chosen",)
    sorts_when_long = ("due_on",)
    intro = gettext_lazy("应当去查的对象，按最迟日期排列。风险一列只用来安排先后，不作为处理依据。")
    empty_text = gettext_lazy("没有待办的检查。可以看其他状态，或者放宽筛选条件。")

    def rows(self, in_order: bool = False) -> "QuerySet[PlannedVisit]":
        rows = selectors.list_visits(self.request.user, "inspection.view", in_order=in_order)
        return rows.prefetch_related("officers").order_by("due_on", "pk")

    def rows_in_order(self) -> "QuerySet[PlannedVisit]":
        return self.rows(in_order=True)

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        query = self.request.GET.copy()
        for name in ("state", "page", "_export"):
            query.pop(name, None)
        tabs = [("", _("还没有查完的")), *[(s.value, s.label) for s in State], ("all", _("全部"))]
        actions = [(_("按月看"), reverse("fieldwork:visit_months"), "calendar-month")]
        if user.can("inspection.plan"):
            actions.append((_("增加检查"), reverse("fieldwork:visit_new"), "plus"))
        many = (
            AssignForm(officers=people_of(user.prefixes("inspection.plan"), near=user))
            if user.can("inspection.plan")
            else None
        )
        return {
            "intro": self.intro, "actions": actions, "many": many,
            "tabs": tabs, "tab": self.request.GET.get("state", ""), "kept": query.urlencode(),
        }  # fmt: skip


@require_safe
@needs("inspection.view")
def months(request: Request) -> HttpResponse:
    """How many visits fall due in each month of a year, and how many of them are done."""
    today = ledger.clock.today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100 else today.year
    rows = (
        selectors.list_visits(request.user, "inspection.view")
        .filter(of_no_draft())
        .exclude(state=State.CANCELLED)
        .filter(due_on__year=year)
        .order_by()
    )
    counted = rows.annotate(month=ExtractMonth("due_on")).values("month").annotate(
        owed=Count("pk"), done=Count("pk", filter=Q(state=State.DONE)),
        late=Count("pk", filter=Q(state__in=OWED, due_on__lt=today)),
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = {row["month"]: dict(row) for row in counted}
    empty = {"owed": 0, "done": 0, "late": 0}
    lines = [{"month": n, "key": f"{year}-{n:02d}", **{k: found.get(n, empty)[k] for k in empty}} for n in range(1, 13)]
    total = {name: sum(line[name] for line in lines) for name in empty}
    context = {
        "title": _("检查月历"), "year": year, "lines": lines, "total": total, "now": today.strftime("%Y-%m"),
        "years": (year - 1, year + 1),
    }  # fmt: skip
    return render(request, "fieldwork/months.html", context)


@require_safe
@needs("inspection.view")
def visit(request: Request, pk: int) -> HttpResponse:
    found = access.get_visit(request.user, pk, "inspection.view")
    may_plan = request.user.can("inspection.plan", found.division_code)
    inspection = getattr(found, "inspection", None)
    context = {
        "title": found.premises.name,
        "visit": found,
        "officers": list(found.officers.all()),
        "place": people.division_path(found.division_code),
        "inspection": inspection,
        "late": (ledger.clock.today() - found.due_on).days if found.state in OWED else 0,
        "may_start": found.state == State.OPEN and request.user.can("inspection.work", found.division_code),
        "may_plan": may_plan and found.state == State.OPEN,
        "may_draw": request.user.can("draw.run"),
    }
    return render(request, "fieldwork/visit.html", context)


@require_POST
@needs("inspection.plan")
def assign_many(request: Request) -> HttpResponse:
    """The ticked visits to the chosen people, all or none."""
    chosen = keys_from(request)
    form = AssignForm(request.POST, officers=people_of(request.user.prefixes("inspection.plan"), near=request.user))
    if not chosen:
        messages.error(request, _("还没有选中要安排的检查。请在清单左边勾选。"))
    elif not form.is_valid():
        messages.error(request, _("请至少选择一名检查人员。"))
    else:
        _assign_all(request, chosen, form.cleaned_data["officers"])
    back = request.POST.get("back", "")
    return redirect(reverse("fieldwork:visits") + (f"?{back}" if back else ""))


def _assign_all(request: Request, chosen: list[int], officers: Any) -> None:
    rows = selectors.list_visits(request.user, "inspection.plan").filter(pk__in=chosen, state=State.OPEN)
    visits = list(rows.select_related("premises", "agency"))
    try:
        services.assign_visits(visits=visits, officers=officers, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    messages.success(request, _("已安排%(n)s次检查。") % {"n": len(visits)})


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def assign(request: Request, pk: int) -> HttpResponse:
    found = access.get_visit(request.user, pk, "inspection.plan")
    form = AssignForm(
        posted(request)[0],
        officers=people_of([found.division_code], near=request.user),
        initial={"officers": found.officers.all()},
    )
    if request.method == "POST" and saved(
        form, lambda: services.assign_visit(visit=found, officers=list(form.cleaned_data["officers"]), by=request.user)
    ) is not None:  # fmt: skip
        messages.success(request, _("已安排检查人员。"))
        return redirect("fieldwork:visit", pk=pk)
    intro = _("检查须由两名以上人员进行。与检查对象有利害关系的人员请先登记回避。")
    return form_page(request, form, _("安排人员：%(name)s") % {"name": found.premises.name}, _url(pk), intro=intro)


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def reschedule(request: Request, pk: int) -> HttpResponse:
    found = access.get_visit(request.user, pk, "inspection.plan")
    form = RescheduleForm(posted(request)[0], initial={"from_on": found.from_on, "due_on": found.due_on})
    if request.method == "POST" and saved(
        form, lambda: services.reschedule_visit(visit=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已改期。"))
        return redirect("fieldwork:visit", pk=pk)
    return form_page(request, form, _("改期：%(name)s") % {"name": found.premises.name}, _url(pk))


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def cancel(request: Request, pk: int) -> HttpResponse:
    found = access.get_visit(request.user, pk, "inspection.plan")
    form = ReasonForm(posted(request)[0], label=_("取消原因"))
    if request.method == "POST" and saved(
        form, lambda: services.cancel_visit(visit=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已取消这次检查，原因已留存。"))
        return redirect("fieldwork:visit", pk=pk)
    title = _("取消检查：%(name)s") % {"name": found.premises.name}
    return form_page(request, form, title, _url(pk), submit_label=_("取消这次检查"))


def _url(pk: int) -> str:
    return reverse("fieldwork:visit", args=[pk])


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def new(request: Request) -> HttpResponse:
    """A visit outside the yearly plan: special, or asked for by a complaint."""
    premises = premises_from(request)
    if premises is None:
        context = {"title": _("增加检查"), **find_box(request)}
        return render(request, "fieldwork/choose_premises.html", context)
    form = VisitForm(posted(request)[0], user=request.user, premises=premises)
    if request.method == "POST":
        made = saved(form, lambda: services.add_visit(premises=premises, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已列入待办检查。"))
            return redirect("fieldwork:visit", pk=made.pk)
    title = _("增加检查：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, reverse("fieldwork:visits"))
