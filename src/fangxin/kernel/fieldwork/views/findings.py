"""What was found, and whether it has been put right."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork import selectors
from fangxin.kernel.fieldwork.models import Finding
from fangxin.kernel.fieldwork.templatetags.fieldwork import matter_link
from fangxin.kernel.fieldwork.views.common import ONE_LINE, WIDE, TownFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.templatetags.screens import badge


class FindingFilter(TownFilter):
    q = filters.CharFilter(
        label=gettext_lazy("检查对象"), field_name="inspection__premises_name", lookup_expr="icontains", max_length=100
    )
    measure = filters.ChoiceFilter(
        label=gettext_lazy("处理"), choices=Finding.Measure.choices, empty_label=gettext_lazy("全部")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("整改"), method="by_state", empty_label=gettext_lazy("全部"),
        choices=[("open", gettext_lazy("还没有改好")), ("late", gettext_lazy("超过期限没有改好")), ("closed", gettext_lazy("已改好"))],
    )  # fmt: skip

    class Meta:
        model = Finding
        fields: tuple[str, ...] = ()

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "closed":
            return rows.filter(closed_at__isnull=False)
        still = rows.filter(closed_at=None)
        return still.filter(correct_by__lt=ledger.clock.today()) if value == "late" else still


class FindingTable(tables.Table):
    found_on = DayColumn()
    inspection = tables.Column(accessor="inspection__number", verbose_name=gettext_lazy("检查"), orderable=False)
    premises = tables.Column(
        accessor="inspection__premises_name", verbose_name=gettext_lazy("检查对象"), orderable=False,
        linkify=lambda record: record.inspection.get_absolute_url(),
    )  # fmt: skip
    township = TownshipColumn()
    text = tables.Column(orderable=False, attrs=WIDE)
    key = tables.Column()
    measure = tables.Column(attrs=ONE_LINE)
    owner = tables.Column(accessor="owner__short_name", verbose_name=gettext_lazy("整改责任单位"), orderable=False)
    correct_by = DayColumn()
    closed_at = tables.Column(empty_values=(), verbose_name=gettext_lazy("整改"))
    matter = tables.Column(empty_values=(), orderable=False, verbose_name=gettext_lazy("问题事项"))

    class Meta:
        model = Finding
        fields = ("found_on", "inspection", "premises", "township", "text", "clause", "key", "measure", "owner",
                  "correct_by", "closed_at", "matter")  # fmt: skip
        order_by = ()

    def before_render(self, request: Any) -> None:
        for name in ("inspection", "clause", "key"):  # led to by the place, told beside the words
            self.columns.hide(name)

    def render_text(self, value: str, record: Finding) -> Any:
        mark = badge(_("重点项"), "warn") if record.key else ""
        return format_html('{} {}<br><span class="text-secondary">{}</span>', value, mark, record.clause)

    def value_text(self, value: str) -> str:
        return value

    def value_key(self, value: bool) -> str:
        return _("是") if value else _("否")

    def render_closed_at(self, record: Finding) -> Any:
        if record.closed_at is not None:
            return badge(_("已改好"), "good")
        late = record.correct_by is not None and record.correct_by < ledger.clock.today()
        return badge(_("超过期限"), "bad") if late else badge(_("正在整改"), "info")

    def value_closed_at(self, record: Finding) -> Any:
        return record.closed_at

    def render_matter(self, record: Finding) -> Any:
        url = matter_link(record)
        return format_html('<a href="{}">{}</a>', url, _("打开")) if url else "—"

    def value_matter(self, record: Finding) -> str:
        return record.matter_key


class FindingList(ListScreen):
    ability = "inspection.view"
    title = gettext_lazy("检查发现")
    table_class = FindingTable
    filter_class = FindingFilter
    template_name = "fieldwork/list.html"
    sorts_when_long = ("found_on",)
    intro = gettext_lazy("已告知的检查中不合格的项目。没有当场改正的，都有一件问题事项跟到改好。")
    empty_text = gettext_lazy("没有符合条件的检查发现。")

    def rows(self, in_order: bool = False) -> "QuerySet[Finding]":
        rows = selectors.list_findings(self.request.user, in_order=in_order).select_related("inspection__rechecks")
        return rows.order_by("-found_on", "-pk")

    def rows_in_order(self) -> "QuerySet[Finding]":
        return self.rows(in_order=True)
