"""Lines for the work of today, and who may open a picture that waits in a conflict."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing.data import Waiting
from fangxin.surfaces.field import selectors
from fangxin.surfaces.field.models import Conflict, Upload


def work(user: Any) -> Sequence[Waiting]:
    if not user.can("field.devices"):
        return []
    waiting = selectors.list_conflicts(user).filter(state=Conflict.State.OPEN)
    url = reverse("field:conflicts") + "?state=open"
    return [Waiting("new", _("有%(n)s条手机记录没有自动采用，等待处理"), url, waiting)]


def may_see(user: Any, file_id: int) -> bool:
    """A picture that an operation in a conflict of the person's reach carries."""
    if not user.can("field.view"):
        return False
    for digest in Upload.objects.filter(file=file_id).values_list("digest", flat=True):
        waiting = selectors.list_conflicts(user).filter(operation__device__uploads__digest=digest)
        if any(digest in row.operation.files for row in waiting[:1000]):
            return True
    return False
