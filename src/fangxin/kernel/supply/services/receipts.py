"""Goods arrive, are made into others, leave: each record is a lot, its links, and the event that says so."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.data import Portion
from fangxin.kernel.supply.models import (
    Collection,
    Dispatch,
    How,
    Link,
    Lot,
    Outflow,
    Receipt,
    ReceiptFile,
    Source,
    Sureness,
    Upload,
)
from fangxin.kernel.supply.selectors_stock import left_of
from fangxin.kernel.supply.services.recording import (
    check_amount,
    check_past,
    date_link,
    insert,
    make_link,
    named,
    new_lot,
    own_event,
    source_of,
    who,
)


@transaction.atomic
def record_receipt(
    *,
    premises: Any,
    food: str,
    quantity: Decimal | None,
    unit: str,
    received_at: datetime,
    how: str,
    by: Any,
    supplier_premises: Any = None,
    supplier_name: str = "",
    from_lot: Lot | None = None,
    certificate_code: str = "",
    evidence: Sequence[Any] = (),
    code: str = "",
    food_class: str = "",
    parcel: Any = None,
    maker_name: str = "",
    made_on: date | None = None,
    best_before_on: date | None = None,
    upload: Upload | None = None,
) -> Lot:
    """Goods arrive at a place: a lot there, joined to the supplier's lot where that is known.

    `evidence` are evidence files of the ledger. What the supplier said to have sent to this place is confirmed by it.
    """
    check_amount(quantity)
    check_past(received_at, "received_at")
    _check_from(from_lot, premises, received_at)
    told = _open_dispatch(from_lot, premises)
    if told is not None:
        lot = _confirmed(told, quantity, unit, received_at, how, certificate_code)
    else:
        lot = new_lot(
            food=food, food_class=food_class or (from_lot.food_class if from_lot else ""),
            product=from_lot.product if from_lot else None, premises=premises, parcel=parcel,
            place_name=premises.name, division_code=premises.division_code,
            began_on=received_at.astimezone(ledger.clock.LOCAL).date(),
            source=source_of(how, certificate_code), sureness=_sureness(how), quantity=quantity, unit=unit,
            code=code.strip() or (from_lot.code if from_lot else "") or certificate_code.strip(),
            maker_name=(maker_name.strip() or (from_lot.maker_name or from_lot.place_name if from_lot else ""))[:120],
            made_on=made_on or (from_lot.made_on if from_lot else None),
            best_before_on=best_before_on or (from_lot.best_before_on if from_lot else None), by=by,
        )  # fmt: skip
    event = own_event(
        kind="ObjectEvent", action="OBSERVE", biz_step="receiving", at=received_at, premises=premises,
        codes=[("epc", lot, quantity, unit)], source=lot.source, how=how, division_code=premises.division_code, by=by,
        more={"fangxin:receipt": lot.number},
    )  # fmt: skip
    if from_lot is not None and told is None:
        make_link(
            from_lot, lot, received_at=received_at, quantity=quantity, unit=unit, event=event, precise=how == How.SCAN
        ).save(force_insert=True)
    supplier = supplier_premises or (from_lot.premises if from_lot else None)
    receipt = insert(
        Receipt(
            premises=premises, lot=lot, from_lot=from_lot, supplier_premises=supplier,
            supplier_name=(supplier_name.strip() or _supplier_name(supplier, from_lot))[:120],
            certificate_code=certificate_code.strip(), quantity=quantity, unit=unit.strip(), received_at=received_at,
            how=how, division_code=premises.division_code, event=event, upload=upload,
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    for file in evidence:
        insert(ReceiptFile(receipt=receipt, file=file, added_at=ledger.clock.now(), added_by=who(by)))
    ledger.record("supply.receipt.recorded", of=receipt, by=by, data={"lot": lot.number, "food": lot.food, "how": how})
    _announce(receipt, by)
    return lot


def _check_from(from_lot: Lot | None, premises: Any, received_at: datetime) -> None:
    if from_lot is None:
        return
    if from_lot.state == Lot.State.STOPPED:
        raise ValidationError(
            _("供货方的这个批次已停售（%(why)s），不能收货。请退回并告诉监管人员。") % {"why": from_lot.stopped_reason}
        )
    if from_lot.state == Lot.State.UNDONE:
        raise ValidationError(_("供货方的这个批次记录已撤销，请向供货方核实后重新选择。"))
    if from_lot.premises_id is not None and from_lot.premises_id == premises.pk:
        raise ValidationError(_("供货批次就在本场所，不必再收一次。"))
    if from_lot.began_on > received_at.astimezone(ledger.clock.LOCAL).date():
        raise ValidationError({"received_at": _("到货时间早于供货方有这批货的日期，请核对。")})


def _open_dispatch(from_lot: Lot | None, premises: Any) -> Dispatch | None:
    if from_lot is None:
        return None
    rows = Dispatch.objects.filter(lot=from_lot, to_premises=premises, state=Dispatch.State.SENT)
    told = rows.select_related("to_lot", "link").order_by("sent_at", "pk").first()
    if told is not None and rows.filter(pk=told.pk).update(state=Dispatch.State.RECEIVED) != 1:
        return None
    return told


def _confirmed(
    told: Dispatch, quantity: Decimal | None, unit: str, received_at: datetime, how: str, certificate_code: str
) -> Lot:
    """The lot that the sender's word made is now vouched for by the receiver; what arrived is what was counted here."""
    lot = told.to_lot
    lot.quantity, lot.unit, lot.sureness = quantity, unit, _sureness(how)
    lot.began_on = received_at.astimezone(ledger.clock.LOCAL).date()
    lot.source = source_of(how, certificate_code)
    lot.code = lot.code or certificate_code
    lot.full_clean()
    lot.save()
    if told.link is not None:
        date_link(told.link, told.sent_at, received_at)
    return lot


