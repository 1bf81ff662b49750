"""Work that comes round by itself: of soil and land, and of enterprises and leaks."""

from fangxin.actions.origin.services import contradictions, enterprises, voc
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

# The platform itself looks; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")


def daily() -> int:
    """Tell what does not fit together on a parcel. May be called as often as one likes: a matter is opened once."""
    counties = people.divisions_on(ledger.clock.today()).filter(kind=people.Division.Kind.COUNTY)
    return sum(contradictions.tell_all(prefix=code, by=PLATFORM) for code in counties.values_list("code", flat=True))


def press() -> int:
    """Enterprises, monitoring, leaks and rounds beyond their time, in every county; a matter is opened once."""
    counties = people.divisions_on(ledger.clock.today()).filter(kind=people.Division.Kind.COUNTY)
    codes = list(counties.values_list("code", flat=True))
    return sum(part.follow(prefix=code, by=PLATFORM) for code in codes for part in (enterprises, voc))
