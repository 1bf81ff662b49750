"""The screens: who gets in, what a shop sees, that bad input never breaks, that lists do not ask more for more rows."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.integration.small_operators.conftest import PDF

from fangxin.actions.small_operators import offers
from fangxin.actions.small_operators.models import Application, FirstVisit, Paper
from fangxin.actions.small_operators.services import applications, deciding, sites, unregistered, upgrades, zones
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db
TOWN, VILLAGE, OTHER_VILLAGE = "990101100", "990101100201", "990101200201"
LISTS = (
    "home",
    "applications",
    "cards",
    "certificates",
    "visits",
    "zones",
    "zone_map",
    "unregistered_list",
    "sites",
    "upgrades",
)


def url(name, *args):
    return reverse(f"small_operators:{name}", args=args)


@pytest.fixture
def everything(issued, stall, department, hand_in):
    """One of each in the first township."""
    with ledger.clock.held_at(date(2022, 6, 1)):
        shop = issued("small_shop")
    zone = zones.draw_zone(name="早市", division_code=TOWN, latitude=34, longitude=111, capacity=5, by=department)
    return {
        "application": hand_in(department, "small_workshop", sign_name="石磨作坊"),
        "zone": zone,
        "placement": zones.place(zone=zone, premises=stall("凉皮摊"), by=department),
        "site": sites.nominate(premises=shop.premises, level="demonstration", reason="好", by=department),
        "unregistered": unregistered.report(
            source="complaint", kind="stall", division_code=VILLAGE, name_seen="无证摊", by=department
        ),
        "upgrade": upgrades.begin_upgrade(premises=shop.premises, becomes="restaurant", by=department),
        "subject": shop.premises,
        "visit": FirstVisit.objects.get(credential=shop.issued),
        "certificate": shop.issued,
    }


def addresses(everything):
    e = {name: row.pk for name, row in everything.items()}
    return [
        url("application", e["application"]), url("subject", e["subject"]), url("zone", e["zone"]), url("site", e["site"]),
        url("unregistered", e["unregistered"]), url("upgrade", e["upgrade"]), url("visit", e["visit"]),
        url("zone_edit", e["zone"]), url("place", e["zone"]), url("leave", e["placement"]),
        url("nominate", e["subject"]), url("upgrade_new", e["subject"]),
        url("application_act", e["application"], "missing"), url("application_act", e["application"], "refuse"),
        url("site_act", e["site"], "score"), url("unregistered_act", e["unregistered"], "guide"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_and_exports(client_for, department, everything, name):
    client = client_for(department)
    assert client.get(url(name)).status_code == 200
    if name not in ("home", "zone_map"):
        answer = client.get(url(name) + "?_export=xlsx")
        assert answer["Content-Type"].startswith("application/vnd.openxml")


def test_every_page_of_one_thing_opens(client_for, department, everything):
    client = client_for(department)
    for address in addresses(everything):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk", "vendor"])
def test_who_has_no_business_here_finds_nothing(client_for, request, everything, who):
    client = client_for(request.getfixturevalue(who))
    for address in addresses(everything):
        assert client.get(address).status_code in (403, 404), address
    before = Application.objects.get(pk=everything["application"].pk).state
    for name in ("accept", "issue", "refuse", "withdraw", "submit"):
        answer = client.post(url("application_act", everything["application"].pk, name), {"reason": "x"})
        assert answer.status_code in (403, 404)
    assert Application.objects.get(pk=everything["application"].pk).state == before


@pytest.mark.parametrize("who", ["administrator", "principal"])
def test_roles_without_the_ability_are_told_so(client_for, request, who):
    client = client_for(request.getfixturevalue(who))
    assert client.get(url("home")).status_code == 403
    assert client.get(url("applications")).status_code == 403


def test_a_reader_reads_and_changes_nothing(client_for, reader, everything):
    client = client_for(reader)
    assert client.get(url("home")).status_code == 200
    page = client.get(url("application", everything["application"].pk)).content.decode()
    assert "13800000001" not in page
    assert client.post(url("application_act", everything["application"].pk, "accept")).status_code == 403
    assert client.get(url("zone_new")).status_code == 403


def test_a_shop_applies_for_itself_on_the_phone(client_for, vendor, department, values, agencies):
    shop = client_for(vendor)
    assert "登记备案" in shop.get(url("apply")).content.decode()
    filled = values("small_shop")
    filled.pop("kind")
    answer = shop.post(url("application_new", "small_shop"), filled | {"ready_to_eat": "on"})
    row = Application.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert row.agency == agencies["shop"]
    assert client_for(department).get(row.get_absolute_url()).status_code == 404
    for paper in applications.papers_of(row):
        if paper.given == "file":
            file = SimpleUploadedFile(f"{paper.code}.pdf", PDF + paper.code.encode())
            shop.post(url("paper_new", row.pk), {"document": paper.code, "file": file})
    shop.post(url("application_act", row.pk, "submit"))
    row.refresh_from_db()
    assert row.state == "submitted"
    assert shop.post(url("application_act", row.pk, "issue_on_the_spot")).status_code == 403
    clerk = client_for(department)
    assert clerk.get(url("application_edit", row.pk)).status_code == 404
    clerk.post(url("application_act", row.pk, "accept"))
    clerk.post(url("application_act", row.pk, "issue_on_the_spot"))
    row.refresh_from_db()
    assert row.issued.premises.operator.agency == agencies["shop"]
    page = shop.get(url("mine")).content.decode()
    assert row.issued.number in page
    assert shop.get(url("subject", row.premises_id)).status_code == 200


def test_a_shop_sees_no_other_shops_application(client_for, vendor, hand_in, department):
    row = hand_in(department)
    shop = client_for(vendor)
    assert shop.get(row.get_absolute_url()).status_code == 404
    assert shop.post(url("application_act", row.pk, "withdraw")).status_code == 404
    paper = Paper.objects.first()
    assert shop.get(reverse("console:evidence", args=[paper.file_id])).status_code in (403, 404)
    assert client_for(department).get(reverse("console:evidence", args=[paper.file_id])).status_code == 200


def test_a_company_reads_why_on_its_page(client_for, vendor, values):
    shop = client_for(vendor)
    filled = values("small_shop", operator_kind="enterprise")
    filled.pop("kind")
    shop.post(url("application_new", "small_shop"), filled)
    row = Application.objects.get()
    page = shop.post(url("application_act", row.pk, "submit"), follow=True).content.decode()
    assert "申请食品生产许可或食品经营许可" in page


def test_the_second_officer_reads_what_happened(client_for, hand_in, department, inspector):
    row = hand_in(department)
    one, two = client_for(department), client_for(inspector)
    assert two.get(row.get_absolute_url()).status_code == 200
    one.post(url("application_act", row.pk, "accept"))
    one.post(url("application_act", row.pk, "issue_on_the_spot"))
    answer = two.post(url("application_act", row.pk, "accept"))
    assert answer.status_code == 403
    assert registry.Credential.objects.count() == 1


NONSENSE = ["", "\0", "x" * 5000, "10" * 20, "-1", "2023-02-30", "<script>", "１２３", str(10**30)]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_never_breaks_a_form(client_for, department, everything, text):
    client = client_for(department)
    e = {name: row.pk for name, row in everything.items()}
    names = [
        "kind", "division_code", "name_seen", "source", "found_on", "holder_name", "products", "sign_name", "latitude",
        "longitude", "corners", "capacity", "radius_m", "opens_at", "premises", "seen_at", "seen_on", "text", "next_on",
        "reason", "missing", "opinion", "visited_on", "result", "score_papers", "level", "becomes", "met", "document",
    ]  # fmt: skip
    data = dict.fromkeys(names, text)
    forms = [
        url("application_new", "stall"), url("zone_new"), url("unregistered_new"), url("out_of_zone"), url("place", e["zone"]),
        url("zone_edit", e["zone"]), url("visit", e["visit"]), url("nominate", e["subject"]), url("upgrade_new", e["subject"]),
        url("site_act", e["site"], "score"), url("unregistered_act", e["unregistered"], "registered"),
        url("unregistered_act", e["unregistered"], "guide"), url("application_act", e["application"], "missing"),
        url("upgrade_check", e["upgrade"], "site"), url("paper_new", e["application"]),
        url("application_edit", e["application"]),
    ]  # fmt: skip
    for address in forms:
        assert client.post(address, data).status_code < 500, address
    for name in LISTS:
        query = {
            "township": text,
            "state": text,
            "when": text,
            "text": text,
            "page": text,
            "sort": text,
            "number": text,
        }
        assert client.get(url(name), query).status_code < 500, name
    assert client.get(url("products"), {"kind": text, "products": text}).status_code == 200


@pytest.mark.parametrize("pk", [0, 10**30, 2**63])
def test_a_number_that_no_database_holds_is_not_found(client_for, department, pk):
    client = client_for(department)
    for name in ("application", "subject", "zone", "site", "unregistered", "upgrade", "visit"):
        assert client.get(url(name, pk)).status_code == 404


def test_ten_more_rows_ask_no_more(client_for, department, issued):
    client = client_for(department)
    lists = ("applications", "certificates", "visits", "unregistered_list", "home", "zones")

    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            client.get(url(name))
        return len(queries)

    def more(start):
        for n in range(start, start + 10):
            issued("stall", sign_name=f"摊{n}号")
            unregistered.report(
                source="complaint", kind="stall", division_code=VILLAGE, name_seen=f"无{n}", by=department
            )
            zones.draw_zone(name=f"区{n}", division_code=TOWN, latitude=34, longitude=111, capacity=5, by=department)

    more(0)
    for name in lists:  # what is read once and kept
        asked(name)
    first = {name: asked(name) for name in lists}
    more(10)
    assert {name: asked(name) for name in lists if asked(name) > first[name]} == {}


def test_the_public_list_names_no_person(client, issued, department):
    row = issued()
    page = client.get(reverse("portal:small_operators")).content.decode()
    assert row.sign_name in page
    assert row.issued.number in page
    assert "魏某" not in page
    assert "13800000001" not in page
    assert row.address not in page
    assert row.sign_name not in client.get(reverse("portal:small_operators"), {"place": "990101200"}).content.decode()
    registry.revoke_credential(credential=row.issued, on=date(2023, 3, 15), reason="注销", by=department)
    assert row.issued.number not in client.get(reverse("portal:small_operators")).content.decode()


@pytest.mark.parametrize(
    "query", [{"place": "\0"}, {"page": "x"}, {"name": "\0"}, {"kind": "x" * 999}, {"page": str(10**40)}]
)
def test_nonsense_never_breaks_the_public_list(client, county, query):
    assert client.get(reverse("portal:small_operators"), query).status_code == 200


def test_the_work_of_today(hand_in, department, township_clerk, vendor, reader, issued):
    hand_in(department)
    issued("stall")
    labels = [str(line.label) for line in offers.work(township_clerk)]
    assert any("待核材料" in label for label in labels)
    assert any("备案卡待签收" in label for label in labels)
    assert offers.work(vendor) == []
    assert offers.work(reader) == []
    with ledger.clock.held_at(date(2023, 5, 20)):
        late = [line for line in offers.work(department) if line.kind == "overdue"]
    assert len(late) == 2


def test_search_and_the_life_of_a_place(issued, department, outsider):
    row = issued()
    hits = [hit for provider in contribute.searches for hit in provider(department, "老魏", 5)]
    assert any(hit.url == row.get_absolute_url() for hit in hits)
    moments = offers.timeline(department, "registry.premises", str(row.premises_id))
    assert {str(m.kind) for m in moments} >= {"提交“三小”申请", "办结“三小”申请"}
    assert offers.timeline(outsider, "registry.premises", str(row.premises_id)) == []


def test_out_of_zone_from_the_street(client_for, inspector, everything):
    client = client_for(inspector)
    data = {"premises": str(everything["placement"].premises_id), "division_code": TOWN, "seen_on": "2023-03-15",
            "seen_at": "08:00", "latitude": "34.01", "longitude": "111.0", "note": "占道"}  # fmt: skip
    page = client.post(url("out_of_zone"), data, follow=True).content.decode()
    assert "已立账" in page
    other = client.post(url("out_of_zone"), data | {"latitude": "34.0"}).content.decode()
    assert "没有需要移交的问题" in other


def test_the_boards_figure_is_the_homes(client_for, office, department, issued):
    """Coverage on the home page is counted on the census like the board's indicator."""
    from fangxin.actions.small_operators import selectors
    from fangxin.kernel.catalog import api as catalog
    from fangxin.oversight.board import api as board

    survey = registry.open_survey(name="排查", division_code="990101", started_on=date(2023, 3, 1), by=office)
    premises = issued().premises
    for name, match in (("老魏便民店", "matched"), ("无证店", "not_registered")):
        entry = registry.record_census_entry(
            survey=survey,
            name_seen=name,
            kind_seen="small_shop",
            division_code=VILLAGE,
            seen_on=date(2023, 3, 10),
            by=office,
        )
        registry.decide_match(entry=entry, match=match, premises=premises if match == "matched" else None, by=office)
    from django.conf import settings

    catalog.load_directory(path=settings.STANDARDS_DIR, by=None)
    figure = board.figures("990101", ledger.clock.today(), ["M08-1"])[0]
    rows = selectors.by_township(department, ledger.clock.today())
    assert (figure.numerator, figure.denominator) == (
        sum(r["seen_registered"] for r in rows),
        sum(r["seen"] for r in rows),
    )
    assert (figure.numerator, figure.denominator) == (1, 2)
    assert "50.00%" in client_for(department).get(url("home")).content.decode()


def test_nobody_is_on_the_list_of_papers_twice(issued, department, client_for):
    old = issued().issued
    with ledger.clock.held_at(date(2026, 2, 1)):
        row = applications.about(old, purpose="renewal", by=department)
        for paper in applications.papers_of(row):
            if paper.given == "file":
                applications.add_paper(
                    application=row, document=paper.code, name="a.pdf", content=PDF + paper.code.encode(), by=department
                )
        applications.submit(application=row, by=department)
        deciding.accept(application=row, by=department)
        deciding.issue_on_the_spot(application=row, by=department)
        page = client_for(department).get(url("certificates")).content.decode()
    assert page.count(old.number) == 1
