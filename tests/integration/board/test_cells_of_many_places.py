"""Counties are added up from their townships, and many changed places are counted part by part."""

from typing import Any

import pytest
from tests.integration.board.registers import COUNTY, OTHER_TOWN, TODAY, TOWN, load_shops

from fangxin.oversight.board import api as board
from fangxin.oversight.board import cells
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.models import Cell
from fangxin.oversight.board.records import Records
from fangxin.oversight.board.subjects import countable

pytestmark = pytest.mark.django_db

PROVINCE, OTHER_COUNTY, OTHER_COUNTYS_TOWN = "99", "990102", "990102100"


def shown(place: str) -> tuple[Any, Any]:
    figure = board.figures(place, TODAY, ["M05-1"])[0]
    return figure.numerator, figure.denominator


@pytest.fixture
def counted(shops: dict[str, int]) -> None:
    board.figures(COUNTY, TODAY)


def test_a_province_is_the_sum_of_its_counties(counted: None, office: Any) -> None:
    load_shops(3, town=OTHER_COUNTYS_TOWN, passed=1, prefix="p", by=office)
    assert (shown(COUNTY), shown(OTHER_COUNTY), shown(PROVINCE)) == ((4, 5), (1, 3), (5, 8))


def test_a_change_in_a_township_reaches_its_county_and_leaves_the_other_county_alone(
    counted: None, office: Any
) -> None:
    load_shops(1, town=OTHER_COUNTYS_TOWN, passed=1, prefix="p", by=office)
    shown(PROVINCE)
    others = Cell.objects.filter(division_code=OTHER_COUNTY, rolled=True)
    kept = set(others.values_list("pk", flat=True))
    load_shops(1, town=TOWN, passed=1, prefix="q", by=office)
    assert (shown(TOWN), shown(COUNTY), shown(PROVINCE)) == ((4, 5), (5, 6), (6, 7))
    assert set(others.values_list("pk", flat=True)) == kept


def test_figures_by_county_are_their_own_figures(counted: None, office: Any) -> None:
    load_shops(3, town=OTHER_COUNTYS_TOWN, passed=1, prefix="p", by=office)
    found = definitions(TODAY)
    cells.refresh(TODAY, found)
    by_county = cells.figures_by_place(found["M05-1"], PROVINCE, TODAY, 6)
    assert {place: (f.numerator, f.denominator) for place, f in by_county.items()} == {
        COUNTY: (4, 5), OTHER_COUNTY: (1, 3),
    }  # fmt: skip
    by_town = cells.figures_by_place(found["M05-1"], COUNTY, TODAY, 9)
    assert {place: (f.numerator, f.denominator) for place, f in by_town.items()} == {TOWN: (3, 4), OTHER_TOWN: (1, 1)}


@pytest.mark.parametrize("most_places", [1, 600])
def test_many_changed_places_give_the_same_part_by_part_or_all_at_once(
    counted: None, office: Any, monkeypatch: pytest.MonkeyPatch, most_places: int
) -> None:
    monkeypatch.setattr(cells, "MOST_RANGES", 1)
    monkeypatch.setattr(cells, "MOST_PLACES", most_places)
    for number, town in enumerate((TOWN, OTHER_TOWN, OTHER_COUNTYS_TOWN)):
        load_shops(2, town=town, passed=1, prefix=f"r{number}", by=office)
    assert (shown(TOWN), shown(OTHER_TOWN), shown(COUNTY), shown(PROVINCE)) == ((4, 6), (2, 3), (6, 9), (7, 11))


def test_the_number_of_records_is_the_same_from_cells_and_from_rows(counted: None, office: Any) -> None:
    load_shops(3, town=OTHER_COUNTYS_TOWN, passed=1, prefix="p", by=office)
    known = definitions(TODAY)
    for definition in (d for group in countable(known.values()).values() for d in group):
        for part in ("denominator", "numerator", "failing"):
            for place in (TOWN, COUNTY, PROVINCE):
                records = Records(definition, part, place, TODAY, known)
                assert len(records) == records.rows.order_by().count(), (definition.code, part, place)
