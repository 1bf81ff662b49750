"""Evaluation units and the way of their class: proposal, consultation, confirmation, approval, in force, adjusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext as _

from fangxin.actions.origin import rules, selectors
from fangxin.actions.origin.models import ClassDecision, LandUnit, SoilClass, SoilSample, UnitParcel
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.engines import land
from fangxin.engines.limits.soil import Zone
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who

State = ClassDecision.State
# Produce of the last two harvests speaks for the unit.
PRODUCE_YEARS = 2


@transaction.atomic
def add_unit(
    *, name: str, division_code: str, parcels: Iterable[Any], by: Any, number: str = "", note: str = ""
) -> LandUnit:
    county = division_code[:6]
    unit: LandUnit = insert(
        LandUnit(
            number=number.strip() or f"DY{county}{ledger.next_number(f'land-units-{county}', 0):04d}",
            name=name.strip(),
            division_code=division_code,
            note=note.strip(),
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("origin.unit.added", of=unit, by=by)
    join(unit=unit, parcels=parcels, by=by)
    return unit


@transaction.atomic
def join(*, unit: LandUnit, parcels: Iterable[Any], by: Any, since: date | None = None) -> list[UnitParcel]:
    """Parcels that belong to the unit from a day on."""
    parcels, taken = list(parcels), _("有的地块已在别的评价单元里，请先移出：%(parcels)s")
    foreign = [p.number for p in parcels if p.division_code[:6] != unit.division_code[:6]]
    if foreign:
        raise Refused({"parcels": _("这些地块不在本县，不能划入：%(parcels)s") % {"parcels": "、".join(foreign[:10])}})
    held = UnitParcel.objects.filter(parcel__in=parcels, until=None).values_list("parcel__number", flat=True)
    if held:
        raise Refused({"parcels": taken % {"parcels": "、".join(sorted(held)[:10])}})
    rows = [UnitParcel(unit=unit, parcel=p, since=since or ledger.clock.today()) for p in parcels]
    try:
        with transaction.atomic():
            made = UnitParcel.objects.bulk_create(rows, batch_size=300)
    except IntegrityError:  # somebody else took one in between, or one was named twice
        raise Refused({"parcels": taken % {"parcels": ""}}) from None
    if made:
        ledger.record("origin.unit.joined", of=unit, by=by, data={"parcels": [r.parcel.number for r in made]})
    return made


@transaction.atomic
def leave(*, member: UnitParcel, by: Any) -> UnitParcel:
    """From today the parcel no longer belongs to the unit; what it was before stays."""
    today = ledger.clock.today()
    if UnitParcel.objects.filter(pk=member.pk, until=None).update(until=today) != 1:
        raise Refused(_("这个地块刚刚已移出，请刷新后查看。"))
    ledger.record("origin.unit.left", of=member.unit, by=by, data={"parcels": [member.parcel.number]})
    return member


# --- the proposal -------------------------------------------------------------------------------------------------


def evidence_of(unit: LandUnit, on: date) -> tuple[list[land.UnitPoint], list[land.UnitProduce]]:
    """The newest soil result of each point on the unit's parcels, and the produce results of the last harvests."""
    parcels = [member.parcel_id for member in selectors.members_on(unit, on)]
    later = SoilSample.objects.filter(
        point=OuterRef("point"), sampled_on__gt=OuterRef("sampled_on"), sampled_on__lte=on, replaced_by=None
    )
    samples = SoilSample.objects.filter(~Exists(later), point__parcel__in=parcels, replaced_by=None, sampled_on__lte=on)
    points = [_point(sample) for sample in samples.select_related("point").order_by("point__code")]
    since = date(on.year - PRODUCE_YEARS, 1, 1)
    produce = selectors.newest_produce().filter(parcel__in=parcels, sampled_on__gte=since, sampled_on__lte=on)
    judged = produce.filter(outcome__in=("conforming", "nonconforming")).order_by("sample_number", "analyte")
    return points, [
        land.UnitProduce(row.sample_number, row.element, row.outcome == "conforming", row.multiple) for row in judged
    ]


def _point(sample: SoilSample) -> land.UnitPoint:
    zones = {m["element"]: Zone(m["zone"]) if m["zone"] != rules.UNDETERMINED else None for m in sample.judged}
    return land.UnitPoint(sample.point.code, zones, sample.point.longitude, sample.point.latitude)


def area_of(unit: LandUnit, on: date) -> Decimal:
    return _cents(selectors.members_on(unit, on).order_by().aggregate(mu=Sum("parcel__area_mu"))["mu"])


