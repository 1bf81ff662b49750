"""The one list screen: filters, sorts, counts, exports, and refreshes without a reload."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View
from django_filters import FilterSet
from django_tables2 import A, Column, RequestConfig, Table

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import MOST_ROWS, to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import refuse_unless

# More lines than this nobody turns over page by page. Up to here a list is counted whole, sorts by any column and opens
# at any page; beyond, each of these would read every row for one page of them.
MOST_LISTED = 10_000


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Is told how many lines can be turned over, since the list has counted them already."""

    def __init__(self, *given: Any, counted: int, **options: Any) -> None:
        super().__init__(*given, **options)
        self.count = counted


def count_up_to(rows: Any, most: int) -> int:
    """How many rows there are, or `most` where there are as many or more: plain rows, since ordering, annotations and
    joined columns do not change how many there are."""
    return rows.order_by()[:most].count() if isinstance(rows, QuerySet) else len(rows)


def cell_reader(table: Table, name: str) -> Callable[[Any], Any]:
    """How an export reads a column from a row: straight from the record, unless the column has a way of its own.

    The table's general way examines the functions concerned anew for each cell, which is most of a long export.
    """
    bound = table.columns[name]
    column, accessor = bound.column, A(bound.accessor)
    plain = type(column).value is Column.value and type(column).render is Column.render
    if not plain or bound.value != column.value:
        return lambda row: row.get_cell_value(name)
    field = accessor.get_field(getattr(table.data, "model", None))
    labels = {value: str(label) for value, label in getattr(field, "flatchoices", ())}

    def read(row: Any) -> Any:
        value = accessor.resolve(row.record, quiet=True)
        if value in column.empty_values:
            return None
        return labels.get(value, value) if labels else value

    return read


class ListScreen(View):
    """Subclass and state `ability`, `title`, `table_class`, `filter_class`; give `rows()` from a selector."""

    request: Request
    ability: str
    title: Any = ""
    # A sentence above the list: what it is for.
    intro: Any = ""
    table_class: type[Table]
    filter_class: type[FilterSet] | None = None
    page_size = 25
    export_name: Any = ""
    empty_text: Any = ""
    template_name = "screens/list.html"
    # Columns whose order an index keeps: a long list sorts by these only.
    sorts_when_long: tuple[str, ...] = ()
    # Columns that never leave by export because they hold buttons or personal data.
    export_without: tuple[str, ...] = ("actions",)

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def rows_in_order(self) -> "QuerySet[Any]":
        """The same rows for a list so long that reading it by place would sort them all for one page."""
        return self.rows()

    def more_context(self) -> dict[str, Any]:
        """Buttons and texts of the particular list: `actions` is a list of (label, url, icon)."""
        return {"intro": self.intro} if self.intro else {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_unless(request, self.ability)
        filterset, rows = self.filtered(self.rows())
        if request.GET.get("_export") == "xlsx":
            return self.export(self.table_of(rows))
        counted = count_up_to(rows, MOST_LISTED + 1)
        if counted > MOST_LISTED:
            filterset, rows = self.filtered(self.rows_in_order())
        table = self.table_of(rows)
        context = {"table": table, "filter": filterset, "title": self.title, "screen": self, **self.more_context()}
        if counted > MOST_LISTED:
            context["long"] = self.shorten(table, rows)
        paging = {"per_page": self.page_size, "paginator_class": CountedPaginator, "counted": min(counted, MOST_LISTED)}
        RequestConfig(request, paginate=paging).configure(table)
        template = "screens/list_body.html" if getattr(request, "htmx", False) else self.template_name
        return render(request, template, context)

    def filtered(self, rows: Any) -> tuple[FilterSet | None, Any]:
        if self.filter_class is None:
            return None, rows
        filterset = self.filter_class(self.request.GET, queryset=rows, request=self.request)
        return filterset, filterset.qs

    def table_of(self, rows: Any) -> Table:
        return self.table_class(rows, empty_text=self.empty_text or _("没有符合条件的记录。可以放宽筛选条件再试。"))

    def shorten(self, table: Table, rows: "QuerySet[Any]") -> dict[str, Any]:
        """Leave out the sorts that would read every row; how many there are is counted when somebody asks."""
        for column in table.columns:
            if column.name not in self.sorts_when_long:
                column.column.orderable = False
        asked = self.request.GET.get("_count") == "all"
        query = self.request.GET.copy()
        query["_count"] = "all"
        return {
            "most": MOST_LISTED,
            "total": rows.order_by().count() if asked else None,
            "count_url": f"?{query.urlencode()}",
        }

    def export(self, table: Table) -> HttpResponse:
        RequestConfig(self.request, paginate=False).configure(table)
        names = [c.name for c in table.columns if c.name not in self.export_without]
        headers = [str(table.columns[name].header) for name in names]
        readers = [cell_reader(table, name) for name in names]
        rows = ([read(row) for read in readers] for row in islice(table.rows, MOST_ROWS))
        name = str(self.export_name or self.title)
        content = to_xlsx(headers, rows, title=name)
        ledger.record(
            "screens.exported",
            of=None,
            by=self.request.user,
            data={"list": name, "query": self.request.GET.urlencode()},
        )
        return xlsx_response(name, content)
