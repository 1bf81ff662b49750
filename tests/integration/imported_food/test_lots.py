"""Lots of imported food: their record, papers, label, score, and what follows from a fault."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.imported_food import rules, tasks
from fangxin.actions.imported_food.models import Consignment, Disposal
from fangxin.actions.imported_food.services import consignments, disposals, traders
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import api as supply


def tokens(row: Consignment) -> set[str]:
    return {said["token"] for said in row.reasons}


def test_a_lot_goes_to_supply_and_is_understood(importer, lot):
    row = lot(importer)
    assert (row.products, row.food_class) == (["pistachio"], "nuts")
    assert (row.lot.quantity, row.lot.code, row.lot.best_before_on) == (Decimal(100), "L2301-A7", date(2024, 1, 4))
    assert list(supply.lots_at(importer.premises, date(2023, 3, 15))) == [row.lot]
    assert row.papers_missing == 0
    assert not row.key_paper_missing


@pytest.mark.parametrize(
    ("best_before", "until"),
    [(date(2025, 10, 31), date(2026, 4, 30)), (date(2024, 8, 31), date(2025, 2, 28)), (None, date(2025, 3, 10))],
)
def test_the_record_is_kept_half_a_year_beyond_the_shelf_life_or_two_years(importer, lot, best_before, until):
    assert lot(importer, best_before_on=best_before).keep_until == until


def test_a_lot_without_the_certificate_is_disposed_of_after_five_working_days(shop, lot, department):
    papers = {"supplier_licence": "JY1", "chinese_label": "B-1"}
    row = lot(shop, papers=papers)
    assert row.key_paper_missing
    assert "key_paper_missing" in tokens(row)
    tasks.daily()
    assert not row.disposals.exists()  # told on Wednesday 15 March
    with ledger.clock.held_at(datetime(2023, 3, 23, 7, tzinfo=ledger.clock.LOCAL)):
        tasks.daily()
        tasks.daily()
    found = row.disposals.get()
    assert (found.cause, found.state) == ("papers", "open")
    assert found.matter.hazard.startswith("进口食品没有入境货物检验检疫证明：老魏进口食品店")


def test_a_paper_brought_later_takes_the_gap_away_and_taken_back_opens_it_again(shop, lot, department):
    row = lot(shop, papers={"supplier_licence": "JY1", "chinese_label": "B-1"})
    paper = consignments.add_paper(consignment=row, code="quarantine_certificate", number="223", by=department)
    row.refresh_from_db()
    assert not row.key_paper_missing
    consignments.undo_paper(paper=paper, by=department)
    row.refresh_from_db()
    assert row.key_paper_missing
    with pytest.raises(ledger.MovedOn):
        consignments.undo_paper(paper=paper, by=department)


def test_cold_chain_papers_are_asked_for_only_while_the_rule_held(shop, lot):
    before = lot(
        shop,
        storage="frozen",
        entered_on=date(2023, 1, 7),
        received_at=datetime(2023, 1, 7, 9, tzinfo=ledger.clock.LOCAL),
    )
    after = lot(
        shop,
        storage="frozen",
        entered_on=date(2023, 1, 8),
        received_at=datetime(2023, 1, 9, 9, tzinfo=ledger.clock.LOCAL),
    )
    assert [duty.code for duty in rules.missing_papers(before, ["quarantine_certificate"])] == [
        "supplier_licence", "chinese_label", "cold_chain_test",
    ]  # fmt: skip
    assert after.papers_missing == 0


def test_a_label_without_the_agents_address_may_not_be_sold(shop, lot, department, right_label):
    row = lot(shop)
    check = consignments.check_label(consignment=row, answers=right_label(agent="wrong"), by=department)
    assert (check.outcome, check.wrong, check.edition) == ("nonconforming", ["agent"], "2011")
    tasks.daily()
    assert row.disposals.get().matter.legal_basis == "食品安全法第九十七条、第一百二十五条第一款"


def test_a_label_that_was_half_looked_at_is_not_in_order(shop, lot, department, right_label):
    row = lot(shop)
    answers = right_label()
    del answers["origin"]
    assert consignments.check_label(consignment=row, answers=answers, by=department).outcome == "incomplete"
    assert (
        consignments.check_label(consignment=row, answers=right_label(storage="wrong"), by=department).outcome == "flaw"
    )
    assert consignments.check_label(consignment=row, answers=right_label(), by=department).outcome == "conforming"
    row.refresh_from_db()
    assert row.label == "conforming"


def test_expired_food_on_the_shelf_becomes_a_disposal(shop, lot):
    row = lot(shop, best_before_on=date(2023, 3, 14))
    assert row.band == "high"
    tasks.daily()
    assert row.disposals.get().cause == "expired"


def test_missing_fields_are_a_matter_while_the_record_must_be_kept(importer, lot, department):
    whole, lacking = lot(importer), lot(importer, supplier="", maker_number="", lot_code="x2")
    assert [duty.code for duty in rules.missing_fields(lacking)] == ["supplier", "maker_number"]
    matter = consignments.report_record(consignment=lacking, by=department)
    assert matter == consignments.report_record(consignment=lacking, by=department)
    with pytest.raises(ledger.Refused):
        consignments.report_record(consignment=whole, by=department)


def test_sampling_is_asked_once_and_says_what_to_look_for(importer, lot, department, agencies):
    row = lot(importer)
    ask = {
        "agency": agencies["market"],
        "food_class": "炒货食品及坚果制品",
        "due_on": date(2023, 4, 1),
        "by": department,
    }
    task = consignments.ask_sampling(consignment=row, **ask)
    assert task == consignments.ask_sampling(consignment=row, **ask)
    assert "真菌毒素" in task.basis
    assert task.premises == importer.premises


def test_a_record_in_error_is_taken_back_with_its_receipt(importer, lot, department):
    row = lot(importer)
    consignments.undo_consignment(consignment=row, reason="重复登记", by=department)
    row.lot.refresh_from_db()
    assert (row.state, row.lot.state) == ("undone", "undone")


@pytest.mark.parametrize(
    "more", [{"gtin": "6900000000001"}, {"made_on": date(2023, 5, 1)}, {"entered_on": date(2023, 5, 1)}]
)
def test_what_cannot_be_is_refused_and_nothing_is_half_written(importer, lot, more):
    with pytest.raises(ValidationError):
        lot(importer, **more)
    assert not Consignment.objects.exists()
    assert not supply.Lot.objects.exists()


# --- credit -------------------------------------------------------------------------------------------------------------


def test_a_grade_counts_only_within_its_scheme(importer, department):
    traders.record_credit(
        trader=importer, scheme="customs-2021", grade="regular", valid_from=date(2022, 1, 10), source_text="海关企业进出口信用信息公示平台",
        by=department,
    )  # fmt: skip
    records = list(importer.credit_records.all())
    states = {
        day: rules.credit_of(records, day).state.value
        for day in (date(2023, 3, 15), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(states.values()) == ["known", "known", "unmatched"]


@pytest.mark.parametrize(
    ("scheme", "grade", "day"),
    [
        ("customs-2021", "certified", date(2022, 1, 1)),
        ("customs-2021", "regular", date(2021, 10, 31)),
        ("customs-2018", "general", date(2022, 1, 1)),
    ],
)
def test_a_grade_that_the_scheme_does_not_have_or_of_another_time_is_refused(importer, department, scheme, grade, day):
    with pytest.raises(ledger.Refused):
        traders.record_credit(
            trader=importer, scheme=scheme, grade=grade, valid_from=day, source_text="公示", by=department
        )


def test_the_way_into_the_credit_system_is_taken_step_by_step(importer, department):
    traders.change_coaching(trader=importer, coaching="recommended", note="三年无不合格", by=department)
    with pytest.raises(ledger.Refused):
        traders.change_coaching(trader=importer, coaching="known", note="退回", by=department)
    assert importer.coaching == "recommended"


# --- disposal -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sold_on(importer, shop, lot, department):
    """The importer's lot of which thirty went to the shop."""
    first = lot(importer)
    supply.record_dispatch(
        lot=first.lot,
        to_premises=shop.premises,
        quantity=Decimal(30),
        unit="千克",
        sent_at=ledger.clock.now(),
        by=department,
    )
    return first


