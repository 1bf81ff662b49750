"""Synchronisation against the database: once each, in order, nothing thrown away, whatever the clock."""

import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.integration.field.conftest import HERE, picture

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field import handlers
from fangxin.surfaces.field.models import Conflict, Device, SyncedOperation, Upload
from fangxin.surfaces.field.services import devices, pictures

pytestmark = pytest.mark.django_db


def inspection_of(phone):
    return fieldwork.list_inspections(phone.user).get(client_key=phone.subject)


def test_a_whole_visit_made_without_network_is_an_inspection_afterwards(phone, colleague, visit):
    snapshot = phone.snapshot()
    [one] = snapshot["visits"]
    items = [
        i["code"]
        for i in snapshot["checklists"][str(one["checklist"])]["items"]
        if not i["kinds"] or "restaurant" in i["kinds"]
    ]
    pens = [picture(mark) for mark in (b"a", b"b", b"c", b"d")]
    names = [hashlib.sha256(pen).hexdigest() for pen in pens]
    work = [phone.start(visit, colleague), *(phone.item(code) for code in items[1:])]
    work += [
        phone.item(items[0], "fail", note="证照未悬挂"),
        phone.note("photo", {"code": items[0], **HERE}, (names[3],)),
    ]
    work += [phone.note("judge", {"result": "mostly", "opinion": "限期改正"})]
    work += [
        phone.note("sign", {"officer": who.pk}, (name,))
        for who, name in zip((phone.user, colleague), names, strict=False)
    ]
    work += [phone.note("tell", {"signer": "魏某"}, (names[2],))]
    for pen in pens:
        assert phone.upload(pen).json()["complete"]
    assert set(phone.send(*work)) == {"applied"}
    found = inspection_of(phone)
    assert (found.state, found.result, found.operator_signer) == ("told", "mostly", "魏某")
    assert found.operator_signature.digest == names[2]
    assert found.photos.get().doubts == []
    assert set(phone.send(*work)) == {"applied"}
    assert found.items.count() == len(items)


def test_the_snapshot_holds_what_the_day_needs_and_no_telephone(phone, colleague, visit):
    told = phone.snapshot()
    [one] = told["visits"]
    assert one["premises"]["name"] == "老魏烩面馆"
    assert one["premises"]["place"] == {"latitude": 34.05, "longitude": 111.05}
    assert set(one["officers"]) == {phone.user.pk, colleague.pk}
    assert [c["name"] for c in told["colleagues"] if c["id"] == colleague.pk] == [colleague.name]
    assert "138" not in str(told)


def test_what_is_under_way_comes_back_whole(phone, colleague, visit):
    code = "1.1"
    phone.send(phone.start(visit, colleague), phone.item(code, "fail", note="过期"))
    [running] = phone.snapshot()["inspections"]
    assert running["key"] == phone.subject
    assert running["items"][code] == {
        "code": code, "outcome": "fail", "safety_affected": False, "accident_potential": False,
        "corrected_on_site": False, "note": "过期",
    }  # fmt: skip


def test_an_operation_is_confirmed_only_while_it_is_held(phone, colleague, visit):
    start = phone.start(visit, colleague)
    phone.send(start)
    answer = phone.post(phone.body(confirm=(start["uuid"], "5b6f6a1e-6f0e-4a6e-9a39-0d0f7c1b2a3d"))).json()
    assert answer["confirmed"] == [start["uuid"]]


def test_an_operation_waits_for_its_picture(phone, colleague, visit):
    start, pen = phone.start(visit, colleague), picture()
    photo = phone.note("photo", {"code": "1.1", **HERE}, (hashlib.sha256(pen).hexdigest(),))
    item = phone.item("1.1")
    assert phone.send(start, photo, item) == ["applied", "waiting", "waiting"]
    phone.upload(pen)
    assert phone.send(start, photo, item) == ["applied", "applied", "applied"]


def test_a_picture_may_come_in_slices_and_go_on_where_it_stopped(phone):
    content = picture(b"slice")
    name = hashlib.sha256(content).hexdigest()
    assert phone.upload(content[:30], size=len(content), digest=name).json() == {"received": 30, "complete": False}
    state = phone.client.get(f"/field/upload/{name}", headers=phone.headers).json()
    assert state == {"received": 30, "complete": False}
    assert phone.upload(content[30:], offset=30, size=len(content), digest=name).json()["complete"]
    assert phone.upload(content, digest=name).json()["complete"]
    assert Upload.objects.get().file.digest == name


def test_half_a_picture_is_forgotten_after_two_months_and_begun_anew(phone):
    content = picture(b"slice")
    name = hashlib.sha256(content).hexdigest()
    phone.upload(content[:30], size=len(content), digest=name)
    assert pictures.drop_forgotten() == 0
    [part] = Path(settings.DATA_DIR).glob("field-uploads/*/*")
    os.utime(part, (1, 1))
    assert pictures.drop_forgotten() == 1
    assert phone.client.get(f"/field/upload/{name}", headers=phone.headers).json()["received"] == 0
    assert phone.upload(content, digest=name).json()["complete"]


