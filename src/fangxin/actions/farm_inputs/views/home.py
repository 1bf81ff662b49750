"""The home of the action: targets, work due, trend, map by township."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import selectors
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

SUMS = ("farms", "applications", "harvests", "within", "locked", "findings")


@needs("farm.lists")
def home(request: Request) -> HttpResponse:
    user, day = request.user, ledger.clock.today()
    towns = selectors.by_township(user, day)
    months = selectors.trend(user, day)
    context = {
        "title": _("农药兽药减量"),
        "tiles": _tiles(selectors.work_counts(user)),
        "towns": towns,
        "months": months,
        "totals": {key: sum(town[key] for town in towns) for key in SUMS},
        "charts": _charts(towns, months),
        "sees_board": user.can("board.view"),
        "may_record": user.can("farm.record"),
    }
    return render(request, "farm_inputs/home.html", context)


def _tiles(counts: dict[str, int]) -> list[tuple[Any, int, str, str, bool]]:
    """Label, number, icon, where it leads, whether it needs somebody."""
    batches, farms = reverse("farm_inputs:batches"), reverse("farm_inputs:farms")
    return [
        (_("农场档案"), counts["farms"], "building-cottage", farms, False),
        (_("在种在养批次"), counts["batches"], "plant-2", batches + "?when=open", False),
        (_("间隔期内"), counts["locked"], "lock", batches + "?when=locked", False),
        (_("两周内计划采收、仍在间隔期"), counts["soon_locked"], "alarm", batches + "?when=soon", True),
        (_("间隔期不能确定"), counts["lock_open"], "lock-question", batches + "?when=unknown", True),
        (_("用药问题未销号"), counts["findings"], "alert-triangle", reverse("farm_inputs:findings") + "?when=open", True),
        (_("水产三项记录不完整"), counts["books"], "notebook", farms + "?books=incomplete", True),
    ]  # fmt: skip


def _charts(towns: list[dict[str, Any]], months: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers for the charts. Everything in them stands in a table on the page too."""
    return {
        "towns": [{key: town[key] for key in ("name", "lat", "lng", *SUMS)} for town in towns],
        "months": months,
        "words": {"uses": _("用药"), "harvests": _("采收（出栏）"), "within": _("间隔期内采收"), "farms": _("农场"), "findings": _("用药问题")},
    }  # fmt: skip
