"""Many traces over a mapped network, by a compiled walk. Importing this module loads the compiler's library: not for one
trace."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from fangxin.engines.traceability.index import MappedNetwork
from fangxin.engines.traceability.index_format import view
from fangxin.engines.traceability.spans import MOST

Numbers = np.ndarray[Any, np.dtype[Any]]


class ManyTraces:
    """The lots that each of many lots leads to, or comes from, by the same time rule as `closure.walk`.

    Keeps 16 bytes a lot as working room, so it serves one thread.
    """

    def __init__(self, network: MappedNetwork) -> None:
        self.network = network
        self._halves = {back: _Half.of(network, back=back) for back in (False, True)}
        self._room = _Room.of(network.lots)

    def reached(self, lot: int, *, back: bool) -> Numbers:
        """The numbers of the lots reached, sorted, without the lot itself."""
        count = self._walk(lot, back=back)
        return np.sort(self._room.touched[1 : count + 1])

    def counts(self, lots: Iterable[int], *, back: bool) -> Numbers:
        """How many other lots each lot reaches."""
        return np.array([self.count(lot, back=back) for lot in lots], np.int64)

    def count(self, lot: int, *, back: bool) -> int:
        """How many other lots a lot reaches."""
        return self._walk(lot, back=back)

    def _walk(self, lot: int, *, back: bool) -> int:
        if not 0 <= lot < self.network.lots:
            raise IndexError(f"there is no lot {lot}")
        half, room = self._halves[back], self._room
        way = half.ends, half.records, half.later_ends, half.later, half.spread
        return int(_walk(lot, *way, room.clock, room.done, room.touched, room.ring))


@dataclass(frozen=True, slots=True)
class _Half:
    """One way: quadruples (clock, other, arrives, link) with the ends of the lots' rows; the same for links that came
    later; and how far at most a link's arrival may lie before its clock."""

    ends: Numbers
    records: Numbers
    later_ends: Numbers
    later: Numbers
    spread: int

    @classmethod
    def of(cls, network: MappedNetwork, *, back: bool) -> "_Half":
        name = "back" if back else "forward"
        ends = np.frombuffer(view(network.buffer, network.head, f"{name}_ends"), np.uint32)
        records = np.frombuffer(view(network.buffer, network.head, name), np.uint32).reshape(-1, 4)
        later = sorted((lot, *entry) for lot, entries in network.later_links(back=back) for entry in entries)
        table = np.array(later, np.uint32).reshape(-1, 5)
        later_ends = np.searchsorted(table[:, 0], np.arange(network.lots if later else 0), side="right")
        table_of_later = np.ascontiguousarray(table[:, 1:])
        spread = int(max(_spread(records), _spread(table_of_later)))
        return cls(ends, records, later_ends.astype(np.uint32), table_of_later, spread)


@dataclass(frozen=True, slots=True)
class _Room:
    """Per lot the least clock so far and the one from which its links were last looked through (MOST: never); the lots
    reached; the lots that wait, in a ring."""

    clock: Numbers
    done: Numbers
    touched: Numbers
    ring: Numbers

    @classmethod
    def of(cls, lots: int) -> "_Room":
        never = np.full(lots, MOST, np.uint32)
        return cls(never, never.copy(), np.zeros(lots + 1, np.uint32), np.zeros(lots + 1, np.uint32))


@njit(cache=True)
def _spread(records: Numbers) -> Any:  # pragma: no cover  (compiled)
    most = np.int64(0)
    for place in range(len(records)):
        clock, arrives = np.int64(records[place, 0]), np.int64(records[place, 2])
        if clock != MOST and clock - arrives > most:
            most = clock - arrives
    return most


@njit(cache=True)
def _first_from(records: Numbers, begins: Any, ends: Any, at: Any) -> Any:  # pragma: no cover  (compiled)
    while begins < ends:
        middle = (begins + ends) >> 1
        if records[middle, 0] < at:
            begins = middle + 1
        else:
            ends = middle
    return begins


@njit(cache=True)
def _look(
    records: Numbers, begins: Any, ends: Any, at: Any, clock: Numbers, done: Numbers,
    touched: Numbers, count: Any, ring: Numbers, tail: Any,
) -> tuple[Any, Any]:  # fmt: skip  # pragma: no cover  (compiled)
    """Carry a clock over some links. A lot waits in the ring exactly while its clock is less than when it was last
    looked through."""
    for place in range(begins, ends):
        other = records[place, 1]
        then = max(np.int64(records[place, 2]), at)
        if then >= clock[other]:
            continue
        if clock[other] == MOST:
            count += 1
            touched[count] = other
        if clock[other] >= done[other]:
            ring[tail] = other
            tail = tail + 1 if tail + 1 < len(ring) else 0
        clock[other] = then
    return count, tail


@njit(cache=True)
def _walk(
    start: int, ends: Numbers, records: Numbers, later_ends: Numbers, later: Numbers, spread: int,
    clock: Numbers, done: Numbers, touched: Numbers, ring: Numbers,
) -> int:  # fmt: skip  # pragma: no cover  (compiled)
    """How many other lots are reached; `touched` holds the start and them. Leaves the room as it was found.

    When goods turn out to come earlier to a lot, only links between the two clocks are new; of the others only those
    whose arrival may lie before the old clock can tell something new, and these lie within `spread` or have no dates.
    """
    clock[start], touched[0], ring[0] = 0, start, start
    count, head, tail = 0, 0, 1
    while head != tail:
        lot = np.int64(ring[head])
        head = head + 1 if head + 1 < len(ring) else 0
        at, before = np.int64(clock[lot]), np.int64(done[lot])
        done[lot] = at
        for turn in range(2):
            table, bounds = (records, ends) if turn == 0 else (later, later_ends)
            if lot >= len(bounds):
                continue
            begins, stops = np.int64(bounds[lot - 1]) if lot > 0 else 0, np.int64(bounds[lot])
            first = _first_from(table, begins, stops, at) if at > 0 else begins
            last = stops if before == MOST else _first_from(table, first, stops, before + spread)
            count, tail = _look(table, first, last, at, clock, done, touched, count, ring, tail)
            if last < stops:
                last = _first_from(table, last, stops, MOST)
                count, tail = _look(table, last, stops, at, clock, done, touched, count, ring, tail)
    for place in range(count + 1):
        lot = np.int64(touched[place])
        clock[lot] = MOST
        done[lot] = MOST
    return count
