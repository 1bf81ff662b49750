from datetime import date, timedelta

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board import cells
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.freezing import freeze
from fangxin.oversight.board.models import Snapshot


def nightly() -> int:
    """Count tomorrow's figures before anybody asks, and drop the cells of days nobody looks at any more."""
    today = ledger.clock.today()
    for day in (today, today + timedelta(days=1)):
        cells.refresh(day, definitions(day))
    return cells.forget_old(today)


def monthly() -> int:
    """Freeze the last day of the month before for every county with an office, for the trend by month."""
    last = ledger.clock.today().replace(day=1) - timedelta(days=1)
    return sum(freeze_month(code, last) for code in counties())


def freeze_month(division_code: str, day: date) -> int:
    label = f"{day:%Y-%m}"
    freeze(label, as_of=day, division_code=division_code, by=None, kind=Snapshot.Kind.MONTH, with_proof=False)
    return 1


def counties() -> list[str]:
    offices = people.Agency.objects.filter(kind=people.Agency.Kind.OFFICE, active=True)
    return sorted(set(offices.values_list("division_code", flat=True)))
