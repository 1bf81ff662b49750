"""What the registry's lists share: names of townships, the choice of an area."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request

COUNTY_LENGTH = 6


def township_names(request: Request) -> dict[str, str]:
    """Names of the townships of the person's divisions, asked for once a request."""
    known: dict[str, str] | None = getattr(request, "registry_townships", None)
    if known is None:
        known = {}
        for prefix in request.user.prefixes("registry.view"):
            known.update(people.townships(prefix))
        request.registry_townships = known  # type: ignore[attr-defined]
    return known


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a part of the person's divisions: a township, or above the counties a county."""

    township = django_filters.ChoiceFilter(label=_("乡镇（街道）"), method="by_township")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes("registry.view")
        area = self.filters["township"]
        if any(len(prefix) < COUNTY_LENGTH for prefix in prefixes):
            area.label = _("县（市、区）")
        area.extra["choices"] = [pair for prefix in prefixes for pair in _areas(prefix)]

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


def _areas(prefix: str) -> list[tuple[str, str]]:
    if len(prefix) >= COUNTY_LENGTH:
        return people.townships(prefix)
    return list(people.list_divisions(prefix, length=COUNTY_LENGTH).values_list("code", "name"))
