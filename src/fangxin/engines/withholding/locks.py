"""The end of one lock. Local calendar days and hours without a time zone: an hour more or less at a change of clocks
would move a withdrawal period, so none is known here."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from fangxin.engines.withholding.values import (
    DegreeDays,
    Interval,
    IntervalUnit,
    LabelLine,
    Lock,
    LockKind,
    LockReason,
    Produce,
    Use,
)

NO_WATER: Mapping[date, Decimal] = {}
DAY_SECONDS = 86_400
HOUR_SECONDS = 3600


def degree_days(last_on: date, needed: Decimal, means: Mapping[date, Decimal], until: date | None = None) -> DegreeDays:
    """Add up daily mean water temperatures (℃) from the day after the last dose until the label's value is reached.

    Day 1 is the day after the last dose. Measured days after `until` are not looked at. A day without a measurement
    adds nothing, so a sum that is reached without it is reached for certain; it is never filled in from its neighbours.
    Water below zero adds nothing either. Source: withdrawal periods of aquatic drugs (度日), label.

    >>> means = {date(2024, 6, 1) + timedelta(days=n): Decimal(t) for n, t in enumerate(["18", "18.5", "19"], 1)}
    >>> degree_days(date(2024, 6, 1), Decimal("55.5"), means).reached_on
    datetime.date(2024, 6, 4)
    >>> del means[date(2024, 6, 3)]
    >>> found = degree_days(date(2024, 6, 1), Decimal("55.5"), means)
    >>> found.reached_on, found.sum, found.missing
    (None, Decimal('37'), (datetime.date(2024, 6, 3),))
    """
    total, missing, pending = Decimal(0), [], []
    measured = sorted(day for day in means if day > last_on and (until is None or day <= until))
    last = measured[-1] if measured else None
    if needed <= 0:
        return DegreeDays(needed, total, last_on, last)
    day = last_on
    while last is not None and day < last:
        day += timedelta(days=1)
        if day not in means:
            pending.append(day)
            continue
        missing += pending
        pending = []
        total += max(means[day], Decimal(0))
        if total >= needed:
            return DegreeDays(needed, total, day, last, tuple(missing))
    # Days between the last measurement and `until` are missing as much as those before it.
    while until is not None and day < until:
        day += timedelta(days=1)
        missing.append(day)
    return DegreeDays(needed, total, None, last, tuple(missing))


def lock_of(
    use: Use,
    line: LabelLine | None,
    produce: Produce,
    *,
    water: Mapping[date, Decimal] = NO_WATER,
    on: date | None = None,
) -> Lock:
    """How long one use keeps the produce back.

    `line` is the label's line for this crop or animal; without one the interval typed from the bag holds. `water` are
    daily mean temperatures (℃), of which those up to `on` are known.
    """
    if use.bans:
        return Lock(LockKind.BANNED, LockReason.BANNED, None, use, line=line)
    interval = line.interval if line is not None and line.interval is not None else use.typed
    kind = _kind(produce)
    if interval is None:
        return Lock(kind, LockReason.NO_INTERVAL, None, use, line=line)
    if interval.unit is IntervalUnit.DEGREE_DAYS:
        found = degree_days(use.last_on, interval.value, water, on)
        return Lock(kind, _water_reason(found), found.reached_on, use, None, interval, line, found)
    until, until_at = _end(use, interval)
    return Lock(kind, LockReason.INTERVAL, until, use, until_at, interval, line)


def _kind(produce: Produce) -> LockKind:
    if produce is Produce.CROP:
        return LockKind.PRE_HARVEST
    return LockKind.MILK_DISCARD if produce is Produce.MILK else LockKind.WITHDRAWAL


def _water_reason(found: DegreeDays) -> LockReason:
    if found.reached_on is not None:
        return LockReason.DEGREE_DAYS_REACHED
    return LockReason.DEGREE_DAYS_MISSING if found.missing else LockReason.DEGREE_DAYS_RUNNING


def _end(use: Use, interval: Interval) -> tuple[date, time | None]:
    """Whole days are counted from day to day; hours and half days from the last dose, or from the end of its day."""
    if interval.unit is IntervalUnit.DAYS and interval.value == interval.value.to_integral_value():
        return use.last_on + timedelta(days=int(interval.value)), None
    per_unit = HOUR_SECONDS if interval.unit is IntervalUnit.HOURS else DAY_SECONDS
    wait = timedelta(seconds=int((interval.value * per_unit).to_integral_value(rounding="ROUND_CEILING")))
    if use.last_at is None:
        start = datetime.combine(use.last_on, time.min) + timedelta(days=1)
    else:
        start = datetime.combine(use.last_on, use.last_at)
    end = start + wait
    return end.date(), end.time() if end.time() != time.min else None
