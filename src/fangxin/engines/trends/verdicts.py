"""From readings to a word: improving, stable, worse, or too few to say; always with the number of points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt

from fangxin.engines.trends.kendall import Kendall, kendall_of_blocks, least_points, variance_of_score
from fangxin.engines.trends.slopes import Slope, slope_of_blocks

Point = tuple[float, float]  # (time, value)


class Direction(StrEnum):
    IMPROVING = "improving"
    STABLE = "stable"
    WORSE = "worse"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Trend:
    """`points` is how many readings were compared, `times` at how many different times.

    "Stable" says that the test found no trend at `alpha`; `slope.low` and `slope.high` say how large a trend may have
    remained unseen. "Too few" says that no order of these readings could have been significant.
    """

    direction: Direction
    points: int
    times: int
    p: float | None
    alpha: float
    slope: Slope | None
    test: Kendall | None


def judge_trend(points: Sequence[Point], *, rising_is_bad: bool = True, alpha: float = 0.05) -> Trend:
    """The trend of one series. `rising_is_bad` for a pollutant; False for dissolved oxygen.

    >>> judge_trend([(y, v) for y, v in enumerate([5, 4.1, 3.9, 3.0, 2.2, 2.1])]).direction
    <Direction.IMPROVING: 'improving'>
    >>> judge_trend([(2022, 0.3), (2023, 0.2), (2024, 0.1)]).direction
    <Direction.TOO_FEW: 'too_few'>
    """
    return judge_trend_of_blocks({"": points}, rising_is_bad=rising_is_bad, alpha=alpha)


def judge_trend_of_blocks(
    blocks: Mapping[str, Sequence[Point]], *, rising_is_bad: bool = True, alpha: float = 0.05
) -> Trend:
    """The trend common to blocks whose readings are compared within a block only: the same month of each year, or
    the same sampling point. Several readings of a block at one time count by their median, as one."""
    kept = [series for values in blocks.values() if len(series := _one_a_time(values)) > 1]
    points = sum(map(len, kept))
    times = len({time for series in kept for time, _value in series})
    if not _can_tell(kept, alpha):
        return Trend(Direction.TOO_FEW, points, times, None, alpha, slope_of_blocks(kept, confidence=1 - alpha), None)
    test = kendall_of_blocks([[value for _time, value in series] for series in kept])
    direction = Direction.STABLE
    if test.p <= alpha and test.s != 0:
        direction = Direction.WORSE if (test.s > 0) == rising_is_bad else Direction.IMPROVING
    return Trend(direction, points, times, test.p, alpha, slope_of_blocks(kept, confidence=1 - alpha), test)


def _one_a_time(values: Sequence[Point]) -> list[Point]:
    """One value a time, in order: the median of those measured at the same time."""
    by_time: dict[float, list[float]] = {}
    for time, value in values:
        by_time.setdefault(time, []).append(value)
    return [(time, _middle(sorted(found))) for time, found in sorted(by_time.items())]


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _can_tell(kept: Sequence[Sequence[Point]], alpha: float) -> bool:
    """Whether some order of as many untied readings would be significant. A single block is judged exactly."""
    if not kept:
        return False
    if len(kept) == 1:
        return len(kept[0]) >= least_points(alpha)
    pairs = sum(len(series) * (len(series) - 1) // 2 for series in kept)
    variance = sum(variance_of_score(list(range(len(series)))) for series in kept)
    return erfc((pairs - 1) / sqrt(variance) / sqrt(2)) <= alpha
