"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.supply import selectors
from fangxin.kernel.supply.models import ApiToken, Dispatch, Lot, Receipt, Upload


def get_lot(user: Any, pk: int, ability: str = "supply.view") -> Lot:
    return one_of(selectors.list_lots(user, ability).select_related("premises__operator", "parcel", "product"), pk)


def get_receipt(user: Any, pk: int, ability: str = "supply.view") -> Receipt:
    return one_of(selectors.list_receipts(user, ability), pk)


def get_dispatch(user: Any, pk: int, ability: str = "supply.record") -> Dispatch:
    return one_of(selectors.list_dispatches(user, ability), pk)


def get_coming(user: Any, pk: int) -> Dispatch:
    return one_of(selectors.coming_to(user), pk)


def get_upload(user: Any, pk: int) -> Upload:
    return one_of(selectors.list_uploads(user), pk)


def get_token(user: Any, pk: int) -> ApiToken:
    return one_of(selectors.list_tokens(user), pk)


def get_premises(user: Any, pk: int, ability: str = "supply.record") -> Any:
    return one_of(registry.list_premises(user, ability), pk)
