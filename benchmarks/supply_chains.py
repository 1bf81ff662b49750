"""Supply chains of a county with known truth, and what records of them remain.

Five stages (farm, wholesale, processor, distributor, retail), customers that buy from a few usual suppliers, sizes of
businesses Pareto 1.3, lots open for days, quantities that add up. Then links are lost, at random or with whole premises.
"""

import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fangxin.engines.traceability.chances import Gap
from fangxin.engines.traceability.missing import LotFacts, Rate, Sides, rate_of_sides
from fangxin.engines.traceability.spans import DAY, Span
from fangxin.engines.traceability.values import Link, Network

STAGES = ("farm", "wholesale", "processor", "distributor", "retail")
SHARES = (0.15, 0.12, 0.13, 0.15, 0.45)
HOLDS = (1, 3, 8, 5, 0)  # days during which a lot is sold
INPUTS = ((), (1, 1, 2, 3), (1, 2, 3, 4, 5, 6), (1, 2, 3), (1, 1, 1, 2))
START = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Lot:
    name: str
    stage: int
    premises: str
    day: float


@dataclass(slots=True)
class Delivery:
    source: int
    target: int
    sent: float
    received: float
    quantity: float


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole truth: lots, deliveries, how much came into each lot and how much left it over deliveries."""

    lots: list[Lot]
    deliveries: list[Delivery]
    came: list[float]
    left: list[float]

    def network(self, kept: Sequence[Delivery]) -> Network:
        return Network(
            Link(
                self.lots[row.source].name,
                self.lots[row.target].name,
                _span(row.sent),
                _span(row.received),
                Decimal(str(round(row.quantity, 4))),
                "kg",
                self.lots[row.target].premises,
            )
            for row in kept
        )


def _span(day: float) -> Span:
    second = START + int(day * DAY)
    return Span(second, second)


def make_chain(rng: random.Random, *, lots: int = 1500, days: int = 60) -> Chain:
    made: list[Lot] = []
    for stage, (name, share) in enumerate(zip(STAGES, SHARES, strict=True)):
        count = int(lots * share)
        places = max(2, count // 12)
        sizes = [rng.paretovariate(1.3) for _ in range(places)]
        chosen = rng.choices(range(places), sizes, k=count)
        rows = sorted((rng.uniform(0, days) + 2 * stage, f"{name}-{place}") for place in chosen)
        made += [Lot(f"{name}-lot-{n}", stage, premises, day) for n, (day, premises) in enumerate(rows)]
    deliveries = _deliveries(rng, made)
    came, left = _quantities(rng, made, deliveries)
    return Chain(made, deliveries, came, left)


def _deliveries(rng: random.Random, lots: list[Lot]) -> list[Delivery]:
    by_place: dict[str, list[int]] = defaultdict(list)
    places: dict[int, list[str]] = {stage: [] for stage in range(len(STAGES))}
    for number, lot in enumerate(lots):
        if lot.premises not in by_place:
            places[lot.stage].append(lot.premises)
        by_place[lot.premises].append(number)
    days = {place: [lots[n].day for n in numbers] for place, numbers in by_place.items()}
    suppliers = {
        place: rng.sample(sorted(places[stage - 1]), min(len(places[stage - 1]), rng.randint(1, 4)))
        + (rng.sample(sorted(places[stage - 2]), 1) if stage > 1 and rng.random() < 0.3 else [])
        for stage in range(1, len(STAGES))
        for place in sorted(places[stage])
    }
    found = []
    for number, lot in enumerate(lots):
        offered = []
        for place in suppliers.get(lot.premises, []):
            hold = 7 + HOLDS[lots[by_place[place][0]].stage]
            low, high = bisect_left(days[place], lot.day - hold), bisect_right(days[place], lot.day - 0.2)
            offered += by_place[place][low:high]
        if offered:
            count = min(rng.choice(INPUTS[lot.stage]), len(offered))
            for source in rng.sample(offered, count):
                sent = rng.uniform(lots[source].day, lot.day)
                found.append(Delivery(source, number, sent, min(lot.day, sent + 0.3), rng.gammavariate(3, 1)))
    return found


def _quantities(rng: random.Random, lots: list[Lot], deliveries: list[Delivery]) -> tuple[list[float], list[float]]:
    """Scale the deliveries, stage after stage, so that each lot sends on 60-100 % of what came."""
    into: dict[int, list[Delivery]] = defaultdict(list)
    out: dict[int, list[Delivery]] = defaultdict(list)
    for row in deliveries:
        into[row.target].append(row)
        out[row.source].append(row)
    came, left = [], []
    for number in range(len(lots)):
        asked = sum(row.quantity for row in out[number])
        if into[number]:
            there = sum(row.quantity for row in into[number])
        else:
            there = rng.lognormvariate(3, 0.7) * (asked or 1) / rng.uniform(0.6, 1)
        gone = there * rng.uniform(0.6, 1) if asked else 0.0
        for row in out[number]:
            row.quantity *= gone / asked
        came.append(there)
        left.append(gone)
    return came, left


def lose(rng: random.Random, chain: Chain, share: float, *, by_premises: bool) -> list[Delivery]:
    """What remains when a share of the deliveries is lost: one by one, or with premises that keep no records at all."""
    if not by_premises:
        return [row for row in chain.deliveries if rng.random() >= share]
    touching: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(chain.deliveries):
        for end in (row.source, row.target):
            touching[chain.lots[end].premises].append(number)
    places = sorted(touching)
    rng.shuffle(places)
    lost: set[int] = set()
    wanted = share * len(chain.deliveries)
    for place in places:
        if len(lost) >= wanted:
            break
        if len(lost.union(touching[place])) <= 1.3 * wanted:
            lost.update(touching[place])
    return [row for number, row in enumerate(chain.deliveries) if number not in lost]


def forget(rng: random.Random, chain: Chain, share: float) -> tuple[list[Delivery], dict[str, Rate], dict[str, Rate]]:
    """What remains when supplier and receiver each forget the square root of a share of the deliveries, on their own:
    the deliveries that at least one wrote down, and what both sides' books together say of each premises."""
    kept, counts = [], (defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter))
    for row in chain.deliveries:
        sent, received = rng.random() >= share**0.5, rng.random() >= share**0.5
        if sent or received:
            kept.append(row)
            how = "both" if sent and received else "sent" if sent else "received"
            counts[0][chain.lots[row.source].premises][how] += 1
            counts[1][chain.lots[row.target].premises][how] += 1
    leaving, arriving = (
        {place: rate_of_sides(Sides(row["both"], row["sent"], row["received"])) for place, row in sorted(rows.items())}
        for rows in counts
    )
    return kept, leaving, arriving


