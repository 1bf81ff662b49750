"""What a person may read of cases, and the figures that indicators and detectors take from them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from fangxin.actions.monitoring.models import CaseReport, ZeroReport
from fangxin.actions.monitoring.selectors import flag
from fangxin.actions.monitoring.services.cases import STANDING
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

REPORT, REVIEW, VIEW = "cases.report", "cases.review", "cases.view"


def list_cases(user: Any, ability: str = VIEW) -> "QuerySet[CaseReport]":
    """All of the person's divisions without drafts; for a hospital's people their own institution's."""
    rows = CaseReport.objects.select_related("institution")
    if user.prefixes(ability):
        whole: QuerySet[CaseReport] = people.within(rows, user, ability, field="institution__division_code")
        return whole.exclude(state=CaseReport.State.DRAFT)
    return rows.filter(institution__operator__agency__in=user.own_agencies(ability))


def list_institutions(user: Any, ability: str) -> "QuerySet[Any]":
    return registry.list_premises(user, ability).filter(kind="health_institution", closed_on=None).order_by("number")


def list_zeros(user: Any, ability: str = VIEW) -> "QuerySet[ZeroReport]":
    rows = ZeroReport.objects.select_related("institution").filter(undone_at=None)
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(institution__operator__agency__in=user.own_agencies(ability))


def late_drafts(rows: "QuerySet[CaseReport]", today: date) -> "QuerySet[CaseReport]":
    return rows.filter(state=CaseReport.State.DRAFT, due_on__lt=today)


def case_rows(as_of: date) -> "QuerySet[CaseReport]":
    """One row a case reported by the day and not deleted."""
    return (
        CaseReport.objects.filter(state__in=STANDING, reported_at__date__lte=as_of)
        .order_by()
        .annotate(
            this_year=flag(Q(reported_at__year=as_of.year)),
            timely=flag(Q(reported_at__date__lte=F("due_on"))),
            qualified=flag(Q(returns=0)),
            finished=flag(Q(state=CaseReport.State.FINAL)),
        )
    )


def coverage(user: Any, months: Sequence[date]) -> list[tuple[Any, list[str]]]:
    """For each institution and month: how many cases, "zero" for a zero report, or nothing."""
    institutions = list(list_institutions(user, VIEW))
    first, last = min(months), _next_month(max(months))
    cases = (
        CaseReport.objects.filter(
            institution__in=institutions, state__in=STANDING, diagnosed_on__gte=first, diagnosed_on__lt=last
        )
        .order_by()
        .values_list("institution_id", "diagnosed_on__year", "diagnosed_on__month")
        .annotate(n=Count("pk"))
    )
    counted = {(place, date(year, month, 1)): n for place, year, month, n in cases}
    zeros = set(
        ZeroReport.objects.filter(institution__in=institutions, undone_at=None, month__in=months).values_list(
            "institution_id", "month"
        )
    )
    return [
        (place, [str(counted.get((place.pk, m)) or ("zero" if (place.pk, m) in zeros else "")) for m in months])
        for place in institutions
    ]


def months_before(today: date, count: int) -> list[date]:
    """The last full months, the oldest first."""
    found, month = [], today.replace(day=1)
    for _number in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found[::-1]


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def daily_counts(division_code: str, since: date, until: date) -> list[tuple[date, str, int]]:
    """Cases by day of onset and township of the patient, for the detectors: (day, township, cases)."""
    rows = (
        CaseReport.objects.filter(
            people.under(division_code), state__in=STANDING, onset_at__date__gte=since, onset_at__date__lte=until
        )
        .order_by()
        .annotate(day=TruncDate("onset_at"))
        .values_list("day", "division_code")
        .annotate(n=Count("pk"))
    )
    total: dict[tuple[date, str], int] = {}
    for day, code, n in rows:
        total[day, code[:9]] = total.get((day, code[:9]), 0) + n
    return sorted((day, code, n) for (day, code), n in total.items())
