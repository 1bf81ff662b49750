"""Shapes on the ground as GeoJSON (RFC 7946): read with checks, measured, written. Degrees are WGS-84.

Distances and areas take the ground as flat around the shape, which for a field or a township errs by far less than a
thousandth.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, isfinite, radians
from typing import Any

M2_A_MU = 2000 / 3
# A field has few corners. Checking that rings do not cross costs the square of them, so a file is bounded as a whole.
MOST_VERTICES = 600
MOST_IN_A_FILE = 60_000
MOST_SHAPES = 5_000
_METRES_A_DEGREE = 111_195.0
_KINDS = ("Point", "Polygon", "MultiPolygon")
Position = tuple[float, float]  # (longitude, latitude)


class ShapeError(ValueError):
    """The shape cannot be used. `code` says why; `place` is the number of the feature from 1, 0 for the whole file.

    Codes: not_json, not_geojson, too_many_shapes, no_shapes, kind, position, range, too_many_vertices, ring_open,
    ring_short, ring_crosses, ring_empty.
    """

    def __init__(self, code: str, place: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} {place} {detail}".strip())
        self.code, self.place, self.detail = code, place, detail


@dataclass(frozen=True, slots=True)
class Shape:
    """A checked geometry with the properties that came with it."""

    geometry: Mapping[str, Any]
    properties: Mapping[str, Any] = field(default_factory=dict)


def read_shapes(text: str, *, most_shapes: int = MOST_SHAPES, most_vertices: int = MOST_VERTICES) -> list[Shape]:
    """The shapes of a FeatureCollection, a Feature or a bare geometry, each checked. Raises ShapeError.

    >>> read_shapes('{"type": "Point", "coordinates": [111.0, 34.0]}')[0].geometry["type"]
    'Point'
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ShapeError("not_json") from None
    features = _features(document)
    if len(features) > most_shapes:
        raise ShapeError("too_many_shapes", 0, str(most_shapes))
    if not features:
        raise ShapeError("no_shapes")
    shapes = []
    left = MOST_IN_A_FILE
    for place, feature in enumerate(features, start=1):
        shapes.append(_shape(feature, place, min(most_vertices, left)))
        left -= sum(len(ring) for rings in _polygons(shapes[-1].geometry) for ring in rings)
    return shapes


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _features(document: object) -> list[object]:
    if not isinstance(document, dict):
        raise ShapeError("not_geojson")
    if document.get("type") == "FeatureCollection":
        found = document.get("features")
        if not isinstance(found, list):
            raise ShapeError("not_geojson")
        return found
    return [document]


def _shape(feature: object, place: int, most_vertices: int) -> Shape:
    if not isinstance(feature, dict):
        raise ShapeError("not_geojson", place)
    if feature.get("type") != "Feature":
        return Shape(read_geometry(feature, place=place, most_vertices=most_vertices))
    properties = feature.get("properties")
    return Shape(
        read_geometry(feature.get("geometry"), place=place, most_vertices=most_vertices),
        properties if isinstance(properties, dict) else {},
    )


