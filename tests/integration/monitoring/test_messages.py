"""What a county tells people: two persons, the level the law asks for, no private numbers, and taken back when wrong."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fangxin.actions.monitoring import offers, publishing
from fangxin.actions.monitoring.models import Message
from fangxin.actions.monitoring.services import messages
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(county, health_department):
    def make(kind="knowledge", topic="夏季凉拌菜提示", text="现做现吃，生熟分开。", **more):
        words = {"audience": "public", "channel": "县政府网站", "by": health_department} | more
        return messages.write(division_code=county, kind=kind, topic=topic, text=text, **words)

    return make


@pytest.fixture
def paper(office):
    return ledger.store_evidence(name="授权.pdf", content=b"%PDF-1.4 authority", by=office)


def test_a_tip_is_written_by_one_and_released_by_another(draft, health_department, office):
    row = messages.submit(message=draft(), by=health_department)
    with pytest.raises(ValidationError, match="起草人不能"):
        messages.release(message=row, by=health_department)
    assert Message.objects.get().state == "submitted"
    messages.release(message=row, by=office)
    assert (row.state, row.released_by) == ("released", office.username)


@pytest.mark.parametrize("kind", ["regional_warning", "regional_incident", "national_situation"])
def test_a_county_publishes_nothing_of_a_higher_level_by_itself(draft, health_department, kind):
    row = draft(kind=kind)
    with pytest.raises(ValidationError, match="县级不能自行公布"):
        messages.submit(message=row, by=health_department)
    messages.change(
        message=row,
        kind=kind,
        topic=row.topic,
        text=row.text,
        audience="public",
        authority="豫市监〔2023〕1号",
        by=health_department,
    )
    with pytest.raises(ValidationError, match="授权文号并附上文件"):
        messages.submit(message=row, by=health_department)
    assert Message.objects.get().state == "draft"


def test_with_the_authority_of_the_province_it_is_published(draft, paper, health_department, office):
    row = draft(kind="regional_warning", authority="豫市监〔2023〕1号", authority_file=paper, text="风险警示：……")
    messages.submit(message=row, by=health_department)
    messages.release(message=row, by=office)
    assert row.state == "released"
    assert [
        json.loads(e.data)["authority"]
        for e in ledger.entries_of("monitoring.message", str(row.pk))
        if e.event == "monitoring.message.released"
    ] == ["豫市监〔2023〕1号"]


@pytest.mark.parametrize("text", ["发生一起食物中毒，注意安全。", "发布风险警示。"])
def test_words_of_a_higher_kind_are_confirmed_by_who_releases(draft, health_department, office, text):
    row = messages.submit(message=draft(text=text), by=health_department)
    with pytest.raises(ValidationError, match="由省级以上公布") as error:
        messages.release(message=row, by=office)
    assert "checked_words" in error.value.message_dict
    messages.release(message=row, checked_words=True, by=office)
    assert row.state == "released"


@pytest.mark.parametrize("number", ["13800001111", "11010519491231002X"])
def test_private_numbers_are_refused_and_public_ones_are_not(draft, number):
    with pytest.raises(ValidationError, match="像是手机号码或身份证号码"):
        draft(text=f"请联系 {number}。")
    assert draft(text="请拨打 12315 或 0398-1234567。").pk


def test_what_is_handed_back_is_a_draft_again(draft, health_department, office):
    row = messages.submit(message=draft(), by=health_department)
    with pytest.raises(ValidationError, match="退回原因"):
        messages.hand_back(message=row, reason=" ", by=office)
    messages.hand_back(message=row, reason="第二句不准确", by=office)
    assert row.state == "draft"
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        messages.release(message=row, by=office)


def test_everybody_reads_what_was_released_and_not_what_was_withdrawn(draft, health_department, office):
    row = messages.submit(message=draft(), by=health_department)
    page, own = reverse("portal:messages"), reverse("portal:message", args=[row.number])
    assert "凉拌菜" not in Client().get(page).content.decode()
    assert Client().get(own).status_code == 404
    messages.release(message=row, by=office)
    assert "凉拌菜" in Client().get(page, {"q": "生熟"}).content.decode()
    assert "凉拌菜" not in Client().get(page, {"q": "没有的词"}).content.decode()
    assert "现做现吃" in Client().get(own).content.decode()
    messages.withdraw(message=row, reason="数字写错", by=office)
    assert Client().get(own).status_code == 404


def test_what_is_for_schools_only_is_not_on_the_public_page(draft, health_department, office):
    row = messages.submit(message=draft(audience="schools"), by=health_department)
    messages.release(message=row, by=office)
    assert Client().get(reverse("portal:message", args=[row.number])).status_code == 404


def test_a_rumour_is_settled_answered_and_cannot_be_opened_after_that(county, office, health_department):
    heard = messages.record_rumour(
        division_code=county, text="西瓜打针", source="短视频", heard_on=date(2023, 3, 14), by=office
    )
    messages.settle_rumour(rumour=heard, true=False, finding="没有发现", by=office)
    messages.reopen_rumour(rumour=heard, by=office)
    messages.settle_rumour(rumour=heard, true=False, finding="查了产地，没有发现", by=office)
    told = messages.answer_rumour(
        rumour=heard, topic="西瓜没有打针", text="已核查。", audience="public", channel="", by=office
    )
    assert (told.kind, heard.answer) == ("refutation", told)
    with pytest.raises(ValidationError, match="已经为这个说法"):
        messages.reopen_rumour(rumour=heard, by=office)
    with pytest.raises(ValidationError, match="今天以后"):
        messages.record_rumour(division_code=county, text="x", source="y", heard_on=date(2023, 3, 16), by=office)


def test_the_kinds_are_those_of_the_law():
    own = {code for code, kind in publishing.kinds().items() if not kind.needs_authority}
    assert own == {"knowledge", "supervision", "refutation"}
    assert publishing.words_of_higher_kinds("regional_warning", "风险警示") == {}


def test_the_pages_do_it_all_in_a_browser_without_scripts(county, office, health_department, client_for, paper):
    writer, releaser = client_for(health_department), client_for(office)
    sent = {
        "division_code": county, "kind": "regional_warning", "topic": "野生蘑菇", "text": "不采不吃。", "audience": "public",
        "authority": "豫市监〔2023〕2号", "authority_file": SimpleUploadedFile("授权.pdf", b"%PDF-1.4 x"),
    }  # fmt: skip
    writer.post(reverse("monitoring:message_new"), sent)
    row = Message.objects.get()

    def act(name):
        return reverse("monitoring:message_act", args=[row.pk, name])

    assert offers.may_see_evidence(office, row.authority_file_id)
    writer.post(act("submit"))
    assert writer.get(act("release")).status_code == 403
    assert "1 条风险交流信息待您审核公布" in releaser.get("/").content.decode()
    releaser.post(act("release"), {})
    row.refresh_from_db()
    assert row.state == "released"
    releaser.post(act("reach"), {"reach": "1200", "feedback": "村广播播了三遍"})
    page = releaser.get(row.get_absolute_url()).content.decode()
    assert "1200" in page
    assert "村广播播了三遍" in page


def test_readers_read_and_the_next_county_does_not_even_find_it(draft, reader, outsider, client_for):
    row = draft()
    assert client_for(reader).get(row.get_absolute_url()).status_code == 200
    assert client_for(reader).post(reverse("monitoring:message_act", args=[row.pk, "submit"])).status_code == 403
    assert client_for(outsider).get(row.get_absolute_url()).status_code == 404
    assert client_for(outsider).post(reverse("monitoring:message_act", args=[row.pk, "submit"])).status_code == 404
    assert Message.objects.get().state == "draft"
