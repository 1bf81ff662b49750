"""What people see and press: reach, forms, lists, papers."""

from datetime import date, time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.conftest import COUNTY, OTHER_TOWN, TOWN
from tests.integration.casework.conftest import PNG

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework import tasks
from fangxin.kernel.casework.models import Interview, Matter, MatterPaper
from fangxin.kernel.casework.services import interviews
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
PAGES = ["list", "escalations", "interviews", "account"]


def photo(name="after.png"):
    return SimpleUploadedFile(name, PNG + name.encode(), content_type="image/png")


def do(matter, action):
    return reverse("casework:act", args=[matter.pk, action])


def test_the_whole_day_of_a_matter_on_the_screens(client_for, agencies, office, department, second_department):
    clerk, worker, judge = client_for(office), client_for(department), client_for(second_department)
    opened = clerk.post(
        reverse("casework:new"),
        {"subject_name": "石门饭店", "division_code": TOWN, "hazard": "后厨无防蝇设施", "severity": "minor",
         "origin": "inspection", "owner": agencies["market"].pk, "uploads": photo("before.png")},
    )  # fmt: skip
    matter = Matter.objects.get()
    assert opened.url == matter.get_absolute_url()
    assert matter.evidence.get().kind == "hazard"
    clerk.post(do(matter, "assign"), {"owner": agencies["market"].pk, "due_on": "2023-04-06", "text": "限期整改"})
    worker.post(
        do(matter, "fix"), {"responsible_person": "韩梅", "measures": "装纱窗", "means": "自筹", "acceptance": "现场看"}
    )
    worker.post(do(matter, "start"), {"text": ""})
    worker.post(do(matter, "submit"), {"text": "已装纱窗", "uploads": photo()})
    matter.refresh_from_db()
    assert (matter.state, matter.measures) == ("submitted", "装纱窗")
    judge.post(do(matter, "close"), {"text": "现场看过"})
    matter.refresh_from_db()
    assert (matter.state, matter.closed_by) == ("closed", "market2")
    page = worker.get(matter.get_absolute_url()).content.decode()
    for text in ("石门饭店", "后厨无防蝇设施", "装纱窗", "已销号", "after.png", "现场看过", "按期"):
        assert text in page


