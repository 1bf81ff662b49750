"""Files of links as the trace commands read them: text (plain or .gz), Parquet; bounded."""

import gzip
import io
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from fangxin.engines.traceability.index_format import MAGIC
from fangxin.engines.traceability.reading import LinksRead, Unreadable, csv_rows, read_links

MOST_ROWS = 5_000_000
MOST_SIGNS = 2_000_000_000
LONGEST_LINE = 1_000_000
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"


def links_of(path: Path) -> LinksRead:
    """All links of a file. Raises Unreadable, OSError."""
    return read_links(_bounded(rows_of(path)))


def _bounded(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise Unreadable(
                f"more than {MOST_ROWS:,} links; make an index of them: fangxin trace index FILE --out INDEX"
            )
        yield row


def begins_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def is_index(path: Path) -> bool:
    return begins_of(path) == MAGIC


def rows_of(path: Path) -> Iterator[Sequence[str]]:
    """The rows of a table, the header first."""
    if begins_of(path)[:4] == PARQUET:
        from fangxin.engines.traceability.tables import parquet_frame  # noqa: PLC0415

        frame = parquet_frame(path)
        yield frame.columns
        yield from frame.iter_rows()
        return
    try:
        with text_of(path) as file:
            yield from csv_rows(_lines(file))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable(f"{path} is a damaged .gz file") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is neither UTF-8, GB 18030 nor UTF-16 text") from error


@contextmanager
def text_of(path: Path) -> Iterator[TextIO]:
    coding = coding_of(path)
    with binary_of(path) as raw, io.TextIOWrapper(raw, encoding=coding, newline="") as file:
        yield file


def binary_of(path: Path) -> Any:
    return gzip.open(path, "rb") if begins_of(path)[:2] == GZIP else path.open("rb")


def coding_of(path: Path) -> str:
    """UTF-16 by its mark, UTF-8 if the whole text is, else GB 18030."""
    with binary_of(path) as raw:
        if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        raw.seek(0)
        decoder = getincrementaldecoder("utf-8")()
        try:
            while raw.tell() < MOST_SIGNS and (block := raw.read(1 << 20)):
                decoder.decode(block)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _lines(file: TextIO) -> Iterator[str]:
    signs = 0
    while line := file.readline(LONGEST_LINE + 1):
        signs += len(line)
        if len(line) > LONGEST_LINE or signs > MOST_SIGNS:
            raise Unreadable("the file is no table of links: a line or the whole is too long")
        yield line
