"""The one list screen: filters, sorts, counts, exports, and refreshes without a reload."""

from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import MOST_ROWS, to_xlsx, xlsx_response
from fangxin.kernel.screens.permission import refuse_unless


class CountingPaginator(Paginator):  # type: ignore[type-arg]
    """Counts the plain rows: ordering, annotations and joined columns do not change how many there are."""

    @cached_property
    def count(self) -> int:
        rows = getattr(self.object_list, "data", self.object_list)
        if isinstance(rows, QuerySet):
            return rows.order_by().count()
        return len(rows)


class ListScreen(View):
    """Subclass and state `ability`, `title`, `table_class`, `filter_class`; give `rows()` from a selector."""

    ability: str
    title: Any = ""
    table_class: type[Table]
    filter_class: type[FilterSet] | None = None
    page_size = 25
    export_name: Any = ""
    empty_text: Any = ""
    template_name = "screens/list.html"
    # Columns that never leave by export because they hold buttons or personal data.
    export_without: tuple[str, ...] = ("actions",)

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def more_context(self) -> dict[str, Any]:
        """Buttons and texts of the particular list: `actions` is a list of (label, url, icon)."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_unless(request, self.ability)
        filterset = self.filter_class(request.GET, queryset=self.rows(), request=request) if self.filter_class else None
        rows = filterset.qs if filterset is not None else self.rows()
        table = self.table_class(rows, empty_text=self.empty_text or _("没有符合条件的记录。可以放宽筛选条件再试。"))
        if request.GET.get("_export") == "xlsx":
            return self.export(table)
        RequestConfig(request, paginate={"per_page": self.page_size, "paginator_class": CountingPaginator}).configure(
            table
        )
        context = {"table": table, "filter": filterset, "title": self.title, "screen": self, **self.more_context()}
        template = "screens/list_body.html" if getattr(request, "htmx", False) else self.template_name
        return render(request, template, context)

    def export(self, table: Table) -> HttpResponse:
        RequestConfig(self.request, paginate=False).configure(table)
        names = [c.name for c in table.columns if c.name not in self.export_without]
        headers = [str(table.columns[name].header) for name in names]
        rows = ([row.get_cell_value(name) for name in names] for row in islice(table.rows, MOST_ROWS))
        name = str(self.export_name or self.title)
        content = to_xlsx(headers, rows, title=name)
        ledger.record(
            "screens.exported",
            of=None,
            by=self.request.user,
            data={"list": name, "query": self.request.GET.urlencode()},
        )
        return xlsx_response(name, content)
