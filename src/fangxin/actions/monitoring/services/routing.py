"""Who gets what: matters that ask for a look and for measures. None of them charges anybody."""

from typing import Any

from fangxin.actions.monitoring import rules
from fangxin.kernel.casework import api as casework


def open_matter(finding: str, *, key: str, **what: Any) -> Any:
    """A matter by the routing rules; `what` as for `casework.open_by_route`."""
    return casework.open_by_route(rules.route(finding), origin="other", opened_from=key, **what)
