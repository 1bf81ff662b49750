"""The account book of matters, the ladder and the interviews, as lists."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.casework import offers, rules, selectors
from fangxin.kernel.casework.models import Escalation, Extension, Interview, Matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayInput
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {
    "opened": "info",
    "assigned": "info",
    "rectifying": "info",
    "submitted": "warn",
    "returned": "bad",
    "closed": "good",
    "looked_back": "good",
    "withdrawn": "plain",
}
SEVERITY_TONES = {"minor": "plain", "major": "warn", "critical": "bad"}
_SOON = timedelta(days=7)
_TO_MATTER = ("casework:matter", [tables.A("matter_id")])
_ONE_LINE = {"td": {"class": "text-nowrap"}}


def agencies_of(request: Any) -> "QuerySet[people.Agency]":
    """Owners of what the person sees, and no others: a shop does not read the names of its neighbours here."""
    rows = people.list_agencies(people.county_of(request.user) or "0")
    return rows.filter(Exists(selectors.list_matters(request.user).filter(owner=OuterRef("pk")))).order_by("kind", "pk")


def townships_of(request: Any) -> list[tuple[str, str]]:
    county = people.county_of(request.user)
    return people.townships(county) if county else []


class MatterFilter(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("编号、问题、对象"), method="by_text", max_length=100)
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Matter.State.choices, empty_label=gettext_lazy("全部")
    )
    severity = filters.ChoiceFilter(
        label=gettext_lazy("严重程度"), choices=Matter.Severity.choices, empty_label=gettext_lazy("全部")
    )
    origin = filters.ChoiceFilter(
        label=gettext_lazy("来源"), choices=Matter.Origin.choices, empty_label=gettext_lazy("全部")
    )
    owner = filters.ModelChoiceFilter(
        label=gettext_lazy("责任单位"), queryset=agencies_of, empty_label=gettext_lazy("全部")
    )
    town = filters.ChoiceFilter(label=gettext_lazy("乡镇"), method="by_town", empty_label=gettext_lazy("全部"))
    when = filters.ChoiceFilter(
        label=gettext_lazy("时限"), method="by_deadline", empty_label=gettext_lazy("全部"),
        choices=[("overdue", gettext_lazy("已逾期")), ("soon", gettext_lazy("一周内到期")), ("look_back", gettext_lazy("该回头看"))],
    )  # fmt: skip
    mine = filters.ChoiceFilter(method="of_mine", choices=[("1", "1")])
    waiting = filters.ChoiceFilter(
        method="by_waiting",
        choices=[(name, name) for name in ("1", "extension", "withdrawal", "letter")],
    )
    term = filters.ChoiceFilter(
        method="by_term", choices=[(name, name) for name in (*selectors.terms(date.min, date.max), "withdrawn")]
    )
    start = filters.DateFilter(method="nothing", widget=DayInput())
    end = filters.DateFilter(method="nothing", widget=DayInput())
    division = filters.CharFilter(method="nothing", max_length=12)
    # Set by links from other pages, kept while the person filters on.
    hidden = ("mine", "waiting", "term", "start", "end", "division")

    class Meta:
        model = Matter
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["town"].extra["choices"] = townships_of(self.request)
        for name in self.hidden:
            self.form.fields[name].widget = self.form.fields[name].hidden_widget()

    def nothing(self, rows: Any, name: str, value: Any) -> Any:
        return rows

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(number__startswith=text) | Q(hazard__icontains=text) | Q(subject_name__icontains=text))

    def by_town(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(people.under(value))

    def by_deadline(self, rows: Any, name: str, value: str) -> Any:
        today = ledger.clock.today()
        if value == "look_back":
            return rows.filter(state="closed", look_back_due_on__lte=today + _SOON)
        still = rows.filter(state__in=rules.OPEN_STATES)
        if value == "overdue":
            return still.filter(due_on__lt=today)
        return still.filter(due_on__gte=today, due_on__lte=today + _SOON)

    def of_mine(self, rows: Any, name: str, value: str) -> Any:
        mine = selectors.working_matters(self.request.user).exclude(state="submitted")
        return rows.filter(pk__in=mine.filter(state__in=rules.OPEN_STATES).values("pk"))

    def by_waiting(self, rows: Any, name: str, value: str) -> Any:
        user = self.request.user
        if value == "1":
            return rows.filter(pk__in=selectors.closing_matters(user).values("pk"))
        here = people.within(rows.filter(state__in=rules.OPEN_STATES), user, "matter.supervise")
        if value == "extension":
            asked = Extension.objects.filter(state="asked").exclude(asked_by=user.username)
            return here.filter(pk__in=asked.values("matter_id"))
        if value == "withdrawal":
            return here.exclude(withdrawal_asked_by__in=["", user.username])
        return here.filter(pk__in=offers.unsent())

    def by_term(self, rows: Any, name: str, value: str) -> Any:
        """The rows behind a number of the account, by the same condition that counted it."""
        given = self.form.cleaned_data
        start, end, division = given.get("start"), given.get("end"), given.get("division", "")
        if not (start and end and division.isdecimal()):
            return rows
        return rows.filter(pk__in=selectors.matters_of_term(division, value, start, end).values("pk"))


class MatterTable(tables.Table):
    number = tables.Column(linkify=True, attrs=_ONE_LINE)
    subject_name = tables.Column(empty_values=())
    hazard = tables.Column(orderable=False)
    severity = tables.Column()
    state = tables.Column()
    owner = tables.Column(order_by="owner__short_name")
    division_code = tables.Column(verbose_name=gettext_lazy("所在地"))
    origin = tables.Column(attrs=_ONE_LINE)
    opened_on = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)
    due_on = tables.Column()

    class Meta:
        model = Matter
        fields = ("number", "subject_name", "hazard", "severity", "state", "owner", "division_code", "origin",
                  "opened_on", "due_on")  # fmt: skip
        order_by = "-number"

    @cached_property
    def places(self) -> dict[str, str]:
        county = people.county_of(self.request.user)
        return dict(people.townships(county)) | people.division_names({county}) if county else {}

    def render_subject_name(self, value: str | None) -> str:
        return value or "—"

    def render_hazard(self, value: str) -> str:
        return value if len(value) <= 40 else f"{value[:39]}…"

    def value_hazard(self, value: str) -> str:
        return value

    def render_severity(self, value: str, record: Matter) -> str:
        return badge(value, SEVERITY_TONES[record.severity])

    def value_severity(self, value: str) -> str:
        return value

    def render_state(self, value: str, record: Matter) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value

    def render_division_code(self, value: str) -> str:
        return self.places.get(value[:9]) or self.places.get(value) or value

    def render_due_on(self, value: date, record: Matter) -> str:
        today = ledger.clock.today()
        if record.state in rules.OPEN_STATES and value < today:
            late = _("逾期%(n)s天") % {"n": (today - value).days}
            return format_html("{} {}", value, badge(late, "bad"))
        return str(value)

    def value_due_on(self, value: date) -> date:
        return value


class MatterList(ListScreen):
    ability = "matter.view"
    title = gettext_lazy("问题台账")
    table_class = MatterTable
    filter_class = MatterFilter
    template_name = "casework/list.html"

    def rows(self) -> "QuerySet[Matter]":
        return selectors.list_matters(self.request.user).select_related("owner").order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        user: Any = self.request.user
        counted = selectors.list_matters(user).order_by().values_list("state").annotate(n=Count("pk"))
        counts = dict(counted)
        query = self.request.GET.copy()
        for name in ("state", "page", "_export"):
            query.pop(name, None)
        tabs = [("", _("全部"), sum(counts.values()))]
        tabs += [(state.value, str(state.label), counts.get(state, 0)) for state in Matter.State]
        actions = [(_("新立账"), reverse("casework:new"), "plus")] if user.can("matter.open") else []
        return {"tabs": tabs, "tab": self.request.GET.get("state", ""), "kept": query.urlencode(), "actions": actions}


class EscalationFilter(filters.FilterSet):
    stage = filters.ChoiceFilter(
        label=gettext_lazy("阶段"), choices=Escalation.Stage.choices, empty_label=gettext_lazy("全部")
    )
    owner = filters.ModelChoiceFilter(
        label=gettext_lazy("责任单位"), queryset=agencies_of, empty_label=gettext_lazy("全部")
    )
    since = filters.DateFilter(
        label=gettext_lazy("应催办日从"), field_name="falls_on", lookup_expr="gte", widget=DayInput()
    )

    class Meta:
        model = Escalation
        fields: tuple[str, ...] = ()


class EscalationTable(tables.Table):
    matter = tables.Column(
        verbose_name=gettext_lazy("事项"),
        accessor="matter__number",
        attrs=_ONE_LINE,
        linkify=_TO_MATTER,
    )
    hazard = tables.Column(verbose_name=gettext_lazy("问题"), accessor="matter__hazard", orderable=False)
    stage = tables.Column()
    owner = tables.Column(order_by="owner__short_name")
    due_on = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)
    falls_on = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)
    state = tables.Column(verbose_name=gettext_lazy("现在"), accessor="matter__get_state_display", orderable=False)

    class Meta:
        model = Escalation
        fields = ("matter", "hazard", "stage", "owner", "due_on", "falls_on", "state")

    def render_matter(self, value: str) -> str:
        return value

    def render_hazard(self, value: str) -> str:
        return value if len(value) <= 40 else f"{value[:39]}…"

    def value_hazard(self, value: str) -> str:
        return value


class EscalationList(ListScreen):
    ability = "matter.account"
    title = gettext_lazy("催办督办")
    table_class = EscalationTable
    filter_class = EscalationFilter

    def rows(self) -> "QuerySet[Escalation]":
        return selectors.list_escalations(self.request.user).order_by("-falls_on", "-pk")


class InterviewFilter(filters.FilterSet):
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Interview.State.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = Interview
        fields: tuple[str, ...] = ()


class InterviewTable(tables.Table):
    number = tables.Column(linkify=True, attrs=_ONE_LINE)
    target = tables.Column(order_by="target__short_name")
    planned_on = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)
    state = tables.Column()
    deadline = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)
    matter = tables.Column(accessor="matter__number", attrs=_ONE_LINE, linkify=_TO_MATTER)

    class Meta:
        model = Interview
        fields = ("number", "target", "planned_on", "state", "deadline", "matter")


class InterviewList(ListScreen):
    ability = "matter.account"
    title = gettext_lazy("约谈")
    table_class = InterviewTable
    filter_class = InterviewFilter

    def rows(self) -> "QuerySet[Interview]":
        return selectors.list_interviews(self.request.user).order_by("-pk")
