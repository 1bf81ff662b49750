"""How much of a pesticide is left at harvest, as a probability: a forecast, never a verdict.

Residue = deposit per dose × Σ dose × what is left after the days in between. The half-life and the deposit are not
known but spread (lognormal), so the answer is the probability that the residue lies above a limit. Fixed quadrature
instead of random draws: the same question always has the same answer.

    >>> model = Decline(half_life=Spread(4.0, 1.6), deposit=Spread(0.02, 1.8))
    >>> soon = probability_above(0.5, [Treatment(0, 60.0)], 3, model)
    >>> later = probability_above(0.5, [Treatment(0, 60.0)], 14, model)
    >>> soon > later
    True
"""

from fangxin.engines.decline.calibration import Bin, brier_score, reliability_table
from fangxin.engines.decline.forecast import (
    median_residue,
    probability_above,
    remaining_share,
    residue_quantile,
    wait_until_below,
)
from fangxin.engines.decline.simulation import Simulated, simulate
from fangxin.engines.decline.values import Decline, Spread, Treatment

__all__ = [
    "Bin",
    "Decline",
    "Simulated",
    "Spread",
    "Treatment",
    "brier_score",
    "median_residue",
    "probability_above",
    "reliability_table",
    "remaining_share",
    "residue_quantile",
    "simulate",
    "wait_until_below",
]
