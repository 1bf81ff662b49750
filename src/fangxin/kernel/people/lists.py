"""What lists of all apps show of divisions."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people.selectors import division_names

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
