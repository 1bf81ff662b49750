"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from fangxin.actions.farm_inputs import selectors
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Farm, Harvest, Product
from fangxin.kernel.screens.finding import one_of


def get_farm(user: Any, pk: int) -> Farm:
    return one_of(selectors.list_farms(user).select_related("premises__operator"), pk)


def get_batch(user: Any, pk: int) -> Batch:
    return one_of(selectors.list_batches(user).select_related("farm__premises__operator"), pk)


def get_product(pk: int) -> Product:
    return one_of(selectors.list_products().prefetch_related("label_uses"), pk)


def get_application(user: Any, pk: int) -> Application:
    return one_of(selectors.list_applications(user).select_related("batch__farm__premises__operator"), pk)


def get_diary_entry(user: Any, pk: int) -> DiaryEntry:
    return one_of(selectors.list_diary(user).select_related("batch__farm__premises__operator"), pk)


def get_harvest(user: Any, pk: int) -> Harvest:
    return one_of(selectors.list_harvests(user).select_related("batch__farm__premises__operator"), pk)


def may_write(user: Any, farm: Farm) -> bool:
    """The farm its own book; the department and the township for whom they help."""
    if farm.premises.operator.agency_id is not None and farm.premises.operator.agency_id in user.own_agencies(
        "farm.own"
    ):
        return True
    return bool(user.prefixes("farm.record")) and user.can("farm.record", farm.division_code)
