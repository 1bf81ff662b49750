"""The file of a big network: what lies where.

A head of 4,096 bytes, then arrays of little-endian whole numbers, each beginning at a multiple of 64:

* `names`, `name_ends`: the lots' names in UTF-8, one a line, sorted by their bytes; a lot's number is its place.
* `forward`, `forward_ends`: per lot the links that leave it, in order of time: quadruples (clock, other lot, clock on arrival,
  number of the link), and where each lot's end. `back…` is the same with the clock running backwards.
* `details`, `detail_ends`: per link the cells as they were read, without the lots; left out for a network of bare seconds.

Behind them come batches of links that arrived later (`pack_batch`). A file that is shorter than its head says, or that
begins otherwise, is refused. A batch cut short by a crash was never acknowledged, and is passed over.
"""

import json
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

MAGIC, BATCH_MAGIC = b"FXTRACE1", b"FXBATCH1"
HEAD_BYTES, ALIGNED = 4096, 64
SECTIONS = (
    "names", "name_ends", "forward", "forward_ends", "back", "back_ends", "details", "detail_ends",
)  # fmt: skip
WIDE = frozenset({"name_ends", "detail_ends"})
_BEGINS = struct.Struct("<8sII")
_BATCH = struct.Struct("<8sQI")
_COUNTS = struct.Struct("<IIQQ")
_RECORD = struct.Struct("<IIII")
SEPARATOR = "\x1f"


class DamagedIndex(Exception):
    """The file is no index of links, or not whole; the message says which."""


@dataclass(frozen=True, slots=True)
class Head:
    """`sections`: place, length and check sum of each; `left_out`: rows of the source that linked nothing."""

    links: int
    lots: int
    size: int
    left_out: int
    sections: Mapping[str, tuple[int, int, int]]

    def packed(self) -> bytes:
        facts = {
            "links": self.links,
            "lots": self.lots,
            "size": self.size,
            "left_out": self.left_out,
            "sections": self.sections,
        }
        text = json.dumps(facts, sort_keys=True).encode()
        return (_BEGINS.pack(MAGIC, len(text), crc32(text)) + text).ljust(HEAD_BYTES, b"\x00")


def read_head(buffer: Any) -> Head:
    """Raises DamagedIndex."""
    if sys.byteorder != "little":
        raise DamagedIndex("this machine writes numbers the other way round; it cannot map an index")
    if len(buffer) < HEAD_BYTES or bytes(buffer[:8]) != MAGIC:
        raise DamagedIndex("the file is no index of links; make one with `fangxin trace index`")
    _, length, check = _BEGINS.unpack(buffer[: _BEGINS.size])
    text = bytes(buffer[_BEGINS.size : _BEGINS.size + min(length, HEAD_BYTES)])
    if len(text) != length or crc32(text) != check:
        raise DamagedIndex("the head of the index is damaged; make it anew")
    facts = json.loads(text)
    sections = {name: tuple(section) for name, section in facts["sections"].items()}
    head = Head(facts["links"], facts["lots"], facts["size"], facts["left_out"], sections)
    if len(buffer) < head.size:
        raise DamagedIndex(f"the index is cut short ({len(buffer)} of {head.size} bytes); make it anew")
    return head


def view(buffer: Any, head: Head, name: str) -> memoryview:
    """One section: bytes, or whole numbers of four or (`WIDE`) eight bytes."""
    offset, length, _ = head.sections[name]
    part = memoryview(buffer)[offset : offset + length]
    return part if name in {"names", "details"} else part.cast("Q" if name in WIDE else "I")


def damaged_sections(buffer: Any, head: Head) -> list[str]:
    """The sections whose bytes are not those that were written. Reads the whole file."""
    whole = memoryview(buffer)
    return [name for name, (at, length, check) in head.sections.items() if crc32(whole[at : at + length]) != check]


@dataclass(frozen=True, slots=True)
class Batch:
    """Links that came after the index was built. Names are new lots; they are numbered on from those there are."""

    names: tuple[str, ...]
    records: Sequence[tuple[int, int, int, int]]
    details: tuple[str, ...]


def pack_batch(batch: Batch) -> bytes:
    names = "\n".join(batch.names).encode()
    details = "\n".join(batch.details).encode()
    payload = b"".join((
        _COUNTS.pack(len(batch.records), len(batch.names), len(names), len(details)),
        *(_RECORD.pack(*record) for record in batch.records), names, details,
    ))  # fmt: skip
    return _BATCH.pack(BATCH_MAGIC, len(payload), crc32(payload)) + payload


def read_batches(buffer: Any, head: Head) -> Iterator[tuple[Batch, int]]:
    """The whole batches behind the arrays, each with the place where it ends. Raises DamagedIndex for one that is
    damaged with a whole one behind it; the last may have been cut short by a crash."""
    rest, at = bytes(buffer[head.size : len(buffer)]), 0
    while (payload := _payload(rest, at)) is not None:
        at += _BATCH.size + len(payload)
        yield _unpack(payload), head.size + at
    behind = rest.find(BATCH_MAGIC, at + 1)
    while behind >= 0:
        if _payload(rest, behind) is not None:
            raise DamagedIndex("links added to the index later are damaged; make it anew")
        behind = rest.find(BATCH_MAGIC, behind + 1)


def _payload(rest: bytes, at: int) -> bytes | None:
    """What a whole batch holds; None where no whole one begins."""
    begins = at + _BATCH.size
    if begins > len(rest):
        return None
    magic, length, check = _BATCH.unpack_from(rest, at)
    payload = rest[begins : begins + length]
    return payload if magic == BATCH_MAGIC and len(payload) == length and crc32(payload) == check else None


def _unpack(payload: bytes) -> Batch:
    links, names, name_bytes, detail_bytes = _COUNTS.unpack_from(payload)
    at = _COUNTS.size + links * _RECORD.size
    records = tuple(_RECORD.iter_unpack(payload[_COUNTS.size : at]))
    return Batch(
        _lines(payload[at : at + name_bytes], names),
        records,
        _lines(payload[at + name_bytes : at + name_bytes + detail_bytes], links),
    )


def _lines(text: bytes, count: int) -> tuple[str, ...]:
    return tuple(text.decode().split("\n")) if count else ()


def detail_of(cells: Iterable[str]) -> str:
    """The cells behind the two lots as one text (cells hold neither separators nor line ends)."""
    return SEPARATOR.join(cells)
