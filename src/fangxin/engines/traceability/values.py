"""Links between lots, the network they make, and a trace through it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from fangxin.engines.traceability.spans import LEAST, MOST, Span, window


class Direction(StrEnum):
    BACK = "back"
    FORWARD = "forward"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Link:
    """Goods of one lot that went into another: a delivery, a transformation, a packing.

    `sent` is when they left `from_lot`, `received` when they were in `to_lot`; None means not known. `quantity` is in
    `unit`; None means not known, which is not zero. `premises` is where `to_lot` lies. `inferred` links are not in the
    records: mixing inside premises makes them possible.
    """

    from_lot: str
    to_lot: str
    sent: Span | None = None
    received: Span | None = None
    quantity: Decimal | None = None
    unit: str = ""
    premises: str = ""
    inferred: bool = False

    @property
    def window(self) -> tuple[int, int]:
        """The latest second of leaving and the earliest of arriving."""
        return window(self.sent, self.received)

    @property
    def dated(self) -> bool:
        return self.sent is not None or self.received is not None

    @property
    def contradicts_itself(self) -> bool:
        """Received before it was sent."""
        return self.sent is not None and self.received is not None and self.received.last < self.sent.first

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts links the same way whatever their order was."""
        known = self.quantity is not None
        return (self.from_lot, self.to_lot, *self.window, self.sent or (), self.received or (), known,
                self.quantity if known else 0, str(self.quantity), self.unit, self.premises, self.inferred)  # fmt: skip


# One half of a network seen from a lot: sorted seconds, the lots on the other side, their seconds, the links' numbers.
Row = tuple[list[int], list[int], list[int], list[int]]
EMPTY: Row = ([], [], [], [])


class Network:
    """Links, numbered lots, and both halves of the adjacency. The same whatever the order of the links was.

    The back half is the forward half with the clock running backwards (`MOST - second`), so one walk serves both ways.
    """

    def __init__(self, links: Iterable[Link]) -> None:
        self.links = tuple(_in_order(links))
        self.names = tuple(sorted({lot for link in self.links for lot in (link.from_lot, link.to_lot)}))
        self.numbers: Mapping[str, int] = {name: number for number, name in enumerate(self.names)}

    def __contains__(self, lot: str) -> bool:
        return lot in self.numbers

    @cached_property
    def _ends(self) -> list[tuple[int, int, int, int, int]]:
        numbers = self.numbers
        return [
            (numbers[link.from_lot], numbers[link.to_lot], *link.window, number)
            for number, link in enumerate(self.links)
        ]

    @cached_property
    def _forward(self) -> dict[int, Row]:
        return _rows((source, leaves, target, arrives, n) for source, target, leaves, arrives, n in self._ends)

    @cached_property
    def _back(self) -> dict[int, Row]:
        return _rows(
            (target, MOST - arrives, source, MOST - leaves, n) for source, target, leaves, arrives, n in self._ends
        )

    def number_of(self, lot: str) -> int | None:
        return self.numbers.get(lot)

    def name_of(self, number: int) -> str:
        return self.names[number]

    def onward(self, lot: int, at: int, *, back: bool) -> tuple[list[int], list[int]]:
        """The lots that a lot leads to from a second on, and their seconds (backwards: both on the mirrored clock)."""
        seconds, others, arrivals, _ = (self._back if back else self._forward).get(lot, EMPTY)
        first = bisect_left(seconds, at)
        return others[first:], arrivals[first:]

    def links_from(self, lot: int, at: int, *, back: bool) -> Iterable[tuple[int, Link]]:
        """The links behind `onward`, each with its number."""
        seconds, _, _, numbers = (self._back if back else self._forward).get(lot, EMPTY)
        return ((number, self.links[number]) for number in numbers[bisect_left(seconds, at) :])


def _in_order(links: Iterable[Link]) -> Iterator[Link]:
    """As sorted by `Link.order`, which is needed only between links of the same two lots."""
    by_lots = sorted(links, key=lambda link: (link.from_lot, link.to_lot))
    for _, same in groupby(by_lots, key=lambda link: (link.from_lot, link.to_lot)):
        yield from sorted(same, key=lambda link: link.order)


def _rows(entries: Iterable[tuple[int, int, int, int, int]]) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    for lot, clock, other, arrives, number in sorted(entries):
        seconds, others, arrivals, numbers = rows.setdefault(lot, ([], [], [], []))
        seconds.append(clock)
        others.append(other)
        arrivals.append(arrives)
        numbers.append(number)
    return rows


@dataclass(frozen=True, slots=True)
class Reached:
    """A lot that a trace reaches: by how many links at least, and from which second on (back: until which) the goods
    can have been in it. None: no date on the way limits it."""

    lot: str
    hops: int
    second: int | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What one lot may contain and what may contain it. Loops are sets of lots that lead to each other.

    All parts are sorted and do not depend on the order of the records.
    """

    lot: str
    direction: Direction
    back: tuple[Reached, ...]
    forward: tuple[Reached, ...]
    links: tuple[Link, ...]
    loops: tuple[tuple[str, ...], ...]

    @property
    def lots(self) -> tuple[str, ...]:
        """All lots of the trace with the lot itself."""
        return tuple(sorted({self.lot, *(r.lot for r in self.back), *(r.lot for r in self.forward)}))

    @property
    def premises(self) -> tuple[str, ...]:
        return tuple(sorted({link.premises for link in self.links if link.premises}))

    @property
    def recorded(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if not link.inferred)

    @property
    def inferred(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.inferred)


def second_of(clock: int, *, back: bool) -> int | None:
    """The second that a walk's clock stands for; None where no date limits it."""
    second = MOST - clock if back else clock
    return None if second in (LEAST, MOST) else second
