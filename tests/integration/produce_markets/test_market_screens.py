"""Who sees which page, three taps to receive goods, the board on the wall, and lists that ask no more for more rows."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.actions.produce_markets import offers
from fangxin.actions.produce_markets.models import Entry, Referral
from fangxin.actions.produce_markets.services import archive, projects, rapid, withdrawals
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
LISTS = (
    "markets",
    "entries",
    "withdrawals",
    "room_tests",
    "self_checks",
    "meat",
    "stall_checks",
    "projects",
    "referrals",
)


def _url(name: str, *args: Any) -> str:
    return reverse(f"produce_markets:{name}", args=args)


@pytest.fixture
def pages(market: Any, stall: Any, bring: Any, department: Any, catalogue: None) -> list[str]:
    """A page of each kind of record of the market."""
    entry = bring()
    rapid.record_test(
        market=market, entry=entry, food="菠菜", item="有机磷", method="速测卡", result="positive", by=department
    )
    day = ledger.clock.today()
    project = projects.begin(market=market, kind="adjust", title="布局调整", starts_on=day, due_on=day, by=department)
    referral = Referral.objects.get()
    return [
        market.get_absolute_url(), _url("day", market.pk), _url("poster", market.pk), stall.get_absolute_url(),
        entry.get_absolute_url(), project.get_absolute_url(), referral.get_absolute_url(), _url("publish", market.pk),
        _url("entry_new", market.pk), _url("test_new", market.pk), _url("file_new", market.pk), _url("stall_new", market.pk),
        _url("self_check_new", market.pk, "weekly"), _url("market_edit", market.pk), _url("referral_new", market.pk),
        _url("holder_new", stall.pk), _url("grade", market.pk), _url("project_new", market.pk), _url("ask_stall", stall.pk),
        _url("entry_act", entry.pk, "dispose"), _url("meat_new", entry.pk),
    ]  # fmt: skip


def test_the_department_opens_every_page_and_strangers_none(
    pages: list[str], department: Any, outsider: Any, other_township_clerk: Any, vendor: Any, client_for: Any
) -> None:
    client = client_for(department)
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    for user in (outsider, other_township_clerk, vendor):
        other = client_for(user)
        assert {other.get(page).status_code for page in pages} <= {403, 404}
    assert client.get(_url("home")).status_code == 200


def test_a_market_is_run_by_its_opener_and_a_stall_by_its_holder(
    pages: list[str], manager: Any, holder: Any, market: Any, stall: Any, other_market: Any, client_for: Any
) -> None:
    opener, trader = client_for(manager), client_for(holder)
    assert opener.get(_url("mine")).status_code == 200
    assert opener.get(_url("day", market.pk)).status_code == 200
    assert opener.get(_url("day", other_market.pk)).status_code == 404
    assert opener.get(_url("grade", market.pk)).status_code == 403
    assert trader.get(_url("day", market.pk)).status_code == 404
    assert trader.get(stall.get_absolute_url()).status_code == 200
    assert "老田" in trader.get(stall.get_absolute_url()).content.decode()
    assert (
        trader.post(_url("holder_end", stall.tenancies.get().pk), {"ended_on": "2023-03-15", "why": "x"}).status_code
        == 404
    )


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_filter_and_export(
    name: str, pages: list[str], department: Any, reader: Any, client_for: Any
) -> None:
    client = client_for(department)
    assert client.get(_url(name)).status_code == 200
    assert client.get(_url(name), {"when": "late", "state": "nonsense", "township": "\0"}).status_code == 200
    assert client.get(_url(name), {"_export": "xlsx"}).status_code == 200
    assert client_for(reader).get(_url(name)).status_code == 200


def test_goods_are_received_with_three_taps(holder: Any, stall: Any, bring: Any, client_for: Any) -> None:
    bring()
    client, tenancy = client_for(holder), stall.tenancies.get()
    first = client.get(_url("mine")).content.decode()
    assert _url("choose", tenancy.pk) in first
    second = client.get(_url("choose", tenancy.pk)).content.decode()
    assert "菠菜" in second
    address = _url("receive", tenancy.pk) + "?food=菠菜&goods=vegetable"
    third = client.get(address).content.decode()
    assert "柳沟合作社" in third
    told = {"quantity": "25", "unit": "kg", "supplier": "柳沟合作社", "proof": "certificate", "code": "HG-77"}
    assert client.post(address, told).status_code == 302
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.how, entry.state, entry.quantity, entry.checked_at) == ("phone", "admitted", 25, None)
    assert client.post(address, told | {"code": ""}).status_code == 200
    assert client.post(address, told | {"quantity": "0"}).status_code == 200
    for bad in ("?food=&goods=vegetable", "?food=菠菜&goods=x"):
        assert client.get(_url("receive", tenancy.pk) + bad).status_code == 404


def test_the_managers_day_shows_what_came_in_unchecked(manager: Any, market: Any, bring: Any, client_for: Any) -> None:
    entry = bring(how="phone")
    page = client_for(manager).get(_url("day", market.pk)).content.decode()
    assert _url("entry_act", entry.pk, "check") in page
    assert "还差 2 批" in page
    client_for(manager).post(_url("entry_act", entry.pk, "check"), {"seen": "1", "note": ""})
    entry.refresh_from_db()
    assert entry.checked_by == "manager"
    labels = " ".join(str(line.label) for line in offers.work(manager))
    assert "批快检" in labels
    assert "项公示要更新" in labels


def test_the_board_on_the_wall_tells_bad_news_to_everybody(
    market: Any, bring: Any, department: Any, client: Any, catalogue: None
) -> None:
    address = _url("public_board", market.premises.number)
    empty = client.get(address).content.decode()
    assert "没有记录不等于没有问题" in empty
    entry = bring()
    rapid.record_test(
        market=market, entry=entry, food="菠菜", item="有机磷", method="速测卡", result="positive", by=department
    )
    page = client.get(address).content.decode()
    assert "停止销售，处置中" in page
    assert "阳性" in page
    entry.refresh_from_db()
    withdrawals.finish(row=entry.withdrawal, found=Decimal(100), disposal="destroyed", by=department)
    assert "已处置" in client.get(address).content.decode()
    assert "老田" not in page
    assert client.get(_url("public_board", "没有这家")).status_code == 404


def test_more_goods_ask_no_more_questions(bring: Any, department: Any, client_for: Any) -> None:
    client = client_for(department)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(_url("entries"))
        return len(seen)

    bring()
    questions()
    before = questions()
    for _turn in range(10):
        bring()
    assert questions() == before


def test_more_markets_ask_no_more_questions_on_the_home(make_market: Any, department: Any, client_for: Any) -> None:
    client = client_for(department)
    make_market("一号市场")
    client.get(_url("home"))
    with CaptureQueriesContext(connection) as first:
        client.get(_url("home"))
    for turn in range(5):
        make_market(f"又一家{turn}")
    with CaptureQueriesContext(connection) as second:
        client.get(_url("home"))
    assert len(second) == len(first)


def test_search_and_timeline_find_what_happened(pages: list[str], market: Any, department: Any, outsider: Any) -> None:
    archive.publish(market=market, item="staff", text="管理员已上墙", by=department)
    entry = Entry.objects.order_by("pk")[0]
    hits = [hit for provider in contribute.searches for hit in provider(department, entry.number, 5)]
    assert entry.get_absolute_url() in {hit.url for hit in hits}
    moments = [m for p in contribute.timelines for m in p(department, "registry.premises", str(market.premises_id))]
    assert {"停止销售、退市", "市场向监管报告线索", "更新市场公示"} <= {str(m.kind) for m in moments}
    assert not [m for p in contribute.timelines for m in p(outsider, "registry.premises", str(market.premises_id))]


def test_nonsense_in_forms_is_answered_in_words(market: Any, department: Any, client_for: Any) -> None:
    client = client_for(department)
    for name in ("entry_new", "test_new", "stall_new", "project_new", "referral_new", "publish", "file_new", "grade"):
        for value in ("\0", "9" * 40, "x" * 5000):
            page = client.get(_url(name, market.pk))
            fields = page.context["form"].fields
            assert client.post(_url(name, market.pk), dict.fromkeys(fields, value)).status_code == 200
    assert client.get(_url("market", 2**63)).status_code == 404
    assert client.post(_url("market_new"), {"number": "\0"}).status_code == 200
