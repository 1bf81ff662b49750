"""The index of a big network on disk, at a path that the caller names: built beside and renamed, mapped, added to."""

import fcntl
import mmap
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from fangxin.engines.traceability.index import MappedNetwork
from fangxin.engines.traceability.index_format import HEAD_BYTES, DamagedIndex, pack_batch
from fangxin.engines.traceability.values import Link


def open_index(path: Path) -> MappedNetwork:
    """The network in a file, mapped: nothing is read but what is asked. Raises DamagedIndex, OSError."""
    with path.open("rb") as file:
        return _mapped(file)


def _mapped(file: BinaryIO) -> MappedNetwork:
    if os.fstat(file.fileno()).st_size < HEAD_BYTES:
        raise DamagedIndex("the file is no index of links; make one with `fangxin trace index`")
    return MappedNetwork(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def write_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """A file that is there whole or not at all: written beside, brought to the disk, renamed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def add_links(path: Path, links: Iterable[tuple[Link, Sequence[str]]]) -> int:
    """Puts links (with their cells behind the two lots) behind a built index; on the disk when this returns. Gives
    how many came since it was built. Whoever has the file open keeps what it saw."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_ino != path.stat().st_ino:
            raise DamagedIndex("the index was made anew just now; add the links again")
        network = _mapped(file)
        batch = network.batch_of(links)
        # A batch cut short by a crash was never acknowledged; the next one takes its place.
        file.truncate(network.end)
        file.seek(network.end)
        if batch.records:
            file.write(pack_batch(batch))
        file.flush()
        os.fsync(file.fileno())
        return network.later + len(batch.records)
