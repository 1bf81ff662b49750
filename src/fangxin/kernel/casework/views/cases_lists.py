"""Penalty cases as a list."""

from functools import cached_property
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework import selectors_cases as selectors
from fangxin.kernel.casework.models import Case
from fangxin.kernel.casework.standards_cases import offences
from fangxin.kernel.casework.views.lists import townships_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.templatetags.screens import badge

State = Case.State
TONES = {state.value: "info" for state in State} | {
    State.CLUE: "warn", State.NOT_FILED: "plain", State.DECIDED: "warn", State.NO_PENALTY: "plain", State.CLOSED: "good",
    State.WITHDRAWN: "plain", State.ANNULLED: "plain", State.TRANSFER_REVIEW: "bad", State.TRANSFER_APPROVED: "bad",
    State.TRANSFERRED: "warn", State.POLICE_REFUSED: "bad",
}  # fmt: skip
_ONE_LINE = {"td": {"class": "text-nowrap"}}
# The states under which people look for cases; single states are in the filter.
GROUPS = {
    "clue": (gettext_lazy("线索"), (State.CLUE,)),
    "investigating": (gettext_lazy("调查审核"), (State.INVESTIGATING, State.REVIEWING, State.REVIEWED)),
    "hearing": (gettext_lazy("告知听证"), (State.NOTIFIED, State.HEARING, State.HEARD, State.TOLD, State.SENT_UP)),
    "decided": (gettext_lazy("决定执行"), (State.DECIDED, State.SERVED, State.NO_PENALTY)),
    "police": (gettext_lazy("涉嫌犯罪"), rules.WITH_POLICE),
    "ended": (gettext_lazy("已办结"), rules.ENDED_STATES),
}


class CaseFilter(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("编号、当事人、案情"), method="by_text", max_length=100)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))
    source = filters.ChoiceFilter(
        label=gettext_lazy("案件来源"), choices=Case.Source.choices, empty_label=gettext_lazy("全部")
    )
    offence = filters.ChoiceFilter(
        label=gettext_lazy("违法行为"), choices=lambda: list(offences().items()), empty_label=gettext_lazy("全部")
    )
    town = filters.ChoiceFilter(label=gettext_lazy("乡镇"), method="by_town", empty_label=gettext_lazy("全部"))
    clock = filters.ChoiceFilter(
        label=gettext_lazy("期限"), method="by_clock", empty_label=gettext_lazy("全部"),
        choices=[("late", gettext_lazy("有期限已超期")), ("soon", gettext_lazy("有期限三日内到期"))],
    )  # fmt: skip
    group = filters.ChoiceFilter(method="by_group", choices=[(name, name) for name in GROUPS])
    mine = filters.ChoiceFilter(method="of_mine", choices=[("1", "1")])
    waiting = filters.ChoiceFilter(method="by_waiting", choices=[("review", "review"), ("decide", "decide")])
    # Set by links from other pages, kept while the person filters on.
    hidden = ("group", "mine", "waiting")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["town"].extra["choices"] = townships_of(self.request)
        for name in self.hidden:
            self.form.fields[name].widget = self.form.fields[name].hidden_widget()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(number__icontains=text) | Q(party_name__icontains=text) | Q(facts__icontains=text))

    def by_town(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(people.under(value))

    def by_clock(self, rows: Any, name: str, value: str) -> Any:
        return selectors.with_clock(rows, value)

    def by_group(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(state__in=GROUPS[value][1])

    def of_mine(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(pk__in=selectors.working_cases(self.request.user).values("pk"))

    def by_waiting(self, rows: Any, name: str, value: str) -> Any:
        user = self.request.user
        waiting = selectors.reviewing_cases(user) if value == "review" else selectors.deciding_cases(user)
        return rows.filter(pk__in=waiting.values("pk"))


class CaseTable(tables.Table):
    number = tables.Column(linkify=True, attrs=_ONE_LINE)
    party_name = tables.Column()
    offence = tables.Column()
    state = tables.Column()
    next_due = tables.Column(verbose_name=gettext_lazy("最近期限"), empty_values=(), attrs=_ONE_LINE)
    division_code = tables.Column(verbose_name=gettext_lazy("所在地"), attrs=_ONE_LINE)
    fine = tables.Column(empty_values=())
    decided_on = tables.DateColumn(format="Y-m-d", attrs=_ONE_LINE)

    class Meta:
        model = Case
        fields = ("number", "party_name", "offence", "state", "next_due", "division_code", "fine", "decided_on")
        order_by = "-number"

    @cached_property
    def places(self) -> dict[str, str]:
        county = people.county_of(self.request.user)
        return dict(people.townships(county)) | people.division_names({county}) if county else {}

    def render_offence(self, value: str) -> str:
        name = offences().get(value, value)
        return name if len(name) <= 14 else f"{name[:13]}…"

    def value_offence(self, value: str) -> str:
        return offences().get(value, value)

    def render_state(self, value: str, record: Case) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value

    def render_division_code(self, value: str) -> str:
        return self.places.get(value[:9]) or self.places.get(value) or value

    def render_fine(self, value: Any) -> str:
        return "—" if value is None else f"{value:,}"

    def value_fine(self, value: Any) -> Any:
        return value

    def render_next_due(self, value: Any, record: Case) -> str:
        if value is None:
            return "—"
        day = f"{value.astimezone(ledger.clock.LOCAL):%Y-%m-%d}"
        if value < ledger.clock.now():
            return format_html("{} {}", day, badge(_("已超期"), "bad"))
        return day

    def value_next_due(self, value: Any) -> str:
        return f"{value.astimezone(ledger.clock.LOCAL):%Y-%m-%d %H:%M}" if value else ""


class CaseList(ListScreen):
    ability = "case.view"
    title = gettext_lazy("处罚案件")
    table_class = CaseTable
    filter_class = CaseFilter
    template_name = "casework/cases/list.html"

    def rows(self) -> "QuerySet[Case]":
        running = Q(clocks__ended_at=None, clocks__paused=False)
        rows = selectors.list_cases(self.request.user)
        return rows.annotate(next_due=Min("clocks__due_at", filter=running)).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        user: Any = self.request.user
        counted = selectors.list_cases(user).order_by().values_list("state").annotate(n=Count("pk"))
        counts = dict(counted)
        query = self.request.GET.copy()
        for name in ("group", "page", "_export"):
            query.pop(name, None)
        tabs = [("", _("全部"), sum(counts.values()))]
        tabs += [(name, str(label), sum(counts.get(s, 0) for s in states)) for name, (label, states) in GROUPS.items()]
        actions = [(_("登记线索"), reverse("casework:new_case"), "plus")] if user.can("case.work") else []
        return {
            "tabs": tabs, "tab": self.request.GET.get("group", ""), "kept": query.urlencode(),
            "actions": actions,
        }  # fmt: skip
