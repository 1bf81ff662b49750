"""What the posterior and each single method say of simulated outbreaks, and how often that came true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from fangxin.engines.traceability.ranking.published import probabilities
from fangxin.engines.traceability.ranking.ranking import rank_sources
from fangxin.engines.traceability.ranking.simulation import World, simulate
from fangxin.engines.traceability.ranking.values import Column, Options, Ranking

METHODS: Final = ("posterior", "likelihood", "random_walk", "score_foodchain", "effective_distance")
EDGES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Lots of which a method said a probability between two: how many, what it said on average, how often it was right."""

    low: float
    high: float
    count: int
    said: float
    happened: float


@dataclass(frozen=True, slots=True)
class Record:
    """One method over all outbreaks. `brier` is Σ (probability − truth)² over the lots of an outbreak and "none of them",
    averaged: 0 is perfect, 2 is sure and wrong. `first` and `first_five`: how often the source stood there."""

    method: str
    brier: float
    first: float
    first_five: float
    bins: tuple[Bin, ...]


def calibrate(seeds: Sequence[int], world: World | None = None, options: Options | None = None) -> tuple[Record, ...]:
    """Each method on the same outbreaks, one per seed."""
    said: dict[str, list[tuple[float, bool]]] = {method: [] for method in METHODS}
    scores: dict[str, list[tuple[float, float, float]]] = {method: [] for method in METHODS}
    for seed in seeds:
        outbreak = simulate(seed, world)
        ranking = rank_sources(outbreak.flows, outbreak.cases, options)
        for method, (chances, none) in chances_of(ranking).items():
            truth = np.array([ranked.lot == outbreak.source for ranked in ranking.lots])
            missed = not truth.any()
            brier = float(((chances - truth) ** 2).sum() + (none - missed) ** 2)
            scores[method].append((brier, _among(chances, truth, 1), _among(chances, truth, 5)))
            said[method] += zip(chances.tolist(), truth.tolist(), strict=True)
    return tuple(_record(method, scores[method], said[method]) for method in METHODS)


def _record(method: str, scores: Sequence[Sequence[float]], said: Sequence[tuple[float, bool]]) -> Record:
    brier, first, first_five = (float(value) for value in np.mean(scores, axis=0))
    return Record(method, brier, first, first_five, _bins(said))


def chances_of(ranking: Ranking) -> Mapping[str, tuple[Column, float]]:
    """Every method's numbers as probabilities of the lots, and of none of them. The two likelihoods as their authors weigh
    them; the score and the distance share all of it among the lots that stand first, as they are read."""
    lots = ranking.lots
    if not lots:
        return {method: (np.zeros(0), 1.0) for method in METHODS}
    score = np.array([ranked.score for ranked in lots])
    distance = np.array([ranked.distance for ranked in lots])
    best = {"score_foodchain": score == score.max(), "effective_distance": distance == distance.min()}
    return {
        "posterior": (np.array([ranked.probability for ranked in lots]), ranking.elsewhere),
        "likelihood": (probabilities(np.array([ranked.sales for ranked in lots])), 0.0),
        "random_walk": (probabilities(np.array([ranked.walk for ranked in lots])), 0.0),
        **{method: (first / first.sum(), 0.0) for method, first in best.items()},
    }


def _among(
    chances: Column,
    truth: Column,
    places: int,
) -> float:
    """The probability that the source is among the first places, equal ones in random order."""
    if not truth.any():
        return 0.0
    own = float(chances[truth][0])
    before, equal = int((chances > own).sum()), int((chances == own).sum())
    return min(1.0, max(0.0, (places - before) / equal))


def _bins(pairs: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    said, came = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    bins = []
    for low, high in pairwise(EDGES):
        here = (said >= low) & ((said < high) | (high == 1.0))
        if here.any():
            bins.append(Bin(low, high, int(here.sum()), float(said[here].mean()), float(came[here].mean())))
    return tuple(bins)
