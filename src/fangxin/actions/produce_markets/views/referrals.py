"""Referrals: from a test to supervision to the police."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.produce_markets import access, selectors
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import Referral
from fangxin.actions.produce_markets.services import referrals
from fangxin.actions.produce_markets.views.common import AreaFilter, market_to_run
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"reported": "warn", "taken": "info", "case": "bad", "ended": "plain"}


class ReferralTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    township = TownshipColumn()
    reported_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs={"td": {"class": "text-nowrap"}})
    take_by = DayColumn()

    class Meta:
        model = Referral
        fields = ("number", "market", "township", "source", "text", "reported_at", "take_by", "state")
        order_by = ()

    def render_state(self, record: Referral) -> Any:
        return badge(record.get_state_display(), TONES[record.state])

    def value_state(self, record: Referral) -> Any:
        return record.get_state_display()


class ReferralFilter(AreaFilter):
    source = django_filters.ChoiceFilter(label=gettext_lazy("线索"), choices=Referral.Source.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Referral.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when", choices=[("late", gettext_lazy("超过受理时限"))]
    )
    crime = django_filters.BooleanFilter(label=gettext_lazy("可能涉嫌犯罪"))

    class Meta:
        model = Referral
        fields = ("source", "state", "when", "crime", "township")

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(state=Referral.State.REPORTED, take_by__lt=ledger.clock.today())


class Referrals(ListScreen):
    ability = "market.view"
    title = gettext_lazy("检监联动线索")
    intro = gettext_lazy("快检、抽检、查验发现的问题报告监管，监管核查后转处罚案件；涉嫌犯罪的由案件移送公安。")
    table_class = ReferralTable
    filter_class = ReferralFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_referrals(self.request.user).order_by("-reported_at", "-pk")


@needs("market.view")
def referral_new(request: Request, pk: int) -> HttpResponse:
    """What a market tells the supervision by itself."""
    market = market_to_run(request.user, pk)
    form = own_forms.ReferralForm(posted(request)[0])
    if request.method == "POST":
        made = saved(form, lambda: _report(market, form.cleaned_data, request.user))
        if made is not None:
            return redirect(made)
    back = reverse("produce_markets:day", args=[pk])
    return form_page(request, form, _("报告监管：%(name)s") % {"name": market}, back, submit_label=_("报告"))


def _report(market: Any, values: Mapping[str, Any], user: Any) -> Referral:
    key = f"told:{market.premises.number}:{ledger.clock.now():%Y%m%d%H%M%S%f}"
    return referrals.report(source=values["source"], text=values["text"], key=key, market=market, by=user)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("take", gettext_lazy("受理核查"), "hand-grab", lambda r, by, _v: referrals.take_up(row=r, by=by)),
        Act("case", gettext_lazy("转处罚案件"), "gavel",
            lambda r, by, v: referrals.make_case(row=r, by=by, **v), plain(own_forms.TextForm),
            intro=gettext_lazy("案件在“处罚案件”中办理；涉嫌犯罪的，在案件中报告、批准、移送公安。")),
        Act("end", gettext_lazy("核查结束，不立案"), "circle-check",
            lambda r, by, v: referrals.end(row=r, by=by, **v), plain(own_forms.ConclusionForm)),
    )
}  # fmt: skip


def allowed(user: Any, row: Referral) -> list[str]:
    if not user.can("market.supervise", row.division_code):
        return []
    if row.state == Referral.State.REPORTED:
        return ["take"]
    return ["case", "end"] if row.state == Referral.State.TAKEN else []


@needs("market.view")
def referral_page(request: Request, pk: int) -> HttpResponse:
    row = access.get_referral(request.user, pk)
    now, today = ledger.clock.now(), ledger.clock.today()
    context = {
        "title": str(row),
        "row": row,
        "tone": TONES[row.state],
        "late_report": row.report_by is not None and row.reported_at > row.report_by,
        "late_take": row.take_by is not None
        and (
            (row.taken_at is None and row.take_by < today)
            or (row.taken_at is not None and row.taken_at.astimezone(ledger.clock.LOCAL).date() > row.take_by)
        ),
        "now": now,
        "acts": [ACTS[name] for name in allowed(request.user, row)],
        "sees_matter": request.user.can("matter.view"),
        "sees_case": request.user.can("case.view"),
    }
    return render(request, "produce_markets/referral.html", context)


@needs("market.view")
def referral_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_referral(request.user, pk)
    return act_on(request, row, ACTS, allowed(request.user, row), name)
