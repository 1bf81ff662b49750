"""Work that comes round by itself."""

from django.core.exceptions import ValidationError

from fangxin.actions.imported_food.models import Consignment
from fangxin.actions.imported_food.services import alerts, consignments, disposals, joint, scoring
from fangxin.actions.imported_food.services.steps import PLATFORM

MOST_AT_ONCE = 500


def daily() -> int:
    """Score every lot anew, open what its papers, label or shelf life ask for, and say what is late."""
    rows = Consignment.objects.filter(state__in=("on_shelf", "stopped")).select_related("lot", "trader__premises")
    found = 0
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = list(rows.filter(pk__in=keys[start : start + MOST_AT_ONCE]).order_by("pk"))
        scoring.rescore(some)
        for row in some:
            try:
                found += consignments.find_faults(consignment=row, by=PLATFORM)
            except ValidationError:
                continue  # a county without agencies: nobody could take the matter
    return found + hourly()


def hourly() -> int:
    """What ran out of its hours."""
    found = 0
    for look in (alerts.check_late, disposals.check_late, joint.check_late):
        found += look(by=PLATFORM)
    return found
