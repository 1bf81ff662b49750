"""Places as points, and the circles around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fangxin.engines.outbreak.scan.values import Fault, Place, ScanRefused

Numbers = np.ndarray[Any, np.dtype[Any]]
# SaTScan's radius of the earth, so that radii agree.
EARTH_RADIUS_KM = 6367.0
# Distances that differ by less than this share of the largest are equal: they differ by rounding only.
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Sites:
    """Points with the ids of the places there; places at one point are in or out together. In order of the ids."""

    ids: tuple[tuple[str, ...], ...]
    at: tuple[tuple[float, ...], ...]
    points: Numbers
    cartesian: bool

    @property
    def count(self) -> int:
        return len(self.ids)

    def number_of(self) -> dict[str, int]:
        """The site of each place."""
        return {place: number for number, ids in enumerate(self.ids) for place in ids}

    def distances_from(self, site: int) -> Numbers:
        """To all sites: km along the surface, or the places' unit."""
        straight = np.sqrt(((self.points - self.points[site]) ** 2).sum(axis=1))
        if self.cartesian:
            return np.asarray(straight)
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, straight / (2 * EARTH_RADIUS_KM))))


@dataclass(frozen=True, slots=True)
class Circles:
    """The sites around each site, nearest first, as far as a circle may reach: those of site n are
    `members[ends[n]:ends[n + 1]]`."""

    members: Numbers
    ends: Numbers

    def of(self, site: int, number: int) -> Numbers:
        """The first `number` sites around a site."""
        return self.members[self.ends[site] : self.ends[site] + number]


def sites_of(places: Sequence[Place], *, cartesian: bool) -> Sites:
    """Raises ScanRefused for no places, an id twice, or coordinates that are none."""
    if not places:
        raise ScanRefused(Fault.NO_PLACES, "there are no places", table="places")
    seen: dict[str, int] = {}
    for row, place in enumerate(places):
        _check(place, len(places[0].at), row, cartesian=cartesian)
        if place.id in seen:
            raise ScanRefused(Fault.TWICE, f"the place {place.id} is given twice", table="places", row=row)
        seen[place.id] = row
    groups: dict[tuple[float, ...], list[str]] = {}
    for place in sorted(places, key=lambda place: place.id):
        groups.setdefault(place.at, []).append(place.id)
    at = tuple(groups)
    points = np.array(at, dtype=float) if cartesian else _on_the_globe(np.array(at, dtype=float))
    return Sites(ids=tuple(tuple(ids) for ids in groups.values()), at=at, points=points, cartesian=cartesian)


def _check(place: Place, dimensions: int, row: int, *, cartesian: bool) -> None:
    # Nothing on a plane is farther than this; squares of larger numbers would overflow.
    fine = len(place.at) == dimensions >= 2 and all(abs(value) <= 1e100 for value in place.at)
    if fine and not cartesian:
        fine = dimensions == 2 and abs(place.at[0]) <= 90 and abs(place.at[1]) <= 180
    if not fine:
        wanted = "coordinates" if cartesian else "a latitude from -90 to 90 and a longitude from -180 to 180"
        told = ", ".join(str(value) for value in place.at)
        raise ScanRefused(
            Fault.COORDINATES, f"the place {place.id} needs {wanted}; it has {told}", table="places", row=row
        )


def _on_the_globe(degrees: Numbers) -> Numbers:
    latitude, longitude = np.radians(degrees).T
    across = np.cos(latitude)
    return EARTH_RADIUS_KM * np.stack(
        [across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=1
    )


def circles_of(sites: Sites, at_risk: Numbers, *, most_share: float, most_radius: float | None) -> Circles:
    """Every circle ends before the first site that would take it over `most_share` of all at risk or over `most_radius`.

    Sites equally far are taken in order of their coordinates, as SaTScan does.
    """
    most = at_risk.sum() * most_share
    members: list[Numbers] = []
    ends = [0]
    for site in range(sites.count):
        order, distances = _by_distance(sites, site)
        within = np.cumsum(at_risk[order]) <= most * (1 + _EQUAL)
        if most_radius is not None:
            within &= distances <= most_radius
        number = int(np.argmin(within)) if not within.all() else len(within)
        members.append(order[:number])
        ends.append(ends[-1] + number)
    return Circles(np.concatenate(members).astype(np.int32), np.array(ends))


def _by_distance(sites: Sites, site: int) -> tuple[Numbers, Numbers]:
    distances = sites.distances_from(site)
    step = max(float(distances.max()), 1.0) * _EQUAL
    order = np.lexsort((*reversed(sites.points.T), np.round(distances / step)))
    return order, distances[order]
