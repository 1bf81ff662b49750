"""Sheets and scales: looked at whole, written whole, taken back whole; keys and location codes on their pages."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.integration.supply.conftest import NOW

from fangxin.kernel.supply.models import ApiToken, Lot, Outflow, Place, Receipt, Upload

SHEET = "到货日期,食品名称,数量,单位,供货者\n2023-03-14,韭菜,30,kg,城关批发部\n2023/3/14 07:10,豆腐,12.5,kg,豆腐坊\n"


def upload(client, premises, kind, text, name="a.csv"):
    page = reverse("supply:upload_new", args=[premises.pk, kind])
    return client.post(page, {"file": SimpleUploadedFile(name, text.encode())})


def test_a_sheet_is_looked_at_written_and_taken_back(stall, vendor, client_for):
    client = client_for(vendor)
    page = upload(client, stall, "receipts", SHEET).url
    assert not Receipt.objects.exists()
    assert "2 行都可以写入" in client.get(page).content.decode()
    client.post(page + "apply/")
    client.post(page + "apply/")
    assert [r.quantity for r in Receipt.objects.order_by("quantity")] == [Decimal("12.5"), 30]
    assert {lot.source for lot in Lot.objects.all()} == {"sheet"}
    client.post(page + "undo/", {"reason": "传错了"})
    assert not Receipt.objects.filter(state="kept").exists()
    assert Upload.objects.get().state == "undone"


def test_faults_are_told_by_row_and_column_and_nothing_is_written(stall, vendor, client_for):
    client = client_for(vendor)
    text = "到货日期,食品名称,数量\n2023-02-30,韭菜,30\n2023-03-14,,5\n2023-03-14,豆腐,很多\n2030-01-01,豆腐,1\n"
    page = upload(client, stall, "receipts", text).url
    assert [fault[:2] for fault in Upload.objects.get().faults] == [
        [2, "到货日期"], [3, "食品名称"], [4, "数量"], [5, "到货日期"],
    ]  # fmt: skip
    client.post(page + "apply/")
    assert not Receipt.objects.exists()


def test_a_scale_sells_the_oldest_first_and_says_when_nothing_was_there(stall, vendor, receive, client_for):
    first = receive(stall, vendor, supplier_name="批发部", quantity=Decimal(10))
    second = receive(stall, vendor, supplier_name="批发部", quantity=Decimal(10), received_at=NOW)
    text = "time,stall,product,weight,price\n" + "".join(
        f"2023-03-15 08:{n:02d},{stall.number},{food},6,30\n" for n, food in enumerate(["韭菜", "韭菜", "牛肉"])
    )
    page = upload(client_for(vendor), stall, "scale", text).url
    client_for(vendor).post(page + "apply/")
    assert [row.lot for row in Outflow.objects.order_by("at")] == [first, second, None]
    assert all(row.inferred for row in Outflow.objects.all())


@pytest.mark.parametrize("text", ["", "甲,乙\n1,2\n", "\0\0\0", "到货日期,食品名称,数量\n"])
def test_a_file_that_cannot_be_used_says_why(stall, vendor, client_for, text):
    answer = upload(client_for(vendor), stall, "receipts", text)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_nobody_uploads_for_another_or_reads_anothers_file(stall, canteen, vendor, principal, client_for):
    assert upload(client_for(vendor), canteen, "receipts", SHEET).status_code == 404
    page = upload(client_for(vendor), stall, "receipts", SHEET).url
    assert client_for(principal).get(page).status_code == 404
    assert client_for(vendor).get(reverse("supply:upload_new", args=[stall.pk, "nothing"])).status_code == 404


def test_a_key_is_shown_once_and_revoked_by_its_owner_only(vendor, principal, department, outsider, client_for):
    shown = client_for(vendor).post(reverse("supply:token_new"), {"name": "仓储系统"}).context["secret"]
    token = ApiToken.objects.get()
    assert shown not in client_for(vendor).get(reverse("supply:tokens")).content.decode()
    assert client_for(principal).get(reverse("supply:tokens")).status_code == 403
    assert client_for(outsider).post(reverse("supply:token_revoke", args=[token.pk])).status_code == 404
    client_for(vendor).post(reverse("supply:token_revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_by == "vendor"


def test_a_location_code_is_tied_to_a_place_by_the_authority(stall, department, client_for):
    code = "urn:epc:id:sgln:9521000.00000.1"
    client_for(department).post(reverse("supply:place_new"), {"code": code, "number": stall.number})
    assert Place.objects.get().premises == stall
    wrong = client_for(department).post(reverse("supply:place_new"), {"code": "仓库", "number": stall.number})
    assert wrong.context["form"].errors
