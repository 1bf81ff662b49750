"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules
from fangxin.kernel.casework.models import Interview, Matter, MatterEvidence, MatterPaper
from fangxin.kernel.casework.selectors import list_interviews, list_matters
from fangxin.kernel.ledger import api as ledger

# The largest key both databases hold.
_LARGEST_KEY = 2**63 - 1


def _key(pk: int) -> int:
    if pk > _LARGEST_KEY:
        raise Http404
    return pk


def get_matter(user: Any, pk: int) -> Matter:
    try:
        rows = list_matters(user).select_related("owner", "reopened_from", "reopened_as", "extension")
        return rows.prefetch_related("cooperating").get(pk=_key(pk))
    except Matter.DoesNotExist:
        raise Http404 from None


def get_matter_to(user: Any, pk: int, action: str) -> Matter:
    """The matter, if this person may do this with it now."""
    matter = get_matter(user, pk)
    if action not in rules.allowed_actions(user, matter, today=ledger.clock.today()):
        raise PermissionDenied(
            _(
                "这件事项现在是“%(state)s”，按您的岗位或者按“换人复核”的要求，这一步不能由您办理。请回到事项页面查看可以办理的步骤。"
            )
            % {"state": matter.get_state_display()}
        )
    return matter


def get_evidence(user: Any, pk: int) -> MatterEvidence:
    visible = list_matters(user).values("pk")
    try:
        return MatterEvidence.objects.select_related("file").get(pk=_key(pk), matter__in=visible)
    except MatterEvidence.DoesNotExist:
        raise Http404 from None


def get_paper(user: Any, pk: int) -> MatterPaper:
    visible = list_matters(user).values("pk")
    try:
        return MatterPaper.objects.select_related("file").get(pk=_key(pk), matter__in=visible)
    except MatterPaper.DoesNotExist:
        raise Http404 from None


def get_interview(user: Any, pk: int) -> Interview:
    try:
        return list_interviews(user).get(pk=_key(pk))
    except Interview.DoesNotExist:
        raise Http404 from None
