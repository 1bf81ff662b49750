"""From which day may be harvested, slaughtered or milked after a pesticide or a drug was used, and what was wrong.

The label of the product used decides: the interval after the last use, in days, in hours (milk) or in degree-days of
water; the crops and animals it names; the dose; how often a season. A use that the law bans locks for good. What the
label or the records leave open stays open: it is never filled in.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> label = (LabelLine("韭菜", Produce.CROP, Interval(Decimal(7), IntervalUnit.DAYS)),)
    >>> use = Use("1", "产品", date(2024, 5, 1), label=label)
    >>> standing = judge_batch("韭菜", Produce.CROP, [use])
    >>> standing.earliest
    datetime.date(2024, 5, 8)
    >>> judge_harvest(date(2024, 5, 7), standing).name
    'WITHIN'
"""

from fangxin.engines.withholding.batches import judge_batch, judge_harvest
from fangxin.engines.withholding.labels import match_label
from fangxin.engines.withholding.locks import degree_days, lock_of
from fangxin.engines.withholding.values import (
    Ban,
    DegreeDays,
    HarvestOutcome,
    Interval,
    IntervalUnit,
    LabelLine,
    Lock,
    LockKind,
    LockReason,
    Problem,
    ProblemCode,
    Produce,
    Standing,
    Use,
)

__all__ = [
    "Ban",
    "DegreeDays",
    "HarvestOutcome",
    "Interval",
    "IntervalUnit",
    "LabelLine",
    "Lock",
    "LockKind",
    "LockReason",
    "Problem",
    "ProblemCode",
    "Produce",
    "Standing",
    "Use",
    "degree_days",
    "judge_batch",
    "judge_harvest",
    "lock_of",
    "match_label",
]
