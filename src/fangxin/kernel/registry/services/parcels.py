"""Fields, ponds and herd houses: entered one by one, in bulk, or drawn on a map elsewhere."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import land
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.data import NewParcel
from fangxin.kernel.registry.models import Operator, Parcel
from fangxin.kernel.registry.rules import SHAPE_PROBLEMS
from fangxin.kernel.registry.services.subjects import who

PARCEL_FIELDS = frozenset(
    {"name", "kind", "operator", "division_code", "area_mu", "crop", "land_use", "geometry", "longitude", "latitude"}
)  # fmt: skip
_CENT = Decimal("0.01")
_NUMBER_LENGTH = 30


def next_parcel_number(division_code: str) -> str:
    county = division_code[:6]
    return _number(county, ledger.next_number(f"parcels-{county}", 0))


def _number(county: str, serial: int) -> str:
    return f"DK{county}{serial:06d}"


@transaction.atomic
def add_parcel(
    *,
    name: str,
    kind: str,
    division_code: str,
    by: Any,
    area_mu: Decimal | None = None,
    number: str = "",
    operator: Operator | None = None,
    crop: str = "",
    land_use: str = Parcel.LandUse.OTHER,
    geometry: Mapping[str, Any] | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> Parcel:
    """Without an area or a point they are taken from the shape; without a number the next one is given."""
    parcel = Parcel(
        number=number.strip(), name=name.strip(), kind=kind, operator=operator, division_code=division_code,
        area_mu=area_mu or Decimal(0), crop=crop.strip(), land_use=land_use, geometry=geometry, longitude=longitude,
        latitude=latitude, recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip
    measure(parcel)
    parcel.full_clean(exclude=() if parcel.number else ("number",))
    parcel.number = parcel.number or next_parcel_number(division_code)
    parcel.save(force_insert=True)
    ledger.record("registry.parcel.added", of=parcel, by=by, data={"number": parcel.number, "kind": kind})
    return parcel


def measure(parcel: Parcel) -> None:
    """Check the shape; take from it what was not given."""
    if parcel.geometry is None:
        return
    try:
        parcel.geometry = dict(land.read_geometry(parcel.geometry))
    except land.ShapeError as error:
        raise ValidationError({"geometry": shape_problem(error)}) from None
    if not parcel.area_mu:
        parcel.area_mu = Decimal(str(land.area_mu(parcel.geometry))).quantize(_CENT, ROUND_HALF_EVEN)
    if parcel.longitude is None:
        longitude, latitude = land.centre(parcel.geometry)
        parcel.longitude, parcel.latitude = round(longitude, 6), round(latitude, 6)


def shape_problem(error: land.ShapeError) -> str:
    text = str(SHAPE_PROBLEMS[error.code])
    return _("第 %(n)s 个图形：%(why)s") % {"n": error.place, "why": text} if error.place else text


@transaction.atomic
def change_parcel(*, parcel: Parcel, by: Any, **changes: Any) -> Parcel:
    """What the parcel is now. What was found out about it keeps the date on which it was found out."""
    if set(changes) - PARCEL_FIELDS:
        raise ValueError(f"change_parcel does not change {sorted(set(changes) - PARCEL_FIELDS)}")
    if parcel.closed_on is not None:
        raise ValidationError(_("这个地块已停用。如又使用，请先恢复。"))
    changes = {field: value for field, value in changes.items() if getattr(parcel, field) != value}
    if not changes:
        return parcel
    before = {field: getattr(parcel, field) for field in changes}
    for field, value in changes.items():
        setattr(parcel, field, value)
    measure(parcel)
    parcel.full_clean()
    parcel.save()
    told = {f: ["", ""] if f == "geometry" else [_text(before[f]), _text(changes[f])] for f in changes}
    ledger.record("registry.parcel.changed", of=parcel, by=by, data={"changes": told})
    return parcel


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def close_parcel(*, parcel: Parcel, closed_on: date, by: Any, reason: str = "") -> Parcel:
    if closed_on > ledger.clock.today():
        raise ValidationError({"closed_on": _("日期还没有到，请填今天或以前的日期。")})
    if Parcel.objects.filter(pk=parcel.pk, closed_on=None).update(closed_on=closed_on) != 1:
        raise ValidationError(_("这个地块刚刚已被停用，请刷新后查看。"))
    parcel.refresh_from_db()
    ledger.record("registry.parcel.closed", of=parcel, by=by, data={"on": closed_on, "reason": reason[:200]})
    return parcel


@transaction.atomic
def reopen_parcel(*, parcel: Parcel, by: Any) -> Parcel:
    if Parcel.objects.filter(pk=parcel.pk, closed_on__isnull=False).update(closed_on=None) != 1:
        raise ValidationError(_("这个地块没有停用，不必恢复。"))
    parcel.refresh_from_db()
    ledger.record("registry.parcel.reopened", of=parcel, by=by)
    return parcel


@transaction.atomic
def load_parcels(values: Iterable[NewParcel], *, by: Any) -> list[Parcel]:
    """Many at once. A value whose number is known updates that parcel; the others become new ones."""
    values = list(values)
    numbers = [v.number for v in values if v.number]
    if len(set(numbers)) < len(numbers):
        raise ValidationError(_("同一个地块编号出现了不止一次，请核对后再导入。"))
    known = Parcel.objects.in_bulk(numbers, field_name="number")
    now, name = ledger.clock.now(), who(by)
    rows = []
    for value in values:
        row = known.get(value.number) or Parcel(number=value.number, recorded_at=now, recorded_by=name)
        for field in PARCEL_FIELDS - {"operator"}:
            setattr(row, field, getattr(value, field))
        row.area_mu = row.area_mu or Decimal(0)
        if value.operator_id is not None:
            row.operator_id = value.operator_id
        measure(row)
        row.clean_fields(exclude=() if row.number else ("number",))
        rows.append(row)
    _give_numbers([row for row in rows if not row.number])
    fresh, changed = [r for r in rows if r.pk is None], [r for r in rows if r.pk is not None]
    Parcel.objects.bulk_create(fresh, batch_size=500)
    Parcel.objects.bulk_update(changed, sorted(PARCEL_FIELDS), batch_size=200)
    words = [("registry.parcel.added", fresh), ("registry.parcel.changed", changed)]
    ledger.record_many(
        [
            ledger.build_entry(word, of=row, by=by, data={"number": row.number, "loaded": True})
            for word, group in words
            for row in group
        ]
    )
    return rows


def _give_numbers(rows: list[Parcel]) -> None:
    by_county: dict[str, list[Parcel]] = {}
    for row in rows:
        by_county.setdefault(row.division_code[:6], []).append(row)
    for county, group in by_county.items():
        serials = ledger.take_numbers(f"parcels-{county}", 0, len(group))
        for row, serial in zip(group, serials, strict=True):
            row.number = _number(county, serial)
