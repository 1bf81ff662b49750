"""How many samples of a year go to which cell: floors first, then by risk, then where most is to be learned.

A cell is a food class at a stage in a township. What is known of its failure rate is a Beta distribution: a prior
opinion worth some tests, and the past results. All arithmetic is exact, so every machine proposes the same plan.
Method, guarantees and limits: docs/methods/sampling-allocation.md.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

_HALF = Fraction(1, 2)


class AllocationFault(StrEnum):
    """Why nothing can be allocated."""

    FLOORS_EXCEED_TOTAL = "floors_exceed_total"
    CEILINGS_BELOW_TOTAL = "ceilings_below_total"
    NOTHING_LISTED = "nothing_listed"


class AllocationRefused(ValueError):
    """The total and the bounds of the cells contradict each other; `needed` is the total that would just do."""

    def __init__(self, fault: AllocationFault, needed: int) -> None:
        self.fault, self.needed = fault, needed
        super().__init__(f"{fault}: {needed}")


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected where nothing was tested: a failure rate (0–1, exclusive), and how many tests it is worth."""

    rate: Decimal
    weight: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1 or self.weight <= 0:
            raise ValueError("a prior rate lies between 0 and 1, its weight above 0")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its size (places, or any measure of how much is eaten from it), past tests, and bounds.

    A cell of size 0 gets nothing. `ceiling` None means no upper bound.
    """

    key: str
    size: int
    tested: int = 0
    failed: int = 0
    floor: int = 1
    ceiling: int | None = None

    def __post_init__(self) -> None:
        if self.size < 0 or self.floor < 0 or not 0 <= self.failed <= self.tested:
            raise ValueError(f"cell {self.key}: size, floor and results are not negative, failed at most tested")
        if self.ceiling is not None and self.ceiling < self.floor:
            raise ValueError(f"cell {self.key}: the ceiling lies below the floor")


@dataclass(frozen=True, slots=True)
class Share:
    """What a cell gets, and why: its floor, what risk adds, what learning adds.

    `rate` is the posterior mean of the failure rate; `variance_now` and `variance_after` the posterior variance before
    and, in expectation, after the tests.
    """

    key: str
    floor: int
    by_risk: int
    to_learn: int
    rate: Decimal
    variance_now: Decimal
    variance_after: Decimal

    @property
    def count(self) -> int:
        return self.floor + self.by_risk + self.to_learn


@dataclass(frozen=True, slots=True)
class _Known:
    """A cell with its posterior: mean p, strength s = α + β, and the spread p(1 − p), flat from one half on."""

    cell: Cell
    mean: Fraction
    strength: Fraction

    @property
    def spread(self) -> Fraction:
        # Beyond one half the spread of a Bernoulli trial falls again; a worse cell shall never get less for it.
        risen = min(self.mean, _HALF)
        return risen * (1 - risen)

    @property
    def weighted(self) -> Fraction:
        return self.cell.size**2 * self.spread

    def variance(self, tests: int) -> Fraction:
        """Expected posterior variance after so many tests more: Var · s / (s + n) for a Beta and Bernoulli trials."""
        variance = self.mean * (1 - self.mean) / (self.strength + 1)
        return variance * self.strength / (self.strength + tests)


def posterior(prior: Prior, *, tested: int, failed: int) -> tuple[Decimal, Decimal]:
    """Mean and strength (α + β) of the failure rate after past results.

    >>> posterior(Prior(Decimal("0.025"), Decimal(20)), tested=60, failed=3)
    (Decimal('0.04375'), Decimal('80'))
    """
    known = _known(Cell("", 1, tested, failed), prior)
    return _decimal(known.mean), _decimal(known.strength)


def coverage_floors(
    cells: Iterable[Cell], groups: Mapping[str, Collection[str]], floors: Mapping[str, int]
) -> dict[str, int]:
    """Floors of single cells that give every group of cells (a food class, a township) its own floor.

    `groups` names the groups of each cell by its key; `floors` what each group needs, as far as its ceilings allow and
    one of its cells is not empty. Sizes alone decide, never past results: so risk can only add. Each step serves the
    most groups that still lack something, then the cell that has least, then the largest, then the first key.

    >>> cells = [Cell("tea|north", 5), Cell("tea|south", 9), Cell("meat|south", 2)]
    >>> groups = {"tea|north": ["tea", "north"], "tea|south": ["tea", "south"], "meat|south": ["meat", "south"]}
    >>> coverage_floors(cells, groups, {"tea": 1, "meat": 1, "north": 1, "south": 1})
    {'meat|south': 1, 'tea|north': 1, 'tea|south': 1}
    """
    ordered = sorted((c for c in cells), key=lambda c: c.key)
    counts = dict.fromkeys((c.key for c in ordered), 0)
    lacking = {group: floor for group, floor in floors.items() if floor > 0}

    def served(cell: Cell) -> int:
        return sum(group in lacking for group in groups.get(cell.key, ()))

    while lacking:
        open_cells = [c for c in ordered if _room(c, counts[c.key]) and served(c)]
        if not open_cells:
            break
        best = min(open_cells, key=lambda c: (-served(c), counts[c.key], -c.size, c.key))
        counts[best.key] += 1
        for group in groups[best.key]:
            if group in lacking:
                lacking[group] -= 1
                if not lacking[group]:
                    del lacking[group]
    return counts


def allocate(cells: Iterable[Cell], *, total: int, prior: Prior, learning: Decimal) -> tuple[Share, ...]:
    """Share `total` samples among the cells, in order of their keys.

    First every cell that is not empty gets its floor. Of the rest, the part 1 − `learning` goes by risk: each sample
    to the cell where it lowers Σ size² · p(1 − p) / (n + 1) most. That is the whole-number Neyman allocation (Wright
    2012) with one in the denominator for cells that stay without a sample, as most cells of a county do. The part
    `learning` goes one by one to where the expected posterior variance of size · rate falls most, so that cells about
    which much is known already get fewer of them.

    The sum is exactly `total`; floors and ceilings are kept; more failures among as many tests never give a cell
    fewer samples. Raises AllocationRefused when floors or ceilings leave no room.

    >>> prior = Prior(Decimal("0.025"), Decimal(20))
    >>> cells = [Cell("north", 10, tested=40, failed=4), Cell("south", 10, tested=40), Cell("west", 10)]
    >>> [(s.key, s.floor, s.by_risk, s.to_learn) for s in allocate(cells, total=20, prior=prior, learning=Decimal("0.3"))]
    [('north', 1, 7, 0), ('south', 1, 1, 0), ('west', 1, 4, 5)]
    """
    if not 0 <= learning <= 1:
        raise ValueError("the part for learning lies between 0 and 1")
    known = [_known(cell, prior) for cell in sorted(cells, key=lambda c: c.key)]
    if len({k.cell.key for k in known}) != len(known):
        raise ValueError("two cells have the same key")
    floors = [k.cell.floor if k.cell.size else 0 for k in known]
    _check_bounds(known, floors, total)
    left = total - sum(floors)
    learned = int(left * Fraction(learning))
    risked = _spend(known, floors, left - learned, _neyman)
    counts = _spend(known, risked, learned, _information)
    return tuple(
        Share(
            k.cell.key,
            floor,
            by_risk - floor,
            count - by_risk,
            _decimal(k.mean),
            _decimal(k.variance(0)),
            _decimal(k.variance(count)),
        )
        for k, floor, by_risk, count in zip(known, floors, risked, counts, strict=True)
    )


def _known(cell: Cell, prior: Prior) -> _Known:
    strength = Fraction(prior.weight) + cell.tested
    return _Known(cell, (Fraction(prior.rate) * Fraction(prior.weight) + cell.failed) / strength, strength)


def _check_bounds(known: Sequence[_Known], floors: Sequence[int], total: int) -> None:
    if not any(k.cell.size for k in known):
        raise AllocationRefused(AllocationFault.NOTHING_LISTED, 0)
    if sum(floors) > total:
        raise AllocationRefused(AllocationFault.FLOORS_EXCEED_TOTAL, sum(floors))
    ceilings = [k.cell.ceiling for k in known if k.cell.size]
    room = sum(ceiling for ceiling in ceilings if ceiling is not None)
    if None not in ceilings and room < total:
        raise AllocationRefused(AllocationFault.CEILINGS_BELOW_TOTAL, room)


def _neyman(known: _Known, have: int) -> Fraction:
    """What one more sample takes off size² · p(1 − p) / (n + 1)."""
    return known.weighted / ((have + 1) * (have + 2))


def _information(known: _Known, have: int) -> Fraction:
    """What one more test takes off the expected posterior variance of size · rate."""
    s = known.strength
    return known.weighted / (s + 1) * s / ((s + have) * (s + have + 1))


def _spend(
    known: Sequence[_Known], have: Sequence[int], count: int, worth: Callable[[_Known, int], Fraction]
) -> list[int]:
    """Give `count` samples one by one to where they are worth most; of equals the first key wins.

    Greedy is exact here, since what a further sample in a cell is worth only falls.
    """
    counts = list(have)
    waiting = [(-worth(k, counts[i]), i) for i, k in enumerate(known) if _room(k.cell, counts[i])]
    heapq.heapify(waiting)
    for _ in range(count):
        _worth, i = heapq.heappop(waiting)
        counts[i] += 1
        if _room(known[i].cell, counts[i]):
            heapq.heappush(waiting, (-worth(known[i], counts[i]), i))
    return counts


def _room(cell: Cell, count: int) -> bool:
    return bool(cell.size) and (cell.ceiling is None or count < cell.ceiling)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
