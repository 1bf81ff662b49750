from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import land
from fangxin.engines.land import PollutedArea, Produce, SoilClass

AREAS = st.builds(
    PollutedArea,
    key=st.uuids().map(str),
    mu=st.decimals(min_value="0.01", max_value="5000", places=2),
    soil_class=st.sampled_from((SoilClass.SAFE_USE, SoilClass.STRICT)),
    slight=st.booleans(),
    measured=st.booleans(),
    produce=st.sampled_from(list(Produce)),
)


def area(soil_class: SoilClass, **more: object) -> PollutedArea:
    values: dict[str, object] = {"slight": False, "measured": True, "produce": Produce.WITHIN}
    return PollutedArea("k", Decimal(10), soil_class, **{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_area", "part", "reason"),
    [
        (area(SoilClass.SAFE_USE), "C", ""),
        (area(SoilClass.SAFE_USE, produce=Produce.NONE), "", "produce_not_tested"),
        (area(SoilClass.SAFE_USE, produce=Produce.ABOVE), "", "produce_above"),
        (area(SoilClass.SAFE_USE, measured=False), "", "no_measure"),
        (area(SoilClass.SAFE_USE, slight=True, produce=Produce.NONE), "B", ""),
        (area(SoilClass.SAFE_USE, slight=True, produce=Produce.ABOVE), "", "produce_above"),
        (area(SoilClass.STRICT, produce=Produce.NONE), "D", ""),
        (area(SoilClass.STRICT, measured=False), "", "no_measure"),
    ],
)
def test_where_a_parcel_counts(given_area: PollutedArea, part: str, reason: str) -> None:
    found = land.account_areas([given_area])
    assert {"B": found.slight, "C": found.safe_use, "D": found.strict, "": Decimal(10)}[part] == 10
    assert found.left_out == ((("k", reason),) if reason else ())


@settings(max_examples=40, deadline=None)
@given(st.lists(AREAS, max_size=30, unique_by=lambda a: a.key))
def test_areas_add_up_and_untested_produce_is_never_in_c(areas: list[PollutedArea]) -> None:
    found = land.account_areas(areas)
    outside = {key for key, _reason in found.left_out}
    assert found.polluted == sum((a.mu for a in areas), Decimal(0))
    assert found.slight + found.safe_use + found.strict == sum(
        (a.mu for a in areas if a.key not in outside), Decimal(0)
    )
    assert (found.rate is None) == (not areas)
    tested = sum((a.mu for a in areas if a.produce is Produce.WITHIN), Decimal(0))
    assert found.safe_use <= tested


def test_more_than_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="within E"):
        land.safe_use_rate(Decimal(5), Decimal(5), Decimal(1), Decimal(10))


def test_land_that_is_not_polluted_does_not_belong_in_the_account() -> None:
    with pytest.raises(ValueError, match="not polluted"):
        land.account_areas([area(SoilClass.PRIORITY)])
