"""The bulletin: drafted from records, checked by another, numbered, kept, read."""

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from tests.integration.assessment.conftest import COUNTY, on

from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.assessment import api as assessment
from fangxin.oversight.assessment.bulletin_paper import paper_figures
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Bulletin, BulletinItem, BulletinRead
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"assessment:{name}", args=args)


def act(bulletin, name):
    return url("bulletin_do", bulletin.pk, name)


@pytest.fixture
def annual(county_rules, plan, agencies, office, department, second_department):
    """The annual returns of 2022: one accepted with good practice, one late, the others missing; matters overdue."""
    period = plan.periods.get(code="2022-ANNUAL")
    mine = list(period.returns.filter(agency=agencies["market"]).order_by("action__number"))
    with on("2022-11-29"):
        plans.write_version(item=mine[0], progress="进展", practice="网格员每周巡店。", by=department)
        plans.submit(item=mine[0], by=department)
        plans.review(item=mine[0], by=second_department)
        plans.accept(item=mine[0], by=office)
    mine[1].__class__.objects.filter(pk=mine[1].pk).update(
        submitted_at=datetime(2022, 12, 2, 9, tzinfo=ledger.clock.LOCAL), state="submitted"
    )
    with on("2022-06-01"):
        for owner, name in (("town", "某店"), ("shop", "魏老三小吃")):
            casework.open_matter(
                origin="inspection", hazard="无防蝇设施", subject_type="", subject_id="", subject_name=name,
                division_code="990101100", severity="minor", owner=agencies[owner], due_on=date(2022, 6, 20), by=office,
            )  # fmt: skip
    return period


@pytest.fixture
def draft(annual, office):
    return assessment.draft(division_code=COUNTY, period=annual, by=office)


@pytest.fixture
def issued(draft, office, second_office):
    assessment.send_to_check(bulletin=draft, by=office)
    assessment.check(bulletin=draft, approved=True, by=second_office)
    return assessment.issue(bulletin=draft, mark="云食安办", by=office)


