"""Is the laboratory's measuring in control? Westgard's multirules, and limits of control charts.

Method, sources and limits: docs/methods/quality-control.md.
"""

from fangxin.engines.quality_control.charts import Limits, Smoothed, estimate_limits, smooth
from fangxin.engines.quality_control.westgard import (
    MULTIRULE,
    ControlValue,
    Outcome,
    Rule,
    RunVerdict,
    Target,
    Violation,
    judge_runs,
)

__all__ = [
    "MULTIRULE",
    "ControlValue",
    "Limits",
    "Outcome",
    "Rule",
    "RunVerdict",
    "Smoothed",
    "Target",
    "Violation",
    "estimate_limits",
    "judge_runs",
    "smooth",
]
