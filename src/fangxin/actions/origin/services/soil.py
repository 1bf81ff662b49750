"""Soil points and what laboratories found in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from fangxin.actions.origin import rules
from fangxin.actions.origin.models import SoilPoint, SoilSample
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, require, who

POINT_FIELDS = frozenset(
    {"division_code", "parcel", "land_use", "crop", "soil_type", "longitude", "latitude", "note"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewSample:
    """One result to be loaded. `readings` holds the reported texts by element."""

    point: SoilPoint
    sampled_on: date
    readings: Mapping[str, str] = field(default_factory=dict)
    ph: Decimal | None = None
    cec: Decimal | None = None
    organic_matter: Decimal | None = None
    depth: str = "0-20"
    laboratory: str = ""
    report_number: str = ""


@transaction.atomic
def add_point(
    *,
    division_code: str,
    land_use: str,
    by: Any,
    code: str = "",
    parcel: Any = None,
    crop: str = "",
    soil_type: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    note: str = "",
) -> SoilPoint:
    county = division_code[:6]
    point = SoilPoint(
        code=code.strip() or _code(county, ledger.next_number(f"soil-points-{county}", 0)),
        division_code=division_code, land_use=land_use, parcel=parcel, crop=crop.strip(), soil_type=soil_type.strip(),
        longitude=longitude, latitude=latitude, note=note.strip(), recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip
    insert(point)
    ledger.record("origin.point.added", of=point, by=by)
    return point


@transaction.atomic
def load_points(values: Iterable[Mapping[str, Any]], *, by: Any) -> list[SoilPoint]:
    """Many at once, each as `add_point` takes it; without a code the next ones of the county are given."""
    now, name = ledger.clock.now(), who(by)
    rows = [SoilPoint(**value, recorded_at=now, recorded_by=name) for value in values]
    fresh: dict[str, list[SoilPoint]] = {}
    for row in rows:
        if not row.code:
            fresh.setdefault(row.division_code[:6], []).append(row)
    for county, group in fresh.items():
        serials = ledger.take_numbers(f"soil-points-{county}", 0, len(group))
        for row, serial in zip(group, serials, strict=True):
            row.code = _code(county, serial)
    for row in rows:
        row.clean_fields(exclude=["parcel"])
    SoilPoint.objects.bulk_create(rows, batch_size=300)
    ledger.record_many([ledger.build_entry("origin.point.added", of=row, by=by) for row in rows])
    return rows


def _code(county: str, serial: int) -> str:
    return f"TR{county}{serial:05d}"


@transaction.atomic
def change_point(*, point: SoilPoint, by: Any, **changes: Any) -> SoilPoint:
    """What is judged keeps the land use of its day."""
    if set(changes) - POINT_FIELDS:
        raise ValueError(f"change_point does not change {sorted(set(changes) - POINT_FIELDS)}")
    changes = {name: value for name, value in changes.items() if getattr(point, name) != value}
    if not changes:
        return point
    for name, value in changes.items():
        setattr(point, name, value)
    point.full_clean()
    point.save()
    ledger.record("origin.point.changed", of=point, by=by, data={"fields": sorted(changes)})
    return point


@transaction.atomic
def record_sample(*, value: NewSample, by: Any) -> SoilSample:
    sample = insert(_judged(value, by))
    _carry(value.point)
    _told(sample, by)
    return sample


@transaction.atomic
def correct_sample(*, sample: SoilSample, value: NewSample, reason: str, by: Any) -> SoilSample:
    """A new row in the place of the old one; the old one stays to be read."""
    reason = require(reason, "reason", _("请写明更正的原因和依据。"))
    if SoilSample.objects.filter(replaces=sample).exists():
        raise Refused(_("这一条刚刚已被更正，请刷新后查看。"))
    row = _judged(value, by)
    row.replaces, row.reason = sample, reason
    insert(row)
    _carry(value.point)
    ledger.record("origin.sample.corrected", of=row, by=by, data={"zone": row.zone, "reason": reason})
    return row


@transaction.atomic
def load_samples(values: Iterable[NewSample], *, by: Any) -> list[SoilSample]:
    """Many at once, as from a sheet; all of them or none."""
    rows = [_judged(value, by) for value in values]
    for row in rows:
        row.clean_fields(exclude=["point"])
    SoilSample.objects.bulk_create(rows, batch_size=300)
    _carry_many([row.point_id for row in rows])
    ledger.record_many(
        [
            ledger.build_entry("origin.sample.recorded", of=row, by=by, data={"zone": row.zone, "worst": row.worst})
            for row in rows
        ]
    )
    return rows


def _judged(value: NewSample, by: Any) -> SoilSample:
    not_later_than_today(value.sampled_on, "sampled_on")
    readings = {element: rules.plain_reading(text) for element, text in value.readings.items() if text.strip()}
    if not readings:
        raise Refused(_("至少填写一种元素的测定值。"))
    point = value.point
    found = rules.judge_sample(readings, ph=value.ph, land_use=point.land_use, on=value.sampled_on)
    return SoilSample(
        point=point, division_code=point.division_code, sampled_on=value.sampled_on, depth=value.depth.strip() or "0-20",
        land_use=point.land_use, ph=value.ph, cec=value.cec, organic_matter=value.organic_matter, readings=readings,
        laboratory=value.laboratory.strip(), report_number=value.report_number.strip(), zone=found.zone,
        judged=found.judged, standard=found.standard, worst=found.worst, worst_index=found.worst_index,
        nemerow=found.nemerow, entered_at=ledger.clock.now(), entered_by=who(by),
    )  # fmt: skip


def _told(sample: SoilSample, by: Any) -> None:
    ledger.record("origin.sample.recorded", of=sample, by=by, data={"zone": sample.zone, "worst": sample.worst})


def _carry(point: SoilPoint) -> None:
    _carry_many([point.pk])
    point.refresh_from_db()


def _carry_many(points: Iterable[int]) -> None:
    """The points say the zone of their newest sample that stands."""
    newest = SoilSample.objects.filter(point=OuterRef("pk"), replaced_by=None).order_by("-sampled_on", "-entered_at")
    SoilPoint.objects.filter(pk__in=set(points)).update(
        zone=Subquery(newest.values("zone")[:1]), sampled_on=Subquery(newest.values("sampled_on")[:1])
    )


@transaction.atomic
def load_sheet(*, points: Iterable[Any], lines: Iterable[Any], by: Any) -> list[SoilSample]:
    """A checked sheet (`importing_soil.Read`): points it brings along, then all its results; whole or not at all."""
    fresh = load_points([{"code": new.code, **new.values} for new in points], by=by)
    made = {point.code: point for point in fresh}
    return load_samples([_from_line(line, line.known or made[line.code]) for line in lines], by=by)


def _from_line(line: Any, point: SoilPoint) -> NewSample:
    numbers = {name: line.sample[name] for name in ("ph", "cec", "organic_matter")}
    rounded = {name: value.quantize(Decimal("0.01")) for name, value in numbers.items() if value is not None}
    return NewSample(point=point, **{**line.sample, **rounded})