def words_of(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_a_draft_says_what_the_records_say(draft, annual):
    assert (draft.as_of, draft.since) == (date(2022, 11, 30), date(2022, 1, 1))
    assert (draft.timeliness["due"], draft.timeliness["in_time"], len(draft.timeliness["late"])) == (4, 1, 3)
    assert {entry["words"] for entry in draft.timeliness["late"]} == {"迟报2天", "逾期105天未报"}
    practice = draft.items.get(kind="practice")
    assert (practice.text, practice.agencies) == ("网格员每周巡店。", "市场监管局")
    balance = draft.balance
    assert balance["open"] == balance["opening"] + balance["new"] - balance["closed"] + balance["reopened"] == 2
    found = casework.figures(COUNTY, draft.since, draft.as_of)
    assert (balance["due"], balance["closed_in_time"]) == (found.due, found.on_time) == (2, 0)


def test_overdue_matters_name_agencies_and_never_a_shop(draft):
    item = draft.items.get(title="问题整改逾期")
    assert "共2件" in item.text
    assert "石门镇1件" in item.text
    assert "生产经营者和学校、医院等单位共1件" in item.text
    everything = " ".join(draft.items.values_list("text", flat=True)) + " ".join(
        draft.items.values_list("agencies", flat=True)
    )
    assert "老魏" not in everything
    assert "魏老三" not in everything


def test_figures_are_the_boards_own(draft):
    computed = {f.code: f for f in board.figures(COUNTY, draft.as_of)}
    with_target = {d.code for d in board.definitions(draft.as_of) if d.comparison is not None}
    assert {entry["code"] for entry in draft.figures} == with_target
    for entry in draft.figures:
        figure = computed[entry["code"]]
        assert entry["status"] == str(figure.status)
        if figure.numerator is not None:
            assert Decimal(entry["numerator"]) == figure.numerator
            assert entry["denominator"] is None or Decimal(entry["denominator"]) == figure.denominator
    judged = {getattr(f, "name", ""): f for f in paper_figures(draft)}
    assert judged["工作总结按时报送率"].value == 25


def test_a_frozen_date_keeps_its_frozen_figures(annual, office, plan):
    with on("2022-12-05"):
        taken = board.freeze(annual.code, as_of=annual.due_on, division_code=COUNTY, by=None, with_proof=False)
    bulletin = assessment.draft(division_code=COUNTY, period=annual, by=office)
    assert bulletin.snapshot == taken
    frozen = {f.code: f for f in board.frozen_figures(taken)}
    for entry in bulletin.figures:
        assert entry["status"] == frozen[entry["code"]].status


def test_a_typed_figure_that_differs_is_named_with_both_numbers(annual, agencies, department, office):
    definition = next(d for d in board.definitions(annual.due_on) if d.kind == "computed" and d.comparison == ">=")
    with on("2022-11-29"):
        board.record_typed_figure(
            code=definition.code, division_code=COUNTY, as_of=date(2022, 11, 29), agency=agencies["market"],
            numerator=9, denominator=10, by=department,
        )  # fmt: skip
    bulletin = assessment.draft(division_code=COUNTY, period=annual, by=office)
    item = bulletin.items.get(title="填报数与平台计算不一致")
    assert "填报9/10" in item.text
    assert "平台计算0/0" in item.text
    entry = next(e for e in bulletin.figures if e["code"] == definition.code)
    assert (entry["stated"], entry["stated_by"]) == ("90", "市场监管局")


def test_to_date_it_stands_on_todays_records(county_rules, plan, office):
    bulletin = assessment.draft(division_code=COUNTY, by=office)
    assert (bulletin.as_of, bulletin.period_name, bulletin.snapshot) == (date(2023, 3, 15), "2023年以来", None)
    assert bulletin.timeliness["due"] == 0


def test_a_date_that_has_not_come_is_refused(plan, office):
    with pytest.raises(Refused, match="还没有到"):
        assessment.draft(division_code=COUNTY, period=plan.periods.get(code="2023-Q1"), by=office)


def test_the_paper_carries_number_figures_and_names(issued):
    text = words_of(ledger.read_evidence(issued.file))
    assert issued.document_number == "云食安办〔2023〕1号"
    for words in (
        "云食安办〔2023〕1号",
        "工作总结按时报送率",
        "25.00%",
        "1",
        "网格员每周巡店",
        "期初未办结0件",
        "逾期105天未报",
    ):
        assert words in text
    content = ledger.read_evidence(issued.file)
    assert b"chart" in content


def test_nobody_checks_what_they_wrote(draft, office, second_office):
    assessment.send_to_check(bulletin=draft, by=office)
    with pytest.raises(Refused, match="不能核稿"):
        assessment.check(bulletin=draft, approved=True, by=office)
    assessment.check(bulletin=draft, approved=False, reason="改标题", by=second_office)
    assert (draft.state, draft.returned_reason) == ("draft", "改标题")


def test_whoever_touched_a_word_is_a_writer(client_for, draft, second_office):
    client = client_for(second_office)
    client.post(url("bulletin_edit", draft.pk), form_of(draft, summary="改过的总体情况"))
    draft.refresh_from_db()
    assert draft.summary == "改过的总体情况"
    assessment.send_to_check(bulletin=draft, by=second_office)
    assert client.get(act(draft, "check")).status_code == 403


def form_of(bulletin, **changes):
    """The editor's form as it would be sent unchanged."""
    data = {name: getattr(bulletin, name) for name in ("period_name", "subject", "summary", "next_steps")} | changes
    items = list(bulletin.items.order_by("kind", "order", "pk"))
    data |= {"items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": len(items)}
    for n, item in enumerate(items):
        data |= {
            f"items-{n}-{field}": getattr(item, field) or "" for field in ("kind", "order", "title", "text", "agencies")
        }
        data |= {f"items-{n}-id": item.pk, f"items-{n}-included": "on" if item.included else ""}
    return data


def test_words_can_be_edited_and_figures_cannot(client_for, draft, office):
    client, figures = client_for(office), draft.figures
    data = form_of(draft, next_steps="一\n二", figures="[]", balance="{}")
    data["items-0-title"], data["items-0-included"] = "换了标题", ""
    assert client.post(url("bulletin_edit", draft.pk), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.figures, draft.next_steps.split()) == (figures, ["一", "二"])
    changed = draft.items.get(title="换了标题")
    assert not changed.included


def test_items_of_another_bulletin_cannot_be_reached_through_the_form(client_for, draft, annual, office):
    other = assessment.draft(division_code=COUNTY, period=annual, by=office)
    data = form_of(draft)
    foreign = other.items.first()
    data["items-0-id"], data["items-0-title"] = foreign.pk, "越权"
    client_for(office).post(url("bulletin_edit", draft.pk), data)
    foreign.refresh_from_db()
    assert foreign.title != "越权"
    assert foreign.bulletin == other


@pytest.mark.parametrize("text", ["联系人13812345678", "身份证11010519491231002X"])
def test_numbers_of_private_persons_stop_it(draft, office, text):
    BulletinItem.objects.filter(pk=draft.items.first().pk).update(text=text)
    with pytest.raises(Refused, match="个人信息"):
        assessment.send_to_check(bulletin=draft, by=office)


def test_one_series_of_numbers_under_one_mark(issued, annual, office, second_office):
    other = assessment.draft(division_code=COUNTY, period=annual, by=office)
    assessment.send_to_check(bulletin=other, by=office)
    assessment.check(bulletin=other, approved=True, by=second_office)
    with pytest.raises(Refused, match="发文代字"):
        assessment.issue(bulletin=other, mark="云 食安办〔2023〕", by=office)
    other.refresh_from_db()
    assert (other.state, other.document_number) == ("checked", "")
    assert assessment.issue(bulletin=other, mark="云食安办", by=office).document_number == "云食安办〔2023〕2号"


def test_departments_and_townships_say_that_they_have_read(client_for, issued, agencies, township_clerk, office):
    assert set(issued.reads.values_list("agency__kind", flat=True)) == {"department", "township"}
    lines = contribute.work_of(township_clerk)
    assert "新收到的通报" in {str(line.label) for line in lines}
    client = client_for(township_clerk)
    assert "确认已阅" in client.get(issued.get_absolute_url()).content.decode()
    client.post(url("bulletin_read", issued.pk))
    client.post(url("bulletin_read", issued.pk))
    read = BulletinRead.objects.get(bulletin=issued, agency=agencies["town"])
    assert read.read_by == township_clerk
    assert BulletinRead.objects.filter(bulletin=issued).exclude(read_at=None).count() == 1
    page = client_for(office).get(issued.get_absolute_url()).content.decode()
    assert "未阅" in page


def test_drafts_are_the_offices_own(client_for, draft, township_clerk, reader, outsider, administrator):
    for person in (township_clerk, reader, outsider):
        assert client_for(person).get(draft.get_absolute_url()).status_code == 404
    assert client_for(administrator).get(draft.get_absolute_url()).status_code == 403
    assert client_for(outsider).get(url("bulletin_edit", draft.pk)).status_code == 404
    assert client_for(outsider).post(act(draft, "discard")).status_code == 404
    assert Bulletin.objects.filter(pk=draft.pk).exists()


def test_an_issued_bulletin_is_found_and_opened_inside_the_county_only(
    client_for, issued, township_clerk, inspector, reader, outsider
):
    file = reverse("console:evidence", args=[issued.file_id])
    for person in (township_clerk, inspector, reader):
        client = client_for(person)
        assert client.get(issued.get_absolute_url()).status_code == 200
        assert client.get(file).content == ledger.read_evidence(issued.file)
        assert issued.document_number in client.get(reverse("console:search") + "?q=云食安办").content.decode()
    client = client_for(outsider)
    assert client.get(issued.get_absolute_url()).status_code == 404
    assert client.get(file).status_code == 404
    assert issued.document_number not in client.get(reverse("console:search") + "?q=云食安办").content.decode()


def test_every_link_of_a_bulletin_opens_for_whoever_is_shown_it(client_for, issued, township_clerk, department, office):
    for person in (township_clerk, department, office):
        client = client_for(person)
        page = client.get(issued.get_absolute_url()).content.decode()
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+)"', page) if "/static/" not in link}
        assert (reverse("plans:return", args=[issued.timeliness["late"][0]["return"]]) in links) is (
            person != township_clerk
        )
        own = [link for link in links if re.match("/(plans/returns/|matters/|board/(snap|indicators/X))", link)]
        assert all(client.get(link).status_code == 200 for link in own)


