"""Whether something has been rising or falling: rank tests for few, uneven and partly undetected readings.

Method, guarantees and limits: docs/methods/trends.md.
"""

from fangxin.engines.trends.kendall import (
    Kendall,
    kendall_of_blocks,
    least_points,
    mann_kendall,
    score,
    variance_of_score,
)
from fangxin.engines.trends.levels import Reading, level
from fangxin.engines.trends.slopes import Slope, sen_slope, slope_of_blocks
from fangxin.engines.trends.verdicts import Direction, Point, Trend, judge_trend, judge_trend_of_blocks

__all__ = [
    "Direction",
    "Kendall",
    "Point",
    "Reading",
    "Slope",
    "Trend",
    "judge_trend",
    "judge_trend_of_blocks",
    "kendall_of_blocks",
    "least_points",
    "level",
    "mann_kendall",
    "score",
    "sen_slope",
    "slope_of_blocks",
    "variance_of_score",
]
