"""The file around a proof: lines that carry their own check, and a gzip container without a loose bit.

An ordinary gzip file has bytes that change nothing when they change: a time stamp, an operating system, padding
bits. A sealed one has a fixed head and, as a second and empty gzip member, the SHA-256 of the first, so that any
tool unpacks it and this one notices every bit. Files packed by other tools are read too, if they are plain.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from fangxin.engines.evidence import digest, new_digest

MAX_LINE = 8 * 1024 * 1024
MAX_BYTES = 8 * 1024**3
_CHUNK = 64 * 1024

_HEAD = b"\x1f\x8b\x08\x04\0\0\0\0\x02\xff" + b"\x05\0FX\x01\0\x01"
_SEAL_HEAD = b"\x1f\x8b\x08\x04\0\0\0\0\x02\xff" + b"\x24\0FS\x20\0"
_SEAL_TAIL = b"\x03\0" + b"\0" * 8
_PLAIN_FLAGS = (0, 8)  # nothing, or the packed file's name

_CHECK = b'{"_check":"'
_CHECK_END = len(_CHECK) + 16


class ContainerError(ValueError):
    """The file is not what was written; `line` (from 1) says where, 0 when the container itself is broken."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def frame(body: bytes) -> bytes:
    """A line from a canonical JSON object: its own short check goes in front of its keys."""
    return _CHECK + digest(body)[:16].encode() + b'",' + body[1:] + b"\n"


def unframe(line: bytes, number: int) -> bytes:
    """The JSON object a line was made from. Raises ContainerError when the line was changed."""
    body = b"{" + line[_CHECK_END + 2 : -1]
    if line != frame(body):
        raise ContainerError("changed", number)
    return body


def seal_gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pack into a sealed gzip container, piece by piece."""
    packer, check, size = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS), 0, 0
    seal = new_digest()

    def note(piece: bytes) -> bytes:
        seal.update(piece)
        return piece

    yield note(_HEAD)
    for chunk in chunks:
        check, size = zlib.crc32(chunk, check), size + len(chunk)
        yield note(packer.compress(chunk))
    yield note(packer.flush() + struct.pack("<II", check, size & 0xFFFFFFFF))
    yield _SEAL_HEAD + seal.digest() + _SEAL_TAIL


def read_lines(stream: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[bytes]:
    """Lines with their ends from a plain or gzip file, bounded in length and in sum. Raises ContainerError."""
    rest, number, total = b"", 0, 0
    for piece in _read_pieces(stream):
        total += len(piece)
        if total > max_bytes:
            raise ContainerError("too_large")
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            yield line + b"\n"
        if len(rest) > MAX_LINE:
            raise ContainerError("line_too_long", number + 1)
    if rest:
        raise ContainerError("cut_off", number + 1)


def _read_pieces(stream: BinaryIO) -> Iterator[bytes]:
    head = stream.read(len(_HEAD))
    if head[:2] != _HEAD[:2]:
        yield head
        while piece := stream.read(_CHUNK):
            yield piece
        return
    sealed = head == _HEAD
    if not sealed and head[3:4] not in [bytes([flag]) for flag in _PLAIN_FLAGS]:
        raise ContainerError("container")
    unpacker, member, after = zlib.decompressobj(zlib.MAX_WBITS | 16), new_digest(), b""
    for chunk in _chunks(head, stream):
        if unpacker.eof:
            after = _bounded(after + chunk)
            continue
        yield from _unpack(unpacker, chunk)
        after = unpacker.unused_data
        member.update(chunk[: len(chunk) - len(after)])
    expected = _SEAL_HEAD + member.digest() + _SEAL_TAIL if sealed else b""
    if not unpacker.eof or after != expected:
        raise ContainerError("container")


def _chunks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    while chunk := stream.read(_CHUNK):
        yield chunk


def _bounded(after: bytes) -> bytes:
    if len(after) > 2 * _CHUNK:
        raise ContainerError("container")
    return after


def _unpack(unpacker: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Unpack in pieces of bounded size, so that a small file cannot fill the memory."""
    while not unpacker.eof:
        try:
            piece = unpacker.decompress(chunk, _CHUNK)
        except zlib.error:
            raise ContainerError("container") from None
        if piece:
            yield piece
        chunk = unpacker.unconsumed_tail
        if not chunk and len(piece) < _CHUNK:  # a full piece may have more behind it, with no input left
            return
