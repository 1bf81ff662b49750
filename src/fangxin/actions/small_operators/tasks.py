"""Work that comes round by itself."""

from fangxin.actions.small_operators.services import unregistered
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

# The platform itself follows up; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")


def daily() -> int:
    """Follow what the censuses found. May be called as often as one likes: only what is new is taken."""
    counties = people.divisions_on(ledger.clock.today()).filter(kind=people.Division.Kind.COUNTY)
    return sum(
        unregistered.take_from_census(prefix=code, by=PLATFORM) for code in counties.values_list("code", flat=True)
    )
