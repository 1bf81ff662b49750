"""Two inspectors of one station, a visit owed to a small restaurant, and a phone that speaks the protocol."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.surfaces.field.services import devices

VILLAGE = "990101100201"
HERE = {"latitude": 34.05, "longitude": 111.05, "accuracy_m": 12}


@pytest.fixture
def checklists(db: None) -> None:
    catalog.load_directory(path=settings.STANDARDS_DIR, by=None)


@pytest.fixture
def colleague(agencies: dict[str, people.Agency]) -> people.User:
    user = people.User.objects.create(username="inspector2", name="石门所 江岚", password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agencies["station"], role="inspector", division_code="990101100",
        starts_on=date(2022, 1, 1), by=None,
    )  # fmt: skip
    return user


@pytest.fixture
def premises(office: Any) -> Any:
    owner = registry.register_operator(name="老魏小吃店", kind="individual", division_code=VILLAGE, by=office)
    return registry.register_premises(
        operator=owner, name="老魏烩面馆", kind="restaurant", division_code=VILLAGE, address="石门镇解放路12号",
        opened_on=date(2021, 5, 1), latitude=34.05, longitude=111.05, by=office,
    )  # fmt: skip


@pytest.fixture
def visit(checklists: None, premises: Any, inspector: Any, colleague: Any, department: Any) -> Any:
    today = ledger.clock.today()
    return fieldwork.add_visit(
        premises=premises, kind="routine", reason="frequency", from_on=today - timedelta(days=5),
        due_on=today + timedelta(days=20), officers=[inspector, colleague], by=department,
    )  # fmt: skip


class Phone:
    """Speaks the protocol as the script does; its clock and its steadiness can be set."""

    def __init__(self, user: Any) -> None:
        made = devices.enrol(user=user, name="Android", by=user)
        self.device, self.token, self.user = made.device, made.token, user
        self.client = Client(raise_request_exception=True)
        self.sequence, self.skew, self.boot = 0, timedelta(), uuid4().hex
        self.subject, self.last = str(uuid4()), {}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Device {self.token}"}

    def clock(self) -> datetime:
        return ledger.clock.now() + self.skew

    def note(self, kind: str, payload: dict[str, Any], files: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
        self.sequence += 1
        operation = {
            "uuid": str(uuid4()), "sequence": self.sequence, "kind": kind, "subject": self.subject,
            "payload": {"about": "老魏烩面馆", **payload}, "files": list(files), "made_at": self.clock().isoformat(),
            "boot": self.boot, "mono": 0, "after": self.last.get(self.subject), "lost": [], **changes,
        }  # fmt: skip
        self.last[self.subject] = operation["uuid"]
        return operation

    def body(self, *operations: dict[str, Any], confirm: tuple[str, ...] = ()) -> dict[str, Any]:
        return {
            "protocol": 1, "device": str(self.device.uuid), "boot": self.boot, "sent_at": self.clock().isoformat(),
            "mono": 0, "pending": len(operations), "confirm": list(confirm), "operations": list(operations),
        }  # fmt: skip

    def post(self, body: Any) -> Any:
        text = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post("/field/sync", text, content_type="application/json", headers=self.headers)

    def send(self, *operations: dict[str, Any], **options: Any) -> list[str]:
        answer = self.post(self.body(*operations, **options))
        assert answer.status_code == 200, answer.content
        return [a["state"] for a in answer.json()["answers"]]

    def snapshot(self) -> Any:
        answer = self.client.get("/field/snapshot", headers=self.headers)
        assert answer.status_code == 200
        return answer.json()

    def upload(self, content: bytes, *, offset: int = 0, size: int | None = None, digest: str = "") -> Any:
        name = digest or hashlib.sha256(content).hexdigest()
        return self.client.post(
            f"/field/upload/{name}?offset={offset}&size={size or len(content)}", content,
            content_type="application/octet-stream", headers=self.headers,
        )  # fmt: skip

    def start(self, visit: Any, *others: Any) -> dict[str, Any]:
        edition = self.snapshot()["visits"][0]["checklist"]
        officers = [self.user.pk, *(o.pk for o in others)]
        return self.note("start", {"visit": visit.pk, "edition": edition, "officers": officers, **HERE})

    def item(self, code: str, outcome: str = "pass", **more: Any) -> dict[str, Any]:
        safety = False if outcome == "fail" else None
        return self.note("item", {"code": code, "outcome": outcome, "safety_affected": safety, "seen": None, **more})


def picture(mark: bytes = b"1") -> bytes:
    """The first bytes of a JPEG, and something to tell them apart."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + mark * 40 + b"\xff\xd9"


@pytest.fixture
def phone_of(county: str) -> Callable[[Any], Phone]:
    return Phone


@pytest.fixture
def phone(inspector: Any, phone_of: Any) -> Phone:
    return phone_of(inspector)