def _sureness(how: str) -> str:
    return Sureness.SCANNED if how == How.SCAN else Sureness.STATED


def _supplier_name(supplier: Any, from_lot: Lot | None) -> str:
    return supplier.name if supplier is not None else from_lot.place_name if from_lot is not None else ""


def _announce(receipt: Receipt, by: Any) -> None:
    contribute.announce(
        Announcement(
            name="supply.received",
            subject_type="registry.premises",
            subject_id=str(receipt.premises_id),
            subject_name=receipt.premises.name,
            division_code=receipt.division_code,
            text=_("收到%(food)s") % {"food": receipt.lot.food},
            facts={
                "receipt_id": receipt.pk,
                "lot_id": receipt.lot_id,
                "from_lot_id": receipt.from_lot_id,
                "certificate_code": receipt.certificate_code,
                "how": receipt.how,
            },
        ),
        by=by,
    )


@transaction.atomic
def undo_receipt(*, receipt: Receipt, reason: str, by: Any) -> Receipt:
    """Take a receipt back as long as nothing of it went on."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明撤销原因。")})
    gone = Link.objects.filter(from_lot=receipt.lot_id).exists() or Outflow.objects.filter(lot=receipt.lot_id).exists()
    if gone:
        raise ValidationError(_("这批货已有后续的加工、出货或销售记录。请先撤销那些记录，再撤销进货。"))
    if Collection.objects.filter(receipt=receipt, undone_at=None).exists():
        # Else the certificate would stay used up for goods that nobody has.
        raise ValidationError(_("这笔进货是收取合格证时记下的。请到“收取合格证记录”里撤销收取，进货会一起撤销。"))
    changed = Receipt.objects.filter(pk=receipt.pk, state=Receipt.State.KEPT).update(
        state=Receipt.State.UNDONE, undone_at=ledger.clock.now(), undone_by=who(by), undone_reason=reason[:200]
    )
    if changed != 1:
        raise ValidationError(_("这条进货记录刚刚已被撤销，请刷新后查看。"))
    told = Dispatch.objects.filter(to_lot=receipt.lot_id, state=Dispatch.State.RECEIVED)
    if told.exists():
        # The sender's word stands: the goods are on their way again.
        for dispatch in told.select_related("link"):
            date_link(dispatch.link, dispatch.sent_at, None)
        told.update(state=Dispatch.State.SENT)
    else:
        Link.objects.filter(to_lot=receipt.lot_id).delete()
        Lot.objects.filter(pk=receipt.lot_id).update(state=Lot.State.UNDONE, stopped_at=None, stopped_by="")
    receipt.refresh_from_db()
    ledger.record("supply.receipt.undone", of=receipt, by=by, data={"reason": reason[:200]})
    return receipt


@transaction.atomic
def record_transformation(
    *,
    premises: Any,
    inputs: Sequence[Portion],
    food: str,
    quantity: Decimal | None,
    unit: str,
    made_at: datetime,
    by: Any,
    food_class: str = "",
    product: Any = None,
    code: str = "",
    best_before_on: date | None = None,
    how: str = How.TYPED,
) -> Lot:
    """Lots of a place are made into a new one there: cooked, packed, mixed, divided."""
    check_amount(quantity)
    check_past(made_at, "made_at")
    if not inputs:
        raise ValidationError({"inputs": _("请至少选择一种投入的原料批次。")})
    lots = Lot.objects.in_bulk([portion.lot_id for portion in inputs])
    for portion in inputs:
        _check_input(lots.get(portion.lot_id), portion, premises)
    day = made_at.astimezone(ledger.clock.LOCAL).date()
    out = new_lot(
        food=food, food_class=food_class, product=product, premises=premises, place_name=premises.name,
        division_code=premises.division_code, began_on=day, made_on=day, best_before_on=best_before_on, code=code,
        source=Source.TYPED, quantity=quantity, unit=unit, maker_name=premises.name, by=by,
    )  # fmt: skip
    event = own_event(
        kind="TransformationEvent", biz_step="commissioning", at=made_at, premises=premises, source=Source.TYPED,
        how=how, division_code=premises.division_code, by=by,
        codes=[
            *(("input", lots[p.lot_id], p.quantity, p.unit) for p in inputs), ("output", out, quantity, unit),
        ],
    )  # fmt: skip
    for portion in inputs:
        make_link(
            lots[portion.lot_id], out, sent_at=made_at, received_at=made_at, quantity=portion.quantity,
            unit=portion.unit or lots[portion.lot_id].unit, event=event,
        ).save(force_insert=True)  # fmt: skip
    ledger.record("supply.lot.made", of=out, by=by, data={"number": out.number, "inputs": len(inputs)})
    return out


def _check_input(lot: Lot | None, portion: Portion, premises: Any) -> None:
    if lot is None or lot.premises_id != premises.pk:
        raise ValidationError({"inputs": _("投入的批次不在本场所，请刷新后重新选择。")})
    _check_usable(lot, portion.quantity, portion.unit)


def _check_usable(lot: Lot, quantity: Decimal | None, unit: str) -> None:
    if lot.state != Lot.State.OPEN:
        raise ValidationError(_("“%(lot)s”已停售或者撤销，不能使用。") % {"lot": lot})
    check_amount(quantity)
    left = left_of(lot)
    if (
        quantity is not None
        and left.quantity is not None
        and (not unit or unit == left.unit)
        and quantity > left.quantity
    ):
        raise ValidationError(
            {"quantity": _("“%(lot)s”只剩 %(left)s %(unit)s，请核对数量；如实际更多，请先补登进货。")
             % {"lot": lot, "left": f"{left.quantity.normalize():f}", "unit": left.unit}}
        )  # fmt: skip


@transaction.atomic
def record_dispatch(
    *,
    lot: Lot,
    quantity: Decimal | None,
    unit: str,
    sent_at: datetime,
    by: Any,
    to_premises: Any = None,
    to_name: str = "",
) -> Dispatch:
    """Goods leave for another place. The receiver's lot stands from now on, on the sender's word."""
    check_past(sent_at, "sent_at")
    _check_usable(lot, quantity, unit)
    to_name = to_premises.name if to_premises is not None else to_name.strip()
    if not to_name:
        raise ValidationError({"to_name": _("请填写收货方名称，或者从底册中选择收货场所。")})
    division_code = to_premises.division_code if to_premises is not None else lot.division_code
    day = sent_at.astimezone(ledger.clock.LOCAL).date()
    if day < lot.began_on:
        raise ValidationError({"sent_at": _("发货时间早于这批货到场的日期，请核对。")})
    to_lot = new_lot(
        food=lot.food, food_class=lot.food_class, product=lot.product, premises=to_premises, place_name=to_name[:120],
        division_code=division_code, began_on=day, source=lot.source, quantity=quantity, unit=unit or lot.unit,
        code=lot.code, maker_name=lot.maker_name, made_on=lot.made_on, best_before_on=lot.best_before_on,
        vouched_by=named(by), by=by,
    )  # fmt: skip
    event = own_event(
        kind="ObjectEvent", action="OBSERVE", biz_step="shipping", at=sent_at, premises=lot.premises,
        codes=[("epc", lot, quantity, unit or lot.unit)], source=Source.TYPED, how=How.TYPED,
        division_code=lot.division_code, by=by, more={"fangxin:dispatch": to_lot.number},
    )  # fmt: skip
    link = make_link(lot, to_lot, sent_at=sent_at, quantity=quantity, unit=unit or lot.unit, event=event)
    link.save(force_insert=True)
    dispatch = insert(
        Dispatch(
            lot=lot, to_premises=to_premises, to_name=to_name[:120], to_lot=to_lot, link=link, quantity=quantity,
            unit=unit or lot.unit, sent_at=sent_at, division_code=lot.division_code, recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("supply.dispatch.recorded", of=dispatch, by=by, data={"lot": lot.number, "to": to_lot.number})
    return dispatch


@transaction.atomic
def undo_dispatch(*, dispatch: Dispatch, reason: str, by: Any) -> Dispatch:
    """As long as the receiver has not confirmed it."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销原因。")})
    if Link.objects.filter(from_lot=dispatch.to_lot_id).exists():
        raise ValidationError(_("收货方已有后续记录，不能撤销。请与收货方核对。"))
    changed = Dispatch.objects.filter(pk=dispatch.pk, state=Dispatch.State.SENT).update(state=Dispatch.State.UNDONE)
    if changed != 1:
        raise ValidationError(_("收货方刚刚已确认收货，或者这条记录已撤销，请刷新后查看。"))
    Link.objects.filter(to_lot=dispatch.to_lot_id).delete()
    Lot.objects.filter(pk=dispatch.to_lot_id).update(state=Lot.State.UNDONE)
    dispatch.refresh_from_db()
    ledger.record("supply.dispatch.undone", of=dispatch, by=by, data={"reason": reason.strip()[:200]})
    return dispatch


@transaction.atomic
def record_outflow(*, lot: Lot, kind: str, quantity: Decimal | None, unit: str, at: datetime, by: Any) -> Outflow:
    """Sold over the counter, thrown away, or withdrawn: it leaves the chain here."""
    check_past(at, "at")
    if lot.premises is None:
        raise ValidationError(_("这批货不在底册中的场所，无法登记去向。"))
    if kind == Outflow.Kind.SOLD:
        _check_usable(lot, quantity, unit)
    check_amount(quantity)
    outflow = insert(
        Outflow(
            premises=lot.premises, lot=lot, food=lot.food, kind=kind, at=at, quantity=quantity, unit=unit or lot.unit,
            source=Source.TYPED, division_code=lot.division_code, recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("supply.outflow.recorded", of=outflow, by=by, data={"lot": lot.number, "kind": kind})
    return outflow
