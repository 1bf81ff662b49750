"""The rapid-test room, self-inspections, meat, stalls asked for their proofs: lists and forms."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.produce_markets import access, rules, selectors, standards
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import RoomTest, SelfCheck, SlaughterCheck, StallCheck
from fangxin.actions.produce_markets.services import checks, rapid
from fangxin.actions.produce_markets.views.common import AreaFilter, market_to_run, one_form
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, posted
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

RESULT_TONES = {"negative": "good", "positive": "bad", "invalid": "plain"}


# --- the rapid-test room ------------------------------------------------------------------------------------------------


class RoomTable(tables.Table):
    tested_on = DayColumn()
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    stall = tables.Column(accessor="stall__code", verbose_name=gettext_lazy("摊位"), default="—")
    food = tables.Column(accessor="rapid_test__food", verbose_name=gettext_lazy("样品"))
    item = tables.Column(accessor="rapid_test__item", verbose_name=gettext_lazy("项目"))
    result = tables.Column(accessor="rapid_test__result", verbose_name=gettext_lazy("结果"))
    number = tables.Column(
        accessor="rapid_test__number", verbose_name=gettext_lazy("快检编号"), attrs={"td": {"class": "text-nowrap"}}
    )
    entry = tables.Column(
        accessor="entry__number", verbose_name=gettext_lazy("入场编号"), default="—",
        linkify=lambda record: record.entry.get_absolute_url() if record.entry is not None else None,
    )  # fmt: skip

    class Meta:
        model = RoomTest
        fields = ("tested_on", "market", "stall", "food", "item", "result", "number", "entry")
        order_by = ()

    def render_result(self, value: Any, record: RoomTest) -> Any:
        return badge(value, RESULT_TONES[record.rapid_test.result])

    def value_result(self, record: RoomTest) -> str:
        return str(record.rapid_test.get_result_display())


class RoomFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("样品名称"), field_name="rapid_test__food", lookup_expr="icontains", max_length=60
    )
    market = django_filters.CharFilter(
        label=gettext_lazy("市场名称"), field_name="market__premises__name", lookup_expr="icontains", max_length=60
    )
    result = django_filters.ChoiceFilter(
        label=gettext_lazy("结果"), field_name="rapid_test__result", choices=own_forms.RESULTS
    )

    class Meta:
        model = RoomTest
        fields = ("text", "market", "result", "township")


class RoomTests(ListScreen):
    ability = "market.view"
    title = gettext_lazy("快检室台账")
    table_class = RoomTable
    filter_class = RoomFilter
    sorts_when_long = ("tested_on",)

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_room_tests(self.request.user).order_by("-tested_on", "-pk")


@needs("market.view")
def test_new(request: Request, pk: int) -> HttpResponse:
    market = market_to_run(request.user, pk)
    form = own_forms.TestForm(posted(request)[0], market=market, initial={"method": _("酶抑制率速测卡")})
    return one_form(
        request, form, lambda: rapid.record_test(market=market, by=request.user, **form.cleaned_data),
        title=_("登记快检：%(name)s") % {"name": market}, back=reverse("produce_markets:day", args=[pk]),
        intro=_("阳性的会自动通知监管、安排法定检验。要停止销售哪一批，请从那批货的页面登记快检。"),
    )  # fmt: skip


# --- self-inspection ----------------------------------------------------------------------------------------------------


class SelfCheckTable(tables.Table):
    period = DayColumn()
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    township = TownshipColumn()
    found = tables.Column(accessor="answers", verbose_name=gettext_lazy("有问题的项"), orderable=False)
    late = tables.Column()

    class Meta:
        model = SelfCheck
        fields = ("period", "cadence", "market", "township", "found", "problems", "late")
        order_by = ()

    def render_cadence(self, value: str) -> str:
        found = standards.cadences(ledger.clock.today()).get(value)
        return found.label if found is not None else value

    def render_found(self, value: Any) -> Any:
        return sum(answer == checks.PROBLEM for answer in value.values())

    def render_late(self, value: bool) -> Any:
        return badge(_("补登"), "warn") if value else "—"

    def value_late(self, value: bool) -> str:
        return _("是") if value else _("否")


class SelfCheckFilter(AreaFilter):
    market = django_filters.CharFilter(
        label=gettext_lazy("市场名称"), field_name="market__premises__name", lookup_expr="icontains", max_length=60
    )
    cadence = django_filters.ChoiceFilter(
        label=gettext_lazy("自查"),
        choices=[("daily", gettext_lazy("每日")), ("weekly", gettext_lazy("每周")), ("monthly", gettext_lazy("每月"))],
    )  # fmt: skip

    class Meta:
        model = SelfCheck
        fields = ("market", "cadence", "township")


class SelfChecks(ListScreen):
    ability = "market.view"
    title = gettext_lazy("市场自查")
    table_class = SelfCheckTable
    filter_class = SelfCheckFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_self_checks(self.request.user).order_by("-period", "-pk")


@needs("market.view")
def self_check_new(request: Request, pk: int, cadence: str) -> HttpResponse:
    market = market_to_run(request.user, pk)
    found = standards.cadences(ledger.clock.today()).get(cadence)
    if found is None:
        raise Http404
    gaps = selectors.gaps_of([market], ledger.clock.today(), (cadence,))[market.pk][cadence]
    asked = request.GET.get("on", "")
    initial = {"period": asked} if asked in {day.isoformat() for day in gaps} else None
    form = own_forms.SelfCheckForm(*posted(request), cadence=found, initial=initial)

    def write() -> SelfCheck:
        values = form.cleaned_data
        return checks.record_self_check(
            market=market, cadence=cadence, period=values["period"], answers=form.answers(),
            problems=values["problems"], file=values["file"], by=request.user,
        )  # fmt: skip

    missing = "、".join(day.isoformat() for day in gaps)
    return one_form(
        request, form, write, title=_("%(label)s自查：%(name)s") % {"label": found.label, "name": market},
        back=reverse("produce_markets:day", args=[pk]),
        intro=_("没有做的：%(days)s") % {"days": missing} if missing else "",
    )  # fmt: skip


# --- meat ---------------------------------------------------------------------------------------------------------------


class MeatTable(tables.Table):
    checked_on = DayColumn()
    premises = tables.Column(accessor="premises__name", verbose_name=gettext_lazy("查验场所"))
    result = tables.Column(accessor="faults", verbose_name=gettext_lazy("结果"), orderable=False, empty_values=())

    class Meta:
        model = SlaughterCheck
        fields = (
            "checked_on",
            "premises",
            "slaughterer",
            "animal",
            "carcasses",
            "quarantine_no",
            "quality_no",
            "drug",
            "result",
        )
        order_by = ()

    def render_result(self, value: list[str]) -> Any:
        return badge(rules.fault_texts(value), "bad") if value else badge(_("符合"), "good")

    def value_result(self, value: list[str]) -> str:
        return rules.fault_texts(value) or _("符合")


class MeatFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("屠宰企业"), field_name="slaughterer", lookup_expr="icontains", max_length=60
    )
    animal = django_filters.ChoiceFilter(label=gettext_lazy("畜禽"), choices=SlaughterCheck.Animal.choices)
    bad = django_filters.ChoiceFilter(
        label=gettext_lazy("结果"),
        method="by_result",
        choices=[("1", gettext_lazy("不符合")), ("0", gettext_lazy("符合"))],
    )

    class Meta:
        model = SlaughterCheck
        fields = ("text", "animal", "bad", "township")

    def by_result(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.exclude(faults=[]) if value == "1" else rows.filter(faults=[])


class Meat(ListScreen):
    ability = "market.view"
    title = gettext_lazy("肉品查验（两证两章、“瘦肉精”）")
    table_class = MeatTable
    filter_class = MeatFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_meat(self.request.user).order_by("-checked_on", "-pk")


@needs("market.view")
def meat_new(request: Request, pk: int) -> HttpResponse:
    """For goods that came in; `pk` is the entry's."""
    entry = access.get_entry(request.user, pk)
    market_to_run(request.user, entry.market_id)
    form = own_forms.MeatForm(posted(request)[0])
    return one_form(
        request, form,
        lambda: checks.record_meat(premises=entry.market.premises, entry=entry, by=request.user, **form.cleaned_data),
        title=_("查验肉品：%(what)s") % {"what": entry}, back=entry.get_absolute_url(),
    )  # fmt: skip


