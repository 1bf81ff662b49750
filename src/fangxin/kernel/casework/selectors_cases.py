"""What a person may read of penalty cases, and what the public may."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework.data_cases import PublicDecision
from fangxin.kernel.casework.models import Case, CaseClock, CasePaper
from fangxin.kernel.casework.rules_cases import CITY_DIGITS, DECIDED_STATES, OPEN_STATES
from fangxin.kernel.casework.standards_cases import offences
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Case.State
SOON = timedelta(days=3)


def list_cases(user: Any) -> "QuerySet[Case]":
    """Cases in the person's divisions."""
    return people.within(Case.objects.all(), user, "case.view")


def open_cases_of(matter: Any) -> "QuerySet[Case]":
    return Case.objects.filter(matter=matter, state__in=OPEN_STATES)


def working_cases(user: Any) -> "QuerySet[Case]":
    """Cases that wait for this person's hand: as an officer, or in the person's own agency."""
    own = user.own_agencies("case.work")
    return list_cases(user).filter(Q(officers=user) | Q(agency_id__in=own)).distinct()


def reviewing_cases(user: Any) -> "QuerySet[Case]":
    """Files that wait for a legal review by this person."""
    own = user.own_agencies("case.review")
    return list_cases(user).filter(state=State.REVIEWING, agency_id__in=own).exclude(officers=user)


def deciding_cases(user: Any) -> "QuerySet[Case]":
    """Cases that wait for a decision of this person's: to file, to punish, to hand over."""
    own = user.own_agencies("case.decide")
    waits = Q(state__in=[State.CLUE, State.HEARD, State.SENT_UP, State.TRANSFER_REVIEW])
    spoken = CaseClock.objects.filter(case=OuterRef("pk"), code="DL09", ended_at=None, due_at__gte=ledger.clock.now())
    told = Q(~Exists(spoken), state=State.NOTIFIED)
    rows = list_cases(user).filter(waits | told).exclude(officers=user).exclude(reviewed_by=user.username)
    if any(len(prefix) <= CITY_DIGITS for prefix in user.prefixes("case.decide")):
        return rows
    return rows.filter(agency_id__in=own).exclude(state=State.SENT_UP)


def with_clock(rows: "QuerySet[Case]", when: str) -> "QuerySet[Case]":
    """Cases with a clock that is late, or will be within days; what stands still is neither."""
    now = ledger.clock.now()
    running = CaseClock.objects.filter(case=OuterRef("pk"), ended_at=None, paused=False)
    if when == "late":
        return rows.filter(Exists(running.filter(due_at__lt=now)))
    return rows.filter(Exists(running.filter(due_at__gte=now, due_at__lte=now + SOON)))


def public_decisions(on: date, prefix: str = "") -> list[PublicDecision]:
    """Decisions the public may read on a day: published, not annulled, and not to be taken down yet."""
    rows = Case.objects.filter(published_on__lte=on, public_until__gte=on, state__in=DECIDED_STATES)
    rows = rows.filter(Q(unpublished_on=None) | Q(unpublished_on__gt=on))
    if prefix:
        rows = rows.filter(people.under(prefix))
    rows = rows.select_related("agency").order_by("-decided_on", "-pk")
    papers = CasePaper.objects.filter(case__in=rows.values("pk"), kind=CasePaper.Kind.DECISION).order_by("pk")
    numbers = dict(papers.values_list("case_id", "document_number"))
    return [_public(case, numbers.get(case.pk, "")) for case in rows]


def _public(case: Any, document_number: str) -> PublicDecision:
    name = case.party_name
    return PublicDecision(
        number=case.number,
        document_number=document_number,
        party=f"{name[:1]}某" if case.party_kind == Case.Party.PERSON else name,
        offence=offences().get(case.offence, case.offence),
        article=judging.told_article(case),
        penalty=case.penalty,
        fine=case.fine,
        decided_on=case.decided_on,
        authority=case.agency.name,
        published_on=case.published_on,
        public_until=case.public_until,
        division_code=case.division_code,
    )
