"""A lot that may not be sold: stopped in hours, called back from its buyers, disposed of, reported back."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import Consignment, Disposal, Withdrawal
from fangxin.actions.imported_food.services import scoring
from fangxin.actions.imported_food.services.steps import numbered, open_matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.supply import api as supply

State = Disposal.State
_FINDINGS = {
    "alert": "alert_matched", "failed": "failed_sample", "expired": "expired_on_shelf", "label": "label_missing",
    "papers": "no_certificate",
}  # fmt: skip


@transaction.atomic
def open_disposal(*, consignment: Consignment, cause: str, text: str, match: Any = None, by: Any) -> Disposal:
    """Hours run from now until the lot is stopped, days until it is disposed of; and somebody owns the matter."""
    if Disposal.objects.filter(consignment=consignment, cause=cause, state__in=("open", "stopped")).exists():
        raise ledger.Refused(_("这个批次因同一缘由的处置还没有办完，请在原处置中办理。"))
    now, number = ledger.clock.now(), numbered("disposal", "JKC")
    due_on = rules.deadline("DL22", now.astimezone(ledger.clock.LOCAL).date()).last_day
    matter = open_matter(
        _FINDINGS[cause], text=f"{consignment.trader}，{text}", division_code=consignment.division_code,
        subject=consignment, key=f"disposal:{number}", due_on=None, by=by,
    )  # fmt: skip
    row: Disposal = insert(
        Disposal(
            number=number, consignment=consignment, cause=cause, match=match, text=text[:500],
            division_code=consignment.division_code, found_at=now, found_by=who(by),
            stop_due_at=rules.deadline("IF02", now).moment, due_on=due_on, matter=matter,
        )
    )  # fmt: skip
    ledger.record("imported_food.disposal.opened", of=row, by=by, data={"cause": cause, "matter": matter.number})
    return row


@transaction.atomic
def stop(*, disposal: Disposal, on_hand: Decimal | None, by: Any) -> Disposal:
    """Sale stops, what is there is sealed; the lot may not be passed on any more, and its buyers are listed."""
    row: Disposal = move(
        disposal, [State.OPEN], State.STOPPED, "imported_food.disposal.stopped", by=by,
        stopped_at=ledger.clock.now(), stopped_by=who(by), on_hand=on_hand,
    )  # fmt: skip
    lot = row.consignment.lot
    if lot.state == supply.Lot.State.OPEN:
        supply.stop_lot(lot=lot, reason=f"{row.get_cause_display()}（{row.number}）", by=by)
    Consignment.objects.filter(pk=row.consignment_id, state__in=("on_shelf", "sold_out")).update(state="stopped")
    list_buyers(disposal=row, by=by)
    return row


@transaction.atomic
def list_buyers(*, disposal: Disposal, by: Any) -> int:
    """Who got something of the lot, as the trace says; asked again it adds what was recorded since."""
    found = supply.trace(disposal.consignment.lot_id, "forward")
    known = set(disposal.withdrawals.exclude(lot=None).values_list("lot_id", flat=True))
    came: dict[int, Decimal | None] = {}
    for link in found.links:
        earlier = came.get(link.to_lot, Decimal(0))
        came[link.to_lot] = None if link.quantity is None or earlier is None else earlier + link.quantity
    added = 0
    for lot in sorted(found.lots, key=lambda lot: lot.number):
        if lot.id == disposal.consignment.lot_id or lot.id in known:
            continue
        insert(
            Withdrawal(
                disposal=disposal, lot_id=lot.id, name=(lot.place_name or lot.number)[:120],
                delivered=came.get(lot.id), unit=lot.unit,
            )
        )  # fmt: skip
        added += 1
    ledger.record("imported_food.disposal.buyers_listed", of=disposal, by=by, data={"added": added})
    return added


@transaction.atomic
def tell_buyer(*, withdrawal: Withdrawal, by: Any) -> Withdrawal:
    if (
        Withdrawal.objects.filter(pk=withdrawal.pk, told_at=None).update(told_at=ledger.clock.now(), told_by=who(by))
        != 1
    ):
        raise ledger.MovedOn(_("这家刚刚已经通知过，请刷新后查看。"))
    withdrawal.refresh_from_db()
    ledger.record("imported_food.withdrawal.told", of=withdrawal.disposal, by=by, data={"buyer": withdrawal.pk})
    return withdrawal


@transaction.atomic
def record_returned(*, withdrawal: Withdrawal, returned: Decimal, note: str = "", by: Any) -> Withdrawal:
    if withdrawal.told_at is None:
        raise ledger.Refused(_("请先登记通知，再登记追回数量。"))
    if withdrawal.delivered is not None and returned > withdrawal.delivered:
        raise ledger.Refused({"returned": _("追回数量超过购进数量，请核对。")})
    withdrawal.returned, withdrawal.note = returned, note.strip()[:200]
    withdrawal.full_clean()
    withdrawal.save()
    ledger.record("imported_food.withdrawal.returned", of=withdrawal.disposal, by=by, data={"returned": str(returned)})
    return withdrawal


@transaction.atomic
def dispose(
    *, disposal: Disposal, outcome: str, quantity: Decimal | None, text: str, evidence: Any = None, by: Any
) -> Disposal:
    """What became of it. Release needs a cause that can turn out wrong; a label can be put right, unsafe food cannot."""
    text = require(text, "text", _("请写明怎样处置、谁在场、票据编号。"))
    if outcome not in allowed_outcomes(disposal):
        raise ledger.Refused({"outcome": _("这个缘由不能用所选方式处置。")})
    waiting = disposal.withdrawals.filter(told_at=None).count()
    if waiting and outcome != Disposal.Outcome.RELEASED:
        raise ledger.Refused(_("还有 %(n)s 家购货者没有通知。请逐家通知后再登记处置。") % {"n": waiting})
    row: Disposal = move(
        disposal, [State.STOPPED], State.DISPOSED, "imported_food.disposal.disposed", by=by, data={"outcome": outcome}, outcome=outcome, quantity=quantity, outcome_text=text[:500], evidence=evidence,
        disposed_at=ledger.clock.now(), disposed_by=who(by), disposed_on=ledger.clock.today(),
    )  # fmt: skip
    _settle(row, text, by)
    return row


def _settle(row: Disposal, text: str, by: Any) -> None:
    lot, consignment = row.consignment.lot, row.consignment
    if row.outcome in (Disposal.Outcome.RELEASED, Disposal.Outcome.REWORKED):
        if consignment.disposals.filter(state__in=("open", "stopped")).exists():
            return  # another reason still holds it
        supply.release_lot(lot=lot, reason=text, by=by)
        Consignment.objects.filter(pk=consignment.pk, state="stopped").update(state="on_shelf")
        consignment.refresh_from_db()
        scoring.rescore([consignment])
        return
    if row.quantity:
        supply.record_outflow(
            lot=lot, kind="withdrawn", quantity=row.quantity, unit=lot.unit, at=ledger.clock.now(), by=by
        )
    Consignment.objects.filter(pk=consignment.pk).update(state="disposed")


def allowed_outcomes(disposal: Disposal) -> tuple[str, ...]:
    outcomes = Disposal.Outcome
    common = (outcomes.DESTROYED, outcomes.RETURNED, outcomes.SOLD)
    if disposal.cause == Disposal.Cause.LABEL:
        return (*common, outcomes.REWORKED)
    if disposal.cause in (Disposal.Cause.ALERT, Disposal.Cause.PAPERS):
        return (*common, outcomes.RELEASED)
    return common


@transaction.atomic
def report(*, disposal: Disposal, to: str, by: Any) -> Disposal:
    """Tell whoever warned: customs, the prefecture, the department that sent the notice."""
    to = require(to, "to", _("请写明报告给哪个单位。"))
    row: Disposal = move(
        disposal, [State.DISPOSED], State.REPORTED, "imported_food.disposal.reported", by=by, reported_to=to[:100],
        reported_at=ledger.clock.now(), reported_by=who(by),
    )  # fmt: skip
    return row


def check_late(*, by: Any) -> int:
    """Disposals past their last day become a matter of their own, once."""
    late = Disposal.objects.filter(state__in=("open", "stopped"), due_on__lt=ledger.clock.today())
    found = 0
    for row in late.select_related("consignment__lot", "consignment__trader__premises").order_by("number"):
        try:
            open_matter(
                "disposal_late", text=_("%(number)s，时限 %(day)s") % {"number": row.number, "day": row.due_on},
                division_code=row.division_code, subject=row, key=f"disposal_late:{row.number}", by=by,
            )  # fmt: skip
        except ValidationError:
            continue  # a county without any agency: it is said where the county is set up
        found += 1
    return found
