"""One dealer, sheet, point or forecast, or "not found"."""

from typing import Any

from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import (
    CropYear,
    Dealer,
    Forecast,
    ForecastNotice,
    LedgerLine,
    LedgerSheet,
    PackagePoint,
    UsageFigure,
)
from fangxin.kernel.screens.finding import one_of


def get_dealer(user: Any, pk: int, ability: str = selectors.VIEW) -> Dealer:
    return one_of(selectors.list_dealers(user, ability), pk)


def get_line(user: Any, pk: int, ability: str = selectors.VIEW) -> LedgerLine:
    return one_of(selectors.list_lines(user, ability), pk)


def get_sheet(user: Any, pk: int, ability: str = selectors.VIEW) -> LedgerSheet:
    return one_of(selectors.list_sheets(user, ability).select_related("file"), pk)


def get_point(user: Any, pk: int, ability: str = selectors.LISTS) -> PackagePoint:
    return one_of(selectors.list_points(user, ability), pk)


def get_area(user: Any, pk: int) -> CropYear:
    return one_of(selectors.list_areas(user, "inputs.figures"), pk)


def get_usage(user: Any, pk: int) -> UsageFigure:
    return one_of(selectors.list_usage(user, "inputs.figures"), pk)


def get_forecast(user: Any, pk: int) -> Forecast:
    return one_of(selectors.list_forecasts(user), pk)


def get_notice(user: Any, pk: int) -> ForecastNotice:
    return one_of(selectors.list_notices(user), pk)
