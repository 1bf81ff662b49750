"""What all writing of this action shares: numbers, and whom a finding goes to."""

from typing import Any

from fangxin.actions.imported_food import rules
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

# The platform itself looks through the books; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")


def numbered(series: str, prefix: str) -> str:
    year = ledger.clock.today().year
    return f"{prefix}{year}-{ledger.next_number(f'imported_food.{series}', year):04}"


def open_matter(finding: str, *, text: str, key: str, **what: Any) -> Any:
    """For the owner named, else by the routing rules; `what` as for `casework.open_by_route`. A key opens it once."""
    route = rules.route(finding, ledger.clock.today())
    return casework.open_by_route(route, hazard=f"{route.label}：{text}", opened_from=f"imported_food.{key}", **what)
