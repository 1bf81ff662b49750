"""A trace as a drawing: time from left to right, a row for each place, a box for each lot, a band for each link.

Values in, numbers of a drawing out; the template writes them as SVG. The same trace gives the same drawing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fangxin.kernel.supply.data import Trace, TracedLink, TracedLot

BOX_WIDTH, BOX_HEIGHT = 112, 34
LANE_HEIGHT, ROW_GAP = 42, 14
LEFT, TOP, RIGHT = 176, 44, 40
WIDEST, NARROWEST = 132, 10
WHOLE = 1_500
THICKEST, THINNEST = 14.0, 1.5
MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Box:
    lot: TracedLot
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Band:
    link: TracedLink
    path: str
    width: float
    backwards: bool


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    y: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    rows: tuple[Row, ...]
    bands: tuple[Band, ...]
    ticks: tuple[tuple[float, str], ...]


def draw(trace: Trace, names: Mapping[int, str]) -> Picture:
    """`names` says how the place of each lot is called to the one who looks."""
    days = sorted({lot.began_on for lot in trace.lots})
    xs = _columns(days)
    rows = _rows(trace.lots, names, xs)
    boxes = {box.lot.id: box for row in rows for box in row.boxes}
    bottom = rows[-1].y + rows[-1].height if rows else TOP
    bands = _bands(trace.links, boxes)
    width = max(xs.values(), default=LEFT) + BOX_WIDTH + RIGHT
    return Picture(width, bottom + ROW_GAP, tuple(rows), tuple(bands), tuple(_ticks(days, xs)))


def _columns(days: Sequence[date]) -> dict[date, float]:
    """Days in their order, close together where there are many: what counts is before and after."""
    step = max(NARROWEST, min(WIDEST + 28, WHOLE / max(1, len(days))))
    return {day: LEFT + n * step for n, day in enumerate(days)}


def _rows(lots: Sequence[TracedLot], names: Mapping[int, str], xs: Mapping[date, float]) -> list[Row]:
    by_place: dict[str, list[TracedLot]] = {}
    for lot in lots:
        by_place.setdefault(names[lot.id], []).append(lot)
    order = sorted(by_place, key=lambda name: (min(lot.depth for lot in by_place[name]), name))
    rows, y = [], float(TOP)
    for name in order:
        placed, lanes = _lanes(sorted(by_place[name], key=lambda lot: (lot.began_on, lot.number)), xs, y)
        height = lanes * LANE_HEIGHT
        rows.append(Row(name, y, height, tuple(placed)))
        y += height + ROW_GAP
    return rows


def _lanes(lots: Sequence[TracedLot], xs: Mapping[date, float], y: float) -> tuple[list[Box], int]:
    """Boxes of one place side by side, one below the other where they would cover each other."""
    ends: list[float] = []
    boxes = []
    for lot in lots:
        x = xs[lot.began_on]
        lane = next((n for n, end in enumerate(ends) if end <= x), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = x + BOX_WIDTH + 8
        boxes.append(Box(lot, x, y + lane * LANE_HEIGHT))
    return boxes, len(ends)


def _bands(links: Sequence[TracedLink], boxes: Mapping[int, Box]) -> list[Band]:
    most = max((link.quantity for link in links if link.quantity is not None), default=Decimal(0))
    return [
        Band(link, _path(boxes[link.from_lot], boxes[link.to_lot]), _thickness(link.quantity, most),
             boxes[link.to_lot].x < boxes[link.from_lot].x)
        for link in sorted(links, key=lambda link: link.id)
    ]  # fmt: skip


def _thickness(quantity: Decimal | None, most: Decimal) -> float:
    """By the square root, so that a hundredth can still be seen beside the whole; thin where nothing is known."""
    if quantity is None or not most:
        return THINNEST
    return round(max(THINNEST, THICKEST * math.sqrt(float(quantity / most))), 1)


def _path(start: Box, end: Box) -> str:
    x1, y1 = start.x + BOX_WIDTH, start.middle
    x2, y2 = end.x, end.middle
    if start.x == end.x:
        # The same day: round the right side, so that the boxes between are not crossed.
        bend = x1 + 26 + min(60.0, abs(y2 - y1) / 12)
        return f"M{x1:.0f},{y1:.0f}C{bend:.0f},{y1:.0f} {bend:.0f},{y2:.0f} {x1:.0f},{y2:.0f}"
    bend = max(24.0, abs(x2 - x1) / 2)
    return f"M{x1:.0f},{y1:.0f}C{x1 + bend:.0f},{y1:.0f} {x2 - bend:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"


def _ticks(days: Sequence[date], xs: Mapping[date, float]) -> list[tuple[float, str]]:
    every = max(1, math.ceil(len(days) / MOST_TICKS))
    return [(xs[day], day.isoformat()) for day in days[::every]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map with what came together there."""

    name: str
    x: float
    y: float
    lots: int
    failed: bool
    start: bool


MAP_WIDTH, MAP_HEIGHT, MARGIN = 1000, 620, 60


def draw_map(
    trace: Trace, names: Mapping[int, str], where: Mapping[int, tuple[float, float]]
) -> tuple[list[Spot], list[tuple[str, bool, float]]]:
    """Places with a position, and a line for each pair of them. `where` gives latitude and longitude by premises."""
    lots = [lot for lot in trace.lots if lot.premises_id in where]
    at = _plane({lot.premises_id: where[lot.premises_id] for lot in lots if lot.premises_id is not None})
    groups: dict[int, list[TracedLot]] = {}
    for lot in lots:
        if lot.premises_id is not None:
            groups.setdefault(lot.premises_id, []).append(lot)
    spots = [
        Spot(
            names[group[0].id],
            *at[pk],
            len(group),
            any(lot.failed for lot in group),
            any(not lot.depth for lot in group),
        )
        for pk, group in sorted(groups.items(), key=lambda item: names[item[1][0].id])
    ]
    place = {lot.id: lot.premises_id for lot in lots if lot.premises_id is not None}
    pairs: dict[tuple[int, int], list[TracedLink]] = {}
    for link in trace.links:
        ends = place.get(link.from_lot), place.get(link.to_lot)
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            pairs.setdefault((ends[0], ends[1]), []).append(link)
    lines = [
        (_line(at[a], at[b]), all(link.inferred for link in group), 1.5 + min(4.5, math.log2(len(group) + 1)))
        for (a, b), group in sorted(pairs.items())
    ]
    return spots, lines


def _plane(where: Mapping[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    if not where:
        return {}
    lats, lngs = [lat for lat, _ in where.values()], [lng for _, lng in where.values()]
    squeeze = math.cos(math.radians(sum(lats) / len(lats)))
    span = max(max(lats) - min(lats), (max(lngs) - min(lngs)) * squeeze, 0.002)
    scale = min((MAP_WIDTH - 2 * MARGIN), (MAP_HEIGHT - 2 * MARGIN)) / span
    lat0, lng0 = (max(lats) + min(lats)) / 2, (max(lngs) + min(lngs)) / 2
    return {
        pk: (round(MAP_WIDTH / 2 + (lng - lng0) * squeeze * scale, 1), round(MAP_HEIGHT / 2 - (lat - lat0) * scale, 1))
        for pk, (lat, lng) in where.items()
    }


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    # Bent to one side, so that there and back are two lines.
    mx, my = (start[0] + end[0]) / 2 - (end[1] - start[1]) * 0.12, (start[1] + end[1]) / 2 + (end[0] - start[0]) * 0.12
    return f"M{start[0]},{start[1]}Q{mx:.1f},{my:.1f} {end[0]},{end[1]}"
