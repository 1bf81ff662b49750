"""Measures on polluted parcels: planned, approved by a second person, carried out with evidence, ended."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.origin import rules
from fangxin.actions.origin.models import SoilMeasure
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who

State = SoilMeasure.State


@transaction.atomic
def plan(*, parcel: Any, kind: str, starts_on: date, ends_on: date, by: Any, detail: str = "") -> SoilMeasure:
    known = rules.measure_kinds(starts_on).get(kind)
    if known is None:
        raise Refused({"kind": _("没有这种措施，请从清单中选择。")})
    county, year = parcel.division_code[:6], ledger.clock.today().year
    measure: SoilMeasure = insert(
        SoilMeasure(
            number=f"CS{county}{year}{ledger.next_number(f'soil-measures-{county}', year):04d}", parcel=parcel,
            division_code=parcel.division_code, kind=kind, label=known.label, fits_safe_use="safe_use" in known.fits,
            fits_strict="strict" in known.fits, detail=detail.strip(), starts_on=starts_on, ends_on=ends_on,
            planned_at=ledger.clock.now(), planned_by=who(by),
        )
    )  # fmt: skip
    ledger.record("origin.measure.planned", of=measure, by=by, data={"kind": kind, "parcel": parcel.number})
    return measure


@transaction.atomic
def approve(*, measure: SoilMeasure, by: Any) -> SoilMeasure:
    if who(by) == measure.planned_by:
        raise Refused(_("登记和批准须是两个人。请由另一位负责人批准。"))
    return move(
        measure, (State.PLANNED,), State.APPROVED, "origin.measure.approved", by=by,
        approved_at=ledger.clock.now(), approved_by=who(by),
    )  # fmt: skip


@transaction.atomic
def carry_out(*, measure: SoilMeasure, executed_on: date, evidence: Any, by: Any, result: str = "") -> SoilMeasure:
    """It was done, and here is what shows it."""
    not_later_than_today(executed_on, "executed_on")
    if evidence is None:
        raise Refused({"evidence": _("请上传实施的证据，如照片、发放清单。没有证据的不算已实施。")})
    if not measure.starts_on <= executed_on <= measure.ends_on:
        raise Refused(
            {"executed_on": _("实施日期应在 %(a)s 至 %(b)s 之间。") % {"a": measure.starts_on, "b": measure.ends_on}}
        )
    return move(
        measure, (State.APPROVED,), State.EXECUTED, "origin.measure.executed", by=by,
        executed_on=executed_on, evidence=evidence, result=result.strip()[:500],
    )  # fmt: skip


@transaction.atomic
def end(*, measure: SoilMeasure, ended_on: date, by: Any, result: str = "") -> SoilMeasure:
    not_later_than_today(ended_on, "ended_on")
    if measure.executed_on is not None and ended_on < measure.executed_on:
        raise Refused({"ended_on": _("结束日期早于实施日期，请核对。")})
    return move(
        measure, (State.EXECUTED,), State.ENDED, "origin.measure.ended", by=by,
        ended_on=ended_on, result=(result.strip() or measure.result)[:500],
    )  # fmt: skip


@transaction.atomic
def withdraw(*, measure: SoilMeasure, why: str, by: Any) -> SoilMeasure:
    return move(
        measure, (State.PLANNED, State.APPROVED), State.WITHDRAWN, "origin.measure.withdrawn", by=by,
        result=require(why, "why", _("请写明取消的原因。"))[:500],
    )  # fmt: skip
