"""The manager's day, and the holder's phone: goods received with three taps.

Tap one: what came. Tap two: how much and by what. Tap three: “记下”.
"""

from datetime import timedelta
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import access, selectors, standards
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import Entry, Goods, HolderPaper, Proof, Tenancy
from fangxin.actions.produce_markets.services import entries
from fangxin.actions.produce_markets.views.common import STATE_TONES, market_to_run
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.pages import Request, posted, saved
from fangxin.kernel.screens.permission import needs

MOST_LINES = 40
STOCK_DAYS = 14


@needs("market.view")
def day(request: Request, pk: int) -> HttpResponse:
    """One page: what came in unchecked, tests due, self-inspection, withdrawals, what hangs on the board too long."""
    user = request.user
    market = market_to_run(user, pk)
    today = ledger.clock.today()
    rows = selectors.list_entries(user).filter(market=market)
    here = rows.filter(arrived_at__gte=selectors.start_of(today)).order_by("-arrived_at", "-pk")
    done, due = selectors.due_today([market], today)[market.pk]
    gaps = selectors.gaps_of([market], today)[market.pk]
    labels = standards.cadences(today)
    context = {
        "title": _("今天：%(name)s") % {"name": market.premises.name},
        "market": market,
        "open": selectors.open_entries(rows).order_by("arrived_at", "pk")[:MOST_LINES],
        "isolated": rows.filter(state=Entry.State.ISOLATED).order_by("arrived_at", "pk")[:MOST_LINES],
        "came": [(row, STATE_TONES[row.state]) for row in here[:MOST_LINES]],
        "done": done,
        "due": due,
        "lacking": max(due - done, 0),
        "tests": selectors.list_room_tests(user).filter(market=market, tested_on=today).order_by("-pk")[:MOST_LINES],
        "gaps": [(labels[code], days) for code, days in gaps.items()],
        "withdrawals": selectors.list_withdrawals(user).filter(entry__market=market, done_at=None).order_by("due_at"),
        "board": [(item, row) for item, row, old in selectors.board_of(market, today) if old],
        "now": ledger.clock.now(),
    }
    return render(request, "produce_markets/day.html", context)


@needs("market.own")
def mine(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    tenancies = list(selectors.my_tenancies(user).prefetch_related("papers"))
    since = selectors.start_of(today - timedelta(days=STOCK_DAYS))
    rows = selectors.list_entries(user).filter(tenancy__in=tenancies, arrived_at__gte=since)
    goods: dict[int, list[Any]] = {}
    for entry in rows.exclude(state=Entry.State.UNDONE).order_by("-arrived_at", "-pk")[:200]:
        goods.setdefault(entry.tenancy_id, []).append(
            (entry, max(entry.quantity - entry.gone, 0), STATE_TONES[entry.state])
        )
    stalls = [
        {
            "tenancy": tenancy,
            "goods": goods.get(tenancy.pk, [])[:MOST_LINES],
            "papers": _latest(tenancy),
            "expiring": tenancy.expires_on is not None
            and tenancy.expires_on <= today + timedelta(days=standards.practice(today).contract_days),
        }
        for tenancy in tenancies
    ]  # fmt: skip
    context = {
        "title": _("我的市场、摊位"), "markets": selectors.my_markets(user), "stalls": stalls, "today": today,
    }  # fmt: skip
    return render(request, "produce_markets/mine.html", context)


def _latest(tenancy: Tenancy) -> list[tuple[Any, Any]]:
    """Each paper a holder needs, with the newest one that is there."""
    found: dict[str, Any] = {}
    for paper in sorted(tenancy.papers.all(), key=lambda paper: paper.pk):
        found[paper.kind] = paper
    return [(label, found.get(kind)) for kind, label in HolderPaper.Kind.choices]


def _my_tenancy(user: Any, pk: int) -> Tenancy:
    return one_of(selectors.my_tenancies(user), pk)


@needs("market.own")
def choose(request: Request, pk: int) -> HttpResponse:
    """What came: what this stall took in last is a button; everything else is typed."""
    tenancy = _my_tenancy(request.user, pk)
    recent = Entry.objects.filter(stall=tenancy.stall).order_by("-arrived_at", "-pk").values_list("food", "goods")[:200]
    context = {
        "title": _("今天进了什么？"), "tenancy": tenancy, "foods": own_forms.recent_foods(recent),
        "kinds": Goods.choices, "usual": tenancy.stall.goods,
    }  # fmt: skip
    return render(request, "produce_markets/choose.html", context)


@needs("market.own")
def receive(request: Request, pk: int) -> HttpResponse:
    tenancy = _my_tenancy(request.user, pk)
    food = request.GET.get("food", "").replace("\0", "").strip()[:60]
    goods = request.GET.get("goods", "")
    if not food or goods not in Goods.values:
        raise Http404
    rule = standards.entry_rule(goods, ledger.clock.today())
    last = Entry.objects.filter(stall=tenancy.stall, food=food).order_by("-arrived_at", "-pk").first()
    initial = {}
    if last is not None:
        initial = {"supplier": last.supplier, "unit": last.unit, "proof": next(iter(last.proofs), "")}
    form = own_forms.ReceiveForm(*posted(request), needs=rule.needs, initial=initial)

    def write() -> Entry:
        values = form.cleaned_data
        return entries.record_entry(
            market=tenancy.stall.market, stall=tenancy.stall, food=food, goods=goods, quantity=values["quantity"],
            unit=values["unit"], supplier=values["supplier"], file=values["file"], how=Entry.How.PHONE,
            proofs=form.proofs(), by=request.user,
        )  # fmt: skip

    if request.method == "POST":
        made = saved(form, write)
        if made is not None:
            tell = messages.success if made.state == Entry.State.ADMITTED else messages.warning
            tell(request, _("已记下。%(what)s。") % {"what": made.reasons[-1]["text"]})
            return redirect("produce_markets:mine")
    needed = [str(label) for kind, label in Proof.choices if kind in rule.needs]
    context = {
        "title": _("收货：%(food)s") % {"food": food}, "tenancy": tenancy, "form": form, "needed": "、".join(needed),
        "back_url": reverse("produce_markets:choose", args=[pk]),
    }  # fmt: skip
    return render(request, "produce_markets/receive.html", context)


@needs("market.view")
def poster(request: Request, pk: int) -> HttpResponse:
    """The QR for the wall."""
    market = access.get_market(request.user, pk)
    address = request.build_absolute_uri(reverse("produce_markets:public_board", args=[market.premises.number]))
    context = {
        "title": market.premises.name, "market": market, "address": address,
        "picture": segno.make(address, error="m").svg_inline(scale=8),
    }  # fmt: skip
    return render(request, "produce_markets/poster.html", context)
