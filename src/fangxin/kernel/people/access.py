from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404

from fangxin.kernel.people.models import Agency, Division, Post, User
from fangxin.kernel.people.selectors import list_manageable_agencies, list_manageable_divisions, list_users

T = TypeVar("T", bound=Model)


def get_user_to_manage(user: Any, pk: int) -> User:
    return _one(list_users(user), pk)


def get_agency_to_manage(user: Any, pk: int) -> Agency:
    return _one(list_manageable_agencies(user), pk)


def get_division_to_manage(user: Any, pk: int) -> Division:
    return _one(list_manageable_divisions(user), pk)


def get_post_to_manage(user: Any, pk: int) -> Post:
    return _one(Post.objects.filter(user__in=list_users(user)), pk)


def _one(rows: "QuerySet[T]", pk: int) -> T:
    try:
        return rows.get(pk=pk)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
