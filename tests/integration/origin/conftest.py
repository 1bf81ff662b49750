"""The environment department and the agriculture department beside the people of all tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fangxin.actions.origin.models import MetalEnterprise, VocFirm, WaterSection
from fangxin.actions.origin.services import enterprises, voc, water
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

COUNTY, TOWN, OTHER_TOWN = "990101", "990101100", "990101200"


def _person(username: str, name: str, agency: people.Agency) -> people.User:
    user = people.User.objects.create(username=username, name=name, password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="department", division_code=COUNTY, starts_on=date(2022, 1, 1), by=None
    )
    return user


@pytest.fixture
def environment_agency(agencies: dict[str, people.Agency]) -> people.Agency:
    return people.create_agency(
        name="云安市生态环境局云桥分局", short_name="生态环境分局", kind="department", division_code=COUNTY, by=None
    )


@pytest.fixture
def police(agencies: dict[str, people.Agency]) -> people.Agency:
    return people.create_agency(
        name="云桥县公安局", short_name="公安局", kind="department", division_code=COUNTY, by=None
    )


@pytest.fixture
def environment(environment_agency: people.Agency) -> people.User:
    return _person("environment", "生态环境分局 卫蓝", environment_agency)


@pytest.fixture
def second_environment(environment_agency: people.Agency) -> people.User:
    return _person("environment2", "生态环境分局 江清", environment_agency)


@pytest.fixture
def agriculture(agencies: dict[str, people.Agency]) -> people.User:
    return _person("agriculture", "农业农村局 田禾", agencies["farm"])


@pytest.fixture
def metal(environment: people.User) -> Callable[..., MetalEnterprise]:
    """An enterprise of the survey; with `listed=True` on the list."""

    def make(listed: bool = True, **more: Any) -> MetalEnterprise:
        values: dict[str, Any] = {
            "name": "云桥选矿厂", "uscc": "", "division_code": TOWN, "industry": "mining", "running": "legacy",
            "metals": ["Cd", "Pb"], "outlets": ["water"],
        }  # fmt: skip
        row = enterprises.register(by=environment, **values | more)
        return enterprises.put_on_list(row=row, by=environment) if listed else row

    return make


@pytest.fixture
def problem(environment: people.User) -> Callable[..., Any]:
    def make(row: MetalEnterprise, **more: Any) -> Any:
        values = {
            "kind": "no_barrier", "text": "废水收集池破损", "measure": "修复防渗层", "due_on": date(2023, 4, 15),
            "responsible_person": "厂长",
        }  # fmt: skip
        return enterprises.report_problem(row=row, by=environment, **values | more)

    return make


@pytest.fixture
def section(environment: people.User) -> Callable[..., WaterSection]:
    def make(**more: Any) -> WaterSection:
        values = {"name": "石门桥", "river": "云河", "basin": "云河水系", "target": 2, "division_code": TOWN}
        return water.register_section(by=environment, **values | more)

    return make


@pytest.fixture
def firm(environment: people.User) -> Callable[..., VocFirm]:
    def make(**more: Any) -> VocFirm:
        values = {
            "name": "云桥涂装厂", "division_code": TOWN, "process": "coating", "collection": "hood",
            "sealing_points": 2400, "listed_on": date(2022, 6, 1),
        }  # fmt: skip
        return voc.register_firm(by=environment, **values | more)

    return make
