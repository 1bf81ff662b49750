"""Trace back, trace forward, both: the lots and links that the time rule allows.

**The time rule.** A lot can only contain what had arrived, and only what had arrived can leave it: a walk that brings goods
at second t goes on over links whose goods may have left at t or later. A link without dates may have been any time; the walk
keeps its t across it. So a lot is reached exactly when dates can be chosen for all unknown ones on the way that contradict
nothing (`docs/methods/tracing.md`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fangxin.engines.traceability.values import Direction, Link, Reached, Trace, second_of

NEVER = 2**32


class UnknownLot(LookupError):
    """The network holds no such lot."""


class Traceable(Protocol):
    """What a walk needs of a network; kept in memory (`values.Network`) or in a mapped file (`index.MappedNetwork`)."""

    def number_of(self, lot: str) -> int | None: ...
    def name_of(self, number: int) -> str: ...
    def onward(self, lot: int, at: int, *, back: bool) -> tuple[Sequence[int], Sequence[int]]: ...
    def links_from(self, lot: int, at: int, *, back: bool) -> Iterable[tuple[int, Link]]: ...


def trace_lot(network: Traceable, lot: str, direction: Direction = Direction.BOTH) -> Trace:
    """The trace of one lot. Raises UnknownLot.

    >>> from fangxin.engines.traceability.values import Network
    >>> from fangxin.engines.traceability.spans import read_span
    >>> day = lambda n: read_span(f"2023-05-{n:02}")
    >>> network = Network([Link("farm", "mill", day(1), day(2)), Link("mill", "early bread", day(1), day(1)),
    ...                    Link("mill", "late bread", day(3), day(3))])
    >>> trace_lot(network, "farm", Direction.FORWARD).lots
    ('farm', 'late bread', 'mill')
    """
    start = network.number_of(lot)
    if start is None:
        raise UnknownLot(lot)
    walks = {back: walk(network, start, back=back) for back in (True, False) if _wanted(direction, back)}
    links = {
        number: link
        for back, (clocks, _) in walks.items()
        for reached, at in clocks.items()
        for number, link in network.links_from(reached, at, back=back)
    }
    found = tuple(sorted(links.values(), key=lambda link: link.order))
    return Trace(
        lot=lot,
        direction=direction,
        back=_reached(network, start, walks, back=True),
        forward=_reached(network, start, walks, back=False),
        links=found,
        loops=loops_of((link.from_lot, link.to_lot) for link in found),
    )


def _wanted(direction: Direction, back: bool) -> bool:
    return direction in (Direction.BOTH, Direction.BACK if back else Direction.FORWARD)


def walk(network: Traceable, start: int, *, back: bool) -> tuple[dict[int, int], dict[int, int]]:
    """For every lot reached (the start with it): the clock's least second there, and the fewest links that lead there.

    Goes in rounds, each with the clocks that the round before left, so that the number of a lot's round is the least
    number of links. Goods that come earlier can go wherever later ones can; the least second of a lot is enough.
    """
    clocks, hops = {start: 0}, {start: 0}
    front, step = [start], 0
    while front:
        step += 1
        better: dict[int, int] = {}
        for lot in front:
            at = clocks[lot]
            for other, arrives in zip(*network.onward(lot, at, back=back), strict=True):
                then = arrives if arrives > at else at
                if then < clocks.get(other, NEVER) and then < better.get(other, NEVER):
                    better[other] = then
        clocks |= better
        for lot in better:
            hops.setdefault(lot, step)
        front = list(better)
    return clocks, hops


def _reached(
    network: Traceable, start: int, walks: Mapping[bool, tuple[dict[int, int], dict[int, int]]], *, back: bool
) -> tuple[Reached, ...]:
    clocks, hops = walks.get(back, ({}, {}))
    found = (
        Reached(network.name_of(lot), hops[lot], second_of(at, back=back)) for lot, at in clocks.items() if lot != start
    )
    return tuple(sorted(found, key=lambda reached: (reached.hops, reached.lot)))


def loops_of(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """The sets of lots that lead to each other, and lots that lead to themselves (Tarjan 1972, without recursion).

    >>> loops_of([("a", "b"), ("b", "a"), ("b", "c"), ("d", "d")])
    (('a', 'b'), ('d',))
    """
    onward: dict[str, list[str]] = {}
    for source, target in pairs:
        onward.setdefault(source, []).append(target)
        onward.setdefault(target, [])
    groups = _components(onward)
    loops = (sorted(group) for group in groups if len(group) > 1 or group[0] in onward[group[0]])
    return tuple(sorted(tuple(loop) for loop in loops))


def _components(onward: Mapping[str, Sequence[str]]) -> list[list[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_lots: list[str] = []
    closed: set[str] = set()
    groups: list[list[str]] = []
    for root in onward:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        open_lots.append(root)
        path = [(root, iter(onward[root]))]
        while path:
            lot, rest = path[-1]
            following = next((other for other in rest if other not in closed), None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[lot])
                if low[lot] == index[lot]:
                    at = open_lots.index(lot) if lot != open_lots[-1] else len(open_lots) - 1
                    groups.append(open_lots[at:])
                    closed.update(open_lots[at:])
                    del open_lots[at:]
            elif following in index:
                low[lot] = min(low[lot], index[following])
            else:
                index[following] = low[following] = len(index)
                open_lots.append(following)
                path.append((following, iter(onward[following])))
    return groups
