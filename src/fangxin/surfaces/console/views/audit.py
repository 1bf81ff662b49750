"""The ledger on a page: who did what to what, when; and whether the chain holds."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs


class EntryTable(tables.Table):
    at = tables.DateTimeColumn(format="Y-m-d H:i:s", verbose_name=gettext_lazy("时间"))
    event = tables.Column(verbose_name=gettext_lazy("事项"))
    actor_name = tables.Column(verbose_name=gettext_lazy("人员"))
    subject_name = tables.Column(verbose_name=gettext_lazy("对象"))
    division_code = tables.Column(verbose_name=gettext_lazy("区划"))
    data = tables.Column(verbose_name=gettext_lazy("内容"), orderable=False)
    link = tables.Column(
        accessor="seal.seq", verbose_name=gettext_lazy("链节"), orderable=False, default=gettext_lazy("待补")
    )

    def render_event(self, value: str) -> Any:
        return contribute.events.get(value).label if value in contribute.events else value


def _events() -> list[tuple[str, Any]]:
    return [(event.name, event.label) for event in contribute.events]


class EntryFilter(django_filters.FilterSet):
    event = django_filters.ChoiceFilter(label=gettext_lazy("事项"), choices=_events)
    actor = django_filters.CharFilter(label=gettext_lazy("账号"))
    subject_name = django_filters.CharFilter(label=gettext_lazy("对象"), lookup_expr="icontains")
    since = django_filters.DateFilter(label=gettext_lazy("起始日期"), field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=gettext_lazy("截止日期"), field_name="at", lookup_expr="date__lte")


class AuditList(ListScreen):
    ability = "ledger.view"
    title = gettext_lazy("留痕记录")
    table_class = EntryTable
    filter_class = EntryFilter
    page_size = 50

    def rows(self) -> "QuerySet[Any]":
        return ledger.list_entries(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"intro": _("每条记录都与前一条相扣，改动或删除会被发现。"), "verify_url": reverse("console:verify")}

    template_name = "console/audit.html"


@require_POST
@needs("ledger.view")
def verify(request: HttpRequest) -> HttpResponse:
    answer = ledger.verify()
    ledger.record("ledger.verified", of=None, by=request.user, data={"holds": answer.holds, "sealed": answer.sealed})
    return render(request, "console/verified.html", {"title": _("台账校验结果"), "answer": answer})
