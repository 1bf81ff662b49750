"""A shop, a producer and the people who inspect them, with the checklists of the tree."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from tests.conftest import OTHER_TOWN, TOWN, VILLAGE

from fangxin.kernel.casework import work_calendar
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
# Every failed item needs it said whether safety is affected.
FAILED = {"outcome": "fail", "safety_affected": False}


@pytest.fixture(autouse=True)
def evidence_dir(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    work_calendar.forget()
    yield
    work_calendar.forget()


@pytest.fixture
def checklists(db: None, tmp_path: Path) -> None:
    """Only the checklists: loading every rule of the tree would take longer than most tests."""
    folder = tmp_path / "standards"
    folder.mkdir()
    (folder / "checklists").symlink_to(Path(django_settings.STANDARDS_DIR) / "checklists")
    catalog.load_directory(path=folder, by=None)


@pytest.fixture
def second_inspector(agencies: dict[str, people.Agency]) -> people.User:
    return _inspector("inspector2", "石门所 柏青", agencies["station"], TOWN)


@pytest.fixture
def other_inspector(agencies: dict[str, people.Agency]) -> people.User:
    station = people.create_agency(
        name="青杨市场监管所", short_name="青杨所", kind="station", division_code=OTHER_TOWN, by=None
    )
    return _inspector("inspector3", "青杨所 田丰", station, OTHER_TOWN)


def _inspector(username: str, name: str, agency: people.Agency, code: str) -> people.User:
    user = people.User.objects.create(username=username, name=name, password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="inspector", division_code=code, starts_on=date(2022, 1, 1), by=None
    )
    return user


@pytest.fixture
def team(inspector: people.User, second_inspector: people.User) -> list[people.User]:
    return [inspector, second_inspector]


@pytest.fixture
def make_premises(agencies: dict[str, people.Agency], department: people.User) -> Callable[..., registry.Premises]:
    def make(
        name: str = "老魏小吃店", *, kind: str = "restaurant", agency: Any = None, **facts: Any
    ) -> registry.Premises:
        owner = registry.register_operator(
            name=f"{name}（个体）", kind="individual", division_code=VILLAGE, by=department
        )
        registry.Operator.objects.filter(pk=owner.pk).update(agency=agency)
        owner.refresh_from_db()
        values = {"division_code": VILLAGE, "address": "石门镇柳沟村1号", "opened_on": date(2020, 5, 1)}
        return registry.register_premises(operator=owner, name=name, kind=kind, by=department, **{**values, **facts})

    return make


@pytest.fixture
def shop(checklists: None, make_premises: Any, agencies: dict[str, people.Agency]) -> registry.Premises:
    return make_premises(agency=agencies["shop"], latitude=34.0, longitude=111.0)


@pytest.fixture
def producer(checklists: None, make_premises: Any) -> registry.Premises:
    return make_premises("麦香食品厂", kind="food_producer")


@pytest.fixture
def signature(db: None) -> Any:
    return ledger.store_evidence(name="签名.png", content=PNG, by=None)


@pytest.fixture
def begin(team: list[people.User]) -> Callable[..., Any]:
    def make(premises: Any, **facts: Any) -> Any:
        values = {"officers": team, "client_key": uuid4(), "by": team[0]}
        return fieldwork.start(premises=premises, **{**values, **facts})

    return make


@pytest.fixture
def fill(team: list[people.User]) -> Callable[..., None]:
    """Answer every item of the form; `failed` by code with what is said of it."""

    def make(inspection: Any, failed: dict[str, dict[str, Any]] | None = None, *, by: Any = None) -> None:
        told = failed or {}
        answers = [
            fieldwork.ItemAnswer(item.code, **(told.get(item.code, {"outcome": "pass"})))
            for item in fieldwork.form_of(inspection)
        ]
        fieldwork.record_items(inspection=inspection, answers=answers, by=by or team[0])

    return make


@pytest.fixture
def sign_all(team: list[people.User], signature: Any) -> Callable[..., None]:
    def make(inspection: Any) -> None:
        for user in team:
            fieldwork.sign_officer(inspection=inspection, user=user, signature=signature, by=team[0])

    return make


@pytest.fixture
def told(begin: Any, fill: Any, sign_all: Any, team: list[people.User], signature: Any) -> Callable[..., Any]:
    """An inspection from the first item to the told result."""

    def make(premises: Any, failed: dict[str, dict[str, Any]] | None = None, **facts: Any) -> Any:
        inspection = begin(premises, **facts)
        fill(inspection, failed)
        fieldwork.judge(inspection=inspection, opinion="现场整洁，台账齐全。", by=team[0])
        sign_all(inspection)
        fieldwork.tell(inspection=inspection, operator_signer="魏师傅", operator_signature=signature, by=team[0])
        return inspection

    return make
