"""Findings go to whom the routing rules name."""

from typing import Any

from fangxin.actions.produce_markets.standards import route_of
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger


def open_matter(finding: str, *, premises: Any, key: str, **what: Any) -> Any:
    """A matter by the routing rules of today; `what` as for `casework.open_by_route`."""
    route = route_of(finding, ledger.clock.today())
    return casework.open_by_route(
        route, subject=premises, subject_name=premises.name, division_code=premises.division_code,
        opened_from=key[:200], **what,
    )  # fmt: skip


def market_regulator(division_code: str) -> Any:
    """Who supervises markets here."""
    return casework.owner_by_route(route_of("rapid_positive", ledger.clock.today()), division_code)
