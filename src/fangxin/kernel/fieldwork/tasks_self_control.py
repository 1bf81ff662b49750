"""Work of the two responsibilities that comes round by itself."""

from datetime import date

from fangxin.kernel.fieldwork.services import guarantees, self_control
from fangxin.kernel.ledger import api as ledger


def daily(today: date | None = None) -> int:
    """What operators left open too long goes up; places that closed ask for a change of their official.

    May be called as often as one likes.
    """
    day = today or ledger.clock.today()
    return self_control.escalate_open(today=day) + guarantees.notice_closed(today=day)
