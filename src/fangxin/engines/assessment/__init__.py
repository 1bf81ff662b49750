"""The yearly assessment of agencies: a rule set as data, scores that name their evidence, ranks and grades."""

from fangxin.engines.assessment.rule_sets import (
    AdjustmentKind,
    AdjustmentRule,
    Band,
    GradeFloor,
    IndicatorRule,
    RuleSet,
    load_rule_set,
)
from fangxin.engines.assessment.scoring import (
    Adjusted,
    Event,
    Item,
    Outcome,
    Ranked,
    Reading,
    Scored,
    grade_for,
    rank_all,
    score_agency,
)

__all__ = [
    "Adjusted",
    "AdjustmentKind",
    "AdjustmentRule",
    "Band",
    "Event",
    "GradeFloor",
    "IndicatorRule",
    "Item",
    "Outcome",
    "Ranked",
    "Reading",
    "RuleSet",
    "Scored",
    "grade_for",
    "load_rule_set",
    "rank_all",
    "score_agency",
]
