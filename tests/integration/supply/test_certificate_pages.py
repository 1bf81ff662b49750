"""Certificates on the screen: the farmer's thumb, the township on his behalf, the buyer, the shopper, the stranger."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fangxin.engines.evidence import new_signing_key
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.supply.models import Certificate, Collection, CopyClue, Scan
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.services.receipts import undo_receipt
from fangxin.surfaces.cli import main

NOW = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)
PROMISE = {"bases": ["quality_control"], "promised": "on"}


@pytest.fixture
def farmer(agencies: Any) -> people.User:
    agencies["garden"] = people.create_agency(
        name="柳沟菜园", short_name="柳沟菜园", kind="operator", division_code="990101100", by=None
    )
    user = people.User.objects.create(username="farmer", name="老耿", password_changed_at=NOW)
    people.give_post(
        user=user,
        agency=agencies["garden"],
        role="operator",
        division_code="990101100",
        starts_on=date(2022, 1, 1),
        by=None,
    )
    return user


@pytest.fixture
def farm(farmer: Any, place: Any) -> Any:
    return place("柳沟菜园", "farm", agency="garden")


@pytest.fixture
def row(farm: Any, township_clerk: Any) -> Certificate:
    return services.issue(
        premises=farm, food="韭菜", quantity=Decimal(120), unit="kg", bases=["quality_control"], promised=True,
        harvested_on=NOW.date() - timedelta(days=1), by=township_clerk,
    )  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(f"supply:{name}", args=args)


def test_a_farmer_issues_with_one_thumb(client_for: Any, farmer: Any, farm: Any) -> None:
    browser = client_for(farmer)
    answer = browser.get(url("certificates_mine"), follow=True)
    assert answer.redirect_chain[-1][0] == url("certificate_place", farm.pk)
    filled = {"food": "韭菜", "quantity": "120", "unit": "kg", "harvested_on": "2023-03-14", **PROMISE}
    answer = browser.post(url("certificate_new", farm.pk), filled, follow=True)
    row = Certificate.objects.get()
    assert row.number in answer.content.decode()
    assert not row.issued_for
    for name in ("certificate_label", "certificate_sheet"):
        assert "承诺达标合格证" in browser.get(url(name, row.pk)).content.decode()
    browser.post(url("certificate_withdraw", row.pk))
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert browser.get(url("certificate_label", row.pk)).status_code == 302


def test_the_township_issues_on_his_behalf(client_for: Any, township_clerk: Any, farm: Any) -> None:
    browser = client_for(township_clerk)
    assert farm.name in browser.get(url("certificates_for") + "?q=柳沟").content.decode()
    filled = {"food": "韭菜", "quantity": "5.5", "unit": "kg", **PROMISE}
    browser.post(url("certificate_new", farm.pk), filled)
    assert Certificate.objects.get().issued_for


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": ""}, {"quantity": "-1"}, {"quantity": "1.2345"}, {"quantity": "9" * 40}, {"quantity": "NaN"},
        {"food": "韭\0菜"}, {"food": "菜" * 31}, {"harvested_on": "2023-02-30"}, {"harvested_on": "2024-01-01"},
        {"unit": "ton"}, {"bases": ["x"]}, {"promised": ""}, {"bases": ["own_test"]},
    ],
)  # fmt: skip
def test_a_wrong_entry_is_said_on_the_form(client_for: Any, farmer: Any, farm: Any, wrong: dict[str, Any]) -> None:
    filled = {"food": "韭菜", "quantity": "120", "unit": "kg", "harvested_on": "2023-03-14", **PROMISE, **wrong}
    answer = client_for(farmer).post(url("certificate_new", farm.pk), filled)
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode() or "alert-danger" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_a_buyer_scans_and_takes_in(client_for: Any, vendor: Any, stall: Any, row: Certificate) -> None:
    browser = client_for(vendor)
    page = browser.get(url("certificate_collect"), {"code": row.number}).content.decode()
    assert "柳沟菜园" in page
    filled = {"code": row.number, "premises": stall.pk, "quantity": "30"}
    answer = browser.post(url("certificate_collect"), filled, follow=True)
    assert "已收取" in answer.content.decode()
    taken = Collection.objects.get()
    assert taken.receipt.certificate_code == row.number
    page = browser.post(url("certificate_collect"), {**filled, "quantity": "91"}).content.decode()
    assert "只剩 90" in page
    filled = {f"use_{row.pk}": "30", "outputs": "10 20", **PROMISE}
    browser.post(url("certificate_again", stall.pk), filled)
    assert list(Certificate.objects.filter(made="again").order_by("pk").values_list("quantity", flat=True)) == [10, 20]
    answer = browser.post(url("collection_undo", taken.pk), {"reason": "记错"})
    assert answer.status_code == 200  # already used: said on the form


def test_a_receipt_made_by_a_certificate_is_undone_with_it(
    client_for: Any, vendor: Any, stall: Any, row: Certificate
) -> None:
    taken = services.collect(certificate=row, premises=stall, quantity=Decimal(30), by=vendor)
    browser = client_for(vendor)
    assert url("collection_undo", taken.pk) in browser.get(url("collections")).content.decode()
    with pytest.raises(ValidationError, match="撤销收取"):
        undo_receipt(receipt=taken.receipt, reason="记错", by=vendor)
    browser.post(url("collection_undo", taken.pk), {"reason": "记错"})
    row.refresh_from_db()
    assert row.left == 120
    assert url("collection_undo", taken.pk) not in browser.get(url("collections")).content.decode()


@pytest.mark.parametrize("outputs", ["x", "-1", "NaN", "1e400", "0.0001", "40", "Infinity"])
def test_strange_amounts_are_refused_on_the_form(
    client_for: Any, farmer: Any, farm: Any, row: Certificate, outputs: str
) -> None:
    filled = {f"use_{row.pk}": "30", "outputs": outputs, **PROMISE}
    assert client_for(farmer).post(url("certificate_again", farm.pk), filled).status_code == 200
    assert Certificate.objects.count() == 1


def test_a_revocation_reaches_the_buyers_work(
    client_for: Any, township_clerk: Any, vendor: Any, stall: Any, row: Certificate
) -> None:
    taken = services.collect(certificate=row, premises=stall, quantity=Decimal(30), by=vendor)
    browser = client_for(township_clerk)
    assert browser.post(url("certificate_revoke", row.pk), {"reason": ""}).status_code == 200
    browser.post(url("certificate_revoke", row.pk), {"reason": "检出禁用农药"})
    buyer = client_for(vendor)
    assert "合格证已撤销" in buyer.get(reverse("console:today")).content.decode()
    assert "请停售" in buyer.get(url("certificate_place", stall.pk)).content.decode()
    buyer.post(url("collection_heed", taken.pk), {"note": "剩 5 千克，已退回"})
    assert "剩 5 千克" in browser.get(url("certificate", row.pk)).content.decode()
    assert "请停售" not in buyer.get(url("certificate_place", stall.pk)).content.decode()


def test_the_outsider_finds_nothing_and_the_reader_changes_nothing(
    client_for: Any, outsider: Any, other_township_clerk: Any, vendor: Any, reader: Any, farm: Any, row: Certificate
) -> None:
    for stranger in (other_township_clerk, vendor):
        browser = client_for(stranger)
        for name in ("certificate", "certificate_label", "certificate_sheet", "certificate_revoke"):
            assert browser.get(url(name, row.pk)).status_code == 404
        assert browser.post(url("certificate_withdraw", row.pk)).status_code == 404
        for name in ("certificate_place", "certificate_new", "certificate_again"):
            assert browser.get(url(name, farm.pk)).status_code == 404
        assert row.number not in browser.get(url("certificates")).content.decode()
    browser = client_for(outsider)
    for name in ("certificate", "certificate_revoke"):
        assert browser.get(url(name, row.pk)).status_code == 404
    assert row.number not in browser.get(url("certificates")).content.decode()
    browser = client_for(reader)
    assert browser.get(url("certificate", row.pk)).status_code == 200
    for name in ("certificate_revoke", "certificate_label"):
        assert browser.get(url(name, row.pk)).status_code == 403
    assert browser.post(url("certificate_withdraw", row.pk)).status_code == 403
    row.refresh_from_db()
    assert row.state == "issued"


@pytest.mark.parametrize("pk", [0, 10**30])
def test_strange_keys_name_nothing(client_for: Any, township_clerk: Any, farm: Any, pk: int) -> None:
    browser = client_for(township_clerk)
    for name in ("certificate", "certificate_place", "certificate_new", "certificate_again", "collection_heed"):
        assert browser.get(url(name, pk)).status_code == 404
    assert browser.get(url("certificate_of_batch", farm.pk, "farm_inputs.batch", str(pk))).status_code == 404


@pytest.mark.parametrize(("list_name", "more"), [("certificates", 10), ("collections", 10), ("certificate_clues", 10)])
def test_lists_ask_no_more_for_more_rows(
    client_for: Any, office: Any, stall: Any, vendor: Any, farm: Any, township_clerk: Any, list_name: str, more: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    def fill(count: int) -> None:
        for _ in range(count):
            row = services.issue(
                premises=farm, food="韭菜", quantity=Decimal(10), unit="kg", bases=["quality_control"], promised=True,
                by=township_clerk,
            )  # fmt: skip
            services.collect(certificate=row, premises=stall, quantity=Decimal(10), by=vendor)
            scan = Scan.objects.create(certificate=row, outcome="unsigned", at=NOW)
            CopyClue.objects.create(
                certificate=row, kind="forged", text="假", second=scan, division_code=row.division_code,
                matter_key=f"x{row.pk}", found_at=NOW,
            )  # fmt: skip

    browser = client_for(office)
    fill(2)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        browser.get(url(list_name))
    fill(more)
    with django_assert_max_num_queries(len(few)):
        assert browser.get(url(list_name)).status_code == 200
    assert browser.get(url(list_name) + "?_export=xlsx").status_code == 200


# --- for everybody ----------------------------------------------------------------------------------------------------------


def test_a_shopper_reads_who_where_and_when(row: Certificate, stall: Any, vendor: Any) -> None:
    services.collect(certificate=row, premises=stall, quantity=Decimal(30), by=vendor)
    for path in (f"/C/{row.number}", f"/c/{row.number}"):
        page = Client().get(path).content.decode()
        for words in ("柳沟菜园", "韭菜", "石门镇", "老魏菜摊", "常规农药兽药残留不超标", "没有结果不等于合格"):
            assert words in page


def test_the_same_telephone_counts_once_and_tells_its_place_once(row: Certificate) -> None:
    phone = Client()
    page = phone.get(f"/c/{row.number}").content.decode()
    phone.get(f"/c/{row.number}")
    assert Scan.objects.count() == 1
    found = re.search(r'name="scan" value="([^"]+)"', page)
    assert found is not None
    told = {"scan": found[1], "longitude": "111.239", "latitude": "34.011"}
    assert phone.post("/c/place/", told).status_code == 204
    assert Scan.objects.get().longitude == 111.24
    for wrong in ({"scan": "x"}, {"longitude": "200"}, {"latitude": "nan"}, {"scan": ""}):
        assert phone.post("/c/place/", {**told, **wrong}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/c/place/", told).status_code == 403


@pytest.mark.parametrize("text", ["990101-2023-0009999", "A" * 700, "%00", "%F0%9F%92%A3", "..", "ABC%2F", "A" * 3000])
def test_an_unknown_code_is_said_to_be_unknown(county: str, text: str) -> None:
    assert Client().get(f"/c/{text}").status_code in (404, 400)


def test_the_form_leads_to_the_answer(row: Certificate) -> None:
    answer = Client().get("/c/", {"code": f"https://x.example/c/{row.number}"}, follow=True)
    assert "柳沟菜园" in answer.content.decode()
    for text in ("/", "///", "?", " "):
        assert Client().get("/c/", {"code": text}).status_code == 200


@pytest.fixture
def signed(tmp_path: Path, settings: Any, farm: Any, township_clerk: Any) -> tuple[Certificate, Path]:
    private, public = new_signing_key()
    (tmp_path / "key.pem").write_bytes(private)
    (tmp_path / "key.pub").write_bytes(public)
    settings.CERTIFICATE_KEY_FILE = str(tmp_path / "key.pem")
    row = services.issue(
        premises=farm, food="菠菜", quantity=Decimal("12.5"), unit="kg", bases=["quality_control"], promised=True,
        by=township_clerk,
    )  # fmt: skip
    return row, tmp_path


def test_a_genuine_code_says_so(signed: tuple[Certificate, Path]) -> None:
    page = Client().get(f"/C/{signed[0].code}").content.decode()
    assert "真的，有效" in page


def test_the_keys_are_public_and_the_command_checks_with_them(
    signed: tuple[Certificate, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    row, folder = signed
    (folder / "keys.json").write_bytes(Client().get("/c/keys/").content)
    for name in ("keys.json", "key.pub"):
        assert main(["certificate", "verify", row.code, "--key", str(folder / name), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["outcome"], said["statement"]["number"], said["statement"]["quantity"]) == (
            "genuine", row.number, "12.5",
        )  # fmt: skip
    changed = ("B" if row.code[0] != "B" else "C") + row.code[1:]
    assert main(["certificate", "verify", changed, "--key", str(folder / "key.pub")]) == 1
    assert main(["certificate", "verify", row.code, "--key", str(folder / "none")]) == 2
    (folder / "bad.json").write_text("{}")
    assert main(["certificate", "verify", row.code, "--key", str(folder / "bad.json")]) == 2
    assert "private" not in Client().get("/c/keys/").content.decode().lower()


def test_the_page_for_checks_without_a_network_is_one_file(signed: tuple[Certificate, Path]) -> None:
    page = Client().get("/c/check/file/").content.decode()
    assert "src=" not in page
    assert "BEGIN PUBLIC KEY" in page
    assert Client().get("/c/check/").status_code == 200


def test_the_whole_way_stays_off_search_engines(row: Certificate, client_for: Callable[..., Client]) -> None:
    assert Client().get(f"/c/{row.number}").headers["X-Robots-Tag"] == "noindex, nofollow"
