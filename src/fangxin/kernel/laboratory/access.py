"""One object of sampling, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from fangxin.kernel.laboratory import selectors
from fangxin.kernel.laboratory.models import CustodyStep, Duplicate, Sample, SamplingDraw, SamplingPlan, SamplingTask
from fangxin.kernel.screens.finding import one_of


def get_plan(user: Any, pk: int) -> SamplingPlan:
    return one_of(selectors.list_plans(user), pk)


def get_draw(user: Any, pk: int) -> SamplingDraw:
    return one_of(selectors.list_draws(user), pk)


def get_task(user: Any, pk: int, ability: str = "sample.view") -> SamplingTask:
    return one_of(selectors.list_tasks(user, ability), pk)


def get_sample(user: Any, pk: int, ability: str = "sample.view") -> Sample:
    """For those in whose divisions it was taken, the laboratory it was sent to, and the operator it was taken from."""
    return one_of(selectors.list_samples(user, ability), pk)


def get_incoming(user: Any, pk: int) -> Sample:
    """A sample in the laboratory of the person."""
    return one_of(selectors.list_incoming(user), pk)


def get_step(user: Any, pk: int) -> CustodyStep:
    return one_of(selectors.list_steps_to_take(user), pk)


def get_duplicate(user: Any, pk: int) -> Duplicate:
    return one_of(selectors.list_duplicates(user), pk)
