"""A draw of fixed size that has exactly the stated inclusion probabilities: the pivotal method in random order.

Two targets at a time settle, by one random number, who takes over the other's chance; whoever reaches 1 is drawn and
whoever reaches 0 is out. Sums never change, so a whole quota is kept exactly. Where two quotas cross, each pair of
strata is settled first but for one target; the rest are settled around closed loops of pairs, raising every second
and lowering the others by the same amount, which changes no sum of either quota.

J.-C. Deville, Y. Tillé, "Unequal probability sampling without replacement through a splitting method",
Biometrika 85 (1998); R. Gandhi and others, "Dependent rounding and its applications", J. ACM 53 (2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fangxin.engines.sampling.inclusion import CellChances
from fangxin.engines.sampling.stream import Stream


@dataclass(frozen=True, slots=True)
class _Undecided:
    """The one target of a cell whose fate hangs on other cells; it is in with this chance."""

    id: str
    chance: Fraction


Pair = tuple[str, str]


def select(cells: Sequence[CellChances], stream: Stream) -> frozenset[str]:
    """Draw: ids of those selected.

    >>> cell = CellChances(("all",), ("a", "b", "c", "d"), (1, 1, 1, 1), 2)
    >>> sorted(select([cell], Stream.of(bytes(32), "public")))
    ['a', 'c']
    """
    drawn: set[str] = set()
    undecided: dict[Pair, _Undecided] = {}
    for cell in cells:
        left = _settle(cell, stream.child("cell", *cell.keys), drawn)
        if left is not None:
            undecided[cell.keys[0], cell.keys[1]] = left
    drawn.update(_settle_loops(undecided, stream.child("loops")))
    return frozenset(drawn)


def _settle(cell: CellChances, stream: Stream, drawn: set[str]) -> _Undecided | None:
    """Settle one cell; what is left over is a target with a fractional chance."""
    whole = cell.denominator
    chances = dict(zip(cell.ids, cell.numerators, strict=True))
    holder, held = "", 0
    for name in stream.shuffled(cell.ids):
        chance = chances[name]
        if chance == whole:
            drawn.add(name)
        elif not held:
            holder, held = name, chance
        else:
            holder, held = _duel((holder, held), (name, chance), whole, stream, drawn)
    return _Undecided(holder, Fraction(held, whole)) if held else None


def _duel(one: tuple[str, int], other: tuple[str, int], whole: int, stream: Stream, drawn: set[str]) -> tuple[str, int]:
    """Settle one of two; the other goes on with what remains (0 when both are settled)."""
    (first, a), (second, b) = one, other
    if a + b < whole:  # one is out
        return (first if stream.chance(a, a + b) else second), a + b
    room = 2 * whole - a - b  # one is in
    taken, left = (first, second) if stream.chance(whole - b, room) else (second, first)
    drawn.add(taken)
    return left, whole - room


def _settle_loops(undecided: dict[Pair, _Undecided], stream: Stream) -> set[str]:
    chances = {pair: left.chance for pair, left in undecided.items()}
    drawn: set[str] = set()
    while chances:
        loop = _find_loop(chances, stream)
        raised, lowered = loop[::2], loop[1::2]
        up = min(*(1 - chances[p] for p in raised), *(chances[p] for p in lowered))
        down = min(*(chances[p] for p in raised), *(1 - chances[p] for p in lowered))
        share = down / (up + down)
        step = up if stream.chance(share.numerator, share.denominator) else -down
        for sign, pairs in ((1, raised), (-1, lowered)):
            for pair in pairs:
                chances[pair] += sign * step
                if chances[pair] in (0, 1) and chances.pop(pair) == 1:
                    drawn.add(undecided[pair].id)
    return drawn


def _find_loop(chances: dict[Pair, Fraction], stream: Stream) -> list[Pair]:
    """A closed walk that changes row and column in turn.

    There is always one: the chances of a row sum to a whole number, so a row that has one fraction has another.
    """
    walk = [sorted(chances)[0]]
    seen: dict[tuple[int, str], int] = {(0, walk[0][0]): 0}
    axis = 1  # leave the last pair by its column
    while True:
        key = walk[-1][axis]
        if (axis, key) in seen:
            return walk[seen[axis, key] :]
        seen[axis, key] = len(walk)
        choices = sorted(pair for pair in chances if pair[axis] == key and pair != walk[-1])
        walk.append(choices[stream.below(len(choices))])
        axis = 1 - axis
