"""One official, one place held, one change within reach, or "not found"."""

from typing import Any

from fangxin.kernel.fieldwork import selectors_guarantees as selectors
from fangxin.kernel.fieldwork.models import Cadre, Guarantee, StatusChange
from fangxin.kernel.screens.finding import one_of


def get_guarantee(user: Any, pk: int, ability: str) -> Guarantee:
    return one_of(selectors.list_guarantees(user, ability).select_related("premises__operator", "cadre"), pk)


def get_cadre(user: Any, pk: int, ability: str) -> Cadre:
    rows = selectors.list_cadres(user, ability)
    return one_of(rows.select_related("duties", "tasks", "supervision", "promise", "user"), pk)


def get_change(user: Any, pk: int, ability: str) -> StatusChange:
    return one_of(selectors.list_changes(user, ability), pk)
