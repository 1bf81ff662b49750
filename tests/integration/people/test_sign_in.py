import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from fangxin.kernel.ledger.models import Entry
from fangxin.kernel.people import api as people

pytestmark = pytest.mark.django_db
PASSWORD = "Qing-Yang-2023"


@pytest.fixture
def clerk(township_clerk):
    people.set_password(user=township_clerk, password=PASSWORD, by=township_clerk)
    return township_clerk


def _sign_in(client, username, password):
    return client.post("/people/sign-in/", {"username": username, "password": password})


def test_the_right_password_leads_to_todays_work_and_is_recorded(clerk):
    client = Client()
    assert _sign_in(client, "town", PASSWORD).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Entry.objects.filter(event="people.signed_in", actor="town").exists()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(clerk):
    client = Client()
    for _n in range(5):
        answer = _sign_in(client, "town", "wrong")
    assert answer.status_code == 403
    assert "账号锁定 15 分钟" in answer.content.decode()
    assert _sign_in(client, "town", PASSWORD).status_code == 403


def test_a_stopped_account_does_not_come_in(clerk):
    clerk.is_active = False
    clerk.save()
    assert _sign_in(Client(), "town", PASSWORD).status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(clerk):
    device = TOTPDevice.objects.create(user=clerk, name="phone", confirmed=True)
    client = Client()
    assert _sign_in(client, "town", PASSWORD).headers["Location"] == "/people/second-factor/"
    assert client.get("/").headers["Location"] == "/people/second-factor/"
    assert "不正确" in client.post("/people/second-factor/", {"token": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    token = f"{totp(device.bin_key):06d}"
    assert client.post("/people/second-factor/", {"token": token}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(administrator, client_for):
    person = people.create_user(username="new.clerk", name="新人", password=PASSWORD, by=administrator)
    client = client_for(person)
    assert client.get("/").headers["Location"] == "/people/account/password/"
    new = {"old": PASSWORD, "new": "Another-2024", "again": "Another-2024"}
    assert client.post("/people/account/password/", new).status_code == 302
    assert client.get("/").status_code == 200


def test_an_administrators_password_grows_old(administrator, client_for):
    from datetime import timedelta

    administrator.password_changed_at -= timedelta(days=91)
    administrator.save()
    assert client_for(administrator).get("/").headers["Location"] == "/people/account/password/"


@pytest.mark.parametrize("weak", ["short-1A", "alllowercase", "12345678", "password123"])
def test_weak_passwords_are_refused_in_plain_words(administrator, client_for, weak):
    data = {"username": "someone", "name": "某人", "phone": "", "password": weak}
    answer = client_for(administrator).post("/people/users/new/", data)
    if weak == "short-1A":
        assert answer.status_code == 302
    else:
        assert answer.status_code == 200
        assert not people.User.objects.filter(username="someone").exists()
