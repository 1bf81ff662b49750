"""Which agency a document means by a printed name."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from fangxin.kernel.people import api as people

LEVELS = (2, 4, 6, 9, 12)
# 市场监管局 and 区域合作办 begin with no level of government, and 县委 is nothing without it.
LEVEL_IN_FRONT = re.compile(r"^(?:[省县](?![委域])|市(?![委场政容民域])|区(?![委域]))")
WORKING = ("office", "department", "township", "station")


def agencies_for(division_code: str) -> "Any":
    """Agencies a plan of the division can name: its own, those below, and those of the levels above."""
    above = [division_code[:n] for n in LEVELS if n < len(division_code)]
    scope = people.under(division_code) | Q(division_code__in=above)
    return people.Agency.objects.filter(scope, active=True, kind__in=WORKING).order_by("kind", "pk")


class NameBook:
    """All names of the agencies in reach, read once. A name that two agencies share means neither."""

    def __init__(self, division_code: str) -> None:
        names = people.division_names({division_code[:n] for n in LEVELS if n <= len(division_code)})
        self._home = names.get(division_code, "")
        self._places = sorted(names.values(), key=len, reverse=True)
        self.agencies = list(agencies_for(division_code).prefetch_related("other_names"))
        # Agencies of the plan's own division win over those above and below.
        near = [a for a in self.agencies if a.division_code == division_code]
        self._exact = [_index(near, str), _index(self.agencies, str)]
        self._bare = [_index(near, self.bare), _index(self.agencies, self.bare)]

    def bare(self, name: str) -> str:
        """The name without the places or a bare 县, 市, 区 in front."""
        name = "".join(name.split())
        for place in self._places:
            name = name.removeprefix(place)
        return LEVEL_IN_FRONT.sub("", name) if len(name) > 2 else name

    def full(self, printed: str) -> str:
        """The full name of a new agency: with the plan's division in front, unless a place stands there already."""
        bare = self.bare(printed)
        placed = any(printed.startswith(place) for place in self._places)
        return printed if placed or not self._home else self._home + bare

    def exactly(self, printed: str | None) -> Any:
        """The agency of exactly this name, or None."""
        return _first(self._exact, printed or "")

    def nearly(self, printed: str) -> Any:
        """The agency of this name but for the division in front, or None."""
        return self.exactly(printed) or _first(self._bare, self.bare(printed))


def _names(agency: Any) -> Iterable[str]:
    return (agency.name, agency.short_name, *(other.name for other in agency.other_names.all()))


def _index(agencies: Iterable[Any], key: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for agency in agencies:
        for name in {key(name) for name in _names(agency)}:
            # None marks a name that two agencies share.
            found[name] = agency if found.get(name, agency) == agency else None
    return found


def _first(indexes: Iterable[dict[str, Any]], name: str) -> Any:
    return next((index[name] for index in indexes if index.get(name) is not None), None)
