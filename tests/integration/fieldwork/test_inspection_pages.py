"""The inspector's pages: from the visit that is owed to the published result, by the person's own browser."""

from base64 import b64encode
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.integration.fieldwork.conftest import PNG

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import Inspection, ItemResult, PlannedVisit
from fangxin.kernel.ledger import api as ledger

SIGNATURE = "data:image/png;base64," + b64encode(PNG).decode()


def page(client, name, *args, **query):
    response = client.get(reverse(f"fieldwork:{name}", args=args), query)
    return response.status_code, response.content.decode()


def send(client, name, *args, data=None, **extra):
    return client.post(reverse(f"fieldwork:{name}", args=args), data or {}, **extra)


def picture(name="现场.png", content=PNG):
    file = BytesIO(content)
    file.name = name
    return file


@pytest.fixture
def visit(shop, department):
    return fieldwork.add_visit(
        premises=shop, kind="routine", reason="special", from_on=date(2023, 3, 1), due_on=date(2023, 3, 10),
        by=department,
    )  # fmt: skip


@pytest.fixture
def running(begin, shop):
    return begin(shop)


@pytest.fixture
def judged(running, fill, team):
    fill(running, {first_code(running): {"outcome": "fail", "safety_affected": False, "note": "没有张贴"}})
    return fieldwork.judge(inspection=running, opinion="请在期限内改正。", by=team[0])


def first_code(inspection):
    return next(item.code for item in fieldwork.form_of(inspection) if not item.key)


# --- from the visit to the checklist --------------------------------------------------------------------------------


def test_an_inspection_begins_from_the_visit_and_shows_the_edition_in_force(client_for, visit, team):
    client = client_for(team[0])
    status, text = page(client, "start", visit=visit.pk)
    assert status == 200
    assert "2022" in text
    assert "施行" in text
    form = client.get(reverse("fieldwork:start"), {"visit": visit.pk}).context["form"]
    response = send(client, "start", data={
        "visit": visit.pk, "client_key": form["client_key"].value(), "edition": form["edition"].field.choices[0][0],
        "officers": [user.pk for user in team],
    })  # fmt: skip
    begun = Inspection.objects.get()
    assert response.headers["Location"] == reverse("fieldwork:checklist", args=[begun.pk])
    assert {officer.user_id for officer in begun.officers.all()} == {user.pk for user in team}
    visit.refresh_from_db()
    assert visit.state == "started"


def test_the_same_press_twice_begins_one_inspection(client_for, shop, team):
    client = client_for(team[0])
    form = client.get(reverse("fieldwork:start"), {"premises": shop.pk}).context["form"]
    data = {
        "premises": shop.pk, "client_key": str(uuid4()), "kind": "routine",
        "edition": form["edition"].field.choices[0][0], "officers": [user.pk for user in team],
    }  # fmt: skip
    send(client, "start", data=data)
    send(client, "start", data=data)
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"officers": []}, "必填项"),
        ({"officers": ["999999999999999999999999"]}, "选择一个有效的选项"),
        ({"edition": "x"}, "选择一个有效的选项"),
        ({"client_key": "x"}, "请输入有效UUID"),
        ({"chosen_items": ["no such item"]}, "选择一个有效的选项"),
        ({"suspicion": "x" * 301}, "300"),
    ],
)
def test_what_is_wrong_with_a_beginning_is_said_and_nothing_begins(client_for, shop, team, wrong, said):
    client = client_for(team[0])
    form = client.get(reverse("fieldwork:start"), {"premises": shop.pk}).context["form"]
    data = {
        "premises": shop.pk, "client_key": str(uuid4()), "kind": "routine",
        "edition": form["edition"].field.choices[0][0], "officers": [user.pk for user in team],
    }  # fmt: skip
    response = send(client, "start", data=data | wrong)
    assert response.status_code == 200
    assert said in "".join(str(e) for errors in response.context["form"].errors.values() for e in errors)
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("premises", ["0", "-1", "x", "1" * 30, "99999"])
def test_a_place_that_is_none_is_not_found(client_for, team, premises):
    assert page(client_for(team[0]), "start", premises=premises)[0] == 404


