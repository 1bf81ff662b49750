"""The probability with which each target is drawn, as an exact fraction, before anything is drawn.

Of the draws expected in a stratum, the exploration share goes to all alike and the rest by weight:
π = n · (ε / N + (1 − ε) · w / Σw). Where that reaches 1 the target is certain; the largest weight first, it is set
aside with one draw, and the formula is applied to the others.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd

from fangxin.engines.sampling.checks import PLACES, refuse_unless_sound
from fangxin.engines.sampling.margins import GRID, expected_cells
from fangxin.engines.sampling.plans import DrawPlan, StratumKey, Target
from fangxin.engines.sampling.quotas import quota_counts


@dataclass(frozen=True, slots=True)
class Stratum:
    """One line of a quota: `quota` of `listed` targets."""

    by: StratumKey
    key: str
    listed: int
    quota: int


@dataclass(frozen=True, slots=True)
class CellChances:
    """The chances within one cell: a stratum, or where two quotas cross, a pair of strata.

    Numerators belong to `ids` in order, each more than 0 and at most the common denominator.
    """

    keys: tuple[str, ...]
    ids: tuple[str, ...]
    numerators: tuple[int, ...]
    denominator: int


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Strata and exact inclusion probabilities of a plan."""

    strata: tuple[Stratum, ...]
    cells: tuple[CellChances, ...]

    @property
    def probabilities(self) -> dict[str, Fraction]:
        """Inclusion probability of each target, ids ascending."""
        found = {
            name: Fraction(numerator, cell.denominator)
            for cell in self.cells
            for name, numerator in zip(cell.ids, cell.numerators, strict=True)
        }
        return dict(sorted(found.items()))


def inclusion(plan: DrawPlan) -> Inclusion:
    """State every target's probability of being drawn. Raises PlanRefused when the plan cannot be drawn from."""
    refuse_unless_sound(plan)
    counts: list[dict[str, int]] = []
    strata: list[Stratum] = []
    for quota in plan.quotas:
        sizes = Counter(target.stratum(quota.by) for target in plan.targets)
        found = quota_counts(quota, sizes)
        counts.append(found)
        strata += [Stratum(quota.by, key, sizes[key], number) for key, number in found.items()]
    cells: dict[tuple[str, ...], list[Target]] = defaultdict(list)
    for target in plan.targets:
        cells[tuple(target.stratum(quota.by) for quota in plan.quotas)].append(target)
    expected = _expected(plan, cells, counts)
    chances = tuple(chances_within(keys, cells[keys], expected[keys], plan.exploration) for keys in sorted(cells))
    return Inclusion(tuple(strata), chances)


def _expected(
    plan: DrawPlan, cells: Mapping[tuple[str, ...], Sequence[Target]], counts: Sequence[Mapping[str, int]]
) -> Mapping[tuple[str, ...], Fraction]:
    """How many draws to expect from each cell."""
    if len(counts) == 1:
        return {keys: Fraction(counts[0][keys[0]]) for keys in cells}
    blind = Fraction(plan.exploration) / len(plan.targets)
    weighted = (1 - Fraction(plan.exploration)) / (sum(Fraction(t.weight) for t in plan.targets) or 1)
    pairs = {(keys[0], keys[1]): members for keys, members in cells.items()}
    table = expected_cells(
        counts[0],
        counts[1],
        {pair: len(members) for pair, members in pairs.items()},
        {
            pair: blind * len(members) + weighted * sum(Fraction(t.weight) for t in members)
            for pair, members in pairs.items()
        },
    )
    return {pair: Fraction(units, GRID) for pair, units in table.items()}


def chances_within(
    keys: tuple[str, ...], members: Sequence[Target], expected: Fraction, exploration: Decimal
) -> CellChances:
    """Share out the draws expected in one cell; at most as many as it has members.

    >>> members = [Target("a", weight=Decimal(8)), Target("b"), Target("c", weight=Decimal(0))]
    >>> cell = chances_within(("D",), members, Fraction(2), Decimal("0.2"))
    >>> [f"{n}/{cell.denominator}" for n in cell.numerators]
    ['10/10', '9/10', '1/10']
    """
    scale = 10**PLACES
    weights = {target.id: int(target.weight * scale) for target in members}
    falling = sorted(weights, key=lambda name: (-weights[name], name))
    certain: set[str] = set()
    blind, base = int(exploration * scale), scale
    count, total = len(falling), sum(weights.values())
    for name in falling:
        top, bottom = _chance(weights[name], expected, count, total, blind, base)
        if top < bottom:
            break
        certain.add(name)
        expected, count, total = expected - 1, count - 1, total - weights[name]
    chances = [_chance(weights[n], expected, count, total, blind, base)[0] if n not in certain else 0 for n in weights]
    denominator = expected.denominator * base * max(count, 1) * max(total, 1)
    numerators = [denominator if n in certain else c for n, c in zip(weights, chances, strict=True)]
    common = gcd(denominator, *numerators)
    return CellChances(keys, tuple(weights), tuple(n // common for n in numerators), denominator // common)


def _chance(weight: int, expected: Fraction, count: int, total: int, blind: int, base: int) -> tuple[int, int]:
    """π as numerator and denominator; without any weight left, all alike."""
    if total == 0:
        weight, total, blind = 0, 1, base
    top = expected.numerator * (blind * total + (base - blind) * weight * count)
    return top, expected.denominator * base * count * total
