"""Goods at the gate, what leaves, what is taken off sale, and who is told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.produce_markets.models import Referral
from fangxin.actions.produce_markets.services import checks, entries, rapid, referrals, withdrawals
from fangxin.kernel.laboratory.models import SamplingTask
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused
from fangxin.kernel.supply import api as supply

pytestmark = pytest.mark.django_db


def _test(entry: Any, result: str, by: Any) -> Any:
    return rapid.record_test(
        market=entry.market, entry=entry, food=entry.food, item="有机磷", method="酶抑制率速测卡", result=result, by=by
    )


def test_goods_with_a_certificate_come_in_and_are_a_lot_of_the_supply_records(bring: Any) -> None:
    entry = bring()
    assert entry.state == "admitted"
    receipt = entry.lot.receipt
    assert (receipt.certificate_code, receipt.quantity, receipt.premises) == ("HG-001", 100, entry.market.premises)
    assert entry.reasons[0]["clause"]


def test_vegetables_without_proof_wait_and_come_in_by_a_negative_rapid_test(bring: Any, department: Any) -> None:
    entry = bring(proofs={})
    assert (entry.state, entry.lot.state) == ("isolated", "stopped")
    with pytest.raises(Refused):
        entries.sell(entry=entry, quantity=Decimal(1), by=department)
    _test(entry, "negative", department)
    entry.refresh_from_db()
    entry.lot.refresh_from_db()
    assert (entry.state, entry.lot.state) == ("admitted", "open")


def test_pork_without_quarantine_proof_stays_out_whatever_its_test_says(bring: Any, department: Any) -> None:
    entry = bring(food="猪肉", goods="pork", proofs={"voucher": "P-1"})
    assert entry.state == "refused"
    assert entry.lot is None
    both = bring(food="猪肉", goods="pork", proofs={"quarantine": "J-1", "meat_quality": "R-1"})
    assert both.state == "admitted"


def test_a_positive_stops_the_goods_asks_for_a_sample_and_is_reported_once(
    bring: Any, department: Any, catalogue: None
) -> None:
    entry = bring()
    entries.sell(entry=entry, quantity=Decimal(30), by=department)
    test = _test(entry, "positive", department)
    entry.refresh_from_db()
    assert (entry.state, entry.withdrawal.expected, entry.withdrawal.cause) == ("withdrawn", 70, "rapid")
    assert entry.lot.state == "stopped" or supply.get_lot(department, entry.lot_id).state == "stopped"
    assert SamplingTask.objects.filter(asked_from=f"laboratory.rapid:{test.rapid_test.number}").count() == 1
    referral = Referral.objects.get(entry=entry)
    assert referral.matter is not None
    assert referral.report_by == test.rapid_test.tested_at + timedelta(hours=24)
    again = referrals.report(
        source="rapid", text="再报一次", key=f"rapid:{test.rapid_test.number}", entry=entry, by=department
    )
    assert again == referral


def test_a_withdrawal_says_what_was_left_and_explains_what_is_missing(bring: Any, department: Any) -> None:
    entry = bring()
    entries.sell(entry=entry, quantity=Decimal(30), by=department)
    row = withdrawals.order(entry=entry, cause="recall", reason="产地通报", by=department)
    with pytest.raises(Refused):
        withdrawals.finish(row=row, found=Decimal(50), disposal="destroyed", by=department)
    withdrawals.finish(row=row, found=Decimal(50), disposal="destroyed", note="20公斤已售给流动摊贩", by=department)
    with pytest.raises(MovedOn):
        withdrawals.finish(row=row, found=Decimal(50), disposal="destroyed", note="再登记", by=department)
    assert supply.left_of(entry.lot).quantity == 20


def test_more_sold_than_entered_is_written_down_and_reported(bring: Any, department: Any) -> None:
    """A7-3: a certificate of 500 kg, entries of 300 and 150, sales of 460."""
    first = bring(quantity=Decimal(300), certificate_quantity=Decimal(500))
    second = bring(quantity=Decimal(150), certificate_quantity=Decimal(500))
    assert not Referral.objects.exists()
    entries.sell(entry=first, quantity=Decimal(300), by=department)
    entries.sell(entry=second, quantity=Decimal(160), by=department)
    referral = Referral.objects.get()
    assert (referral.source, referral.entry) == ("oversold", second)
    second.refresh_from_db()
    assert second.gone == 160


def test_more_entered_on_a_certificate_than_it_says_is_reported(bring: Any) -> None:
    bring(quantity=Decimal(300), certificate_quantity=Decimal(500))
    bring(quantity=Decimal(300), certificate_quantity=Decimal(500))
    assert Referral.objects.get().source == "proof"


def test_a_line_written_by_mistake_is_taken_back_once(bring: Any, department: Any) -> None:
    entry = bring()
    line = entries.sell(entry=entry, quantity=Decimal(30), by=department)
    entries.take_back(line=line, by=department)
    entry.refresh_from_db()
    assert entry.gone == 0
    with pytest.raises(MovedOn):
        entries.take_back(line=line, by=department)


def test_an_entry_told_by_phone_waits_for_the_market_and_falls_without_its_proof(bring: Any, department: Any) -> None:
    entry = bring(how="phone")
    assert (entry.state, entry.checked_at) == ("admitted", None)
    with pytest.raises(Refused):
        entries.check(entry=entry, seen=False, by=department)
    entry.refresh_from_db()
    assert entry.checked_at is None
    entries.check(entry=entry, seen=False, note="合格证不是这批", by=department)
    entry.refresh_from_db()
    assert (entry.state, entry.proofs) == ("isolated", {})
    with pytest.raises(MovedOn):
        entries.check(entry=entry, seen=True, by=department)


def test_an_entry_is_undone_only_while_nothing_of_it_left(bring: Any, department: Any) -> None:
    entry, sold = bring(), bring()
    entries.sell(entry=sold, quantity=Decimal(1), by=department)
    with pytest.raises(Refused):
        entries.undo(entry=sold, why="写错了", by=department)
    entries.undo(entry=entry, why="写错了", by=department)
    assert entry.state == "undone"
    assert entry.lot.receipt.state == "undone"


@pytest.mark.parametrize(
    ("seen", "faults", "crime"),
    [
        ({"quarantine_no": "J1", "quality_no": "R1", "quarantine_stamp": True, "quality_stamp": True, "drug": "negative"}, [], None),
        ({"quarantine_no": "J1", "quality_no": "R1", "quarantine_stamp": True, "quality_stamp": True, "drug": "positive"}, ["drug_positive"], True),
        ({"quarantine_no": "J1", "quarantine_stamp": True, "quality_stamp": True, "drug": "not_done"}, ["quality_no", "drug"], False),
    ],
)  # fmt: skip
def test_meat_needs_two_certificates_two_stamps_and_a_drug_test(
    bring: Any, department: Any, seen: dict[str, Any], faults: list[str], crime: bool | None
) -> None:
    entry = bring(food="猪肉", goods="pork", proofs={"quarantine": "J1", "meat_quality": "R1"})
    row = checks.record_meat(
        premises=entry.market.premises, entry=entry, slaughterer="某屠宰厂", animal="pig", carcasses=4, by=department,
        **seen,
    )  # fmt: skip
    entry.refresh_from_db()
    assert row.faults == faults
    assert entry.state == ("withdrawn" if faults else "admitted")
    assert (Referral.objects.get().crime if faults else None) == crime


def test_a_referral_is_taken_up_and_becomes_a_case(bring: Any, department: Any, catalogue: None) -> None:
    _test(bring(), "positive", department)
    row = Referral.objects.get()
    with pytest.raises(MovedOn):
        referrals.end(row=row, conclusion="查无此事", by=department)
    referrals.take_up(row=row, by=department)
    referrals.make_case(row=row, text="现场核实，货物已售出部分", by=department)
    assert (row.state, row.case.matter) == ("case", row.matter)
    with pytest.raises(MovedOn):
        referrals.take_up(row=row, by=department)


def test_what_lies_in_the_future_is_refused(bring: Any) -> None:
    with pytest.raises(ValidationError):
        bring(arrived_at=ledger.clock.now() + timedelta(hours=1))
