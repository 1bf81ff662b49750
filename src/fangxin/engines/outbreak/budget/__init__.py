"""So many false alarms a month and no more, over all series together.

A detector says how unlikely each count is; how often it is wrong depends on the model, the data and how many series are watched.
`keep_budget` learns from the detector's own past which tail probability gives as many alarms as were asked for, and corrects itself
by what happened. Gibbs and Candès 2021 (Adaptive conformal inference under distribution shift). docs/methods/false-alarm-budget.md
has the bound that always holds.
"""

from fangxin.engines.outbreak.budget.chances import detection_probability, tail_of_seen, tail_of_sums
from fangxin.engines.outbreak.budget.keeping import BudgetRefused, Kept, keep_budget, periods_in_month

__all__ = [
    "BudgetRefused",
    "Kept",
    "detection_probability",
    "keep_budget",
    "periods_in_month",
    "tail_of_seen",
    "tail_of_sums",
]
