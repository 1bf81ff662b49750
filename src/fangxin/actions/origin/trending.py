"""Whether soil has been getting better or worse: each point compared with itself over the years, each element apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fangxin.actions.origin import rules
from fangxin.actions.origin.models import SoilSample
from fangxin.engines import trends
from fangxin.engines.trends import Direction, Trend

# Five elements are looked at, so each is asked at a fifth of one in twenty.
ALPHA = 0.01
WATCHED = ("Cd", "Hg", "As", "Pb", "Cr")


@dataclass(frozen=True, slots=True)
class SoilTrend:
    """The word for the whole, and the trend of every element behind it."""

    direction: Direction
    elements: Mapping[str, Trend]

    @property
    def points(self) -> int:
        return max((trend.points for trend in self.elements.values()), default=0)

    @property
    def times(self) -> int:
        return max((trend.times for trend in self.elements.values()), default=0)


def trend_of(samples: Iterable[SoilSample]) -> SoilTrend:
    """Samples of any points, in any order; corrected ones must have been left out."""
    rows = [(s.point_id, s.sampled_on, s.readings) for s in samples]
    return trend_of_rows(rows)


def trend_of_rows(rows: Iterable[tuple[int, date, Mapping[str, str]]]) -> SoilTrend:
    readings: dict[str, list[trends.Reading]] = {element: [] for element in WATCHED}
    for point, day, values in rows:
        for element in WATCHED:
            if element in values:
                value, lod = rules.read_value(values[element])
                readings[element].append(trends.Reading(_year(day), _number(value), _number(lod), block=str(point)))
    found = {element: _trend(given) for element, given in readings.items()}
    return SoilTrend(_together(found.values()), found)


def _trend(readings: Iterable[trends.Reading]) -> Trend:
    blocks: dict[str, list[tuple[float, float]]] = {}
    for reading in trends.level(readings):
        if reading.value is not None:
            blocks.setdefault(reading.block, []).append((reading.time, reading.value))
    return trends.judge_trend_of_blocks(blocks, alpha=ALPHA)


def _together(found: Iterable[Trend]) -> Direction:
    """Worse where one element is; improving where one is and none is worse."""
    seen = {trend.direction for trend in found}
    for direction in (Direction.WORSE, Direction.IMPROVING, Direction.STABLE):
        if direction in seen:
            return direction
    return Direction.TOO_FEW


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def said(direction: Direction) -> tuple[str, str]:
    """The word and its tone."""
    return {
        Direction.IMPROVING: (_("好转"), "good"),
        Direction.STABLE: (_("没有明显变化"), "info"),
        Direction.WORSE: (_("变差"), "bad"),
        Direction.TOO_FEW: (_("数据太少，不能判断"), "plain"),
    }[direction]
