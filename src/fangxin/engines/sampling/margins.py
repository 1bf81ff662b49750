"""Two quotas at once: how many to expect from each pair of strata so that both hold exactly.

The expectations are raked towards the shares that risk suggests and then, in whole grid units, brought to the
quotas exactly by augmenting paths. Which of the many fitting tables comes out is a matter of taste; that it fits,
and that no cell is left without a chance, is not.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from fractions import Fraction

from fangxin.engines.sampling.plans import PlanFault, PlanProblem, PlanRefused

GRID = 10**9  # expectations are multiples of 1/GRID
_ROUNDS = 60

Cell = tuple[str, str]
Table = dict[Cell, int]


def expected_cells(
    rows: Mapping[str, int], columns: Mapping[str, int], sizes: Mapping[Cell, int], leaning: Mapping[Cell, Fraction]
) -> Table:
    """Expected numbers for each cell, in units of 1/GRID, more than 0 and at most its size.

    `rows` and `columns` are quotas with the same sum, `sizes` the targets listed in each cell, `leaning` how much
    of the draw each cell would get from risk alone (positive). Raises PlanRefused when no table fits.

    >>> table = expected_cells({"A": 1, "D": 2}, {"E": 1, "W": 2}, {("A", "E"): 4, ("A", "W"): 4, ("D", "W"): 2,
    ...     ("D", "E"): 1}, {("A", "E"): Fraction(1), ("A", "W"): Fraction(1), ("D", "W"): Fraction(2),
    ...     ("D", "E"): Fraction(1)})
    >>> {key: value / GRID for key, value in table.items() if key[0] == "A"}
    {('A', 'E'): 0.438447188, ('A', 'W'): 0.561552812}
    """
    caps = {cell: size * GRID for cell, size in sorted(sizes.items())}
    lines = [_line_of(caps, 0, rows), _line_of(caps, 1, columns)]
    table = {cell: max(1, int(leaning[cell] * GRID)) for cell in caps}
    for _ in range(_ROUNDS):
        before = dict(table)
        for line in lines:
            for key, total in line.items():
                _fit([c for c in caps if key == _key(c, line is lines[1])], table, caps, total)
        if table == before:
            break
    return _Exact(table, caps, *lines).solve()


def _key(cell: Cell, column: bool) -> str:
    return cell[1] if column else cell[0]


def _line_of(caps: Iterable[Cell], axis: int, quotas: Mapping[str, int]) -> dict[str, int]:
    present = {cell[axis] for cell in caps}
    return {key: quota * GRID for key, quota in sorted(quotas.items()) if key in present}


def _fit(cells: list[Cell], table: Table, caps: Table, total: int) -> None:
    """Scale the cells of one line to its total, none above its cap."""
    weight = sum(table[c] for c in cells)
    for cell in sorted(cells, key=lambda c: (-Fraction(table[c], caps[c]), c)):
        share = min(caps[cell], max(1, total * table[cell] // weight)) if weight else caps[cell]
        weight -= table[cell]
        total = max(0, total - share)
        table[cell] = share


class _Exact:
    """Bring a nearly fitting table to its margins exactly; one unit stays in every cell."""

    def __init__(self, table: Table, caps: Table, rows: dict[str, int], columns: dict[str, int]) -> None:
        self.room = {cell: cap - 1 for cell, cap in caps.items()}
        self.by_row: dict[str, list[str]] = {key: [] for key in rows}
        self.by_column: dict[str, list[str]] = {key: [] for key in columns}
        for row, column in caps:
            self.by_row[row].append(column)
            self.by_column[column].append(row)
        rows = {key: total - len(self.by_row[key]) for key, total in rows.items()}
        columns = {key: total - len(self.by_column[key]) for key, total in columns.items()}
        self.table = _shrink({cell: value - 1 for cell, value in table.items()}, rows, columns)
        self.short_rows = {key: total - _sum(self.table, 0, key) for key, total in rows.items()}
        self.short_columns = {key: total - _sum(self.table, 1, key) for key, total in columns.items()}

    def solve(self) -> Table:
        for row in self.by_row:
            while self.short_rows[row]:
                path = self._find_path(row)
                if path is None:
                    short = -(-self.short_rows[row] // GRID)
                    raise PlanRefused((PlanProblem("/quotas", PlanFault.IMPOSSIBLE_TOGETHER, f"{row}: {short}"),))
                self._push(row, path)
        return {cell: value + 1 for cell, value in self.table.items()}

    def _find_path(self, start: str) -> list[tuple[Cell, int]] | None:
        """Cells to raise (+1) and lower (−1) in turn, from a row that is short to a column that is."""
        came: dict[tuple[bool, str], tuple[tuple[bool, str], Cell, int] | None] = {(False, start): None}
        queue = deque([(False, start)])
        while queue:
            node = queue.popleft()
            is_column, key = node
            if is_column and self.short_columns[key]:
                return _trace(came, node)
            for other in self.by_column[key] if is_column else self.by_row[key]:
                cell = (other, key) if is_column else (key, other)
                following = (not is_column, other)
                free = self.table[cell] > 0 if is_column else self.table[cell] < self.room[cell]
                if free and following not in came:
                    came[following] = (node, cell, -1 if is_column else 1)
                    queue.append(following)
        return None

    def _push(self, row: str, path: list[tuple[Cell, int]]) -> None:
        column = path[-1][0][1]
        limits = [self.room[cell] - self.table[cell] if sign > 0 else self.table[cell] for cell, sign in path]
        amount = min(self.short_rows[row], self.short_columns[column], *limits)
        for cell, sign in path:
            self.table[cell] += sign * amount
        self.short_rows[row] -= amount
        self.short_columns[column] -= amount


def _trace(
    came: dict[tuple[bool, str], tuple[tuple[bool, str], Cell, int] | None], node: tuple[bool, str]
) -> list[tuple[Cell, int]]:
    path = []
    while (step := came[node]) is not None:
        node, cell, sign = step
        path.append((cell, sign))
    return path[::-1]


def _shrink(table: Table, rows: dict[str, int], columns: dict[str, int]) -> Table:
    """Scale down until no line is above its total."""
    row_sums = {key: _sum(table, 0, key) for key in rows}
    column_sums = {key: _sum(table, 1, key) for key in columns}
    shrunk = {}
    for (row, column), value in table.items():
        by_row = value * rows[row] // max(row_sums[row], rows[row], 1)
        by_column = value * columns[column] // max(column_sums[column], columns[column], 1)
        shrunk[row, column] = min(by_row, by_column)
    return shrunk


def _sum(table: Table, axis: int, key: str) -> int:
    return sum(value for cell, value in table.items() if cell[axis] == key)