def test_the_way_of_a_bulletin_on_the_screens(client_for, annual, office, second_office):
    clerk, second = client_for(office), client_for(second_office)
    assert clerk.get(url("bulletin_new")).status_code == 200
    made = clerk.post(url("bulletin_new"), {"period": annual.pk})
    bulletin = Bulletin.objects.get()
    assert made.url == bulletin.get_absolute_url()
    assert clerk.get(made.url).status_code == 200
    assert clerk.get(url("bulletin_edit", bulletin.pk)).status_code == 200
    clerk.post(act(bulletin, "send"))
    assert clerk.get(url("bulletin_edit", bulletin.pk)).status_code == 403
    second.post(act(bulletin, "check"), {"approved": "yes"})
    assert clerk.post(act(bulletin, "issue"), {"mark": "（错）"}).status_code == 200
    clerk.post(act(bulletin, "issue"), {"mark": "云食安办"})
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.document_number) == ("issued", "云食安办〔2023〕1号")
    assert clerk.get(bulletin.get_absolute_url()).status_code == 200
    assert clerk.get(act(bulletin, "discard")).status_code == 403


def test_bad_input_in_the_editor_is_said_and_nothing_changes(client_for, draft, office):
    client = client_for(office)
    bad = [
        form_of(draft, period_name=""),
        form_of(draft, summary="长" * 10001),
        form_of(draft, subject="a\x00b"),
        form_of(draft) | {"items-0-title": ""},
        form_of(draft) | {"items-0-due_on": "2023-13-40"},
        form_of(draft) | {"items-0-order": "9" * 30},
        {"period_name": "x"},
        form_of(draft) | {"items-TOTAL_FORMS": "99999999"},
    ]
    for data in bad:
        answer = client.post(url("bulletin_edit", draft.pk), data)
        assert answer.status_code == 200
    before = (draft.period_name, draft.summary)
    draft.refresh_from_db()
    assert (draft.period_name, draft.summary) == before
    assert client.post(url("bulletin_new"), {"period": str(10**30)}).status_code == 200


def test_a_paper_that_cannot_be_printed_is_refused_when_it_is_sent(draft, office):
    Bulletin.objects.filter(pk=draft.pk).update(summary="有不可见字符\u202e")
    draft.refresh_from_db()
    with pytest.raises(Refused, match="不能印刷"):
        assessment.send_to_check(bulletin=draft, by=office)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_ten_more_bulletins_add_no_query(client_for, issued, office):
    client = client_for(office)

    def queries():
        client.get(url("bulletins"))  # the first call of all also opens the session
        with CaptureQueriesContext(connection) as found:
            assert client.get(url("bulletins")).status_code == 200
        return len(found)

    before = queries()
    for n in range(10):
        Bulletin.objects.create(
            division_code=COUNTY, plan=issued.plan, period_name=f"{n}", since=issued.since, as_of=issued.as_of,
            subject="x", drafted_at=issued.drafted_at,
        )  # fmt: skip
    assert queries() == before