def read_geometry(geometry: object, *, place: int = 0, most_vertices: int = MOST_VERTICES) -> Mapping[str, Any]:
    """A Point, Polygon or MultiPolygon with closed rings, degrees in range and no height. Raises ShapeError."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in _KINDS:
        raise ShapeError("kind", place, str(kind)[:40])
    found = geometry.get("coordinates")
    if kind == "Point":
        return {"type": kind, "coordinates": list(_position(found, place))}
    polygons = [found] if kind == "Polygon" else found
    if not isinstance(polygons, list) or not polygons:
        raise ShapeError("ring_empty", place)
    checked = [_polygon(rings, place, most_vertices) for rings in polygons]
    if sum(len(ring) for rings in checked for ring in rings) > most_vertices:
        raise ShapeError("too_many_vertices", place, str(most_vertices))
    return {"type": kind, "coordinates": checked[0] if kind == "Polygon" else checked}


def _polygon(rings: object, place: int, most: int) -> list[list[list[float]]]:
    if not isinstance(rings, list) or not rings:
        raise ShapeError("ring_empty", place)
    if sum(len(ring) for ring in rings if isinstance(ring, list)) > most:
        raise ShapeError("too_many_vertices", place, str(most))
    return [_ring(ring, place) for ring in rings]


def _ring(ring: object, place: int) -> list[list[float]]:
    if not isinstance(ring, list):
        raise ShapeError("ring_empty", place)
    positions = [_position(one, place) for one in ring]
    if len(positions) < 4:
        raise ShapeError("ring_short", place)
    if positions[0] != positions[-1]:
        raise ShapeError("ring_open", place)
    if _crosses_itself(positions):
        raise ShapeError("ring_crosses", place)
    return [list(one) for one in positions]


def _position(value: object, place: int) -> Position:
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise ShapeError("position", place)
    longitude, latitude = value[0], value[1]
    for number in (longitude, latitude):
        if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > 1e6 or not isfinite(number):
            raise ShapeError("position", place)
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise ShapeError("range", place, f"{longitude}, {latitude}")
    return float(longitude), float(latitude)


def _crosses_itself(ring: Sequence[Position]) -> bool:
    """Whether two sides cross that are no neighbours. Long rings are compared by strips of longitude."""
    sides = [(a, b) if a[0] <= b[0] else (b, a) for a, b in pairwise(ring) if a != b]
    last = len(sides) - 1
    order = sorted(range(len(sides)), key=lambda i: sides[i][0][0])
    active: list[int] = []
    for i in order:
        left = sides[i][0][0]
        active = [j for j in active if sides[j][1][0] >= left]
        for j in active:
            if abs(i - j) > 1 and {i, j} != {0, last} and _cross(*sides[i], *sides[j]):
                return True
        active.append(i)
    return False


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Position, b: Position, c: Position) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def distance_m(one: Position, other: Position) -> float:
    """Metres between two positions no farther apart than a county is wide.

    >>> round(distance_m((111.0, 34.0), (111.001, 34.0)))
    92
    """
    squeeze = cos(radians((one[1] + other[1]) / 2))
    return hypot((other[0] - one[0]) * squeeze, other[1] - one[1]) * _METRES_A_DEGREE


def area_mu(geometry: Mapping[str, Any]) -> float:
    """Area in mu; holes are taken off; 0 for a point.

    >>> square = [[111.0, 34.0], [111.001, 34.0], [111.001, 34.001], [111.0, 34.001], [111.0, 34.0]]
    >>> round(area_mu({"type": "Polygon", "coordinates": [square]}), 1)
    15.4
    """
    total = 0.0
    for rings in _polygons(geometry):
        areas = [abs(_ring_m2(ring)) for ring in rings]
        total += areas[0] - sum(areas[1:])
    return total / M2_A_MU


def centre(geometry: Mapping[str, Any]) -> Position:
    """A point: itself; an area: the middle of its largest outer ring, by area."""
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"]
        return longitude, latitude
    ring = max((rings[0] for rings in _polygons(geometry)), key=lambda r: abs(_ring_m2(r)))
    x0, y0 = ring[0]
    doubled = sum_x = sum_y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        turn = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        doubled += turn
        sum_x += (x1 + x2 - 2 * x0) * turn
        sum_y += (y1 + y2 - 2 * y0) * turn
    if doubled == 0:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    return x0 + sum_x / (3 * doubled), y0 + sum_y / (3 * doubled)


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    if geometry["type"] == "Point":
        return []
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else list(coordinates)


def _ring_m2(ring: Sequence[Sequence[float]]) -> float:
    x0, y0 = ring[0][0], ring[0][1]
    squeeze = cos(radians(sum(one[1] for one in ring[1:]) / (len(ring) - 1)))
    doubled = sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring))
    return doubled / 2 * squeeze * _METRES_A_DEGREE**2


def write_shapes(shapes: Iterable[Shape]) -> str:
    """A FeatureCollection. What was read comes out as it went in."""
    features = [{"type": "Feature", "geometry": s.geometry, "properties": dict(s.properties)} for s in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
