"""Fields with known truth, to see whether the forecasts hold. The caller brings the random numbers and their seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random

from fangxin.engines.decline.forecast import probability_above, remaining_share
from fangxin.engines.decline.values import Decline, Treatment


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was forecast for one field, and what its residue (mg/kg) then was."""

    forecast: float
    residue: float
    limit: float

    @property
    def above(self) -> bool:
        return self.residue > self.limit


def simulate(
    count: int, model: Decline, rng: Random, *, truth: Decline | None = None, limits: Sequence[float] = (0.5,)
) -> list[Simulated]:
    """Fields with one to three applications of 20 to 120 g/ha, harvested 0 to 21 days after the last.

    The forecast knows `model`; the field lives by `truth`, which is the same unless given: so one sees what a wrong model
    costs. Each field draws its own half-life and deposit.
    """
    world = truth or model
    found = []
    for _ in range(count):
        treatments = [Treatment(-7.0 * n, rng.uniform(20, 120)) for n in range(rng.randint(1, 3))]
        harvest = rng.randint(0, 21)
        limit = rng.choice(list(limits))
        half_life = exp(rng.gauss(log(world.half_life.median), world.half_life.sigma))
        deposit = exp(rng.gauss(log(world.deposit.median), world.deposit.sigma))
        left = sum(t.dose * remaining_share(harvest - t.day, half_life, world) for t in treatments)
        found.append(Simulated(probability_above(limit, treatments, harvest, model), deposit * left, limit))
    return found
