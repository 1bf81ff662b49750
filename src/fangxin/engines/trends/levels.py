"""Readings below a detection limit on one footing, so that a better laboratory does not look like a falling trend.

Source: Helsel 2012, Statistics for Censored Environmental Data, ch. 12: with several limits everything below the highest
of them is one tied group.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` None means not detected, and then `lod` says below what."""

    time: float
    value: float | None
    lod: float | None = None
    block: str = ""


def level(readings: Iterable[Reading]) -> list[Reading]:
    """The same readings with everything below the highest detection limit of an undetected one set to that limit.

    A reading with neither value nor limit says nothing and is left out.

    >>> [r.value for r in level([Reading(1, None, 0.1), Reading(2, 0.05), Reading(3, 0.3)])]
    [0.1, 0.1, 0.3]
    """
    said = [r for r in readings if r.value is not None or r.lod is not None]
    limits = [r.lod for r in said if r.value is None and r.lod is not None]
    floor = max(limits, default=None)
    return [Reading(r.time, _lifted(r.value, floor), r.lod, r.block) for r in said]


def _lifted(value: float | None, floor: float | None) -> float | None:
    if floor is None:
        return value
    return floor if value is None else max(value, floor)