def test_the_page_offers_what_this_person_may_do_now(client_for, submitted, office, department, reader):
    matter = submitted()
    button = do(matter, "close")
    assert button in client_for(office).get(matter.get_absolute_url()).content.decode()
    assert button not in client_for(department).get(matter.get_absolute_url()).content.decode()
    assert "/do/" not in client_for(reader).get(matter.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk", "administrator", "principal", "vendor"])
def test_whom_it_does_not_concern_finds_nothing(client_for, closed, request, who):
    matter = closed()
    client = client_for(request.getfixturevalue(who))
    evidence = matter.evidence.get()
    found = [matter.get_absolute_url(), do(matter, "reopen"), reverse("casework:evidence", args=[evidence.pk])]
    expected = 403 if who == "administrator" else 404
    assert [client.get(url).status_code for url in found] == [expected] * 3
    listed = client.get(reverse("casework:list"))
    assert matter.number not in listed.content.decode()


def test_another_department_sees_but_does_not_work(client_for, rectifying, health_department):
    matter = rectifying()
    client = client_for(health_department)
    assert client.get(matter.get_absolute_url()).status_code == 200
    assert client.post(do(matter, "submit"), {"text": "改了", "uploads": photo()}).status_code == 403
    matter.refresh_from_db()
    assert matter.state == "rectifying"


def test_a_cooperating_department_works_on_it(client_for, rectifying, agencies, health_department):
    matter = rectifying(cooperating=[agencies["health"]])
    client_for(health_department).post(do(matter, "progress"), {"text": "已消毒"})
    assert matter.steps.filter(action="progress", by="health").exists()


def test_a_township_works_on_its_own(client_for, open_matter, agencies, township_clerk, other_township_clerk):
    here = open_matter(owner=agencies["town"])
    there = open_matter(owner=agencies["other_town"], division_code=OTHER_TOWN)
    client = client_for(township_clerk)
    assert client.get(here.get_absolute_url()).status_code == 200
    assert client.get(there.get_absolute_url()).status_code == 404
    assert client_for(other_township_clerk).get(there.get_absolute_url()).status_code == 200


def test_an_operator_sees_and_answers_its_own_matter(client_for, open_matter, agencies, vendor, principal):
    matter = open_matter(owner=agencies["shop"])
    casework.assign(matter=matter, by=ledger.SYSTEM)
    client = client_for(vendor)
    client.post(do(matter, "start"), {})
    client.post(do(matter, "submit"), {"text": "已换新", "uploads": photo()})
    matter.refresh_from_db()
    assert matter.state == "submitted"
    assert client.get(do(matter, "close")).status_code == 403
    assert client_for(principal).get(matter.get_absolute_url()).status_code == 404


def test_a_township_clerk_opens_only_in_the_own_township(client_for, township_clerk, agencies):
    client_for(township_clerk).post(
        reverse("casework:new"),
        {"subject_name": "别处", "division_code": OTHER_TOWN, "hazard": "问题", "severity": "minor",
         "origin": "other", "owner": agencies["other_town"].pk},
    )  # fmt: skip
    assert not Matter.objects.exists()


def test_bad_input_comes_back_as_a_form(client_for, office, open_matter, agencies):
    client = client_for(office)
    good = {"subject_name": "店", "division_code": TOWN, "hazard": "问题", "severity": "minor", "origin": "other",
            "owner": str(agencies["market"].pk)}  # fmt: skip
    bad = [
        {"hazard": ""}, {"hazard": "x" * 2001}, {"hazard": "a\0b"}, {"severity": "grave"}, {"owner": "9" * 30},
        {"owner": "x"}, {"due_on": "2023-02-30"}, {"due_on": "2020-01-01"}, {"division_code": "990102100"},
        {"premises": "9" * 40}, {"due_on": "99999-01-01"},
    ]  # fmt: skip
    for change in bad:
        answer = client.post(reverse("casework:new"), good | change)
        assert answer.status_code == 200, change
        assert answer.context["form"].errors, change
    assert not Matter.objects.exists()
    assert client.post(reverse("casework:new"), good).status_code == 302


def test_a_refused_act_keeps_what_was_typed_and_writes_nothing(client_for, rectifying, department):
    matter = rectifying()
    client = client_for(department)
    answer = client.post(do(matter, "submit"), {"text": "已装纱窗"})
    assert "没有整改证明" in answer.content.decode()
    assert "已装纱窗" in answer.content.decode()
    wrong = SimpleUploadedFile("after.png", b"<script>alert(1)</script>", content_type="image/png")
    answer = client.post(do(matter, "submit"), {"text": "已装纱窗", "uploads": [photo(), wrong]})
    assert "内容与文件类型不符" in answer.content.decode()
    matter.refresh_from_db()
    assert (matter.state, matter.evidence.count()) == ("rectifying", 0)


@pytest.mark.parametrize(
    "path", ["/matters/{n}/", "/matters/evidence/{n}/", "/matters/papers/{n}/", "/matters/interviews/{n}/"]
)
def test_an_impossible_number_is_not_found(client_for, office, path):
    for number in (10**30, 2**63 - 1, 0):
        assert client_for(office).get(path.format(n=number)).status_code == 404


def test_strange_questions_to_the_lists_are_answered(client_for, office, open_matter):
    open_matter()
    client = client_for(office)
    strange = ["state=x", "owner=abc", "owner=" + "9" * 30, "town=%00", "q=" + "x" * 500, "q=%00", "term=x", "page=0",
               "page=99", "sort=nothing", "term=open&start=x&end=2023-01-01&division=99",
               "term=open&start=2023-01-01&end=2023-12-31&division=abc", "since=2023-99-99", "start=2023-02-30",
               "division=1&start=2023-03-01&end=2022-01-01", "when=x", "waiting=letter", "mine=1",
               "start=0001-01-01&end=9999-12-31&division=990101"]  # fmt: skip
    for page in PAGES:
        for query in strange:
            answer = client.get(f"{reverse('casework:' + page)}?{query}")
            assert answer.status_code in (200, 404), (page, query)


def test_every_number_of_the_account_leads_to_as_many_rows(client_for, office, open_matter, closed):
    for n in range(3):
        open_matter(hazard=f"问题{n}")
    closed()
    client = client_for(office)
    page = client.get(reverse("casework:account"), {"start": "2023-03-01", "end": "2023-03-31", "division": COUNTY})
    figures = page.context["figures"]
    assert (figures.new, figures.closed, figures.open) == (4, 1, 3)
    for term, url in page.context["links"].items():
        rows = client.get(url).context["table"].paginator.count
        assert rows == getattr(figures, term), term
    assert "没有可计算的事项" in page.content.decode()  # nothing due in March is not 100 %


def propose(matter, by):
    interviews.propose_interview(
        matter=matter, interviewee="局长", reason="逾期", basis="第一百一十七条", planned_on=date(2023, 3, 20),
        planned_time=time(15), place="会议室", host="沈静", by=by,
    )  # fmt: skip


@pytest.mark.parametrize("page", ["list", "escalations", "interviews"])
def test_ten_more_rows_add_no_query(client_for, office, open_matter, page):
    client = client_for(office)
    url = reverse(f"casework:{page}")

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def rows(number):
        for n in range(number):
            propose(open_matter(hazard=f"问题{n}"), office)
        tasks.daily(date(2023, 4, 3))

    rows(1)
    statements()
    few = statements()
    rows(10)
    assert statements() == few <= 20


def test_one_matter_takes_few_statements(client_for, closed, office, django_assert_max_num_queries):
    matter, client = closed(), client_for(office)
    with django_assert_max_num_queries(20):
        client.get(matter.get_absolute_url())


def test_the_list_leaves_as_a_workbook(client_for, office, open_matter):
    open_matter(hazard="=1+1")
    answer = client_for(office).get(reverse("casework:list") + "?_export=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[0][:3] == ("编号", "涉及对象", "问题或隐患")
    assert rows[1][2] == "=1+1"
    assert rows[1][3:5] == ("一般", "已立账")


def test_evidence_is_handed_over_without_being_run(client_for, closed, office):
    answer = client_for(office).get(reverse("casework:evidence", args=[closed().evidence.get().pk]))
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_supervision_letter_is_written_numbered_and_kept(client_for, rectifying, office, after):
    matter = rectifying(legal_basis="食品安全法第一百二十六条")
    tasks.daily(date(2023, 4, 13))
    form = {"mark": "云食安办督", "demands": "查明原因\n装好纱窗", "reply_by": "2023-04-20"}
    url = reverse("casework:issue", args=[matter.pk, "supervision"])
    with after(29):  # 13 April
        client = client_for(office)
        early = client.post(url, form | {"reply_by": "2023-04-01"})
        assert "不能早于今天" in early.content.decode()
        client.post(url, form)
        client.post(url, form)
    first, second = MatterPaper.objects.order_by("pk")
    assert (first.document_number, second.document_number) == ("云食安办督〔2023〕1号", "云食安办督〔2023〕2号")
    answer = client.get(reverse("casework:paper", args=[first.pk]))
    text = "\n".join(p.text for p in Document(BytesIO(answer.content)).paragraphs)
    for words in (
        "云桥县市场监督管理局",
        "后厨无防蝇设施",
        matter.number,
        "已逾期5个工作日",
        "装好纱窗",
        "2023年4月20日",
    ):
        assert words in text


def test_no_supervision_letter_before_the_deadline(client_for, rectifying, office):
    url = reverse("casework:issue", args=[rectifying().pk, "supervision"])
    answer = client_for(office).post(url, {"mark": "云食安办督", "demands": "改", "reply_by": "2023-04-20"})
    assert "还没有过" in answer.content.decode()
    answer = client_for(office).post(url.replace("supervision", "reminder"), {"mark": "云〔2023〕"})
    assert "发文代字" in answer.content.decode()
    assert not MatterPaper.objects.exists()


def test_an_interview_goes_from_proposal_to_file(client_for, rectifying, office, second_office, department):
    matter = rectifying()
    clerk, second = client_for(office), client_for(second_office)
    clerk.post(
        reverse("casework:propose_interview", args=[matter.pk]),
        {"interviewee": "局长", "reason": "逾期未整改", "basis": "食品安全法第一百一十七条", "planned_on": "2023-03-20",
         "planned_time": "15:00", "place": "食安办会议室", "host": "沈静", "attendees": "高远、秦川"},
    )  # fmt: skip
    interview = Interview.objects.get()

    def step(client, action, **data):
        return client.post(reverse("casework:advance_interview", args=[interview.pk, action]), data).status_code

    assert step(clerk, "approve") == 403  # by the one who proposed it
    assert step(client_for(department), "approve") == 403
    assert step(second, "approve") == 302
    assert step(clerk, "archive") == 403
    assert step(clerk, "deliver", mark="云食安办约") == 302
    assert step(clerk, "hold", text="说明了原因", requirements="十日内改完", deadline="2023-03-31") == 302
    assert step(clerk, "feedback", text="已改完") == 302
    assert step(clerk, "assess", text="到位") == 302
    assert step(clerk, "archive") == 302
    interview.refresh_from_db()
    assert interview.state == "archived"
    page = clerk.get(interview.get_absolute_url()).content.decode()
    assert "云食安办约〔2023〕1号" in page
    assert "十日内改完" in page


def test_an_extension_is_decided_one_level_up(client_for, rectifying, department, second_department, office):
    matter = rectifying()
    client_for(department).post(do(matter, "ask_extension"), {"new_due_on": "2023-04-20", "text": "配件未到"})
    decision = {"approved": "yes", "text": "同意"}
    assert client_for(second_department).post(do(matter, "decide_extension"), decision).status_code == 403
    assert client_for(office).post(do(matter, "decide_extension"), decision).status_code == 302
    matter.refresh_from_db()
    assert matter.due_on == date(2023, 4, 20)


def test_a_rebound_leads_to_the_new_matter(client_for, closed, office):
    matter = closed()
    answer = client_for(office).post(do(matter, "look_back"), {"held": "no", "text": "又破了"})
    again = Matter.objects.get(reopened_from=matter)
    assert answer.url == again.get_absolute_url()
    assert matter.number in client_for(office).get(answer.url).content.decode()


def test_the_calendar_is_kept_by_the_office(client_for, office, department):
    client = client_for(office)
    assert client_for(department).get(reverse("casework:calendar")).status_code == 403
    saved = client.post(reverse("casework:set_days"), {"first": "2023-03-16", "kind": "rest", "source": "停工"})
    assert saved.status_code == 302
    assert not casework.is_workday(date(2023, 3, 16))
    again = client.post(reverse("casework:set_days"), {"first": "2023-03-16", "last": "2022-01-01", "kind": "x"})
    assert again.status_code == 200
    whole = client.post(reverse("casework:complete_year"), {"year": "2027", "source": "通知"})
    assert "不足7天" in whole.content.decode()


@pytest.fixture
def a_day(rectifying, submitted, open_matter):
    """One matter at work, one waiting for acceptance, one not handed on; both due on 6 April."""
    rectifying()
    submitted()
    open_matter()


def test_the_work_of_the_day(a_day, office, department, second_department, after):
    provider = dict(contribute.work_lists.items())["casework.matters"]
    with after(25):
        told = {name: [str(line.label) for line in contribute.counted(provider(user))] for name, user in
                [("owner", department), ("colleague", second_department), ("office", office)]}  # fmt: skip
    assert told["owner"] == ["2件问题整改已逾期"]
    assert told["colleague"] == ["2件问题整改已逾期", "1件问题整改等您验收"]
    assert told["office"] == ["1件问题整改等您验收", "1件问题待交办"]


def test_work_lines_lead_to_as_many_rows(a_day, client_for, second_department, office, after):
    provider = dict(contribute.work_lists.items())["casework.matters"]
    with after(25):
        tasks.daily()
        for user in (second_department, office):
            client = client_for(user)
            for line in contribute.counted(provider(user)):
                assert client.get(line.url).context["table"].paginator.count == line.count, line.label


def test_search_and_the_life_of_a_subject_respect_reach(closed, office, outsider, township_clerk):
    matter = closed()
    find = dict(contribute.searches.items())["casework.matters"]
    life = dict(contribute.timelines.items())["casework.matters"]
    assert [hit.url for hit in find(office, "防蝇", 5)] == [matter.get_absolute_url()]
    assert [hit.url for hit in find(township_clerk, matter.number, 5)] == [matter.get_absolute_url()]
    assert find(outsider, "防蝇", 5) == []
    assert [str(m.text)[:2] for m in life(office, "registry.premises", "7")] == ["销号", "立账"]
    assert life(outsider, "registry.premises", "7") == []
