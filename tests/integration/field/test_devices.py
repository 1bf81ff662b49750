"""Phones: begun, found again, signed out, wiped; and who may see them."""

import json

import pytest
from django.core.exceptions import ValidationError

from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field.models import Device
from fangxin.surfaces.field.services import devices

pytestmark = pytest.mark.django_db
UNKNOWN = "5b6f6a1e-6f0e-4a6e-9a39-0d0f7c1b2a3d"


def post(client, url, value):
    return client.post(url, json.dumps(value), content_type="application/json")


def test_enrolling_needs_a_sign_in_and_tells_the_secrets_once(client_for, inspector):
    told = post(client_for(inspector), "/field/enrol", {"name": "Android"}).json()
    device = Device.objects.get()
    assert told == {"device": str(device.uuid), "token": told["token"], "recovery": device.recovery}
    assert told["token"] not in str(device.__dict__)
    assert device.division_code == "990101100"


@pytest.mark.parametrize("who", ["vendor", "administrator", "reader", "office"])
def test_who_does_no_field_work_enrols_no_phone(client_for, request, who):
    assert post(client_for(request.getfixturevalue(who)), "/field/enrol", {}).status_code == 403


def test_the_page_says_who_is_signed_in(client, client_for, inspector, reader):
    assert client.get("/field/who").json() == {"signed_in": False}
    told = client_for(inspector).get("/field/who").json()
    assert (told["name"], told["may"]) == (inspector.name, True)
    assert not client_for(reader).get("/field/who").json()["may"]


def test_only_its_own_user_gets_a_phones_second_key(client_for, phone, colleague, inspector):
    uuid = str(phone.device.uuid)
    assert post(client_for(inspector), "/field/recover", {"device": uuid}).json()["recovery"] == phone.device.recovery
    assert post(client_for(colleague), "/field/recover", {"device": uuid}).status_code == 404
    assert "field.device.recovered" in {e.event for e in ledger.entries_of("field.device", phone.device.pk)}


def test_a_signed_out_phone_keeps_no_key_with_the_server(client_for, phone, inspector, office):
    devices.sign_out(device=phone.device, reason="遗失", by=office)
    assert not Device.objects.get().recovery
    assert post(client_for(inspector), "/field/recover", {"device": str(phone.device.uuid)}).status_code == 404


def test_a_locked_phone_asks_whether_it_must_wipe_and_reports_it(client, phone, office):
    standing = f"/field/standing/{phone.device.uuid}"
    assert client.get(standing).json() == {"wipe": False}
    devices.sign_out(device=phone.device, reason="遗失", by=office)
    assert client.get(standing).json() == {"wipe": True}
    assert client.post(f"/field/wiped/{phone.device.uuid}").status_code == 200
    device = Device.objects.get()
    assert (device.state, device.wiped_at is not None) == ("wiped", True)


def test_a_phone_in_use_cannot_be_reported_wiped_by_a_stranger(client, phone):
    client.post(f"/field/wiped/{phone.device.uuid}")
    assert Device.objects.get().state == "active"


def test_signing_out_needs_a_reason_and_happens_once(phone, office):
    with pytest.raises(ValidationError):
        devices.sign_out(device=phone.device, reason=" ", by=office)
    devices.sign_out(device=phone.device, reason="遗失", by=office)
    with pytest.raises(ValidationError):
        devices.sign_out(device=phone.device, reason="遗失", by=office)


def test_the_office_signs_a_lost_phone_out_from_the_console(client_for, phone, office):
    client, page = client_for(office), f"/field/devices/{phone.device.pk}/"
    assert "注销这部手机" in client.get(page).content.decode()
    assert client.post(page, {"reason": ""}).status_code == 200
    assert Device.objects.get().state == "active"
    assert client.post(page, {"reason": "手机遗失"}).status_code == 302
    assert Device.objects.get().signed_out_by == "office"
    assert "指令待送达" in client.get(page).content.decode()


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk", "township_clerk"])
def test_other_peoples_phones_are_not_found(client_for, phone, request, who):
    client = client_for(request.getfixturevalue(who))
    assert client.get(f"/field/devices/{phone.device.pk}/").status_code == 404
    assert phone.device.name not in client.get("/field/devices/").content.decode()


def test_a_person_sees_the_own_phones(client_for, phone, inspector):
    assert "Android" in client_for(inspector).get("/field/devices/").content.decode()


@pytest.mark.parametrize(
    "header", ["", "Device", "Device x", "Bearer " + "x" * 43, "Device " + "x" * 43, "Device \0" + "x" * 40]
)
def test_without_the_token_nothing_is_answered(client, phone, header):
    for url in ("/field/snapshot", f"/field/upload/{'a' * 64}"):
        assert client.get(url, headers={"Authorization": header}).status_code == 401
    assert client.post("/field/sync", b"{}", content_type="application/json").status_code == 401


def test_a_session_alone_opens_nothing_of_a_phone(client_for, inspector, phone):
    client = client_for(inspector)
    assert client.get("/field/snapshot").status_code == 401
    assert post(client, "/field/sync", phone.body()).status_code == 401


def test_a_batch_in_another_phones_name_is_refused(phone, phone_of, colleague):
    body = phone_of(colleague).body()
    assert phone.post(body).status_code == 400


@pytest.mark.parametrize("uuid", ["x", "0" * 40, "%00", UNKNOWN])
def test_unknown_names_are_no_error(client, db, uuid):
    assert client.get(f"/field/standing/{uuid}").json() == {"wipe": False}
    assert client.post(f"/field/wiped/{uuid}").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?offset=0", "?offset=x&size=1", "?offset=-1&size=4", "?offset=0&size=99999999", "?offset=²&size=4"]
)
def test_nonsense_around_a_slice_is_refused(phone, query):
    answer = phone.client.post(
        f"/field/upload/{'a' * 64}{query}", b"data", content_type="application/octet-stream", headers=phone.headers
    )
    assert answer.status_code == 400


def test_a_slice_without_a_proper_name_is_refused(phone):
    assert phone.client.get("/field/upload/nothing", headers=phone.headers).status_code == 400


def test_the_shell_is_open_and_holds_nobodys_data(client, db, inspector):
    page = client.get("/field/")
    assert page.status_code == 200
    assert inspector.name not in page.content.decode()
    worker = client.get("/field/sw.js")
    assert worker["Content-Type"] == "text/javascript"
    assert '"/static/field/sync.js"' in worker.content.decode()
    assert client.get("/field/manifest.webmanifest").json()["scope"] == "/field/"


def test_each_script_of_the_page_is_kept_by_the_worker(client, db):
    from fangxin.surfaces.field.views.phone import ASSETS

    text = client.get("/field/sw.js").content.decode()
    assert all(f'"/static/field/{path.name}"' in text for path in ASSETS.iterdir())


def test_every_word_of_the_scripts_is_there():
    import re

    from fangxin.surfaces.field.views.phone import ASSETS
    from fangxin.surfaces.field.words import PAGE

    used = set()
    for path in ASSETS.glob("*.js"):
        used |= set(re.findall(r'say\("(\w+)"', path.read_text(encoding="utf-8")))
    assert used <= set(PAGE)
    assert len(used) > 70


def test_a_list_of_phones_asks_the_same_number_of_questions(
    client_for, office, phone, colleague, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(office)
    client.get("/field/devices/")
    with CaptureQueriesContext(connection) as few:
        client.get("/field/devices/")
    for _ in range(10):
        devices.enrol(user=colleague, name="Android", by=colleague)
    with django_assert_num_queries(len(few)):
        client.get("/field/devices/")
