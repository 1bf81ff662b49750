from fangxin.actions.monitoring.models.assessments import Assessment
from fangxin.actions.monitoring.models.consultations import Consultation, Decision, Participant
from fangxin.actions.monitoring.models.measurements import Batch, Measurement
from fangxin.actions.monitoring.models.signals import Signal
from fangxin.actions.monitoring.models.surveys import Survey, SurveyFigure

__all__ = [
    "Assessment",
    "Batch",
    "Consultation",
    "Decision",
    "Measurement",
    "Participant",
    "Signal",
    "Survey",
    "SurveyFigure",
]
