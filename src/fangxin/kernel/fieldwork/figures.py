"""Rows as of a day, for the figures of the board."""

from datetime import date

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from fangxin.engines.deadlines import add_months
from fangxin.kernel.fieldwork.models import (
    Finding,
    Inspection,
    InspectionStep,
    PlannedVisit,
    PremisesGrade,
)
from fangxin.kernel.fieldwork.selectors import OWED, end_of


def _flag(condition: Q) -> Case:
    """A column that is never null: what is not known is not so."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def inspection_rows(as_of: date) -> "QuerySet[InspectionStep]":
    """One row per inspection whose result had been told by the end of the day, as it stood then."""
    moment = end_of(as_of)
    last = InspectionStep.objects.filter(inspection=OuterRef("pk"), at__lt=moment).order_by("-at", "-pk")
    told = Inspection.objects.filter(told_at__lt=moment, started_on__lte=as_of)
    rows = InspectionStep.objects.filter(pk__in=told.annotate(last=Subquery(last.values("pk")[:1])).values("last"))
    published = Q(inspection__published_at__lt=moment)
    due = Q(inspection__publish_due_on__lt=as_of)
    failed = Q(inspection__key_failed__gt=0) | Q(inspection__general_failed__gt=0)
    return rows.order_by().annotate(
        division_code=F("inspection__division_code"),
        kind=F("inspection__kind"),
        premises_kind=F("inspection__premises_kind"),
        premises_id=F("inspection__premises_id"),
        inspecting_agency=F("inspection__agency_id"),
        inspected_on=F("inspection__started_on"),
        result=F("inspection__result"),
        refused_signature=_flag(~Q(inspection__refusal_reason="")),
        with_findings=_flag(failed),
        published=_flag(published),
        publish_due_on=F("inspection__publish_due_on"),
        publish_late=_flag(
            due & ~published | published & Q(inspection__published_at__date__gt=F("inspection__publish_due_on"))
        ),
        closed=_flag(Q(state=Inspection.State.CLOSED)),
    )


def finding_rows(as_of: date) -> "QuerySet[Finding]":
    """One row per finding told by the end of the day."""
    moment = end_of(as_of)
    closed = Q(closed_at__lt=moment)
    rows = Finding.objects.filter(inspection__told_at__lt=moment, found_on__lte=as_of)
    late = Q(correct_by__lt=as_of) & ~closed | closed & Q(closed_at__date__gt=F("correct_by"))
    return rows.order_by().annotate(
        premises_kind=F("inspection__premises_kind"),
        owner_agency=F("owner_id"),
        closed=_flag(closed),
        due_reached=_flag(Q(correct_by__lte=as_of)),
        late=_flag(late),
    )


def visit_rows(as_of: date) -> "QuerySet[PlannedVisit]":
    """One row per visit owed by the day and not given up since: cancelled ones are in no figure."""
    moment = end_of(as_of)
    done = Q(inspection__told_at__lt=moment)
    rows = PlannedVisit.objects.filter(OWED, made_at__lt=moment, from_on__lte=as_of).exclude(
        state=PlannedVisit.State.CANCELLED
    )
    return rows.order_by().annotate(
        premises_kind=F("premises__kind"),
        done=_flag(done),
        due_reached=_flag(Q(due_on__lte=as_of)),
        overdue=_flag(Q(due_on__lt=as_of) & ~done),
        done_on_time=_flag(done & Q(inspection__started_on__lte=F("due_on"))),
    )


def grade_rows(as_of: date) -> "QuerySet[PremisesGrade]":
    """One row per grade that held on the day."""
    newer = PremisesGrade.objects.filter(
        Q(effective_from__gt=OuterRef("effective_from"))
        | Q(effective_from=OuterRef("effective_from"), pk__gt=OuterRef("pk")),
        premises=OuterRef("premises"), scale=OuterRef("scale"), effective_from__lte=as_of,
        confirmed_at__lt=end_of(as_of),
    )  # fmt: skip
    rows = PremisesGrade.objects.filter(effective_from__lte=as_of, confirmed_at__lt=end_of(as_of)).filter(
        ~Exists(newer)
    )
    return rows.order_by().annotate(
        premises_kind=F("premises__kind"),
        current_year=_flag(Q(year=as_of.year)),
        older_than_year=_flag(Q(effective_from__lt=add_months(as_of, -12))),
        told=_flag(Q(told_at__lt=end_of(as_of))),
    )
