"""A farm, a market's stall and the school's canteen of the invented county."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import api as supply

TOWN = "990101100"
OTHER_TOWN = "990101200"
NOW = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)


@pytest.fixture
def place(agencies: Any) -> Callable[..., Any]:
    made: list[Any] = []

    def make(name: str, kind: str, code: str = TOWN, agency: str = "") -> Any:
        operator = registry.register_operator(
            name=name, kind="self_employed", division_code=code, by=None,
            uscc=make_credit_code(division="410101", serial=500 + len(made)), agency=agencies.get(agency),
        )  # fmt: skip
        premises = registry.register_premises(operator=operator, name=name, kind=kind, division_code=code, by=None)
        made.append(premises)
        return premises

    return make


@pytest.fixture
def farm(place: Any) -> Any:
    return place("柳沟菜园", "farm")


@pytest.fixture
def stall(place: Any) -> Any:
    return place("老魏菜摊", "food_sales", agency="shop")


@pytest.fixture
def canteen(place: Any) -> Any:
    return place("石门小学食堂", "school_canteen", agency="school")


@pytest.fixture
def leek(farm: Any, department: Any) -> Any:
    """A lot of 100 kg, harvested two days ago."""
    return supply.add_lot(
        food="韭菜", premises=farm, began_on=(NOW - timedelta(days=2)).date(), made_on=(NOW - timedelta(days=2)).date(),
        quantity=Decimal(100), unit="kg", by=department,
    )  # fmt: skip


@pytest.fixture
def receive() -> Callable[..., Any]:
    def make(premises: Any, by: Any, **more: Any) -> Any:
        filled = {
            "food": "韭菜", "quantity": Decimal(40), "unit": "kg", "received_at": NOW - timedelta(days=1), "how": "typed",
        }  # fmt: skip
        return supply.record_receipt(premises=premises, by=by, **(filled | more))

    return make