def know(
    rng: random.Random, chain: Chain, kept: Sequence[Delivery], *, balanced: float, error: float = 0.01
) -> dict[str, LotFacts]:
    """What premises know of their lots: of a share of them what came and what was left over, to within an error."""
    out: dict[int, float] = defaultdict(float)
    into: dict[int, float] = defaultdict(float)
    for row in kept:
        out[row.source] += row.quantity
        into[row.target] += row.quantity
    fed = {row.target for row in chain.deliveries}
    facts = {}
    for number, lot in enumerate(chain.lots):
        there = chain.came[number]

        def gap(truth: float, recorded: float, there: float = there) -> Gap:
            middle = truth + error * there * rng.gauss(0, 1) - recorded
            return Gap(middle - 2 * error * there, middle + 2 * error * there)

        left = gap(chain.left[number], out[number]) if rng.random() < balanced else None
        came = gap(there, into[number]) if rng.random() < balanced else None
        if number not in fed:  # a harvest: nothing can have come
            came = Gap(0.0, 0.0)
        if lot.stage == len(STAGES) - 1:  # sold to eaters: nothing goes on
            left = Gap(0.0, 0.0)
        facts[lot.name] = LotFacts(lot.name, lot.premises, STAGES[lot.stage], _span(lot.day), there, left, came)
    return facts


def true_trace(chain: Chain, start: int, *, back: bool) -> set[int]:
    """All lots that one lot's goods reached (back: came from), by the time rule, without the lot itself."""
    near: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for row in chain.deliveries:
        if back:
            near[row.target].append((-row.received, -row.sent, row.source))
        else:
            near[row.source].append((row.sent, row.received, row.target))
    best = {start: float("-inf")}
    front = [start]
    while front:
        lot = front.pop()
        for leaves, arrives, other in near[lot]:
            then = max(arrives, best[lot])
            if leaves >= best[lot] and then < best.get(other, float("inf")):
                best[other] = then
                front.append(other)
    return set(best) - {start}
