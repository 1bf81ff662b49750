from typing import Any, TypeVar

from django.db.models import Model, QuerySet
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
    Premises,
    Staff,
)

T = TypeVar("T", bound=Model)
LARGEST_KEY = 2**63 - 1


def _one(rows: "QuerySet[T]", pk: int) -> T:
    found = rows.filter(pk=pk).first() if 0 < pk <= LARGEST_KEY else None
    if found is None:
        raise Http404
    return found


def get_premises(user: Any, pk: int, ability: str = "registry.view") -> Premises:
    """Also a merged row, whose page points to the one that stayed."""
    rows = Premises.objects.select_related("operator", "merged_into")
    return _one(selectors.scoped(rows, user, ability, own="operator__agency"), pk)


def get_standing_premises(user: Any, pk: int, ability: str) -> Premises:
    return _one(selectors.list_premises(user, ability), pk)


def get_operator(user: Any, pk: int) -> Operator:
    """An operator of the person's divisions, or one who runs premises there."""
    seen = Operator.objects.filter(pk__in=selectors.list_premises(user).order_by().values("operator_id"))
    try:
        return _one(selectors.list_operators(user), pk)
    except Http404:
        return _one(seen, pk)


def get_operator_to_edit(user: Any, pk: int) -> Operator:
    return _one(selectors.list_operators(user, "registry.edit"), pk)


def get_credential(user: Any, pk: int, ability: str = "registry.view") -> Credential:
    return _one(selectors.list_credentials(user, ability).select_related("premises__operator"), pk)


def get_staff(user: Any, pk: int, ability: str = "registry.view") -> Staff:
    return _one(selectors.list_staff(user, ability), pk)


def get_survey(user: Any, pk: int) -> CensusSurvey:
    return _one(selectors.list_surveys(user), pk)


def get_census_entry(user: Any, pk: int, ability: str = "registry.view") -> CensusEntry:
    return _one(selectors.list_census_entries(user, ability), pk)


def get_change_request(user: Any, pk: int) -> ChangeRequest:
    return _one(selectors.list_change_requests(user), pk)


def get_merge(user: Any, pk: int) -> Merge:
    return _one(selectors.list_merges(user), pk)


def get_import(user: Any, pk: int) -> ImportBatch:
    return _one(selectors.list_imports(user), pk)
