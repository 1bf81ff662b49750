"""What cannot be: more sold than ever came, an output before its input, a claim beyond its supply, a yield beyond nature.

Each finding carries its numbers and the smallest set of records that proves it. What is unknown proves nothing: a record
without a day or a quantity can only excuse. `tolerance` is the relative error granted beside the records' own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from fangxin.engines.traceability.balance import NOTHING, ZERO, Amount, Kind, Movement, Units, amount_of, total, unit_of
from fangxin.engines.traceability.values import Link

TOLERANCE = Decimal("0.02")


class Fault(StrEnum):
    MORE_OUT_THAN_IN = "more_out_than_in"
    OUTPUT_BEFORE_INPUT = "output_before_input"
    CLAIM_BEYOND_SUPPLY = "claim_beyond_supply"
    YIELD_TOO_HIGH = "yield_too_high"
    YIELD_TOO_LOW = "yield_too_low"


@dataclass(frozen=True, slots=True)
class Impossible:
    """A finding: `at_least` went (or came out) where `at_most` can have been there, in one unit.

    `proof` are the records that suffice. `all_of` says that the proof rests on the records of income being complete: they
    are all in it, and one more could refute it.
    """

    fault: Fault
    subject: str
    at_least: Decimal | None
    at_most: Decimal | None
    unit: str
    on: date | None
    proof: tuple[str, ...]
    all_of: tuple[str, ...] = ()

    @property
    def excess(self) -> Decimal | None:
        if self.at_least is None or self.at_most is None:
            return None
        return self.at_least - self.at_most


def find_overdrawn(
    rows: Iterable[Movement],
    *,
    by: str = "lot",
    units: Units | None = None,
    opened: Mapping[str, Amount] | None = None,
    tolerance: Decimal = TOLERANCE,
) -> tuple[Impossible, ...]:
    """Lots (or, `by="product"`, products at a premises) of which more went than had come, on any day.

    Of all days that prove it the one with the fewest records is cited, then the earliest. `opened` is what was there before
    the records begin, by lot or by "premises/product"; a product that is not in it proves nothing, a lot began with nothing
    (a lot whose making nobody weighed needs a record of it without a quantity).

    >>> rows = [Movement("entry 1", Kind.RECEIVED, "A", Decimal(300), "kg", date(2024, 5, 1)),
    ...         Movement("entry 2", Kind.RECEIVED, "A", Decimal(150), "kg", date(2024, 5, 2)),
    ...         Movement("sale", Kind.SOLD, "A", Decimal(460), "kg", date(2024, 5, 3))]
    >>> find_overdrawn(rows, tolerance=Decimal("0.01"))[0].excess
    Decimal('5.50')
    """
    key = _lot if by == "lot" else _product
    ordered = sorted(rows, key=lambda row: (key(row), row.ref))
    found = []
    for subject, group in groupby(ordered, key=key):
        start = (opened or {}).get(subject, NOTHING if by == "lot" else None)
        if subject and start is not None and start.high is not None:
            case = _overdrawn(subject, list(group), units or Units(), start.high, tolerance)
            found += [case] if case is not None else []
    return tuple(found)


def _lot(row: Movement) -> str:
    return row.lot


def _product(row: Movement) -> str:
    return f"{row.premises}/{row.product}"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A record with its quantity's bounds in the unit of the case."""

    row: Movement
    amount: Amount

    @property
    def least(self) -> Decimal:
        return self.amount.low or ZERO


def _overdrawn(
    subject: str, rows: list[Movement], units: Units, opened: Decimal, tolerance: Decimal
) -> Impossible | None:
    unit = unit_of(rows, units)
    weighed = _weigh(rows, unit, units)
    cases = []
    for day, most in _bounds(weighed, opened, tolerance):
        chosen, reached = _fewest(_gone(weighed, day), most)
        came = tuple(sorted(e.row.ref for e in weighed if e.row.kind.comes and _by(e.row, day, undated=True)))
        proof = (*sorted(row.ref for row in chosen), *came)
        cases.append(Impossible(Fault.MORE_OUT_THAN_IN, subject, reached, most, unit, day, proof, came))
    return min(cases, key=lambda case: (len(case.proof), case.on or date.max), default=None)


