"""What all writing of records shares: who writes for whom, and how a record takes the place of another."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.models import Batch
from fangxin.kernel.ledger import api as ledger

# Soil is treated and seed dressed before the crop stands.
BEFORE_START = timedelta(days=120)


def written_for(batch: Batch, by: Any) -> bool:
    """Whether the writer is not the farm itself but somebody who helps it."""
    agency = batch.farm.premises.operator.agency_id
    own = getattr(by, "own_agencies", None)
    return own is None or agency is None or agency not in own("farm.own")


def check_day(batch: Batch, on: date, field: str) -> None:
    if on > ledger.clock.today():
        raise ledger.Refused({field: _("日期还没有到，请填今天或以前的日期。")})
    if on < batch.started_on - BEFORE_START:
        raise ledger.Refused(
            {field: _("日期比这一批开始的日子（%(day)s）早太多，请核对年份。") % {"day": batch.started_on}}
        )
    if batch.ended_on is not None and on > batch.ended_on:
        raise ledger.Refused({field: _("这一批已在 %(day)s 结束，不能再记之后的事。") % {"day": batch.ended_on}})


def check_correction(earlier: Any, why: str) -> str:
    """A slip of the last day needs no reason; later every correction says why."""
    why = why.strip()
    hours = standards.record_rules(ledger.clock.today()).free_correction_hours
    if not why and ledger.clock.now() - earlier.recorded_at >= timedelta(hours=hours):
        raise ledger.Refused(
            {"why": _("这条记录写下已超过 %(n)s 小时，更正须写明原因。原来的记录会保留。") % {"n": hours}}
        )
    return why


def insert_correction(row: models.Model) -> Any:
    """The database lets one correction take a record's place."""
    try:
        with transaction.atomic():
            row.full_clean(exclude=["replaces"])
            row.save(force_insert=True)
    except IntegrityError:
        raise ledger.MovedOn(_("这条记录刚刚已被更正，请刷新后查看最新的一条。")) from None
    return row
