"""What came, what went, what should be left: of a lot, and of a premises day by day.

Every quantity is an interval. What nobody weighed is unknown, which is anything from zero up and never zero; a unit that
cannot be converted makes the quantity unknown too. More knowledge can only narrow an interval.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

ZERO = Decimal(0)


class Kind(StrEnum):
    """What moved a quantity. A count of the stock moves nothing: it says what was there at the end of a day."""

    RECEIVED = "received"
    MADE = "made"
    RETURNED = "returned"
    DISPATCHED = "dispatched"
    USED = "used"
    SOLD = "sold"
    WASTED = "wasted"
    COUNTED = "counted"

    @property
    def comes(self) -> bool:
        return self in (Kind.RECEIVED, Kind.MADE, Kind.RETURNED)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity between two bounds; None: no bound is known on that side.

    >>> UNKNOWN + Amount.exactly(Decimal(3))
    Amount(low=Decimal('3'), high=None)
    >>> Amount.exactly(Decimal(3)) - UNKNOWN
    Amount(low=None, high=Decimal('3'))
    """

    low: Decimal | None
    high: Decimal | None

    @classmethod
    def exactly(cls, value: Decimal) -> "Amount":
        return cls(value, value)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(_sum(self.low, other.low), _sum(self.high, other.high))

    def __neg__(self) -> "Amount":
        return Amount(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: "Amount") -> "Amount":
        return self + -other

    def within(self, other: "Amount") -> bool:
        """Whether this says at least as much as the other."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        return low and (other.high is None or (self.high is not None and self.high <= other.high))

    @property
    def possible(self) -> "Amount":
        """Less than nothing cannot lie in a store."""
        return Amount(max(self.low or ZERO, ZERO), None if self.high is None else max(self.high, ZERO))


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


NOTHING = Amount(ZERO, ZERO)
UNKNOWN = Amount(ZERO, None)

# To kilograms and to litres; a crate or a piece is what the caller says it is.
UNITS: Mapping[str, tuple[str, Decimal]] = {
    **{unit: ("kg", Decimal(1)) for unit in ("kg", "KGM", "千克", "公斤")},
    **{unit: ("kg", Decimal("0.001")) for unit in ("g", "GRM", "克")},
    **{unit: ("kg", Decimal(1000)) for unit in ("t", "TNE", "吨")},
    **{unit: ("kg", Decimal("0.000001")) for unit in ("mg", "MGM", "毫克")},
    **{unit: ("kg", Decimal("0.5")) for unit in ("斤", "市斤")},
    **{unit: ("kg", Decimal("0.05")) for unit in ("两",)},
    **{unit: ("L", Decimal(1)) for unit in ("L", "l", "LTR", "升")},
    **{unit: ("L", Decimal("0.001")) for unit in ("mL", "ml", "MLT", "毫升")},
}


@dataclass(frozen=True, slots=True)
class Units:
    """How units become the base unit of a balance: kg, L, or a counting unit as it stands.

    `packs` are the caller's: {"箱": ("kg", Decimal(10))}.

    >>> Units().base(Decimal(3), "斤")
    ('kg', Decimal('1.5'))
    """

    packs: Mapping[str, tuple[str, Decimal]] | None = None

    def base(self, quantity: Decimal, unit: str) -> tuple[str, Decimal]:
        name, factor = (self.packs or {}).get(unit) or UNITS.get(unit) or (unit, Decimal(1))
        return name, quantity * factor

    def name(self, unit: str) -> str:
        return self.base(ZERO, unit)[0]


@dataclass(frozen=True, slots=True)
class Movement:
    """One record of a quantity of a lot (and product) at a premises.

    `error` is the relative error of the weighing (0.02: two per cent either way). `ref` names the record.
    """

    ref: str
    kind: Kind
    lot: str
    quantity: Decimal | None
    unit: str
    on: date | None = None
    premises: str = ""
    product: str = ""
    error: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Balance:
    """What came, what went and what was counted at last, in one unit; `gap` is what no record explains.

    Above zero throughout: something left without a record. Below zero throughout: more went than ever came. `unclear` are
    the records whose quantity is unknown or whose unit cannot be converted.
    """

    unit: str
    came: Amount
    went: Amount
    counted: Amount | None
    gap: Amount
    unclear: tuple[str, ...]

    @property
    def left(self) -> Amount:
        """What should be there: the count where there is one, else what the movements leave."""
        return self.counted if self.counted is not None else (self.came - self.went).possible


@dataclass(frozen=True, slots=True)
class DayBalance:
    """A premises' (and product's) day. The next day opens with the count, where one was made."""

    premises: str
    product: str
    on: date
    unit: str
    opening: Amount
    came: Amount
    went: Amount
    counted: Amount | None
    closing: Amount
    gap: Amount | None


def amount_of(row: Movement, unit: str, units: Units) -> Amount:
    """A record's quantity in a base unit, as wide as its error; unknown where it has none or cannot be converted."""
    if row.quantity is None or row.quantity < 0:
        return UNKNOWN
    name, value = units.base(row.quantity, row.unit)
    if name != unit:
        return UNKNOWN
    return Amount(value * (1 - row.error), value * (1 + row.error))


