"""A first visit that a small operator's paper asks for, made as an inspection."""

from datetime import date
from typing import Any

import pytest

from fangxin.actions.small_operators.models import FirstVisit
from fangxin.actions.small_operators.services import visits
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

FACT = "small_operators_inspection"


@pytest.fixture
def owed(checklists: None, make_premises: Any, office: Any) -> FirstVisit:
    """A shop registered on 1 March 2023; its first visit is due by 1 May."""
    place = make_premises("老魏便民店", kind="small_shop")
    paper = registry.issue_credential(
        premises=place, kind="small_shop_registration", number="XD-1", issued_on=date(2023, 3, 1), by=office
    )
    visit = FirstVisit.objects.create(
        premises=place, credential=paper, kind=place.kind, division_code=place.division_code, due_on=date(2023, 5, 1)
    )
    visits.owe(visit, by=office)
    return visit


def _fact(place: Any, on: date) -> Any:
    return registry.premises_rows(on, only=(FACT,)).get(pk=place.pk)[FACT]


def test_the_inspection_that_was_told_is_the_first_visit_and_the_years(owed: Any, told: Any, inspector: Any) -> None:
    planned = fieldwork.list_visits(inspector).get(premises=owed.premises)
    assert (planned.reason, planned.due_on) == ("first_visit", date(2023, 5, 1))
    inspection = told(owed.premises, visit=planned)
    owed.refresh_from_db()
    assert (owed.visited_on, owed.result) == (ledger.clock.today(), "compliant")
    assert inspection.number in owed.note
    assert _fact(owed.premises, date(2023, 12, 31)) == "compliant"
    assert _fact(owed.premises, date(2024, 1, 1)) is None


def test_a_failed_item_is_a_visit_with_problems(owed: Any, told: Any) -> None:
    told(owed.premises, failed={"1.1": {"outcome": "fail", "safety_affected": False}})
    owed.refresh_from_db()
    assert owed.result == "problems"
    assert _fact(owed.premises, date(2023, 12, 31)) == "problems"


def test_an_inspection_of_a_restaurant_is_none_of_it(shop: Any, told: Any) -> None:
    told(shop)
    assert _fact(shop, date(2023, 12, 31)) is None
