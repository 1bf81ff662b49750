"""Where a stall zone begins and ends: a circle or a polygon on the ground. Degrees in WGS-84, distances in metres."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from math import cos, hypot, radians

from fangxin.engines.matching import distance_m

Point = tuple[float, float]  # (latitude, longitude)
_METRES_A_DEGREE = 111_195.0
MOST_CORNERS = 60
# A zone larger than this across is a slip of the finger, not a street corner.
LARGEST_M = 5_000.0


def metres_outside(point: Point, *, centre: Point, radius_m: float, corners: Sequence[Point] = ()) -> float:
    """How far a point lies outside a zone; 0 inside. With corners the polygon counts, without them the circle.

    >>> round(metres_outside((34.0, 111.002), centre=(34.0, 111.0), radius_m=50))
    134
    >>> square = [(34.0, 111.0), (34.0, 111.001), (34.001, 111.001), (34.001, 111.0)]
    >>> metres_outside((34.0005, 111.0005), centre=(34.0, 111.0), radius_m=0, corners=square)
    0.0
    """
    if not corners:
        return max(0.0, distance_m(point, centre) - radius_m)
    if contains(corners, point):
        return 0.0
    flat = [_flat(corner, point) for corner in (*corners, corners[0])]
    return min(_to_segment(a, b) for a, b in pairwise(flat))


def contains(corners: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a polygon, by the number of sides crossed on the way out."""
    inside = False
    lat, lng = point
    for (lat_a, lng_a), (lat_b, lng_b) in pairwise((*corners, corners[0])):
        if (lat_a > lat) != (lat_b > lat) and lng < (lng_b - lng_a) * (lat - lat_a) / (lat_b - lat_a) + lng_a:
            inside = not inside
    return inside


def middle(corners: Sequence[Point]) -> Point:
    return sum(lat for lat, _ in corners) / len(corners), sum(lng for _, lng in corners) / len(corners)


def crosses_itself(corners: Sequence[Point]) -> bool:
    """Whether two sides that are no neighbours meet."""
    sides = list(pairwise((*corners, corners[0])))
    return any(
        _cross(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (i, j) != (0, len(sides) - 1)
    )


def is_open(opens: time | None, closes: time | None, at: time) -> bool:
    """Whether a moment lies in the hours of a zone; hours may pass midnight, and none means all day.

    >>> is_open(time(18), time(1), time(0, 30)), is_open(time(6), time(9), time(9, 1))
    (True, False)
    """
    if opens is None or closes is None:
        return True
    if opens <= closes:
        return opens <= at <= closes
    return at >= opens or at <= closes


def _flat(point: Point, origin: Point) -> Point:
    """Metres north and east of an origin: a county is small enough to be flat."""
    north = (point[0] - origin[0]) * _METRES_A_DEGREE
    return north, (point[1] - origin[1]) * _METRES_A_DEGREE * cos(radians(origin[0]))


def _to_segment(a: Point, b: Point) -> float:
    """Distance of the origin from a segment."""
    across, along = b[0] - a[0], b[1] - a[1]
    length = across * across + along * along
    share = 0.0 if length == 0 else max(0.0, min(1.0, -(a[0] * across + a[1] * along) / length))
    return hypot(a[0] + share * across, a[1] + share * along)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
