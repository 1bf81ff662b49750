from fangxin.oversight.plans.models.actions import Action, ActionAgency, Goal, Measure
from fangxin.oversight.plans.models.documents import Correction, Defect, Plan, PlanDeadline
from fangxin.oversight.plans.models.returns import Return, ReturnPeriod, ReturnStep, ReturnVersion
from fangxin.oversight.plans.models.special_plans import SpecialPlan, SpecialPlanStep
from fangxin.oversight.plans.models.work import Task

__all__ = [
    "Action",
    "ActionAgency",
    "Correction",
    "Defect",
    "Goal",
    "Measure",
    "Plan",
    "PlanDeadline",
    "Return",
    "ReturnPeriod",
    "ReturnStep",
    "ReturnVersion",
    "SpecialPlan",
    "SpecialPlanStep",
    "Task",
]
