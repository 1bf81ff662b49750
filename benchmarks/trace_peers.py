"""The ways that `bench_trace` asks for whole traces: ours, two databases, two graph libraries."""

import sqlite3
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import igraph
import numpy as np
import polars as pl
import psycopg
import rustworkx

from benchmarks.supply_network import Made, make_network
from fangxin.engines.traceability.closure import walk
from fangxin.engines.traceability.index_build import Columns, write_index
from fangxin.engines.traceability.index_file import open_index, write_file
from fangxin.engines.traceability.many import ManyTraces
from fangxin.engines.traceability.sql import index_sql, recursive_sql
from fangxin.engines.traceability.values import Direction

MINUTE = 60
# The shortest form of the rule in a database: one minute a link, no unknown dates.
FORWARD = """WITH RECURSIVE r(node, t) AS (SELECT {lot}, -1 UNION
  SELECT e.dst, e.t FROM r JOIN link e ON e.src = r.node AND e.t >= r.t) SELECT count(DISTINCT node) - 1 FROM r"""
BACK = """WITH RECURSIVE r(node, t) AS (SELECT {lot}, 2000000000 UNION
  SELECT e.src, e.t FROM r JOIN link e ON e.dst = r.node AND e.t <= r.t) SELECT count(DISTINCT node) - 1 FROM r"""


class Peer(Protocol):
    name: str
    honours_time: bool

    def build(self, made: Made) -> int:
        """Makes ready; gives the bytes on disk."""

    def ways(self) -> Mapping[str, Callable[[int], int]]: ...

    def close(self) -> None: ...


class Fangxin:
    name, honours_time = "fangxin", True

    def __init__(self, folder: Path) -> None:
        self.path = folder / "links.index"
        # The compiler's own time is not the peers'.
        write_index(BytesIO(), columns_of(make_network(1000)))

    def build(self, made: Made) -> int:
        write_file(self.path, lambda file: write_index(file, columns_of(made)))
        return self.path.stat().st_size

    def ways(self) -> Mapping[str, Callable[[int], int]]:
        network = open_index(self.path)
        many = ManyTraces(network)

        def plain(lot: int) -> int:
            return sum(len(walk(network, lot, back=back)[0]) - 1 for back in (True, False))

        return {
            "fangxin, compiled": lambda lot: many.count(lot, back=True) + many.count(lot, back=False),
            "fangxin, plain Python": plain,
        }

    def close(self) -> None:
        self.path.unlink()


def columns_of(made: Made) -> Columns:
    names = pl.select(pl.int_range(made.lots).cast(pl.String).str.zfill(9)).to_series()
    seconds = (made.minute + 1) * np.uint32(MINUTE)
    return Columns(names, made.source, made.target, seconds, seconds)


class Sqlite:
    """The least table: one minute a link. Written as a database is by default, so that it is on the disk, as ours is."""

    name, honours_time = "SQLite", True
    table = "CREATE TABLE link (src INTEGER, dst INTEGER, t INTEGER)"
    indexes = ("CREATE INDEX forward ON link (src, t, dst)", "CREATE INDEX back ON link (dst, t, src)")
    queries = (BACK.format(lot="?"), FORWARD.format(lot="?"))

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{type(self).__name__}.sqlite"

    def build(self, made: Made) -> int:
        self.database = sqlite3.connect(self.path)
        for text in ("cache_size=-400000", "mmap_size=8000000000"):
            self.database.execute(f"PRAGMA {text}")
        self.database.execute(self.table)
        columns = [column.tolist() for column in self.columns(made)]
        values = ", ".join("?" * len(columns))
        self.database.executemany(f"INSERT INTO link VALUES ({values})", zip(*columns, strict=True))
        for text in self.indexes:
            self.database.execute(text)
        self.database.commit()
        return self.path.stat().st_size

    def columns(self, made: Made) -> tuple[Any, ...]:
        return made.source, made.target, made.minute

    def ask(self, lot: int) -> int:
        return sum(self.database.execute(text, (lot,)).fetchone()[0] for text in self.queries)

    def ways(self) -> Mapping[str, Callable[[int], int]]:
        return {f"{self.name}, recursive query": self.ask}

    def close(self) -> None:
        self.database.close()
        self.path.unlink()


