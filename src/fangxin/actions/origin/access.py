"""One object of soil and land, or "not found"."""

from typing import Any

from fangxin.actions.origin import selectors
from fangxin.actions.origin.models import ClassDecision, LandUnit, SoilMeasure, SoilPoint, SoilSample
from fangxin.kernel.screens.finding import one_of


def get_point(user: Any, pk: int, ability: str = "origin.view") -> SoilPoint:
    return one_of(selectors.list_points(user, ability), pk)


def get_sample(user: Any, pk: int, ability: str = "origin.edit") -> SoilSample:
    return one_of(selectors.list_samples(user, ability), pk)


def get_unit(user: Any, pk: int, ability: str = "origin.view") -> LandUnit:
    return one_of(selectors.list_units(user, ability), pk)


def get_decision(user: Any, pk: int, ability: str = "origin.view") -> ClassDecision:
    return one_of(selectors.list_decisions(user, ability).select_related("unit", "approval_file"), pk)


def get_measure(user: Any, pk: int, ability: str = "origin.view") -> SoilMeasure:
    return one_of(selectors.list_measures(user, ability).select_related("parcel", "evidence"), pk)


def get_parcel(user: Any, pk: int, ability: str = "origin.view") -> Any:
    return one_of(selectors.list_parcels(user, ability).select_related("operator"), pk)
