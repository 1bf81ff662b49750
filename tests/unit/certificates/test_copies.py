"""When two sightings of one code, or their number, are worth a look."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.certificates import CopyRule, Sighting, distance_km, far_apart, too_many

RULE = CopyRule(120, 30, {"kg": Decimal("0.5"), "head": Decimal(1)}, scans_a_portion=2, least_scans=20)
NOON = datetime(2023, 3, 15, 4, tzinfo=UTC)


def seen(minutes: int, longitude: float, *, explained: bool = False) -> Sighting:
    return Sighting(NOON + timedelta(minutes=minutes), longitude, 34.0, explained)


@pytest.mark.parametrize(
    ("minutes", "longitude", "copied"),
    [
        (10, 111.0, False),  # the same place
        (10, 111.3, False),  # 28 km: a phone's place is coarse
        (10, 112.0, True),  # 92 km in ten minutes
        (47, 112.0, False),  # 92 km at 118 km/h
        (45, 112.0, True),  # 92 km at 123 km/h
        (0, 112.0, True),
    ],
)
def test_nobody_carries_goods_faster_than_a_lorry(minutes: int, longitude: float, copied: bool) -> None:
    assert (far_apart([seen(0, 111.0), seen(minutes, longitude)], RULE) is not None) is copied


def test_two_known_destinations_explain_two_sightings_and_one_does_not() -> None:
    assert far_apart([seen(0, 111.0, explained=True), seen(5, 113.0, explained=True)], RULE) is None
    travel = far_apart([seen(0, 111.0, explained=True), seen(5, 113.0)], RULE)
    assert travel is not None
    assert travel.minutes == 5


sightings = st.builds(seen, st.integers(0, 600), st.integers(1000, 1200).map(lambda n: n / 10), explained=st.booleans())


@settings(max_examples=100, deadline=None)
@given(st.lists(sightings, max_size=7), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order(rows: list[Sighting], chance: object) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert far_apart(rows, RULE) == far_apart(shuffled, RULE)


@settings(max_examples=50, deadline=None)
@given(st.lists(sightings, min_size=2, max_size=5), sightings)
def test_one_more_sighting_never_takes_a_suspicion_away(rows: list[Sighting], more: Sighting) -> None:
    if far_apart(rows, RULE) is not None:
        assert far_apart([*rows, more], RULE) is not None


def test_a_quarter_of_the_way_round_the_earth() -> None:
    # A quarter of a great circle of the mean radius 6371.0088 km (IUGG) is 10,007.557 km.
    assert distance_km(Sighting(NOON, 0, 0), Sighting(NOON, 90, 0)) == pytest.approx(10_007.557, abs=0.01)
    assert distance_km(Sighting(NOON, 0, 0), Sighting(NOON, 0, 90)) == pytest.approx(10_007.557, abs=0.01)


@pytest.mark.parametrize(
    ("times", "quantity", "unit", "most"),
    [
        (21, "1", "kg", 20),
        (400, "100", "kg", None),
        (401, "100", "kg", 400),
        (61, "30", "head", 60),
        (21, "1", "box", 20),
    ],
)
def test_a_code_is_not_seen_more_often_than_its_portions_explain(
    times: int, quantity: str, unit: str, most: int | None
) -> None:
    excess = too_many(times, Decimal(quantity), unit, RULE)
    assert (excess.most if excess else None) == most
