"""What a phone sends: in order, again, late, wrong, or twice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.integration.fieldwork.conftest import PNG

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import Inspection
from fangxin.kernel.ledger import api as ledger

DEVICE = "3e1f3c0e-7a1b-4b41-9f4e-0f6f1f8c0001"


class Phone:
    """One inspector's phone, which remembers what it has sent."""

    def __init__(self, user: Any, premises: Any, officers: list[Any]) -> None:
        self.user, self.premises, self.officers = user, premises, officers
        self.key = str(uuid4())
        self.made_at = ledger.clock.now() - timedelta(hours=3)

    def send(
        self, kind: str, *, files: tuple[str, ...] = (), later: int = 0, **payload: Any
    ) -> fieldwork.OperationOutcome:
        operation = {
            "kind": kind, "subject": self.key, "payload": payload, "files": files,
            "made_at": self.made_at + timedelta(minutes=later),
        }  # fmt: skip
        return fieldwork.apply_operation(operation=operation, by=self.user, device_id=DEVICE)

    def start(self) -> fieldwork.OperationOutcome:
        officers = [user.pk for user in self.officers]
        return self.send("start", premises=self.premises.pk, officers=officers, latitude=34.0, longitude=111.0)

    def items(self) -> list[str]:
        return [item.code for item in fieldwork.form_of(self.inspection)]

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.get(client_key=self.key)


@pytest.fixture
def phone(shop: Any, team: list[Any]) -> Phone:
    return Phone(team[0], shop, team)


@pytest.fixture
def digest(signature: Any) -> str:
    return str(signature.digest)


def go_through(phone: Phone, digest: str) -> list[fieldwork.OperationOutcome]:
    outcomes = [phone.start()]
    outcomes += [phone.send("item", code=code, outcome="pass", later=5) for code in phone.items()]
    outcomes.append(phone.send("photo", code="1.1", files=(digest,), latitude=34.0, longitude=111.0, later=6))
    outcomes.append(phone.send("judge", opinion="现场整洁。", later=20))
    outcomes += [phone.send("sign", officer=user.pk, files=(digest,), later=21) for user in phone.officers]
    outcomes.append(phone.send("tell", signer="魏师傅", files=(digest,), later=25))
    return outcomes


def test_a_day_without_network_arrives_whole(phone: Phone, digest: str) -> None:
    outcomes = go_through(phone, digest)
    assert {(one.status, one.message) for one in outcomes} == {("applied", "")}
    inspection = phone.inspection
    assert (inspection.state, inspection.result) == ("closed", "conforming")
    # As it was on the spot, not when the network came back.
    assert inspection.started_at == phone.made_at
    assert inspection.told_at == phone.made_at + timedelta(minutes=25)


def test_sent_again_nothing_changes(phone: Phone, digest: str) -> None:
    go_through(phone, digest)
    steps = phone.inspection.steps.count()
    again = go_through(phone, digest)
    assert {one.status for one in again} == {"applied"}
    assert (phone.inspection.steps.count(), phone.inspection.photos.count()) == (steps, 1)


def test_what_comes_after_a_colleague_has_judged_is_a_conflict(phone: Phone, team: list[Any], fill: Any) -> None:
    phone.start()
    inspection = phone.inspection
    fill(inspection)
    fieldwork.judge(inspection=inspection, opinion="符合。", by=team[1])
    late = phone.send("item", code="1.1", outcome="fail", safety_affected=True)
    other = phone.send("judge", opinion="不符合。", result="nonconforming")
    assert (late.status, other.status) == ("conflict", "conflict")
    assert "刷新" in late.message
    assert late.inspection_id == inspection.pk
    assert phone.inspection.opinion == "符合。"


def test_an_older_word_of_another_does_not_overwrite_a_newer(phone: Phone, team: list[Any]) -> None:
    phone.start()
    answer = fieldwork.ItemAnswer("1.1", "fail", safety_affected=False)
    fieldwork.record_item(inspection=phone.inspection, answer=answer, by=team[1])
    late = phone.send("item", code="1.1", outcome="pass")
    assert (late.status, phone.inspection.items.get(code="1.1").outcome) == ("conflict", "fail")


def test_an_older_word_of_the_same_person_is_passed_over(phone: Phone) -> None:
    phone.start()
    phone.send("item", code="1.1", outcome="fail", safety_affected=False, later=9)
    assert phone.send("item", code="1.1", outcome="pass", later=5).status == "applied"
    assert phone.inspection.items.get(code="1.1").outcome == "fail"


def test_a_clock_that_runs_ahead_loses_no_work(phone: Phone) -> None:
    phone.made_at = ledger.clock.now() + timedelta(days=2)
    assert phone.start().status == "applied"
    assert phone.inspection.started_at == ledger.clock.now()


def test_a_month_offline_is_judged_by_the_edition_of_its_day(producer: Any, team: list[Any]) -> None:
    phone = Phone(team[0], producer, team)
    phone.made_at = datetime(2022, 3, 10, 10, 0, tzinfo=ledger.clock.LOCAL)
    with ledger.clock.held_at(datetime(2022, 4, 8, 9, 0, tzinfo=ledger.clock.LOCAL)):
        assert phone.start().status == "applied"
    assert phone.inspection.checklist.edition == "2016"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("dance", {}),
        ("item", {}),
        ("item", {"code": 7, "outcome": "pass"}),
        ("item", {"code": "9.99", "outcome": "pass"}),
        ("item", {"code": "1.1", "outcome": "pass", "score": "many"}),
        ("photo", {"code": "1.1"}),
        ("judge", {"opinion": ""}),
        ("judge", {"opinion": "好", "result": "splendid"}),
        ("sign", {"officer": 10**30}),
        ("tell", {"signer": "魏师傅"}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    phone: Phone, kind: str, payload: dict[str, Any]
) -> None:
    phone.start()
    outcome = phone.send(kind, **payload)
    assert outcome.status in ("refused", "conflict")
    assert outcome.message
    assert (phone.inspection.state, phone.inspection.items.count()) == ("started", 0)


def test_a_file_that_never_arrived_is_refused(phone: Phone) -> None:
    phone.start()
    assert phone.send("photo", code="1.1", files=("0" * 64,)).status == "refused"


def test_a_phone_of_another_county_or_township_reaches_nothing(
    phone: Phone, shop: Any, other_inspector: Any, outsider: Any
) -> None:
    phone.start()
    for user in (other_inspector, outsider):
        stranger = Phone(user, shop, [user, phone.user])
        assert stranger.start().status == "refused"
        stranger.key = phone.key
        assert stranger.send("item", code="1.1", outcome="pass").status == "refused"
    assert Inspection.objects.count() == 1


def test_a_refused_signature_is_told_with_its_witness(phone: Phone, digest: str, fill: Any) -> None:
    phone.start()
    for code in phone.items():
        phone.send("item", code=code, outcome="pass")
    phone.send("judge", opinion="现场整洁。")
    for user in phone.officers:
        phone.send("sign", officer=user.pk, files=(digest,))
    assert phone.send("tell", refusal_reason="不愿签字").status == "refused"
    assert phone.send("tell", refusal_reason="不愿签字", witness="村干部").status == "applied"
    assert phone.inspection.refusal_reason == "不愿签字"


def test_the_picture_is_the_one_that_was_stored(phone: Phone, digest: str) -> None:
    phone.start()
    phone.send("photo", code="1.1", files=(digest,))
    assert ledger.read_evidence(phone.inspection.photos.get().file) == PNG
