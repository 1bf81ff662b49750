"""One enterprise, section, month, notice, leak, or "not found"."""

from typing import Any

from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models import (
    IrrigationNotice,
    Leak,
    MetalEnterprise,
    VocFirm,
    WaterMonth,
    WaterSection,
)
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.finding import one_of

VIEW = selectors.VIEW


def get_metal(user: Any, pk: int, ability: str = VIEW) -> MetalEnterprise:
    return one_of(selectors.list_metal(user, ability).select_related("premises", "acceptance_file"), pk)


def get_section(user: Any, pk: int, ability: str = VIEW) -> WaterSection:
    return one_of(selectors.list_sections(user, ability), pk)


def get_month(user: Any, pk: int, ability: str = VIEW) -> WaterMonth:
    """Also a row that has been corrected since."""
    rows = people.within(WaterMonth.objects.select_related("section", "replaces", "replaced_by"), user, ability)
    return one_of(rows, pk)


def get_notice(user: Any, pk: int, ability: str = VIEW) -> IrrigationNotice:
    return one_of(selectors.list_notices(user, ability), pk)


def get_firm(user: Any, pk: int, ability: str = VIEW) -> VocFirm:
    return one_of(selectors.list_firms(user, ability).select_related("premises"), pk)


def get_leak(user: Any, pk: int, ability: str = VIEW) -> Leak:
    return one_of(selectors.list_leaks(user, ability), pk)
