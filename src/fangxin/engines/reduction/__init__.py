"""How much was used, how much less than before, and whether sales, use and fields tell the same story.

Method, guarantees and limits: docs/methods/input-reduction.md.
"""

from fangxin.engines.reduction.amounts import (
    Amount,
    Basis,
    Ingredient,
    Total,
    Unit,
    Unknown,
    active_grams,
    in_base_unit,
    total_of,
)
from fangxin.engines.reduction.changes import Change, Trend, Usage, compare_years, intensity, share
from fangxin.engines.reduction.flows import Contradiction, Discrepancy, Flow, Meaning, Need, compare_flow, label_need

__all__ = [
    "Amount",
    "Basis",
    "Change",
    "Contradiction",
    "Discrepancy",
    "Flow",
    "Ingredient",
    "Meaning",
    "Need",
    "Total",
    "Trend",
    "Unit",
    "Unknown",
    "Usage",
    "active_grams",
    "compare_flow",
    "compare_years",
    "in_base_unit",
    "intensity",
    "label_need",
    "share",
    "total_of",
]
