"""Work on cases that comes round by itself."""

from fangxin.kernel.casework.services.cases_deciding import take_down_all
from fangxin.kernel.casework.services.cases_transfer import lapse_all
from fangxin.kernel.ledger import api as ledger


def daily() -> int:
    """Take down what has been public long enough, note the clocks that have run out. May be called at any time."""
    return take_down_all(ledger.clock.today()) + lapse_all(ledger.clock.now())
