"""What a person may read of signals about cases and of investigations."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fangxin.actions.monitoring.models import (
    DetectionRun,
    Duty,
    Investigation,
    InvestigationStep,
    Measure,
    OutbreakPaper,
    OutbreakSignal,
    Share,
)
from fangxin.actions.monitoring.rules_outbreaks import ENDED, VIEW, WORK
from fangxin.actions.monitoring.selectors import flag
from fangxin.actions.monitoring.services.outbreaks import OPEN
from fangxin.kernel.people import api as people


def list_signals(user: Any, ability: str = WORK) -> "QuerySet[OutbreakSignal]":
    return people.within(OutbreakSignal.objects.select_related("investigation", "premises"), user, ability)


def list_runs(user: Any) -> "QuerySet[DetectionRun]":
    return people.within(DetectionRun.objects.all(), user, WORK)


def list_investigations(user: Any) -> "QuerySet[Investigation]":
    """Those of one's own work, and those shared with one's agency."""
    condition = Q(Exists(Share.objects.filter(investigation=OuterRef("pk"), agency__in=user.own_agencies(VIEW))))
    for prefix in user.prefixes(WORK):
        condition |= people.under(prefix)
    return Investigation.objects.filter(condition).select_related("agency", "premises")


def open_ones(rows: "QuerySet[Investigation]") -> "QuerySet[Investigation]":
    return rows.exclude(state__in=ENDED)


def may_work(user: Any, row: Investigation) -> bool:
    return bool(user.can(WORK, row.division_code))


def list_duties(user: Any) -> "QuerySet[Duty]":
    """Duties of investigations one works on, and those told to one's agency."""
    condition = Q(agency__in=user.own_agencies(VIEW)) & Q(state__in=("told", "acknowledged"))
    for prefix in user.prefixes(WORK):
        condition |= people.under(prefix, "investigation__division_code")
    return Duty.objects.filter(condition).select_related("investigation", "agency")


def list_measures(user: Any) -> "QuerySet[Measure]":
    rows = Measure.objects.select_related("investigation", "lot", "premises", "matter")
    return people.within(rows, user, WORK, field="investigation__division_code")


def list_papers(user: Any) -> "QuerySet[OutbreakPaper]":
    """Papers of one's own work; of what is shared with one's agency, those that are meant for others."""
    rows = OutbreakPaper.objects.select_related("investigation", "file")
    own = people.within(rows, user, WORK, field="investigation__division_code")
    shared = Exists(Share.objects.filter(investigation=OuterRef("investigation"), agency__in=user.own_agencies(VIEW)))
    for_others = Q(kind__in=("notice", "final", "closing"))
    return rows.filter(Q(pk__in=own.values("pk")) | (for_others & Q(shared)))


def investigation_rows(as_of: date) -> "QuerySet[Investigation]":
    """One row an investigation opened by the day, as it stood then."""
    return (
        Investigation.objects.filter(opened_at__date__lte=as_of)
        .order_by()
        .annotate(
            this_year=flag(Q(opened_at__year=as_of.year)),
            reported=Exists(_reported(as_of)),
            closed=flag(Q(closed_at__date__lte=as_of)),
        )
    )


def _reported(as_of: date) -> "QuerySet[InvestigationStep]":
    """Steps to the report that were not taken back by the day; what is no food needs none."""
    steps = InvestigationStep.objects.filter(at__date__lte=as_of)
    back = steps.filter(investigation=OuterRef("investigation"), undoes=OuterRef("serial"))
    return steps.filter(
        ~Exists(back), investigation=OuterRef("pk"), undoes=None, after__in=("reported", "not_food", "closed")
    )


def signal_rows(as_of: date) -> "QuerySet[OutbreakSignal]":
    """One row a signal raised by the day, as it stood then."""
    settled = Q(settled_at__date__lte=as_of)
    return (
        OutbreakSignal.objects.filter(raised_at__date__lte=as_of)
        .order_by()
        .annotate(
            this_year=flag(Q(raised_at__year=as_of.year)),
            settled=flag(settled),
            on_time=flag(settled & Q(settled_at__lte=F("due_at"))),
        )
    )


def waiting_signals(rows: "QuerySet[OutbreakSignal]") -> "QuerySet[OutbreakSignal]":
    return rows.filter(state__in=OPEN)
