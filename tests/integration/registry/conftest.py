"""A small register: an eating-house with its people and papers in one township, a shop in the other."""

from datetime import date
from typing import Any

import pytest

from fangxin.engines.identifiers import make_business_licence, make_credit_code
from fangxin.kernel.registry import api as registry

TOWN = "990101100"
OTHER_TOWN = "990101200"
VILLAGE = "990101100201"


@pytest.fixture
def operator(agencies: Any, office: Any) -> Any:
    return registry.register_operator(
        name="老魏小吃店",
        kind="self_employed",
        division_code=VILLAGE,
        uscc=make_credit_code(division="410101", serial=7),
        legal_representative="魏某",
        phone="13800000001",
        agency=agencies["shop"],
        by=office,
    )


@pytest.fixture
def restaurant(operator: Any, office: Any) -> Any:
    return registry.register_premises(
        operator=operator,
        name="老魏烩面馆",
        kind="restaurant",
        division_code=VILLAGE,
        address="石门镇解放路12号",
        phone="13800000001",
        area_m2=120,
        seats=60,
        opened_on=date(2021, 5, 1),
        by=office,
    )


@pytest.fixture
def licence(restaurant: Any, office: Any) -> Any:
    return registry.issue_credential(
        premises=restaurant,
        kind="business_licence",
        number=make_business_licence(business="2", division="410101", serial=15),
        issued_on=date(2021, 5, 6),
        issuer="云桥县市场监督管理局",
        by=office,
    )


@pytest.fixture
def shop(office: Any) -> Any:
    owner = registry.register_operator(name="青杨便民店", kind="individual", division_code="990101200201", by=office)
    return registry.register_premises(
        operator=owner,
        name="青杨便民店",
        kind="small_shop",
        division_code="990101200201",
        address="青杨乡松坪村口",
        rural=True,
        opened_on=date(2022, 1, 1),
        by=office,
    )
