"""Findings go to whom the routing rules name."""

from typing import Any

from fangxin.actions.farm_inputs.rules_inputs import route_of
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger


def open_matter(finding: str, *, key: str | None = None, **what: Any) -> Any:
    """A matter by the routing rules of today; `what` as for `casework.open_by_route`."""
    return casework.open_by_route(route_of(finding, ledger.clock.today()), opened_from=key, **what)
