"""What chance alone would have given: replicates of the counts, and how often they are as extreme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import Any

import numpy as np

from fangxin.engines.outbreak.scan.intervals import Numbers
from fangxin.engines.outbreak.scan.kernels import ABREAST
from fangxin.engines.outbreak.scan.values import Model, Settings, Significance

# Two ratios of the same cases and expected cases may differ by rounding, never by this much.
_TIE = 1e-9
_EULER = 0.5772156649015329
# Gumbel replaces the count of a combined p value when fewer than this many replicates, plus one, were as extreme.
_FEW = 10
# Smallest p value that the fitted distribution may say.
_LEAST = 1e-17

Draw = Callable[[np.random.Generator], Numbers]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many replicates were at least as extreme as each cluster, and what all replicates were."""

    at_least: tuple[int, ...]
    best: Numbers
    stopped: bool


def drawing(model: Model, exposed: Numbers, counts_by_stratum: Sequence[Numbers]) -> Draw:
    """A source of counts under the null hypothesis, with the margins that the model keeps."""
    cases = int(sum(counts.sum() for counts in counts_by_stratum))
    if model is Model.PERMUTATION:
        return _permuted(counts_by_stratum)
    if model is Model.BERNOULLI:
        people = exposed.astype(np.int64).ravel()
        return lambda rng: rng.multivariate_hypergeometric(people, cases, method="marginals").reshape(exposed.shape)
    if model is Model.EXPECTATION:
        return lambda rng: rng.poisson(exposed)
    chances = exposed.ravel() / exposed.sum()
    return lambda rng: rng.multinomial(cases, chances).reshape(exposed.shape)


def _permuted(counts_by_stratum: Sequence[Numbers]) -> Draw:
    """Days are dealt anew to the cases of each stratum: both margins stay."""
    places, intervals = counts_by_stratum[0].shape
    strata = []
    for counts in counts_by_stratum:
        cells = np.repeat(np.arange(counts.size), counts.ravel())
        strata.append((cells // intervals * intervals, cells % intervals))

    def draw(rng: np.random.Generator) -> Numbers:
        dealt = np.concatenate([rows + rng.permutation(columns) for rows, columns in strata])
        return np.bincount(dealt, minlength=places * intervals).reshape(places, intervals)

    return draw


def compare(
    observed: Sequence[float],
    best_of: Callable[[Sequence[Numbers]], Numbers],
    draw: Draw,
    settings: Settings,
    seed: Any,
) -> Compared:
    """Run the replicates. `observed`: the clusters' ratios, largest first; `best_of`: the best of each of some tables."""
    sequential = settings.significance in (Significance.SEQUENTIAL, Significance.COMBINED)
    stop = stop_after(settings) if sequential else settings.replicates + 1
    top = observed[0] + (-_TIE if settings.count_ties_at_stop else _TIE) * max(1.0, observed[0])
    best = np.empty(0)
    rng = np.random.default_rng(seed)
    while len(best) < settings.replicates and np.count_nonzero(best > top) < stop:
        number = min(ABREAST, settings.replicates - len(best))
        best = np.append(best, best_of([draw(rng) for _ in range(number)]))
    last = np.flatnonzero(best > top)[stop - 1 : stop]
    best = best[: last[0] + 1] if len(last) else best
    least = np.array(observed) - _TIE * np.maximum(1.0, np.array(observed))
    at_least = np.count_nonzero(best >= least[:, np.newaxis], axis=1)
    return Compared(tuple(at_least.tolist()), best, stopped=len(best) < settings.replicates)


def stop_after(settings: Settings) -> int:
    """Replicates as extreme as the best cluster after which a sequential run stops."""
    return max(1, settings.stop_after or (settings.replicates + 1) // 20)


def p_values(observed: Sequence[float], compared: Compared, settings: Settings) -> tuple[float | None, ...]:
    """One for each cluster, best first; None without replicates.

    Stopped after h of l replicates: h/l for the best cluster (Besag and Clifford 1991), the share at least as extreme for the
    others. Run to the end: (1 + at least as extreme) / (1 + replicates).
    """
    run = len(compared.best)
    if not run:
        return (None,) * len(observed)
    values: list[float | None] = []
    for number, (ratio, at_least) in enumerate(zip(observed, compared.at_least, strict=True)):
        few = settings.significance is Significance.COMBINED and at_least + 1 < _FEW
        if settings.significance is Significance.GUMBEL or few:
            values.append(gumbel_p(ratio, compared.best))
        elif compared.stopped:
            values.append((stop_after(settings) if number == 0 else at_least) / run)
        else:
            values.append((1 + at_least) / (1 + run))
    return tuple(values)


def gumbel_p(ratio: float, replicates: Numbers) -> float:
    """Upper tail of the Gumbel distribution with the replicates' mean and deviation (Abrams, Kleinman and Kulldorff 2010)."""
    if len(replicates) < 2 or not replicates.std():
        return 1.0
    scale = float(replicates.std(ddof=1)) * sqrt(6) / pi
    mode = float(replicates.mean()) - _EULER * scale
    reduced = (mode - ratio) / scale
    # 1 − exp(−x) by expm1, so that a small tail keeps its digits.
    return max(_LEAST, float(-np.expm1(-exp(min(reduced, 700.0)))))