def test_every_item_has_three_buttons_and_shows_what_was_pressed(client_for, running, team):
    client, code = client_for(team[0]), first_code(running)
    items = len(fieldwork.form_of(running))
    assert page(client, "checklist", running.pk)[1].count('aria-pressed="false"') == 3 * items
    send(client, "item", running.pk, code, data={"outcome": "fail"})
    text = page(client, "checklist", running.pk)[1]
    assert text.count('aria-pressed="true"') == 1
    assert "是否影响食品安全" in text


def test_each_answer_is_kept_at_once_with_the_progress(client_for, running, team):
    client, code = client_for(team[0]), first_code(running)
    response = send(client, "item", running.pk, code, data={"outcome": "pass"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "已保存" in text
    assert f"已查 1/{len(fieldwork.form_of(running))}" in text
    assert 'hx-swap-oob="true"' in text
    assert ItemResult.objects.get().outcome == "pass"


def test_a_failed_item_keeps_what_is_said_of_it(client_for, running, team):
    client, code = client_for(team[0]), first_code(running)
    said = {"outcome": "fail", "safety_affected": "no", "corrected_on_site": "on", "note": "当场贴好"}
    send(client, "item", running.pk, code, data=said)
    kept = ItemResult.objects.get()
    assert (kept.outcome, kept.safety_affected, kept.corrected_on_site, kept.note) == ("fail", False, True, "当场贴好")
    send(client, "item", running.pk, code, data={"outcome": "not_applicable"})
    assert ItemResult.objects.get().outcome == "not_applicable"


def test_without_a_script_the_answer_is_kept_and_the_page_comes_back_to_the_item(client_for, running, team):
    code = first_code(running)
    response = send(client_for(team[0]), "item", running.pk, code, data={"outcome": "pass"})
    assert response.headers["Location"].endswith(f"#item-{code}")
    assert ItemResult.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [{}, {"outcome": "maybe"}, {"outcome": "pass", "score": "11"}, {"outcome": "pass", "score": "NaN"},
     {"outcome": "fail", "note": "字" * 501}, {"outcome": "fail", "note": "a\0b"}],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused_beside_the_item(client_for, running, team, data):
    response = send(
        client_for(team[0]), "item", running.pk, first_code(running), data=data, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert "item-error" in response.content.decode()
    assert not ItemResult.objects.exists()


def test_an_unknown_item_is_not_found(client_for, running, team):
    assert send(client_for(team[0]), "item", running.pk, "no-such", data={"outcome": "pass"}).status_code == 404


def test_a_colleague_who_is_not_of_the_inspection_reads_and_does_not_write(client_for, running, department):
    client = client_for(department)
    assert "由其他人员记录" in page(client, "checklist", running.pk)[1]
    refused = send(client, "item", running.pk, first_code(running), data={"outcome": "pass"})
    assert refused.status_code in (302, 403, 404)
    assert not ItemResult.objects.exists()


def test_an_answer_after_the_judgement_is_said_to_come_late(client_for, judged, team):
    text = send(
        client_for(team[1]), "item", judged.pk, first_code(judged), data={"outcome": "pass"},
        headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip
    assert "刷新" in text
    assert ItemResult.objects.get(code=first_code(judged)).outcome == "fail"


def test_a_photo_is_shown_to_those_who_see_the_inspection(client_for, running, team, outsider, other_township_clerk):
    client = client_for(team[0])
    send(client, "add_photo", running.pk, data={
        "code": first_code(running), "photo": picture(), "latitude": "34.0", "longitude": "111.0",
        "taken_at": ledger.clock.now().isoformat(),
    })  # fmt: skip
    photo = running.photos.get()
    assert not photo.doubts
    shown = client.get(reverse("fieldwork:photo", args=[photo.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    for stranger in (outsider, other_township_clerk):
        assert page(client_for(stranger), "photo", photo.pk)[0] == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("假照片.png", b"<script>"), "内容与文件类型不符"),
        (("空.png", b""), "选到照片"),
        (("表.txt", b"words"), "不是照片"),
    ],
)
def test_what_is_no_photo_is_refused_beside_the_item(client_for, running, team, file, said):
    response = send(
        client_for(team[0]), "add_photo", running.pk,
        data={"code": first_code(running), "photo": picture(*file)}, headers={"HX-Request": "true"},
    )  # fmt: skip
    assert said in response.content.decode()
    assert not running.photos.exists()


def test_a_photo_without_a_place_says_so(client_for, running, team):
    send(client_for(team[0]), "add_photo", running.pk, data={"code": "", "photo": picture()})
    assert "没有位置" in page(client_for(team[0]), "checklist", running.pk)[1]


# --- judged, signed, told -----------------------------------------------------------------------------------------


def test_the_judgement_names_what_is_missing(client_for, running, team):
    response = client_for(team[0]).get(reverse("fieldwork:judge", args=[running.pk]), follow=True)
    assert "没有记录" in response.content.decode()
    assert response.redirect_chain[0][0] == reverse("fieldwork:checklist", args=[running.pk])


def test_the_page_of_judgement_shows_rule_clause_and_what_follows(client_for, running, fill, team):
    failed = first_code(running)
    fill(running, {failed: {"outcome": "fail", "safety_affected": False}})
    client = client_for(team[0])
    text = page(client, "judge", running.pk)[1]
    assert "第三十三条" in text
    assert "限期改正" in text
    assert "不能轻于“基本符合”" in text
    milder = send(client, "judge", running.pk, data={"result": "conforming", "opinion": "好"})
    assert "轻" in milder.content.decode()
    send(client, "judge", running.pk, data={"result": "mostly", "opinion": "请改正。"})
    running.refresh_from_db()
    assert (running.state, running.result) == ("judged", "mostly")


def test_both_sides_sign_and_the_result_is_told(client_for, judged, team):
    client = client_for(team[0])
    for user in team:
        send(client, "sign", judged.pk, user.pk, data={"signature": SIGNATURE})
    send(client, "tell", judged.pk, data={"operator_signer": "魏师傅", "signature": SIGNATURE})
    judged.refresh_from_db()
    assert judged.state == "told"
    text = page(client, "inspection", judged.pk)[1]
    assert "魏师傅" in text
    assert "前公开" in text
    shown = client.get(reverse("fieldwork:signature", args=[judged.pk, "operator"]))
    assert shown.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("signature", ["", "data:image/png;base64,", "data:image/png;base64,%%%", "javascript:1",
                                       "data:image/png;base64," + b64encode(b"<svg>").decode(), "x" * 500_000])  # fmt: skip
def test_what_is_no_signature_is_refused(client_for, judged, team, signature):
    response = send(client_for(team[0]), "sign", judged.pk, team[0].pk, data={"signature": signature})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not judged.officers.filter(signed_at__isnull=False).exists()


def test_a_refusal_to_sign_needs_a_witness_or_a_recording(client_for, judged, team, sign_all):
    sign_all(judged)
    client = client_for(team[0])
    alone = send(client, "tell", judged.pk, data={"refused": "on", "refusal_reason": "不认可"})
    assert "见证人" in str(alone.context["form"].errors["witness"])
    send(client, "tell", judged.pk, data={"refused": "on", "refusal_reason": "不认可", "witness": "村干部老李"})
    judged.refresh_from_db()
    assert (judged.state, judged.witness, judged.operator_signature_id) == ("told", "村干部老李", None)
    assert "拒绝签字" in page(client, "inspection", judged.pk)[1]


def test_telling_waits_for_the_inspectors_signatures(client_for, judged, team):
    client = client_for(team[0])
    assert "还没有签完名" in page(client, "tell", judged.pk)[1]
    response = send(client, "tell", judged.pk, data={"operator_signer": "魏师傅", "signature": SIGNATURE})
    assert "还没有签名" in response.content.decode()
    judged.refresh_from_db()
    assert judged.state == "judged"


def test_going_back_to_the_items_undoes_signatures(client_for, judged, sign_all, team):
    sign_all(judged)
    send(client_for(team[0]), "revise", judged.pk, data={"reason": "第一项记错了"})
    judged.refresh_from_db()
    assert judged.state == "started"
    assert not judged.officers.filter(signed_at__isnull=False).exists()


def test_two_at_once_the_second_is_told_that_it_came_late(client_for, judged, team):
    client = client_for(team[1])
    send(client_for(team[0]), "revise", judged.pk, data={"reason": "再看"})
    assert send(client, "revise", judged.pk, data={"reason": "也再看"}).status_code == 403
    other = Inspection.objects.get(pk=judged.pk)
    assert other.steps.filter(action="revise").count() == 1


# --- papers, publication --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["record", "result_sheet", "correction_order"])
def test_papers_are_made_and_handed_over(client_for, told, shop, team, kind):
    inspection = told(shop, {})
    client = client_for(team[0])
    if kind == "correction_order":
        inspection = told(shop, {first_code(inspection): {"outcome": "fail", "safety_affected": False}}, kind="special")
    send(client, "issue", inspection.pk, kind)
    paper = inspection.papers.get()
    response = client.get(reverse("fieldwork:paper", args=[paper.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.content.startswith(b"PK")


def test_results_are_published_one_or_many(client_for, told, shop, producer, team, department):
    one, two = told(shop), told(producer)
    client = client_for(department)
    assert page(client, "inspections", published="waiting")[1].count('name="chosen"') == 2
    send(client, "publish", one.pk)
    send(client, "publish_many", data={"chosen": [one.pk, two.pk]})
    assert Inspection.objects.filter(published_at__isnull=False).count() == 2
    assert one.steps.filter(action="publish").count() == 1
    again = client.post(reverse("fieldwork:publish", args=[one.pk]), follow=True)
    assert "已经公开" in again.content.decode()


def test_the_sheet_for_the_door_needs_a_told_result(client_for, judged, sign_all, team, signature):
    client = client_for(team[0])
    assert page(client, "sheet", judged.pk)[0] == 404
    sign_all(judged)
    fieldwork.tell(inspection=judged, operator_signer="魏师傅", operator_signature=signature, by=team[0])
    text = page(client, "sheet", judged.pk)[1]
    assert "基本符合" in text
    assert "没有张贴" in text


def test_what_begins_in_error_is_cancelled_with_a_reason(client_for, visit, begin, team):
    inspection = begin(None, visit=visit)
    client = client_for(team[0])
    assert send(client, "cancel", inspection.pk, data={"reason": ""}).status_code == 200
    send(client, "cancel", inspection.pk, data={"reason": "点错了对象"})
    visit.refresh_from_db()
    assert visit.state == "open"
    assert "点错了对象" in page(client, "inspection", inspection.pk)[1]


# --- who sees what --------------------------------------------------------------------------------------------------

WRITES = ["judge", "revise", "tell", "cancel", "publish", "close"]


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk", "administrator", "vendor"])
def test_nobody_else_reaches_an_inspection_under_way(request, client_for, running, team, who):
    client = client_for(request.getfixturevalue(who))
    for name in ("inspection", "checklist", "sheet"):
        assert page(client, name, running.pk)[0] in (403, 404), name
    for name in WRITES:
        assert send(client, name, running.pk, data={"reason": "x"}).status_code in (403, 404), name
    assert send(client, "item", running.pk, first_code(running), data={"outcome": "pass"}).status_code in (403, 404)
    assert send(client, "add_photo", running.pk, data={"photo": picture()}).status_code in (403, 404)
    assert send(client, "sign", running.pk, team[0].pk, data={"signature": SIGNATURE}).status_code in (403, 404)
    assert not running.items.exists()


def test_a_shop_reads_its_own_told_result_and_no_other(client_for, told, shop, producer, vendor):
    own, other = told(shop), told(producer)
    client = client_for(vendor)
    assert page(client, "inspection", own.pk)[0] == 200
    assert page(client, "checklist", own.pk)[0] == 200
    assert page(client, "sheet", own.pk)[0] == 200
    assert page(client, "inspection", other.pk)[0] == 404
    listed = page(client, "inspections")[1]
    assert own.number in listed
    assert other.number not in listed
    assert "没有待办的检查" in page(client, "visits")[1]


def test_findings_lead_to_their_matter(client_for, told, shop, department):
    probe = told(shop)
    inspection = told(shop, {first_code(probe): {"outcome": "fail", "safety_affected": False}}, kind="special")
    client = client_for(department)
    text = page(client, "findings", state="open")[1]
    assert inspection.get_absolute_url() in text
    link = reverse("casework:list") + f"?q={inspection.number}"
    assert link in text
    assert "共 1 条" in client.get(link).content.decode()
    assert "共 0 条" in page(client, "findings", state="closed")[1]


@pytest.mark.parametrize(
    "query",
    [{"q": "a\0b"}, {"premises": "9" * 40}, {"agency": "x"}, {"published": "never"}, {"town": "'; drop"},
     {"page": "-1"}, {"sort": "nothing"}, {"state": "x"}],
)  # fmt: skip
def test_a_wrong_filter_is_no_error(client_for, running, department, query):
    for name in ("inspections", "visits", "findings", "grades"):
        assert page(client_for(department), name, **query)[0] == 200


def test_ten_more_rows_add_no_query(client_for, told, begin, shop, team, department, django_assert_max_num_queries):
    told(shop)
    client = client_for(department)
    page(client, "inspections")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            page(client, "inspections")
        with django_assert_max_num_queries(20):
            page(client, "findings")
        counts.append(len(seen))
        for _n in range(10):
            begin(shop)
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_the_pages_of_one_inspection_ask_little(client_for, told, shop, team, django_assert_max_num_queries):
    probe = told(shop)
    failed = {item.code: {"outcome": "fail", "safety_affected": False} for item in fieldwork.form_of(probe)[:8]}
    inspection = told(shop, failed, kind="special")
    client = client_for(team[0])
    for name in ("inspection", "checklist", "sheet"):
        with django_assert_max_num_queries(20):
            assert page(client, name, inspection.pk)[0] == 200


def test_the_list_leaves_as_a_sheet(client_for, told, shop, department):
    told(shop)
    response = client_for(department).get(reverse("fieldwork:inspections"), {"_export": "xlsx"})
    assert response.content.startswith(b"PK")


def test_a_visit_is_assigned_put_off_and_cancelled(client_for, visit, team, department):
    client = client_for(department)
    text = page(client, "visits", when="overdue")[1]
    assert "逾期5天" in text
    send(client, "assign_many", data={"chosen": [visit.pk], "officers": [user.pk for user in team]})
    assert set(visit.officers.all()) == set(team)
    assert "有我的" in page(client_for(team[0]), "visits", whose="mine")[1]
    bad = send(
        client, "visit_reschedule", visit.pk, data={"from_on": "2023-04-02", "due_on": "2023-04-01", "reason": "x"}
    )
    assert "早于" in bad.content.decode()
    send(
        client,
        "visit_reschedule",
        visit.pk,
        data={"from_on": "2023-04-01", "due_on": "2023-04-30", "reason": "停业装修"},
    )
    send(client, "visit_cancel", visit.pk, data={"reason": "已停业"})
    visit.refresh_from_db()
    assert (visit.state, visit.due_on) == ("cancelled", date(2023, 4, 30))
    assert send(client, "visit_cancel", visit.pk, data={"reason": "再取消"}).status_code == 200


def test_nothing_ticked_is_said(client_for, department, team):
    response = client_for(department).post(reverse("fieldwork:assign_many"), {"officers": [team[0].pk]}, follow=True)
    assert "还没有选中" in response.content.decode()


def test_months_count_what_falls_due(client_for, visit, department):
    text = page(client_for(department), "visit_months")[1]
    assert "已查 0 / 应查 1" in text
    assert "全年应查 1 次，已查 0 次，逾期 1 次" in text
    assert page(client_for(department), "visit_months", year="9999999")[0] == 200
    assert "共 1 条" in page(client_for(department), "visits", month="2023-03", state="all")[1]


def test_a_visit_by_complaint_is_added(client_for, shop, department, agencies):
    client = client_for(department)
    assert "老魏小吃店" in page(client, "visit_new", find="老魏")[1]
    data = {"premises": shop.pk, "kind": "special", "reason": "complaint", "basis": "投诉2023-15",
            "checklist": "catering", "agency": agencies["market"].pk, "from_on": "2023-03-15", "due_on": "2023-03-20"}  # fmt: skip
    form = client.get(reverse("fieldwork:visit_new"), {"premises": shop.pk}).context["form"]
    data["checklist"] = form["checklist"].field.choices[0][0]
    send(client, "visit_new", data=data)
    assert PlannedVisit.objects.get().basis == "投诉2023-15"
