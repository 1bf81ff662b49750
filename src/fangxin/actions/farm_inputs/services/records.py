"""Writing into the farm's book: uses, the rest of the diary, harvests; and corrections, which never touch what stood."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import rules
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Harvest, Product
from fangxin.actions.farm_inputs.selectors import standing_applications
from fangxin.actions.farm_inputs.services import judging
from fangxin.actions.farm_inputs.services.writing import check_correction, check_day, insert_correction, written_for
from fangxin.engines import withholding
from fangxin.engines.withholding import HarvestOutcome
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, who

# --- uses ---------------------------------------------------------------------------------------------------------------


NOTHING: dict[str, Any] = {
    "product": None, "product_seen": "", "registration_seen": "", "dose": None, "dose_unit": "", "total": None,
    "total_unit": "", "area_mu": None, "against": "", "label_interval": None, "label_interval_unit": "", "operated_by": "",
    "veterinarian": "", "prescription_no": "", "trace_code": "",
}  # fmt: skip


@transaction.atomic
def record_application(
    *, batch: Batch, began_on: date, by: Any, last_on: date | None = None, **values: Any
) -> Application:
    """A product was used on a batch; `values` are those of `NOTHING`. What is wrong with the use is never refused: it is
    written down, and told."""
    row = _application(batch, began_on, last_on or began_on, values, by)
    insert(row)
    ledger.record("farm_inputs.application.recorded", of=row, by=by, data=_said(row))
    judging.refresh(batch, by=by)
    return row


def _application(batch: Batch, began_on: date, last_on: date, given: dict[str, Any], by: Any) -> Application:
    check_day(batch, began_on, "began_on")
    check_day(batch, last_on, "last_on")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in {**NOTHING, **given}.items()}
    product = values["product"]
    if product is None and values["registration_seen"]:
        product = values["product"] = Product.objects.filter(registration_no=values["registration_seen"]).first()
    if product is not None:
        values |= {"product_seen": "", "registration_seen": ""}
    if (values["label_interval"] is None) != (values["label_interval_unit"] == ""):
        raise Refused({"label_interval": _("间隔期的数字和单位须同时填写。")})
    if (values["total"] is None) != (values["total_unit"] == ""):
        raise Refused({"total": _("共用产品的数字和单位须同时填写。")})
    return Application(
        farm_id=batch.farm_id, batch=batch, division_code=batch.division_code, began_on=began_on, last_on=last_on,
        recorded_at=ledger.clock.now(), recorded_by=who(by), recorded_for=written_for(batch, by), **values,
    )  # fmt: skip


def _said(row: Application) -> dict[str, Any]:
    return {"batch": row.batch.number, "product": judging.name_of(row), "last_on": row.last_on, "for": row.recorded_for}


@transaction.atomic
def correct_application(*, row: Application, why: str, by: Any, void: bool = False, **values: Any) -> Application:
    """A new record takes the place of an earlier one, which stays to be read. `void`: nothing of it was true."""
    why = check_correction(row, why)
    kept = {name: getattr(row, name) for name in NOTHING}
    began_on = values.pop("began_on", row.began_on)
    last_on = values.pop("last_on", row.last_on) or began_on
    new = _application(row.batch, began_on, last_on, {**kept, **values}, by)
    new.replaces, new.replaces_why, new.void = row, why, void
    insert_correction(new)
    data = {**_said(new), "why": why, "void": void}
    ledger.record("farm_inputs.application.corrected", of=new, by=by, data=data)
    judging.refresh(row.batch, by=by)
    return new


# --- the rest of the diary ------------------------------------------------------------------------------------------------

DIARY_FIELDS = ("kind", "on", "what", "quantity", "unit", "water_c", "oxygen_mg_l", "ph", "other_party", "paper_no")


@transaction.atomic
def record_diary(*, batch: Batch, kind: str, on: date, by: Any, **values: Any) -> DiaryEntry:
    """Stocking, feed, water, no drug this month, a sale, work in the field."""
    row = _entry(batch, {"kind": kind, "on": on, **values}, by)
    insert(row)
    ledger.record("farm_inputs.diary.recorded", of=row, by=by, data={"batch": batch.number, "kind": kind, "on": on})
    _carry_on(row, by)
    return row


def _entry(batch: Batch, values: dict[str, Any], by: Any) -> DiaryEntry:
    check_day(batch, values["on"], "on")
    return DiaryEntry(
        farm_id=batch.farm_id, batch=batch, division_code=batch.division_code, recorded_at=ledger.clock.now(),
        recorded_by=who(by), recorded_for=written_for(batch, by), **values,
    )  # fmt: skip


def _carry_on(row: DiaryEntry, by: Any) -> None:
    if row.water_c is not None:
        judging.refresh(row.batch, by=by)  # warm days may end a withdrawal


@transaction.atomic
def correct_diary(*, row: DiaryEntry, why: str, by: Any, void: bool = False, **values: Any) -> DiaryEntry:
    why = check_correction(row, why)
    kept = {name: getattr(row, name) for name in DIARY_FIELDS}
    new = _entry(row.batch, {**kept, **values}, by)
    new.replaces, new.replaces_why, new.void = row, why, void
    insert_correction(new)
    ledger.record("farm_inputs.diary.corrected", of=new, by=by, data={"kind": new.kind, "why": why, "void": void})
    if row.water_c is not None or new.water_c is not None:
        judging.refresh(row.batch, by=by)
    return new


# --- harvests ---------------------------------------------------------------------------------------------------------------


class StillLocked(Refused):
    """The batch may not be harvested yet; who says that it was all the same is believed, and it becomes a finding."""


@transaction.atomic
def record_harvest(
    *,
    batch: Batch,
    on: date,
    quantity: Decimal,
    by: Any,
    all_the_same: bool = False,
    note: str = "",
    ends: bool = False,
) -> Harvest:
    """Refused while a lock stands, unless the person insists that it happened: then it is recorded with the
    contradiction, and goes to the law enforcement."""
    check_day(batch, on, "on")
    if on < batch.started_on:
        raise Refused({"on": _("采收（出栏）日期早于这一批开始的日子，请核对。")})
    harvest, outcome, standing, names = _judged(batch, on, quantity, note, by)
    if outcome is not HarvestOutcome.FREE and not all_the_same:
        raise StillLocked(rules.refusal_text(batch, on, rules.told(batch, standing, names, on)))
    insert(harvest)
    data = {"batch": batch.number, "on": on, "within_lock": harvest.within_lock}
    ledger.record("farm_inputs.harvest.recorded", of=harvest, by=by, data=data)
    if harvest.within_lock:
        judging.find_harvest(harvest, standing, names, by=by)
    if ends and Batch.objects.filter(pk=batch.pk, ended_on=None).update(ended_on=on) == 1:
        batch.refresh_from_db()
        ledger.record("farm_inputs.batch.ended", of=batch, by=by, data={"on": on})
    return harvest


def _judged(batch: Batch, on: date, quantity: Decimal, note: str, by: Any) -> Any:
    """The harvest as a row, with how it stood on its day: uses of later days do not count."""
    rows = [row for row in standing_applications([batch.pk]) if row.last_on <= on]
    names = {str(row.pk): judging.name_of(row) for row in rows}
    standing = judging.standing_of(batch, on, rows)
    outcome = withholding.judge_harvest(on, standing)
    decided = standing.decided_by
    reason = rules.lock_text(decided, names[decided.use.ref]) if decided is not None else ""
    harvest = Harvest(
        batch=batch, division_code=batch.division_code, on=on, quantity=quantity, unit=batch.unit,
        earliest_on=standing.earliest, within_lock=outcome in (HarvestOutcome.WITHIN, HarvestOutcome.BANNED),
        lock_unknown=outcome is HarvestOutcome.UNKNOWN,
        lock_reason=reason[:300], note=note.strip(), recorded_at=ledger.clock.now(), recorded_by=who(by),
        recorded_for=written_for(batch, by),
    )  # fmt: skip
    return harvest, outcome, standing, names


@transaction.atomic
def correct_harvest(
    *, row: Harvest, why: str, by: Any, void: bool = False, on: date | None = None, quantity: Decimal | None = None
) -> Harvest:
    """A harvest that was written down wrongly. A finding that it led to stays with its matter, where it is answered."""
    why = check_correction(row, why)
    day = on or row.on
    check_day(row.batch, day, "on")
    new, _outcome, standing, names = _judged(row.batch, day, quantity or row.quantity, row.note, by)
    new.replaces, new.replaces_why, new.void = row, why, void
    insert_correction(new)
    ledger.record("farm_inputs.harvest.corrected", of=new, by=by, data={"on": day, "why": why, "void": void})
    if new.within_lock and not void and not row.findings.exists():
        judging.find_harvest(new, standing, names, by=by)
    return new


__all__ = [
    "MovedOn",
    "StillLocked",
    "correct_application",
    "correct_diary",
    "correct_harvest",
    "record_application",
    "record_diary",
    "record_harvest",
]
