"""The farmland of the synthetic county: every planted fault is found by a plain query."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from fangxin.actions.origin import accounts, scenario, selectors, trending
from fangxin.actions.origin.models import LandUnit, ProduceResult, SoilPoint, SoilSample
from fangxin.actions.origin.services import contradictions
from fangxin.engines.places import load_places
from fangxin.engines.trends import Direction
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.sim import life
from fangxin.sim.stage import Stage
from fangxin.sim.truth import Truth
from fangxin.sim.values import BEGINS
from fangxin.sim.world import make_world

TODAY = date(2024, 11, 25)
PLACES = next((Path(__file__).parents[3] / "standards" / "places").glob("*.toml"))
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def truth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Truth]:
    """The people of a small county and its farmland alone; taken back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        stage = Stage(make_world(load_places(PLACES.read_text(encoding="utf-8")), seed=7, scale=0.02))
        with ledger.clock.held_at(datetime.combine(BEGINS, time(8))):
            life._settle(stage)
        scenario.live(stage)
        stage.live(lambda _month: None)
        yield Truth(7, 0.02, "", tuple(stage.planted))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with ledger.clock.held_at(TODAY):
        yield


def standing(number: str) -> object:
    rows = registry.Parcel.objects.filter(number=number)
    return selectors.with_standing(rows, TODAY).get()


@pytest.mark.parametrize("kind", ["edible_on_strict", "safe_use_without_measure"])
def test_land_without_its_measure_is_found_and_is_a_matter_of_agriculture(truth: Truth, kind: str) -> None:
    faults = truth.of(kind)
    assert faults
    for fault in faults:
        assert kind in contradictions.codes_of(standing(fault.subject), TODAY)
        matter = Matter.objects.get(opened_from=f"origin.{kind}:{fault.subject}:2024")
        assert matter.owner.short_name == "农业农村局"
        assert "土壤污染防治法" in matter.legal_basis


def test_produce_above_the_limit_lies_on_its_parcel(truth: Truth) -> None:
    faults = truth.of("parcel_produce_above")
    assert len(faults) == 3
    found = ProduceResult.objects.filter(outcome="nonconforming").values_list("parcel__number", flat=True)
    assert sorted(found) == sorted(fault.subject for fault in faults)
    assert all("produce_above" in contradictions.codes_of(standing(fault.subject), TODAY) for fault in faults)


def test_a_result_without_ph_is_not_judged(truth: Truth) -> None:
    faults = truth.of("soil_without_ph")
    without = SoilSample.objects.filter(zone="undetermined").values_list("point__code", flat=True)
    assert faults
    assert sorted(without) == sorted(fault.subject for fault in faults)
    assert SoilPoint.objects.filter(zone="undetermined").count() == len(faults)


def test_the_unit_that_gets_worse_is_called_so_and_the_clean_ones_are_not(truth: Truth) -> None:
    worse = truth.of("soil_worse")[0].subject
    told = {}
    for unit in LandUnit.objects.order_by("number"):
        members = unit.members.values_list("parcel_id", flat=True)
        told[unit.number] = trending.trend_of(SoilSample.objects.filter(point__parcel__in=members)).direction
    assert told[worse] is Direction.WORSE
    assert [number for number, direction in told.items() if direction is Direction.WORSE] == [worse]
    assert Direction.IMPROVING in told.values()


def test_areas_of_the_safe_use_rate_add_up_to_the_polluted_land(truth: Truth) -> None:
    rows = selectors.with_standing(registry.Parcel.objects.all(), TODAY)
    found = accounts.safe_use(rows, TODAY)
    assert found.parcels == 40
    account = found.account
    outside = sum(parcel.area_mu for parcel, _why in found.outside)
    assert account.slight + account.safe_use + account.strict + outside == account.polluted
    assert account.rate is not None
    assert 0 < account.rate < 100


def test_figures_of_the_board_come_from_the_same_rows(truth: Truth) -> None:
    rows = selectors.parcel_rows(TODAY)
    polluted = rows.filter(polluted=True)
    assert polluted.count() == 40
    assert polluted.filter(measured=False).count() == len(truth.of("edible_on_strict")) + len(
        truth.of("safe_use_without_measure")
    )
    units = selectors.unit_rows(TODAY)
    assert units.filter(re_evaluated=True).count() == units.count() - 1  # one is still on its way
    assert set(units.filter(re_evaluated=True).values_list("change", flat=True)) == {"equal"}
    assert not selectors.unit_rows(date(2022, 12, 31)).filter(re_evaluated=True).exists()
