"""One place, problem or appointment within reach, or "not found"."""

from typing import Any

from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.fieldwork.models import Appointment, ControlProblem
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.finding import one_of


def get_place(user: Any, pk: int, ability: str) -> registry.Premises:
    """Also a place that has closed since, whose records stay."""
    return one_of(registry.list_premises(user, ability), pk)


def get_problem(user: Any, pk: int, ability: str) -> ControlProblem:
    return one_of(selectors.list_problems(user, ability), pk)


def get_appointment(user: Any, pk: int, ability: str) -> Appointment:
    return one_of(selectors.list_appointments(user, ability), pk)
