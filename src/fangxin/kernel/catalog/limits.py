"""The limit tables of a standards folder, read once and again only when a file changes. No database."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fangxin.engines.limits import Judge, read_tables

FOLDER = "limits"
Stamp = tuple[tuple[str, int, int], ...]


def the_judge(folder: Path) -> Judge:
    """The judge by the tables in `folder`/limits. Raises `TableFault` where they cannot be used."""
    return _judge(str(folder / FOLDER), stamp(folder))


def read_files(folder: Path) -> Mapping[str, bytes]:
    """The heads and tables of a folder, by name."""
    return {path.name: path.read_bytes() for path in _paths(folder / FOLDER)}


def stamp(folder: Path) -> Stamp:
    """Size and time of every file: cheap enough to ask before each use, and different after any edit."""
    found = [(path.name, path.stat()) for path in _paths(folder / FOLDER)]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def _paths(room: Path) -> list[Path]:
    return sorted(path for path in room.iterdir() if path.suffix in (".toml", ".csv"))


@lru_cache(maxsize=4)
def _judge(room: str, stamp: Stamp) -> Judge:
    return Judge(read_tables(read_files(Path(room).parent)))
