"""What a person may read of matters, and the account of a division."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from fangxin.kernel.casework.data import MatterFigures
from fangxin.kernel.casework.models import Escalation, Interview, Matter, MatterStep
from fangxin.kernel.casework.rules import CLOSED_STATES, OPEN_STATES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Matter.State
# What a person may type as a date reaches to where the calendar ends; nothing was ever done that late.
_LAST_DAY = date(9998, 12, 31)


def reach(user: Any, ability: str) -> Q:
    """Matters in the person's divisions, and those of the person's own agencies wherever they lie."""
    condition = Q(pk__in=[])
    for prefix in user.prefixes(ability):
        condition |= people.under(prefix)
    own = user.own_agencies(ability)
    if own:
        cooperating = Matter.cooperating.through.objects.filter(agency_id__in=own)
        condition |= Q(owner_id__in=own) | Q(pk__in=cooperating.values("matter_id"))
    return condition


def list_matters(user: Any) -> "QuerySet[Matter]":
    return Matter.objects.filter(reach(user, "matter.view"))


def working_matters(user: Any) -> "QuerySet[Matter]":
    """Matters that the person's own agencies have to work on."""
    own = user.own_agencies("matter.work")
    cooperating = Matter.cooperating.through.objects.filter(agency_id__in=own)
    return Matter.objects.filter(Q(owner_id__in=own) | Q(pk__in=cooperating.values("matter_id")))


def closing_matters(user: Any) -> "QuerySet[Matter]":
    """Submitted matters that wait for this person: in reach, and not put right by the same hand."""
    mine = MatterStep.objects.filter(
        matter=OuterRef("pk"), by=user.username, action__in=["start", "progress", "submit"]
    )
    waiting = people.within(Matter.objects.filter(state=State.SUBMITTED), user, "matter.close")
    return waiting.exclude(closing_proposed_by=user.username).filter(~Exists(mine))


def open_matters_of(subject_type: str, subject_id: Any) -> "QuerySet[Matter]":
    return Matter.objects.filter(subject_type=subject_type, subject_id=str(subject_id), state__in=OPEN_STATES)


def list_escalations(user: Any) -> "QuerySet[Escalation]":
    visible = list_matters(user).values("pk")
    return Escalation.objects.filter(matter__in=visible).select_related("matter", "owner")


def list_interviews(user: Any) -> "QuerySet[Interview]":
    visible = list_matters(user).values("pk")
    return Interview.objects.filter(matter__in=visible).select_related("matter", "target")


def end_of(day: date) -> datetime:
    """The first moment after the local day."""
    return datetime.combine(min(day, _LAST_DAY) + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def _flag(condition: Q) -> Case:
    """A column that is never null: what is not known is not so."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def rows_as_of(as_of: date, *, withdrawn: bool = False) -> "QuerySet[MatterStep]":
    """One row per matter opened by the end of `as_of`, as it stood then: its last step of that time.

    A matter opened in error is in no figure once it has been withdrawn.
    """
    last = MatterStep.objects.filter(matter=OuterRef("pk"), at__lt=end_of(as_of)).order_by("-at", "-pk")
    opened = Matter.objects.filter(opened_on__lte=as_of)
    rows = MatterStep.objects.filter(pk__in=opened.annotate(last=Subquery(last.values("pk")[:1])).values("last"))
    rows = rows.order_by() if withdrawn else rows.exclude(state=State.WITHDRAWN).order_by()
    came_back = Matter.objects.filter(reopened_from=OuterRef("matter_id"), rebound=True, opened_on__lte=as_of)
    closed = Q(state__in=CLOSED_STATES)
    return rows.annotate(
        origin=F("matter__origin"),
        severity=F("matter__severity"),
        division_code=F("matter__division_code"),
        owner_agency=F("owner_id"),
        subject_type=F("matter__subject_type"),
        opened_on=F("matter__opened_on"),
        closed_on=Case(When(closed, then=F("matter__closed_on")), default=None, output_field=DateField()),
        open=_flag(Q(state__in=OPEN_STATES)),
        closed=_flag(closed),
        due_reached=_flag(Q(due_on__lte=as_of)),
        overdue=_flag(Q(state__in=OPEN_STATES, due_on__lt=as_of)),
        closed_on_time=_flag(closed & Q(matter__closed_on__lte=F("due_on"))),
        reopened=_flag(Q(Exists(came_back))),
        is_reopening=_flag(Q(matter__reopened_from__isnull=False)),
    )


def terms(start: date, end: date) -> Mapping[str, Q]:
    """The terms of the account over `rows_as_of(end)`; each is counted and listed by the same condition."""
    fresh = Q(opened_on__gte=start)
    due = Q(due_on__gte=start, due_on__lte=end)
    closed = Q(closed=True, closed_on__gte=start)
    return {
        "opening": Q(opened_on__lt=start) & (Q(closed=False) | Q(closed_on__gte=start)),
        "new": fresh & Q(is_reopening=False),
        "reopened": fresh & Q(is_reopening=True),
        "closed": closed,
        "open": Q(open=True),
        "due": due,
        "on_time": due & Q(closed_on_time=True),
        "rebounded": closed & Q(reopened=True),
        "opened_to_date": Q(),
        "closed_to_date": Q(closed=True),
    }


def _rows_of(prefix: str, end: date, owner_id: int | None, *, withdrawn: bool = False) -> "QuerySet[MatterStep]":
    rows = rows_as_of(end, withdrawn=withdrawn).filter(people.under(prefix))
    return rows if owner_id is None else rows.filter(owner_id=owner_id)


def figures(prefix: str, start: date, end: date, *, owner_id: int | None = None) -> MatterFigures:
    """The account of a division, or of one owner in it, from `start` to `end`, both included, as known at the end.

    A matter counts for the agency that owned it at the end of the period.
    """
    # Some terms are called like columns of the rows, so the counts take other names on the way.
    counts = {f"{name}_count": Count("pk", filter=condition or None) for name, condition in terms(start, end).items()}
    counted = _rows_of(prefix, end, owner_id).aggregate(**counts)
    withdrawn = withdrawn_rows(prefix, start, end, owner_id=owner_id).count()
    return MatterFigures(withdrawn=withdrawn, **{name.removesuffix("_count"): n for name, n in counted.items()})


def withdrawn_rows(prefix: str, start: date, end: date, *, owner_id: int | None = None) -> "QuerySet[MatterStep]":
    rows = _rows_of(prefix, end, owner_id, withdrawn=True).filter(state=State.WITHDRAWN)
    return rows.filter(matter__withdrawn_on__gte=start, matter__withdrawn_on__lte=end)


def matters_of_term(
    prefix: str, term: str, start: date, end: date, *, owner_id: int | None = None
) -> "QuerySet[Matter]":
    """The matters behind one term of the account."""
    if term == "withdrawn":
        rows = withdrawn_rows(prefix, start, end, owner_id=owner_id)
    else:
        rows = _rows_of(prefix, end, owner_id).filter(terms(start, end)[term])
    return Matter.objects.filter(pk__in=rows.values("matter_id"))


def rungs_reached(prefix: str, start: date, end: date, *, owner_id: int) -> dict[str, int]:
    """How many matters of an owner reached each rung of the ladder in the period; rungs nobody reached are left out."""
    rungs = Escalation.objects.filter(
        people.under(prefix, "matter__division_code"), owner_id=owner_id, falls_on__gte=start, falls_on__lte=end
    )
    return dict(rungs.order_by().values_list("stage").annotate(n=Count("matter", distinct=True)))
