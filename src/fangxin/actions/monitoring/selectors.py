"""What a person may read of risk monitoring."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When

from fangxin.actions.monitoring.models import (
    Assessment,
    Batch,
    Consultation,
    Decision,
    EnterpriseStandard,
    Measurement,
    Message,
    Questionnaire,
    Rumour,
    Signal,
    Survey,
    Training,
)
from fangxin.kernel.people import api as people

VIEW = "risk.view"
OPEN = (Signal.State.RAISED, Signal.State.CONFIRMED)


def standing() -> "QuerySet[Measurement]":
    """Results that count: not corrected by a later row, not of a batch that was taken back."""
    return Measurement.objects.filter(replaced_by=None).filter(Q(batch=None) | Q(batch__withdrawn_at=None))


def list_measurements(user: Any, ability: str = VIEW) -> "QuerySet[Measurement]":
    return people.within(standing(), user, ability)


def list_batches(user: Any, ability: str = VIEW) -> "QuerySet[Batch]":
    return people.within(Batch.objects.all(), user, ability)


def list_surveys(user: Any, ability: str = VIEW) -> "QuerySet[Survey]":
    return people.within(Survey.objects.all(), user, ability)


def list_assessments(user: Any, ability: str = VIEW) -> "QuerySet[Assessment]":
    return people.within(Assessment.objects.all(), user, ability)


def list_signals(user: Any, ability: str = VIEW) -> "QuerySet[Signal]":
    return people.within(Signal.objects.all(), user, ability)


def list_consultations(user: Any, ability: str = VIEW) -> "QuerySet[Consultation]":
    return people.within(Consultation.objects.select_related("convened_by"), user, ability)


def decisions_of(user: Any, ability: str = VIEW) -> "QuerySet[Decision]":
    rows = Decision.objects.select_related("consultation", "owner", "matter")
    return people.within(rows, user, ability, field="consultation__division_code")


def list_messages(user: Any, ability: str = VIEW) -> "QuerySet[Message]":
    return people.within(Message.objects.all(), user, ability)


def list_rumours(user: Any, ability: str = VIEW) -> "QuerySet[Rumour]":
    return people.within(Rumour.objects.select_related("answer"), user, ability)


def list_questionnaires(user: Any, ability: str = VIEW) -> "QuerySet[Questionnaire]":
    return people.within(Questionnaire.objects.all(), user, ability)


def list_trainings(user: Any, ability: str = VIEW) -> "QuerySet[Training]":
    return people.within(Training.objects.all(), user, ability)


def list_own_standards(user: Any, ability: str = VIEW) -> "QuerySet[EnterpriseStandard]":
    return people.within(EnterpriseStandard.objects.select_related("premises"), user, ability)


def public_messages() -> "QuerySet[Message]":
    """What was released for everybody and not taken back."""
    return Message.objects.filter(state=Message.State.RELEASED, audience=Message.Audience.PUBLIC).order_by(
        "-released_at", "-pk"
    )


def results_for(division_code: str, hazard: str, since: date, until: date) -> "QuerySet[Measurement]":
    """The standing results of a hazard in a division and a period, in an order that every database keeps."""
    rows = standing().filter(people.under(division_code), hazard=hazard, sampled_on__gte=since, sampled_on__lte=until)
    return rows.order_by("sampled_on", "sample_no", "analyte")


def survey_for(division_code: str, group: str, until: date) -> Survey | None:
    """The confirmed survey that is nearest to the place, then the latest."""
    codes = [division_code[:length] for length in (12, 9, 6, 4, 2) if length <= len(division_code)]
    rows = Survey.objects.filter(
        state=Survey.State.CONFIRMED, people=group, division_code__in=codes, year__lte=until.year
    )
    return max(rows, key=lambda s: (len(s.division_code), s.year, s.pk), default=None)


def flag(condition: Q) -> Case:
    """A column that is never null."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def signal_rows(as_of: date) -> "QuerySet[Signal]":
    """One row a signal raised by the day, as it stood then."""
    settled = Q(settled_on__lte=as_of)
    return (
        Signal.objects.filter(raised_on__lte=as_of)
        .order_by()
        .annotate(
            this_year=flag(Q(raised_on__year=as_of.year)),
            settled=flag(settled),
            dismissed=flag(settled & Q(state=Signal.State.DISMISSED)),
            acted=flag(Q(acted_on__lte=as_of)),
            overdue=flag(Q(due_on__lt=as_of) & (Q(settled_on=None) | Q(settled_on__gt=as_of))),
            on_time=flag(settled & Q(settled_on__lte=F("due_on"))),
        )
    )


def consultation_rows(as_of: date) -> "QuerySet[Consultation]":
    """One row a consultation planned for a day of the past; a cancelled one was planned and not held."""
    return (
        Consultation.objects.filter(planned_on__lte=as_of)
        .order_by()
        .annotate(this_year=flag(Q(planned_on__year=as_of.year)), held=flag(Q(held_on__lte=as_of)))
    )


def questionnaire_rows(as_of: date) -> "QuerySet[Questionnaire]":
    """One row a questionnaire sent out by the day; valid where it had been found so by then."""
    good = Q(state__in=(Questionnaire.State.VALID, Questionnaire.State.REPORTED))
    return (
        Questionnaire.objects.filter(assigned_on__lte=as_of)
        .order_by()
        .annotate(
            this_year=flag(Q(assigned_on__year=as_of.year)),
            valid=flag(good & Q(reviewed_on__lte=as_of)),
            overdue=flag(Q(due_on__lt=as_of) & (Q(returned_on=None) | Q(returned_on__gt=as_of))),
        )
    )
