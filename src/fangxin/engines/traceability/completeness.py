"""How much of the truth a trace contains: the completeness certificate.

The records are filled up many times with links that the witnesses of `missing` make probable, each time differently; each
filled network gives one possible true trace. The spread of these is the certificate's interval. Method, proof and where
it fails: `docs/methods/trace-completeness.md`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fangxin.engines.traceability.balance import Units
from fangxin.engines.traceability.chances import chance_unseen
from fangxin.engines.traceability.closure import UnknownLot
from fangxin.engines.traceability.filling import Filling, walk_on
from fangxin.engines.traceability.missing import Learnt, LotDegree, LotFacts, Rate, learn
from fangxin.engines.traceability.values import Direction, Network

DRAWS = 400
TURNS = 3
LEVEL = Fraction(95, 100)
NO_RATES: Mapping[str, Rate] = {}


@dataclass(frozen=True, slots=True)
class Interval:
    """The shortest range that holds the truth with the stated probability, and the value in the middle of all."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A lot of the trace that probably lacks links: the chance that at least one is missing, and how many are expected."""

    lot: str
    premises: str
    chance: float
    expected: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a trace in one direction contains of the truth, the lot itself not counted.

    The intervals are None when no witness tells how often links go missing: that is not "complete". Quantities are in
    `unit`; those of lots never weighed are taken as the mean of their kind. `lots_share` is 1 where nothing was to be found.
    """

    lot: str
    direction: Direction
    level: Fraction
    found_lots: int
    found_quantity: float | None
    unit: str
    missing_lots: Interval | None
    lots_share: Interval | None
    missing_quantity: Interval | None
    quantity_share: Interval | None
    leaving: Rate | None
    arriving: Rate | None
    suspects: tuple[Suspect, ...]
    draws: int


class Completeness:
    """A network with what is known of its lots, made ready to certify any of its traces.

    `leaving` and `arriving` are rates of missing links by premises, from the witnesses other than the balance; `given` is a
    rate that the caller answers for, used only where no witness speaks. Nothing depends on the order of the links.
    """

    def __init__(
        self,
        network: Network,
        facts: Mapping[str, LotFacts],
        *,
        leaving: Mapping[str, Rate] = NO_RATES,
        arriving: Mapping[str, Rate] = NO_RATES,
        given: float | None = None,
        units: Units | None = None,
    ) -> None:
        if given is not None and not 0 <= given < 1:
            raise ValueError("a rate of missing links lies between 0 and 1")
        self.network = network
        self.unit, sizes = _sizes_of(network, units or Units())
        self.facts = [facts.get(name) or LotFacts(name) for name in network.names]
        out = self._degrees(sizes, back=False)
        into = self._degrees(sizes, back=True)
        self.out, self.into = _learn_both(out, leaving, into, arriving, given)
        self.quantities = _quantities(self.facts, out, into)
        self._fillings: dict[bool, Filling | None] = {}

    def _degrees(self, sizes: Sequence[float | None], *, back: bool) -> list[LotDegree]:
        rows = []
        for number, fact in enumerate(self.facts):
            links = [(n, link) for n, link in self.network.links_from(number, 0, back=back) if not link.inferred]
            known = tuple(size for n, _ in links if (size := sizes[n]) is not None and size > 0)
            gap = fact.came if back else fact.left
            rows.append(LotDegree(fact.group, fact.premises, len(links), known, gap))
        return rows

    def filling(self, *, back: bool) -> Filling | None:
        """The network made ready to be filled up in one direction; None when no witness speaks."""
        if back not in self._fillings:
            near, far = (self.into, self.out) if back else (self.out, self.into)
            weights = self.quantities or [0.0] * len(self.facts)
            self._fillings[back] = (
                None
                if near is None or far is None
                else Filling(self.network, self.facts, weights, near, far, back=back)
            )
        return self._fillings[back]

    def reached(self, lot: str, *, back: bool) -> dict[int, int]:
        """The recorded trace: numbers of the lots, the lot itself with them, and their clocks. Raises UnknownLot."""
        start = self.network.number_of(lot)
        if start is None:
            raise UnknownLot(lot)
        clocks: dict[int, int] = {}
        walk_on(self.network, clocks, start, 0, back=back)
        return clocks

    def certify(
        self, lot: str, direction: Direction, *, seed: int, draws: int = DRAWS, level: Fraction = LEVEL
    ) -> Certificate:
        """The certificate of one trace, back or forward. The same seed gives the same certificate. Raises UnknownLot."""
        if direction is Direction.BOTH:
            raise ValueError("a certificate is of one direction")
        back = direction is Direction.BACK
        base = self.reached(lot, back=back)
        found = len(base) - 1
        start = self.network.numbers[lot]
        weight = sum(self.quantities[n] for n in sorted(base) if n != start) if self.quantities else None
        filling = self.filling(back=back)
        lots = quantities = None
        if filling is not None:
            rng = random.Random(seed)  # noqa: S311  repeatable, not secret
            results = [filling.fill(rng, base) for _ in range(draws)]
            lots = sorted(float(count) for count, _ in results)
            quantities = sorted(quantity for _, quantity in results) if weight is not None else None
        return Certificate(
            lot=lot,
            direction=direction,
            level=level,
            found_lots=found,
            found_quantity=weight,
            unit=self.unit,
            missing_lots=_shortest(lots, level),
            lots_share=_as_share(_shortest(lots, level), found),
            missing_quantity=_shortest(quantities, level),
            quantity_share=_as_share(_shortest(quantities, level), weight or 0.0),
            leaving=self.out.overall if self.out else None,
            arriving=self.into.overall if self.into else None,
            suspects=self._suspects(base, back=back),
            draws=draws if filling is not None else 0,
        )

    def _suspects(self, base: Mapping[int, int], *, back: bool) -> tuple[Suspect, ...]:
        learnt = self.into if back else self.out
        if learnt is None:
            return ()
        rows = (
            Suspect(self.network.names[n], self.facts[n].premises, 1 - learnt.chances[n][0], learnt.expected[n])
            for n in base
        )
        return tuple(sorted((row for row in rows if row.chance >= 0.005), key=lambda row: (-row.chance, row.lot)))


def _learn_both(
    out: Sequence[LotDegree],
    leaving: Mapping[str, Rate],
    into: Sequence[LotDegree],
    arriving: Mapping[str, Rate],
    given: float | None,
) -> tuple[Learnt | None, Learnt | None]:
    """Both sides of all lots. How many lots are wholly unseen depends on both, so that is learnt in turns."""
    unseen_out: dict[str, float] = {}
    unseen_in: dict[str, float] = {}
    for _ in range(TURNS):
        alone_out, alone_in = learn(out, leaving, None, unseen_out), learn(into, arriving, None, unseen_in)
        # A missing link is missing at both its ends: where one side has no witness, the other's rate holds.
        learnt_out = alone_out or learn(out, leaving, _share(alone_in) or given, unseen_out)
        learnt_in = alone_in or learn(into, arriving, _share(alone_out) or given, unseen_in)
        if learnt_out is None or learnt_in is None or not learnt_out.blind | learnt_in.blind:
            break
        for group in learnt_out.degrees:
            ways_out, ways_in = learnt_out.degrees[group], learnt_in.degrees[group]
            unseen_out[group] = chance_unseen(_share(learnt_out) or 0.0, ways_out, ways_in)
            unseen_in[group] = chance_unseen(_share(learnt_in) or 0.0, ways_in, ways_out)
    return learnt_out, learnt_in


def _share(learnt: Learnt | None) -> float | None:
    return learnt.overall.share if learnt else None


def _sizes_of(network: Network, units: Units) -> tuple[str, list[float | None]]:
    """The links' quantities in the unit that most of them have; None for the others."""
    based = [units.base(link.quantity, link.unit) if link.quantity is not None else None for link in network.links]
    counted: dict[str, int] = {}
    for entry in based:
        if entry is not None:
            counted[entry[0]] = counted.get(entry[0], 0) + 1
    unit = min(counted, key=lambda name: (-counted[name], name)) if counted else ""
    return unit, [float(entry[1]) if entry is not None and entry[0] == unit else None for entry in based]


