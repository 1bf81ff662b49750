"""The rapid-test room of a market. The test is the laboratory's record; here is whose goods it was made of."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets.models import Entry, Market, RoomTest, Stall, Withdrawal
from fangxin.actions.produce_markets.services import entries, referrals, routing, withdrawals
from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert

FOOD_CLASS = "食用农产品"
NEGATIVE, POSITIVE = "negative", "positive"


@transaction.atomic
def record_test(
    *, market: Market, food: str, item: str, method: str, result: str, stall: Stall | None = None,
    entry: Entry | None = None, reading: str = "", tested_at: datetime | None = None, by: Any,
) -> RoomTest:  # fmt: skip
    """A positive stops the goods, asks for a statutory sample and goes to the supervision, in one step."""
    if entry is not None and entry.market_id != market.pk:
        raise Refused({"entry": _("这批货不在这个市场。")})
    stall = stall or (entry.stall if entry is not None else None)
    rapid = laboratory.record_rapid_test(
        division_code=market.division_code, premises=market.premises, place=_place(stall), food=food, item=item,
        method=method, result=result, reading=reading, tested_at=tested_at, by=by,
    )  # fmt: skip
    row: RoomTest = insert(
        RoomTest(
            market=market,
            stall=stall,
            entry=entry,
            rapid_test=rapid,
            division_code=market.division_code,
            tested_on=rapid.tested_at.astimezone(ledger.clock.LOCAL).date(),
        )
    )
    if entry is not None:
        entries.tested(entry=entry, result=result, by=by)
    if result == POSITIVE:
        _follow(row, by)
    return row


def _place(stall: Stall | None) -> str:
    return _("%(code)s号摊位") % {"code": stall.code} if stall is not None else ""


def _follow(row: RoomTest, by: Any) -> None:
    rapid = row.rapid_test
    text = _("%(number)s %(food)s %(item)s快检阳性") % {"number": rapid.number, "food": rapid.food, "item": rapid.item}
    if row.entry is not None and row.entry.state in (Entry.State.ADMITTED, Entry.State.ISOLATED):
        withdrawals.order(entry=row.entry, cause=Withdrawal.Cause.RAPID, reason=text, by=by)
    laboratory.ask_for_sample(
        row=rapid, food_class=FOOD_CLASS, regime="market", stage="circulation",
        agency=routing.market_regulator(row.division_code), by=by,
    )  # fmt: skip
    referrals.report(
        source="rapid", text=text, key=f"rapid:{rapid.number}", entry=row.entry, market=row.market,
        found_at=rapid.tested_at, by=by,
    )  # fmt: skip
