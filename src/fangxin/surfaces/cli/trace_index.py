"""`fangxin trace index`: a file in which any lot of a big network is traced at once; links added to it; its check."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fangxin.engines.traceability.index_file import add_links, open_index, write_file
from fangxin.engines.traceability.index_format import DamagedIndex
from fangxin.engines.traceability.reading import COLUMNS, CellReader, Unreadable, clean_cell, find_columns
from fangxin.engines.traceability.values import Link
from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.trace import tell_faults
from fangxin.surfaces.cli.trace_files import GZIP, PARQUET, begins_of, binary_of, coding_of, rows_of, text_of

DONE, NO = 0, 1
MOST_UNPACKED = 4_000_000_000
# Beyond this share of links that came later, a trace reads more of them than of the index.
MANY_LATER = 0.02


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="fangxin trace index", description=__doc__)
    parser.add_argument("links", nargs="?", help="links: CSV (plain or .gz) or Parquet")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", metavar="FILE", help="write a new index")
    where.add_argument("--add-to", metavar="FILE", help="put the links behind those of an index")
    where.add_argument("--check", metavar="FILE", help="read an index whole: 0 it is as it was written, 1 not")
    args = parser.parse_args(argv)
    if not args.links and not args.check:
        parser.error("say which file of links")
    try:
        if args.check:
            return _check(Path(args.check))
        return _add(Path(args.links), Path(args.add_to)) if args.add_to else _build(Path(args.links), Path(args.out))
    except (Unreadable, DamagedIndex, OSError) as error:
        print(f"fangxin trace index: {error}", file=sys.stderr)
        return MISUSE


def _build(source: Path, target: Path) -> int:
    from fangxin.engines.traceability.index_build import read_columns, write_index  # noqa: PLC0415

    read = read_columns(frame_of(source))
    tell_faults(read.faults)
    write_file(target, lambda file: write_index(file, read.columns, left_out=read.left_out))
    links, lots = len(read.columns.source), len(read.columns.names)
    print(f"{target}: {links:,} links between {lots:,} lots; {read.left_out:,} rows left out", file=sys.stderr)
    return DONE


def frame_of(source: Path) -> Any:
    from fangxin.engines.traceability.tables import csv_frame, parquet_frame  # noqa: PLC0415

    begins = begins_of(source)
    if begins[:4] == PARQUET:
        return parquet_frame(source)
    header = next(rows_of(source), ())
    find_columns(header)
    with text_of(source) as file:
        first = file.readline(100_000)
    separator = "," if "," in first else next((sign for sign in (";", "\t") if sign in first), ",")
    coding = coding_of(source)
    if coding == "utf-8-sig" and begins[:2] != GZIP:
        return csv_frame(source, separator=separator)
    with binary_of(source) as raw:
        data = raw.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise Unreadable(f"{source} is larger than {MOST_UNPACKED // 10**9} GB unpacked")
    return csv_frame(data if coding == "utf-8-sig" else data.decode(coding).encode(), separator=separator)


def _add(source: Path, target: Path) -> int:
    reader = CellReader()
    later = add_links(target, list(_links_with_cells(source, reader)))
    tell_faults(reader.faults)
    if later > max(1000, MANY_LATER * open_index(target).head.links):
        print(f"{target}: {later:,} links came since it was made; make it anew to keep it fast", file=sys.stderr)
    return DONE


def _links_with_cells(source: Path, reader: CellReader) -> Iterator[tuple[Link, Sequence[str]]]:
    rows = rows_of(source)
    places = find_columns(next(rows, ()))
    for number, row in enumerate(rows, start=2):
        cells = [clean_cell(row[place]) if 0 <= place < len(row) else "" for place in places]
        link = reader.link(number, cells) if any(cells) else None
        if link is not None:
            yield link, cells_of(link, cells)


def cells_of(link: Link, cells: Sequence[str]) -> list[str]:
    """The cells behind the two lots, those that could not be read left empty."""
    known = dict(zip(COLUMNS, cells, strict=True))
    unread = {"sent_on": link.sent, "received_on": link.received, "quantity": link.quantity}
    return [("" if name in unread and unread[name] is None else known[name]) for name in COLUMNS[2:]]


def _check(path: Path) -> int:
    damaged = open_index(path).damaged()
    if damaged:
        print(f"{path}: changed since it was written: {', '.join(damaged)}", file=sys.stderr)
    return NO if damaged else DONE
