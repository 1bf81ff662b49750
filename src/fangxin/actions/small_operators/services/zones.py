"""Zones for stalls: drawn, filled up to their capacity, and what is found outside them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import geometry
from fangxin.actions.small_operators.models import Placement, Zone
from fangxin.actions.small_operators.services import routing
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, insert, who

FIELDS = (
    "name", "division_code", "latitude", "longitude", "radius_m", "corners", "opens_at", "closes_at", "capacity", "note",
)  # fmt: skip


@transaction.atomic
def draw_zone(*, by: Any, **values: Any) -> Zone:
    zone = Zone(drawn_at=ledger.clock.now(), drawn_by=who(by), **values)
    _fit(zone)
    insert(zone)
    ledger.record("small_operators.zone.drawn", of=zone, by=by, data={"capacity": zone.capacity})
    return zone


@transaction.atomic
def redraw_zone(*, zone: Zone, by: Any, **values: Any) -> Zone:
    """Change the outline, the hours or the room; never below what stands there already."""
    before = zone.capacity
    for field, value in values.items():
        setattr(zone, field, value)
    _fit(zone)
    zone.full_clean()
    changed = Zone.objects.filter(pk=zone.pk, closed_on=None, taken__lte=zone.capacity).update(
        **{field: getattr(zone, field) for field in FIELDS}
    )
    zone.refresh_from_db()
    if changed != 1:
        raise ledger.Refused(
            {"capacity": _("已安排 %(n)s 个摊位，可容纳数不能更少；停用的区域不能再改。") % {"n": zone.taken}}
        )
    ledger.record("small_operators.zone.redrawn", of=zone, by=by, data={"capacity": [before, zone.capacity]})
    return zone


def _fit(zone: Zone) -> None:
    """Corners that make one plain polygon; the centre is then its middle."""
    if not zone.corners:
        return
    try:
        corners = [(float(lat), float(lng)) for lat, lng in zone.corners]
    except (TypeError, ValueError):
        raise ledger.Refused({"corners": _("边界点应为“纬度, 经度”，一行一个。")}) from None
    if not 3 <= len(corners) <= geometry.MOST_CORNERS:
        raise ledger.Refused({"corners": _("边界点应有 3 到 %(n)s 个。") % {"n": geometry.MOST_CORNERS}})
    if not all(-90 <= lat <= 90 and -180 <= lng <= 180 for lat, lng in corners):
        raise ledger.Refused({"corners": _("边界点的经纬度超出范围，请核对。")})
    if geometry.crosses_itself(corners):
        raise ledger.Refused({"corners": _("边界线自己相交了，请按顺序绕一圈取点。")})
    middle = geometry.middle(corners)
    if max(geometry.metres_outside(corner, centre=middle, radius_m=0) for corner in corners) > geometry.LARGEST_M:
        raise ledger.Refused({"corners": _("这个区域比整个镇还大，请核对边界点。")})
    zone.corners = [[round(lat, 6), round(lng, 6)] for lat, lng in corners]
    zone.latitude, zone.longitude = middle


@transaction.atomic
def close_zone(*, zone: Zone, by: Any) -> Zone:
    """Nobody may stand in it any more; it must be empty first."""
    closed = Zone.objects.filter(pk=zone.pk, closed_on=None, taken=0).update(closed_on=ledger.clock.today())
    zone.refresh_from_db()
    if closed != 1:
        raise ledger.Refused(_("区域里还有摊位，或者已经停用。请先把摊位安排到别处。"))
    ledger.record("small_operators.zone.closed", of=zone, by=by)
    return zone


@transaction.atomic
def reopen_zone(*, zone: Zone, by: Any) -> Zone:
    if Zone.objects.filter(pk=zone.pk, closed_on__isnull=False).update(closed_on=None) != 1:
        raise MovedOn(_("这个区域没有停用。"))
    zone.refresh_from_db()
    ledger.record("small_operators.zone.reopened", of=zone, by=by)
    return zone


@transaction.atomic
def place(*, zone: Zone, premises: Any, spot: str = "", by: Any) -> Placement:
    """Give a stall its place. The database counts, so that two at once never overfill a zone."""
    if premises.kind != "stall":
        raise ledger.Refused({"premises": _("只有小摊点才安排在摊点区域。")})
    if premises.division_code[:9] != zone.division_code[:9]:
        raise ledger.Refused({"premises": _("摊点登记在别的乡镇，请先办理变更，或安排在本乡镇的区域。")})
    room = Zone.objects.filter(pk=zone.pk, closed_on=None, taken__lt=F("capacity"))
    if room.update(taken=F("taken") + 1) != 1:
        raise ledger.Refused(_("“%(zone)s”已满或已停用，请安排到别的区域。") % {"zone": zone})
    placement: Placement = insert(
        Placement(
            zone=zone,
            premises=premises,
            spot=spot.strip(),
            since=ledger.clock.today(),
            placed_at=ledger.clock.now(),
            placed_by=who(by),
        )
    )
    zone.refresh_from_db()
    ledger.record(
        "small_operators.stall.placed", of=premises, by=by, data={"zone": zone.pk, "name": zone.name, "spot": spot}
    )
    return placement


@transaction.atomic
def place_many(*, zone: Zone, stalls: Sequence[Any], by: Any) -> int:
    """Give several stalls of the township places in one go, numbered on; all of them or none."""
    free = Zone.objects.filter(pk=zone.pk, closed_on=None, taken__lte=F("capacity") - len(stalls))
    if free.update(taken=F("taken") + len(stalls)) != 1:
        raise ledger.Refused(_("“%(zone)s”放不下 %(n)s 个摊位。") % {"zone": zone, "n": len(stalls)})
    first, today, now = zone.taken + 1, ledger.clock.today(), ledger.clock.now()
    Placement.objects.bulk_create(
        [
            Placement(zone=zone, premises=stall, spot=f"{n:02d}", since=today, placed_at=now, placed_by=who(by))
            for n, stall in enumerate(stalls, start=first)
        ]
    )
    data = {"zone": zone.pk, "name": zone.name}
    ledger.record_many(
        [ledger.build_entry("small_operators.stall.placed", of=stall, by=by, data=data) for stall in stalls]
    )
    zone.refresh_from_db()
    return len(stalls)


def place_if_room(*, zone: Zone, premises: Any, by: Any) -> Placement | None:
    """On granting a card: the wish is met where there is room; otherwise the township finds a place later."""
    fits = premises.division_code[:9] == zone.division_code[:9]
    still = Zone.objects.filter(pk=zone.pk, closed_on=None, taken__lt=F("capacity")).exists()
    standing = Placement.objects.filter(premises=premises, until=None).exists()
    return place(zone=zone, premises=premises, by=by) if fits and still and not standing else None


@transaction.atomic
def leave(*, placement: Placement, why: str, by: Any) -> Placement:
    left = Placement.objects.filter(pk=placement.pk, until=None).update(
        until=ledger.clock.today(), ended_why=why.strip()[:200]
    )
    if left != 1:
        raise MovedOn(_("这个摊点刚刚已离开该区域，请刷新后查看。"))
    Zone.objects.filter(pk=placement.zone_id, taken__gt=0).update(taken=F("taken") - 1)
    placement.refresh_from_db()
    ledger.record(
        "small_operators.stall.left", of=placement.premises, by=by,
        data={"zone": placement.zone_id, "name": placement.zone.name, "why": placement.ended_why},
    )  # fmt: skip
    return placement


def leave_all(*, premises: Any, why: str, by: Any) -> None:
    for placement in Placement.objects.filter(premises=premises, until=None):
        leave(placement=placement, why=why, by=by)


@transaction.atomic
def report_out_of_zone(
    *,
    division_code: str,
    seen_at: datetime,
    by: Any,
    premises: Any = None,
    name_seen: str = "",
    point: geometry.Point | None = None,
    note: str = "",
) -> Any:
    """A stall seen where or when it may not stand: a matter for whom the routing rules name.

    Refused when the stall stood where and when it may.
    """
    if premises is None and not name_seen.strip():
        raise ledger.Refused({"name_seen": _("请选择摊点，或者写下招牌、摊主称呼。")})
    said = _where_it_stood(division_code, premises, seen_at, point)
    name = premises.name if premises is not None else name_seen.strip()
    hazard = _("%(when)s，“%(name)s”%(said)s。%(note)s") % {
        "when": f"{seen_at:%Y-%m-%d %H:%M}", "name": name, "said": said, "note": note.strip(),
    }  # fmt: skip
    matter = routing.open_matter(
        "out_of_zone", hazard=hazard[:2000], division_code=division_code, premises=premises, subject_name=name, by=by
    )
    ledger.record(
        "small_operators.stall.out_of_zone", of=premises or matter, by=by, division_code=division_code,
        data={"matter": matter.number},
    )  # fmt: skip
    return matter


def _where_it_stood(division_code: str, premises: Any, seen_at: datetime, point: geometry.Point | None) -> str:
    placed = (
        Placement.objects.filter(premises=premises, until=None).select_related("zone").first() if premises else None
    )
    zones = [placed.zone] if placed else list(open_zones(division_code))
    if not zones:
        return _("在没有划定摊点区域的地方经营")
    if point is None:
        late = not any(geometry.is_open(z.opens_at, z.closes_at, seen_at.time()) for z in zones)
        return _("在规定时段以外经营") if late else _("不在划定的区域内经营（未记录位置）")
    zone, away = nearest(zones, point)
    if away > 0:
        return _("不在划定区域，距“%(zone)s”约 %(m)s 米") % {"zone": zone, "m": round(away)}
    if not geometry.is_open(zone.opens_at, zone.closes_at, seen_at.time()):
        hours = f"{zone.opens_at:%H:%M}—{zone.closes_at:%H:%M}"
        return _("在“%(zone)s”规定时段（%(hours)s）以外经营") % {"zone": zone, "hours": hours}
    raise ledger.Refused(_("这个位置和时间都在“%(zone)s”允许的范围内，没有需要移交的问题。") % {"zone": zone})


def open_zones(division_code: str) -> Any:
    return Zone.objects.filter(division_code__startswith=division_code[:9], closed_on=None)


def nearest(zones: Sequence[Zone], point: geometry.Point) -> tuple[Zone, float]:
    """The zone nearest to a point, and how far outside it the point lies."""
    away = [
        (
            geometry.metres_outside(
                point, centre=(z.latitude, z.longitude), radius_m=z.radius_m, corners=[(a, b) for a, b in z.corners]
            ),
            z.pk,
            z,
        )
        for z in zones
    ]
    metres, _pk, zone = min(away)
    return zone, metres
