"""Grades and results of food-safety visits, from checklists and rules that are dated data.

Risk grade, catering grade, the result of a visit and how often to come back. A grade is always a
`Grade(scale, grade)`; every verdict carries its `Basis`. Which edition applies is decided by the day of the
visit (`edition_in_force`), given by the caller; nothing here reads a clock.
"""

from fangxin.engines.grading.checklists import Checklist, ChecklistItem, checklist_for, load_checklist
from fangxin.engines.grading.frequency import (
    FrequencyRules,
    GradeFrequency,
    KeySupervision,
    frequency_for,
    key_supervision,
    load_frequency_rules,
)
from fangxin.engines.grading.hygiene import (
    HygieneRules,
    HygieneVerdict,
    ScoredVisit,
    grade_scores,
    grade_visit,
    grade_year,
    load_hygiene_rules,
)
from fangxin.engines.grading.reading import RuleHead, RuleMissing, RuleRefused, edition_in_force
from fangxin.engines.grading.results import (
    Action,
    Overall,
    RequiredAction,
    ResultRules,
    VisitVerdict,
    judge_visit,
    load_result_rules,
)
from fangxin.engines.grading.risk import (
    Adjustment,
    Direction,
    Occurred,
    RiskRules,
    RiskVerdict,
    adjust_grade,
    judge_risk,
    load_risk_rules,
)
from fangxin.engines.grading.standstill import Standstill, SuperiorVisit, standstill
from fangxin.engines.grading.static_scores import (
    FactsMissing,
    StaticForm,
    StaticScore,
    load_static_form,
    static_form_for,
    static_score,
)
from fangxin.engines.grading.values import UNGRADED, Basis, Grade, Scale
from fangxin.engines.grading.visits import Answered, DynamicScore, ItemResult, Outcome, answer, dynamic_score

__all__ = [
    "UNGRADED",
    "Action",
    "Adjustment",
    "Answered",
    "Basis",
    "Checklist",
    "ChecklistItem",
    "Direction",
    "DynamicScore",
    "FactsMissing",
    "FrequencyRules",
    "Grade",
    "GradeFrequency",
    "HygieneRules",
    "HygieneVerdict",
    "ItemResult",
    "KeySupervision",
    "Occurred",
    "Outcome",
    "Overall",
    "RequiredAction",
    "ResultRules",
    "RiskRules",
    "RiskVerdict",
    "RuleHead",
    "RuleMissing",
    "RuleRefused",
    "Scale",
    "ScoredVisit",
    "Standstill",
    "StaticForm",
    "StaticScore",
    "SuperiorVisit",
    "VisitVerdict",
    "adjust_grade",
    "answer",
    "checklist_for",
    "dynamic_score",
    "edition_in_force",
    "frequency_for",
    "grade_scores",
    "grade_visit",
    "grade_year",
    "judge_risk",
    "judge_visit",
    "key_supervision",
    "load_checklist",
    "load_frequency_rules",
    "load_hygiene_rules",
    "load_result_rules",
    "load_risk_rules",
    "load_static_form",
    "standstill",
    "static_form_for",
    "static_score",
]
