"""Outbreaks whose source is known, in made-up networks: to see whether a stated probability comes true.

Farms, makers, traders and shops over five weeks. A lot of a farm, maker or trader is contaminated; who falls ill ate a random
part of it, or falls ill for another reason. Then records are taken away: links, dates, amounts.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fangxin.engines.traceability.ranking.published import absorbed_shares
from fangxin.engines.traceability.ranking.values import DAY, Case, Flows

FARMS, MAKERS, TRADERS, SHOPS, WEEKS = 10, 5, 8, 40, 5
START = 1000 * DAY


@dataclass(frozen=True, slots=True)
class World:
    """How an outbreak is made and what of it is recorded. `eaten_together`: how many fall ill at one shop at once, on
    average above one; `by_lot`: whether cases know the lot they ate of, or only the shop."""

    cases: int = 12
    noise: float = 0.2
    lost_links: float = 0.1
    unknown_dates: float = 0.1
    unknown_amounts: float = 0.1
    eaten_together: float = 0.0
    by_lot: bool = False
    sloppy_places: bool = False


@dataclass(frozen=True, slots=True)
class Outbreak:
    """What an investigator sees, and the lot that was the source."""

    flows: Flows
    cases: tuple[Case, ...]
    source: int


def simulate(seed: int, world: World | None = None) -> Outbreak:
    """One outbreak; the same for the same seed.

    >>> simulate(1).source == simulate(1).source, len(simulate(1).cases) >= 3
    (True, True)
    """
    world = world or World()
    dice = np.random.Generator(np.random.PCG64(seed))
    while True:
        flows, stage = _network(dice)
        source = int(dice.choice(np.flatnonzero(stage < 3)))
        cases = _cases(dice, flows, stage, source, world)
        if len(cases) >= 3:
            return Outbreak(_forget(dice, flows, world), cases, source)


def _network(dice: Any) -> tuple[Flows, Any]:
    """Links by week: farms to makers, makers to traders, traders to shops. A place has a size that its amounts follow."""
    stages = (FARMS, MAKERS, TRADERS, SHOPS)
    sizes = [dice.pareto(1.5, count) + 0.3 for count in stages]
    first = np.concatenate([[0], np.cumsum([count * WEEKS for count in stages])])
    rows: list[tuple[int, int, int, int, float, int]] = []
    for level in range(3):
        for place in range(stages[level + 1]):
            suppliers = _suppliers(dice, level, stages[level], sizes[level])
            for week in range(WEEKS):
                for supplier in suppliers:
                    bought = min(int(dice.integers(0, 2)), week)
                    day = START + (7 * week + 2 * level) * DAY
                    lot = int(first[level] + supplier * WEEKS + week - bought)
                    target = int(first[level + 1] + place * WEEKS + week)
                    amount = sizes[level + 1][place] * sizes[level][supplier] * dice.lognormal(0, 0.5)
                    where = sum(stages[: level + 1]) + place
                    rows.append((lot, target, day, day + int(dice.integers(0, 2)) * DAY, amount, where))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    stage = np.repeat(np.arange(4), [count * WEEKS for count in stages])
    return Flows(int(first[-1]), *columns), stage


def _suppliers(dice: Any, level: int, count: int, sizes: Any) -> list[int]:
    wanted = min(count, 1 + int(dice.poisson((2.0, 1.2, 1.0)[level])))
    return [int(place) for place in dice.choice(count, wanted, replace=False, p=sizes / sizes.sum())]


def _cases(dice: Any, flows: Flows, stage: Any, source: int, world: World) -> tuple[Case, ...]:
    shops = np.flatnonzero(stage == 3)
    place_of = {int(lot): int(place) for lot, place in zip(flows.target, flows.place, strict=True)}
    arrived = {int(lot): int(at) for lot, at in zip(flows.target, flows.arrives, strict=True)}
    stocked = np.array([lot for lot in shops if int(lot) in place_of])
    total = np.bincount(flows.source, flows.amount, flows.lots)
    onward = np.zeros((flows.lots, flows.lots))
    np.add.at(onward, (flows.source, flows.target), flows.amount / total[flows.source])
    share = absorbed_shares(onward, np.eye(flows.lots)[:, stocked])[source]
    trade = np.bincount(flows.target, flows.amount, flows.lots)[stocked]
    found: list[Case] = []
    if not share.sum():
        return ()
    while len(found) < world.cases:
        weights = trade / trade.sum() if dice.random() < world.noise else share / share.sum()
        if world.sloppy_places and dice.random() < 0.3:
            weights = np.full(len(stocked), 1.0 / len(stocked))
        lot = int(stocked[dice.choice(len(stocked), p=weights)])
        eaten = arrived[lot] + int(dice.integers(1, 6)) * DAY
        for _ in range(1 + int(dice.poisson(world.eaten_together))):
            name = f"case {len(found) + 1}"
            found.append(
                Case(name, lot=lot, until=eaten) if world.by_lot else Case(name, place=place_of[lot], until=eaten)
            )
    return tuple(found)


def _forget(dice: Any, flows: Flows, world: World) -> Flows:
    kept = dice.random(len(flows.source)) >= world.lost_links
    columns = [
        column[kept] for column in (flows.source, flows.target, flows.leaves, flows.arrives, flows.amount, flows.place)
    ]
    seen = Flows(flows.lots, *columns)
    dateless = dice.random(len(seen.source)) < world.unknown_dates
    amountless = dice.random(len(seen.source)) < world.unknown_amounts
    return replace(
        seen,
        leaves=np.where(dateless, 2**32 - 1, seen.leaves + DAY - 1),
        arrives=np.where(dateless, 0, seen.arrives),
        amount=np.where(amountless, np.nan, seen.amount),
    )
