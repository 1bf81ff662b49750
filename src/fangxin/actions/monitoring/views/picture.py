"""The county's day at a glance, to be read on a screen or printed."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_cases, selectors_outbreaks
from fangxin.actions.monitoring import selectors_picture as selectors
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

FEW = 10


@needs(rules.VIEW)
def picture(request: Request) -> HttpResponse:
    user, now, today = request.user, ledger.clock.now(), ledger.clock.today()
    code = selectors.area(user)
    seen = selectors.illness(user, code, today)
    silent, institutions = selectors.silent_institutions(user, today) if user.can(selectors_cases.VIEW) else (0, 0)
    investigations = selectors_outbreaks.open_ones(selectors_outbreaks.list_investigations(user))
    context = {
        "title": _("每日风险态势"), "place": people.division_path(code), "today": today, "now": now, "seen": seen,
        "days": (selectors.RECENT, selectors.BEFORE),
        "share": None if seen.share_seen is None else round(seen.share_seen * 100),
        "signals": selectors.signals(code, now - timedelta(days=1)), "works": user.can(rules.WORK),
        "investigations": investigations[:FEW], "failed": selectors.failed_foods(code, today)[:FEW],
        "silent": silent, "institutions": institutions, "chart": _chart(seen),
    }  # fmt: skip
    return render(request, "monitoring/picture.html", context)


def _chart(seen: selectors.Illness) -> dict[str, Any] | None:
    """Places with a position; red where the last week has more than the four before it led one to expect."""
    spots = [
        {"name": line.name, "at": line.at, "cases": line.recent or 0,
         "inside": line.recent is not None and line.weekly_before is not None and line.recent > line.weekly_before}
        for line in seen.lines if line.at is not None
    ]  # fmt: skip
    return (
        {"places": spots, "words": {"inside": _("多于前四周平均"), "outside": _("不多于或者不便公开")}}
        if spots
        else None
    )
