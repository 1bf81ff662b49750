"""The home of the action: work due, every market with its state."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import selectors
from fangxin.actions.produce_markets.views.common import GRADE_TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

MOST_ROWS = 100


@needs("market.lists")
def home(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    rows = selectors.by_market(user, today)
    graded = sum(1 for row in rows if row["grade"])
    context = {
        "title": _("食用农产品市场"),
        "tiles": _tiles(selectors.work_counts(user), may_work=user.can("market.work")),
        "rows": [(row, GRADE_TONES.get(row["grade"], "plain")) for row in rows[:MOST_ROWS]],
        "more": max(len(rows) - MOST_ROWS, 0),
        "graded": graded,
        "listed": len(rows),
        "year": today.year,
        "sees_board": user.can("board.view"),
        "may_work": user.can("market.work"),
        "may_plan": user.can("market.projects"),
    }
    return render(request, "produce_markets/home.html", context)


def _tiles(counts: dict[str, int], *, may_work: bool) -> list[tuple[Any, int, str, str, bool]]:
    """Label, number, icon, where it leads, whether it needs somebody."""

    def to(name: str, query: str = "") -> str:
        return reverse(f"produce_markets:{name}") + query

    return [
        (_("市场档案"), counts["markets"], "basket", to("markets"), False),
        (_("底册有、还没有建档"), counts["unfiled"], "file-plus", to("market_new" if may_work else "markets"), True),
        (_("今年未评风险等级"), counts["ungraded"], "award-off", to("markets", "?when=ungraded"), True),
        (_("待查验"), counts["unchecked"], "eye-check", to("entries", "?when=open"), False),
        (_("无凭证、无检测在售"), counts["no_proof"], "file-off", to("entries", "?when=no_proof"), True),
        (_("退市处置中"), counts["withdrawals"], "package-off", to("withdrawals", "?when=open"), False),
        (_("退市超时限"), counts["withdrawals_late"], "alarm", to("withdrawals", "?when=late"), True),
        (_("线索待受理"), counts["referrals"], "arrow-forward-up", to("referrals", "?state=reported"), True),
        (_("改造停滞"), counts["projects"], "barrier-block", to("projects", "?when=stalled"), True),
    ]  # fmt: skip
