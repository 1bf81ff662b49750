"""All lines of all books, what was refused, and what was found."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import InputFinding, LedgerLine, RefusedSale
from fangxin.actions.farm_inputs.services import dealing
from fangxin.actions.farm_inputs.views.common import AreaFilter
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen


class LineTable(tables.Table):
    on = DayColumn()
    dealer = tables.Column(accessor="dealer__name", verbose_name=gettext_lazy("农资店"), orderable=False,
                           linkify=lambda record: record.dealer.get_absolute_url())  # fmt: skip
    product = tables.Column(accessor="product__name", verbose_name=gettext_lazy("产品"), orderable=False)
    registration = tables.Column(
        accessor="product__registration_no", verbose_name=gettext_lazy("登记证号"), orderable=False
    )
    township = TownshipColumn()
    restricted = tables.Column(verbose_name=gettext_lazy("限制使用"), orderable=False)
    standing = tables.Column(accessor="pk", verbose_name=gettext_lazy("情况"), orderable=False)

    class Meta:
        model = LedgerLine
        fields = (
            "on", "dealer", "kind", "product", "registration", "amount", "unit", "packs", "active_g", "crop", "restricted",
            "township", "standing",
        )  # fmt: skip
        order_by = ()

    def render_amount(self, value: Any) -> str:
        return dealing.plain(value)

    def render_active_g(self, value: Any) -> str:
        return dealing.plain(value)

    def render_restricted(self, value: bool) -> str:
        return _("是") if value else "—"

    def render_standing(self, record: LedgerLine) -> Any:
        return self.value_standing(record)

    def value_standing(self, record: LedgerLine) -> str:
        if record.takes_back_id is not None:
            return _("撤回另一笔")
        if record.taken_back:  # type: ignore[attr-defined]
            return _("已撤回")
        return _("有问题") if record.problems else _("正常")


class LineFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("产品、登记证号、店名"), method="by_text", max_length=60)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=LedgerLine.Kind.choices)
    since = django_filters.DateFilter(label=gettext_lazy("自"), field_name="on", lookup_expr="gte",
                                      widget=own_forms.DayInput())  # fmt: skip
    until = django_filters.DateFilter(label=gettext_lazy("至"), field_name="on", lookup_expr="lte",
                                      widget=own_forms.DayInput())  # fmt: skip
    only = django_filters.ChoiceFilter(
        label=gettext_lazy("只看"), method="by_only",
        choices=[("restricted", gettext_lazy("限制使用农药")), ("problems", gettext_lazy("有问题的"))],
    )  # fmt: skip

    class Meta:
        model = LedgerLine
        fields = ("text", "township", "kind", "since", "until", "only")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(
            Q(product__name__icontains=text) | Q(product__registration_no=text) | Q(dealer__name__icontains=text)
        )

    def by_only(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(restricted=True) if value == "restricted" else rows.exclude(problems=[])


class Lines(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("农资进销台账")
    table_class = LineTable
    filter_class = LineFilter
    empty_text = gettext_lazy("还没有台账。")
    sorts_when_long = ("on",)

    def rows(self) -> "QuerySet[Any]":
        back = LedgerLine.objects.filter(takes_back=OuterRef("pk"))
        rows = selectors.list_lines(self.request.user, "inputs.lists")
        return rows.annotate(taken_back=Exists(back)).order_by("-on", "-pk")


class RefusedTable(tables.Table):
    on = DayColumn()
    dealer = tables.Column(accessor="dealer__name", verbose_name=gettext_lazy("农资店"), orderable=False,
                           linkify=lambda record: record.dealer.get_absolute_url())  # fmt: skip
    product = tables.Column(accessor="product__name", verbose_name=gettext_lazy("产品"), orderable=False)
    township = TownshipColumn()

    class Meta:
        model = RefusedSale
        fields = ("on", "dealer", "product", "text", "clause", "township")
        order_by = ()


class RefusedFilter(AreaFilter):
    class Meta:
        model = RefusedSale
        fields = ("township",)


class Refused(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("拒绝售出记录")
    table_class = RefusedTable
    filter_class = RefusedFilter
    empty_text = gettext_lazy("没有被拒绝的售出。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_refused(self.request.user)


class FindingTable(tables.Table):
    found_on = DayColumn()
    township = TownshipColumn()
    matter = tables.Column(
        accessor="matter__number", verbose_name=gettext_lazy("问题事项"), orderable=False,
        linkify=lambda record: record.matter.get_absolute_url(),
    )  # fmt: skip

    class Meta:
        model = InputFinding
        fields = ("found_on", "text", "clause", "township", "matter")
        order_by = ()


class FindingFilter(AreaFilter):
    class Meta:
        model = InputFinding
        fields = ("township",)


class Findings(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("农资问题")
    table_class = FindingTable
    filter_class = FindingFilter
    empty_text = gettext_lazy("没有发现问题。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_findings(self.request.user)
