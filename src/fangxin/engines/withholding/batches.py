"""A batch as a whole: all its locks, the earliest harvest, and what was wrong with the uses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from fangxin.engines.withholding.labels import match_label
from fangxin.engines.withholding.locks import NO_WATER, lock_of
from fangxin.engines.withholding.values import (
    HarvestOutcome,
    LabelLine,
    Lock,
    LockKind,
    Problem,
    ProblemCode,
    Produce,
    Standing,
    Use,
)

DILUTION = "倍"
NO_GROUPS: Mapping[str, tuple[str, ...]] = {}


def judge_batch(
    food: str,
    produce: Produce,
    uses: Sequence[Use],
    *,
    groups: Mapping[str, tuple[str, ...]] = NO_GROUPS,
    water: Mapping[date, Decimal] = NO_WATER,
    on: date | None = None,
) -> Standing:
    """Locks and problems of a batch of one crop or animal. The order of the uses does not matter.

    The earliest harvest is the latest end of all locks. One lock without a known end leaves the day unknown.
    """
    ordered = sorted(uses, key=lambda use: (use.last_on, use.ref))
    lines = {use.ref: match_label(food, produce, use.label or (), groups) for use in ordered}
    locks = tuple(lock_of(use, lines[use.ref], produce, water=water, on=on) for use in ordered)
    known = [(lock.until, lock.until_at or time.min) for lock in locks if lock.until is not None]
    earliest, at = max(known, default=(None, time.min))
    # A ban goes before everything else that is open.
    open_locks = sorted(
        (lock for lock in locks if lock.until is None), key=lambda lock: lock.kind is not LockKind.BANNED
    )
    problems = [*_problems(ordered, lines, locks), *_over_uses(ordered, lines)]
    return Standing(locks, earliest, None if at == time.min else at, tuple(open_locks), tuple(problems))


def judge_harvest(on: date, standing: Standing, at: time | None = None) -> HarvestOutcome:
    """Whether a harvest on a day (at a time, if known) lies behind all locks."""
    before = [lock for lock in standing.locks if lock.use.last_on <= on]
    if any(lock.kind is LockKind.BANNED for lock in before):
        return HarvestOutcome.BANNED
    if any(lock.until is not None and (on, at or time.max) < _free_from(lock) for lock in before):
        return HarvestOutcome.WITHIN
    if any(lock.until is not None and at is None and on == lock.until and lock.until_at for lock in before):
        return HarvestOutcome.UNKNOWN  # free from some hour on, and nobody said at what hour
    return HarvestOutcome.UNKNOWN if any(lock.until is None for lock in before) else HarvestOutcome.FREE


def _free_from(lock: Lock) -> tuple[date, time]:
    return (lock.until or date.max, lock.until_at or time.min)


def _problems(uses: Iterable[Use], lines: Mapping[str, LabelLine | None], locks: Sequence[Lock]) -> Iterator[Problem]:
    for use, lock in zip(uses, locks, strict=True):
        for ban in use.bans:
            yield Problem(ProblemCode.BANNED_USE, use, {"substance": ban.substance, "citation": ban.citation})
        if use.label is None:
            yield Problem(ProblemCode.UNLISTED_PRODUCT, use)
        elif lines[use.ref] is None:
            targets = "、".join(sorted({line.target for line in use.label}))
            yield Problem(ProblemCode.OFF_LABEL, use, {"targets": targets})
        if lock.interval is None and lock.kind is not LockKind.BANNED:
            yield Problem(ProblemCode.NO_INTERVAL, use)
        yield from _dose(use, lines[use.ref])


def _dose(use: Use, line: LabelLine | None) -> Iterator[Problem]:
    """Doses are compared only in the label's own unit. Of dilutions (倍液) the smaller number is the stronger dose."""
    if line is None or use.dose is None or not line.dose_unit or use.dose_unit != line.dose_unit:
        return
    values = {"dose": f"{use.dose.normalize():f}", "unit": use.dose_unit}
    diluted = line.dose_unit.startswith(DILUTION)
    if line.dose_high is not None and use.dose > line.dose_high:
        code = ProblemCode.UNDER_DOSE if diluted else ProblemCode.OVER_DOSE
        yield Problem(code, use, {**values, "bound": f"{line.dose_high.normalize():f}"})
    elif line.dose_low is not None and use.dose < line.dose_low:
        code = ProblemCode.OVER_DOSE if diluted else ProblemCode.UNDER_DOSE
        yield Problem(code, use, {**values, "bound": f"{line.dose_low.normalize():f}"})


def _over_uses(uses: Iterable[Use], lines: Mapping[str, LabelLine | None]) -> Iterator[Problem]:
    """Each use beyond the label's number is one too many; the season is the life of the batch."""
    counted: Counter[str] = Counter()
    for use in uses:
        counted[use.product] += 1
        line = lines[use.ref]
        if line is not None and line.most_uses is not None and counted[use.product] > line.most_uses:
            yield Problem(ProblemCode.OVER_USES, use, {"uses": str(counted[use.product]), "most": str(line.most_uses)})
