"""A recall: what to pull from whom, who was told in time, what came back, how far that reaches; and a drill of it.

All quantities are intervals (see `balance`), so the share recovered is one too: it is 100 % only when that is certain.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from math import comb

from fangxin.engines.traceability.balance import NOTHING, UNKNOWN, ZERO, Amount, Balance, Units
from fangxin.engines.traceability.values import Direction, Trace

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Order:
    """From which moment a recall runs, and how long each tier has to tell the next (the first: the firm's customers)."""

    at: datetime
    tell_within: timedelta
    pass_on_within: timedelta

    def tell_by(self, tier: int) -> datetime:
        return self.at + self.tell_within + self.pass_on_within * max(tier - 1, 0)


@dataclass(frozen=True, slots=True)
class Holding:
    """A lot to be pulled. `left` is what may still be there; it is unknown where no balance can be made.

    `sure` is False for a lot that only inferred links reach: to be held and looked at before it is destroyed.
    """

    lot: str
    tier: int
    left: Amount
    unit: str
    sure: bool


@dataclass(frozen=True, slots=True)
class RecallLine:
    """One premises of a recall: its lots, by when it must have been told."""

    premises: str
    tier: int
    tell_by: datetime
    holdings: tuple[Holding, ...]


def list_recall(
    trace: Trace, *, order: Order, places: Mapping[str, str], balances: Mapping[str, Balance]
) -> tuple[RecallLine, ...]:
    """What to pull from whom: every lot that a trace reaches forward, with the lot itself, by premises, nearest first.

    `places` says where a lot lies, beside what the links say; lots nobody can place come under "". A lot without a
    balance is listed with an unknown quantity, never left out. Raises ValueError for a trace that only goes back.
    """
    if trace.direction is Direction.BACK:
        raise ValueError("a recall goes forward")
    where = {link.to_lot: link.premises for link in trace.links if link.premises} | dict(places)
    surely = _surely(trace)
    held: dict[str, list[Holding]] = defaultdict(list)
    for lot, tier in [(trace.lot, 0), *((reached.lot, reached.hops) for reached in trace.forward)]:
        balance = balances.get(lot)
        left, unit = (UNKNOWN, "") if balance is None else (balance.left, balance.unit)
        held[where.get(lot, "")].append(Holding(lot, tier, left, unit, lot in surely))
    lines = []
    for premises, holdings in held.items():
        tier = min(holding.tier for holding in holdings)
        ordered = tuple(sorted(holdings, key=lambda holding: (holding.tier, holding.lot)))
        lines.append(RecallLine(premises, tier, order.tell_by(tier), ordered))
    return tuple(sorted(lines, key=lambda line: (line.tier, line.premises)))


def _surely(trace: Trace) -> set[str]:
    """Lots that recorded links alone connect with the lot recalled."""
    onward: dict[str, list[str]] = defaultdict(list)
    for link in trace.recorded:
        onward[link.from_lot].append(link.to_lot)
    found, front = {trace.lot}, [trace.lot]
    while front:
        new = [lot for lot in onward[front.pop()] if lot not in found]
        found.update(new)
        front += new
    return found


class Told(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Notice:
    """A premises was told; `answered` is when it confirmed."""

    premises: str
    at: datetime
    answered: datetime | None = None


class Fate(StrEnum):
    """Where pulled goods went, or why they cannot be pulled any more."""

    RETURNED = "returned"
    DESTROYED = "destroyed"
    SEALED = "sealed"
    EATEN = "eaten"

    @property
    def recovers(self) -> bool:
        return self is not Fate.EATEN


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a premises reported of a lot. The same goods are reported once, with their last fate."""

    premises: str
    lot: str
    quantity: Decimal | None
    unit: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Share:
    """A share between two bounds (0-1)."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """How one premises stands, in one unit (None: its lots have none, or several): quantities of all its lots together."""

    premises: str
    told: Told
    answered: bool
    unit: str | None
    recoverable: Amount
    recovered: Amount
    open: Amount
    share: Share | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A whole recall: each premises, who still has to be told, and the share recovered of what could be.

    The share is None when nothing is known or when premises reckon in different units; one premises that knows nothing
    only widens it.
    `surplus` are premises that gave back more than they can have had: their balance is wrong. `strangers` told or gave
    back without being on the list: the list lacks a link.
    """

    standings: tuple[Standing, ...]
    share: Share | None
    surplus: tuple[str, ...]
    strangers: tuple[str, ...]

    def count(self, told: Told) -> int:
        return sum(standing.told is told for standing in self.standings)


def judge_recall(
    lines: Sequence[RecallLine],
    notices: Iterable[Notice],
    recoveries: Iterable[Recovery],
    *,
    at: datetime,
    units: Units | None = None,
) -> Progress:
    """How far a recall has come at a moment. The order of the reports does not matter.

    What was eaten meanwhile leaves what can be recovered; what was given back was certainly there.
    """
    units = units or Units()
    first: dict[str, Notice] = {}
    for notice in sorted(notices, key=lambda notice: notice.at):
        if notice.at <= at:
            kept = first.setdefault(notice.premises, notice)
            if kept.answered is None and notice.answered is not None:
                first[notice.premises] = Notice(kept.premises, kept.at, notice.answered)
    given: dict[str, list[Recovery]] = defaultdict(list)
    for recovery in recoveries:
        given[recovery.premises].append(recovery)
    standings = [_standing(line, first.get(line.premises), given[line.premises], at, units) for line in lines]
    listed = {line.premises for line in lines}
    surplus = tuple(s.premises for s in standings if _beyond(s))
    strangers = tuple(sorted(({*first} | {place for place, rows in given.items() if rows}) - listed))
    known = {standing.unit for standing in standings if standing.unit is not None}
    whole = None
    if len(known) == 1:
        whole = share_of(
            sum((s.recovered for s in standings), NOTHING), sum((s.recoverable for s in standings), NOTHING)
        )
    return Progress(tuple(standings), whole, surplus, strangers)


def _beyond(standing: Standing) -> bool:
    low, high = standing.recovered.low, standing.recoverable.high
    return low is not None and high is not None and low > high


def _standing(
    line: RecallLine, notice: Notice | None, rows: Sequence[Recovery], at: datetime, units: Units
) -> Standing:
    names = {holding.unit for holding in line.holdings if holding.unit} | {units.name(r.unit) for r in rows if r.unit}
    unit = names.pop() if len(names) == 1 else None
    eaten = _sum_of((row for row in rows if not row.fate.recovers), unit, units)
    recovered = _sum_of((row for row in rows if row.fate.recovers), unit, units)
    there = sum((h.left for h in line.holdings), NOTHING) if unit is not None else UNKNOWN
    recoverable = (there - eaten).possible
    still = (recoverable - recovered).possible
    return Standing(
        line.premises,
        _told(line, notice, at),
        notice is not None and notice.answered is not None and notice.answered <= at,
        unit,
        recoverable,
        recovered,
        still,
        None if unit is None else share_of(recovered, recoverable),
    )


def _sum_of(rows: Iterable[Recovery], unit: str | None, units: Units) -> Amount:
    found = NOTHING
    for row in rows:
        name, value = units.base(row.quantity, row.unit) if row.quantity is not None else (unit, None)
        found += UNKNOWN if value is None or name != unit or value < 0 else Amount.exactly(value)
    return found


def _told(line: RecallLine, notice: Notice | None, at: datetime) -> Told:
    if notice is None:
        return Told.OVERDUE if at > line.tell_by else Told.WAITING
    return Told.IN_TIME if notice.at <= line.tell_by else Told.LATE


def share_of(recovered: Amount, recoverable: Amount) -> Share | None:
    """The share recovered of what could be; None where nothing can have been there.

    What came back was there, so the whole is at least that much.

    >>> share_of(Amount.exactly(Decimal(30)), Amount(Decimal(40), Decimal(60)))
    Share(low=Decimal('0.5'), high=Decimal('0.75'))
    >>> share_of(Amount.exactly(Decimal(30)), UNKNOWN)
    Share(low=Decimal('0'), high=Decimal('1'))
    """
    low, high = recovered.low or ZERO, recovered.high
    least = max(recoverable.low or ZERO, low)
    most = None if recoverable.high is None else max(recoverable.high, low)
    if most == 0:
        return None
    least_share = ZERO if most is None else low / most
    most_share = ONE if high is None or least == 0 else min(ONE, high / least)
    return Share(least_share, max(most_share, least_share))


def choose_checks(premises: Iterable[str], *, share: Fraction, seed: str) -> tuple[str, ...]:
    """Which premises an effectiveness check visits: a share of them, rounded up, by an order that only the seed decides.

    >>> len(choose_checks(["a", "b", "c"], share=Fraction(1, 2), seed="7"))
    2
    """
    everyone = sorted(set(premises))
    wanted = -(-len(everyone) * share.numerator // share.denominator)
    ordered = sorted(everyone, key=lambda name: (sha256(f"{seed}\0{name}".encode()).digest(), name))
    return tuple(sorted(ordered[:wanted]))


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """Of `population` premises `checked` were visited and `acted` had been told and had pulled the goods.

    `low` and `high`: between how many of all premises did so, with at least the stated certainty.
    """

    population: int
    checked: int
    acted: int
    low: int
    high: int


def estimate_effectiveness(
    *, population: int, checked: int, acted: int, miss: Fraction = Fraction(5, 100)
) -> Effectiveness:
    """How many of all premises acted, from a simple random sample without replacement: exact (hypergeometric) bounds.

    Each side misses with at most half of `miss`. All checked leaves no doubt; none checked leaves all of it.

    >>> estimate_effectiveness(population=40, checked=10, acted=10)
    Effectiveness(population=40, checked=10, acted=10, low=30, high=40)
    """
    if not 0 <= acted <= checked <= population:
        raise ValueError("acted ≤ checked ≤ population")
    tail = miss / 2
    able = range(acted, population - (checked - acted) + 1)
    low = next((k for k in able if _tail(population, k, checked, acted, checked) > tail), able.stop - 1)
    high = next((k for k in reversed(able) if _tail(population, k, checked, 0, acted) > tail), able.start)
    return Effectiveness(population, checked, acted, low, high)


def _tail(population: int, able: int, checked: int, first: int, last: int) -> Fraction:
    """Chance that between `first` and `last` of those checked are among the `able`."""
    ways = sum(
        comb(able, n) * comb(population - able, checked - n)
        for n in range(first, last + 1)
        if checked - n <= population - able
    )
    return Fraction(ways, comb(population, checked))


class DrillStep(StrEnum):
    """What a mock recall goes through, in this order."""

    FIND_LOT = "find_lot"
    TRACE_BACK = "trace_back"
    TRACE_FORWARD = "trace_forward"
    LIST = "list"
    TELL = "tell"
    COUNT = "count"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step of a drill: how long, and its share of the time; None while it is open or was not begun."""

    step: DrillStep
    took: timedelta | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Drill:
    """A mock recall. `took` runs from the first beginning to the last end; `in_time` is None while a step is open.

    `accounted` is the share of the lot whose whereabouts the drill could say.
    """

    steps: tuple[StepTime, ...]
    took: timedelta | None
    in_time: bool | None
    slowest: DrillStep | None
    accounted: Share | None


def judge_drill(
    times: Mapping[DrillStep, tuple[datetime, datetime | None]], *, limit: timedelta, balance: Balance | None
) -> Drill:
    """A drill beside the time it may take. Raises ValueError for a step that ends before it begins."""
    if any(ended is not None and ended < began for began, ended in times.values()):
        raise ValueError("a step cannot end before it begins")
    took = {step: ended - began for step, (began, ended) in times.items() if ended is not None}
    total = sum(took.values(), timedelta())
    rows = tuple(
        StepTime(step, took.get(step), Fraction(took[step] / total).limit_denominator(10**6))
        if step in took and total
        else StepTime(step, took.get(step), None)
        for step in DrillStep
    )
    ends = [ended for _, ended in times.values() if ended is not None]
    whole = max(ends) - min(began for began, _ in times.values()) if len(ends) == len(DrillStep) else None
    slowest = min(took, key=lambda step: (-took[step], list(DrillStep).index(step)), default=None)
    accounted = None if balance is None else share_of(balance.went + (balance.counted or NOTHING), balance.came)
    return Drill(rows, whole, None if whole is None else whole <= limit, slowest, accounted)
