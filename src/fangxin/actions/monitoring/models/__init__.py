from fangxin.actions.monitoring.models.assessments import Assessment
from fangxin.actions.monitoring.models.cases import CaseExposure, CaseIdentity, CaseReport, CaseSpecimen, ZeroReport
from fangxin.actions.monitoring.models.consultations import Consultation, Decision, Participant
from fangxin.actions.monitoring.models.investigations import (
    CaseDefinition,
    Duty,
    Investigation,
    InvestigationStep,
    LineList,
    Measure,
    OutbreakPaper,
    Share,
    SourceRun,
)
from fangxin.actions.monitoring.models.measurements import Batch, Measurement
from fangxin.actions.monitoring.models.messages import Message, Rumour
from fangxin.actions.monitoring.models.outbreaks import AlarmBudget, DetectionRun, OutbreakSignal
from fangxin.actions.monitoring.models.signals import Signal
from fangxin.actions.monitoring.models.standards import EnterpriseStandard, Questionnaire, Training
from fangxin.actions.monitoring.models.surveys import Survey, SurveyFigure

__all__ = [
    "AlarmBudget",
    "Assessment",
    "Batch",
    "CaseDefinition",
    "CaseExposure",
    "CaseIdentity",
    "CaseReport",
    "CaseSpecimen",
    "Consultation",
    "Decision",
    "DetectionRun",
    "Duty",
    "EnterpriseStandard",
    "Investigation",
    "InvestigationStep",
    "LineList",
    "Measure",
    "Measurement",
    "Message",
    "OutbreakPaper",
    "OutbreakSignal",
    "Participant",
    "Questionnaire",
    "Rumour",
    "Share",
    "Signal",
    "SourceRun",
    "Survey",
    "SurveyFigure",
    "Training",
    "ZeroReport",
]