def total(rows: Iterable[Movement], unit: str, units: Units) -> Amount:
    return sum((amount_of(row, unit, units) for row in rows), NOTHING)


def unit_of(rows: Sequence[Movement], units: Units) -> str:
    """The base unit of most of the records; of equals the first by name."""
    counted: dict[str, int] = defaultdict(int)
    for row in rows:
        counted[units.name(row.unit)] += 1
    return min(counted, key=lambda unit: (-counted[unit], unit)) if counted else ""


def balance_lot(rows: Sequence[Movement], *, units: Units | None = None, unit: str = "") -> Balance:
    """The balance of the records of one lot. Nothing counted: what is left is unknown, and so is the gap's lower bound.

    >>> rows = [Movement("1", Kind.RECEIVED, "A", Decimal(500), "kg"), Movement("2", Kind.SOLD, "A", Decimal(300), "斤")]
    >>> balance_lot(rows).gap
    Amount(low=None, high=Decimal('350.0'))
    >>> balance_lot([*rows, Movement("3", Kind.COUNTED, "A", Decimal(340), "kg")]).gap
    Amount(low=Decimal('10.0'), high=Decimal('10.0'))
    """
    units = units or Units()
    unit = unit or unit_of(rows, units)
    came = total((row for row in rows if row.kind.comes), unit, units)
    went = total((row for row in rows if not row.kind.comes and row.kind is not Kind.COUNTED), unit, units)
    counted = _last_count(rows, unit, units)
    gap = came - went - (UNKNOWN if counted is None else counted)
    return Balance(unit, came, went, counted, gap, _unclear(rows, unit, units))


def _last_count(rows: Iterable[Movement], unit: str, units: Units) -> Amount | None:
    """The count after which nothing of the lot moved; a count without a day, or an older one, tells nothing of the end."""
    rows = list(rows)
    counts = [row for row in rows if row.kind is Kind.COUNTED]
    moves = [row for row in rows if row.kind is not Kind.COUNTED]
    if not counts:
        return None
    if all(row.on is None for row in rows) and len(counts) == 1:
        return amount_of(counts[0], unit, units)
    days = [row.on for row in counts if row.on is not None]
    if not days or any(row.on is None or row.on > max(days) for row in moves):
        return None
    return total((row for row in counts if row.on == max(days)), unit, units)


def _unclear(rows: Iterable[Movement], unit: str, units: Units) -> tuple[str, ...]:
    return tuple(sorted(row.ref for row in rows if amount_of(row, unit, units).high is None))


def balance_lots(rows: Iterable[Movement], *, units: Units | None = None) -> dict[str, Balance]:
    """The balance of every lot, sorted by lot."""
    ordered = sorted(rows, key=lambda row: (row.lot, row.ref))
    return {lot: balance_lot(list(group), units=units) for lot, group in groupby(ordered, key=lambda row: row.lot)}


def balance_days(
    rows: Iterable[Movement],
    *,
    units: Units | None = None,
    opened: Mapping[tuple[str, str], Amount] | None = None,
) -> tuple[DayBalance, ...]:
    """Every premises' and product's days with records, each opening with what the day before left.

    `opened` is what was there before the first record, where that is known. A record without a day may belong to any day:
    it widens all of them until its day is known.
    """
    ordered = sorted(rows, key=lambda row: (row.premises, row.product, row.ref))
    found: list[DayBalance] = []
    for (premises, product), group in groupby(ordered, key=lambda row: (row.premises, row.product)):
        found += _days(
            premises, product, list(group), units or Units(), (opened or {}).get((premises, product), UNKNOWN)
        )
    return tuple(found)


def _days(premises: str, product: str, rows: list[Movement], units: Units, opened: Amount) -> list[DayBalance]:
    unit = unit_of(rows, units)
    undated = [row for row in rows if row.on is None and row.kind is not Kind.COUNTED]
    maybe_in = Amount(ZERO, total((row for row in undated if row.kind.comes), unit, units).high)
    maybe_out = Amount(ZERO, total((row for row in undated if not row.kind.comes), unit, units).high)
    # What has no day may have moved on any day since the last count: it is added to each day, never carried on.
    maybe = maybe_in - maybe_out
    carried = opened
    counted_on: date | None = None
    found: list[DayBalance] = []
    for day in sorted({row.on for row in rows if row.on is not None}):
        # The morning after a count nothing can have moved since.
        opening = carried if counted_on == day - timedelta(1) else (carried + maybe).possible
        today = [row for row in rows if row.on == day]
        came = total((row for row in today if row.kind.comes), unit, units)
        went = total((row for row in today if not row.kind.comes and row.kind is not Kind.COUNTED), unit, units)
        counts = [row for row in today if row.kind is Kind.COUNTED]
        counted = total(counts, unit, units) if counts else None
        expected = carried + came - went
        gap = None if counted is None else expected + maybe - counted
        closing = (expected + maybe).possible if counted is None else counted
        found.append(DayBalance(premises, product, day, unit, opening, came, went, counted, closing, gap))
        carried = expected if counted is None else counted
        counted_on = None if counted is None else day
    return found
