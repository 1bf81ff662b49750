"""Work that comes round by itself."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Substr

from fangxin.kernel.fieldwork.models import Inspection, PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services.closing import close_if_done
from fangxin.kernel.fieldwork.services.risks import learn
from fangxin.kernel.fieldwork.services.visits import COUNTY_LENGTH, add_visit
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


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


def learn_risks(progress: Any, *, division_code: str, user: int) -> dict[str, Any]:
    """Learn the risk order anew. Called twice it learns twice, and the later stands."""
    order = learn(division_code=division_code, by=people.User.objects.get(pk=user))
    progress.tell(order.premises, order.premises)
    return {"order": order.pk, "usable": order.usable}


def learn_all_risks() -> int:
    """Every county that has inspections; one that has too few is passed over."""
    counties = Inspection.objects.order_by().annotate(county=Substr("division_code", 1, COUNTY_LENGTH))
    count = 0
    for county in sorted(set(counties.values_list("county", flat=True))):
        try:
            learn(division_code=county, by=None)
        except ValidationError:
            continue
        count += 1
    return count
