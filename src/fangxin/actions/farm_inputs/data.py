"""Frozen values of this action: what a batch may and may not, and what the forecast says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fangxin.engines.withholding import Lock, Standing


@dataclass(frozen=True, slots=True)
class LockLine:
    """One lock in words."""

    lock: Lock
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """A batch on a day: may it be harvested, from when, and why not yet. `sentence` is what the farmer reads."""

    standing: Standing
    free: bool
    earliest: date | None
    sentence: str
    tone: str
    lines: tuple[LockLine, ...]


@dataclass(frozen=True, slots=True)
class SubstanceForecast:
    """What is expected of one substance at a harvest day. Without a limit or parameters `why_not` says what lacks."""

    substance: str
    harvest_on: date
    probability: float | None = None
    limit: Decimal | None = None
    citation: str = ""
    median: float | None = None
    high: float | None = None
    wait_until: date | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class PastUse:
    """A use of the past, for whole lists at once."""

    product: Any
    on: date
    dose: Decimal | None = None
    dose_unit: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class PastEntry:
    """Another line of the diary."""

    kind: str
    on: date
    what: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    water_c: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PastBatch:
    """A batch with everything that was written down about it. `farm` is a row; harvests are days with quantities."""

    farm: Any
    food: str
    produce: str
    started_on: date
    ended_on: date | None = None
    planned_on: date | None = None
    area_mu: Decimal | None = None
    animals: int | None = None
    unit: str = "kg"
    uses: tuple[PastUse, ...] = ()
    diary: tuple[PastEntry, ...] = ()
    harvests: tuple[tuple[date, Decimal], ...] = ()
