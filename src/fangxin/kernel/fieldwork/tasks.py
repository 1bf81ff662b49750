"""Work that comes round by itself."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from fangxin.kernel.fieldwork.models import Inspection, PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services.closing import close_if_done
from fangxin.kernel.fieldwork.services.visits import add_visit
from fangxin.kernel.ledger import api as ledger


def daily(today: date | None = None) -> int:
    """Owe the re-checks that are not owed yet, and close what is done. May be called as often as one likes.

    Both happen with the act itself; what is caught here was brought in by a load or cut off in between.
    """
    on = today or ledger.clock.today()
    told = Inspection.objects.filter(state=Inspection.State.TOLD).select_related("premises", "agency", "checklist")
    return _owe_rechecks(told, on) + _close_done(told)


def _owe_rechecks(told: "QuerySet[Inspection]", on: date) -> int:
    waiting = told.filter(recheck_due_on__isnull=False, recheck_visits=None)
    count = 0
    for inspection in waiting.order_by("pk").iterator():
        if inspection.findings.filter(closed_at=None).exists() and not inspection.rechecked_by.exists():
            _owe(inspection, on)
            count += 1
    return count


def _owe(inspection: Inspection, on: date) -> None:
    due_on = max(inspection.recheck_due_on or on, on)
    add_visit(
        premises=inspection.premises,
        kind=InspectionKind.RECHECK,
        reason=PlannedVisit.Reason.RECHECK,
        checklist=inspection.checklist.code,
        from_on=min(on, due_on),
        due_on=due_on,
        agency=inspection.agency,
        asked_from=f"fieldwork.recheck:{inspection.pk}",
        rechecks=inspection,
        by=None,
    )


def _close_done(told: "QuerySet[Inspection]") -> int:
    done = told.exclude(findings__closed_at=None, findings__isnull=False)
    count = 0
    for inspection in done.order_by("pk").iterator():
        with transaction.atomic():
            count += close_if_done(inspection, by=None)
    return count
