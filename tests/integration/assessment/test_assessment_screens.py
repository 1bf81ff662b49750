"""What people see and press: reach, forms, lists, work of today."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.integration.assessment.conftest import COUNTY, on

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment import api as assessment
from fangxin.oversight.assessment.models import Adjustment, Appeal, Participant, Round, Score, SelfCheck

pytestmark = pytest.mark.django_db


def upload(name="proof.txt", content="材料"):
    return SimpleUploadedFile(name, content.encode(), content_type="text/plain")


def url(name, *args):
    return reverse(f"assessment:{name}", args=args)


def step(round_, act):
    return url("round_do", round_.pk, act)


def lines(user):
    return {str(line.label): line for line in contribute.work_of(user)}


def test_a_whole_round_on_the_screens(client_for, plan, simple_rules, agencies, office, second_office, township_clerk):
    clerk, second, town = client_for(office), client_for(second_office), client_for(township_clerk)
    assert clerk.get(url("start")).status_code == 200
    clerk.post(url("start"), {"year": "2022", "edition": simple_rules.pk})
    round_ = Round.objects.get()
    assert town.get(round_.get_absolute_url()).status_code == 404  # the office's draft
    clerk.post(step(round_, "self-check"), {"until": "2023-03-20"})
    member = Participant.objects.get(round=round_, agency=agencies["town"])
    assert f"{round_}：请核对本单位得分并提交自查意见" in lines(township_clerk)
    town.post(url("self_check", member.pk), {"text": "任务已完成，附材料", "file": upload()})
    assert SelfCheck.objects.get().evidence.name == "proof.txt"
    page = clerk.get(url("adjust", round_.pk)).content.decode()
    assert "受到表扬（3 分）" in page
    clerk.post(
        url("adjust", round_.pk),
        {"rule": "commended", "participants": [member.pk], "reason": "省级表扬", "file": upload("praise.txt", "表扬")},
    )
    item = Adjustment.objects.get()
    assert clerk.get(url("adjustment_do", item.pk, "decide")).status_code == 403
    second.post(url("adjustment_do", item.pk, "decide"), {"approved": "yes", "text": "属实"})
    clerk.post(step(round_, "score"))
    assert clerk.get(step(round_, "review")).status_code == 403
    assert "待复核的考核评分" in lines(second_office)
    assert "待复核的考核评分" not in lines(office)
    second.post(step(round_, "review"), {"approved": "yes"})
    clerk.post(step(round_, "publish"), {"notice": "请各单位查阅。"})
    round_.refresh_from_db()
    assert (round_.state, str(round_.appeal_until)) == ("published", "2023-03-22")
    assert lines(township_clerk)[f"{round_}结果已公布，可在期限内申诉"].due == round_.appeal_until
    page = town.get(round_.get_absolute_url()).content.decode()
    assert "请各单位查阅。" in page
    assert "青杨乡" in page
    town.post(url("lodge", member.pk), {"text": "任务数有误"})
    appeal = Appeal.objects.get()
    second.post(url("appeal_decide", appeal.pk), {"upheld": "no", "decision": "记录无误。"})
    page = town.get(appeal.get_absolute_url()).content.decode()
    assert "记录无误。" in page
    with on("2023-03-23"):
        clerk.post(step(round_, "finish"))
    round_.refresh_from_db()
    assert round_.state == "final"


def test_an_agency_sees_its_own_details_and_the_published_ranking_only(
    client_for, published, agencies, township_clerk, department, member
):
    own, other = member(published, agencies["town"]), member(published, agencies["other_town"])
    client = client_for(township_clerk)
    assert client.get(own.get_absolute_url()).status_code == 200
    for somebody in (other, member(published, agencies["market"])):
        assert client.get(somebody.get_absolute_url()).status_code == 404
        assert client.get(url("self_check", somebody.pk)).status_code == 404
        assert client.post(url("lodge", somebody.pk), {"text": "x"}).status_code == 404
    page = client.get(published.get_absolute_url()).content.decode()
    assert "石门镇" in page
    assert "年度任务完成" not in page  # components are the office's
    sheet = load_workbook(BytesIO(client.get(published.get_absolute_url() + "?_export=xlsx").content)).active
    assert [cell.value for cell in sheet[2]] == ["组别", "名次", "单位", "总分", "考核等次"]
    assert client_for(department).get(other.get_absolute_url()).status_code == 404


def test_ranks_and_grades_are_not_shown_before_they_are_published(
    client_for, checking, agencies, township_clerk, member
):
    page = client_for(township_clerk).get(member(checking, agencies["town"]).get_absolute_url()).content.decode()
    assert "名次和等次在结果公布后显示" in page
    assert "考核等次" not in page
    listed = client_for(township_clerk).get(checking.get_absolute_url()).content.decode()
    assert "结果还没有公布" in listed
    assert "青杨乡" not in listed


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("administrator", 403), ("principal", 403), ("vendor", 403)]
)
def test_whom_it_does_not_concern_finds_nothing(
    client_for, published, agencies, member, request, who, status, proof, township_clerk
):
    town = member(published, agencies["town"])
    appeal = assessment.lodge(participant=town, text="异议", evidence=proof, by=township_clerk)
    client = client_for(request.getfixturevalue(who))
    for page in (published.get_absolute_url(), town.get_absolute_url(), appeal.get_absolute_url()):
        assert client.get(page).status_code == status
    assert client.get(step(published, "finish")).status_code == status
    assert client.post(url("appeal_decide", appeal.pk), {"upheld": "yes", "decision": "x"}).status_code == status
    assert client.get(reverse("console:evidence", args=[proof.pk])).status_code == 404
    appeal.refresh_from_db()
    assert appeal.state == "lodged"


def test_a_reader_sees_all_and_changes_nothing(client_for, published, agencies, member, reader):
    client = client_for(reader)
    assert "年度任务完成" in client.get(published.get_absolute_url()).content.decode()
    page = client.get(member(published, agencies["town"]).get_absolute_url())
    assert page.status_code == 200
    assert "/appeal/" not in page.content.decode()
    assert client.get(url("start")).status_code == 403
    assert client.post(step(published, "finish")).status_code == 403


def test_evidence_opens_for_those_whose_record_it_proves(
    client_for, checking, agencies, member, office, second_office, proof, township_clerk, other_township_clerk
):
    (item,) = assessment.propose(
        participants=[member(checking, agencies["town"])], code="commended", reason="表扬", evidence=proof, by=office
    )
    file = reverse("console:evidence", args=[proof.pk])
    assert client_for(second_office).get(file).status_code == 200
    assert client_for(township_clerk).get(file).status_code == 404  # only proposed
    assessment.decide_adjustment(adjustment=item, approved=True, by=second_office)
    assert client_for(township_clerk).get(file).status_code == 200
    assert client_for(other_township_clerk).get(file).status_code == 404
    assert client_for(other_township_clerk).get(item.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("key", [0, 10**9, 2**63, 10**30])
def test_keys_of_nothing_are_not_found(client_for, office, plan, key):
    client = client_for(office)
    for name in (
        "round",
        "participant",
        "adjustment",
        "appeal",
        "bulletin",
        "adjust",
        "appeal_decide",
        "bulletin_edit",
    ):
        assert client.get(url(name, key)).status_code == 404
    assert client.get(url("round_do", key, "score")).status_code == 404


def test_bad_input_is_said_in_the_form_and_nothing_is_half_written(
    client_for, round_, agencies, office, member, simple_rules
):
    client = client_for(office)
    town = member(round_, agencies["town"])
    forms = [
        (url("start"), {"year": "1" * 40, "edition": "x"}),
        (url("start"), {"year": "2022", "edition": str(10**30)}),
        (url("start"), {"year": "2022", "edition": simple_rules.pk}),
        (step(round_, "self-check"), {"until": "2023-02-30"}),
        (step(round_, "self-check"), {"until": "2023-03-01"}),
        (step(round_, "cancel"), {"reason": "\x00"}),
        (step(round_, "cancel"), {"reason": "长" * 301}),
        (url("adjust", round_.pk), {"rule": "commended", "participants": [town.pk], "reason": "x"}),
        (url("adjust", round_.pk), {"rule": "none", "participants": ["x", str(10**30)], "reason": "\x00"}),
        (
            url("adjust", round_.pk),
            {"rule": "stated:task_completion", "participants": [town.pk], "reason": "x", "numerator": "5",
             "denominator": "1", "file": upload()},
        ),
        (
            url("adjust", round_.pk),
            {"rule": "commended", "participants": [town.pk], "reason": "x", "file": upload("x.exe", "MZ")},
        ),
    ]  # fmt: skip
    for page, data in forms:
        answer = client.post(page, data)
        assert answer.status_code == 200, (page, data)
        assert "is-invalid" in answer.content.decode() or "alert-danger" in answer.content.decode(), (page, data)
    assert (Round.objects.count(), Adjustment.objects.count()) == (1, 0)
    round_.refresh_from_db()
    assert round_.state == "draft"
    assert client.get(step(round_, "nothing")).status_code == 404
    assert client.get(step(round_, "publish")).status_code == 403
    assert client.get(url("adjust", round_.pk) + "?agency=" + "9" * 40).status_code == 200
    assert client.get(url("adjustments") + "?year=99999&state=x&kind=%00").status_code == 200


def queries(client, page):
    """The first call of all also opens the session."""
    client.get(page)
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_ten_more_agencies_add_no_query(client_for, round_, office):
    client = client_for(office)
    pages = [round_.get_absolute_url(), url("rounds")]
    before = [queries(client, page) for page in pages]
    for n in range(10):
        agency = people.create_agency(
            name=f"第{n}镇", short_name=f"{n}镇", kind="township", division_code=COUNTY, by=None
        )
        Participant.objects.create(round=round_, agency=agency, group="township")
    assessment.recompute(round_=round_, by=office)
    assert Score.objects.filter(round=round_, next=None).count() == 15
    assert [queries(client, page) for page in pages] == before
    assert max(before) <= 20


def test_ten_more_adjustments_and_appeals_add_no_query(
    client_for, checking, office, second_office, agencies, member, proof
):
    client, members = client_for(office), list(checking.participants.all())
    pages = [url("adjustments"), url("appeals"), members[0].get_absolute_url()]

    def add(count):
        for n in range(count):
            assessment.propose(
                participants=[members[n % 5]], code="commended", reason=f"第{n}次", evidence=proof, by=office
            )
            Appeal.objects.create(
                participant=members[n % 5], text="x", state="rejected", lodged_at=checking.started_at,
                lodged_by=second_office, decided_at=checking.started_at, decided_by=office,
                score_before=Score.objects.filter(participant=members[n % 5]).first(),
            )  # fmt: skip

    add(5)
    before = [queries(client, page) for page in pages]
    add(10)
    assert [queries(client, page) for page in pages] == before


def test_exports_hold_what_the_lists_show(client_for, published, office):
    client = client_for(office)
    sheet = load_workbook(BytesIO(client.get(published.get_absolute_url() + "?_export=xlsx").content)).active
    assert [cell.value for cell in sheet[2]][5:] == ["年度任务完成", "基础分", "加分", "减分", "说明"]
    assert sheet.max_row == 2 + published.participants.count()
    assert client.get(url("adjustments") + "?_export=xlsx").status_code == 200
