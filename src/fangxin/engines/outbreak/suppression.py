"""Tables of people that many may read: small counts hidden, also from anyone who subtracts.

A count from 1 to k - 1 is hidden. Totals are published, so a lone hidden cell could be had by subtraction: further cells are hidden
until every hidden cell could, as far as anybody can reckon from what is shown, be any number from 0 to at least k - 1 (its protection
is checked by linear programming over all shown sums). Which cells are hidden beside the small ones is chosen greedily by the least
loss, and none of them could be shown alone; their number is not always the least possible. It is the same on every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Suppressed:
    """`shown` is None where a cell is hidden; row, column and grand totals always stand unless they are small themselves."""

    shown: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def suppress(counts: Sequence[Sequence[int]], k: int = 5) -> Suppressed:
    """A table with its margins as it may be published. Raises ValueError where a count is negative or rows differ in length."""
    if k < 2:
        raise ValueError("k must be 2 or more: below it nothing is hidden")
    if not counts or not counts[0] or any(len(row) != len(counts[0]) for row in counts):
        raise ValueError("a table needs rows of one length")
    inner = np.array(counts, dtype=np.int64)
    if (inner < 0).any():
        raise ValueError("a count of people cannot be below zero")
    whole = _with_margins(inner)
    hidden = (whole > 0) & (whole < k)
    _protect(whole, hidden, k)
    cells = [
        [None if h else int(v) for v, h in zip(row, gone, strict=True)] for row, gone in zip(whole, hidden, strict=True)
    ]
    return Suppressed(
        tuple(tuple(row[:-1]) for row in cells[:-1]),
        tuple(row[-1] for row in cells[:-1]),
        tuple(cells[-1][:-1]),
        cells[-1][-1],
    )


def ranges(table: Suppressed) -> dict[tuple[int, int], tuple[float, float]]:
    """What anybody can reckon about each hidden cell: the least and the most that it can be. Margins stand in the last row and
    column of the index."""
    cells = np.array(
        [
            [np.nan if v is None else v for v in (*row, margin)]
            for row, margin in zip((*table.shown, table.column_totals), (*table.row_totals, table.total), strict=True)
        ],
        dtype=float,
    )  # fmt: skip
    hidden = np.isnan(cells)
    return {(int(i), int(j)): _range(cells, hidden, (int(i), int(j))) for i, j in np.argwhere(hidden)}


def _with_margins(inner: NDArray[np.int64]) -> NDArray[np.int64]:
    wide = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def _protect(whole: NDArray[np.int64], hidden: NDArray[np.bool_], k: int) -> None:
    """Hide further cells until no small count can be told from what is shown; then show what need not be hidden."""
    small = hidden.copy()
    while weak := _weak(whole, hidden, small, k):
        beside = _beside(whole, hidden, weak[0], k)
        if not beside:
            return
        for cell in beside:
            hidden[cell] = True
    added = [(int(i), int(j)) for i, j in np.argwhere(hidden & ~small)]
    for cell in sorted(added, key=lambda at: (-int(whole[at]), at)):
        hidden[cell] = False
        if _weak(whole, hidden, small, k):
            hidden[cell] = True


def _weak(
    whole: NDArray[np.int64], hidden: NDArray[np.bool_], small: NDArray[np.bool_], k: int
) -> list[tuple[int, int]]:
    """Small cells that anybody can tell too much about."""
    known = np.where(hidden, np.nan, whole.astype(float))
    cells = [(int(i), int(j)) for i, j in np.argwhere(small)]
    return [cell for cell in cells if not _is_protected(known, hidden, cell, k)]


def _is_protected(known: NDArray[np.float64], hidden: NDArray[np.bool_], cell: tuple[int, int], k: int) -> bool:
    low, high = _range(known, hidden, cell)
    return low <= _SLACK and high >= k - 1 - _SLACK


def _beside(
    whole: NDArray[np.int64], hidden: NDArray[np.bool_], cell: tuple[int, int], k: int
) -> list[tuple[int, int]]:
    """The other corners of the rectangle that hides a cell at the least loss: what it loses one corner gains."""
    i, j = cell
    value, rows, columns = int(whole[cell]), *whole.shape
    best: tuple[tuple[bool, int, int, int, int], list[tuple[int, int]]] | None = None
    for r in range(rows):
        for c in range(columns):
            if r == i or c == j:
                continue
            corners = [(i, c), (r, j), (r, c)]
            new = [at for at in corners if not hidden[at]]
            if not new:
                continue
            carries = whole[r, c] >= value and min(whole[i, c], whole[r, j]) >= k - 1 - value
            margins = sum(at[0] == rows - 1 or at[1] == columns - 1 for at in new)
            cost = (not carries, margins, sum(int(whole[at]) for at in new), r, c)
            if best is None or cost < best[0]:
                best = cost, new
    return best[1] if best else []


def _range(known: NDArray[np.float64], hidden: NDArray[np.bool_], cell: tuple[int, int]) -> tuple[float, float]:
    """Least and most of a hidden cell under all sums of the table, every cell being zero or more."""
    rows, columns = known.shape
    index = {(int(i), int(j)): n for n, (i, j) in enumerate(np.argwhere(hidden))}
    equations, values = [], []
    lines = [[(r, c) for c in range(columns)] for r in range(rows)] + [
        [(r, c) for r in range(rows)] for c in range(columns)
    ]
    for line in lines:
        # The last of a line is the sum of the others.
        row, value = np.zeros(len(index)), 0.0
        for place, at in enumerate(line):
            sign = -1.0 if place == len(line) - 1 else 1.0
            if hidden[at]:
                row[index[at]] += sign
            else:
                value -= sign * known[at]
        if row.any():
            equations.append(row)
            values.append(value)
    aim = np.zeros(len(index))
    aim[index[cell]] = 1.0
    limits = []
    for sign in (1.0, -1.0):
        found = linprog(sign * aim, A_eq=np.array(equations), b_eq=np.array(values), bounds=(0, None), method="highs")
        limits.append(sign * found.fun if found.status == 0 else (0.0 if sign > 0 else float("inf")))
    return float(limits[0]), float(limits[1])
