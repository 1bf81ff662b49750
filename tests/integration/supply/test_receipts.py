"""Goods arrive, are made into others, leave; and what was recorded can be taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from tests.integration.supply.conftest import NOW

from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.data import Portion
from fangxin.kernel.supply.models import Dispatch, Event, Link, Lot, Receipt


def test_a_receipt_makes_a_lot_a_link_and_an_event(leek, stall, vendor, receive):
    lot = receive(stall, vendor, from_lot=leek)
    link = Link.objects.get()
    assert (link.from_lot, link.to_lot, link.quantity) == (leek, lot, Decimal(40))
    assert lot.maker_name == "柳沟菜园"
    assert lot.receipt.supplier_name == "柳沟菜园"
    event = Event.objects.get()
    assert (event.biz_step, event.source, event.vouched_by) == ("receiving", "receipt", "石门镇老魏小吃店")
    assert supply.left_of(leek).quantity == 60


def test_a_supplier_without_a_lot_is_kept_by_name(stall, vendor, receive):
    lot = receive(stall, vendor, supplier_name="不知名批发部")
    assert lot.receipt.supplier_name == "不知名批发部"
    assert not Link.objects.exists()


def test_the_receiver_confirms_what_the_sender_said(leek, stall, farm, vendor, department, receive):
    sent = supply.record_dispatch(
        lot=leek, to_premises=stall, quantity=Decimal(45), unit="kg", sent_at=NOW - timedelta(days=1), by=department
    )
    assert sent.to_lot.sureness == "stated"
    assert list(supply.coming_to(vendor)) == [sent]
    lot = receive(stall, vendor, from_lot=leek, how="scan", received_at=NOW)
    assert lot == sent.to_lot
    assert (lot.quantity, lot.sureness) == (Decimal(40), "scanned")
    sent.refresh_from_db()
    assert sent.state == Dispatch.State.RECEIVED
    assert Link.objects.get().received_at == NOW
    assert not supply.coming_to(vendor).exists()


def test_a_confirmed_receipt_taken_back_leaves_the_senders_word(leek, stall, vendor, department, receive):
    supply.record_dispatch(
        lot=leek, to_premises=stall, quantity=Decimal(40), unit="kg", sent_at=NOW - timedelta(days=1), by=department
    )
    lot = receive(stall, vendor, from_lot=leek, received_at=NOW)
    supply.undo_receipt(receipt=lot.receipt, reason="点错了", by=vendor)
    assert Link.objects.get().received_at is None
    assert supply.coming_to(vendor).count() == 1


def test_a_receipt_is_taken_back_only_while_nothing_went_on(leek, stall, vendor, receive):
    lot = receive(stall, vendor, from_lot=leek)
    sale = supply.record_outflow(lot=lot, kind="sold", quantity=Decimal(5), unit="kg", at=NOW, by=vendor)
    with pytest.raises(ValidationError, match="后续"):
        supply.undo_receipt(receipt=lot.receipt, reason="重复登记", by=vendor)
    sale.delete()
    supply.undo_receipt(receipt=lot.receipt, reason="重复登记", by=vendor)
    lot.refresh_from_db()
    assert lot.state == Lot.State.UNDONE
    assert not Link.objects.exists()
    with pytest.raises(ValidationError, match="刚刚"):
        supply.undo_receipt(receipt=Receipt.objects.get(), reason="再来一次", by=vendor)


def test_a_stopped_lot_is_not_received(leek, stall, vendor, department, receive):
    supply.stop_lot(lot=leek, reason="农药残留不合格", by=department)
    with pytest.raises(ValidationError, match="停售"):
        receive(stall, vendor, from_lot=leek)
    supply.release_lot(lot=leek, reason="复检合格", by=department)
    receive(stall, vendor, from_lot=leek)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-1)},
        {"received_at": NOW + timedelta(hours=1)},
        {"received_at": NOW - timedelta(days=9)},
        {"unit": "一个非常长的计量单位名称不可能有"},
        {"food": ""},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_written(wrong, leek, stall, vendor, receive):
    with pytest.raises(ValidationError):
        receive(stall, vendor, **({"from_lot": leek} | wrong))
    assert Lot.objects.count() == 1
    assert not Event.objects.exists()


def test_a_dish_is_traced_to_the_farm_and_the_farm_to_the_dish(leek, stall, canteen, vendor, principal, receive):
    at_stall = receive(stall, vendor, from_lot=leek)
    at_canteen = receive(canteen, principal, from_lot=at_stall, quantity=Decimal(10), received_at=NOW)
    flour = receive(canteen, principal, food="面粉", supplier_name="粮油店", received_at=NOW)
    dish = supply.record_transformation(
        premises=canteen, food="韭菜饺子", quantity=Decimal(25), unit="kg", made_at=NOW, by=principal,
        inputs=[Portion(at_canteen.pk, Decimal(8), "kg"), Portion(flour.pk)],
    )  # fmt: skip
    back = supply.trace(dish.pk, "back")
    assert {lot.food: lot.depth for lot in back.lots if lot.food != "韭菜"} == {"韭菜饺子": 0, "面粉": -1}
    assert [lot.depth for lot in back.lots if lot.food == "韭菜"] == [-3, -2, -1]
    assert len(back.links) == 4
    assert {lot.id for lot in supply.trace(leek.pk, "forward").lots} == {leek.pk, at_stall.pk, at_canteen.pk, dish.pk}
    assert supply.left_of(at_canteen).quantity == 2
    assert supply.left_of(flour).quantity is None


def test_more_than_is_left_cannot_be_used(leek, stall, vendor, department, receive):
    lot = receive(stall, vendor, from_lot=leek)
    with pytest.raises(ValidationError, match="只剩 40 kg"):
        supply.record_dispatch(lot=lot, to_name="过路客商", quantity=Decimal(41), unit="kg", sent_at=NOW, by=department)


def test_a_trace_keeps_to_time(leek, stall, canteen, vendor, principal, receive):
    """What left before the goods came cannot hold them."""
    early = receive(stall, vendor, supplier_name="批发市场", received_at=NOW - timedelta(days=1))
    made = supply.record_transformation(
        premises=stall, food="净菜", quantity=None, unit="kg", made_at=NOW - timedelta(days=1), by=vendor,
        inputs=[Portion(early.pk)],
    )  # fmt: skip
    link = Link(from_lot=leek, to_lot=early, received_at=NOW, arrives=2_000_000_000, leaves=2_000_000_000)
    link.save()
    assert made.pk not in {lot.id for lot in supply.trace(leek.pk, "forward").lots}
