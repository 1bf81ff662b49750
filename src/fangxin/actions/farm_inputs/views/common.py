"""What the views of this action share."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access
from fangxin.actions.farm_inputs.models import Farm
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request


class Listing(ListScreen):
    request: Request


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    township = django_filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_township")
    ability = "farm.lists"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.ability)
        towns = [pair for prefix in prefixes for pair in people.townships(prefix)]
        self.filters["township"].extra["choices"] = towns

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


def require_writing(user: Any, farm: Farm) -> None:
    if not access.may_write(user, farm):
        raise PermissionDenied(_("这家农场的记录由农场自己或者乡镇、农业农村部门代记，您的岗位只能查看。"))
