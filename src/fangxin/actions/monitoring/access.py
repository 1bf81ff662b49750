"""One thing of risk monitoring, or "not found"."""

from typing import Any

from fangxin.actions.monitoring import selectors
from fangxin.actions.monitoring.models import (
    Assessment,
    Batch,
    Consultation,
    Decision,
    EnterpriseStandard,
    Message,
    Questionnaire,
    Rumour,
    Signal,
    Survey,
    Training,
)
from fangxin.kernel.screens.finding import one_of


def get_batch(user: Any, pk: int, ability: str = selectors.VIEW) -> Batch:
    return one_of(selectors.list_batches(user, ability), pk)


def get_survey(user: Any, pk: int, ability: str = selectors.VIEW) -> Survey:
    return one_of(selectors.list_surveys(user, ability), pk)


def get_assessment(user: Any, pk: int) -> Assessment:
    return one_of(selectors.list_assessments(user), pk)


def get_signal(user: Any, pk: int, ability: str = selectors.VIEW) -> Signal:
    return one_of(selectors.list_signals(user, ability).select_related("consultation"), pk)


def get_consultation(user: Any, pk: int, ability: str = selectors.VIEW) -> Consultation:
    return one_of(selectors.list_consultations(user, ability), pk)


def get_decision(user: Any, pk: int, ability: str = selectors.VIEW) -> Decision:
    return one_of(selectors.decisions_of(user, ability), pk)


def get_message(user: Any, pk: int, ability: str = selectors.VIEW) -> Message:
    return one_of(selectors.list_messages(user, ability), pk)


def get_rumour(user: Any, pk: int, ability: str = selectors.VIEW) -> Rumour:
    return one_of(selectors.list_rumours(user, ability), pk)


def get_questionnaire(user: Any, pk: int, ability: str = selectors.VIEW) -> Questionnaire:
    return one_of(selectors.list_questionnaires(user, ability), pk)


def get_training(user: Any, pk: int, ability: str = selectors.VIEW) -> Training:
    return one_of(selectors.list_trainings(user, ability), pk)


def get_own_standard(user: Any, pk: int, ability: str = selectors.VIEW) -> EnterpriseStandard:
    return one_of(selectors.list_own_standards(user, ability), pk)
