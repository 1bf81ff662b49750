"""Read an official food-safety action plan into plain values with sources."""

from .contract import to_json
from .facts import BrokenFacts, PlanFacts, load_plan_facts
from .files import read_text
from .reader import read_plan
from .values import (
    Action,
    Comparison,
    Deadline,
    DeadlineKind,
    Defect,
    DefectKind,
    Goal,
    NotAPlan,
    Period,
    PlanReading,
    Refusal,
    Source,
    Unreadable,
    UnreadableFile,
)

__all__ = [
    "Action",
    "BrokenFacts",
    "Comparison",
    "Deadline",
    "DeadlineKind",
    "Defect",
    "DefectKind",
    "Goal",
    "NotAPlan",
    "Period",
    "PlanFacts",
    "PlanReading",
    "Refusal",
    "Source",
    "Unreadable",
    "UnreadableFile",
    "load_plan_facts",
    "read_plan",
    "read_text",
    "to_json",
]
