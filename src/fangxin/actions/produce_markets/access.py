"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from fangxin.actions.produce_markets import selectors
from fangxin.actions.produce_markets.models import (
    DataFile,
    Entry,
    Market,
    Milestone,
    Outgoing,
    Project,
    Referral,
    Stall,
    Tenancy,
)
from fangxin.kernel.screens.finding import one_of


def get_market(user: Any, pk: int) -> Market:
    return one_of(selectors.list_markets(user).select_related("premises__operator"), pk)


def get_stall(user: Any, pk: int) -> Stall:
    return one_of(selectors.list_stalls(user), pk)


def get_tenancy(user: Any, pk: int) -> Tenancy:
    return one_of(selectors.list_tenancies(user), pk)


def get_entry(user: Any, pk: int) -> Entry:
    return one_of(selectors.list_entries(user).select_related("lot", "file"), pk)


def get_project(user: Any, pk: int) -> Project:
    return one_of(selectors.list_projects(user), pk)


def get_milestone(user: Any, pk: int) -> Milestone:
    rows = Milestone.objects.filter(project__in=selectors.list_projects(user)).select_related(
        "project__market__premises"
    )
    return one_of(rows, pk)


def get_referral(user: Any, pk: int) -> Referral:
    return one_of(selectors.list_referrals(user), pk)


def get_file(user: Any, pk: int) -> DataFile:
    return one_of(selectors.list_files(user), pk)


def get_outgoing(user: Any, pk: int) -> Outgoing:
    return one_of(Outgoing.objects.filter(entry__in=selectors.list_entries(user)).select_related("entry"), pk)


def may_run(user: Any, market: Market) -> bool:
    """The opener in its own market; supervision in its place where there is no account."""
    agency = market.premises.operator.agency_id
    if agency is not None and agency in user.own_agencies("market.own"):
        return True
    return bool(user.prefixes("market.work")) and user.can("market.work", market.division_code)


def may_trade(user: Any, entry: Entry) -> bool:
    """Whoever runs the market, and the holder for the own goods."""
    if may_run(user, entry.market):
        return True
    holder = entry.tenancy.operator.agency_id if entry.tenancy is not None else None
    return holder is not None and holder in user.own_agencies("market.own")
