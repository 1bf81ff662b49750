"""Who sees which page of imported food, what the pages say, and that long lists ask no more."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.actions.imported_food import offers, selectors
from fangxin.actions.imported_food.models import AlertMatch, Clue, Consignment, Disposal, Trader
from fangxin.actions.imported_food.services import alerts, disposals, joint
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import LotTest

COUNTY, TOWN = "990101", "990101100"
SAID = {
    "reference": "R-1",
    "text": "Aflatoxins in pistachios from Türkiye",
    "origin": "Türkiye",
    "hazard": "aflatoxin total",
}
LISTS = ("home", "traders", "consignments", "alerts", "disposals", "withdrawals", "sessions", "clues")


def url(name, *args):
    return reverse(f"imported_food:{name}", args=args)


@pytest.fixture
def filled(shop, importer, lot, department, office, agencies):
    """One of each thing."""
    row = lot(shop)
    lot(importer, lot_code="L-2")
    alert = alerts.record_alert(source="rasff", said=SAID, division_code=COUNTY, by=department)
    case = disposals.open_disposal(consignment=row, cause="label", text="没有中文标签", by=department)
    session = joint.arrange(
        title="会商", division_code=COUNTY, planned_on=date(2023, 3, 20), alerts=[alert], disposals=[case], by=office
    )
    clue = joint.record_clue(
        origin="lot",
        place="冷库",
        facts="无标签牛肉",
        division_code=TOWN,
        found_on=date(2023, 3, 15),
        consignment=row,
        by=department,
    )
    return {"trader": shop, "consignment": row, "alert": alert, "disposal": case, "session": session, "clue": clue}


def test_staff_see_every_list_and_thing(filled, client_for, department):
    client = client_for(department)
    for name in LISTS:
        assert client.get(url(name)).status_code == 200, name
    for name, row in filled.items():
        page = client.get(row.get_absolute_url())
        assert page.status_code == 200, name
    for name in ("consignments", "alerts", "disposals", "traders", "withdrawals", "clues"):
        assert client.get(url(name), {"_export": "xlsx"}).status_code == 200
    for name, when in (
        ("consignments", "unhandled"),
        ("consignments", "expired"),
        ("alerts", "late"),
        ("alerts", "waiting"),
        ("disposals", "stop_late"),
        ("clues", "late"),
    ):
        assert client.get(url(name), {"when": when}).status_code == 200
    for what in ("text", "township"):
        assert client.get(url("consignments"), {what: "开心果"}).status_code == 200


def test_every_form_opens(filled, client_for, department):
    client = client_for(department)
    row, case, alert, clue = (filled[n] for n in ("consignment", "disposal", "alert", "clue"))
    match = alert.matches.first()
    pages = [url(n) for n in ("trader_new", "alert_new", "alert_take_in", "session_new", "clue_new")]
    pages += [url("trader_act", row.trader_id, n) for n in ("credit", "coaching", "change")]
    pages += [url("consignment_act", row.pk, n) for n in ("paper", "label", "sample", "dispose", "undo")]
    pages += [url("consignment_new", row.trader_id) + f"?like={row.pk}", url("alert_act", alert.pk, "finish")]
    pages += [
        url("disposal_act", case.pk, "stop"),
        url("clue_act", clue.pk, "report"),
        url("match_act", match.pk, "confirm"),
    ]
    pages += [url("session_act", filled["session"].pk, "hold"), url("clue_new") + f"?lot={row.pk}"]
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_the_station_sees_a_notice_that_may_mean_a_lot_of_its_town_and_answers(filled, client_for, inspector):
    client, alert = client_for(inspector), filled["alert"]
    assert client.get(alert.get_absolute_url()).status_code == 200
    assert client.get(url("alert_act", alert.pk, "finish")).status_code == 403
    match = alert.matches.get(consignment=filled["consignment"])
    assert client.post(url("match_act", match.pk, "dismiss"), {"why": "批号不同"}).status_code == 302
    match.refresh_from_db()
    assert (match.state, match.decided_by) == ("dismissed", "inspector")


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk"])
def test_others_reach_nothing(filled, client_for, request, who):
    client = client_for(request.getfixturevalue(who))
    for row in filled.values():
        assert client.get(row.get_absolute_url()).status_code in (403, 404), row
    assert "开心果" not in client.get(url("consignments")).content.decode()


def test_a_shop_sees_its_own_and_no_notice_clue_or_neighbour(filled, other_shop, lot, client_for, vendor):
    client, other = client_for(vendor), lot(other_shop, lot_code="N-1")
    assert client.get(url("mine")).status_code == 200
    assert client.get(filled["consignment"].get_absolute_url()).status_code == 200
    assert client.get(filled["disposal"].get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    for name in ("alert", "clue", "session"):
        assert client.get(filled[name].get_absolute_url()).status_code in (403, 404)
    for name in LISTS:
        assert client.get(url(name)).status_code == 403
    assert client.post(url("disposal_act", filled["disposal"].pk, "stop")).status_code == 403
    assert client.post(url("consignment_act", filled["consignment"].pk, "dispose")).status_code == 403


def test_a_shop_records_a_lot_on_its_phone(shop, client_for, vendor):
    client = client_for(vendor)
    form = {
        "food": "黑巧克力", "original_name": "Dark chocolate", "origin": "BE", "quantity": "20", "unit": "千克",
        "received_on": "2023-03-15", "best_before_on": "2024-01-01", "storage": "ambient", "temperature_known": "on",
        "certificate": "2230001", "photo": SimpleUploadedFile("票.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "image/png"),
    }  # fmt: skip
    assert client.post(url("consignment_new", shop.pk), form).status_code == 302
    row = Consignment.objects.get()
    assert (row.food_class, row.key_paper_missing, row.lot.receipt.files.count()) == ("confectionery", False, 1)
    again = client.post(
        url("consignment_new", shop.pk), form | {"best_before_on": "2022-01-01", "made_on": "2023-01-01", "photo": ""}
    )
    assert again.status_code == 200
    assert "保质期早于生产日期" in again.content.decode()


def test_another_shop_cannot_write_into_this_one(other_shop, client_for, vendor):
    assert client_for(vendor).get(url("consignment_new", other_shop.pk)).status_code == 404


def test_a_label_is_checked_on_the_page(filled, client_for, department, right_label):
    row = filled["consignment"]
    form = {f"item_{code}": answer for code, answer in right_label(chinese="wrong").items()} | {"note": "无中文标签"}
    assert client_for(department).post(url("consignment_act", row.pk, "label"), form).status_code == 302
    row.refresh_from_db()
    assert row.label == "nonconforming"


def test_a_file_of_notices_is_taken_in_on_the_page(filled, client_for, department):
    text = "编号,通报日期,通报内容,原产国,危害\nA-9,2023-03-14,土耳其开心果检出黄曲霉毒素,土耳其,黄曲霉毒素B1\nA-10,坏,x,,\n"
    form = {"source": "customs", "division_code": COUNTY, "file": io.BytesIO(text.encode())}
    page = client_for(department).post(url("alert_take_in"), form)
    assert page.status_code == 200
    assert "第 2 条：日期读不出来" in page.content.decode()
    assert AlertMatch.objects.filter(alert__reference="A-9", state="asked").count() == 2


@pytest.mark.parametrize("key", [0, 10**30])
def test_strange_keys_find_nothing(client_for, department, key):
    for name in ("traders", "lots", "alerts", "disposals", "sessions", "clues"):
        assert client_for(department).get(f"/imported-food/{name}/{key}/").status_code == 404


def test_the_reader_looks_and_writes_nothing(filled, client_for, reader):
    client = client_for(reader)
    assert client.get(filled["consignment"].get_absolute_url()).status_code == 200
    assert client.get(url("clues")).status_code == 403
    assert client.post(url("alert_act", filled["alert"].pk, "again")).status_code == 403


@pytest.mark.parametrize("name", ["consignments", "traders"])
def test_ten_more_rows_ask_nothing_more(name, shop, importer, lot, client_for, department):
    client = client_for(department)
    lot(shop)
    client.get(url(name))
    with CaptureQueriesContext(connection) as first:
        client.get(url(name))
    for serial in range(10):
        lot(importer, lot_code=f"M-{serial}")
    with CaptureQueriesContext(connection) as then:
        client.get(url(name))
    assert len(then) == len(first)


def test_work_search_and_life(filled, department, vendor, shop):
    lines = {str(line.label): line.rows.count() for line in offers.work(department)}
    assert lines["%(n)s 个批次待停止销售"] == 1
    assert lines["%(n)s 条风险通报待核对本地批次"] == 1
    assert [hit.label for hit in offers.search(department, "R-1", 5)] == ["欧盟 RASFF R-1"]
    assert offers.search(department, filled["consignment"].number, 5)[0].url == filled["consignment"].get_absolute_url()
    assert offers.search(vendor, "R-1", 5) == []
    moments = offers.timeline(department, "registry.premises", str(shop.premises_id))
    assert {str(m.kind) for m in moments} >= {"登记进口食品批次", "立案处置进口食品"}
    assert list(offers.work(vendor))


def test_a_failed_sample_of_the_lot_stops_it(shop, lot, department):
    row = lot(shop)
    LotTest.objects.create(
        lot=row.lot,
        sample_number="S1",
        analyte="黄曲霉毒素B1",
        outcome="nonconforming",
        sampled_on=date(2023, 3, 11),
        sureness="stated",
    )
    told = Announcement(
        "verdict.told",
        "laboratory.sample",
        "1",
        "开心果",
        TOWN,
        "",
        {"premises_id": shop.premises_id, "sample_no": "S1"},
    )
    offers.verdict_told(told, by=department)
    offers.verdict_told(told, by=department)
    row.refresh_from_db()
    assert row.band == "high"
    assert Disposal.objects.get().cause == "failed"


def test_facts_for_the_figures(filled, department):
    today = ledger.clock.today()
    case = selectors.disposal_rows(today).values("this_year", "settled", "on_time", "overdue").get()
    assert case == {"this_year": True, "settled": False, "on_time": False, "overdue": False}
    assert selectors.disposal_rows(date(2024, 1, 1)).values("overdue", "settled").get() == {
        "overdue": True,
        "settled": True,
    }
    assert not selectors.alert_rows(today).get().on_time
    assert set(selectors.consignment_rows(today).values_list("held", flat=True)) == {True}
    assert Trader.objects.count() == 2
    assert Clue.objects.count() == 1