def test_what_is_no_picture_is_told_to_a_person_and_holds_nothing_up(phone, colleague, visit):
    junk = b"MZ" + b"\0" * 100
    assert phone.upload(junk).json()["complete"]
    upload = Upload.objects.get()
    assert upload.file is None
    assert upload.refused
    photo = phone.note("photo", {"code": "1.1", **HERE}, (upload.digest,))
    assert phone.send(photo, phone.start(visit, colleague)) == ["conflict", "applied"]
    assert Conflict.objects.get().operation.reason == "file_refused"


@pytest.mark.parametrize("skew", [timedelta(days=-400), timedelta(days=400), timedelta(minutes=1)])
def test_a_wrong_clock_is_put_right_and_never_a_reason_to_refuse(phone, colleague, visit, skew):
    phone.skew = skew
    assert phone.send(phone.start(visit, colleague)) == ["applied"]
    row = SyncedOperation.objects.get()
    assert row.made_at == ledger.clock.now() == inspection_of(phone).started_at
    assert row.made_at_device == ledger.clock.now() + skew
    assert row.time_doubtful == (abs(skew) > timedelta(minutes=5))


def test_two_phones_on_one_visit_go_on_in_one_inspection_and_their_difference_is_shown(
    phone, phone_of, colleague, visit
):
    other = phone_of(colleague)
    mine = [phone.start(visit, colleague), phone.item("1.1"), phone.item("1.2")]
    theirs = [other.start(visit, phone.user), other.item("1.1"), other.item("1.2", "fail"), other.item("2.1")]
    assert phone.send(*mine) == ["applied"] * 3
    assert other.send(*theirs) == ["applied", "applied", "conflict", "applied"]
    found = inspection_of(phone)
    assert dict(found.items.values_list("code", "outcome")) == {"1.1": "pass", "1.2": "pass", "2.1": "pass"}
    assert "1.2" in Conflict.objects.get().operation.reason


def test_a_change_of_a_colleagues_note_that_was_seen_is_no_conflict(phone, phone_of, colleague, visit):
    other = phone_of(colleague)
    other.start(visit, phone.user)
    phone.send(phone.start(visit, colleague), phone.item("1.1"))
    other.subject = phone.subject
    with ledger.clock.held_at(ledger.clock.now() + timedelta(hours=1)):
        assert other.send(other.item("1.1", "fail", seen="pass")) == ["applied"]


def test_what_comes_after_the_signature_waits_for_a_person(phone, colleague, visit):
    phone.send(phone.start(visit, colleague))
    fieldwork.cancel(inspection=inspection_of(phone), reason="对象已迁走", by=phone.user)
    assert phone.send(phone.item("1.1")) == ["conflict"]


def test_what_a_handler_cannot_do_is_kept_and_does_not_stop_the_rest(phone, colleague, visit, monkeypatch):
    def fails(*_args, **_options):
        raise RuntimeError("boom")

    start = phone.start(visit, colleague)
    phone.send(start)
    monkeypatch.setattr(handlers.fieldwork, "apply_operation", fails)
    assert phone.send(phone.item("1.1")) == ["conflict"]
    monkeypatch.undo()
    assert phone.send(phone.item("1.2")) == ["applied"]
    assert Conflict.objects.get().operation.payload["code"] == "1.1"


def test_an_unknown_kind_is_kept(phone):
    assert phone.send(phone.note("dance", {})) == ["refused"]
    assert Conflict.objects.get().operation.kind == "dance"


def test_another_townships_visit_is_out_of_reach(phone_of, other_township_clerk, department, visit):
    stranger = phone_of(other_township_clerk)
    assert not stranger.snapshot()["visits"]
    assert stranger.send(stranger.note("start", {"visit": visit.pk, "officers": [other_township_clerk.pk]})) == [
        "refused"
    ]
    assert not fieldwork.list_inspections(department).exists()


def test_a_phone_that_is_signed_out_is_told_to_wipe_and_its_work_waits(phone, colleague, visit, office):
    start = phone.start(visit, colleague)
    devices.sign_out(device=phone.device, reason="手机遗失", by=office)
    answer = phone.post(phone.body(start)).json()
    assert answer["wipe"]
    assert answer["answers"][0]["state"] == "conflict"
    assert not fieldwork.list_inspections(phone.user).exists()
    assert phone.client.get("/field/snapshot", headers=phone.headers).status_code == 401
    assert Device.objects.get().wipe_told_at is not None


def test_work_of_somebody_who_lost_the_post_waits(phone, colleague, visit):
    start = phone.start(visit, colleague)
    phone.user.posts.update(ends_on=ledger.clock.today() - timedelta(days=1))
    assert phone.send(start) == ["conflict"]
    assert Conflict.objects.get().operation.reason == "no_post"


def test_a_batch_that_is_cut_writes_nothing(phone, colleague, visit):
    body = json.dumps(phone.body(phone.start(visit, colleague))).encode()
    for end in range(0, len(body), 37):
        assert phone.post(body[:end]).status_code == 400
    assert not SyncedOperation.objects.exists()


def test_an_operation_that_comes_again_costs_three_questions(phone, colleague, visit, django_assert_max_num_queries):
    phone.send(phone.start(visit, colleague))
    items = [phone.item(code) for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3")]
    phone.send(*items)
    with django_assert_max_num_queries(8 + 3 * len(items)):
        phone.send(*items)
