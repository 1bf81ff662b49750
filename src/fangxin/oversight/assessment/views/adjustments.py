"""Bonus, deduction, veto and decisions on indicators: the list, one of them, proposing and deciding."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.assessment import access, rules, selectors
from fangxin.oversight.assessment.forms import AdjustmentForm, DecideForm, TextForm, keep
from fangxin.oversight.assessment.models import Adjustment
from fangxin.oversight.assessment.services import adjustments as services
from fangxin.oversight.assessment.views.common import act_page, bound

State = Adjustment.State
TONES = {"proposed": "warn", "approved": "good", "refused": "plain", "withdrawn": "plain"}


class AdjustmentTable(tables.Table):
    title = tables.Column(linkify=True)
    round = tables.Column(
        accessor="participant__round", verbose_name=gettext_lazy("考核"), order_by=("participant__round__year",)
    )
    agency = tables.Column(accessor="participant__agency", verbose_name=gettext_lazy("单位"))
    proposed_at = tables.DateTimeColumn(format="Y-m-d")

    class Meta:
        model = Adjustment
        fields = ("round", "agency", "kind", "title", "state", "proposed_at", "proposed_by", "decided_by")

    def render_state(self, record: Adjustment) -> Any:
        return badge(record.get_state_display(), TONES[record.state])

    def value_state(self, record: Adjustment) -> str:
        return str(record.get_state_display())

    def value_round(self, record: Adjustment) -> str:
        return str(record.participant.round)

    def value_agency(self, record: Adjustment) -> str:
        return str(record.participant.agency.name)


class AdjustmentFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))
    kind = filters.ChoiceFilter(
        label=gettext_lazy("类别"), choices=Adjustment.Kind.choices, empty_label=gettext_lazy("全部")
    )
    year = filters.NumberFilter(
        label=gettext_lazy("年度"), field_name="participant__round__year", min_value=1, max_value=9999, decimal_places=0
    )

    class Meta:
        model = Adjustment
        fields = ("state", "kind", "year")


class AdjustmentList(ListScreen):
    ability = "assessment.view"
    title = gettext_lazy("考核加减分和核定")
    table_class = AdjustmentTable
    filter_class = AdjustmentFilter

    def rows(self) -> Any:
        return selectors.list_adjustments(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("返回考核"), reverse("assessment:rounds"), "arrow-left")]}


@require_http_methods(["GET", "POST"])
@needs("assessment.adjust")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    round_ = access.get_round_to(user, pk, "assessment.adjust")
    chosen = request.GET.get("agency", "")
    initial = {"participants": [int(chosen)]} if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else {}
    form = AdjustmentForm(*bound(request), round_=round_, rules=rules.rules_of(round_), initial=initial)

    def perform(data: dict[str, Any]) -> Any:
        rule, upload = data.pop("rule"), data.pop("file")
        return services.propose(**rule, **data, evidence=keep(upload, by=user), by=user)

    return act_page(
        request,
        form,
        perform,
        title=_("提出加减分或核定 · %(round)s") % {"round": round_},
        label=_("提出"),
        intro=_("须附证据，由食安办另一人审批后才计入。平台已算出结果的指标不能另行核定。"),
        back=round_.get_absolute_url(),
        done=_("已提出，等待另一人审批。"),
        target=lambda made: reverse("assessment:adjustments") + "?state=proposed",
    )


@require_safe
@needs("assessment.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    item = access.get_adjustment(user, pk)
    context = {
        "title": str(item),
        "item": item,
        "tone": TONES[item.state],
        "everything": access.sees_all(user, item.participant.round),
        "buttons": [
            (reverse("assessment:adjustment_do", args=[item.pk, name]), label)
            for name, (label, *_rest) in ACTS.items()
            if _may(user, item, name)
        ],
    }
    return render(request, "assessment/adjustment.html", context)


Perform = Callable[[Adjustment, dict[str, Any], Any], Any]
ACTS: dict[str, tuple[Any, type[forms.Form], Perform]] = {
    "decide": (gettext_lazy("审批"), DecideForm, lambda a, d, u: services.decide(adjustment=a, by=u, **d)),
    "withdraw": (
        gettext_lazy("撤销"), TextForm, lambda a, d, u: services.withdraw(adjustment=a, reason=d["text"], by=u)
    ),
}  # fmt: skip


def _may(user: Any, item: Adjustment, act: str) -> bool:
    if not user.can("assessment.adjust", item.participant.round.division_code):
        return False
    if act == "decide":
        return item.state == State.PROPOSED and item.proposed_by_id != user.pk
    return item.state == State.APPROVED and item.decided_by_id != user.pk


@require_http_methods(["GET", "POST"])
@needs("assessment.adjust")
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    user: Any = request.user
    item = access.get_adjustment_to_decide(user, pk)
    access.refuse_if(not _may(user, item, act))
    label, form_class, perform = ACTS[act]
    return act_page(
        request,
        form_class(bound(request)[0]),
        lambda data: perform(item, data, user),
        title=f"{label} · {item}",
        label=label,
        intro=f"{item.participant.agency.name}：{item.reason}",
        back=item.get_absolute_url(),
        done=_("%(act)s已完成。") % {"act": label},
    )
