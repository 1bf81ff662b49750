"""The probability that a lot is the common source, beside the four single methods.

Every case comes either from the source, and then was eaten where a random part of the source's goods was eaten, or from
elsewhere. How many come from elsewhere is not known; it is summed over. Every lot of the network is as likely beforehand as
every other; the lots that lead to no case share what is left with "no common source".
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp

from fangxin.engines.traceability.ranking.network import Part, groups_of, part_of, unplaced
from fangxin.engines.traceability.ranking.published import log_likelihoods, off_centre
from fangxin.engines.traceability.ranking.shares import case_distances, eaten_shares, walk_shares
from fangxin.engines.traceability.ranking.values import Case, Column, Flows, Options, Ranked, Ranking

# The shares of cases from elsewhere that are summed over.
NOISE = np.array([0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97])


def rank_sources(flows: Flows, cases: Sequence[Case], options: Options | None = None) -> Ranking:
    """All lots that can have led to a case, by falling probability of being the common source of the cases.

    The answer does not depend on the order of the links or cases. Equal lots stand in the order of their numbers.

    >>> flows = Flows(4, *(np.array(column) for column in (
    ...     [0, 0, 1], [2, 3, 3], [9, 9, 9], [9, 9, 9], [5.0, 5.0, 5.0], [-1, -1, -1])))
    >>> ranking = rank_sources(flows, [Case("a", lot=2), Case("b", lot=3), Case("c", lot=2)])
    >>> [(ranked.lot, ranked.score) for ranked in ranking.lots][0]
    (0, 1.0)
    """
    options = options or Options()
    groups = groups_of(flows, cases, options)
    if not groups:
        return Ranking((), 1.0, (), 0, len(flows.source))
    part = part_of(flows, groups, options)
    shares = eaten_shares(part)
    counts = np.array([group.weight for group in groups])
    background = _background(flows, part)
    chances, elsewhere = _posterior(shares, options.trust * counts, background, flows.lots, part.suppliers, options)
    sales = log_likelihoods(shares, counts, smoothing=options.smoothing, background=background)
    walk = log_likelihoods(walk_shares(part), counts, smoothing=options.smoothing, background=background)
    distance = off_centre(_all_finite(case_distances(part)), counts)
    found = np.flatnonzero((shares > 0).any(axis=1))
    score = (shares > 0) @ counts / counts.sum()
    order = found[np.lexsort((part.lots[found], -score[found], -chances[found]))]
    ranked = tuple(
        Ranked(
            int(part.lots[row]), int(part.places[row]) if part.places[row] >= 0 else None, float(chances[row]), float(score[row]), float(sales[row]),
            float(walk[row]), float(distance[row]),
            tuple(sorted(name for at in np.flatnonzero(shares[row]) for name in groups[at].ids)),
        )
        for row in order
    )  # fmt: skip
    return Ranking(ranked, float(elsewhere), tuple(unplaced(part)), len(found), len(flows.source))


def _all_finite(distances: Column) -> Column:
    known = distances[np.isfinite(distances)]
    return np.where(np.isfinite(distances), distances, known.max(initial=0.0) + 1.0)


def _posterior(
    shares: Column, counts: Column, background: Column, lots: int, suppliers: Column, options: Options
) -> tuple[Column, float]:
    """The probability of every lot of the part, and of none of them."""
    # Beta(1, b) with the mean that is asked for: a small share of noise is likelier than a large one.
    prior = (1.0 / options.noise - 2.0) * np.log1p(-NOISE) + np.log(_widths())
    prior -= logsumexp(prior)
    by_noise = np.stack([log_likelihoods(shares, counts, smoothing=e, background=background) for e in NOISE])
    nothing = np.zeros((1, len(counts)))
    unreached = np.array([log_likelihoods(nothing, counts, smoothing=e, background=background)[0] for e in NOISE])
    each = logsumexp(by_noise + prior[:, None], axis=0)
    leads_nowhere = float(logsumexp(unreached + prior))
    no_source = float(log_likelihoods(nothing, counts, smoothing=1.0, background=background)[0])
    candidates = (shares > 0).any(axis=1)
    one = np.log((1.0 - options.elsewhere) / lots)
    values = np.where(candidates, each + one, -np.inf)
    others = max(lots - int(candidates.sum()), 0)
    rest = np.logaddexp(
        no_source + np.log(options.elsewhere), leads_nowhere + one + np.log(others) if others else -np.inf
    )
    # A supplier whose link is missing leads to the same cases as the lot that it supplied.
    missing = options.lost / (1.0 - options.lost) * suppliers
    with np.errstate(divide="ignore"):
        rest = np.logaddexp(rest, logsumexp(values + np.log(missing)) if candidates.any() else -np.inf)
    total = np.logaddexp(logsumexp(values) if candidates.any() else -np.inf, rest)
    return np.exp(values - total), float(np.exp(rest - total))


def _widths() -> Column:
    edges = np.concatenate([[0.0], (NOISE[1:] + NOISE[:-1]) / 2, [1.0]])
    return np.diff(edges)


def _background(flows: Flows, part: Part) -> Column:
    """Where a case is that does not come from the source: half by the amounts that came there, half anywhere alike."""
    goes_on = np.zeros(flows.lots, dtype=bool)
    goes_on[flows.source] = True
    last = np.flatnonzero(~goes_on[flows.target])
    by_place = any(group.place is not None for group in part.groups)
    outlets = len(np.unique(flows.place[last])) if by_place else flows.lots - int(goes_on.sum())
    outlets = max(outlets, 1)
    total = float(np.nansum(flows.amount[last]))
    came = np.array([part.amount[group.links].sum() for group in part.groups])
    by_amount = np.clip(came / total, 0.0, 1.0) if total > 0 else np.full(len(came), 1.0 / outlets)
    return np.maximum(0.5 * by_amount + 0.5 / outlets, 1e-9)
