"""How many links of each lot are probably missing, learnt from what the records themselves show.

Three witnesses, the best first: the **balance** of a lot (what came must have left, been used up or still lie there:
it sees every missing link, whatever the cause), **gaps in document numbers** (a book of delivery notes without number
17), and **two sides** (what only the supplier or only the receiver wrote down; capture-recapture sees only links that
each side forgot independently of the other). They see the same missing links, so they are ranked, never added.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import exp, log, sqrt
from statistics import fmean, variance

from fangxin.engines.traceability.balance import Amount, Balance
from fangxin.engines.traceability.chances import ANY, Degrees, Gap, Sizes, chances_of, smooth, weigh
from fangxin.engines.traceability.spans import Span

# A rate of missing links that nobody could see is not learnt: it must be given by whoever asks.
LEAST_MISSING, MOST_MISSING = 1e-4, 0.98
# A group with a balance for fewer of its lots than this is judged by the rate alone.
FEW_BALANCED, TILTING = 0.2, 20
ROUNDS = 4
# Squared coefficient of variation of deliveries where there are too few to tell.
USUAL_SPREAD = 0.5
ENOUGH = 5
ONE = Decimal(1)
NOTHING_UNSEEN: Mapping[str, float] = {}


class Witness(StrEnum):
    """What a rate of missing links was learnt from, the best witness first."""

    BALANCE = "balance"
    NUMBERS = "numbers"
    SIDES = "sides"
    GIVEN = "given"
    NONE = "none"


def gap_after(balance: Balance) -> Gap | None:
    """What left a lot over no record; None unless the balance is closed by a count and every quantity is known."""
    return _gap(balance.gap)


def gap_before(made: Amount, used: Amount, *, least_yield: Decimal = ONE, most_yield: Decimal = ONE) -> Gap | None:
    """What must have come into a lot over no record: what was made takes so much input, `used` is recorded.

    >>> gap_before(Amount.exactly(Decimal(80)), Amount.exactly(Decimal(60)), least_yield=Decimal("0.8"))
    Gap(low=20.0, high=40.0)
    """
    low = None if made.low is None else made.low / most_yield
    high = None if made.high is None else made.high / least_yield
    return _gap(Amount(low, high) - used)


def _gap(amount: Amount) -> Gap | None:
    return None if amount.low is None or amount.high is None else Gap(float(amount.low), float(amount.high))


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is known of a lot beside its links: when it came to be (`at`), how much of it there was.

    `group` names lots that behave alike (kind of premises, kind of food). `left` and `came` are the quantities that
    must have left or come over links that are not recorded; None when the balance cannot tell.
    """

    lot: str
    premises: str = ""
    group: str = ""
    at: Span | None = None
    quantity: float | None = None
    left: Gap | None = None
    came: Gap | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """Links of one premises that both sides recorded, only the supplier, only the receiver."""

    both: int
    only_sent: int
    only_received: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of links that is missing: found and missing links of the witness, and their quotient."""

    found: float
    missing: float
    witness: Witness

    @property
    def share(self) -> float | None:
        return self.missing / (self.found + self.missing) if self.found + self.missing else None


def missing_numbers(numbers: Iterable[int]) -> int:
    """How many numbers of one book lie unused between the first and the last that were seen.

    >>> missing_numbers([101, 102, 105])
    2
    """
    seen = set(numbers)
    return max(seen) - min(seen) + 1 - len(seen) if seen else 0


def missed_by_both(sides: Sides) -> float:
    """Links that neither side recorded, if the two forget independently (Chapman 1951); a lower bound otherwise.

    >>> missed_by_both(Sides(both=64, only_sent=16, only_received=16))
    3.9384615384615387
    """
    return sides.only_sent * sides.only_received / (sides.both + 1)


def rate_of_numbers(numbers: Iterable[int], *, void: float = 0.0) -> Rate:
    """The rate of a book of delivery notes, of whose numbers a share `void` was spoilt and never used."""
    seen = set(numbers)
    return Rate(len(seen), missing_numbers(seen) * (1 - void), Witness.NUMBERS)


def rate_of_sides(sides: Sides) -> Rate:
    """The rate of links that neither side recorded."""
    return Rate(sides.both + sides.only_sent + sides.only_received, missed_by_both(sides), Witness.SIDES)


@dataclass(frozen=True, slots=True)
class LotDegree:
    """One lot seen from one side: how many links were found, their sizes, and the gap."""

    group: str
    premises: str
    found: int
    sizes: tuple[float, ...]
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Learnt:
    """For each lot the chances of 0, 1, 2 … missing links; and what they were learnt from."""

    chances: list[list[float]]
    expected: list[float]
    rates: Mapping[str, float]
    overall: Rate
    degrees: Mapping[str, Degrees]
    blind: frozenset[str]


def learn(
    lots: Sequence[LotDegree],
    told: Mapping[str, Rate],
    given: float | None,
    unseen: Mapping[str, float] = NOTHING_UNSEEN,
) -> Learnt | None:
    """Chances of missing links for every lot; None when nothing at all tells how often links go missing.

    `told` are rates by premises from other witnesses than the balance; `given` is a rate that the caller answers for.
    `unseen` is, by group, the share of its missing links that belong to lots of which nothing is recorded.
    """
    by_group: dict[str, list[LotDegree]] = defaultdict(list)
    for lot in lots:
        by_group[lot.group].append(lot)
    usual_sizes = _sizes(lots)
    sizes = {group: _sizes(members) or usual_sizes for group, members in by_group.items()}
    overall = _first_rate(lots, sizes, told, given)
    if overall is None:
        return None
    blind = _blind_groups(by_group)
    first = degrees = _first_degrees(lots, sizes, blind, overall.share or 0.0)
    rates: dict[str, float] = {} if overall.witness is Witness.BALANCE else _told_rates(told, overall)
    chances: list[list[float]] = []
    tilts: dict[str, float] = {}
    weights = [weigh(lot.gap, _own_sizes(lot, sizes[lot.group]), lot.found) for lot in lots]
    for _ in range(ROUNDS):
        usual = overall.share or 0.0
        if overall.witness is Witness.BALANCE or not tilts:
            tilts = {
                group: _tilt(by_group[group], rates, usual, degrees[group], 1 - unseen.get(group, 0.0))
                for group in sorted(blind)
            }
        alike: dict[tuple[int, float, str], list[float]] = {}
        chances = []
        for lot, weight in zip(lots, weights, strict=True):
            rate = _bounded(rates.get(lot.premises, usual))
            if lot.gap is not None:
                chances.append(chances_of(lot.found, weight, rate, degrees[lot.group]))
                continue
            key = lot.found, rate, lot.group
            if key not in alike:
                alike[key] = chances_of(lot.found, weight, rate * tilts.get(lot.group, 1.0), degrees[lot.group])
            chances.append(alike[key])
        expected = [sum(n * p for n, p in enumerate(chance)) for chance in chances]
        if overall.witness is Witness.BALANCE:
            overall, rates = _rates(lots, expected, told)
        fitted = _degrees(lots, chances)
        degrees = {**fitted, **{group: first[group] for group in blind}}
    return Learnt(chances, expected, rates, overall, fitted, blind)


def _bounded(rate: float) -> float:
    return min(max(rate, LEAST_MISSING), MOST_MISSING)


def _blind_groups(by_group: Mapping[str, Sequence[LotDegree]]) -> frozenset[str]:
    """Groups of which hardly a lot has a balance: how many links their lots have in truth cannot be seen from them."""
    return frozenset(
        group for group, lots in by_group.items() if sum(lot.gap is not None for lot in lots) < FEW_BALANCED * len(lots)
    )


def _tilt(lots: Sequence[LotDegree], rates: Mapping[str, float], usual: float, degrees: Degrees, seen: float) -> float:
    """What the odds of each further missing link are multiplied by, so that a group without balances misses as many
    links as its rate says: found * rate / (1 - rate), but for those of lots that are wholly unseen."""
    counted = Counter((lot.found, _bounded(rates.get(lot.premises, usual))) for lot in lots if lot.gap is None)
    wanted = seen * sum(count * found * rate / (1 - rate) for (found, rate), count in counted.items())

    def expected(tilt: float) -> float:
        return sum(
            count * n * p
            for (found, rate), count in sorted(counted.items())
            for n, p in enumerate(chances_of(found, weigh(None, None, found), rate * tilt, degrees))
        )

    low, high = 1e-6, 50.0
    for _ in range(TILTING):
        middle = sqrt(low * high)
        low, high = (middle, high) if expected(middle) < wanted else (low, middle)
    return sqrt(low * high)


def _own_sizes(lot: LotDegree, usual: Sizes | None) -> Sizes | None:
    """A lot's links resemble each other more than those of its group: its own mean, shrunk to the group's."""
    if usual is None or not lot.sizes:
        return usual
    # Variances of the two means around the lot's true one, on the logarithmic scale.
    own = log(1 + usual.within / len(lot.sizes))
    weight = usual.between / (usual.between + own)
    mean = exp(weight * log(max(fmean(lot.sizes), usual.mean * 1e-6)) + (1 - weight) * log(usual.mean))
    return Sizes(mean, usual.within, usual.between * (1 - weight))


def _sizes(lots: Sequence[LotDegree]) -> Sizes | None:
    """Mean size of the lots' links, the spread within a lot and between lots."""
    rows = [lot.sizes for lot in lots if lot.sizes and fmean(lot.sizes) > 0]
    if not rows:
        return None
    logs = [log(fmean(row)) for row in rows]
    many = [row for row in rows if len(row) > 1]
    within = USUAL_SPREAD
    if len(many) >= ENOUGH:
        within = max(
            0.02,
            sum(variance(row) / fmean(row) ** 2 * (len(row) - 1) for row in many) / sum(len(row) - 1 for row in many),
        )
    between = (
        max(variance(logs) - fmean(log(1 + within / len(row)) for row in rows), 0.05) if len(rows) >= ENOUGH else 1.0
    )
    return Sizes(exp(fmean(logs) + between / 2), within, between)


