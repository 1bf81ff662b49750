"""A big network in a mapped file: one trace reads the few pages that it touches, without loading or compiling anything.

The caller hands over the file's bytes (a map, or bytes in memory). Answers are those of `values.Network` on the same links.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fangxin.engines.traceability.index_format import (
    SEPARATOR,
    Batch,
    DamagedIndex,
    Head,
    damaged_sections,
    detail_of,
    read_batches,
    read_head,
    view,
)
from fangxin.engines.traceability.reading import COLUMNS, CellReader
from fangxin.engines.traceability.spans import LEAST, MOST, Span
from fangxin.engines.traceability.values import Link

CELLS = len(COLUMNS) - 2


class MappedNetwork:
    """Links in a mapped file and those that came later. Raises DamagedIndex for a file that is none.

    A network that is open keeps the links it had when it was opened.
    """

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer
        self.head: Head = read_head(buffer)
        self.names = _Names(view(buffer, self.head, "names"), view(buffer, self.head, "name_ends"))
        self._forward = _Half(buffer, self.head, "forward")
        self._back = _Half(buffer, self.head, "back")
        self._details = view(buffer, self.head, "details")
        self._detail_ends = view(buffer, self.head, "detail_ends")
        self._later_details: list[str] = []
        self._later_names: list[str] = []
        self.end = self.head.size
        for batch, end in read_batches(buffer, self.head):
            self._take(batch)
            self.end = end
        self._later_numbers = {name: self.head.lots + n for n, name in enumerate(self._later_names)}

    def _take(self, batch: Batch) -> None:
        self._later_names += batch.names
        for number, (source, target, leaves, arrives) in enumerate(batch.records, start=self.links):
            if max(source, target) >= self.lots:
                raise DamagedIndex("links added to the index later name lots that it does not hold; make it anew")
            self._forward.add(source, leaves, target, arrives, number)
            self._back.add(target, MOST - arrives, source, MOST - leaves, number)
        self._later_details += batch.details

    @property
    def links(self) -> int:
        return self.head.links + len(self._later_details)

    @property
    def lots(self) -> int:
        return self.head.lots + len(self._later_names)

    @property
    def later(self) -> int:
        """How many links came after the index was built; many make it slower."""
        return len(self._later_details)

    def __contains__(self, lot: str) -> bool:
        return self.number_of(lot) is not None

    def number_of(self, lot: str) -> int | None:
        found = self.names.find(lot)
        return self._later_numbers.get(lot) if found is None else found

    def name_of(self, number: int) -> str:
        base = self.head.lots
        return self.names.text(number) if number < base else self._later_names[number - base]

    def names_near(self, lot: str, *, around: int = 200) -> Iterator[str]:
        """Names that sort next to a lot that is not there, and those that came later."""
        place = bisect_left(self.names, lot.encode(errors="replace"))
        for number in range(max(0, place - around), min(self.head.lots, place + around)):
            yield self.names.text(number)
        yield from self._later_names

    def onward(self, lot: int, at: int, *, back: bool) -> tuple[Sequence[int], Sequence[int]]:
        half = self._back if back else self._forward
        others, arrivals = half.onward(lot, at)
        for second, other, arrives, _ in half.later.get(lot, ()):
            if second >= at:
                others.append(other)
                arrivals.append(arrives)
        return others, arrivals

    def later_links(self, *, back: bool) -> Iterable[tuple[int, list[tuple[int, int, int, int]]]]:
        """Per lot the links that came after the index was built: (clock, other lot, clock on arrival, number)."""
        return (self._back if back else self._forward).later.items()

    def links_from(self, lot: int, at: int, *, back: bool) -> Iterator[tuple[int, Link]]:
        half = self._back if back else self._forward
        for record in half.records_from(lot, at):
            clock, other, arrives, number = record
            leaves, comes = (MOST - arrives, MOST - clock) if back else (clock, arrives)
            source, target = (other, lot) if back else (lot, other)
            yield number, self._link(number, source, target, leaves, comes)

    def _link(self, number: int, source: int, target: int, leaves: int, arrives: int) -> Link:
        lots = self.name_of(source), self.name_of(target)
        cells = self._cells(number)
        if cells is None:
            return Link(*lots, _second(leaves), _second(arrives))
        link = CellReader().link(0, (*lots, *cells))
        if link is None:
            raise DamagedIndex("the index holds a link without a lot; make it anew")
        return link

    def _cells(self, number: int) -> list[str] | None:
        base = self.head.links
        if number >= base:
            text = self._later_details[number - base]
        elif len(self._detail_ends):
            begins = self._detail_ends[number - 1] if number else 0
            text = str(self._details[begins : self._detail_ends[number] - 1], "utf-8")
        else:
            return None
        return text.split(SEPARATOR)

    def damaged(self) -> list[str]:
        """The parts whose bytes changed since they were written. Reads the whole file."""
        return damaged_sections(self.buffer, self.head)

    def batch_of(self, links: Iterable[tuple[Link, Sequence[str]]]) -> Batch:
        """Links with their cells behind the two lots, ready to be put behind this network."""
        new: dict[str, int] = {}

        def number(lot: str) -> int:
            known = self.number_of(lot)
            return new.setdefault(lot, self.lots + len(new)) if known is None else known

        records, details = [], []
        for link, cells in links:
            records.append((number(link.from_lot), number(link.to_lot), *link.window))
            details.append(detail_of(cells))
        return Batch(tuple(new), records, tuple(details))


class _Names(Sequence[bytes]):
    """The sorted names, for bisection."""

    def __init__(self, text: memoryview, ends: memoryview) -> None:
        self._text, self._ends = text, ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: Any) -> Any:
        begins = self._ends[number - 1] if number else 0
        return bytes(self._text[begins : self._ends[number] - 1])

    def text(self, number: int) -> str:
        return str(self[number], "utf-8")

    def find(self, lot: str) -> int | None:
        wanted = lot.encode(errors="replace")
        place = bisect_left(self, wanted)
        return place if place < len(self) and self[place] == wanted else None


class _Half:
    """The adjacency one way: quadruples (clock, other lot, clock on arrival, link), in the file and from later."""

    def __init__(self, buffer: Any, head: Head, name: str) -> None:
        self.records = view(buffer, head, name)
        self.ends = view(buffer, head, f"{name}_ends")
        self.later: dict[int, list[tuple[int, int, int, int]]] = {}

    def add(self, lot: int, clock: int, other: int, arrives: int, number: int) -> None:
        self.later.setdefault(lot, []).append((clock, other, arrives, number))

    def _place(self, lot: int, at: int) -> tuple[int, int]:
        if lot >= len(self.ends):
            return 0, 0
        begins, ends = self.ends[lot - 1] if lot else 0, self.ends[lot]
        if at and begins < ends:
            begins += bisect_left(self.records[4 * begins : 4 * ends : 4], at)
        return begins, ends

    def onward(self, lot: int, at: int) -> tuple[list[int], list[int]]:
        begins, ends = self._place(lot, at)
        flat = self.records[4 * begins : 4 * ends].tolist()
        return flat[1::4], flat[2::4]

    def records_from(self, lot: int, at: int) -> Iterator[tuple[int, int, int, int]]:
        begins, ends = self._place(lot, at)
        for place in range(begins, ends):
            clock, other, arrives, number = self.records[4 * place : 4 * place + 4]
            yield clock, other, arrives, number
        yield from (entry for entry in self.later.get(lot, ()) if entry[0] >= at)


def _second(clock: int) -> Span | None:
    return None if clock in (LEAST, MOST) else Span(clock, clock)
