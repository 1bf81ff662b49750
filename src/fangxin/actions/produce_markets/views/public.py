"""A market's board for everybody who scans the code on its wall: today's tests, by what goods came, bad news honestly."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fangxin.actions.produce_markets import selectors
from fangxin.actions.produce_markets.models import Entry, Market, Project, RoomTest, Withdrawal
from fangxin.actions.produce_markets.views.common import GRADE_TONES
from fangxin.kernel.ledger import api as ledger

MOST_LINES = 60
BAD_NEWS_DAYS = 90


@login_not_required
@require_safe
def board(request: HttpRequest, number: str) -> HttpResponse:
    rows = Market.objects.select_related("premises").filter(premises__merged_into=None)
    market = rows.filter(premises__number=number).first() if "\0" not in number and len(number) <= 20 else None
    if market is None:
        raise Http404
    today = ledger.clock.today()
    tests = RoomTest.objects.filter(market=market).select_related("rapid_test", "stall").order_by("-tested_on", "-pk")
    here = tests.filter(tested_on=today)
    latest = tests.first()
    since = today - timedelta(days=BAD_NEWS_DAYS)
    came = Entry.objects.filter(market=market, arrived_at__gte=selectors.start_of(today), state=Entry.State.ADMITTED)
    bare = selectors.without_proof(came).count()
    total = came.count()
    # What is not dealt with yet stays on the board however old it is.
    shown = Q(ordered_at__gte=selectors.start_of(since)) | Q(done_at=None)
    withdrawn = Withdrawal.objects.filter(shown, entry__market=market)
    context = {
        "title": market.premises.name,
        "market": market,
        "today": today,
        "tests": here[:MOST_LINES],
        "made": here.count(),
        "due": selectors.due_today([market], today)[market.pk][1],
        "latest": latest,
        "entries": came.select_related("stall").order_by("-arrived_at", "-pk")[:MOST_LINES],
        "total": total,
        "proved": total - bare,
        "positives": tests.filter(tested_on__gte=since, rapid_test__result="positive")[:MOST_LINES],
        "withdrawn": withdrawn.select_related("entry__stall").order_by("-ordered_at", "-pk")[:MOST_LINES],
        "days": BAD_NEWS_DAYS,
        "board": [(item, row) for item, row, _old in selectors.board_of(market, today) if not item.computed],
        "grade": selectors.grades_of([market], today.year).get(market.premises_id, ""),
        "grade_tones": GRADE_TONES,
        "upgrading": Project.objects.filter(market=market, state__in=("running", "submitted")).first(),
    }
    response = render(request, "produce_markets/public_board.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
