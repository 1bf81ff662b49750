"""A school's canteen and a shop of the same township, with those who run them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import pytest

from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.casework import work_calendar
from fangxin.kernel.fieldwork.services import self_control
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

VILLAGE = "990101100201"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    work_calendar.forget()
    yield
    work_calendar.forget()


@pytest.fixture(autouse=True)
def evidence_dir(settings: Any, tmp_path: Any) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture
def place_of(agencies: dict[str, Any], office: Any) -> Callable[..., Any]:
    made = iter(range(100, 999))

    def make(agency: str | None, name: str, kind: str, **facts: Any) -> Any:
        owner = registry.register_operator(
            name=f"{name}（单位）", kind="institution", division_code=facts.get("division_code", VILLAGE),
            uscc=make_credit_code(division="410101", serial=next(made)),
            agency=agencies[agency] if agency else None, by=office,
        )  # fmt: skip
        values = {"division_code": VILLAGE, "opened_on": date(2021, 9, 1)} | facts
        return registry.register_premises(operator=owner, name=name, kind=kind, by=office, **values)

    return make


@pytest.fixture
def canteen(place_of: Callable[..., Any]) -> Any:
    return place_of("school", "石门小学食堂", "school_canteen")


@pytest.fixture
def eatery(place_of: Callable[..., Any]) -> Any:
    return place_of("shop", "老魏烩面馆", "restaurant")


@pytest.fixture
def on() -> Callable[[date], Any]:
    def hold(day: date) -> Any:
        return ledger.clock.held_at(datetime.combine(day, time(17, 30), tzinfo=ledger.clock.LOCAL))

    return hold


@pytest.fixture
def recorded(on: Callable[[date], Any], principal: Any) -> Callable[..., Any]:
    """A day written down on the day, by the school."""

    def make(premises: Any, day: date, problems: dict[str, str] | None = None, made_on: date | None = None) -> Any:
        with on(made_on or day):
            return self_control.record_day(premises=premises, day=day, problems=problems or {}, by=principal)

    return make
