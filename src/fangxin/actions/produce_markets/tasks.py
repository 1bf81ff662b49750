"""Work that comes round by itself: what markets left undone becomes a matter, each once."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import selectors
from fangxin.actions.produce_markets.models import Entry, Market, Project, RoomTest, Withdrawal
from fangxin.actions.produce_markets.services.routing import open_matter
from fangxin.kernel.ledger import api as ledger

# The platform itself looks through the books; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")
# From this month on a market without a grade of the year is a matter: before, the year's grading still runs.
GRADED_BY_MONTH = 10


def daily() -> int:
    return _without_proof() + _not_withdrawn() + _self_checks() + _ungraded() + _stalled()


def _matter(finding: str, market: Market, text: str, key: str) -> int:
    open_matter(
        finding, hazard=f"{market.premises.name}：{text}", premises=market.premises, key=f"produce_markets.{key}",
        by=PLATFORM,
    )  # fmt: skip
    return 1


def _without_proof() -> int:
    """One matter for a market and day, with how many lots there were."""
    rows = selectors.without_proof(Entry.objects.all()).select_related("market__premises")
    days: dict[tuple[Any, Any], list[Entry]] = {}
    for entry in rows.order_by("arrived_at", "pk"):
        days.setdefault((entry.market_id, entry.arrived_at.astimezone(ledger.clock.LOCAL).date()), []).append(entry)
    found = 0
    for (_pk, day), entries in days.items():
        names = "、".join(dict.fromkeys(entry.food for entry in entries[:5]))
        text = _("%(day)s有%(n)s批货物没有合格凭证、没有检测就入场销售（%(names)s）") % {
            "day": day, "n": len(entries), "names": names,
        }  # fmt: skip
        market = entries[0].market
        found += _matter("entered_without_proof", market, text, f"no_proof:{market.premises.number}:{day}")
    return found


def _not_withdrawn() -> int:
    now, found = ledger.clock.now(), 0
    late = selectors.overdue_withdrawals(Withdrawal.objects.select_related("entry__market__premises"), now)
    for row in late:
        text = _("%(what)s应停止销售、退市，超过时限没有处置") % {"what": row.entry}
        found += _matter("not_withdrawn", row.entry.market, text, f"withdrawal:{row.entry.number}")
    on_sale = selectors.positives_on_sale(RoomTest.objects.select_related("entry", "rapid_test", "market__premises"))
    for test in on_sale:
        text = _("%(what)s快检阳性，货物仍在销售") % {"what": test.entry}
        found += _matter("not_withdrawn", test.market, text, f"positive:{test.rapid_test.number}")
    return found


def _self_checks() -> int:
    """Weeks and months that were left out: one matter for a market and month."""
    today, found = ledger.clock.today(), 0
    markets = list(Market.objects.filter(premises__status="operating").select_related("premises"))
    gaps = selectors.gaps_of(markets, today, ("weekly", "monthly"))
    for market in markets:
        missing = sum(len(days) for days in gaps[market.pk].values())
        if missing:
            text = _("近期有%(n)s次每周、每月自查没有做") % {"n": missing}
            found += _matter("self_check_gap", market, text, f"self_check:{market.premises.number}:{today:%Y-%m}")
    return found


def _ungraded() -> int:
    today, found = ledger.clock.today(), 0
    if today.month < GRADED_BY_MONTH:
        return 0
    for market in selectors.ungraded(Market.objects.select_related("premises"), today):
        text = _("%(year)s年还没有评定风险等级") % {"year": today.year}
        found += _matter("not_graded", market, text, f"grade:{market.premises.number}:{today.year}")
    return found


def _stalled() -> int:
    today, found = ledger.clock.today(), 0
    for project in selectors.stalled(Project.objects.select_related("market__premises"), today):
        text = _("升级改造项目“%(title)s”停滞") % {"title": project.title}
        found += _matter("project_stalled", project.market, text, f"project:{project.pk}:{today:%Y-%m}")
    return found
