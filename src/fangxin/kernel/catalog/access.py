from typing import Any

from django.http import Http404

from fangxin.kernel.catalog.models import Edition
from fangxin.kernel.catalog.selectors import list_editions


def get_edition(user: Any, pk: int) -> Edition:
    try:
        return list_editions(user).defer(None).get(pk=pk)
    except (Edition.DoesNotExist, OverflowError):
        raise Http404 from None
