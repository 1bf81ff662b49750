"""An importer and a shop of an invented county, with lots whose papers and labels the tests choose."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.data import NewConsignment
from fangxin.actions.imported_food.models import Consignment, Trader
from fangxin.actions.imported_food.services import consignments, traders
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

TOWN, OTHER_TOWN = "990101100", "990101200"
MORNING = datetime(2023, 3, 10, 10, tzinfo=ledger.clock.LOCAL)
WHOLE = {
    "quarantine_certificate": "2230000001", "customs_declaration": "020220230000000001", "chinese_label": "B-1",
    "supplier_licence": "JY10000000000001",
}  # fmt: skip


@pytest.fixture
def premises(department: Any, agencies: dict[str, Any]) -> Callable[..., Any]:
    def make(name: str, town: str = TOWN, agency: str | None = None, serial: int = 1) -> Any:
        operator = registry.register_operator(
            name=name, kind="enterprise", division_code=town, uscc=make_credit_code(division="410101", serial=serial),
            agency=agencies[agency] if agency else None, by=department,
        )  # fmt: skip
        return registry.register_premises(
            operator=operator, name=name, kind="importer", division_code=town, by=department
        )

    return make


@pytest.fixture
def importer(premises: Any, department: Any) -> Trader:
    return traders.register_trader(
        premises=premises("云桥进出口商行"), role="importer", filing_number="99000001", by=department
    )


@pytest.fixture
def shop(premises: Any, department: Any) -> Trader:
    """The shop of the vendor's agency."""
    return traders.register_trader(
        premises=premises("老魏进口食品店", agency="shop", serial=2), role="seller", by=department
    )


@pytest.fixture
def other_shop(premises: Any, department: Any) -> Trader:
    return traders.register_trader(
        premises=premises("青杨进口食品店", town=OTHER_TOWN, serial=3), role="seller", by=department
    )


@pytest.fixture
def lot(department: Any) -> Callable[..., Consignment]:
    """A lot of pistachios from Türkiye with all papers; the test says what differs."""

    def make(trader: Trader, by: Any = None, **more: Any) -> Consignment:
        known = {
            "food": "原味开心果", "original_name": "Roasted pistachios", "quantity": Decimal(100), "unit": "千克",
            "received_at": MORNING, "origin": "TR", "specification": "500克/袋", "maker": "Anadolu Kuruyemis",
            "maker_number": "CTUR01012201010001", "lot_code": "L2301-A7", "made_on": date(2023, 1, 5),
            "best_before_on": date(2024, 1, 4), "supplier": "Anadolu Export，Izmir，+90-232-000000", "port": "青岛",
            "entered_on": date(2023, 3, 1), "papers": WHOLE,
        }  # fmt: skip
        known |= more
        return consignments.record_consignment(trader=trader, new=NewConsignment(**known), by=by or department)

    return make


@pytest.fixture
def right_label() -> Callable[..., dict[str, str]]:
    """Every item of the list in force ticked as right, but for those named."""

    def make(**other: str) -> dict[str, str]:
        items, _edition = rules.label_items(ledger.clock.today())
        return {item.code: "right" for item in items} | other

    return make
