"""One direction of a network made ready to be filled up with links that are probably missing."""

import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate

from fangxin.engines.traceability.chances import chance_unseen, chances_of_missing, pick
from fangxin.engines.traceability.missing import MOST_MISSING, Learnt, LotFacts
from fangxin.engines.traceability.spans import DAY, MOST
from fangxin.engines.traceability.values import Network

# Nearer than this to the usual time of travel a known lot may be the one that a missing link led to.
NEAR = 2 * DAY
FEW_DONORS = 3
EVEN = 0.5
# A filled trace that grows beyond this is large enough; the interval then says "at least".
ENDLESS = 5_000

# A lot of which nothing is recorded: the number of a recorded lot that it is like, and its clock.
Unseen = tuple[int, int]


class Filling:
    """One direction of a network made ready to be filled up. Clocks are seconds, backwards mirrored as in `values`."""

    """Clocks are seconds, backwards mirrored as in `values`; `out` is of the side that a trace leaves lots by."""

    def __init__(
        self,
        network: Network,
        facts: Sequence[LotFacts],
        quantities: Sequence[float],
        out: Learnt,
        into: Learnt,
        *,
        back: bool,
    ) -> None:
        self.network, self.facts, self.quantities = network, facts, quantities
        self.out, self.into, self.back = out, into, back
        self.clocks = [_clock(network, number, fact, back) for number, fact in enumerate(facts)]
        self.donors: dict[str, list[Unseen]] = defaultdict(list)
        self.donors_of_group: dict[str, list[Unseen]] = defaultdict(list)
        self.all_donors: list[Unseen] = []
        self._collect_donors()
        self.shelves = self._shelves()
        self.known = self._known()
        self._running: dict[int, list[float]] = {}
        self._running_of_group: dict[str, list[float]] = {}

    def _collect_donors(self) -> None:
        """A recorded link stands for how a missing one went: to which premises, of which kind, how long it took."""
        for link in self.network.links:
            if link.inferred:
                continue
            ends = self.network.numbers[link.from_lot], self.network.numbers[link.to_lot]
            here, there = ends[::-1] if self.back else ends
            # Where no date tells how long it took, the goods are looked for at once.
            lag = self.clocks[there] - self.clocks[here] if link.dated else 0
            self.donors[self.facts[here].premises].append((there, lag))
            self.donors_of_group[self.facts[here].group].append((there, lag))
            self.all_donors.append((there, lag))

    def _shelves(self) -> dict[tuple[str, str], tuple[list[int], list[int], list[float]]]:
        """Lots of each premises by time, with a running total of the links that each probably misses on its near side."""
        rows: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, fact in enumerate(self.facts):
            if self.into.expected[number] > 1e-6:
                rows["premises", fact.premises].append((self.clocks[number], number))
                rows["group", fact.group].append((self.clocks[number], number))
        shelves = {}
        for key, row in rows.items():
            row.sort()
            totals = list(accumulate((self.into.expected[number] for _, number in row), initial=0.0))
            shelves[key] = ([clock for clock, _ in row], [number for _, number in row], totals)
        return shelves

    def _known(self) -> dict[str, float]:
        """By group: the chance that a missing link ended at a lot of which something else is recorded."""
        rate = min(self.out.overall.share or 0.0, MOST_MISSING)
        groups = {fact.group for fact in self.facts}
        return {group: 1 - chance_unseen(rate, self.into.degrees[group], self.out.degrees[group]) for group in groups}

    def fill(self, rng: random.Random, base: Mapping[int, int]) -> tuple[int, float]:
        """One possible truth beside a recorded trace: how many lots it lacks, and their quantity."""
        clocks = dict(base)
        unseen: list[Unseen] = []
        queue = sorted(clocks)
        lacking: list[int] = []  # recorded lots that it lacks, and for each unseen one the lot it is like
        while (queue or unseen) and len(lacking) < ENDLESS:
            if queue:
                lot = queue.pop()
                targets = self._lost(rng, lot, clocks[lot])
            else:
                like, clock = unseen.pop()
                number = self._missing_unseen(rng, self.facts[like].group)
                targets = [self._target(rng, like, clock, clock) for _ in range(number)]
            for target in targets:
                if isinstance(target, tuple):
                    unseen.append(target)
                    lacking.append(target[0])
                elif target is not None:
                    reached = walk_on(self.network, clocks, target, self.clocks[target], back=self.back)
                    queue += reached
                    lacking += reached
        return len(lacking), sum(self.quantities[number] for number in lacking)

    def gain(self, rng: random.Random, base: Mapping[int, int], lots: Sequence[int]) -> tuple[int, float]:
        """What asking for all links of some lots of a trace would add to it in one possible truth: lots and quantity."""
        clocks: dict[int, int] | None = None
        lacking: list[int] = []
        for lot in lots:
            for target in self._lost(rng, lot, base[lot]):
                if isinstance(target, tuple):
                    lacking.append(target[0])
                elif target is not None:
                    clocks = dict(base) if clocks is None else clocks
                    lacking += walk_on(self.network, clocks, target, self.clocks[target], back=self.back)
        return len(lacking), sum(self.quantities[number] for number in lacking)

    def _lost(self, rng: random.Random, lot: int, at: int) -> list[int | Unseen | None]:
        return [self._target(rng, lot, self.clocks[lot], at) for _ in range(self._missing(rng, lot))]

    def _missing(self, rng: random.Random, lot: int) -> int:
        running = self._running.get(lot)
        if running is None:
            running = self._running[lot] = list(accumulate(self.out.chances[lot]))
        return pick(running, rng.random())

    def _target(self, rng: random.Random, lot: int, clock: int, at: int) -> int | Unseen | None:
        """Where a missing link of a lot led: a known lot, or an unseen one (like which lot, its clock); None: nowhere,
        because it left before the goods of the trace came."""
        fact = self.facts[lot]
        donors = self.donors.get(fact.premises, [])
        if len(donors) < FEW_DONORS:
            donors = self.donors_of_group.get(fact.group) or donors
        # A kind of lot that never sends (sold to eaters) has no donors; one of which all links are missing has none either.
        if not donors and (fact.group in self.out.blind or self.out.chances[lot][0] < EVEN):
            donors = self.all_donors
        if not donors:
            return None
        like, lag = donors[int(rng.random() * len(donors))]
        then = clock + lag
        if then < at - NEAR:
            return None
        if rng.random() < self.known.get(self.facts[like].group, 0.0):
            known = self._near(rng, self.facts[like], then)
            return (like, then) if known is None else known
        return like, then

    def _near(self, rng: random.Random, like: LotFacts, clock: int) -> int | None:
        """A lot that lacks links at about this time: at the same premises, else of the same kind."""
        premises, group = ("premises", like.premises), ("group", like.group)
        for key, reach in ((premises, NEAR), (group, NEAR), (group, 3 * NEAR)):
            clocks, numbers, totals = self.shelves.get(key, ([], [], [0.0]))
            low, high = bisect_left(clocks, clock - reach), bisect_right(clocks, clock + reach)
            if totals[high] - totals[low] > 1e-3:
                at = totals[low] + rng.random() * (totals[high] - totals[low])
                return numbers[min(bisect_right(totals, at) - 1, high - 1)]
        return None

    def _missing_unseen(self, rng: random.Random, group: str) -> int:
        running = self._running_of_group.get(group)
        if running is None:
            rate = max(min(self.out.overall.share or 0.0, MOST_MISSING), 1e-4)
            chances = chances_of_missing(0, None, rate, self.out.degrees[group], None)
            running = self._running_of_group[group] = list(accumulate(chances))
        return pick(running, rng.random())


