"""The home of the action: targets, work due, trend, map by township; and the check of products."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators import rules, selectors
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.actions.small_operators.views.applications import OUTCOMES
from fangxin.engines.indicators import Figure, display_percent
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs


@needs("small.lists")
def home(request: Request) -> HttpResponse:
    user, day = request.user, ledger.clock.today()
    towns = selectors.by_township(user, day)
    for town in towns:
        town["coverage"] = share(town["seen_registered"], town["seen"])
    months = selectors.trend(user, day)
    totals = {key: sum(town[key] for town in towns) for key in ("registered", "seen", "seen_registered")}
    context = {
        "title": _("“三小”治理"),
        "tiles": _tiles(selectors.work_counts(user) | selectors.follow_counts(user)),
        "towns": towns,
        "months": months,
        "totals": totals | {"coverage": share(totals["seen_registered"], totals["seen"])},
        "charts": _charts(towns, months),
        "sees_board": user.can("board.view"),
        "may_apply": user.can("small.apply"),
    }
    return render(request, "small_operators/home.html", context)


def share(numerator: int, denominator: int) -> Any:
    """In percent with two places; nothing where there is nothing to count."""
    return display_percent(Figure(Decimal(numerator), Decimal(denominator)))


def _tiles(counts: dict[str, int]) -> list[tuple[Any, int, str, str, bool]]:
    """Label, number, icon, where it leads, whether it is late."""
    lists = {
        name: reverse(f"small_operators:{name}")
        for name in ("applications", "visits", "certificates", "unregistered_list", "sites", "cards")
    }
    return [
        (_("申请待办"), counts["to_check"] + counts["to_review"] + counts["to_decide"], "file-text",
         lists["applications"], False),
        (_("申请超期"), counts["late"], "alarm", lists["applications"] + "?when=late", True),
        (_("首次检查超期"), counts["visits_late"], "clipboard-x", lists["visits"] + "?when=late", True),
        (_("首次检查两周内到期"), counts["visits_soon"], "clipboard", lists["visits"] + "?when=soon", False),
        (_("30 日内到期，应已申请延续"), counts["renewal_late"], "calendar-exclamation",
         lists["certificates"] + "?state=late", True),
        (_("可以办延续"), counts["renewal_open"], "calendar", lists["certificates"] + "?state=open", False),
        (_("证件过期仍在营"), counts["expired"], "certificate-off", lists["certificates"] + "?state=expired", True),
        (_("未登记，跟进中"), counts["unregistered"], "user-search", lists["unregistered_list"] + "?when=open", False),
        (_("摊点卡待乡镇签收"), counts["cards"], "signature", lists["cards"], False),
        (_("示范点评选中"), counts["sites"], "star", lists["sites"], False),
    ]  # fmt: skip


def _charts(towns: list[dict[str, Any]], months: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers for the charts. Everything in them stands in a table on the page too."""
    return {
        "towns": [
            {key: town[key] for key in ("name", "lat", "lng", "registered", "seen", "seen_registered", "unregistered")}
            | {"coverage": None if town["coverage"] is None else float(town["coverage"])}
            for town in towns
        ],
        "months": months,
        "words": {
            "coverage": _("登记备案覆盖率"), "seen": _("普查见到在营"), "registered": _("其中已登记"), "held": _("月末有效证卡"),
            "issued": _("当月发证"), "none": _("没有可数的对象"),
        },
    }  # fmt: skip


@needs("small.view")
def check_products(request: Request) -> HttpResponse:
    """Whether something may be made or sold by a kind: at the counter, and on the spot."""
    user = request.user
    form = own_forms.ProductsForm(request.GET or None)
    answers: list[Any] = []
    if form.is_valid():
        place = (own_forms.places_of(user, "small.view") or [""])[0]
        try:
            verdicts = rules.screen_products(
                form.cleaned_data["kind"], form.cleaned_data["products"], division_code=place, on=ledger.clock.today()
            )
            answers = [(verdict, *OUTCOMES[verdict.outcome]) for verdict in verdicts]
        except ledger.Refused as error:
            form.add_error(None, error)
    context = {"title": _("品种核对"), "form": form, "answers": answers, "kinds": Kind}
    return render(request, "small_operators/products.html", context)
