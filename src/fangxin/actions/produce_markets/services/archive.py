"""The archive of a market: what it has, its stalls, who trades there by which agreement, what hangs on the board."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models import HolderPaper, Market, Publication, Stall, Tenancy
from fangxin.actions.produce_markets.services.steps import stored
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, require, who


@transaction.atomic
def open_market(
    *, premises: Any, kind: str, reported_on: date | None = None, room: str = Market.Room.NONE, laboratory: str = "",
    testers: int = 0, tests_per_day: int | None = None, rest_weekday: int | None = None, since: date | None = None,
    by: Any,
) -> Market:  # fmt: skip
    """The archive of a market that the register knows."""
    if premises.kind != premises.Kind.PRODUCE_MARKET:
        raise Refused({"number": _("底册中这一家不是食用农产品集中交易市场。")})
    if Market.objects.filter(premises=premises).exists():
        raise Refused({"number": _("这个市场已经建档。")})
    market: Market = insert(
        Market(
            premises=premises, division_code=premises.division_code, kind=kind, reported_on=reported_on, room=room,
            laboratory=laboratory.strip(), testers=testers, tests_per_day=tests_per_day, rest_weekday=rest_weekday,
            since=since or ledger.clock.today(), recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("produce_markets.market.opened", of=market, by=by, data={"kind": kind})
    return market


@transaction.atomic
def change_market(*, market: Market, by: Any, **changes: Any) -> Market:
    for name, value in changes.items():
        setattr(market, name, value)
    market.full_clean()
    market.save()
    ledger.record("produce_markets.market.changed", of=market, by=by, data={"fields": sorted(changes)})
    return market


@transaction.atomic
def add_stall(*, market: Market, code: str, goods: str, area: str = "", by: Any) -> Stall:
    stall: Stall = insert(Stall(market=market, code=code.strip(), goods=goods, area=area.strip()))
    ledger.record(
        "produce_markets.stall.added", of=stall, by=by, division_code=market.division_code, data={"code": stall.code}
    )
    return stall


@transaction.atomic
def admit_holder(
    *, stall: Stall, operator: Any, starts_on: date, premises: Any = None, agreement: str = "",
    signed_on: date | None = None, expires_on: date | None = None, identity_checked_on: date | None = None, by: Any,
) -> Tenancy:  # fmt: skip
    """Somebody begins to trade at a stall; the database lets one hold it."""
    if stall.closed_on is not None:
        raise Refused(_("这个摊位已经撤销。"))
    tenancy: Tenancy = insert(
        Tenancy(
            stall=stall, operator=operator, premises=premises, agreement=agreement.strip(), signed_on=signed_on,
            starts_on=starts_on, expires_on=expires_on, identity_checked_on=identity_checked_on,
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "produce_markets.holder.admitted", of=tenancy, by=by, division_code=stall.market.division_code,
        data={"stall": stall.code},
    )  # fmt: skip
    return tenancy


@transaction.atomic
def end_tenancy(*, tenancy: Tenancy, ended_on: date, why: str, by: Any) -> Tenancy:
    why = require(why, "why", _("请写明退场原因。"))
    if not tenancy.starts_on <= ended_on <= ledger.clock.today():
        raise Refused({"ended_on": _("退场日期应在入场之后、今天以前。")})
    open_row = Tenancy.objects.filter(pk=tenancy.pk, ended_on=None)
    if open_row.update(ended_on=ended_on, ended_why=why[:200]) != 1:
        raise MovedOn(_("已经登记过退场。"))
    tenancy.refresh_from_db()
    ledger.record("produce_markets.holder.left", of=tenancy, by=by, division_code=tenancy.stall.market.division_code)
    return tenancy


@transaction.atomic
def add_paper(*, tenancy: Tenancy, kind: str, file: Any = None, expires_on: date | None = None, by: Any) -> HolderPaper:
    paper: HolderPaper = insert(
        HolderPaper(
            tenancy=tenancy, kind=kind, file=stored(file, by), expires_on=expires_on, recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "produce_markets.paper.added", of=tenancy, by=by, division_code=tenancy.stall.market.division_code,
        data={"kind": kind},
    )  # fmt: skip
    return paper


@transaction.atomic
def publish(
    *, market: Market, item: str, text: str, file: Any = None, published_on: date | None = None, by: Any
) -> Publication:
    """Something put on the board. What the platform shows by itself is not typed."""
    today = ledger.clock.today()
    found = next((one for one in standards.practice(today).board if one.code == item), None)
    if found is None or found.computed:
        raise Refused({"item": _("请选择公示事项。")})
    if published_on is not None and published_on > today:
        raise Refused({"published_on": _("公示日期还没有到。")})
    row: Publication = insert(
        Publication(
            market=market, item=item, text=require(text, "text", _("请写明公示内容。")), file=stored(file, by),
            published_on=published_on or today, recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "produce_markets.board.updated", of=market, by=by, division_code=market.division_code, data={"item": item}
    )
    return row
