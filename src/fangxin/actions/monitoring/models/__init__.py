from fangxin.actions.monitoring.models.assessments import Assessment
from fangxin.actions.monitoring.models.consultations import Consultation, Decision, Participant
from fangxin.actions.monitoring.models.measurements import Batch, Measurement
from fangxin.actions.monitoring.models.messages import Message, Rumour
from fangxin.actions.monitoring.models.signals import Signal
from fangxin.actions.monitoring.models.standards import EnterpriseStandard, Questionnaire, Training
from fangxin.actions.monitoring.models.surveys import Survey, SurveyFigure

__all__ = [
    "Assessment",
    "Batch",
    "Consultation",
    "Decision",
    "EnterpriseStandard",
    "Measurement",
    "Message",
    "Participant",
    "Questionnaire",
    "Rumour",
    "Signal",
    "Survey",
    "SurveyFigure",
    "Training",
]
