"""One object for a person, or "not found": that something exists is not said to those who may not see it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.finding import one_of
from fangxin.oversight.assessment import selectors
from fangxin.oversight.assessment.models import Adjustment, Appeal, Bulletin, Participant, Round, SelfCheck


def get_round(user: Any, pk: int) -> Round:
    return one_of(selectors.list_rounds(user), pk)


def get_round_to(user: Any, pk: int, ability: str) -> Round:
    """A round of the person's own office."""
    return one_of(people.within(Round.objects.select_related("edition", "plan"), user, ability), pk)


def sees_all(user: Any, round_: Round) -> bool:
    return bool(user.can("assessment.details", round_.division_code))


def get_participant(user: Any, pk: int) -> Participant:
    return one_of(selectors.list_participants(user), pk)


def get_own_participant(user: Any, pk: int) -> Participant:
    """The person's own agency in a round, to answer for it."""
    return one_of(selectors.list_participants(user).filter(agency__in=user.own_agencies("assessment.answer")), pk)


def get_adjustment(user: Any, pk: int) -> Adjustment:
    return one_of(selectors.list_adjustments(user), pk)


def get_adjustment_to_decide(user: Any, pk: int) -> Adjustment:
    rows = Adjustment.objects.select_related("participant__round__edition", "participant__agency", "evidence")
    return one_of(people.within(rows, user, "assessment.adjust", field="participant__round__division_code"), pk)


def get_appeal(user: Any, pk: int) -> Appeal:
    return one_of(selectors.list_appeals(user), pk)


def get_appeal_to_decide(user: Any, pk: int) -> Appeal:
    rows = Appeal.objects.select_related("participant__round__edition", "participant__agency")
    return one_of(people.within(rows, user, "assessment.review", field="participant__round__division_code"), pk)


def get_bulletin(user: Any, pk: int) -> Bulletin:
    return one_of(selectors.list_bulletins(user), pk)


def get_bulletin_to_write(user: Any, pk: int) -> Bulletin:
    return one_of(people.within(Bulletin.objects.select_related("plan"), user, "bulletin.write"), pk)


def may_see_evidence(user: Any, pk: int) -> bool:
    """Whether the file proves something in a record this person sees."""
    if user.can("assessment.view"):
        mine = selectors.list_participants(user).values("pk")
        said = SelfCheck.objects.filter(participant__in=mine, evidence=pk)
        shown = (selectors.list_adjustments(user).filter(evidence=pk), selectors.list_appeals(user).filter(evidence=pk))
        if any(rows.exists() for rows in (said, *shown)):
            return True
    return user.can("bulletin.view") and selectors.list_bulletins(user).filter(Q(file=pk)).exists()


def refuse_if(condition: bool) -> None:
    if condition:
        raise PermissionDenied(_("按现在的状态或“换人办理”的要求，这一步不能由您办理。请回到页面查看可以办理的步骤。"))
