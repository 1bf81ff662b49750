"""The unregistered, and the way up to a licence."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.small_operators import access, rules, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Unregistered
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.actions.small_operators.services import unregistered
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {
    "found": "warn", "guided": "info", "ordered": "bad", "registered": "good", "shut": "plain", "out_of_scope": "plain",
}  # fmt: skip


def _simple(form: Any) -> Any:
    return lambda request, _row, _user: form(request.POST or None)


def _registered_form(request: Any, row: Unregistered, user: Any) -> Any:
    """The operating places of its kind in its township, those with a like name first."""
    places = selectors.list_premises(user, "small.supervise").filter(people.under(row.division_code[:9]))
    places = places.filter(kind=row.kind, status="operating")
    return own_forms.RegisteredForm(request.POST or None, places=places, like=row.name_seen)


def _registered(row: Unregistered, by: Any, values: Mapping[str, Any]) -> Any:
    premises = access.get_premises(by, int(values["premises"]), "small.supervise")
    return unregistered.end_registered(row=row, premises=premises, by=by)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("guide", gettext_lazy("告知、帮办"), "hand-finger",
            lambda r, by, v: unregistered.guide(row=r, by=by, **v), _simple(own_forms.FollowForm),
            intro=gettext_lazy("写明告知了什么、帮办到哪一步。")),
        Act("apply", gettext_lazy("代填申请"), "file-plus",
            lambda r, by, _v: unregistered.begin_application(row=r, by=by), done=gettext_lazy("已建立申请草稿，请补充后提交。")),
        Act("order", gettext_lazy("责令限期办理"), "gavel",
            lambda r, by, v: unregistered.order(row=r, by=by, **v), _simple(own_forms.OrderForm)),
        Act("registered", gettext_lazy("已登记备案"), "check", _registered, _registered_form,
            intro=gettext_lazy("选定底册中的场所后，普查覆盖率会把它算作已登记。")),
        Act("shut", gettext_lazy("已停止经营"), "door-off",
            lambda r, by, v: unregistered.end_shut(row=r, by=by, **v), _simple(own_forms.TextForm)),
        Act("out_of_scope", gettext_lazy("不属“三小”"), "circle-x",
            lambda r, by, v: unregistered.end_out_of_scope(row=r, by=by, **v), _simple(own_forms.TextForm)),
        Act("again", gettext_lazy("重新跟进"), "rotate",
            lambda r, by, v: unregistered.take_up_again(row=r, by=by, **v), _simple(own_forms.TextForm)),
    )
}  # fmt: skip


def allowed(user: Any, row: Unregistered) -> list[str]:
    if not user.can("small.supervise", row.division_code):
        return []
    if row.state in unregistered.ENDED:
        return ["again"]
    found = ["guide"]
    if row.application_id is None and user.can("small.apply", row.division_code):
        found.append("apply")
    # A stall is helped, never ordered: the ordinance has no fine for it.
    if row.kind != Kind.STALL and row.state != "ordered":
        found.append("order")
    return [*found, "registered", "shut", "out_of_scope"]


class UnregisteredTable(tables.Table):
    name_seen = tables.Column(linkify=True)
    township = TownshipColumn()
    found_on = DayColumn()
    next_on = DayColumn()

    class Meta:
        model = Unregistered
        fields = ("name_seen", "kind", "township", "address_seen", "source", "state", "found_on", "next_on")
        order_by = ()

    def render_state(self, value: str, record: Unregistered) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value

    def render_next_on(self, value: Any) -> Any:
        due = value <= ledger.clock.today()
        return badge(_("%(day)s 该跟进") % {"day": value}, "warn") if due else value.isoformat()

    def value_next_on(self, value: Any) -> Any:
        return value


class UnregisteredFilter(AreaFilter):
    ability = "small.lists"
    text = django_filters.CharFilter(label=gettext_lazy("名称或地址"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Kind.choices)
    source = django_filters.ChoiceFilter(label=gettext_lazy("发现途径"), choices=Unregistered.Source.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Unregistered.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("跟进"), method="by_when",
        choices=[("open", gettext_lazy("未结束")), ("due", gettext_lazy("该跟进"))],
    )  # fmt: skip

    class Meta:
        model = Unregistered
        fields = ("text", "township", "kind", "source", "state", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(Q(name_seen__icontains=value.strip()) | Q(address_seen__icontains=value.strip()))

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        rows = rows.filter(state__in=unregistered.OPEN)
        return rows.filter(next_on__lte=ledger.clock.today()) if value == "due" else rows


class UnregisteredList(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("未登记经营者")
    table_class = UnregisteredTable
    filter_class = UnregisteredFilter
    template_name = "small_operators/unregistered_list.html"

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_unregistered(self.request.user)

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        if not user.can("small.supervise"):
            return {}
        waiting = sum(unregistered.waiting_census(prefix).count() for prefix in user.prefixes("small.supervise"))
        return {
            "actions": [(_("登记发现"), reverse("small_operators:unregistered_new"), "plus")],
            "waiting_census": waiting,
        }


@needs("small.supervise")
def new(request: Request) -> HttpResponse:
    form = own_forms.UnregisteredForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: unregistered.report(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记，请安排上门告知。"))
        return redirect(made)
    back = reverse("small_operators:unregistered_list")
    return form_page(request, form, _("登记未登记经营者"), back)


@require_POST
@needs("small.supervise")
def take_census(request: Request) -> HttpResponse:
    prefixes = request.user.prefixes("small.supervise")
    taken = sum(unregistered.take_from_census(prefix=prefix, by=request.user) for prefix in prefixes)
    messages.success(request, _("已列入跟进 %(n)s 家。") % {"n": taken})
    return redirect("small_operators:unregistered_list")


@needs("small.lists")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_unregistered(request.user, pk)
    user = request.user
    context = {
        "title": row.name_seen,
        "row": row,
        "tone": TONES[row.state],
        "place": people.division_path(row.division_code),
        "acts": [ACTS[name] for name in allowed(user, row)],
        "steps": row.steps.order_by("-pk"),
        "penalty": rules.statute_for(row.kind, "unlicensed", ledger.clock.today(), division_code=row.division_code),
        "personal": user.can("registry.personal", row.division_code),
    }
    return render(request, "small_operators/unregistered.html", context)


@needs("small.supervise")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_unregistered(request.user, pk, "small.supervise")
    if name not in ACTS:
        raise Http404
    if ACTS[name].form is None and request.method != "POST":
        return redirect(row)
    answer = act_on(request, row, ACTS, allowed(request.user, row), name)
    if name == "apply" and row.application_id is not None and answer.status_code == 302:
        return redirect("small_operators:application_edit", pk=row.application_id)
    return answer
