"""A county with farms: a household with its own login, and a pond; labels of the platform."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fangxin.actions.farm_inputs.models import Batch, Farm, Product
from fangxin.actions.farm_inputs.services import farms, products
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

COUNTY, TOWN, VILLAGE, OTHER_TOWN = "990101", "990101100", "990101100201", "990101200"


@pytest.fixture
def farm_department(agencies: Any) -> people.User:
    """The farm department's clerk."""
    user = people.User.objects.create(username="farm", name="农业农村局 谷雨", password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agencies["farm"], role="department", division_code=COUNTY, starts_on=date(2022, 1, 1), by=None
    )
    return user


@pytest.fixture
def farmer(agencies: Any) -> people.User:
    """Somebody with a farm and a phone."""
    agency = people.create_agency(
        name="柳沟村老耿家庭农场", short_name="老耿农场", kind="operator", division_code=TOWN, by=None
    )
    user = people.User.objects.create(username="farmer", name="老耿", password_changed_at=ledger.clock.now())
    people.give_post(user=user, agency=agency, role="operator", division_code=TOWN, starts_on=date(2022, 1, 1), by=None)
    return user


def make_farm(name: str, kind: str, by: Any, division: str = VILLAGE, agency: Any = None) -> Farm:
    operator = registry.register_operator(name=name, kind="individual", division_code=division, agency=agency, by=by)
    premises = registry.register_premises(operator=operator, name=name, kind="farm", division_code=division, by=by)
    return farms.open_farm(premises=premises, kind=kind, household=True, since=date(2023, 1, 1), by=by)


@pytest.fixture
def labels(farm_department: people.User) -> dict[str, Product]:
    products.load_products(by=farm_department)
    return {row.name: row for row in Product.objects.all()}


@pytest.fixture
def farm(farm_department: people.User, farmer: people.User, labels: Any) -> Farm:
    """The farmer's own."""
    agency = people.Agency.objects.get(short_name="老耿农场")
    return make_farm("老耿家庭农场", "crop", farm_department, agency=agency)


@pytest.fixture
def spinach(farm: Farm, farm_department: people.User) -> Batch:
    return farms.open_batch(
        farm=farm, food="菠菜", produce="crop", started_on=date(2023, 2, 1), planned_on=date(2023, 3, 20),
        area_mu=Decimal(2), by=farm_department,
    )  # fmt: skip


@pytest.fixture
def pond(farm_department: people.User, labels: Any) -> Batch:
    place = make_farm("石门渔场", "aquatic", farm_department)
    return farms.open_batch(
        farm=place, food="草鱼", produce="fish", started_on=date(2023, 2, 1), animals=2000, by=farm_department
    )
