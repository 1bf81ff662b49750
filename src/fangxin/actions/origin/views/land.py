"""Parcels by class, their life, what does not fit together, the safe-use rate, the map."""

from itertools import chain
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import access, accounts, rules, selectors
from fangxin.actions.origin.models import ProduceResult, SoilClass
from fangxin.actions.origin.services import contradictions
from fangxin.actions.origin.views.common import AreaFilter
from fangxin.actions.origin.views.points import ZONE_TONES, metals_of
from fangxin.actions.origin.views.units import CLASS_TONES
from fangxin.engines.indicators import Figure, display_percent
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

MOST_MOMENTS = 100
MOST_DRAWN = 4000
PRODUCE = {"none": (gettext_lazy("没有结果"), "plain"), "within": (gettext_lazy("未超标"), "good"),
           "above": (gettext_lazy("超标"), "bad")}  # fmt: skip
OUTCOME_TONES = {"conforming": "good", "nonconforming": "bad"}


def class_word(soil_class: str) -> str:
    return str(SoilClass(soil_class).label) if soil_class else _("还没有划定")


class ParcelTable(tables.Table):
    number = tables.Column(
        verbose_name=gettext_lazy("地块编号"), linkify=lambda record: reverse("origin:parcel", args=[record.pk])
    )
    name = tables.Column(verbose_name=gettext_lazy("名称"))
    township = TownshipColumn()
    area_mu = tables.Column(verbose_name=gettext_lazy("面积（亩）"))
    crop = tables.Column(verbose_name=gettext_lazy("作物"), default="—")
    soil_class = tables.Column(verbose_name=gettext_lazy("耕地类别"), orderable=False, empty_values=())
    measured = tables.Column(verbose_name=gettext_lazy("措施"), orderable=False, empty_values=())
    produce = tables.Column(verbose_name=gettext_lazy("农产品（一年内）"), orderable=False)

    class Meta:
        order_by = ()

    def render_soil_class(self, record: Any) -> str:
        return badge(class_word(record.soil_class), CLASS_TONES[record.soil_class])

    def value_soil_class(self, record: Any) -> str:
        return class_word(record.soil_class)

    def render_measured(self, record: Any) -> str:
        word = self.value_measured(record)
        return badge(word, "good" if record.measured else "warn") if record.soil_class in selectors.POLLUTED else word

    def value_measured(self, record: Any) -> str:
        if record.soil_class not in selectors.POLLUTED:
            return _("不需要")
        return _("已实施") if record.measured else _("还没有")

    def render_produce(self, record: Any) -> str:
        return badge(*PRODUCE[record.produce])

    def value_produce(self, record: Any) -> str:
        return str(PRODUCE[record.produce][0])


class ParcelFilter(AreaFilter):
    number = django_filters.CharFilter(label=gettext_lazy("地块编号"), lookup_expr="istartswith", max_length=30)
    soil_class = django_filters.ChoiceFilter(label=gettext_lazy("耕地类别"), choices=SoilClass.choices)
    crop = django_filters.CharFilter(label=gettext_lazy("作物"), lookup_expr="icontains", max_length=60)


class Parcels(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("耕地地块和类别")
    table_class = ParcelTable
    filter_class = ParcelFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_parcels(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("地图"), reverse("origin:map"), "map")]}


class TroubleTable(ParcelTable):
    trouble = tables.Column(verbose_name=gettext_lazy("对不上的地方"), orderable=False, empty_values=())

    class Meta:
        order_by = ()
        sequence = ("number", "name", "township", "trouble", "...")

    def render_trouble(self, record: Any) -> str:
        return self.value_trouble(record)

    def value_trouble(self, record: Any) -> str:
        today = ledger.clock.today()
        return "；".join(rules.route_of(code, today).label for code in contradictions.codes_of(record, today))