def _first_rate(
    lots: Sequence[LotDegree], sizes: Mapping[str, Sizes | None], told: Mapping[str, Rate], given: float | None
) -> Rate | None:
    balanced = [lot for lot in lots if lot.gap is not None and (usual := sizes[lot.group]) and usual.mean > 0]
    missing = sum(_rough(lot, sizes[lot.group]) for lot in balanced)
    if sum(lot.found for lot in balanced) + missing >= ENOUGH:
        return Rate(sum(lot.found for lot in balanced) + 1, missing + 0.01, Witness.BALANCE)
    for witness in (Witness.NUMBERS, Witness.SIDES):
        rows = [rate for rate in told.values() if rate.witness is witness]
        if rows:
            return Rate(sum(r.found for r in rows), sum(r.missing for r in rows) + 0.01, witness)
    return None if given is None else Rate(1 - given, given, Witness.GIVEN)


def _rough(lot: LotDegree, usual: Sizes | None) -> float:
    own = _own_sizes(lot, usual)
    if lot.gap is None or own is None or lot.gap.low <= 0:
        return 0.0
    return lot.gap.middle / own.mean


def _first_degrees(
    lots: Sequence[LotDegree], sizes: Mapping[str, Sizes | None], blind: frozenset[str], rate: float
) -> dict[str, Degrees]:
    """Numbers of links as found, with what the gap holds; where no gap speaks, with what the rate makes probable."""
    counts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for lot in lots:
        row = counts[lot.group]
        if lot.group in blind and lot.gap is None:
            for n, p in enumerate(chances_of(lot.found, weigh(None, None, lot.found), _bounded(rate), ANY)):
                row[lot.found + n] += p
        else:
            row[lot.found + round(_rough(lot, sizes[lot.group]))] += 1
    return {group: smooth(row) for group, row in counts.items()}


