"""What a person may read of sampling."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from fangxin.kernel.laboratory import rules
from fangxin.kernel.laboratory.models import (
    CustodyStep,
    Duplicate,
    Irregularity,
    PlanLine,
    Receipt,
    Sample,
    SampleVerdict,
    SamplingDraw,
    SamplingPlan,
    SamplingTask,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Sample.State
TOWNSHIP_LENGTH = 9


def list_plans(user: Any, ability: str = "sample.plan") -> "QuerySet[SamplingPlan]":
    return people.within(SamplingPlan.objects.select_related("agency"), user, ability)


def list_draws(user: Any, ability: str = "sample.plan") -> "QuerySet[SamplingDraw]":
    return people.within(SamplingDraw.objects.select_related("plan"), user, ability)


def list_tasks(user: Any, ability: str = "sample.view") -> "QuerySet[SamplingTask]":
    rows = SamplingTask.objects.select_related("premises", "agency", "laboratory")
    return people.within(rows, user, ability)


def tasks_of(user: Any) -> "QuerySet[SamplingTask]":
    """Open tasks of one sampler, or of the own township where nobody is named."""
    open_ones = list_tasks(user, "sample.take").filter(state=SamplingTask.State.OPEN)
    own_towns = Q(pk__in=[])
    for prefix in user.prefixes("sample.take"):
        if len(prefix) >= TOWNSHIP_LENGTH:
            own_towns |= people.under(prefix)
    return open_ones.filter(Q(samplers=user) | own_towns & Q(samplers=None)).distinct()


def list_samples(user: Any, ability: str = "sample.view") -> "QuerySet[Sample]":
    """Samples of the person's divisions; those sent to the person's laboratory; those taken from the own places."""
    rows = Sample.objects.select_related("premises", "agency", "laboratory")
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    if user.can("sample.receive"):
        return rows.filter(sent_to(user))
    agencies = user.own_agencies(ability)
    own = rows.filter(premises__operator__agency__in=agencies).exclude(state=State.CANCELLED)
    return own if agencies else rows.none()


def sent_to(user: Any) -> Q:
    """What a laboratory may see: its samples, from the moment they leave the sampler's hand."""
    return Q(laboratory__in=user.own_agencies("sample.receive")) & ~Q(state__in=[State.TAKEN, State.CANCELLED])


def list_incoming(user: Any) -> "QuerySet[Sample]":
    return Sample.objects.filter(sent_to(user)).select_related("agency", "laboratory")


def is_hidden_from(user: Any, sample: Sample) -> bool:
    """Whether the person must not learn from whom the sample comes: a blind sample in a laboratory."""
    return sample.blind and user.can("sample.receive") and not user.prefixes("sample.view")


def work_of_laboratory(user: Any) -> "QuerySet[Receipt]":
    """Accepted samples that are not reported yet, soonest due first."""
    rows = Receipt.objects.filter(
        laboratory__in=user.own_agencies("sample.receive"),
        outcome=Receipt.Outcome.ACCEPTED,
        undone_at=None,
        sample__state__in=[State.RECEIVED, State.TESTING],
    )
    return rows.select_related("sample", "analyst").order_by(F("report_due_on").asc(nulls_last=True), "pk")


def list_receipts(user: Any) -> "QuerySet[Receipt]":
    rows = Receipt.objects.filter(laboratory__in=user.own_agencies("sample.receive"))
    return rows.select_related("sample", "analyst")


def list_steps_to_take(user: Any) -> "QuerySet[CustodyStep]":
    """Handed over to one of the person's agencies, and not acknowledged yet."""
    mine = {post.agency_id for post in user.posts_today}
    rows = CustodyStep.objects.filter(taken_at=None, to_agency__in=mine)
    return rows.select_related("sample", "to_agency").order_by("handed_at", "pk")


def list_duplicates(user: Any) -> "QuerySet[Duplicate]":
    rows = Duplicate.objects.select_related("sample", "holder")
    if user.prefixes("sample.view"):
        return people.within(rows, user, "sample.view", field="sample__division_code")
    return rows.filter(holder__in=user.own_agencies("sample.receive"))


def may_be_destroyed(rows: "QuerySet[Duplicate]", day: date) -> "QuerySet[Duplicate]":
    """Whose keeping has ended. Where the result is not known yet, nothing may be destroyed."""
    return rows.filter(state=Duplicate.State.KEPT, keep_until__lt=day)


def list_irregularities(user: Any) -> "QuerySet[Irregularity]":
    rows = Irregularity.objects.select_related("sample")
    return people.within(rows, user, "sample.view", field="sample__division_code")


def progress(plan: SamplingPlan) -> "QuerySet[PlanLine]":
    """Each cell with what was taken for it, received and reported."""
    taken = Q(samples__state__in=rules.STANDING)
    return plan.lines.annotate(
        ordered=Count("tasks", filter=~Q(tasks__state=SamplingTask.State.CANCELLED), distinct=True),
        taken=Count("samples", filter=taken, distinct=True),
        received=Count("samples", filter=Q(samples__state__in=rules.IN_LABORATORY), distinct=True),
        reported=Count("samples", filter=Q(samples__state=State.REPORTED), distinct=True),
    )


def task_rows(as_of: date) -> "QuerySet[SamplingTask]":
    """What was to be sampled, as of a day: for indicators."""
    end = datetime.combine(as_of + timedelta(days=1), time.min, tzinfo=ledger.clock.LOCAL)
    taken = Sample.objects.filter(task=OuterRef("pk")).exclude(state=State.CANCELLED).values("sampled_on")[:1]
    judged = SampleVerdict.objects.filter(sample__task=OuterRef("pk"), made_on__lte=as_of)
    rows = SamplingTask.objects.exclude(state=SamplingTask.State.CANCELLED).filter(made_at__lt=end)
    return rows.annotate(
        taken_on=Subquery(taken),
        concluded=Exists(judged),
        done=_when(Q(taken_on__lte=as_of)),
        due_reached=_when(Q(due_on__lte=as_of) | Q(taken_on__lte=as_of)),
        on_time=_when(Q(taken_on__lte=as_of) & Q(taken_on__lte=F("due_on"))),
        overdue=_when(Q(due_on__lt=as_of) & (Q(taken_on=None) | Q(taken_on__gt=as_of))),
        this_year=_when(Q(due_on__year=as_of.year)),
    )


def _when(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def irregularity_rows(as_of: date) -> "QuerySet[Irregularity]":
    """What was noticed about samplings, as of a day."""
    end = datetime.combine(as_of + timedelta(days=1), time.min, tzinfo=ledger.clock.LOCAL)
    rows = Irregularity.objects.filter(noticed_at__lt=end)
    return rows.annotate(division_code=F("sample__division_code"), closed=_when(Q(closed_at__lt=end)))
