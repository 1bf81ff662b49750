"""Findings go to whom the routing rules name."""

from typing import Any

from fangxin.actions.small_operators import rules
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger


def open_matter(finding: str, *, premises: Any = None, key: str | None = None, **what: Any) -> Any:
    """A matter by the routing rules of today; `what` as for `casework.open_by_route`."""
    route = rules.route_of(finding, ledger.clock.today())
    return casework.open_by_route(route, subject=premises, opened_from=key, **what)
