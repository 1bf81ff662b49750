"""Matters for the tests, opened and led through their steps by the people of the tests."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from tests.conftest import MORNING, TOWN
from tests.integration.casework.cases_world import World

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework import work_calendar
from fangxin.kernel.ledger import api as ledger

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def evidence_dir(settings: Any, tmp_path: Any) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    """The database gives its keys out again after each test, so the calendar must not be remembered."""
    work_calendar.forget()
    yield
    work_calendar.forget()


@pytest.fixture(autouse=True)
def chinese(settings: Any) -> Iterator[None]:
    """A page read in English leaves its language behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def open_matter(agencies: dict[str, Any], office: Any) -> Callable[..., Any]:
    def make(**facts: Any) -> Any:
        values = {
            "origin": "inspection",
            "hazard": "后厨无防蝇设施",
            "subject_type": "registry.premises",
            "subject_id": "7",
            "subject_name": "石门饭店",
            "division_code": TOWN,
            "severity": "minor",
            "owner": agencies["market"],
            "by": office,
        }
        return casework.open_matter(**(values | facts))

    return make


@pytest.fixture
def rectifying(open_matter: Callable[..., Any], office: Any, department: Any) -> Callable[..., Any]:
    """A matter on which the department is at work."""

    def make(**facts: Any) -> Any:
        matter = open_matter(**facts)
        casework.assign(matter=matter, by=office)
        return casework.start(matter=matter, by=department)

    return make


@pytest.fixture
def submitted(rectifying: Callable[..., Any], department: Any) -> Callable[..., Any]:
    """A matter whose rectification waits for acceptance, with its proof."""

    def make(**facts: Any) -> Any:
        matter = rectifying(**facts)
        casework.add_evidence(matter=matter, kind="rectification", name="after.png", content=PNG, by=department)
        return casework.submit(matter=matter, text="已装纱窗", by=department)

    return make


@pytest.fixture
def closed(submitted: Callable[..., Any], office: Any) -> Callable[..., Any]:
    def make(**facts: Any) -> Any:
        return casework.close(matter=submitted(**facts), by=office)

    return make


def later(days: int) -> datetime:
    return MORNING + timedelta(days=days)


@pytest.fixture
def after() -> Callable[[int], Any]:
    """`with after(days):` so many days later."""
    return lambda days: ledger.clock.held_at(later(days))


@pytest.fixture
def case_world(agencies: dict[str, Any], inspector: Any, department: Any, second_department: Any) -> World:
    """Two officers, a reviewer and a head of the market department."""
    return World(agencies, inspector, department, second_department)