def _degrees(lots: Sequence[LotDegree], chances: Sequence[Sequence[float]]) -> dict[str, Degrees]:
    counts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for lot, chance in zip(lots, chances, strict=True):
        row = counts[lot.group]
        for n, p in enumerate(chance):
            if p > 1e-4:
                row[lot.found + n] += p
    return {group: smooth(row) for group, row in counts.items()}


def _rates(
    lots: Sequence[LotDegree], expected: Sequence[float], told: Mapping[str, Rate]
) -> tuple[Rate, dict[str, float]]:
    """The overall rate from balanced lots, and each premises' own, shrunk to it (beta-binomial by moments)."""
    found: dict[str, float] = defaultdict(float)
    missing: dict[str, float] = defaultdict(float)
    for lot, value in zip(lots, expected, strict=True):
        if lot.gap is not None:
            found[lot.premises] += lot.found
            missing[lot.premises] += value
    overall = Rate(sum(found.values()) + 1, sum(missing.values()) + 0.01, Witness.BALANCE)
    share = min(overall.share or 0.0, MOST_MISSING)
    weight = _shrinkage([(found[p], missing[p]) for p in found], share)
    rates = {p: rate.share for p, rate in _told_rates_raw(told).items()}
    own = {
        p: min((missing[p] + weight * share) / (found[p] + missing[p] + weight), MOST_MISSING) for p in sorted(found)
    }
    return overall, {**{p: s for p, s in rates.items() if s}, **own}


def _told_rates_raw(told: Mapping[str, Rate]) -> dict[str, Rate]:
    return {p: rate for p, rate in sorted(told.items()) if rate.share is not None}


def _told_rates(told: Mapping[str, Rate], overall: Rate) -> dict[str, float]:
    share = overall.share or 0.0
    rows = _told_rates_raw(told)
    weight = _shrinkage([(r.found, r.missing) for r in rows.values()], share)
    return {
        p: min((r.missing + weight * share) / (r.found + r.missing + weight), MOST_MISSING) for p, r in rows.items()
    }


def _shrinkage(rows: Sequence[tuple[float, float]], share: float) -> float:
    """How many links the overall rate counts for beside a premises' own: few where premises differ much."""
    if not 0 < share < 1:
        return 50.0
    squares = weights = 0.0
    for found, missing in rows:
        n = found + missing
        if n >= 2:
            squares += n * (missing / n - share) ** 2
            weights += 1
    if weights < 3:
        return 10.0
    # E[n (p̂ - p)²] = p (1 - p) (1 + (n - 1) / (w + 1)): solved for w at the mean size.
    size = sum(f + m for f, m in rows if f + m >= 2) / weights
    over = squares / weights / (share * (1 - share)) - 1
    return min(max((size - 1) / over - 1, 2.0), 200.0) if over > 0 else 200.0