def walk_on(network: Network, clocks: dict[int, int], start: int, at: int, *, back: bool) -> list[int]:
    """Walk recorded links on from a lot at a clock, lowering the clocks of what is reached; the lots that are new."""
    if at >= clocks.get(start, MOST + 1):
        return []
    new = [] if start in clocks else [start]
    clocks[start] = at
    front = [start]
    while front:
        lot = front.pop()
        at = clocks[lot]
        for other, arrives in zip(*network.onward(lot, at, back=back), strict=True):
            then = max(arrives, at)
            seen = clocks.get(other)
            if seen is None or then < seen:
                if seen is None:
                    new.append(other)
                clocks[other] = then
                front.append(other)
    return new


def _clock(network: Network, number: int, fact: LotFacts, back: bool) -> int:
    """When a lot came to be, on the clock of the direction; from its facts, else from its links, else the middle."""
    if fact.at is not None:
        return MOST - fact.at.last if back else fact.at.first
    known = [MOST - c if back else c for c in _seconds(network, number)]
    return min(known) if known else MOST // 2


def _seconds(network: Network, number: int) -> list[int]:
    found = [link.window[1] for _, link in network.links_from(number, 0, back=True) if link.dated]
    return found or [link.window[0] for _, link in network.links_from(number, 0, back=False) if link.dated]
