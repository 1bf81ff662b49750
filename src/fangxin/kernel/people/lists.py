"""What lists of all apps show of divisions, and how they are narrowed to one."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people.jurisdiction import under
from fangxin.kernel.people.selectors import division_names, list_divisions, townships

TOWNSHIP_LENGTH, VILLAGE_LENGTH = 9, 12
COUNTY_LENGTH = 6
MOST_CHOICES = 3000


class TownshipColumn(tables.Column):
    """The township's name to a division code of any length, asked for once for all lines that are shown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"accessor": "division_code", "verbose_name": _("乡镇（街道）"), **options})
        self.names: dict[str, str] | None = None

    def render(self, value: str, table: tables.Table) -> str:
        return self.value(value, table)

    def value(self, value: str, table: tables.Table) -> str:
        if self.names is None:
            codes = {self.accessor.resolve(row)[:TOWNSHIP_LENGTH] for row in table.paginated_rows.data}
            self.names = division_names(codes)
        return self.names.get(value[:TOWNSHIP_LENGTH], value)


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a township of the divisions in which the person has an ability."""

    township = django_filters.ChoiceFilter(label=_("乡镇（街道）"), method="by_township")
    ability = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.ability)
        self.filters["township"].extra["choices"] = [pair for prefix in prefixes for pair in townships(prefix)]

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(under(value))


class PlaceField(forms.ChoiceField):
    """Divisions below some prefixes, townships and villages unless other lengths are asked for."""

    def __init__(
        self,
        prefixes: list[str],
        *,
        shortest: int = TOWNSHIP_LENGTH,
        longest: int = VILLAGE_LENGTH,
        **options: Any,
    ) -> None:
        names: dict[str, str] = {}
        for prefix in prefixes:
            names.update(list_divisions(prefix[:COUNTY_LENGTH]).values_list("code", "name")[:MOST_CHOICES])
        fits = [c for c in sorted(names) if shortest <= len(c) <= longest and any(c.startswith(p) for p in prefixes)]
        shown = [
            (c, names[c] if len(c) <= TOWNSHIP_LENGTH else f"{names.get(c[:9], '')} {names[c]}".strip()) for c in fits
        ]
        super().__init__(choices=[("", _("请选择")), *shown], **options)