def _bounds(rows: Sequence[_Weighed], opened: Decimal, tolerance: Decimal) -> Iterator[tuple[date | None, Decimal]]:
    """Days on which more had gone than can have come, with the most that can have come; None: over all records."""
    came: dict[date | None, Amount] = defaultdict(lambda: NOTHING)
    went: dict[date | None, Decimal] = defaultdict(lambda: ZERO)
    counted: dict[date | None, Decimal] = defaultdict(lambda: ZERO)
    for entry in rows:
        if entry.row.kind.comes:
            came[entry.row.on] += entry.amount
        elif entry.row.kind is Kind.COUNTED:
            counted[entry.row.on] += entry.least
        else:
            went[entry.row.on] += entry.least
    most, gone = came[None].high, ZERO
    for day in sorted(day for day in {*came, *went, *counted} if day is not None):
        most = None if most is None or came[day].high is None else most + (came[day].high or ZERO)
        gone += went[day]
        # What lay there in the evening must have come as well, but only that evening's count.
        if most is not None and gone + counted[day] > (bound := (most + opened) * (1 + tolerance)):
            yield day, bound
    if most is not None and went[None] and gone + went[None] > (bound := (most + opened) * (1 + tolerance)):
        yield None, bound


def _by(row: Movement, day: date | None, *, undated: bool) -> bool:
    return day is None or (row.on <= day if row.on is not None else undated)


def _gone(rows: Sequence[_Weighed], day: date | None) -> Iterator[_Weighed]:
    for entry in rows:
        if entry.row.kind is Kind.COUNTED:
            if day is not None and entry.row.on == day:
                yield entry
        elif not entry.row.kind.comes and _by(entry.row, day, undated=False):
            yield entry


def _fewest(rows: Iterable[_Weighed], most: Decimal) -> tuple[list[Movement], Decimal]:
    """The fewest records whose least quantities exceed `most`: the largest first. None if all together do not."""
    chosen, reached = [], ZERO
    for entry in sorted(rows, key=lambda entry: (-entry.least, entry.row.ref)):
        chosen.append(entry.row)
        reached += entry.least
        if reached > most:
            return chosen, reached
    return [], reached


def _weigh(rows: Iterable[Movement], unit: str, units: Units) -> list[_Weighed]:
    return [_Weighed(row, amount_of(row, unit, units)) for row in rows]


def find_reversed(links: Iterable[Link]) -> tuple[Impossible, ...]:
    """Lots that left before anything that made them had come: each with the earliest input and the latest such output.

    A lot with an input that may have come in time is excused, and so is every link without a date. The proof is the
    output and all inputs, links written `from>to`.
    """
    into: dict[str, list[Link]] = defaultdict(list)
    out: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.from_lot != link.to_lot:
            into[link.to_lot].append(link)
            out[link.from_lot].append(link)
    found = []
    for lot in sorted(into.keys() & out.keys()):
        if any(not link.dated for link in into[lot]):
            continue
        first = min(into[lot], key=lambda link: (link.window[1], link.order))
        early = [link for link in out[lot] if link.dated and link.window[0] < first.window[1]]
        if early:
            link = min(early, key=lambda link: (link.window[0], link.order))
            inputs = tuple(f"{row.from_lot}>{lot}" for row in sorted(into[lot], key=lambda row: row.order))
            proof = (f"{lot}>{link.to_lot}", *inputs)
            found.append(Impossible(Fault.OUTPUT_BEFORE_INPUT, lot, None, None, "", None, proof, inputs))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Making:
    """One making of a lot from others (milling, slaughter, packing): records of the inputs and of the outputs."""

    ref: str
    process: str
    inputs: tuple[Movement, ...]
    outputs: tuple[Movement, ...]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """How much of the outputs a unit of input gives at least and at most; with its source."""

    process: str
    low: Decimal
    high: Decimal
    source: str


