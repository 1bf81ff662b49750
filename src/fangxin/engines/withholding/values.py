"""Labels, uses, locks and problems, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum


class IntervalUnit(StrEnum):
    DAYS = "days"
    HOURS = "hours"
    DEGREE_DAYS = "degree_days"


class Produce(StrEnum):
    """What is harvested. Meat, milk and eggs of one animal have intervals of their own."""

    CROP = "crop"
    MEAT = "meat"
    MILK = "milk"
    EGG = "egg"
    FISH = "fish"


@dataclass(frozen=True, slots=True)
class Interval:
    """How long to wait after the last use.

    Errors: ValueError for a negative value.

    >>> Interval(Decimal(-1), IntervalUnit.DAYS)
    Traceback (most recent call last):
    ValueError: an interval cannot be negative: -1
    """

    value: Decimal
    unit: IntervalUnit

    def __post_init__(self) -> None:
        if not self.value >= 0:
            raise ValueError(f"an interval cannot be negative: {self.value}")


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One line of a label. `target` is a crop, an animal, or a group of them; doses stand in `dose_unit`."""

    target: str
    produce: Produce
    interval: Interval | None = None
    most_uses: int | None = None
    dose_low: Decimal | None = None
    dose_high: Decimal | None = None
    dose_unit: str = ""


@dataclass(frozen=True, slots=True)
class Ban:
    """The law forbids this substance on this crop or animal on the day of use; `citation` says which notice."""

    substance: str
    citation: str


@dataclass(frozen=True, slots=True)
class Use:
    """One use of one product. `last_at` is local time of the last dose, if known; otherwise the whole day counts.

    `label` holds the lines of the product's label; None when the product is in no list. `typed` is the interval that
    the person read from the bag: it holds where the list has no line for the crop. `bans` is what the law says of its
    substances on `began_on` and later.
    """

    ref: str
    product: str
    last_on: date
    began_on: date | None = None
    last_at: time | None = None
    label: tuple[LabelLine, ...] | None = None
    typed: Interval | None = None
    dose: Decimal | None = None
    dose_unit: str = ""
    bans: tuple[Ban, ...] = ()


class LockKind(StrEnum):
    PRE_HARVEST = "pre_harvest"  # 安全间隔期
    WITHDRAWAL = "withdrawal"  # 休药期, in days or degree-days
    MILK_DISCARD = "milk_discard"  # 弃奶期
    BANNED = "banned"


class LockReason(StrEnum):
    """Why a lock ends on its day, or why its end is unknown."""

    INTERVAL = "interval"
    DEGREE_DAYS_REACHED = "degree_days_reached"
    DEGREE_DAYS_RUNNING = "degree_days_running"  # not reached by the last measured day
    DEGREE_DAYS_MISSING = "degree_days_missing"  # days without a measurement stand between
    NO_INTERVAL = "no_interval"  # neither the list nor the bag says how long
    BANNED = "banned"


@dataclass(frozen=True, slots=True)
class DegreeDays:
    """The sum of daily mean water temperatures since the last dose, against what the label asks (both in ℃·d)."""

    needed: Decimal
    sum: Decimal
    reached_on: date | None
    measured_until: date | None
    missing: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """Until when one use keeps the produce back. `until` is the first day on which it is free; None means unknown.

    `until_at` is the local time on that day from which it is free, where the interval is counted in hours.
    """

    kind: LockKind
    reason: LockReason
    until: date | None
    use: Use
    until_at: time | None = None
    interval: Interval | None = None
    line: LabelLine | None = None
    water: DegreeDays | None = None


class ProblemCode(StrEnum):
    BANNED_USE = "banned_use"
    OFF_LABEL = "off_label"
    OVER_DOSE = "over_dose"
    UNDER_DOSE = "under_dose"
    OVER_USES = "over_uses"
    NO_INTERVAL = "no_interval"
    UNLISTED_PRODUCT = "unlisted_product"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a use, with the values that show it."""

    code: ProblemCode
    use: Use
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a batch stands. `earliest` is the latest end of all locks that have one; None when nothing was used.

    While `open_locks` is not empty, no day can be named, and `earliest` is only what is known so far.
    """

    locks: tuple[Lock, ...]
    earliest: date | None
    earliest_at: time | None
    open_locks: tuple[Lock, ...]
    problems: tuple[Problem, ...]

    @property
    def decided_by(self) -> Lock | None:
        """The lock that ends last, or the first whose end nobody knows."""
        if self.open_locks:
            return self.open_locks[0]
        return max(self.locks, key=_end, default=None)


class HarvestOutcome(StrEnum):
    FREE = "free"
    WITHIN = "within"  # before the end of an interval
    UNKNOWN = "unknown"  # the end of an interval is not known
    BANNED = "banned"


def _end(lock: Lock) -> tuple[date, time]:
    return (lock.until or date.max, lock.until_at or time.min)
