from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fangxin.kernel.catalog.access import get_edition
from fangxin.kernel.catalog.models import Edition
from fangxin.kernel.catalog.selectors import in_force, list_editions
from fangxin.kernel.catalog.services import confirm_edition
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

# Known kinds by their Chinese names; another kind shows under its folder's name.
KINDS = {
    "indicators": gettext_lazy("目标与指标"),
    "clocks": gettext_lazy("办理时限"),
    "plans": gettext_lazy("工作方案"),
    "assessment": gettext_lazy("考核规则"),
    "casework": gettext_lazy("问题整改"),
    "registry": gettext_lazy("底册规则"),
}


class EditionFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("名称或编号"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("规则类别"), choices=list(KINDS.items()))
    on = django_filters.DateFilter(
        label=gettext_lazy("施行于"), method="by_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Edition
        fields: list[str] = []

    def by_text(self, rows: "QuerySet[Edition]", name: str, value: str) -> "QuerySet[Edition]":
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def by_day(self, rows: "QuerySet[Edition]", name: str, value: Any) -> "QuerySet[Edition]":
        return rows.filter(in_force(value))


class EditionTable(tables.Table):
    kind = tables.Column()
    name = tables.Column(linkify=("catalog:detail", {"pk": tables.A("pk")}))
    in_force_from = tables.DateColumn(format="Y-m-d", attrs={"td": {"class": "text-nowrap"}})
    in_force_to = tables.DateColumn(format="Y-m-d", attrs={"td": {"class": "text-nowrap"}})
    state = tables.Column(verbose_name=gettext_lazy("状态"), accessor="pk", orderable=False)

    class Meta:
        model = Edition
        fields = ("kind", "code", "name", "edition", "in_force_from", "in_force_to", "source", "confidence", "state")
        order_by = ("kind", "code")

    def render_kind(self, value: str) -> Any:
        return KINDS.get(value, value)

    def render_state(self, record: Edition) -> Any:
        return badge(*state_of(record))

    def value_state(self, record: Edition) -> str:
        return state_of(record)[0]


def state_of(edition: Edition) -> tuple[str, str]:
    if edition.needs_confirmation:
        return _("待确认"), "warn"
    today = ledger.clock.today()
    if edition.in_force_on(today):
        return _("施行中"), "good"
    if edition.in_force_from and edition.in_force_from > today:
        return _("尚未施行"), "info"
    return _("已废止"), "plain"


class EditionList(ListScreen):
    ability = "catalog.view"
    title = gettext_lazy("规则与版本")
    table_class = EditionTable
    filter_class = EditionFilter

    def rows(self) -> "QuerySet[Any]":
        return list_editions(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {
            "intro": _(
                "规则来自经复核的文件，判定时使用触发日施行的版本。"
                "凭记忆录入或由平台解读的内容标为“待确认”，由食安办核对原文后确认。"
            )
        }


@require_GET
@needs("catalog.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_edition(request.user, pk)
    context = {
        "title": str(edition),
        "edition": edition,
        "kind": KINDS.get(edition.kind, edition.kind),
        "state": state_of(edition),
        "may_confirm": edition.needs_confirmation and request.user.can("catalog.confirm"),  # type: ignore[union-attr]
    }
    return render(request, "catalog/edition.html", context)


@require_POST
@needs("catalog.confirm")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_edition(request.user, pk)
    try:
        confirm_edition(edition=edition, digest=request.POST.get("digest", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已确认这一版本。"))
    return redirect("catalog:detail", pk=edition.pk)
