"""Circles and polygons on the ground agree with plain counting."""

from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.actions.small_operators import geometry
from fangxin.engines.matching import distance_m

LAT, LNG = 34.0, 111.0
SQUARE = [(LAT, LNG), (LAT, LNG + 0.002), (LAT + 0.002, LNG + 0.002), (LAT + 0.002, LNG)]
near = st.floats(-0.004, 0.004)


@given(north=near, east=near)
@settings(max_examples=150)
def test_a_square_contains_exactly_what_lies_between_its_sides(north, east):
    point = (LAT + north, LNG + east)
    edge = any(abs(value - side) < 1e-9 for value in (north, east) for side in (0.0, 0.002))
    if not edge:
        assert geometry.contains(SQUARE, point) == (0 < north < 0.002 and 0 < east < 0.002)


@given(north=near, east=near)
@settings(max_examples=150)
def test_the_distance_to_a_polygon_is_never_more_than_to_its_corners(north, east):
    point = (LAT + north, LNG + east)
    away = geometry.metres_outside(point, centre=(LAT, LNG), radius_m=0, corners=SQUARE)
    nearest = min(distance_m(point, corner) for corner in SQUARE)
    assert 0 <= away <= nearest * 1.001 + 0.01
    assert (away == 0) == geometry.contains(SQUARE, point) or away < 0.5


@given(turn=st.integers(0, 3), back=st.booleans(), north=near, east=near)
@settings(max_examples=60)
def test_where_one_begins_to_walk_around_does_not_matter(turn, back, north, east):
    walked = [*SQUARE[turn:], *SQUARE[:turn]]
    walked = walked[::-1] if back else walked
    point = (LAT + north, LNG + east)
    same = geometry.metres_outside(point, centre=(LAT, LNG), radius_m=0, corners=SQUARE)
    assert abs(geometry.metres_outside(point, centre=(LAT, LNG), radius_m=0, corners=walked) - same) < 1e-6


def test_a_bow_tie_crosses_itself_and_a_square_does_not():
    assert not geometry.crosses_itself(SQUARE)
    assert geometry.crosses_itself([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])


def test_hours_may_pass_midnight():
    assert geometry.is_open(None, None, time(3))
    assert geometry.is_open(time(18), time(1), time(23, 59))
    assert not geometry.is_open(time(18), time(1), time(1, 1))
