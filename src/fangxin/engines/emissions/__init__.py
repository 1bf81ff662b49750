"""Emissions that can reach food: what the headline rules say of volatile organic compounds and of metals in a discharge."""

from fangxin.engines.emissions.transfer import CrimeRules, Suspicion, load_crime_rules, suspect
from fangxin.engines.emissions.voc import (
    Checked,
    Judgement,
    LeakRule,
    Outcome,
    VocRules,
    efficiency,
    judge_check,
    leak_threshold,
    load_voc_rules,
    needs_ldar,
    overall,
)

__all__ = [
    "Checked",
    "CrimeRules",
    "Judgement",
    "LeakRule",
    "Outcome",
    "Suspicion",
    "VocRules",
    "efficiency",
    "judge_check",
    "leak_threshold",
    "load_crime_rules",
    "load_voc_rules",
    "needs_ldar",
    "overall",
    "suspect",
]
