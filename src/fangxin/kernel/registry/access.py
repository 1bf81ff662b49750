from typing import Any

from django.http import Http404

from fangxin.kernel.registry import selectors
from fangxin.kernel.registry.models import (
    CensusEntry,
    CensusSurvey,
    ChangeRequest,
    Credential,
    ImportBatch,
    Merge,
    Operator,
    Parcel,
    Premises,
    Staff,
)
from fangxin.kernel.screens.finding import one_of


def get_premises(user: Any, pk: int, ability: str = "registry.view") -> Premises:
    """Also a merged row, whose page points to the one that stayed."""
    rows = Premises.objects.select_related("operator", "merged_into")
    return one_of(selectors.scoped(rows, user, ability, own="operator__agency"), pk)


def get_standing_premises(user: Any, pk: int, ability: str) -> Premises:
    return one_of(selectors.list_premises(user, ability), pk)


def get_operator(user: Any, pk: int) -> Operator:
    """An operator of the person's divisions, or one who runs premises there."""
    seen = Operator.objects.filter(pk__in=selectors.list_premises(user).order_by().values("operator_id"))
    try:
        return one_of(selectors.list_operators(user), pk)
    except Http404:
        return one_of(seen, pk)


def get_operator_to_edit(user: Any, pk: int) -> Operator:
    return one_of(selectors.list_operators(user, "registry.edit"), pk)


def get_parcel(user: Any, pk: int, ability: str = "registry.view") -> Parcel:
    return one_of(selectors.list_parcels(user, ability), pk)


def get_credential(user: Any, pk: int, ability: str = "registry.view") -> Credential:
    return one_of(selectors.list_credentials(user, ability).select_related("premises__operator"), pk)


def get_staff(user: Any, pk: int, ability: str = "registry.view") -> Staff:
    return one_of(selectors.list_staff(user, ability), pk)


def get_survey(user: Any, pk: int) -> CensusSurvey:
    return one_of(selectors.list_surveys(user), pk)


def get_census_entry(user: Any, pk: int, ability: str = "registry.view") -> CensusEntry:
    return one_of(selectors.list_census_entries(user, ability), pk)


def get_change_request(user: Any, pk: int) -> ChangeRequest:
    return one_of(selectors.list_change_requests(user), pk)


def get_merge(user: Any, pk: int) -> Merge:
    return one_of(selectors.list_merges(user), pk)


def get_import(user: Any, pk: int) -> ImportBatch:
    return one_of(selectors.list_imports(user), pk)
