"""What lists of all apps show of divisions, and how they are narrowed to one."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people.jurisdiction import under
from fangxin.kernel.people.selectors import division_names, townships

TOWNSHIP_LENGTH = 9


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