class TroubleFilter(AreaFilter):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("哪一种"), method="by_kind")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        codes = contradictions.conditions(today)
        self.filters["kind"].extra["choices"] = [(code, rules.route_of(code, today).label) for code in codes]

    def by_kind(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return contradictions.contradicting(rows, ledger.clock.today(), value)


class Contradictions(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("类别、作物、措施对不上的地块")
    table_class = TroubleTable
    filter_class = TroubleFilter
    empty_text = gettext_lazy("没有发现对不上的地块。没有登记作物、没有检测农产品的，不算没有问题。")

    def rows(self) -> "QuerySet[Any]":
        return contradictions.contradicting(selectors.list_parcels(self.request.user), ledger.clock.today())

    def more_context(self) -> dict[str, Any]:
        return {"intro": _("每天早上自动核对，对不上的立为问题事项，交责任单位整改；整改好后自动从这里消失。")}


class ProduceTable(tables.Table):
    parcel = tables.Column(
        accessor="parcel__number", verbose_name=gettext_lazy("地块"), orderable=False,
        linkify=lambda record: reverse("origin:parcel", args=[record.parcel_id]),
    )  # fmt: skip
    township = TownshipColumn()
    sampled_on = DayColumn()

    class Meta:
        model = ProduceResult
        fields = ("sample_number", "parcel", "township", "food", "analyte", "value", "unit", "limit", "outcome", "standard",
                  "sampled_on")  # fmt: skip
        order_by = ()

    def render_outcome(self, record: ProduceResult) -> str:
        return badge(record.get_outcome_display(), OUTCOME_TONES.get(record.outcome, "plain"))


class ProduceFilter(AreaFilter):
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("结论"), choices=ProduceResult.Outcome.choices)

    class Meta:
        model = ProduceResult
        fields = ["township", "outcome"]


class Produce(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("地块上的农产品检测结果")
    table_class = ProduceTable
    filter_class = ProduceFilter
    empty_text = gettext_lazy("还没有结果。检验机构给出结论、样品写明地块的，自动列在这里。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_produce(self.request.user)


@needs("origin.view")
def parcel_page(request: Request, pk: int) -> HttpResponse:
    """The life of a parcel: soil and produce side by side, class, measures, what does not fit."""
    parcel = access.get_parcel(request.user, pk)
    today = ledger.clock.today()
    points = list(parcel.soil_points.order_by("code"))
    newest = [p.samples.filter(replaced_by=None).order_by("-sampled_on", "-pk").first() for p in points]
    tellers = list(contribute.timelines)
    moments = chain.from_iterable(tell(request.user, "registry.parcel", str(parcel.pk)) for tell in tellers)
    may = request.user.can("origin.edit", parcel.division_code)
    context = {
        "title": parcel.name,
        "parcel": parcel,
        "place": people.division_path(parcel.division_code),
        "class_word": class_word(parcel.soil_class),
        "class_tone": CLASS_TONES[parcel.soil_class],
        "unit": next((m.unit for m in parcel.units.filter(until=None).select_related("unit")), None),
        "produce_word": PRODUCE[parcel.produce],
        "troubles": [rules.route_of(code, today) for code in contradictions.codes_of(parcel, today)],
        "soils": [
            (point, sample, ZONE_TONES[sample.zone], metals_of(sample))
            for point, sample in zip(points, newest, strict=True)
            if sample is not None
        ],
        "points": points,
        "produce": [
            (row, OUTCOME_TONES.get(row.outcome, "plain"))
            for row in selectors.newest_produce().filter(parcel=parcel).order_by("-sampled_on", "sample_number")[:30]
        ],
        "measures": parcel.soil_measures.order_by("-starts_on", "number")[:30],
        "polluted": parcel.soil_class in selectors.POLLUTED,
        "may_edit": may,
        "moments": sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS],
    }
    return render(request, "origin/parcel.html", context)


@needs("origin.view")
def safe_use(request: Request) -> HttpResponse:
    """The rate with the four areas behind it, and every parcel outside with its reason."""
    today = ledger.clock.today()
    found = accounts.safe_use(selectors.list_parcels(request.user), today)
    account = found.account
    context = {
        "title": _("受污染耕地安全利用率"),
        "day": today,
        "account": account,
        "rate": display_percent(Figure(account.slight + account.safe_use + account.strict, account.polluted)),
        "parcels": found.parcels,
        "outside": [
            (parcel, class_word(parcel.soil_class), rules.standing_reason(why)) for parcel, why in found.outside
        ],
    }
    return render(request, "origin/safe_use.html", context)


@needs("origin.view")
def land_map(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    rows = selectors.list_parcels(user).exclude(longitude=None).order_by("number")
    drawn = list(rows[:MOST_DRAWN])
    towns = accounts.by_township(user, today)
    context = {
        "title": _("耕地类别地图"),
        "towns": towns,
        "classes": [(code, label) for code, label in SoilClass.choices],
        "drawn": len(drawn),
        "without_place": selectors.list_parcels(user).filter(longitude=None).count(),
        "may_edit": user.can("parcel.edit"),
        "map": {
            "parcels": [_drawn(parcel) for parcel in drawn],
            "places": [{"name": t["name"], "lat": t["lat"], "lng": t["lng"]} for t in towns if t["lat"] is not None],
            "words": {"metres": _("米"), "kilometres": _("公里"), "mu": _("亩"), "none": _("还没有划定")},
        },
    }
    return render(request, "origin/map.html", context)


def _drawn(parcel: Any) -> dict[str, Any]:
    return {
        "name": f"{parcel.number} {parcel.name}", "cls": parcel.soil_class or "none", "word": class_word(parcel.soil_class),
        "crop": parcel.crop, "mu": float(parcel.area_mu), "lng": parcel.longitude, "lat": parcel.latitude,
        "geometry": parcel.geometry, "url": reverse("origin:parcel", args=[parcel.pk]),
    }  # fmt: skip
