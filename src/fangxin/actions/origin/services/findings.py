"""Findings of enterprises, water and volatile organic compounds become matters of whom the routing rules name."""

from typing import Any

from fangxin.actions.origin import rules_emissions as rules
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger


def owner_of(finding: str, division_code: str) -> Any:
    """The agency that the routing names; where the county has none of them, its food-safety office, which hands it on."""
    return casework.owner_by_route(rules.route_of(finding, ledger.clock.today()), division_code)


def open_matter(finding: str, *, of: Any, key: str, clause: str = "", **what: Any) -> Any:
    """One matter for one finding, however often it is found again; `what` as for `casework.open_by_route`."""
    route = rules.route_of(finding, ledger.clock.today())
    basis = "；".join(part for part in (clause, route.clause) if part)
    return casework.open_by_route(
        route, subject=of, division_code=of.division_code, legal_basis=basis, opened_from=key, **what
    )
