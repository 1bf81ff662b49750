"""Field epidemiology: from a line list to a curve, a table, an agent and a meal."""

from fangxin.engines.outbreak.epidemiology.curves import Bin, Curve, bin_width, curve
from fangxin.engines.outbreak.epidemiology.incubation import Agent, Ranked, Window, exposure_window, rank_agents
from fangxin.engines.outbreak.epidemiology.line_list import (
    CaseClass,
    CaseDefinition,
    Criteria,
    Fault,
    Moved,
    Person,
    classify,
    cross,
    exposures_of,
    faults,
    moved,
)
from fangxin.engines.outbreak.epidemiology.logistic import Logistic, RegressionRefused, Term, fit_logistic
from fangxin.engines.outbreak.epidemiology.tables import Estimate, Measures, Pooled, TwoByTwo, measure, pool

__all__ = [
    "Agent", "Bin", "CaseClass", "CaseDefinition", "Criteria", "Curve", "Estimate", "Fault", "Logistic", "Measures", "Moved",
    "Person", "Pooled", "Ranked", "RegressionRefused", "Term", "TwoByTwo", "Window", "bin_width", "classify", "cross", "curve",
    "exposure_window", "exposures_of", "faults", "fit_logistic", "measure", "moved", "pool", "rank_agents",
]  # fmt: skip