def test_stopping_a_lot_stops_it_for_all_and_lists_who_got_it(sold_on, department):
    row = disposals.open_disposal(consignment=sold_on, cause="failed", text="黄曲霉毒素超标", by=department)
    assert (row.stop_due_at - row.found_at).total_seconds() == 24 * 3600
    row = disposals.stop(disposal=row, on_hand=Decimal(70), by=department)
    sold_on.refresh_from_db()
    sold_on.lot.refresh_from_db()
    assert (sold_on.state, sold_on.lot.state) == ("stopped", "stopped")
    buyer = row.withdrawals.get()
    assert (buyer.name, buyer.delivered) == ("老魏进口食品店", Decimal(30))
    with pytest.raises(ledger.Refused, match="还有 1 家购货者没有通知"):
        disposals.dispose(disposal=row, outcome="destroyed", quantity=Decimal(70), text="销毁", by=department)
    disposals.tell_buyer(withdrawal=buyer, by=department)
    with pytest.raises(ledger.Refused):
        disposals.record_returned(withdrawal=buyer, returned=Decimal(31), by=department)
    disposals.record_returned(withdrawal=buyer, returned=Decimal(28), by=department)
    row = disposals.dispose(disposal=row, outcome="destroyed", quantity=Decimal(70), text="填埋场销毁", by=department)
    sold_on.refresh_from_db()
    assert (row.state, sold_on.state) == ("disposed", "disposed")
    assert supply.left_of(sold_on.lot).quantity == 0
    assert disposals.report(disposal=row, to="云安海关", by=department).state == "reported"


