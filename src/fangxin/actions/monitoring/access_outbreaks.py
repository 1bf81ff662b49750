"""One thing of signals and investigations, or "not found"."""

from typing import Any

from fangxin.actions.monitoring import selectors_outbreaks as selectors
from fangxin.actions.monitoring.models import (
    DetectionRun,
    Duty,
    Investigation,
    Measure,
    OutbreakPaper,
    OutbreakSignal,
    SourceRun,
)
from fangxin.kernel.screens.finding import one_of


def get_signal(user: Any, pk: int) -> OutbreakSignal:
    return one_of(selectors.list_signals(user), pk)


def get_run(user: Any, pk: int) -> DetectionRun:
    return one_of(selectors.list_runs(user), pk)


def get_investigation(user: Any, pk: int) -> Investigation:
    return one_of(selectors.list_investigations(user), pk)


def get_own_investigation(user: Any, pk: int) -> Investigation:
    """One that the person works on, not merely one shared with them."""
    rows = selectors.list_investigations(user)
    found = one_of(rows, pk)
    return found if selectors.may_work(user, found) else one_of(rows.none(), pk)


def get_duty(user: Any, pk: int) -> Duty:
    return one_of(selectors.list_duties(user), pk)


def get_measure(user: Any, pk: int) -> Measure:
    return one_of(selectors.list_measures(user), pk)


def get_paper(user: Any, pk: int) -> OutbreakPaper:
    return one_of(selectors.list_papers(user), pk)


def get_source_run(user: Any, pk: int) -> SourceRun:
    row = one_of(SourceRun.objects.select_related("investigation"), pk)
    get_own_investigation(user, row.investigation_id)
    return row
