"""What did not fit together: shown, decided by a person, with a reason, in the ledger."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field.models import Conflict
from fangxin.surfaces.field.services.syncing import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def clash(phone, phone_of, colleague, visit):
    """Two inspectors on one item without network: the second to arrive waits for a person."""
    other = phone_of(colleague)
    mine = [phone.start(visit, colleague), phone.item("1.2")]
    theirs = [other.start(visit, phone.user), other.item("1.2", "fail", note="没有张挂")]
    phone.send(*mine)
    other.send(*theirs)
    return Conflict.objects.get()


def outcome(clash):
    return fieldwork.list_inspections(clash.operation.device.user).get().items.get(code="1.2").outcome


def test_the_page_shows_both_sides(client_for, clash, department):
    page = client_for(department).get(f"/field/conflicts/{clash.pk}/").content.decode()
    for words in ("手机的记录", "不合格", "没有张挂", "平台的记录", "合格"):
        assert words in page


def test_taking_the_phones_makes_it_so(client_for, clash, department):
    page = client_for(department).post(
        f"/field/conflicts/{clash.pk}/", {"take": "phone", "reason": "两人核对，确未张挂"}
    )
    assert page.status_code == 302
    clash.refresh_from_db()
    assert (clash.state, clash.decided_by) == ("phone", department.username)
    assert outcome(clash) == "fail"
    assert "field.conflict.decided" in {e.event for e in ledger.entries_of("field.conflict", clash.pk)}


def test_keeping_the_platforms_changes_nothing_and_the_phones_stays_readable(clash, department):
    decide(conflict=clash, take="server", reason="现场复看已张挂", by=department)
    assert outcome(clash) == "pass"
    assert clash.operation.payload["note"] == "没有张挂"


def test_a_decision_needs_a_reason_and_happens_once(clash, department, office):
    with pytest.raises(ValidationError):
        decide(conflict=clash, take="phone", reason=" ", by=department)
    decide(conflict=clash, take="server", reason="已核对", by=department)
    with pytest.raises(ValidationError):
        decide(conflict=clash, take="phone", reason="已核对", by=office)
    assert outcome(clash) == "pass"


def test_what_still_cannot_be_applied_says_why_and_stays_open(client_for, phone, colleague, visit, department):
    phone.send(phone.start(visit, colleague))
    inspection = fieldwork.list_inspections(phone.user).get()
    fieldwork.cancel(inspection=inspection, reason="对象已迁走", by=phone.user)
    phone.send(phone.item("1.1"))
    clash = Conflict.objects.get()
    page = client_for(department).post(f"/field/conflicts/{clash.pk}/", {"take": "phone", "reason": "已核对"})
    assert "现在仍不能采用" in page.content.decode()
    clash.refresh_from_db()
    assert clash.state == "open"


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk"])
def test_other_peoples_conflicts_are_not_found(client_for, clash, request, who):
    client = client_for(request.getfixturevalue(who))
    assert client.get(f"/field/conflicts/{clash.pk}/").status_code == 404
    assert "老魏" not in client.get("/field/conflicts/").content.decode()


def test_an_inspector_sees_the_own_and_decides_nothing(client_for, clash, colleague):
    client = client_for(colleague)
    assert "老魏" in client.get("/field/conflicts/").content.decode()
    assert client.post(f"/field/conflicts/{clash.pk}/", {"take": "phone", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_a_conflict_that_is_not_there(client_for, department, db, pk):
    assert client_for(department).get(f"/field/conflicts/{pk}/").status_code == 404


def test_the_work_of_today_counts_what_waits(clash, department, inspector):
    provider = dict(contribute.work_lists.items())["field.conflicts"]
    lines = contribute.counted(provider(department))
    assert [(line.count, line.url) for line in lines] == [(1, "/field/conflicts/?state=open")]
    assert not provider(inspector)


def test_the_phone_is_told_what_waits(clash):
    from fangxin.surfaces.field.snapshot import snapshot_for

    [notice] = snapshot_for(clash.operation.device)["notices"]
    assert (notice["kind"], notice["about"]) == ("item", "老魏烩面馆")


def test_a_list_of_conflicts_asks_the_same_number_of_questions(
    client_for, phone, colleague, visit, department, django_assert_num_queries
):
    phone.send(phone.note("dance", {}))
    client = client_for(department)
    client.get("/field/conflicts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/field/conflicts/")
    questions = len(few)
    phone.send(*(phone.note("dance", {}) for _ in range(10)))
    with django_assert_num_queries(questions):
        client.get("/field/conflicts/")
