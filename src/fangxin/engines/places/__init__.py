"""The divisions of a county as a reviewed file says them: codes, names, spans of time, seats, population.

Coordinates are WGS-84 degrees. What a file does not say stays None; nothing is filled in.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

LEVELS = (2, 4, 6, 9, 12)
KINDS = {
    2: ("province",),
    4: ("prefecture",),
    6: ("county",),
    9: ("street", "town", "township"),
    12: ("village", "community"),
}


class PlacesError(ValueError):
    """A file of divisions that cannot be relied upon; says which line and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One division. `weight` only spreads invented trade over a synthetic county and is no fact."""

    code: str
    name: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    population: int | None = None
    population_basis: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    source: str = ""
    confidence: str = ""
    weight: float = 1.0

    @property
    def level(self) -> int:
        """0 province, 1 prefecture, 2 county, 3 township, 4 village."""
        return LEVELS.index(len(self.code))


def load_places(text: str) -> tuple[Place, ...]:
    """Read a file of `[[division]]` tables, ordered by code; the file's source holds where a row names none.

    Raises PlacesError for unreadable TOML, unknown keys, a code of a wrong length or kind, a code given twice
    for overlapping times, and a division whose superior is missing.

    >>> load_places('''
    ... source = "invented"
    ... division = [{code = "99", name = "云岭省", kind = "province"}]
    ... ''')[0].source
    'invented'
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlacesError(f"not readable as TOML: {error}") from None
    source = str(document.get("source", ""))
    places = sorted((_place(row, source) for row in document.get("division", ())), key=_order)
    if not places:
        raise PlacesError("the file lists no division")
    _check_spans(places)
    _check_superiors(places)
    return tuple(places)


def _place(row: Mapping[str, Any], source: str) -> Place:
    try:
        place = Place(**{"source": source, **row})
    except TypeError as error:
        raise PlacesError(f"division {row.get('code', '?')}: {error}") from None
    if not (isinstance(place.code, str) and place.code.isdigit() and place.kind in KINDS.get(len(place.code), ())):
        raise PlacesError(f"division {place.code}: a code of this length cannot be a {place.kind}")
    return place


def _order(place: Place) -> tuple[str, date]:
    return place.code, place.valid_from or date.min


def _check_spans(places: list[Place]) -> None:
    for earlier, later in pairwise(places):
        if earlier.code == later.code and (earlier.valid_to or date.max) > (later.valid_from or date.min):
            raise PlacesError(f"division {later.code}: two names for the same time")


def _check_superiors(places: list[Place]) -> None:
    known = {place.code for place in places}
    for place in places:
        superior = place.code[: LEVELS[place.level - 1]] if place.level else ""
        if superior and superior not in known:
            raise PlacesError(f"division {place.code}: its superior {superior} is missing")