def _cents(total: Decimal | None) -> Decimal:
    """SQLite sums decimals as binary numbers; areas have two places."""
    return (total or Decimal(0)).quantize(Decimal("0.01"))


@transaction.atomic
def propose(*, unit: LandUnit, by: Any) -> ClassDecision:
    """What soil and produce speak for today, frozen with the data it was made from. A proposal is no class."""
    today = ledger.clock.today()
    points, produce = evidence_of(unit, today)
    class_rules = rules.class_rules(today)
    found = land.propose_class(points, produce, class_rules)
    if unit.decisions.filter(state__in=selectors.OPEN).exists():
        raise Refused(_("这个单元已有正在办理的类别划定，请先办完或者退回。"))
    area = area_of(unit, today)
    if area == 0:
        raise Refused(_("这个单元还没有地块，请先划入地块。"))
    county = unit.division_code[:6]
    serial = ledger.next_number(f"land-class-{county}", today.year)
    decision: ClassDecision = insert(
        ClassDecision(
            number=f"LB{county}{today.year}{serial:04d}", unit=unit, division_code=unit.division_code, year=today.year,
            zone=found.zone.value if found.zone else rules.UNDETERMINED,
            proposed=found.proposed.value if found.proposed else "", reasons=list(found.reasons),
            evidence=_frozen(found, points, produce), rules_edition=class_rules.edition, before=unit.soil_class,
            area_before=_area_in_force(unit), area_after=area, made_at=ledger.clock.now(), made_by=who(by),
        )
    )  # fmt: skip
    ledger.record("origin.class.proposed", of=decision, by=by, data={"proposed": decision.proposed})
    return decision


def _area_in_force(unit: LandUnit) -> Decimal | None:
    row = unit.decisions.filter(state=State.IN_FORCE).first()
    return row.area_after if row is not None else None


def _frozen(
    found: land.Proposal, points: Iterable[land.UnitPoint], produce: Iterable[land.UnitProduce]
) -> dict[str, Any]:
    return {
        "soil_class": found.soil_class.value if found.soil_class else "",
        "points": found.points,
        "produce": found.produce,
        "produce_above": found.produce_above,
        "metals": [
            {
                "metal": m.metal, "zone": m.zone.value if m.zone else rules.UNDETERMINED,
                "share": f"{m.share:.4f}" if m.share is not None else "", "judged": m.judged, "mixed": m.mixed,
                "apart": list(m.apart), "patches": list(m.patches),
            }
            for m in found.metals
        ],
        "point_codes": [p.code for p in points],
        "samples": sorted({p.sample for p in produce}),
    }  # fmt: skip


# --- the way to being in force ------------------------------------------------------------------------------------


@transaction.atomic
def consult(*, decision: ClassDecision, consultation: str, participants: str, by: Any) -> ClassDecision:
    """What agriculture, environment and natural resources said together."""
    return move(
        decision, (State.PROPOSED,), State.CONSULTED, "origin.class.consulted", by=by,
        consultation=require(consultation, "consultation", _("请写明会商意见。"))[:1000],
        participants=require(participants, "participants", _("请写明参加会商的单位和人员。"))[:300],
        consulted_at=ledger.clock.now(), consulted_by=who(by),
    )  # fmt: skip


@transaction.atomic
def confirm(*, decision: ClassDecision, decided: str, by: Any, why_other: str = "") -> ClassDecision:
    """A named official answers for the class. Whoever made the proposal cannot."""
    if decided not in SoilClass.values:
        raise Refused({"decided": _("请选择类别。")})
    if decided != decision.proposed:
        why_other = require(why_other, "why_other", _("确定的类别与平台建议不同（或者平台不能建议），请写明理由。"))
    if who(by) == decision.made_by:
        raise Refused(_("初判和确认须是两个人。请由另一位负责人确认。"))
    return move(
        decision, (State.CONSULTED,), State.CONFIRMED, "origin.class.confirmed", by=by, data={"decided": decided},
        decided=decided, why_other=why_other.strip(), confirmed_at=ledger.clock.now(), confirmed_by=who(by),
        confirmed_name=ledger.Actor.of(by).name[:150],
    )  # fmt: skip


@transaction.atomic
def submit(*, decision: ClassDecision, submitted_on: date, by: Any) -> ClassDecision:
    """Sent up for approval."""
    not_later_than_today(submitted_on, "submitted_on")
    return move(
        decision, (State.CONFIRMED,), State.SUBMITTED, "origin.class.submitted", by=by, submitted_on=submitted_on
    )