def judge_yields(
    makings: Iterable[Making],
    conversions: Iterable[Conversion],
    *,
    units: Units | None = None,
    tolerance: Decimal = TOLERANCE,
) -> tuple[Impossible, ...]:
    """Makings whose outputs exceed what the inputs can give, or fall short of what they should.

    Too high cannot be; too low means waste, theft or outputs that nobody recorded. Both need every quantity they rest on:
    an unknown input excuses a high yield, an unknown output a low one. A process without a conversion is not judged.

    >>> kg = lambda ref, kind, value: Movement(ref, kind, ref, Decimal(value), "kg")
    >>> milling = Making("m", "milling", (kg("wheat", Kind.USED, 1000),), (kg("flour", Kind.MADE, 960),))
    >>> [f.fault.value for f in judge_yields([milling], [Conversion("milling", Decimal("0.6"), Decimal("0.85"), "-")])]
    ['yield_too_high']
    """
    table = {row.process: row for row in conversions}
    found = []
    for making in sorted(makings, key=lambda row: row.ref):
        if making.process in table:
            case = _judge_yield(making, table[making.process], units or Units(), tolerance)
            found += [case] if case is not None else []
    return tuple(found)


def _judge_yield(making: Making, conversion: Conversion, units: Units, tolerance: Decimal) -> Impossible | None:
    unit = unit_of((*making.inputs, *making.outputs), units)
    used, made = total(making.inputs, unit, units), total(making.outputs, unit, units)
    if used.high is not None:
        most = used.high * conversion.high * (1 + tolerance)
        chosen, reached = _fewest(_weigh(making.outputs, unit, units), most)
        if chosen:
            inputs = tuple(sorted(row.ref for row in making.inputs))
            proof = (*sorted(row.ref for row in chosen), *inputs)
            return Impossible(Fault.YIELD_TOO_HIGH, making.ref, reached, most, unit, making.on, proof, inputs)
    least = (used.low or ZERO) * conversion.low * (1 - tolerance)
    if made.high is not None and made.high < least:
        outputs = tuple(sorted(row.ref for row in making.outputs))
        proof = (*outputs, *sorted(row.ref for row in making.inputs))
        return Impossible(Fault.YIELD_TOO_LOW, making.ref, least, made.high, unit, making.on, proof, outputs)
    return None


@dataclass(frozen=True, slots=True)
class Supply:
    """What can carry a claim (organic, an origin, a geographical indication) in a period.

    Either a quantity that a certificate grants, or an area (mu) with the highest yield (per mu) that is plausible there.
    """

    ref: str
    claim: str
    period: str
    quantity: Decimal | None = None
    unit: str = "kg"
    area_mu: Decimal | None = None
    most_per_mu: Decimal | None = None

    def most(self, unit: str, units: Units) -> Decimal | None:
        value = self.quantity
        if value is None and self.area_mu is not None and self.most_per_mu is not None:
            value = self.area_mu * self.most_per_mu
        if value is None:
            return None
        name, converted = units.base(value, self.unit)
        return converted if name == unit else None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A first sale (or certificate) of goods under a claim in a period. Resales of the same goods are not to be given."""

    claim: str
    period: str
    record: Movement


def judge_claims(
    supplies: Iterable[Supply],
    claimed: Iterable[Claimed],
    *,
    units: Units | None = None,
    tolerance: Decimal = TOLERANCE,
) -> tuple[Impossible, ...]:
    """Claims under which more was sold in a period than can have been grown or was granted.

    A claim without any supply in the period is beyond it with the first kilogram; one with a supply of unknown size is not
    judged. The proof is the fewest sales that exceed all supplies, and all supplies.
    """
    units = units or Units()
    granted: dict[tuple[str, str], list[Supply]] = defaultdict(list)
    for supply in supplies:
        granted[supply.claim, supply.period].append(supply)
    sold: dict[tuple[str, str], list[Movement]] = defaultdict(list)
    for sale in claimed:
        sold[sale.claim, sale.period].append(sale.record)
    found = []
    for (claim, period), rows in sorted(sold.items()):
        unit = unit_of(rows, units)
        bounds = [supply.most(unit, units) for supply in granted[claim, period]]
        if any(bound is None for bound in bounds):
            continue
        most = sum((bound for bound in bounds if bound is not None), ZERO) * (1 + tolerance)
        chosen, reached = _fewest(_weigh(rows, unit, units), most)
        if chosen:
            refs = tuple(sorted(supply.ref for supply in granted[claim, period]))
            proof = (*sorted(row.ref for row in chosen), *refs)
            found.append(
                Impossible(Fault.CLAIM_BEYOND_SUPPLY, f"{claim} {period}", reached, most, unit, None, proof, refs)
            )
    return tuple(found)
