"""The end of an inspection."""

from typing import Any

from fangxin.kernel.fieldwork.models import Inspection, InspectionStep, PlannedVisit
from fangxin.kernel.fieldwork.services.steps import move


def close_if_done(inspection: Inspection, *, by: Any) -> bool:
    """Close when every finding is put right and no re-check is owed any more."""
    if inspection.state != Inspection.State.TOLD or inspection.findings.filter(closed_at=None).exists():
        return False
    owed = PlannedVisit.objects.filter(rechecks=inspection, state__in=["open", "started"])
    if owed.exists():
        return False
    move(inspection, InspectionStep.Action.CLOSE, by=by, text="")
    return True
