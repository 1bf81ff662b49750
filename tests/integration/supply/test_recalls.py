"""A recall: everybody is found, told and asked; what came back is reckoned; nobody else sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply import recalling, selectors_recalls
from fangxin.kernel.supply.models import Lot, Recall, RecallPlace, RecallReturn
from fangxin.kernel.supply.services import recalls
from fangxin.kernel.supply.views.recalls import share_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(leek, stall, canteen, receive, vendor, principal, farm):
    """40 kg of the leek went to the stall and 25 kg from there to the school."""
    at_stall = receive(stall, vendor, from_lot=leek, supplier_premises=farm)
    at_school = receive(
        canteen, principal, from_lot=at_stall, supplier_premises=stall, quantity=Decimal(25),
        received_at=ledger.clock.now() - timedelta(hours=3),
    )  # fmt: skip
    return leek, at_stall, at_school


@pytest.fixture
def recall(sold, department):
    return recalls.start_recall(lot=sold[0], level="first", reason="毒死蜱不合格", by=department)


def place_at(recall, premises):
    return RecallPlace.objects.get(recall=recall, premises=premises)


def progress(recall):
    return recalling.progress_of(recall, list(selectors_recalls.places_of(recall)), ledger.clock.now())


def test_every_place_that_goods_reached_is_listed_and_its_goods_are_stopped(recall, sold, farm, stall, canteen):
    found = {place.premises: place for place in recall.places.all()}
    assert set(found) == {farm, stall, canteen}
    assert [found[where].tier for where in (farm, stall, canteen)] == [0, 1, 2]
    assert {Lot.objects.get(pk=lot.pk).state for lot in sold} == {Lot.State.STOPPED}
    assert found[canteen].tell_by - found[stall].tell_by == timedelta(hours=24)


def test_what_may_be_left_is_the_balance_of_the_records(recall, stall):
    held = place_at(recall, stall).lots.get()
    assert (held.least, held.most, held.unit) == (Decimal(15), Decimal(15), "kg")


def test_a_drill_stops_no_goods(sold, department):
    drill = recalls.start_recall(lot=sold[0], level="second", reason="演练", drill=True, by=department)
    assert drill.number.startswith("YL")
    assert drill.places.count() == 3
    assert {Lot.objects.get(pk=lot.pk).state for lot in sold} == {Lot.State.OPEN}


def test_a_second_recall_of_a_lot_is_refused_while_one_runs(recall, sold, department):
    with pytest.raises(ledger.Refused.__bases__[0], match="已经有一次召回"):
        recalls.start_recall(lot=sold[0], level="first", reason="再来一次", by=department)
    assert Recall.objects.count() == 1


def test_goods_that_are_recorded_later_are_added_by_listing_again(recall, sold, place, receive, vendor, department):
    late = place("后来的小店", "food_sales", agency="shop")
    receive(late, vendor, from_lot=sold[1], quantity=Decimal(5))
    assert recalls.list_places(recall=recall, by=department) == 1
    assert place_at(recall, late).tier == 2
    assert recalls.list_places(recall=recall, by=department) == 0


def test_the_share_recovered_counts_what_came_back_against_what_can_have_been_there(
    recall, farm, stall, canteen, department
):
    for where, quantity in ((farm, 60), (stall, 15)):
        held = place_at(recall, where).lots.get()
        recalls.report_return(held=held, fate="destroyed", quantity=Decimal(quantity), by=department)
    assert share_text(progress(recall).share) == "75%"
    eaten = place_at(recall, canteen).lots.get()
    recalls.report_return(held=eaten, fate="eaten", quantity=Decimal(25), by=department)
    assert share_text(progress(recall).share) == "100%"


def test_a_place_that_cannot_say_makes_the_share_a_range(recall, canteen, department):
    held = place_at(recall, canteen).lots.get()
    recalls.report_return(held=held, fate="sealed", quantity=None, by=department)
    assert share_text(progress(recall).share) == "0–100%"


def test_a_report_taken_back_no_longer_counts(recall, stall, department):
    row = recalls.report_return(
        held=place_at(recall, stall).lots.get(), fate="returned", quantity=Decimal(15), by=department
    )
    recalls.undo_return(row=row, reason="重复登记", by=department)
    assert share_text(progress(recall).share) == "0%"
    with pytest.raises(ledger.MovedOn):
        recalls.undo_return(row=row, reason="再撤一次", by=department)


def test_a_place_is_told_once_and_its_own_answer_tells_it_too(recall, stall, canteen, department, vendor, principal):
    recalls.tell(place=place_at(recall, stall), how="电话", by=department)
    with pytest.raises(ledger.MovedOn):
        recalls.tell(place=place_at(recall, stall), how="电话", by=department)
    recalls.answer(place=place_at(recall, canteen), by=principal)
    row = place_at(recall, canteen)
    assert row.told_at == row.answered_at is not None


def test_the_count_is_whole_only_when_everybody_has_answered(recall, department):
    with pytest.raises(ledger.Refused, match="3 个场所没有确认"):
        recalls.finish_count(recall=recall, by=department)
    for row in recall.places.all():
        recalls.answer(place=row, by=department)
    with ledger.clock.held_at(ledger.clock.now() + timedelta(hours=2)):
        recalls.finish_count(recall=recall, by=department)
    recall.refresh_from_db()
    assert recalling.whole_time(recall) == timedelta(hours=2)


def test_checks_are_drawn_once_and_can_be_drawn_again_by_anybody(recall, department):
    assert recalls.draw_checks(recall=recall, by=department) == 1
    chosen = [recalling.key_of(row) for row in recall.places.filter(chosen=True)]
    assert chosen == sorted(recalling.chosen_for_checks(recall.places.all(), recall, recall.checks_seed))
    with pytest.raises(ledger.MovedOn):
        recalls.draw_checks(recall=recall, by=department)


def test_a_check_that_fails_says_what_was_seen(recall, stall, department):
    with pytest.raises(ledger.Refused, match="现场情况"):
        recalls.record_check(place=place_at(recall, stall), acted=False, note=" ", by=department)
    recalls.record_check(place=place_at(recall, stall), acted=False, note="货架上还有 2 把", by=department)
    found = recalling.effectiveness_of(list(recall.places.all()))
    assert (found.checked, found.acted, found.high) == (1, 0, 2)


def test_cancelling_lets_go_of_what_this_recall_stopped_and_of_nothing_else(sold, department):
    supply.stop_lot(lot=sold[1], reason="另有问题", by=department)
    recall = recalls.start_recall(lot=sold[0], level="first", reason="误报", by=department)
    recalls.cancel_recall(recall=recall, note="检验结果更正", by=department)
    states = [Lot.objects.get(pk=lot.pk).state for lot in sold]
    assert states == [Lot.State.OPEN, Lot.State.STOPPED, Lot.State.OPEN]
    with pytest.raises(ledger.MovedOn):
        recalls.tell(place=recall.places.first(), how="电话", by=department)


def test_an_ended_recall_can_be_taken_up_again(recall, department):
    with pytest.raises(ledger.Refused):
        recalls.close_recall(recall=recall, note="", by=department)
    recalls.close_recall(recall=recall, note="余货已封存，后续由检查处理", by=department)
    recalls.reopen_recall(recall=recall, note="又发现两家", by=department)
    assert recall.state == "open"


def test_the_pages_lead_from_the_lot_to_the_sheet(sold, department, canteen, client_for):
    client = client_for(department)
    lot = sold[0]
    assert "召回" in client.get(lot.get_absolute_url()).content.decode()
    answer = client.post(f"/supply/lots/{lot.pk}/recall/", {"level": "first", "reason": "毒死蜱不合格"})
    recall = Recall.objects.get()
    assert answer.headers["Location"] == recall.get_absolute_url()
    page = client.get(recall.get_absolute_url()).content.decode()
    assert "石门小学食堂" in page
    assert "已通知" in page
    row = place_at(recall, canteen)
    client.post(f"/supply/recall-places/{row.pk}/tell/", {"how": "电话"})
    row.refresh_from_db()
    assert row.told_how == "电话"
    sheet = client.get(f"/supply/recalls/{recall.pk}/sheet/")
    table = load_workbook(__import__("io").BytesIO(sheet.content)).active
    assert "石门小学食堂" in [cell.value for row in table.iter_rows() for cell in row]
    assert recall.number in client.get("/supply/recalls/").content.decode()


def test_a_business_sees_its_own_place_in_a_recall_and_answers_on_its_phone(
    recall, canteen, stall, principal, client_for
):
    client = client_for(principal)
    mine, other = place_at(recall, canteen), place_at(recall, stall)
    assert "项召回" in client.get("/").content.decode()
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "毒死蜱不合格" in page
    assert "老魏菜摊" not in page
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(recall.get_absolute_url()).status_code == 403
    client.post(f"/supply/recall-places/{mine.pk}/answer/")
    held = mine.lots.get()
    client.post(f"/supply/recall-places/{mine.pk}/return/", {"held": held.pk, "fate": "returned", "quantity": "3"})
    mine.refresh_from_db()
    assert mine.answered_by == principal.username
    row = RecallReturn.objects.get()
    assert (row.quantity, row.fate) == (Decimal(3), "returned")
    assert client.post(f"/supply/recall-places/{mine.pk}/tell/", {"how": "电话"}).status_code == 403
    client.post(f"/supply/recall-returns/{row.pk}/undo/", {"reason": "数错了"})
    row.refresh_from_db()
    assert row.undone_reason == "数错了"


def test_nobody_of_another_county_sees_it(recall, stall, outsider, client_for):
    client = client_for(outsider)
    row = place_at(recall, stall)
    for address in (recall.get_absolute_url(), row.get_absolute_url(), f"/supply/recalls/{recall.pk}/sheet/"):
        assert client.get(address).status_code == 404
    assert recall.number not in client.get("/supply/recalls/").content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"held": "x", "fate": "returned"},
        {"held": "9" * 30, "fate": "eaten"},
        {"held": "1", "fate": "?"},
        {"quantity": "-1"},
    ],
)
def test_what_nobody_can_mean_is_told_on_the_form(recall, stall, department, client_for, values):
    row = place_at(recall, stall)
    page = client_for(department).post(f"/supply/recall-places/{row.pk}/return/", values)
    assert page.status_code == 200
    assert not RecallReturn.objects.exists()