def test_unsafe_food_is_never_put_back_on_the_shelf(sold_on, department):
    row = disposals.open_disposal(consignment=sold_on, cause="failed", text="不合格", by=department)
    disposals.stop(disposal=row, on_hand=None, by=department)
    for outcome in ("released", "reworked", "", "给了别人"):
        with pytest.raises(ledger.Refused):
            disposals.dispose(disposal=row, outcome=outcome, quantity=None, text="恢复", by=department)


def test_a_label_put_right_is_sold_again_unless_something_else_holds_the_lot(shop, lot, department):
    row = lot(shop)
    label = disposals.open_disposal(consignment=row, cause="label", text="没有中文标签", by=department)
    alert = disposals.open_disposal(consignment=row, cause="papers", text="没有证明", by=department)
    disposals.stop(disposal=label, on_hand=None, by=department)
    disposals.stop(disposal=alert, on_hand=None, by=department)
    disposals.dispose(disposal=label, outcome="reworked", quantity=None, text="加贴标签", by=department)
    row.refresh_from_db()
    assert row.state == "stopped"
    disposals.dispose(disposal=alert, outcome="released", quantity=None, text="证明已补交", by=department)
    row.refresh_from_db()
    row.lot.refresh_from_db()
    assert (row.state, row.lot.state) == ("on_shelf", "open")


def test_two_at_once_stop_a_lot_once(shop, lot, department):
    row = disposals.open_disposal(consignment=lot(shop), cause="label", text="没有中文标签", by=department)
    again = Disposal.objects.get(pk=row.pk)
    disposals.stop(disposal=row, on_hand=None, by=department)
    with pytest.raises(ledger.MovedOn):
        disposals.stop(disposal=again, on_hand=None, by=department)


def test_a_late_disposal_becomes_a_matter_once(shop, lot, department):
    row = disposals.open_disposal(consignment=lot(shop), cause="label", text="没有中文标签", by=department)
    assert row.due_on == date(2023, 6, 13)  # ninety days, to the next working day if it were none
    with ledger.clock.held_at(datetime(2023, 6, 14, 7, tzinfo=ledger.clock.LOCAL)):
        tasks.hourly()
        tasks.hourly()
    matters = casework.list_matters(department).filter(hazard__contains=row.number)
    assert matters.count() == 1


def test_what_an_importer_sent_is_joined_when_the_shop_records_it_by_its_number(sold_on, shop, lot):
    row = lot(shop, quantity=Decimal(29), received_at=ledger.clock.now())
    links = supply.trace(sold_on.lot_id, "forward").links
    assert [(link.from_lot, link.to_lot) for link in links] == [(sold_on.lot_id, row.lot_id)]
    assert (row.lot.quantity, row.lot.receipt.from_lot) == (Decimal(29), sold_on.lot)


def test_a_like_number_that_nobody_sent_here_is_not_joined(importer, shop, lot):
    first, second = lot(importer), lot(shop)
    assert not supply.trace(first.lot_id, "forward").links
    assert second.lot.receipt.from_lot is None
