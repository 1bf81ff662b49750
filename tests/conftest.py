"""The people of the tests. Divisions, agencies and names are invented; codes begin with 99, which no province has."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

REFERENCE_DATA = Path(os.environ.get("FANGXIN_REFERENCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
MORNING = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)

COUNTY = "990101"
TOWN = "990101100"
OTHER_TOWN = "990101200"
VILLAGE = "990101100201"
OTHER_COUNTY = "990102"


@pytest.fixture(autouse=True)
def held() -> Iterator[datetime]:
    """A township morning."""
    with ledger.clock.held_at(MORNING):
        yield MORNING


@pytest.fixture
def reference_data() -> Path:
    if not REFERENCE_DATA.is_dir():
        pytest.skip(f"reference data are not here ({REFERENCE_DATA}); set FANGXIN_REFERENCE_DATA")
    return REFERENCE_DATA


@pytest.fixture
def county(db: None) -> str:
    """The county 云桥县 with two townships and a village each, and the county next to it."""
    rows = [
        ("99", "云岭省", "province"),
        ("9901", "云安市", "prefecture"),
        (COUNTY, "云桥县", "county"),
        (TOWN, "石门镇", "town"),
        (VILLAGE, "柳沟村", "village"),
        (OTHER_TOWN, "青杨乡", "township"),
        ("990101200201", "松坪村", "village"),
        (OTHER_COUNTY, "河湾县", "county"),
        ("990102100", "东渡镇", "town"),
    ]
    people.add_divisions(
        [people.Division(code=c, name=n, kind=k, valid_from=date(2020, 1, 1)) for c, n, k in rows], by=None
    )
    return COUNTY


def _agency(name: str, short: str, kind: str, code: str) -> people.Agency:
    return people.create_agency(name=name, short_name=short, kind=kind, division_code=code, by=None)


def _person(username: str, name: str, agency: people.Agency, role: str, code: str) -> people.User:
    user = people.User.objects.create(username=username, name=name, password_changed_at=ledger.clock.now())
    people.give_post(user=user, agency=agency, role=role, division_code=code, starts_on=date(2022, 1, 1), by=None)
    return user


@pytest.fixture
def agencies(county: str) -> dict[str, people.Agency]:
    return {
        "office": _agency("云桥县人民政府食品安全委员会办公室", "食安办", "office", COUNTY),
        "market": _agency("云桥县市场监督管理局", "市场监管局", "department", COUNTY),
        "health": _agency("云桥县卫生健康委员会", "卫健委", "department", COUNTY),
        "farm": _agency("云桥县农业农村局", "农业农村局", "department", COUNTY),
        "town": _agency("石门镇人民政府", "石门镇", "township", TOWN),
        "other_town": _agency("青杨乡人民政府", "青杨乡", "township", OTHER_TOWN),
        "station": _agency("石门市场监管所", "石门所", "station", TOWN),
        "school": _agency("石门镇中心小学", "石门小学", "institution", TOWN),
        "shop": _agency("石门镇老魏小吃店", "老魏小吃", "operator", TOWN),
        "other_office": _agency("河湾县人民政府食品安全委员会办公室", "河湾食安办", "office", OTHER_COUNTY),
    }


@pytest.fixture
def office(agencies: dict[str, people.Agency]) -> people.User:
    return _person("office", "食安办 沈静", agencies["office"], "office", COUNTY)


@pytest.fixture
def second_office(agencies: dict[str, people.Agency]) -> people.User:
    return _person("office2", "食安办 高远", agencies["office"], "office", COUNTY)


@pytest.fixture
def department(agencies: dict[str, people.Agency]) -> people.User:
    return _person("market", "市场监管局 韩梅", agencies["market"], "department", COUNTY)


@pytest.fixture
def second_department(agencies: dict[str, people.Agency]) -> people.User:
    return _person("market2", "市场监管局 罗成", agencies["market"], "department", COUNTY)


@pytest.fixture
def health_department(agencies: dict[str, people.Agency]) -> people.User:
    return _person("health", "卫健委 白芸", agencies["health"], "department", COUNTY)


@pytest.fixture
def township_clerk(agencies: dict[str, people.Agency]) -> people.User:
    return _person("town", "石门镇 苗青", agencies["town"], "township", TOWN)


@pytest.fixture
def other_township_clerk(agencies: dict[str, people.Agency]) -> people.User:
    return _person("town2", "青杨乡 田野", agencies["other_town"], "township", OTHER_TOWN)


@pytest.fixture
def inspector(agencies: dict[str, people.Agency]) -> people.User:
    return _person("inspector", "石门所 秦川", agencies["station"], "inspector", TOWN)


@pytest.fixture
def principal(agencies: dict[str, people.Agency]) -> people.User:
    return _person("principal", "石门小学 于老师", agencies["school"], "institution", TOWN)


@pytest.fixture
def vendor(agencies: dict[str, people.Agency]) -> people.User:
    return _person("vendor", "老魏", agencies["shop"], "operator", TOWN)


@pytest.fixture
def reader(agencies: dict[str, people.Agency]) -> people.User:
    return _person("reader", "查阅员 安宁", agencies["office"], "reader", COUNTY)


@pytest.fixture
def administrator(agencies: dict[str, people.Agency]) -> people.User:
    return _person("admin", "管理员 石磊", agencies["office"], "administrator", COUNTY)


@pytest.fixture
def outsider(agencies: dict[str, people.Agency]) -> people.User:
    return _person("outsider", "河湾县 江流", agencies["other_office"], "office", OTHER_COUNTY)


@pytest.fixture
def client_for() -> Callable[[people.User], Client]:
    def make(user: people.User) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
