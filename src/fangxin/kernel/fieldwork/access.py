"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import rules, selectors
from fangxin.kernel.fieldwork.models import (
    Draw,
    Finding,
    Inspection,
    InspectionPaper,
    InspectionPlan,
    ItemPhoto,
    PlannedVisit,
    PremisesGrade,
    Recusal,
)
from fangxin.kernel.screens.finding import one_of

# The largest key both databases hold.


def get_inspection(user: Any, pk: int, ability: str = "inspection.view") -> Inspection:
    rows = selectors.list_inspections(user, ability).select_related("checklist", "visit", "rechecks")
    rows = rows.defer("checklist__body")
    return one_of(rows.prefetch_related("officers__user"), pk)


def get_inspection_to(user: Any, pk: int, action: str) -> Inspection:
    """The inspection, if this person may do this with it now."""
    inspection = get_inspection(user, pk)
    if action not in rules.allowed_actions(user, inspection):
        raise PermissionDenied(
            _("这次检查现在是“%(state)s”，按您的岗位，这一步不能由您办理。请回到检查页面查看可以办理的步骤。")
            % {"state": inspection.get_state_display()}
        )
    return inspection


def get_inspection_by_key(user: Any, client_key: Any, ability: str = "inspection.work") -> Inspection | None:
    """By the number the phone gave it; None when it has not arrived or lies out of reach."""
    return selectors.list_inspections(user, ability).filter(client_key=client_key).first()


def get_visit(user: Any, pk: int, ability: str = "inspection.work") -> PlannedVisit:
    return one_of(selectors.list_visits(user, ability).select_related("rechecks", "draw"), pk)


def get_finding(user: Any, pk: int) -> Finding:
    return one_of(selectors.list_findings(user), pk)


def get_plan(user: Any, pk: int) -> InspectionPlan:
    return one_of(selectors.list_plans(user), pk)


def get_draw(user: Any, pk: int) -> Draw:
    return one_of(selectors.list_draws(user), pk)


def get_grade(user: Any, pk: int, ability: str = "inspection.view") -> PremisesGrade:
    return one_of(selectors.list_grades(user, ability), pk)


def get_recusal(user: Any, pk: int) -> Recusal:
    return one_of(selectors.list_recusals(user), pk)


def get_paper(user: Any, pk: int) -> InspectionPaper:
    visible = selectors.list_inspections(user).values("pk")
    return one_of(InspectionPaper.objects.filter(inspection__in=visible).select_related("file", "inspection"), pk)


def get_photo(user: Any, pk: int) -> ItemPhoto:
    visible = selectors.list_inspections(user).values("pk")
    return one_of(ItemPhoto.objects.filter(inspection__in=visible).select_related("file", "inspection"), pk)