@transaction.atomic
def put_in_force(
    *, decision: ClassDecision, approval_number: str, effective_on: date, by: Any, approval_file: Any = None
) -> ClassDecision:
    """Approved: the unit has this class from a day on, and what held before is replaced."""
    not_later_than_today(effective_on, "effective_on")
    unit = decision.unit
    if unit.class_since is not None and effective_on < unit.class_since:
        raise Refused({"effective_on": _("生效日期早于现有类别的生效日期（%(day)s）。") % {"day": unit.class_since}})
    unit.decisions.filter(state=State.IN_FORCE).update(state=State.REPLACED)
    move(
        decision, (State.SUBMITTED,), State.IN_FORCE, "origin.class.in_force", by=by,
        data={"decided": decision.decided, "before": decision.before, "effective_on": effective_on},
        approval_number=require(approval_number, "approval_number", _("请填写批准文号。"))[:80],
        approval_file=approval_file, effective_on=effective_on,
    )  # fmt: skip
    LandUnit.objects.filter(pk=unit.pk).update(soil_class=decision.decided, class_since=effective_on)
    unit.refresh_from_db()
    return decision


@transaction.atomic
def send_back(*, decision: ClassDecision, why: str, by: Any) -> ClassDecision:
    """The unit is to be divided or sampled anew; a fresh proposal may follow."""
    return move(
        decision, selectors.OPEN, State.RETURNED, "origin.class.returned", by=by,
        returned_why=require(why, "why", _("请写明退回的原因。"))[:500],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Approved:
    """A class that was decided on paper, as a list of approved units says it."""

    unit: LandUnit
    decided: str
    approval_number: str
    effective_on: date
    confirmed_by: str
    confirmed_name: str


@transaction.atomic
def load_approved(rows: Iterable[Approved], *, by: Any) -> list[ClassDecision]:
    """Classes of an approved list, for many units at once; what held before is replaced."""
    rows = list(rows)
    units = [row.unit for row in rows]
    if len({unit.pk for unit in units}) < len(units):
        raise Refused(_("同一个单元在名单中出现了不止一次，请核对。"))
    areas = _areas_of(units)
    held = {d.unit_id: d for d in ClassDecision.objects.filter(unit__in=units, state=State.IN_FORCE)}
    made = [_approved(row, areas.get(row.unit.pk, Decimal(0)), held.get(row.unit.pk), by) for row in rows]
    _number(made)
    ClassDecision.objects.filter(pk__in=[d.pk for d in held.values()]).update(state=State.REPLACED)
    ClassDecision.objects.bulk_create(made, batch_size=300)
    for row in rows:
        row.unit.soil_class, row.unit.class_since = row.decided, row.effective_on
    LandUnit.objects.bulk_update(units, ["soil_class", "class_since"], batch_size=300)
    ledger.record_many(
        [
            ledger.build_entry("origin.class.in_force", of=d, by=by, data={"decided": d.decided, "before": d.before})
            for d in made
        ]
    )
    return made


def _approved(row: Approved, area: Decimal, held: ClassDecision | None, by: Any) -> ClassDecision:
    unit, now = row.unit, ledger.clock.now()
    not_later_than_today(row.effective_on, "effective_on")
    if row.decided not in SoilClass.values or who(by) == row.confirmed_by:
        raise Refused(_("名单中的类别有误，或者登记人与确认人是同一个人，请核对。"))
    return ClassDecision(
        unit=unit, division_code=unit.division_code, year=row.effective_on.year, state=State.IN_FORCE,
        evidence=_frozen(land.Proposal(None, None, None, (), (), 0, 0, 0), (), ()), rules_edition="",
        decided=row.decided, why_other=_("按已批准的名单登记"), before=held.decided if held else "",
        area_before=held.area_after if held else None, area_after=area, made_at=now, made_by=who(by), confirmed_at=now,
        confirmed_by=row.confirmed_by, confirmed_name=row.confirmed_name, submitted_on=row.effective_on,
        approval_number=row.approval_number[:80], effective_on=row.effective_on,
    )  # fmt: skip


def _areas_of(units: Iterable[LandUnit]) -> dict[int, Decimal]:
    members = UnitParcel.objects.filter(unit__in=units, until=None).order_by()
    return {unit: _cents(mu) for unit, mu in members.values_list("unit").annotate(mu=Sum("parcel__area_mu"))}


def _number(decisions: list[ClassDecision]) -> None:
    by_series: dict[tuple[str, int], list[ClassDecision]] = {}
    for decision in decisions:
        by_series.setdefault((decision.division_code[:6], decision.year), []).append(decision)
    for (county, year), group in by_series.items():
        serials = ledger.take_numbers(f"land-class-{county}", year, len(group))
        for decision, serial in zip(group, serials, strict=True):
            decision.number = f"LB{county}{year}{serial:04d}"
