"""What the laboratory says, kept on the lot that it most likely speaks of."""

from datetime import date, timedelta
from typing import Any

from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.supply.models import Lot, LotTest, Sureness

# A sample was taken from goods that had come in by then, and not long before.
LONGEST_ON_SALE = timedelta(days=30)


def verdict_told(announcement: Announcement, *, by: Any) -> None:
    """The newest lot of that food at the place on the day of sampling. A sample does not name a lot of the platform, so
    this is inferred and said to be."""
    facts = announcement.facts
    lot = _lot_of(facts)
    if lot is None:
        return
    LotTest.objects.update_or_create(
        lot=lot, sample_number=str(facts["sample_no"])[:24], analyte=str(facts["analyte"])[:80],
        defaults={"outcome": str(facts["outcome"] or "")[:20], "sampled_on": facts["sampled_on"], "sureness": Sureness.INFERRED},
    )  # fmt: skip


def _lot_of(facts: Any) -> Lot | None:
    sampled_on: date | None = facts.get("sampled_on")
    if sampled_on is None:
        return None
    rows = Lot.objects.filter(
        food=facts.get("food", ""), began_on__lte=sampled_on, began_on__gte=sampled_on - LONGEST_ON_SALE
    )
    if facts.get("premises_id"):
        rows = rows.filter(premises=facts["premises_id"])
    elif facts.get("parcel_id"):
        rows = rows.filter(parcel=facts["parcel_id"])
    else:
        return None
    return rows.exclude(state=Lot.State.UNDONE).order_by("-began_on", "-number").first()
