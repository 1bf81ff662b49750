"""What a person may see: the office everything, an agency its own details and the published ranking."""

from typing import Any

from django.db.models import Q, QuerySet

from fangxin.kernel.people import api as people
from fangxin.oversight.assessment.models import (
    Adjustment,
    Appeal,
    Bulletin,
    BulletinRead,
    Participant,
    Round,
    Score,
)
from fangxin.oversight.assessment.models.rounds import PUBLIC

LEVELS = (2, 4, 6, 9, 12)
# Before the self-check a round is the office's own draft.
SHOWN = tuple(state for state in Round.State if state not in (Round.State.DRAFT, Round.State.CANCELLED))


def above(user: Any, ability: str) -> list[str]:
    """Codes of the divisions above the person's own."""
    return sorted({prefix[:n] for prefix in user.prefixes(ability) for n in LEVELS if n < len(prefix)})


def detailed(user: Any, field: str = "division_code") -> Q:
    """Rounds of which the person sees every agency."""
    scope = Q(pk__in=[])
    for prefix in user.prefixes("assessment.details"):
        scope |= people.under(prefix, field)
    return scope


def list_rounds(user: Any) -> "QuerySet[Round]":
    own = Participant.objects.filter(agency__in=user.own_agencies("assessment.view")).values("round")
    reach = Q(division_code__in=above(user, "assessment.view"))
    for prefix in user.prefixes("assessment.view"):
        reach |= people.under(prefix)
    scope = detailed(user) | (reach & Q(state__in=PUBLIC)) | Q(pk__in=own, state__in=SHOWN)
    return Round.objects.filter(scope).select_related("edition", "plan").order_by("-year", "-pk")


def list_participants(user: Any) -> "QuerySet[Participant]":
    """Agencies whose details the person may open."""
    own = Q(agency__in=user.own_agencies("assessment.view"), round__state__in=SHOWN)
    rows = Participant.objects.filter(detailed(user, "round__division_code") | own)
    return rows.select_related("round__edition", "round__plan", "agency")


def list_adjustments(user: Any) -> "QuerySet[Adjustment]":
    """All of them for the office; the decided ones of its own for an agency."""
    own = Q(
        participant__agency__in=user.own_agencies("assessment.view"),
        participant__round__state__in=SHOWN,
        state__in=[Adjustment.State.APPROVED, Adjustment.State.WITHDRAWN],
    )
    rows = Adjustment.objects.filter(detailed(user, "participant__round__division_code") | own)
    return rows.select_related("participant__round", "participant__agency", "evidence", "proposed_by", "decided_by")


def list_appeals(user: Any) -> "QuerySet[Appeal]":
    own = Q(participant__agency__in=user.own_agencies("assessment.view"))
    rows = Appeal.objects.filter(detailed(user, "participant__round__division_code") | own)
    return rows.select_related(
        "participant__round",
        "participant__agency",
        "evidence",
        "lodged_by",
        "decided_by",
        "score_before",
        "score_after",
    )


def ranking(round_: Round) -> "QuerySet[Score]":
    """The scores that hold now, group by group, best first."""
    rows = Score.objects.filter(round=round_, next=None).select_related("participant__agency")
    return rows.order_by("participant__group", "rank", "participant__agency")


def list_bulletins(user: Any) -> "QuerySet[Bulletin]":
    """Drafts for those who write; issued ones for everybody they were sent to and everybody in the division."""
    issued = Q(division_code__in=above(user, "bulletin.view"))
    for prefix in user.prefixes("bulletin.view"):
        issued |= people.under(prefix)
    issued |= Q(pk__in=BulletinRead.objects.filter(agency__in=user.own_agencies("bulletin.view")).values("bulletin"))
    drafts = Q(pk__in=[])
    for prefix in user.prefixes("bulletin.write"):
        drafts |= people.under(prefix)
    rows = Bulletin.objects.filter(drafts | (issued & Q(state=Bulletin.State.ISSUED)))
    return rows.select_related("plan", "file", "sender").order_by("-as_of", "-pk")


def unread(user: Any) -> "QuerySet[BulletinRead]":
    """Bulletins sent to the person's own agencies that nobody there has read."""
    own = user.own_agencies("bulletin.receive")
    return BulletinRead.objects.filter(agency__in=own, read_at=None, bulletin__state=Bulletin.State.ISSUED)
