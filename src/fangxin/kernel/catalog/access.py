from typing import Any

from django.http import Http404

from fangxin.kernel.catalog.models import Edition, LimitTable
from fangxin.kernel.catalog.selectors import list_editions, list_limit_tables
from fangxin.kernel.screens.finding import one_of


def get_edition(user: Any, pk: int) -> Edition:
    try:
        return list_editions(user).defer(None).get(pk=pk)
    except (Edition.DoesNotExist, OverflowError):
        raise Http404 from None


def get_limit_table(user: Any, pk: int) -> LimitTable:
    return one_of(list_limit_tables(user), pk)
