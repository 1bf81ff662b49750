"""The text of a plan file: plain text in the usual encodings, or a Word document; either may be gzipped."""

from __future__ import annotations

import io
import zlib

from .values import Unreadable, UnreadableFile
from .word import read_docx

MAX_BYTES = 32 * 1024 * 1024
MAX_WORDS = 400_000  # characters without blanks; a long plan of a city has sixty thousand
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(data: bytes, filename: str) -> str:
    """The text of a .txt or .docx file, or of either compressed with gzip.

    The kind is told by the content; `filename` decides nothing but is kept for callers' messages.
    Line ends come out as ``\\n`` and a byte-order mark is dropped, as Python's text mode does.

    Raises:
        UnreadableFile: too large, damaged, not text, or in an encoding that is not known.

    >>> read_text("食品安全工作方案".encode("gb18030"), "a.txt")
    '食品安全工作方案'
    """
    del filename
    if len(data) > MAX_BYTES:
        raise UnreadableFile(Unreadable.TOO_LARGE)
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data)
    if data[:4] == b"PK\x03\x04":
        return _bounded(read_docx(data))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFile(Unreadable.OLD_WORD)
    if data[:5] == b"%PDF-":
        raise UnreadableFile(Unreadable.PDF)
    return _bounded(io.IncrementalNewlineDecoder(None, translate=True).decode(_decode(data), final=True))


def _bounded(text: str) -> str:
    """Refuse more than any plan says, so that no file keeps the reader busy for minutes."""
    if len(text) > 5 * MAX_WORDS or len("".join(text.split())) > MAX_WORDS:
        raise UnreadableFile(Unreadable.TOO_LARGE)
    return text


def _gunzip(data: bytes) -> bytes:
    """Expand no further than the limit: a small file may hold gigabytes of nothing."""
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise UnreadableFile(Unreadable.BROKEN) from error
    if len(plain) > MAX_BYTES:
        raise UnreadableFile(Unreadable.TOO_LARGE)
    if not stream.eof:
        raise UnreadableFile(Unreadable.BROKEN)
    return plain


def _decode(data: bytes) -> str:
    if data[:2] in _UTF16:
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data:
        raise UnreadableFile(Unreadable.NOT_TEXT)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_noise(text):
            raise UnreadableFile(Unreadable.NOT_TEXT)
        return text
    raise UnreadableFile(Unreadable.UNKNOWN_ENCODING)


def _is_noise(text: str) -> bool:
    """Control characters do not occur in written text; a few may be scan damage."""
    noise = sum(1 for char in text[:100_000] if char < " " and char not in "\t\n\r\f\v")
    return noise > max(8, len(text[:100_000]) // 200)
