"""Pages of lots, receiving and tracing: what they show, and to whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from tests.integration.supply.conftest import NOW

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.models import LotTest, Receipt

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    .replace(" ", "")
)  # fmt: skip


@pytest.fixture
def chain(leek, stall, canteen, vendor, principal, receive):
    at_stall = receive(stall, vendor, from_lot=leek)
    at_canteen = receive(canteen, principal, from_lot=at_stall, quantity=Decimal(10), received_at=NOW)
    return leek, at_stall, at_canteen


def url(name, *args, **query):
    path = reverse(f"supply:{name}", args=args)
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


@pytest.mark.parametrize("view", ["picture", "map", "steps"])
def test_a_trace_shows_the_whole_chain_to_an_officer(chain, department, client_for, view):
    page = client_for(department).get(url("trace", chain[1].pk, view=view)).content.decode()
    assert "3 个批次、3 个场所、2 次流转" in page
    if view != "map":
        assert "柳沟菜园" in page
        assert "石门小学食堂" in page


def test_a_business_sees_one_step_each_way(chain, vendor, principal, client_for):
    page = client_for(principal).get(url("trace", chain[2].pk)).content.decode()
    assert "老魏菜摊" in page
    assert "柳沟菜园" not in page
    assert client_for(principal).get(url("lot", chain[1].pk)).status_code == 404
    assert client_for(vendor).get(url("lot", chain[1].pk)).status_code == 200


def test_a_clerk_of_another_township_is_not_told_whose_place_it_is(
    chain, other_township_clerk, outsider, place, client_for, receive
):
    shop = place("青杨早餐店", "restaurant", code="990101200")
    lot = receive(shop, other_township_clerk, from_lot=chain[1], quantity=Decimal(3), received_at=NOW)
    page = client_for(other_township_clerk).get(url("trace", lot.pk, view="steps")).content.decode()
    assert "辖区外场所（石门镇）" in page
    assert "老魏菜摊" not in page
    for name in ("lot", "trace", "trace_sheet"):
        assert client_for(other_township_clerk).get(url(name, chain[0].pk)).status_code == 404
        assert client_for(outsider).get(url(name, chain[0].pk)).status_code == 404


def test_the_sheet_lists_every_link_with_both_ends(chain, department, client_for, tmp_path):
    answer = client_for(department).get(url("trace_sheet", chain[0].pk, direction="forward"))
    (tmp_path / "sheet.xlsx").write_bytes(answer.content)
    rows = list(load_workbook(tmp_path / "sheet.xlsx").active.iter_rows(values_only=True))
    assert [row[2] for row in rows[2:]] == ["柳沟菜园", "老魏菜摊"]
    assert [row[10] for row in rows[2:]] == [40, 10]


def test_a_failed_test_is_said_in_words_on_the_trace(chain, department, client_for):
    contribute.announce(
        Announcement(
            name="verdict.told", subject_type="registry.premises", subject_id=str(chain[1].premises_id), subject_name="",
            division_code=chain[1].division_code, text="",
            facts={"sample_no": "CY1", "analyte": "毒死蜱", "outcome": "nonconforming", "food": "韭菜", "parcel_id": None,
                   "premises_id": chain[1].premises_id, "sampled_on": NOW.date(), "purpose": "supervision",
                   "division_code": chain[1].division_code, "value": None, "unit": "", "food_class": "", "expression": "",
                   "lod": None, "loq": None},
        ),
        by=department,
    )  # fmt: skip
    assert LotTest.objects.get().lot == chain[1]
    page = client_for(department).get(url("trace", chain[2].pk)).content.decode()
    assert "毒死蜱（CY1）" in page
    assert "不合格" in page
    listed = client_for(department).get(url("lots", failed=1)).content.decode()
    assert chain[1].number in listed
    assert chain[0].number not in listed


def test_three_taps_receive_what_was_bought_before(chain, vendor, client_for):
    client = client_for(vendor)
    assert client.get(url("receive")).url == url("receive_at", chain[1].premises_id)
    page = client.get(url("receive_at", chain[1].premises_id)).content.decode()
    again = url("receive_new", chain[1].premises_id, like=chain[1].receipt.pk)
    assert again in page
    form = client.get(again).context["form"]
    sent = {"food": form["food"].value(), "supplier_name": form["supplier_name"].value(), "unit": "kg", "quantity": "12.5",
            "received_at": "2023-03-15T08:30"}  # fmt: skip
    assert client.post(url("receive_new", chain[1].premises_id), sent).status_code == 302
    assert Receipt.objects.filter(premises=chain[1].premises_id, quantity=Decimal("12.5")).count() == 1


def test_a_scanned_lot_fills_the_form_and_joins_the_lots(leek, stall, vendor, client_for):
    page = url("receive_new", stall.pk, code=leek.number, scanned=1)
    form = client_for(vendor).get(page).context["form"]
    assert form["food"].value() == "韭菜"
    sent = {
        "food": "韭菜",
        "code": leek.number,
        "unit": "kg",
        "quantity": "7",
        "received_at": "2023-03-15T08:30",
        "scanned": "1",
    }
    client_for(vendor).post(page, sent)
    receipt = Receipt.objects.get()
    assert (receipt.from_lot, receipt.how) == (leek, "scan")


def test_what_is_on_its_way_takes_one_tap_and_a_number(leek, stall, vendor, department, client_for):
    sent = supply.record_dispatch(
        lot=leek, to_premises=stall, quantity=Decimal(9), unit="kg", sent_at=NOW - timedelta(hours=3), by=department
    )
    client = client_for(vendor)
    assert "柳沟菜园" in client.get(url("receive_at", stall.pk)).content.decode()
    page = url("receive_new", stall.pk, dispatch=sent.pk)
    values = {
        "food": "韭菜",
        "supplier_name": "柳沟菜园",
        "unit": "kg",
        "quantity": "9",
        "received_at": "2023-03-15T08:30",
    }
    assert client.post(page, values).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "received"
    assert client.get(page).status_code == 404


def test_a_photo_is_kept_and_shown_to_those_who_may(stall, vendor, principal, department, client_for):
    values = {"food": "豆腐", "unit": "kg", "quantity": "5", "received_at": "2023-03-15T08:30",
              "photo": SimpleUploadedFile("a.png", PNG)}  # fmt: skip
    assert client_for(vendor).post(url("receive_new", stall.pk), values).status_code == 302
    receipt = Receipt.objects.get()
    assert receipt.how == "photo"
    file = url("receipt_file", receipt.pk, receipt.files.get().pk)
    assert client_for(department).get(file).content == PNG
    assert client_for(principal).get(file).status_code == 404


@pytest.mark.parametrize("wrong", [{"quantity": "0"}, {"quantity": "1e30"}, {"food": "a\0b"}, {"received_at": "2023-02-30T01:00"},
                                   {"received_at": "0001-01-01T00:00"}, {"unit": "吨位"}, {"supplier_name": ""}])  # fmt: skip
def test_a_wrong_receipt_is_told_on_the_form(stall, vendor, client_for, wrong):
    values = {
        "food": "豆腐",
        "unit": "kg",
        "quantity": "5",
        "received_at": "2023-03-15T08:30",
        "supplier_name": "豆腐坊",
    }
    answer = client_for(vendor).post(url("receive_new", stall.pk), values | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Receipt.objects.exists()


def test_nobody_receives_for_another(stall, canteen, vendor, reader, administrator, client_for):
    assert client_for(vendor).get(url("receive_at", canteen.pk)).status_code == 404
    assert client_for(reader).get(url("receive_at", canteen.pk)).status_code == 403
    assert client_for(administrator).get(url("lots")).status_code == 403


def test_goods_go_out_are_sold_and_are_made_into_others(chain, vendor, principal, client_for):
    client = client_for(vendor)
    assert (
        client.post(
            url("dispatch", chain[1].pk), {"to_name": "过路客商", "quantity": "5", "sent_at": "2023-03-15T08:00"}
        ).status_code
        == 302
    )
    sold = {"kind": "sold", "quantity": "4", "at": "2023-03-15T08:40"}
    assert client.post(url("outflow", chain[1].pk), sold).status_code == 302
    assert supply.left_of(chain[1]).quantity == 21
    over = client.post(url("outflow", chain[1].pk), sold | {"quantity": "99"})
    assert "只剩 21 kg" in over.content.decode()
    made = {"food": "饺子", "unit": "kg", "quantity": "", "made_at": "2023-03-15T08:50", f"use_{chain[2].pk}": "2"}
    assert client_for(principal).post(url("make", chain[2].pk), made).status_code == 302
    assert len(supply.trace(chain[0].pk, "forward").lots) == 5


def test_a_stop_shows_on_the_page_and_is_lifted(chain, department, vendor, client_for):
    client = client_for(department)
    assert client.post(url("stop", chain[1].pk), {"reason": "农残超标"}).status_code == 302
    assert "农残超标" in client_for(vendor).get(url("lot", chain[1].pk)).content.decode()
    assert client.post(url("stop", chain[1].pk), {"reason": ""}).status_code == 200
    assert client.post(url("stop", chain[1].pk), {"reason": "复检合格"}).status_code == 302
    assert client_for(vendor).post(url("stop", chain[1].pk), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["lots", "receipts"])
def test_a_list_asks_no_more_for_more_rows(
    leek, stall, vendor, receive, department, client_for, name, django_assert_max_num_queries
):
    client = client_for(department)
    receive(stall, vendor, from_lot=leek, quantity=Decimal(1))
    client.get(url(name))
    with django_assert_max_num_queries(30) as few:
        client.get(url(name))
    for _ in range(10):
        receive(stall, vendor, from_lot=leek, quantity=Decimal(1))
    with django_assert_max_num_queries(len(few)):
        client.get(url(name))


@pytest.mark.parametrize("query", ["q=%00", "since=x", "source=nothing", "page=0", "sort=-", "q=" + "长" * 200])
def test_nonsense_in_a_query_breaks_no_list(leek, department, client_for, query):
    for name in ("lots", "receipts"):
        assert client_for(department).get(f"{url(name)}?{query}").status_code == 200
    for bad in ("dispatch=x", "like=" + "9" * 40, "dispatch=-1"):
        assert client_for(department).get(f"{url('receive_new', leek.premises_id)}?{bad}").status_code in (403, 404)
