import json
from math import cos, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import land
from fangxin.engines.land import Shape, ShapeError

SQUARE = [[111.0, 34.0], [111.002, 34.0], [111.002, 34.002], [111.0, 34.002], [111.0, 34.0]]
HOLE = [[111.0005, 34.0005], [111.0005, 34.001], [111.001, 34.001], [111.001, 34.0005], [111.0005, 34.0005]]


def text(geometry: object) -> str:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": {"名称": "一号地"}})


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "not_json"),
        ("[1, 2]", "not_geojson"),
        ('{"type": "Point", "coordinates": [NaN, 34]}', "not_json"),
        ('{"type": "FeatureCollection", "features": {}}', "not_geojson"),
        ('{"type": "FeatureCollection", "features": []}', "no_shapes"),
        ('{"type": "FeatureCollection", "features": [7]}', "not_geojson"),
        (text(None), "kind"),
        (text({"type": "LineString", "coordinates": SQUARE}), "kind"),
        (text({"type": "Point", "coordinates": ["a", 1]}), "position"),
        (text({"type": "Point", "coordinates": [True, 1]}), "position"),
        (text({"type": "Point", "coordinates": [34.0, 111.0]}), "range"),
        (text({"type": "Point", "coordinates": [10**400, 1]}), "position"),
        (text({"type": "Point", "coordinates": [37512345.6, 3764321.0]}), "position"),
        (text({"type": "Polygon", "coordinates": []}), "ring_empty"),
        (text({"type": "Polygon", "coordinates": [SQUARE[:4]]}), "ring_open"),
        (text({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[1], SQUARE[0]]]}), "ring_short"),
        (text({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]}), "ring_crosses"),
        (text({"type": "MultiPolygon", "coordinates": [7]}), "ring_empty"),
        (text({"type": "Polygon", "coordinates": [[[111.0, 34.0]] * 700]}), "too_many_vertices"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_reason(document: str, code: str) -> None:
    with pytest.raises(ShapeError) as refused:
        land.read_shapes(document)
    assert refused.value.code == code


def test_too_many_shapes_and_the_number_of_the_bad_one_are_told() -> None:
    point = {"type": "Point", "coordinates": [111.0, 34.0]}
    many = json.dumps({"type": "FeatureCollection", "features": [point, point, {"type": "Point", "coordinates": []}]})
    with pytest.raises(ShapeError) as refused:
        land.read_shapes(many, most_shapes=2)
    assert refused.value.code == "too_many_shapes"
    with pytest.raises(ShapeError) as refused:
        land.read_shapes(many)
    assert (refused.value.code, refused.value.place) == ("position", 3)


def test_heights_are_dropped_and_a_hole_is_taken_off() -> None:
    high = [[*position, 500.0] for position in SQUARE]
    plain = land.read_geometry({"type": "Polygon", "coordinates": [high]})
    assert plain == {"type": "Polygon", "coordinates": [SQUARE]}
    holed = land.read_geometry({"type": "Polygon", "coordinates": [SQUARE, HOLE]})
    assert land.area_mu(holed) == pytest.approx(land.area_mu(plain) * (1 - 1 / 16), rel=1e-6)


def test_a_square_has_the_area_of_its_sides() -> None:
    north = 0.002 * 111_195
    expected = north * north * cos(radians(34.001)) / (2000 / 3)
    assert land.area_mu({"type": "Polygon", "coordinates": [SQUARE]}) == pytest.approx(expected, rel=1e-4)
    assert land.centre({"type": "Polygon", "coordinates": [SQUARE]}) == pytest.approx((111.001, 34.001))


@settings(max_examples=40, deadline=None)
@given(
    st.floats(min_value=100, max_value=120), st.floats(min_value=20, max_value=45),
    st.floats(min_value=0.0005, max_value=0.01), st.integers(min_value=0, max_value=3), st.booleans(),
)  # fmt: skip
def test_area_and_centre_do_not_depend_on_where_a_ring_begins_or_turns(
    lng: float, lat: float, side: float, turn: int, back: bool
) -> None:
    corners = [[lng, lat], [lng + side, lat], [lng + side, lat + side], [lng, lat + side]]
    moved = corners[turn:] + corners[:turn]
    moved = moved[::-1] if back else moved
    one = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    other = {"type": "Polygon", "coordinates": [[*moved, moved[0]]]}
    # Differences of degrees near 100 carry about eleven digits.
    assert land.area_mu(one) == pytest.approx(land.area_mu(other), rel=1e-5)
    assert land.centre(one) == pytest.approx(land.centre(other), abs=1e-6)


def test_what_was_written_is_read_again() -> None:
    shapes = [Shape({"type": "Polygon", "coordinates": [SQUARE]}, {"名称": "一号地", "面积": 12.5})]
    assert land.read_shapes(land.write_shapes(shapes)) == shapes
