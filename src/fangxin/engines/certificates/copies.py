"""Signs that a code was copied: seen at two places that nobody travels between in the time, or seen too often.

A sign is a clue, not a proof: one lot may leave in several cars. Sightings near a known destination are explained and count
against nobody; what is left is for an inspector to look at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

_EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code seen somewhere: degrees (WGS-84) rounded to about a kilometre. `explained`: near the origin or a known buyer."""

    at: datetime
    longitude: float
    latitude: float
    explained: bool = False


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Above `most_kmh` nobody carries goods; nearer than `least_km` places are not told apart (a phone's place is coarse).

    `smallest` is the least that one shopper buys, by unit; `scans_a_portion` how often one portion is looked at.
    """

    most_kmh: float
    least_km: float
    smallest: dict[str, Decimal]
    scans_a_portion: int
    least_scans: int


@dataclass(frozen=True, slots=True)
class Travel:
    """Two sightings that one thing cannot have made."""

    first: Sighting
    second: Sighting
    km: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Excess:
    """More sightings than a quantity explains."""

    seen: int
    most: int


def distance_km(first: Sighting, second: Sighting) -> float:
    """Great-circle distance on a sphere of mean radius (haversine).

    >>> from datetime import UTC
    >>> now = datetime(2023, 3, 15, tzinfo=UTC)
    >>> round(distance_km(Sighting(now, 111.0, 34.0), Sighting(now, 112.0, 34.0)), 1)
    92.2
    """
    latitudes = math.radians(first.latitude), math.radians(second.latitude)
    across = math.radians(second.longitude - first.longitude)
    half = (
        math.sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + math.cos(latitudes[0]) * math.cos(latitudes[1]) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def far_apart(sightings: Sequence[Sighting], rule: CopyRule) -> Travel | None:
    """The clearest pair (the greatest distance beyond what could be travelled) of which at least one is not explained.

    The answer does not depend on the order of the sightings.
    """
    ordered = sorted(sightings, key=lambda seen: (seen.at, seen.longitude, seen.latitude, seen.explained))
    best: tuple[float, Travel] | None = None
    for place, second in enumerate(ordered):
        for first in ordered[:place]:
            if first.explained and second.explained:
                continue
            km = distance_km(first, second)
            minutes = (second.at - first.at).total_seconds() / 60
            beyond = km - rule.most_kmh * minutes / 60
            if km >= rule.least_km and beyond > 0 and (best is None or beyond > best[0]):
                best = beyond, Travel(first, second, km, minutes)
    return best[1] if best else None


def too_many(seen: int, quantity: Decimal, unit: str, rule: CopyRule) -> Excess | None:
    """Whether a code was seen more often than the portions of its quantity explain.

    >>> rule = CopyRule(120, 30, {"kg": Decimal("0.5")}, scans_a_portion=2, least_scans=20)
    >>> too_many(41, Decimal(10), "kg", rule)
    Excess(seen=41, most=40)
    >>> too_many(40, Decimal(10), "kg", rule) is None
    True
    """
    portions = math.ceil(quantity / rule.smallest.get(unit, Decimal(1)))
    most = max(rule.least_scans, rule.scans_a_portion * portions)
    return Excess(seen, most) if seen > most else None
