"""A market with two stalls, its opener and a holder who sign in, and another township's market."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fangxin.actions.produce_markets.models import Market, Stall
from fangxin.actions.produce_markets.services import archive, entries
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

TOWN, OTHER_TOWN = "990101100", "990101200"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(name: str = "现场.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + name.encode(), content_type="application/pdf")


def _user(username: str, agency: Any) -> Any:
    user = people.User.objects.create(username=username, name=username, password_changed_at=ledger.clock.now())
    people.give_post(user=user, agency=agency, role="operator", division_code=TOWN, starts_on=date(2022, 1, 1), by=None)
    return user


@pytest.fixture
def opener_agency(agencies: Any) -> Any:
    return people.create_agency(
        name="石门镇兴农市场管理公司", short_name="兴农市场", kind="operator", division_code=TOWN, by=None
    )


@pytest.fixture
def holder_agency(agencies: Any) -> Any:
    return people.create_agency(
        name="石门镇老田菜摊", short_name="老田菜摊", kind="operator", division_code=TOWN, by=None
    )


@pytest.fixture
def manager(opener_agency: Any) -> Any:
    return _user("manager", opener_agency)


@pytest.fixture
def holder(holder_agency: Any) -> Any:
    return _user("holder", holder_agency)


@pytest.fixture
def make_market(office: Any, department: Any) -> Callable[..., Market]:
    def make(name: str, division_code: str = TOWN, agency: Any = None, **more: Any) -> Market:
        owner = registry.register_operator(
            name=f"{name}管理公司", kind="individual", division_code=division_code, agency=agency,
            by=office,
        )  # fmt: skip
        place = registry.register_premises(
            operator=owner, name=name, kind="produce_market", division_code=division_code, by=office
        )
        values = {"kind": "retail", "room": "own", "tests_per_day": 2, "since": date(2023, 3, 6)} | more
        return archive.open_market(premises=place, by=department, **values)

    return make


@pytest.fixture
def market(make_market: Any, opener_agency: Any) -> Market:
    return make_market("兴农农贸市场", agency=opener_agency)


@pytest.fixture
def other_market(make_market: Any) -> Market:
    return make_market("青杨集贸市场", OTHER_TOWN)


@pytest.fixture
def stall(market: Market, holder_agency: Any, office: Any, department: Any) -> Stall:
    row = archive.add_stall(market=market, code="A01", goods="vegetable", by=department)
    owner = registry.register_operator(
        name="老田", kind="individual", division_code=TOWN, agency=holder_agency, by=office
    )
    archive.admit_holder(
        stall=row, operator=owner, starts_on=date(2023, 1, 5), expires_on=date(2023, 12, 31), agreement="XY-1",
        identity_checked_on=date(2023, 1, 5), by=department,
    )  # fmt: skip
    return row


@pytest.fixture
def bring(market: Market, stall: Stall, department: Any) -> Callable[..., Any]:
    """Goods at the gate."""

    def make(**more: Any) -> Any:
        values: dict[str, Any] = {
            "food": "菠菜", "goods": "vegetable", "quantity": Decimal(100), "supplier": "柳沟合作社", "stall": stall,
            "proofs": {"certificate": "HG-001"},
        } | more  # fmt: skip
        return entries.record_entry(market=market, by=values.pop("by", department), **values)

    return make


@pytest.fixture
def catalogue(db: None, settings: Any) -> None:
    catalog.load_directory(path=settings.STANDARDS_DIR, by=None)
