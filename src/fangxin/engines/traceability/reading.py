"""Links from rows of text, told by row and column where something cannot be read.

A row without one of its lots is left out, since it links nothing. Everything else that cannot be read becomes unknown, and
the link stays: a wrong date or weight must not cut a trace.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fangxin.engines.traceability.spans import Span, read_span
from fangxin.engines.traceability.values import Link

COLUMNS = ("from_lot", "to_lot", "sent_on", "received_on", "quantity", "unit", "premises", "inferred")
# What people call the columns, in small letters.
HEADERS: Mapping[str, str] = {
    **{name: name for name in COLUMNS},
    "sent_at": "sent_on", "received_at": "received_on",
    "来源批次": "from_lot", "去向批次": "to_lot", "发出日期": "sent_on", "发货日期": "sent_on", "收到日期": "received_on",
    "收货日期": "received_on", "数量": "quantity", "单位": "unit", "计量单位": "unit", "场所": "premises", "推断": "inferred",
}  # fmt: skip
TRUE = frozenset({"1", "true", "yes", "是"})
LONGEST_LOT = 500


class Unreadable(Exception):
    """A file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class LinksRead:
    links: tuple[Link, ...]
    faults: tuple[Fault, ...]
    left_out: int


def csv_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a table in text: commas, or semicolons or tabs where the header has no comma."""
    source = iter(lines)
    header = next(source, "")
    sign = "," if "," in header else next((s for s in (";", "\t") if s in header), ",")

    def clean() -> Iterator[str]:
        yield header.removeprefix("\ufeff").replace("\x00", "")
        for line in source:
            yield line.replace("\x00", "")

    csv.field_size_limit(1_000_000)
    try:
        yield from csv.reader(clean(), delimiter=sign)
    except csv.Error as error:
        raise Unreadable(f"the table cannot be read: {error}") from error


def read_links(rows: Iterable[Sequence[str]]) -> LinksRead:
    """Links from a header row and rows of cells. Raises Unreadable where the header lacks a lot's column.

    >>> read = read_links([["from_lot", "to_lot", "sent_on"], ["A", "B", "2023-02-30"], ["A", "", ""]])
    >>> [(fault.row, fault.column) for fault in read.faults], read.left_out, read.links[0].dated
    ([(2, 'sent_on'), (3, 'to_lot')], 1, False)
    """
    source = iter(rows)
    places = find_columns(next(source, ()))
    reader = CellReader()
    links: list[Link] = []
    left_out = 0
    for number, row in enumerate(source, start=2):
        cells = [clean_cell(row[place]) if 0 <= place < len(row) else "" for place in places]
        if not any(cells):
            continue
        link = reader.link(number, cells)
        if link is None:
            left_out += 1
        else:
            links.append(link)
    return LinksRead(tuple(links), tuple(reader.faults), left_out)


def find_columns(header: Sequence[str]) -> list[int]:
    """Where each of `COLUMNS` stands; -1 for one that the file does not have."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = HEADERS.get(clean_cell(cell).lower())
        if name is not None and name in found:
            raise Unreadable(f"the file has two columns for {name}")
        if name is not None:
            found[name] = place
    missing = [name for name in ("from_lot", "to_lot") if name not in found]
    if missing:
        raise Unreadable(f"the file has no column {' and no column '.join(missing)}")
    return [found.get(name, -1) for name in COLUMNS]


def clean_cell(cell: str) -> str:
    """Without white space around, line ends and control signs that stand for white space."""
    return cell if cell.isalnum() else " ".join(cell.replace("\x00", "").split())


class CellReader:
    """Reads cells in the order of `COLUMNS`; remembers what is wrong and the dates that it has read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._spans: dict[str, Span | None] = {}

    def link(self, row: int, cells: Sequence[str]) -> Link | None:
        from_lot, to_lot, sent, received, quantity, unit, premises, inferred = cells
        if not self._named(row, "from_lot", from_lot) or not self._named(row, "to_lot", to_lot):
            return None
        return Link(
            from_lot,
            to_lot,
            self.span(row, "sent_on", sent),
            self.span(row, "received_on", received),
            self.quantity(row, quantity),
            unit,
            premises,
            inferred.lower() in TRUE,
        )

    def _named(self, row: int, column: str, lot: str) -> bool:
        if not lot:
            self.faults.append(Fault(row, column, "no lot is named; the row is left out"))
        elif len(lot) > LONGEST_LOT:
            self.faults.append(Fault(row, column, f"more than {LONGEST_LOT} signs; the row is left out"))
        return 0 < len(lot) <= LONGEST_LOT

    def span(self, row: int, column: str, text: str) -> Span | None:
        if not text:
            return None
        if text not in self._spans:
            self._spans[text] = _span_or_none(text)
        if self._spans[text] is None:
            self.faults.append(Fault(row, column, f"{text[:40]!r} is not a date; it counts as unknown"))
        return self._spans[text]

    def quantity(self, row: int, text: str) -> Decimal | None:
        quantity = read_quantity(text)
        if quantity is None and text:
            self.faults.append(Fault(row, "quantity", f"{text[:40]!r} is not an amount; it counts as unknown"))
        return quantity


def _span_or_none(text: str) -> Span | None:
    try:
        return read_span(text)
    except ValueError:
        return None


def read_quantity(text: str) -> Decimal | None:
    """An amount as written, not negative; None where there is none.

    >>> read_quantity("12.50"), read_quantity("-3"), read_quantity("about 3"), read_quantity("1e999999")
    (Decimal('12.50'), None, None, None)
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 and -30 < amount.adjusted() < 30 else None


def near_lots(lot: str, names: Iterable[str], *, most: int = 5) -> list[str]:
    """Names spelled alike, likest first, for a lot that is not there.

    >>> near_lots("l-001", ["L-001", "L-101", "M"])
    ['L-001', 'L-101']
    """
    from difflib import SequenceMatcher  # noqa: PLC0415  (only a wrong name pays for it)

    wanted = lot.casefold()
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    scored = []
    for name in names:
        matcher.set_seq1(name.casefold())
        if matcher.real_quick_ratio() >= 0.6 and matcher.quick_ratio() >= 0.6:
            scored.append((-matcher.ratio(), name))
    return [name for score, name in sorted(scored)[:most] if score <= -0.6]
