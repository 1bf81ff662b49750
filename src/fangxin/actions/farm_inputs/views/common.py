"""What the views of this action share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import access
from fangxin.actions.farm_inputs.models import Farm
from fangxin.kernel.people import lists


class AreaFilter(lists.AreaFilter):
    ability = "farm.lists"


def require_writing(user: Any, farm: Farm) -> None:
    if not access.may_write(user, farm):
        raise PermissionDenied(_("这家农场的记录由农场自己或者乡镇、农业农村部门代记，您的岗位只能查看。"))
