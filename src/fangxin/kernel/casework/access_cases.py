"""One case, or "not found"."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules_cases
from fangxin.kernel.casework.models import Case, CaseEvidence, CasePaper
from fangxin.kernel.casework.selectors_cases import list_cases
from fangxin.kernel.screens.fields import LARGEST_KEY

T = TypeVar("T", CaseEvidence, CasePaper)


def get_case(user: Any, pk: int) -> Case:
    if pk > LARGEST_KEY:
        raise Http404
    rows = list_cases(user).select_related("agency", "matter").prefetch_related("officers", "clocks")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_case_to(user: Any, pk: int, action: str) -> Case:
    """The case, if this person may do this with it now."""
    case = get_case(user, pk)
    if action not in rules_cases.allowed_actions(user, case):
        raise PermissionDenied(
            _(
                "这件案件现在是“%(state)s”，按您的岗位或者按“办案、审核、决定分开”的要求，这一步不能由您办理。请回到案件页面查看可以办理的步骤。"
            )
            % {"state": case.get_state_display()}
        )
    return case


def get_case_to_write(user: Any, pk: int) -> Case:
    """The case, if this person may write papers in it."""
    case = get_case(user, pk)
    if not rules_cases.standing(user, case).works:
        raise PermissionDenied(_("只有本案办案人员和办案机关的人员可以制作文书。"))
    return case


def get_case_evidence(user: Any, pk: int) -> CaseEvidence:
    return _file(CaseEvidence.objects.all(), user, pk)


def get_case_paper(user: Any, pk: int) -> CasePaper:
    return _file(CasePaper.objects.all(), user, pk)


def _file(rows: "QuerySet[T]", user: Any, pk: int) -> T:
    if pk > LARGEST_KEY:
        raise Http404
    found = rows.select_related("file").filter(pk=pk, case__in=list_cases(user).values("pk")).first()
    if found is None:
        raise Http404
    return found
