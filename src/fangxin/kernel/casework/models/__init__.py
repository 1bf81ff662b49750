from fangxin.kernel.casework.models.cases import (
    Case,
    CaseClock,
    CaseEvidence,
    CaseItem,
    CasePaper,
    CasePause,
    CaseScreening,
    CaseStep,
)
from fangxin.kernel.casework.models.deadlines import CalendarDay, CalendarYear, Escalation, Extension
from fangxin.kernel.casework.models.matters import Matter, MatterEvidence, MatterStep
from fangxin.kernel.casework.models.papers import Interview, MatterPaper

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Case",
    "CaseClock",
    "CaseEvidence",
    "CaseItem",
    "CasePaper",
    "CasePause",
    "CaseScreening",
    "CaseStep",
    "Escalation",
    "Extension",
    "Interview",
    "Matter",
    "MatterEvidence",
    "MatterPaper",
    "MatterStep",
]
