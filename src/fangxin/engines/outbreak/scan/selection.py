"""Which of the best windows of all centres are reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from fangxin.engines.outbreak.scan.intervals import Numbers
from fangxin.engines.outbreak.scan.values import Overlap
from fangxin.engines.outbreak.scan.zones import Circles, Sites

# Ratios closer than this are equal; SaTScan then puts the smaller circle first.
_TIE = 1e-9
_WITHIN = 1 + 1e-9
# Ratios below this say nothing.
LEAST_RATIO = 0.001
MOST_CLUSTERS = 500


@dataclass(frozen=True, slots=True)
class Found:
    """The best window around a centre. `centre` is None for the circle of all sites."""

    centre: int | None
    sites: tuple[int, ...]
    radius: float
    since: int
    until: int
    cases: int
    exposed: float
    ratio: float


def found_in(table: Numbers, circles: Circles, sites: Sites) -> list[Found]:
    """The rows of `Search.best_of_each` that hold a window, the most likely first."""
    found = []
    for centre, (ratio, size, since, until, cases, exposed) in enumerate(table):
        if ratio < LEAST_RATIO:
            continue
        entire = centre == sites.count
        members = range(sites.count) if entire else circles.of(centre, int(size)).tolist()
        radius = 0.0 if entire else float(sites.distances_from(centre)[members[-1]])
        found.append(
            Found(
                centre=None if entire else centre, sites=tuple(members), radius=radius, since=int(since),
                until=int(until), cases=round(cases), exposed=float(exposed), ratio=float(ratio),
            )
        )  # fmt: skip
    return _ordered(found)


def _ordered(found: Sequence[Found]) -> list[Found]:
    """By ratio; among equals the purely temporal one, then fewer sites, then the earlier id."""
    ranked = sorted(found, key=lambda one: -one.ratio)
    ordered: list[Found] = []
    equals: list[Found] = []
    for one in ranked:
        if equals and equals[0].ratio - one.ratio > _TIE:
            ordered += sorted(equals, key=_smaller_first)
            equals = []
        equals.append(one)
    return ordered + sorted(equals, key=_smaller_first)


def _smaller_first(one: Found) -> tuple[bool, int, int]:
    return one.centre is not None, len(one.sites), one.centre or 0


def select(found: Sequence[Found], sites: Sites, overlap: Overlap) -> list[Found]:
    """Go down the list and keep what does not overlap, in the sense asked for, with what is kept already. Overlap is of
    places: a purely temporal cluster bars nobody."""
    if overlap is Overlap.ANY:
        return list(found)
    kept: list[Found] = []
    for one in found:
        if len(kept) >= MOST_CLUSTERS:
            break
        if one.centre is None or not any(_bars(better, one, sites, overlap) for better in kept):
            kept.append(one)
    return kept


def _bars(better: Found, one: Found, sites: Sites, overlap: Overlap) -> bool:
    if better.centre is None or one.centre is None:
        return False
    if overlap is Overlap.NO_SHARED_PLACE:
        return not set(better.sites).isdisjoint(one.sites)
    apart = float(sites.distances_from(better.centre)[one.centre])
    in_better, in_worse = apart <= better.radius * _WITHIN, apart <= one.radius * _WITHIN
    return {
        Overlap.NO_CENTRE_IN_OTHER: in_better or in_worse,
        Overlap.NO_CENTRE_IN_BETTER: in_better,
        Overlap.NO_CENTRE_IN_WORSE: in_worse,
        Overlap.NOT_BOTH_CENTRES: in_better and in_worse,
    }[overlap]
