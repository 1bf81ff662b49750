"""One thing of imported food, or "not found"."""

from typing import Any

from fangxin.actions.imported_food import selectors
from fangxin.actions.imported_food.models import (
    Alert,
    AlertMatch,
    Clue,
    Consignment,
    Disposal,
    Session,
    Trader,
    Withdrawal,
)
from fangxin.kernel.screens.finding import one_of


def get_trader(user: Any, pk: int, ability: str = "import.view") -> Trader:
    return one_of(selectors.list_traders(user, ability), pk)


def get_consignment(user: Any, pk: int, ability: str = "import.view") -> Consignment:
    return one_of(selectors.list_consignments(user, ability), pk)


def get_alert(user: Any, pk: int, ability: str = "import.lists") -> Alert:
    return one_of(selectors.list_alerts(user, ability), pk)


def get_match(user: Any, pk: int, ability: str = "import.supervise") -> AlertMatch:
    return one_of(selectors.list_matches(user, ability), pk)


def get_disposal(user: Any, pk: int, ability: str = "import.view") -> Disposal:
    return one_of(selectors.list_disposals(user, ability), pk)


def get_withdrawal(user: Any, pk: int, ability: str = "import.supervise") -> Withdrawal:
    return one_of(selectors.list_withdrawals(user, ability), pk)


def get_session(user: Any, pk: int, ability: str = "import.lists") -> Session:
    return one_of(selectors.list_sessions(user, ability), pk)


def get_clue(user: Any, pk: int, ability: str = "import.clues") -> Clue:
    return one_of(selectors.list_clues(user, ability), pk)


def may_record(user: Any, trader: Trader) -> bool:
    """The trader its own lots; market supervision for those it visits."""
    agency = trader.premises.operator.agency_id
    if agency is not None and agency in user.own_agencies("import.own"):
        return True
    return bool(user.prefixes("import.supervise")) and user.can("import.supervise", trader.division_code)