def _quantities(facts: Sequence[LotFacts], out: Sequence[LotDegree], into: Sequence[LotDegree]) -> list[float] | None:
    """Of each lot: its own quantity, else the larger of what came and what went, else the mean of its kind."""
    known = [
        fact.quantity if fact.quantity is not None else max(sum(a.sizes), sum(b.sizes)) or None
        for fact, a, b in zip(facts, out, into, strict=True)
    ]
    rows: dict[str, list[float]] = {}
    for fact, value in zip(facts, known, strict=True):
        if value is not None:
            rows.setdefault(fact.group, []).append(value)
    everything = [value for value in known if value is not None]
    if not everything:
        return None
    usual = sum(everything) / len(everything)
    means = {group: sum(row) / len(row) for group, row in rows.items()}
    return [means.get(f.group, usual) if value is None else value for f, value in zip(facts, known, strict=True)]


def _shortest(ordered: Sequence[float] | None, level: Fraction) -> Interval | None:
    """The shortest range that holds this share of the draws; of equals the lowest."""
    if not ordered:
        return None
    size = -(-len(ordered) * level.numerator // level.denominator)
    first = min(range(len(ordered) - size + 1), key=lambda n: (ordered[n + size - 1] - ordered[n], n))
    return Interval(ordered[first], ordered[len(ordered) // 2], ordered[first + size - 1])


def _as_share(missing: Interval | None, found: float) -> Interval | None:
    if missing is None:
        return None
    low, middle, high = (
        found / (found + value) if found + value > 0 else 1.0 for value in (missing.high, missing.middle, missing.low)
    )
    return Interval(low, middle, high)
