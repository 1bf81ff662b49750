"""The home of the action: what waits, targets, land by township, soil over the years; enterprises, water and air below."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.origin import accounts, selectors, trending
from fangxin.actions.origin.services import contradictions
from fangxin.engines.indicators import Figure, display_percent
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

YEARS = 6
# Trends are told for a county; above it they would mix what has nothing to do with each other.
COUNTY_LENGTH = 6
_SUMMED = ("parcels", "area", "priority", "safe_use", "strict", "none", "trouble")


@needs("origin.view")
def home(request: Request) -> HttpResponse:
    user, day = request.user, ledger.clock.today()
    towns = accounts.by_township(user, day)
    samples = selectors.list_samples(user)
    years = accounts.zones_by_year(samples, range(day.year - YEARS + 1, day.year + 1))
    found = accounts.safe_use(selectors.list_parcels(user), day).account
    context = {
        "title": _("产地环境净化"),
        "tiles": _tiles(user),
        "towns": towns,
        "totals": {key: sum(town[key] for town in towns) for key in _SUMMED},
        "rate": display_percent(Figure(found.slight + found.safe_use + found.strict, found.polluted)),
        "years": years,
        "trend": _trend(user, samples),
        "charts": {"years": years, "words": _words()},
        "sees_board": user.can("board.view"),
        "may_edit": user.can("origin.edit"),
    }
    return render(request, "origin/home.html", context)


def _trend(user: Any, samples: Any) -> dict[str, Any] | None:
    if any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes("origin.view")):
        return None
    rows = samples.order_by().values_list("point_id", "sampled_on", "readings")
    found = trending.trend_of_rows(rows)
    word, tone = trending.said(found.direction)
    return {"word": word, "tone": tone, "points": found.points, "times": found.times}


def _tiles(user: Any) -> list[tuple[Any, int, str, str, bool]]:
    """Label, number, icon, where it leads, whether it is late."""
    day = ledger.clock.today()
    decisions, measures = reverse("origin:decisions"), reverse("origin:measures")
    open_ = selectors.list_decisions(user).order_by()
    trouble = contradictions.contradicting(selectors.list_parcels(user), day).order_by().count()
    unjudged = selectors.list_points(user).filter(zone="undetermined").order_by().count()
    late = selectors.list_measures(user).filter(state="approved", ends_on__lt=day).order_by().count()
    return [
        (_("类别、作物、措施对不上"), trouble, "alert-triangle", reverse("origin:contradictions"), True),
        (_("类别待会商"), open_.filter(state="proposed").count(), "users", f"{decisions}?state=proposed", False),
        (_("类别待确认"), open_.filter(state="consulted").count(), "user-check", f"{decisions}?state=consulted", False),
        (_("措施到期没有实施"), late, "alarm", f"{measures}?when=late", True),
        (_("点位不能判定"), unjudged, "help-circle", reverse("origin:points") + "?zone=undetermined", False),
    ]


def _words() -> dict[str, str]:
    return {
        "low": _("低于筛选值"), "between": _("介于筛选值和管制值"), "above": _("高于管制值"), "undetermined": _("不能判定"),
    }  # fmt: skip