# --- stalls asked -------------------------------------------------------------------------------------------------------


class StallCheckTable(tables.Table):
    checked_on = DayColumn()
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    stall = tables.Column(
        accessor="stall__code",
        verbose_name=gettext_lazy("摊位"),
        linkify=lambda record: record.stall.get_absolute_url(),
    )
    township = TownshipColumn()

    class Meta:
        model = StallCheck
        fields = ("checked_on", "market", "stall", "township", "food", "shown", "purchase_book", "note")
        order_by = ()

    def render_shown(self, value: bool) -> Any:
        return badge(_("能"), "good") if value else badge(_("不能"), "bad")

    def value_shown(self, value: bool) -> str:
        return _("能") if value else _("不能")

    def render_purchase_book(self, value: bool) -> str:
        return _("有") if value else _("没有")

    def value_purchase_book(self, value: bool) -> str:
        return self.render_purchase_book(value)


class StallCheckFilter(AreaFilter):
    shown = django_filters.BooleanFilter(label=gettext_lazy("能出示有效凭证"))

    class Meta:
        model = StallCheck
        fields = ("shown", "township")


class StallChecks(ListScreen):
    ability = "market.view"
    title = gettext_lazy("摊位索证抽查")
    intro = gettext_lazy("抽查时能出示所查品种有效进货凭证的，计入查验率的分子。")
    table_class = StallCheckTable
    filter_class = StallCheckFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_stall_checks(self.request.user).order_by("-checked_on", "-pk")
