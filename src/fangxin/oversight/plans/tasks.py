"""What the schedule runs. Every function may run again without harm."""

from datetime import date, timedelta

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans.services import reminding


def morning(day: date | None = None) -> dict[str, int]:
    """Open a matter for what is overdue, and remind of what is near."""
    on = day or ledger.clock.today()
    return {
        # A due date whose evening was missed is frozen before anything else.
        "frozen": reminding.freeze_due(on - timedelta(days=1), ledger.SYSTEM),
        "overdue": reminding.announce_overdue(on, ledger.SYSTEM),
        # Last, since a year whose working days are not known stops it.
        "reminded": reminding.remind(on, ledger.SYSTEM),
    }


def evening(day: date | None = None) -> dict[str, int]:
    """Freeze the figures of the return dates that have come."""
    return {"frozen": reminding.freeze_due(day or ledger.clock.today(), ledger.SYSTEM)}
