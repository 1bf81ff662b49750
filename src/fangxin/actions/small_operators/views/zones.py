"""Stall zones: on the map, in a list, filled with stalls; and what is seen outside them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.small_operators import access, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Placement, Zone
from fangxin.actions.small_operators.services import zones
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

MOST_POINTS = 1500
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("close", gettext_lazy("停用"), "circle-off", lambda z, by, _v: zones.close_zone(zone=z, by=by),
            ask=gettext_lazy("停用后不能再安排摊位。继续吗？"), done=gettext_lazy("已停用。如有误，可以恢复。")),
        Act("reopen", gettext_lazy("恢复使用"), "rotate", lambda z, by, _v: zones.reopen_zone(zone=z, by=by)),
    )
}  # fmt: skip


class ZoneTable(tables.Table):
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    hours = tables.Column(verbose_name=gettext_lazy("时段"), empty_values=(), orderable=False)
    taken = tables.Column(verbose_name=gettext_lazy("已安排"))
    capacity = tables.Column()
    state = tables.Column(verbose_name=gettext_lazy("情况"), empty_values=(), orderable=False)

    class Meta:
        model = Zone
        fields = ("name", "township", "hours", "taken", "capacity", "state")
        order_by = ()

    def render_hours(self, record: Zone) -> str:
        return hours(record)

    def value_hours(self, record: Zone) -> str:
        return hours(record)

    def render_state(self, record: Zone) -> str:
        label, tone = _state(record)
        return badge(label, tone)

    def value_state(self, record: Zone) -> str:
        return _state(record)[0]


def hours(zone: Zone) -> str:
    if zone.opens_at is None or zone.closes_at is None:
        return _("全天")
    return f"{zone.opens_at:%H:%M}—{zone.closes_at:%H:%M}"


def _state(zone: Zone) -> tuple[str, str]:
    if zone.closed_on:
        return _("已停用"), "plain"
    return (_("已满"), "warn") if zone.free == 0 else (_("有空位"), "good")


class ZoneFilter(AreaFilter):
    ability = "small.lists"
    name = django_filters.CharFilter(label=gettext_lazy("名称"), lookup_expr="icontains", max_length=60)

    class Meta:
        model = Zone
        fields = ("name", "township")


class Zones(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("摊点区域")
    table_class = ZoneTable
    filter_class = ZoneFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_zones(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("地图"), reverse("small_operators:zone_map"), "map")]
        if self.request.user.can("small.zones"):
            actions.insert(0, (_("划定区域"), reverse("small_operators:zone_new"), "plus"))
        if self.request.user.can("small.supervise"):
            actions.append((_("区域外经营"), reverse("small_operators:out_of_zone"), "alert-triangle"))
        return {"actions": actions}


def shape(zone: Zone) -> dict[str, Any]:
    """What the map draws of a zone."""
    return {
        "id": zone.pk, "name": zone.name, "lat": zone.latitude, "lng": zone.longitude, "radius": zone.radius_m,
        "corners": zone.corners, "taken": zone.taken, "capacity": zone.capacity, "hours": hours(zone),
        "full": zone.free == 0, "closed": zone.closed_on is not None, "url": zone.get_absolute_url(),
    }  # fmt: skip


def places(prefixes: list[str]) -> list[dict[str, Any]]:
    """Seats of townships, and inside one township its villages, by which people find their way on the map."""
    found: list[dict[str, Any]] = []
    for prefix in prefixes:
        length = 12 if len(prefix) >= 9 else 9
        for row in people.list_divisions(prefix[:9]).exclude(latitude=None):
            if len(row.code) in (length, 9):
                seat = len(row.code) == 9
                found.append({"name": row.name, "lat": row.latitude, "lng": row.longitude, "town": seat})
    return found


def stall_points(rows: "QuerySet[Any]") -> list[dict[str, Any]]:
    known = rows.exclude(latitude=None).order_by("pk").values_list("name", "latitude", "longitude")
    return [{"name": name, "lat": lat, "lng": lng} for name, lat, lng in known[:MOST_POINTS]]


def _data(user: Any, drawn: list[Zone], prefixes: list[str], **more: Any) -> dict[str, Any]:
    stalls = selectors.list_premises(user, "small.lists").filter(kind="stall", status="operating")
    here = stalls.none()
    for prefix in prefixes:
        here |= stalls.filter(people.under(prefix))
    return {
        "zones": [shape(zone) for zone in drawn],
        "places": places(prefixes),
        "stalls": stall_points(here),
        "words": {
            "taken": _("已安排"),
            "stall": _("摊点"),
            "closed": _("已停用"),
            "full": _("已满"),
            "metres": _("米"),
        },
        **more,
    }


@needs("small.lists")
def zone_map(request: Request) -> HttpResponse:
    user = request.user
    drawn = list(selectors.list_zones(user).filter(closed_on=None)[:500])
    prefixes = user.prefixes("small.lists")
    context = {
        "title": _("摊点区域地图"),
        "map": _data(user, drawn, prefixes),
        "zones": [(zone, hours(zone), _state(zone)) for zone in drawn],
    }
    return render(request, "small_operators/zone_map.html", context)


@needs("small.lists")
def zone_page(request: Request, pk: int) -> HttpResponse:
    zone = access.get_zone(request.user, pk)
    user = request.user
    may = user.can("small.zones", zone.division_code)
    context = {
        "title": zone.name,
        "zone": zone,
        "hours": hours(zone),
        "state": _state(zone),
        "place": people.division_path(zone.division_code),
        "placements": zone.placements.filter(until=None).select_related("premises").order_by("spot", "pk"),
        "earlier": zone.placements.exclude(until=None).select_related("premises").order_by("-until", "-pk")[:30],
        "may_edit": may and zone.closed_on is None,
        "acts": [ACTS[name] for name in _allowed(user, zone)],
        "map": _data(user, [zone], [zone.division_code], focus=True),
    }
    return render(request, "small_operators/zone.html", context)


def _allowed(user: Any, zone: Zone) -> list[str]:
    if not user.can("small.zones", zone.division_code):
        return []
    if zone.closed_on is not None:
        return ["reopen"]
    return ["close"] if zone.taken == 0 else []


def _drawing(request: Request, form: Any, title: str, back: str, zone: Zone | None) -> HttpResponse:
    user = request.user
    others = [
        z for z in selectors.list_zones(user, "small.zones").filter(closed_on=None)[:500] if z.pk != (zone and zone.pk)
    ]
    prefixes = user.prefixes("small.zones")
    context = {
        "title": title, "form": form, "back_url": back,
        "map": _data(user, others, prefixes, drawing=True, own=shape(zone) if zone else None),
    }  # fmt: skip
    return render(request, "small_operators/zone_form.html", context)


@needs("small.zones")
def zone_new(request: Request) -> HttpResponse:
    form = own_forms.ZoneForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: zones.draw_zone(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已划定。现在可以安排摊位。"))
        return redirect(made)
    return _drawing(request, form, _("划定摊点区域"), reverse("small_operators:zones"), None)


@needs("small.zones")
def zone_edit(request: Request, pk: int) -> HttpResponse:
    zone = access.get_zone(request.user, pk, "small.zones")
    form = own_forms.ZoneForm(request.POST or None, instance=zone, user=request.user)
    done = None
    if request.method == "POST":
        done = saved(
            form,
            lambda: zones.redraw_zone(
                zone=access.get_zone(request.user, pk, "small.zones"), by=request.user, **form.cleaned_data
            ),
        )
    if done is not None:
        messages.success(request, _("已保存。"))
        return redirect(zone)
    return _drawing(request, form, _("调整：%(name)s") % {"name": zone.name}, zone.get_absolute_url(), zone)


@needs("small.zones")
def zone_act(request: Request, pk: int, name: str) -> HttpResponse:
    zone = access.get_zone(request.user, pk, "small.zones")
    if name not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect(zone)
    return act_on(request, zone, ACTS, _allowed(request.user, zone), name)


@needs("small.zones")
def place(request: Request, pk: int) -> HttpResponse:
    zone = access.get_zone(request.user, pk, "small.zones")
    stalls = selectors.stalls_without_zone(request.user, zone.division_code[:9])
    form = own_forms.PlaceStallForm(request.POST or None, stalls=stalls)
    made = None
    if request.method == "POST" and form.is_valid():
        premises = access.get_premises(request.user, int(form.cleaned_data["premises"]), "small.zones")
        made = saved(
            form, lambda: zones.place(zone=zone, premises=premises, spot=form.cleaned_data["spot"], by=request.user)
        )
    if made is not None:
        messages.success(request, _("已安排：%(name)s") % {"name": made.premises})
        return redirect(zone)
    context = {
        "form": form, "title": _("安排摊位：%(name)s") % {"name": zone.name}, "back_url": zone.get_absolute_url(),
        "intro": _("还有 %(n)s 个空位。列出的是本乡镇在营、还没有安排区域的摊点。") % {"n": zone.free},
        "submit_label": _("安排"),
    }  # fmt: skip
    return render(request, "screens/form.html", context)


@needs("small.zones")
def leave(request: Request, pk: int) -> HttpResponse:
    placement: Placement = access.get_placement(request.user, pk)
    form = own_forms.ReasonForm(request.POST or None)
    done = None
    if request.method == "POST":
        done = saved(form, lambda: zones.leave(placement=placement, why=form.cleaned_data["reason"], by=request.user))
    if done is not None:
        messages.success(request, _("已离开，空出一个位置。"))
        return redirect(placement.zone)
    context = {
        "form": form, "title": _("离开区域：%(name)s") % {"name": placement.premises},
        "back_url": placement.zone.get_absolute_url(), "submit_label": _("确认离开"),
    }  # fmt: skip
    return render(request, "screens/form.html", context)


@needs("small.supervise")
def out_of_zone(request: Request) -> HttpResponse:
    """From the street to the owner: a stall where or when it may not stand."""
    user = request.user
    stalls = selectors.list_premises(user, "small.supervise").filter(kind="stall", status="operating").order_by("name")
    now = ledger.clock.now().astimezone(ledger.clock.LOCAL)
    form = own_forms.OutOfZoneForm(
        request.POST or None, user=user, stalls=stalls,
        initial={"seen_at": now.strftime("%H:%M"), "division_code": _only_town(user)},
    )  # fmt: skip
    matter = saved(form, lambda: _report(form.cleaned_data, user)) if request.method == "POST" else None
    if matter is not None:
        messages.success(
            request, _("已立账 %(number)s，移交%(owner)s。") % {"number": matter.number, "owner": matter.owner}
        )
        return redirect("small_operators:zones")
    context = {"title": _("区域外经营"), "form": form, "back_url": reverse("small_operators:zones")}
    return render(request, "small_operators/out_of_zone.html", context)


def _only_town(user: Any) -> str:
    prefixes = user.prefixes("small.supervise")
    return prefixes[0] if len(prefixes) == 1 and len(prefixes[0]) == 9 else ""


def _report(values: Mapping[str, Any], user: Any) -> Any:
    premises = access.get_premises(user, int(values["premises"]), "small.supervise") if values["premises"] else None
    point = (values["latitude"], values["longitude"]) if values["latitude"] is not None else None
    return zones.report_out_of_zone(
        division_code=premises.division_code if premises else values["division_code"],
        seen_at=datetime.combine(values["seen_on"], values["seen_at"], tzinfo=ledger.clock.LOCAL),
        premises=premises,
        name_seen=values["name_seen"],
        point=point,
        note=values["note"],
        by=user,
    )