class PlatformSqlite(Sqlite):
    """The platform's columns and its own query: windows, unknown dates, the least second of every lot reached."""

    name = "SQLite, the platform's table"
    table = "CREATE TABLE link (from_lot_id INTEGER, to_lot_id INTEGER, leaves INTEGER, arrives INTEGER)"
    indexes = index_sql(table="link")
    queries = tuple(
        f"SELECT count(*) - 1 FROM ({recursive_sql(way, table='link', parameter='?')}) found"
        for way in (Direction.BACK, Direction.FORWARD)
    )

    def columns(self, made: Made) -> tuple[Any, ...]:
        return made.source, made.target, made.minute, made.minute


class Postgresql:
    name, honours_time = "PostgreSQL", True

    def __init__(self, url: str) -> None:
        self.url = url

    def build(self, made: Made) -> int:
        self.database = psycopg.connect(self.url, autocommit=True)
        for text in ("jit = off", "work_mem = '64MB'", "maintenance_work_mem = '512MB'"):
            self.database.execute(f"SET {text}")
        self.database.execute("CREATE UNLOGGED TABLE link (src integer, dst integer, t integer)")
        with self.database.cursor() as cursor, cursor.copy("COPY link FROM STDIN") as copy:
            for part in range(0, len(made.source), 1_000_000):
                copy.write(_tabbed(made, slice(part, part + 1_000_000)))
        self.database.execute("CREATE INDEX ON link (src, t, dst)")
        self.database.execute("CREATE INDEX ON link (dst, t, src)")
        self.database.execute("VACUUM ANALYZE link")
        return int(self.database.execute("SELECT pg_total_relation_size('link')").fetchone()[0])

    def ways(self) -> Mapping[str, Callable[[int], int]]:
        texts = [text.format(lot="%s::integer") for text in (BACK, FORWARD)]

        def ask(lot: int) -> int:
            return sum(self.database.execute(text, (lot,), prepare=True).fetchone()[0] for text in texts)

        return {"PostgreSQL, recursive query": ask}

    def close(self) -> None:
        self.database.close()


def _tabbed(made: Made, part: slice) -> bytes:
    frame = pl.DataFrame([column[part] for column in (made.source, made.target, made.minute)])
    return frame.write_csv(include_header=False, separator="\t").encode()


class Igraph:
    name, honours_time = "igraph", False

    def build(self, made: Made) -> int:
        self.graph: Any = igraph.Graph(n=made.lots, edges=np.column_stack([made.source, made.target]), directed=True)
        return 0

    def ways(self) -> Mapping[str, Callable[[int], int]]:
        return {
            "igraph, subcomponent": lambda lot: sum(
                len(self.graph.subcomponent(lot, mode=m)) - 1 for m in ("in", "out")
            )
        }

    def close(self) -> None:
        del self.graph


class Rustworkx:
    name, honours_time = "rustworkx", False

    def build(self, made: Made) -> int:
        self.graph = rustworkx.PyDiGraph()
        self.graph.add_nodes_from(range(made.lots))
        for part in range(0, len(made.source), 1_000_000):
            some = slice(part, part + 1_000_000)
            self.graph.extend_from_edge_list(
                list(zip(made.source[some].tolist(), made.target[some].tolist(), strict=True))
            )
        return 0

    def ways(self) -> Mapping[str, Callable[[int], int]]:
        return {
            "rustworkx, ancestors and descendants": lambda lot: (
                len(rustworkx.ancestors(self.graph, lot)) + len(rustworkx.descendants(self.graph, lot))
            )
        }

    def close(self) -> None:
        del self.graph
