import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people import api as people


class DivisionColumn(tables.Column):
    """A division by its name; all names of the page are asked for at once."""

    def __init__(self) -> None:
        super().__init__(verbose_name=_("区划"))

    def render(self, value: str, table: tables.Table) -> str:
        names = getattr(table, "division_names", None)
        if names is None:
            names = people.division_names({row.record.division_code for row in table.paginated_rows})
            table.division_names = names
        return str(names.get(value, value))

    value = render
