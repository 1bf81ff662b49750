"""What a person may read of officials and the places they hold, and how far the visits have come."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Substr

from fangxin.engines.grading.self_control import period_of
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.models import Cadre, Guarantee, GuaranteeVisit, StatusChange
from fangxin.kernel.fieldwork.selectors_self_control import list_places
from fangxin.kernel.fieldwork.standards import RulesMissing
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

TOWNSHIP_LENGTH = 9


def list_cadres(user: Any, ability: str = "guarantee.view") -> "QuerySet[Cadre]":
    return people.within(Cadre.objects.all(), user, ability)


def list_guarantees(user: Any, ability: str = "guarantee.view") -> "QuerySet[Guarantee]":
    return people.within(Guarantee.objects.select_related("premises", "cadre"), user, ability)


def list_changes(user: Any, ability: str = "guarantee.view") -> "QuerySet[StatusChange]":
    return people.within(StatusChange.objects.select_related("premises"), user, ability)


def mine(user: Any) -> "QuerySet[Any]":
    """Places the person holds now."""
    rows = list_guarantees(user, "guarantee.visit").filter(cadre__user=user, ends_on=None)
    return with_visits(rows, ledger.clock.today())


def unassigned(user: Any) -> "QuerySet[Any]":
    """Operating places that nobody holds."""
    held = Guarantee.objects.filter(premises=OuterRef("pk"), ends_on=None)
    return list_places(user, "guarantee.assign").filter(~Exists(held))


def in_force(rows: "QuerySet[Guarantee]", day: date) -> "QuerySet[Guarantee]":
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def months_by_tier(day: date) -> dict[str, int]:
    try:
        return standards.visit_months(day)
    except RulesMissing:
        return {}


def with_visits(rows: "QuerySet[Any]", day: date) -> "QuerySet[Any]":
    """`visited` in the tier's period up to the day; `overdue` where the period before passed without a visit and none
    came since; `last_visit` is the day of the last one up to then."""
    visited, overdue = [], []
    for tier, months in months_by_tier(day).items():
        first = period_of(day, months)[0]
        before = first - timedelta(1)
        earlier = period_of(before, months)[0]
        visited.append(When(Exists(_visits(first, day)), tier=tier, then=Value(True)))
        missed = ~Exists(_visits(earlier, day)) & Q(tier=tier, starts_on__lte=before)
        overdue.append(When(missed, then=Value(True)))
    told: QuerySet[Any] = rows.annotate(
        visited=_flag(visited),
        overdue=_flag(overdue),
        last_visit=Subquery(_visits(date.min, day).order_by("-visited_on").values("visited_on")[:1]),
    )
    return told


def _flag(whens: Sequence[When]) -> Case:
    return Case(*whens, default=Value(False), output_field=BooleanField())


def _visits(first: date, last: date) -> "QuerySet[GuaranteeVisit]":
    return GuaranteeVisit.objects.filter(premises=OuterRef("premises"), visited_on__range=(first, last)).order_by()


def coverage(user: Any, day: date) -> list[dict[str, Any]]:
    """By township and tier: places held, visited in the period, overdue from the one before."""
    rows = with_visits(in_force(list_guarantees(user).select_related(None), day), day).order_by()
    grouped = rows.annotate(town=Substr("division_code", 1, TOWNSHIP_LENGTH)).values("town", "tier")
    counted = grouped.annotate(
        held=Count("pk"), seen=Count("pk", filter=Q(visited=True)), late=Count("pk", filter=Q(overdue=True))
    )
    found: list[Any] = list(counted.order_by("town", "tier"))
    return found


def guarantee_rows(as_of: date) -> "QuerySet[Any]":
    """One row per place that an official holds on the day."""
    return with_visits(in_force(Guarantee.objects.order_by(), as_of), as_of)
