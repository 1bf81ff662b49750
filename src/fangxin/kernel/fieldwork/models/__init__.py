from fangxin.kernel.fieldwork.models.draws import Draw
from fangxin.kernel.fieldwork.models.findings import Finding
from fangxin.kernel.fieldwork.models.grades import PremisesGrade
from fangxin.kernel.fieldwork.models.guarantees import (
    Cadre,
    Guarantee,
    GuaranteeProblem,
    GuaranteeVisit,
    StatusChange,
)
from fangxin.kernel.fieldwork.models.inspections import (
    Inspection,
    InspectionOfficer,
    InspectionPaper,
    InspectionStep,
    ItemPhoto,
    ItemResult,
)
from fangxin.kernel.fieldwork.models.plans import InspectionPlan, PlannedVisit
from fangxin.kernel.fieldwork.models.recusals import Recusal
from fangxin.kernel.fieldwork.models.risks import PremisesRisk, RiskOrder
from fangxin.kernel.fieldwork.models.self_control import (
    Appointment,
    ClosedDay,
    ControlProblem,
    DailyRecord,
    ManagerExam,
    MonthlyMeeting,
    WeeklyReport,
)

__all__ = [
    "Appointment",
    "Cadre",
    "ClosedDay",
    "ControlProblem",
    "DailyRecord",
    "Draw",
    "Finding",
    "Guarantee",
    "GuaranteeProblem",
    "GuaranteeVisit",
    "Inspection",
    "InspectionOfficer",
    "InspectionPaper",
    "InspectionPlan",
    "InspectionStep",
    "ItemPhoto",
    "ItemResult",
    "ManagerExam",
    "MonthlyMeeting",
    "PlannedVisit",
    "PremisesGrade",
    "PremisesRisk",
    "Recusal",
    "RiskOrder",
    "StatusChange",
    "WeeklyReport",
]
