"""A made supply network of any size: six stages from the farm to the canteen, with hubs, silos, rework and loops.

Stages with their share of lots: farm 15 %, wholesale 10 %, first processing 10 %, second processing 5 %, distribution 15 %,
retail and canteens 45 %. A lot is open for a time of its own (exponential), so its inputs come and its outputs leave at different
minutes. Sizes are Pareto distributed, a hundredth of the processors' lots are silos with twenty times the inputs, and two
hundredths of the first processors' lots are partly reworked into the lot before them. Minutes over 730 days; nothing is
used that came more than 14 days before.
"""

from dataclasses import dataclass

import numpy as np

Numbers = np.ndarray
DAY = 1440
DAYS, SHELF = 730, 14
STAGES = ("farm", "wholesale", "processing 1", "processing 2", "distribution", "retail")
SHARES = (0.15, 0.10, 0.10, 0.05, 0.15, 0.45)
OPEN_DAYS = (0.02, 2.0, 8.0, 10.0, 4.0, 1.0)
SOURCES = ((), (0,), (0, 1), (2,), (1, 2, 3), (1, 4))
INPUTS = (0.0, 3.0, 6.0, 4.0, 2.2, 1.6)
LINKS_PER_LOT = 2.24
LOTS_PER_BUSINESS = 184


@dataclass(frozen=True, slots=True)
class Made:
    """Links as columns (lot, lot, minute) in order of time, and the stage of every lot."""

    source: Numbers
    target: Numbers
    minute: Numbers
    stage: Numbers

    @property
    def lots(self) -> int:
        return len(self.stage)


def make_network(links: int, seed: int = 20) -> Made:
    """A network of about so many links."""
    rng = np.random.default_rng(seed)
    lots = int(links / LINKS_PER_LOT)
    sizes = [int(lots * share) for share in SHARES]
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    stage = np.repeat(np.arange(len(STAGES), dtype=np.int8), sizes)
    opened = np.concatenate([np.sort(rng.integers(0, DAYS * DAY, size)) for size in sizes])
    length = np.concatenate(
        [rng.exponential(days * DAY, size) for days, size in zip(OPEN_DAYS, sizes, strict=True)]
    ).astype(np.int64)
    scale = _scales(links, sizes)
    found = [_inputs(rng, s, firsts, opened, length, scale) for s in range(1, len(STAGES))]
    found.append(_rework(rng, firsts[2], sizes[2], opened, length))
    source, target, minute = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(minute, kind="stable")
    return Made(*(column[order].astype(np.uint32) for column in (source, target, minute)), stage)


def _scales(links: int, sizes: list[int]) -> float:
    usual = sum(size * inputs for size, inputs in zip(sizes, INPUTS, strict=True))
    return links / usual


def _inputs(
    rng: np.random.Generator, stage: int, firsts: Numbers, opened: Numbers, length: Numbers, scale: float
) -> tuple[Numbers, Numbers, Numbers]:
    """The links into all lots of one stage: how many by the lot's size, when within its open time, from which lot by
    the size of those that were open at most 14 days before."""
    lots = np.arange(firsts[stage], firsts[stage + 1])
    mean = INPUTS[stage] * scale
    size = np.minimum(rng.pareto(1.1, len(lots)) + 0.1, 60.0)
    size *= mean / size.mean()
    if stage in (2, 3):
        silos = rng.random(len(lots)) < 0.01
        size[silos] = np.minimum(size[silos] * 20, 900.0)
    counts = np.maximum(1, rng.poisson(size))
    target = np.repeat(lots, counts)
    minute = opened[target] + (rng.random(len(target)) * (length[target] + 1)).astype(np.int64)
    source = np.full(len(target), -1, np.int64)
    turn = rng.integers(0, len(SOURCES[stage]), len(target))
    for place, above in enumerate(SOURCES[stage]):
        chosen = turn == place
        source[chosen] = _pick(rng, firsts[above], opened[firsts[above] : firsts[above + 1]], minute[chosen])
    kept = source >= 0
    return source[kept], target[kept], minute[kept]


def _pick(rng: np.random.Generator, first: int, opened: Numbers, minute: Numbers) -> Numbers:
    weight = np.cumsum(np.minimum(rng.pareto(1.1, len(opened)) + 0.2, 300.0))
    low = np.searchsorted(opened, minute - SHELF * DAY)
    high = np.searchsorted(opened, minute, side="right")
    before = np.where(low > 0, weight[low - 1], 0.0)
    until = np.where(high > 0, weight[np.maximum(high, 1) - 1], 0.0)
    place = np.searchsorted(weight, before + rng.random(len(minute)) * (until - before), side="right")
    return np.where(high > low, first + np.minimum(place, len(opened) - 1), -1)


def _rework(
    rng: np.random.Generator, first: int, size: int, opened: Numbers, length: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Some lots go partly back into the lot that was opened before them: loops."""
    lots = first + 1 + np.nonzero(rng.random(size - 1) < 0.02)[0]
    return lots, lots - 1, opened[lots] + (rng.random(len(lots)) * length[lots]).astype(np.int64)


def random_lots(made: Made, count: int = 100, seed: int = 7) -> Numbers:
    """Lots drawn equally from the six stages."""
    rng = np.random.default_rng(seed)
    each = -(-count // len(STAGES))
    drawn = [rng.choice(np.nonzero(made.stage == s)[0], each, replace=False) for s in range(len(STAGES))]
    return np.concatenate(drawn)[:count]


def hub_lots(made: Made, count: int = 100, seed: int = 7) -> Numbers:
    """Lots drawn from the thousand of the first three stages that go into the most others."""
    degree = np.bincount(made.source, minlength=made.lots)
    early = np.nonzero(made.stage < 3)[0]
    most = early[np.argsort(degree[early], kind="stable")[-1000:]]
    return np.random.default_rng(seed).choice(most, min(count, len(most)), replace=False)
