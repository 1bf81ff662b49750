"""Pictures come in slices, each at its place; what is whole is checked by its name, which is its SHA-256.

Writing the same bytes at the same place twice changes nothing, so slices may be cut, repeated and sent by two windows
at once. A slice beyond the end is not taken: the answer tells where to go on.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

MOST_BYTES = 8 * 1024 * 1024
MOST_SLICE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Progress:
    received: int
    whole: bool


class Parts(Protocol):
    def size(self, digest: str) -> int: ...

    def write(self, digest: str, offset: int, data: bytes) -> None: ...

    def read(self, digest: str) -> bytes: ...

    def drop(self, digest: str) -> None: ...


def receive(parts: Parts, digest: str, *, offset: int, size: int, data: bytes) -> Progress:
    """Take one slice; `size` is that of the whole. What does not fit its name when whole is thrown away: begin anew."""
    have = parts.size(digest)
    if have > size:
        parts.drop(digest)
        return Progress(0, False)
    if offset <= have and data and offset + len(data) <= size:
        parts.write(digest, offset, data)
        have = max(have, offset + len(data))
    if have < size:
        return Progress(have, False)
    if sha256(parts.read(digest)).hexdigest() != digest:
        parts.drop(digest)
        return Progress(0, False)
    return Progress(size, True)


class Folder:
    """Parts as files beside the evidence, one folder a device."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, digest: str) -> Path:
        return self.folder / digest

    def size(self, digest: str) -> int:
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, digest: str, offset: int, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path(digest).touch()
        with self._path(digest).open("r+b") as part:
            part.seek(offset)
            part.write(data)

    def read(self, digest: str) -> bytes:
        return self._path(digest).read_bytes()

    def drop(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)
