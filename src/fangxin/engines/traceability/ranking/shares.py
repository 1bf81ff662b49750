"""Where the goods of every lot were eaten, and how far the cases are from it."""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from fangxin.engines.traceability.ranking.network import Part, ranges, reaches
from fangxin.engines.traceability.ranking.published import absorbed_shares, effective_distances
from fangxin.engines.traceability.ranking.values import Column


def eaten_shares(part: Part) -> Column:
    """For every lot (row) and group of cases (column): the share of the lot's goods that was eaten as those cases did.

    Goods that arrive at a lot go on over the links that leave it then or later, in proportion to their amounts; what the
    amounts leave over is eaten there. Of links without dates a share may be too large; a lot that cannot have led to a case
    has none.
    """
    active = part.active
    onward, kept = _onward(part)
    eaten = np.zeros((len(active), len(part.groups)))
    for column, group in enumerate(part.groups):
        here = np.searchsorted(active, group.links)
        eaten[here, column] = kept[here]
    of_links = absorbed_shares(onward, eaten)
    leaving = csr_matrix(
        (_share_of_lot(part)[active], (part.source[active], np.arange(len(active)))), (len(part.lots), len(active))
    )
    return np.where(reaches(part), _with_own(part, np.asarray(leaving @ of_links)), 0.0)


def walk_shares(part: Part) -> Column:
    """The same by a walk that does not look at dates within the part: one node per lot."""
    return absorbed_shares(
        _steps(part, _share_of_lot(part)), _with_own(part, np.zeros((len(part.lots), len(part.groups))))
    )


def case_distances(part: Part) -> Column:
    """The effective distance from every lot to every group of cases."""
    total = np.bincount(part.source, part.amount, len(part.lots))
    steps = _steps(part, part.amount / total[part.source])
    return effective_distances(steps, [group.lots.tolist() for group in part.groups])


def _steps(part: Part, share: Column) -> Any:
    links = part.active
    matrix = csr_matrix((share[links], (part.source[links], part.target[links])), (len(part.lots), len(part.lots)))
    matrix.sum_duplicates()
    return matrix


def _share_of_lot(part: Part) -> Column:
    """The share of its lot that goes over a link."""
    total = np.bincount(part.source, part.amount, len(part.lots))
    return np.asarray(part.amount / total[part.source] * (1.0 - part.kept[part.source]))


def _with_own(part: Part, shares: Column) -> Column:
    for column, group in enumerate(part.groups):
        shares[group.lots, column] += part.kept[group.lots]
    return shares


def _onward(part: Part) -> tuple[Any, Column]:
    """Of what comes over an active link (row), the share that goes on over another (column), and the share that stays."""
    active, target = part.active, part.target[part.active]
    key = part.source.astype(np.int64) << 32 | part.leaves
    first = np.searchsorted(key, target << 32 | part.arrives[active])
    last = np.searchsorted(part.source, target, side="right")
    # The extra 0 lets a range end, or begin, behind the last link.
    pairs = np.stack([first, last], axis=1).ravel()
    going = np.add.reduceat(np.append(part.amount, 0.0), pairs)[::2] if len(active) else np.zeros(0)
    kept = np.where(last > first, part.kept[target], 1.0)
    rows = np.repeat(np.arange(len(active)), last - first)
    columns = ranges(first, last)
    place = np.full(len(part.source), -1, dtype=np.int64)
    place[active] = np.arange(len(active))
    known = place[columns] >= 0
    rows, columns = rows[known], columns[known]
    share = part.amount[columns] / going[rows] * (1.0 - kept[rows])
    return csr_matrix((share, (rows, place[columns])), (len(active), len(active))), kept
