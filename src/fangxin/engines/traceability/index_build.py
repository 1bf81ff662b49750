"""Builds the file of a big network from columns, with NumPy, Numba and Polars: 10 million links in a few seconds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np
import polars as pl
from numba import njit

from fangxin.engines.traceability.index_format import ALIGNED, HEAD_BYTES, SEPARATOR, Head
from fangxin.engines.traceability.reading import (
    COLUMNS,
    LONGEST_LOT,
    CellReader,
    Fault,
    find_columns,
    read_quantity,
)
from fangxin.engines.traceability.spans import DAY, FIRST_YEAR, LAST_YEAR, LEAST, MINUTE, MOST, span_of_days

MOST_LINKS = MOST - 1
Numbers = np.ndarray[Any, np.dtype[Any]]
_USUAL_DAY = r"^\d{4}-\d{2}-\d{2}$"
_USUAL_MINUTE = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$"
_USUAL_SECOND = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:[0-5]\d$"
_EARLIEST, _LATEST = span_of_days(FIRST_YEAR), span_of_days(LAST_YEAR)
_PLAIN_AMOUNT = r"^\d{1,15}(\.\d{1,9})?$"


@dataclass(frozen=True, slots=True)
class Columns:
    """Links as columns. `names` are sorted and different; `source` and `target` are places in it; `leaves` and
    `arrives` are seconds as `spans.window` gives them; `details` is the text of the other cells, one line per link,
    and the place where each line ends."""

    names: pl.Series
    source: Numbers
    target: Numbers
    leaves: Numbers
    arrives: Numbers
    details: tuple[bytes, Numbers] | None = None


@dataclass(frozen=True, slots=True)
class ColumnsRead:
    columns: Columns
    faults: tuple[Fault, ...]
    left_out: int


def write_index(file: BinaryIO, columns: Columns, *, left_out: int = 0) -> Head:
    """Writes the whole file, the head last, so that a file cut short is never taken for a whole one."""
    links, lots = len(columns.source), len(columns.names)
    if links > MOST_LINKS or lots > MOST_LINKS:
        raise ValueError(f"an index holds at most {MOST_LINKS:,} links and lots")
    file.write(b"\x00" * HEAD_BYTES)
    at, sections = HEAD_BYTES, {}
    for name, part in _sections(columns):
        data = part if isinstance(part, bytes) else np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
        pad = -at % ALIGNED
        file.write(b"\x00" * pad)
        at += pad
        file.write(data)
        sections[name] = (at, len(data), crc32(data))
        at += len(data)
    head = Head(links, lots, at, left_out, sections)
    file.seek(0)
    file.write(head.packed())
    return head


def _sections(columns: Columns) -> Iterator[tuple[str, bytes | Numbers]]:
    names, name_ends = _text_lines(columns.names)
    yield "names", names
    yield "name_ends", name_ends
    yield from _half("forward", len(columns.names), columns.source, columns.leaves, columns.target, columns.arrives)
    turned = [(MOST - clock.astype(np.uint32)).astype(np.uint32) for clock in (columns.arrives, columns.leaves)]
    yield from _half("back", len(columns.names), columns.target, turned[0], columns.source, turned[1])
    details, ends = columns.details or (b"", np.zeros(0, np.uint64))
    yield "details", details
    yield "detail_ends", ends


def _half(
    name: str, lots: int, lot: Numbers, clock: Numbers, other: Numbers, arrives: Numbers
) -> Iterator[tuple[str, Numbers]]:
    """Per lot in order of the clock."""
    counts = np.bincount(lot, minlength=lots)
    ends = np.cumsum(counts)
    records = np.empty((len(lot), 4), np.uint32)
    # One kind of array only, so that one walk is compiled.
    order, lot, clock, other, arrives = (
        np.require(part, np.uint32, ("C", "W")) for part in (_order(clock), lot, clock, other, arrives)
    )
    _place(order, lot, clock, other, arrives, ends - counts, records)
    yield name, records
    yield f"{name}_ends", ends.astype(np.uint32)


def _order(clock: Numbers) -> Numbers:
    """The rows in order of the clock. Records mostly come in order of time, one way or the other."""
    numbers = np.arange(len(clock), dtype=np.uint32)
    if (clock[1:] >= clock[:-1]).all():
        return numbers
    if (clock[1:] <= clock[:-1]).all():
        return numbers[::-1]
    return np.argsort(clock).astype(np.uint32)


@njit(cache=True)
def _place(
    order: Numbers, lot: Numbers, clock: Numbers, other: Numbers, arrives: Numbers,
    places: Numbers, records: Numbers,
) -> None:  # fmt: skip  # pragma: no cover  (compiled)
    for at in range(len(order)):
        row = order[at]
        place = places[lot[row]]
        places[lot[row]] = place + 1
        records[place, 0] = clock[row]
        records[place, 1] = other[row]
        records[place, 2] = arrives[row]
        records[place, 3] = row


# --- from a table of text ---------------------------------------------------------------------------------------------


def read_columns(frame: pl.DataFrame, *, most_faults: int = 1000) -> ColumnsRead:
    """Columns from a table of text, by the same rules as `reading.read_links`, cell by cell."""
    places = find_columns(frame.columns)
    table = pl.DataFrame(
        [
            _clean(frame.to_series(place)).alias(name)
            if place >= 0
            else pl.Series(name, [""], pl.String).new_from_index(0, len(frame))
            for name, place in zip(COLUMNS, places, strict=True)
        ]
    ).with_row_index("row", offset=2)
    faults = _Faults(most_faults)
    table = table.filter(pl.any_horizontal(pl.col(name) != "" for name in COLUMNS))
    whole = table.filter(
        pl.all_horizontal(pl.col(n).str.len_chars().is_between(1, LONGEST_LOT) for n in ("from_lot", "to_lot"))
    )
    faults.rows(table.join(whole.select("row"), on="row", how="anti") if len(whole) < len(table) else table.clear())
    left_out = len(table) - len(whole)
    whole, sent = _spans(whole, "sent_on", faults)
    whole, received = _spans(whole, "received_on", faults)
    whole = _amounts(whole, faults)
    leaves, arrives = _windows(sent, received)
    names = pl.concat([whole["from_lot"], whole["to_lot"]]).unique().sort()
    numbers = pl.DataFrame({"lot": names, "number": np.arange(len(names), dtype=np.uint32)})
    source, target = (_numbers(whole[name], numbers) for name in ("from_lot", "to_lot"))
    columns = Columns(names, source, target, leaves, arrives, _details(whole))
    return ColumnsRead(columns, tuple(sorted(faults.found, key=lambda f: (f.row, f.column))), left_out)


def _clean(series: pl.Series) -> pl.Series:
    """As `reading.clean_cell`, whole columns at once."""
    text = series.cast(pl.String).fill_null("")
    odd = r"[\x00\s\x1c-\x1f]"
    if not text.str.contains(odd).any():
        return text
    return text.str.replace_all("\x00", "", literal=True).str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ")


class _Faults:
    def __init__(self, most: int) -> None:
        self.most = most
        self.found: list[Fault] = []

    def rows(self, rows: pl.DataFrame) -> None:
        reader = CellReader()
        for row, *cells in rows.select("row", *COLUMNS).head(self.most).iter_rows():
            reader.link(row, cells)
        self.found += [fault for fault in reader.faults if fault.column in ("from_lot", "to_lot")]

    def cells(self, rows: pl.DataFrame, column: str, tell: Callable[[CellReader, int, str], Any]) -> None:
        reader = CellReader()
        for row, cell in rows.select("row", column).head(self.most).iter_rows():
            tell(reader, row, cell)
        self.found += reader.faults


def _spans(table: pl.DataFrame, column: str, faults: _Faults) -> tuple[pl.DataFrame, tuple[Numbers, Numbers]]:
    """The first and last second of every cell, MOST and LEAST where nothing is known; a cell that cannot be read
    becomes empty. Each different text is read once; those in the usual form all together."""
    known, readable = _known_spans(table[column])
    joined = table.select(column).join(known, on=column, how="left", maintain_order="left")
    first, last = joined["first"].to_numpy(), joined["last"].to_numpy()
    if not readable:
        bad = table.filter((pl.col(column) != "") & pl.Series(first > last))
        faults.cells(bad, column, lambda reader, row, cell: reader.span(row, column, cell))
        table = table.with_columns(
            pl.when(pl.Series(first > last)).then(pl.lit("")).otherwise(pl.col(column)).alias(column)
        )
    return table, (first, last)


def _known_spans(texts: pl.Series) -> tuple[pl.DataFrame, bool]:
    """The spans of the different texts of a column, and whether all can be read."""
    column = texts.name
    known = texts.unique().to_frame()
    plain = known.with_columns(second=_plain_seconds(pl.col(column)), length=pl.col(column).str.len_bytes())
    plain = plain.filter(pl.col("second").is_between(_EARLIEST.first, _LATEST.last))
    length = pl.when(pl.col("length") == 10).then(DAY).when(pl.col("length") == 16).then(MINUTE).otherwise(1)
    first, last = pl.col("second"), pl.col("second") + length - 1
    quick = plain.select(column, first=first.cast(pl.UInt32), last=last.cast(pl.UInt32))
    reader = CellReader()
    others = known.join(plain, on=column, how="anti")[column]
    spans = [(text, reader.span(0, column, text)) for text in others]
    rows = [(text, span.first if span else MOST, span.last if span else LEAST) for text, span in spans]
    slow = pl.DataFrame(rows, schema={column: pl.String, "first": pl.UInt32, "last": pl.UInt32}, orient="row")
    return pl.concat([quick, slow]), not reader.faults


def _plain_seconds(text: pl.Expr) -> pl.Expr:
    """The first second of a date in the form 2023-05-01, 2023-05-01T08:30 or 2023-05-01 08:30:00; null for others."""
    usual = text.str.replace("T", " ", literal=True)
    whole = (
        pl.when(text.str.contains(_USUAL_DAY))
        .then(usual + " 00:00:00")
        .when(text.str.contains(_USUAL_MINUTE))
        .then(usual + ":00")
        .when(text.str.contains(_USUAL_SECOND))
        .then(usual)
    )
    return whole.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="ms").dt.epoch("s")


def _amounts(table: pl.DataFrame, faults: _Faults) -> pl.DataFrame:
    odd = table.filter((pl.col("quantity") != "") & ~pl.col("quantity").str.contains(_PLAIN_AMOUNT))
    wrong = [text for text in odd["quantity"].unique() if read_quantity(text) is None]
    if not wrong:
        return table
    bad = pl.col("quantity").is_in(wrong)
    faults.cells(table.filter(bad), "quantity", lambda reader, row, cell: reader.quantity(row, cell))
    return table.with_columns(pl.when(bad).then(pl.lit("")).otherwise(pl.col("quantity")).alias("quantity"))


def _windows(sent: tuple[Numbers, Numbers], received: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """`spans.window` for whole columns."""
    has_sent, has_received = sent[0] <= sent[1], received[0] <= received[1]
    first_sent, last_sent = (np.where(has_sent, a, b) for a, b in zip(sent, received, strict=True))
    first_received, last_received = (np.where(has_received, a, b) for a, b in zip(received, sent, strict=True))
    leaves = np.minimum(last_sent, last_received)
    arrives = np.maximum(first_sent, first_received)
    twisted = first_sent > last_received
    leaves = np.where(twisted, np.maximum(last_sent, last_received), leaves)
    arrives = np.where(twisted, np.minimum(first_sent, first_received), arrives)
    unknown = ~has_sent & ~has_received
    return np.where(unknown, MOST, leaves).astype(np.uint32), np.where(unknown, LEAST, arrives).astype(np.uint32)


def _numbers(lots: pl.Series, numbers: pl.DataFrame) -> Numbers:
    found = lots.alias("lot").to_frame().join(numbers, on="lot", how="left", maintain_order="left")
    return found["number"].to_numpy()


def _details(table: pl.DataFrame) -> tuple[bytes, Numbers]:
    joined = table.select(pl.concat_str(COLUMNS[2:], separator=SEPARATOR)).to_series()
    return _text_lines(joined)


def _text_lines(series: pl.Series) -> tuple[bytes, Numbers]:
    """All texts in one, a line each, and where each line ends."""
    target = BytesIO()
    series.to_frame().write_csv(target, include_header=False, quote_style="never", line_terminator="\n")
    return target.getvalue(), np.cumsum(series.str.len_bytes().to_numpy().astype(np.uint64) + np.uint64(1))
