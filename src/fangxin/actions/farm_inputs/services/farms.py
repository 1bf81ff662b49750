"""Farms and their batches: opened, changed, ended."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Batch, Farm
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, who
from fangxin.kernel.registry import api as registry

SERIES = "farm-batch"
TYPE_FACT = "farm_inputs.farm_type"
# Which produce a kind of farm can have.
PRODUCES = {
    Farm.Kind.CROP: ("crop",),
    Farm.Kind.LIVESTOCK: ("meat", "milk", "egg"),
    Farm.Kind.AQUATIC: ("fish",),
}


@transaction.atomic
def open_farm(
    *,
    premises: Any,
    kind: str,
    by: Any,
    household: bool = False,
    since: date | None = None,
    sown_area_mu: Decimal | None = None,
) -> Farm:
    """A farm of the register begins to keep its records here."""
    if premises.kind != registry.Premises.Kind.FARM:
        raise Refused(_("只有底册中的种植养殖主体可以建农场档案。"))
    since = since or ledger.clock.today()
    farm = Farm(
        premises=premises, division_code=premises.division_code, kind=kind, household=household, since=since,
        sown_area_mu=sown_area_mu, entered_at=ledger.clock.now(), entered_by=who(by),
    )  # fmt: skip
    insert(farm)
    registry.record_fact(premises=premises, name=TYPE_FACT, value=kind, valid_from=since, by=by)
    ledger.record("farm_inputs.farm.opened", of=farm, by=by, data={"kind": kind, "household": household})
    return farm


@transaction.atomic
def open_household(
    *,
    name: str,
    village: str,
    kind: str,
    by: Any,
    phone: str = "",
    since: date | None = None,
    sown_area_mu: Decimal | None = None,
) -> Farm:
    """A household that is in no register yet: entered there, and given a file."""
    operator = registry.register_operator(name=name, kind="individual", division_code=village, phone=phone, by=by)
    premises = registry.register_premises(
        operator=operator,
        name=name,
        kind=registry.Premises.Kind.FARM,
        division_code=village,
        phone=phone,
        rural=True,
        by=by,
    )
    return open_farm(premises=premises, kind=kind, household=True, since=since, sown_area_mu=sown_area_mu, by=by)


@transaction.atomic
def change_farm(*, farm: Farm, by: Any, household: bool, sown_area_mu: Decimal | None, ended_on: date | None) -> Farm:
    if ended_on is not None and ended_on > ledger.clock.today():
        raise Refused({"ended_on": _("日期还没有到，请填今天或以前的日期。")})
    farm.household, farm.sown_area_mu, farm.ended_on = household, sown_area_mu, ended_on
    farm.full_clean()
    farm.save(update_fields=["household", "sown_area_mu", "ended_on"])
    ledger.record("farm_inputs.farm.changed", of=farm, by=by, data={"ended_on": ended_on, "sown_area_mu": sown_area_mu})
    return farm


@transaction.atomic
def open_batch(
    *,
    farm: Farm,
    food: str,
    produce: str,
    started_on: date,
    by: Any,
    parcels: Iterable[Any] = (),
    area_mu: Decimal | None = None,
    animals: int | None = None,
    planned_on: date | None = None,
    expected: Decimal | None = None,
    unit: str = "kg",
) -> Batch:
    """A crop is sown, a herd comes in, a pond is stocked."""
    parcels = list(parcels)
    if produce not in PRODUCES[Farm.Kind(farm.kind)]:
        raise Refused({"produce": _("这类农场没有这种收获物，请核对。")})
    if started_on > ledger.clock.today():
        raise Refused({"started_on": _("日期还没有到，请填今天或以前的日期。")})
    if planned_on is not None and planned_on < started_on:
        raise Refused({"planned_on": _("计划采收（出栏）日期早于开始日期，请核对。")})
    if any(parcel.operator_id not in (None, farm.premises.operator_id) for parcel in parcels):
        raise Refused({"parcels": _("有的地块登记在别的经营主体名下，请核对。")})
    if area_mu is None and parcels:
        area_mu = sum((parcel.area_mu for parcel in parcels), Decimal(0))
    batch = Batch(
        farm=farm, division_code=farm.division_code, food=food.strip(), produce=produce, area_mu=area_mu, animals=animals,
        started_on=started_on, planned_on=planned_on, expected=expected, unit=unit,
        entered_at=ledger.clock.now(), entered_by=who(by),
    )  # fmt: skip
    batch.full_clean(exclude=["number"])
    batch.number = next_number(farm.division_code, started_on.year)
    batch.save(force_insert=True)
    batch.parcels.set(parcels)
    data = {"number": batch.number, "food": batch.food, "parcels": [parcel.number for parcel in parcels]}
    ledger.record("farm_inputs.batch.opened", of=batch, by=by, data=data)
    return batch


def next_number(division_code: str, year: int) -> str:
    county = division_code[:6]
    return batch_number(county, year, ledger.next_number(f"{SERIES}-{county}", year))


def batch_number(county: str, year: int, serial: int) -> str:
    return f"PC{county}-{year}-{serial:05d}"


@transaction.atomic
def end_batch(*, batch: Batch, on: date, by: Any) -> Batch:
    """All harvested or given up: nothing is recorded for it any more."""
    if not batch.started_on <= on <= ledger.clock.today():
        raise Refused({"on": _("结束日期应在开始之后、今天以前。")})
    if Batch.objects.filter(pk=batch.pk, ended_on=None).update(ended_on=on) != 1:
        raise MovedOn(_("这一批刚刚已由他人结束，请刷新后查看。"))
    batch.refresh_from_db()
    ledger.record("farm_inputs.batch.ended", of=batch, by=by, data={"on": on})
    return batch
