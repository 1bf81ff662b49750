"""Frozen values that the catalogue takes and gives."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """One edition as a reviewed file states it."""

    kind: str
    code: str
    name: str
    edition: str
    in_force_from: date | None
    in_force_to: date | None
    article: str
    source: str
    confidence: str
    entered_by: str
    checked_by: str
    next_review: date | None
    file: str
    body: str
    digest: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading a folder of rules did, and days on which a rule has no edition between two that it has."""

    loaded: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: int = 0
    gaps: tuple[str, ...] = field(default=())
