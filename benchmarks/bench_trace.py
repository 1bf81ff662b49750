"""Whole traces in big networks: `fangxin bench trace [--links 1000000] [--big]`.

A made network (`benchmarks/supply_network.py`); one trace is back and forward of one lot, counted in lots. A hundred random
lots and a hundred of the lots with the most buyers are asked of every way in turn, one warm-up and three counted rounds, of which
each lot's least time counts: the compiled walk over the mapped index, the same walk in plain Python, SQLite's and
PostgreSQL's recursive queries on covering indexes, and the graph libraries igraph and rustworkx, which do not honour time and
so find too much. All ways that honour time must find the same numbers; ends with 1 when any differs. `--big` is 100 million
links without the peers that do not fit.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path

from tests.postgresql import running

from benchmarks.supply_network import Made, hub_lots, make_network, random_lots
from benchmarks.tables import percentile, print_table
from benchmarks.trace_commands import one_shots
from benchmarks.trace_peers import Fangxin, Igraph, Peer, PlatformSqlite, Postgresql, Rustworkx, Sqlite

ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=float, default=1e6)
    parser.add_argument("--big", action="store_true", help="100 million links")
    parser.add_argument("--lots", type=int, default=100, help="lots in each of the two sets")
    parser.add_argument("--without", default="", help="peers to leave out, with commas")
    args = parser.parse_args()
    links = 100_000_000 if args.big else int(args.links)
    left_out = {*args.without.split(","), *(("igraph", "rustworkx") if args.big else ())}
    made = make_network(links)
    print(f"{len(made.source):,} links between {made.lots:,} lots")
    with tempfile.TemporaryDirectory(prefix="fangxin-trace-") as folder, running() as url:
        here = Path(folder)
        peers = [Fangxin(here), Sqlite(here), PlatformSqlite(here), Postgresql(url), Igraph(), Rustworkx()]
        return _measure(made, [peer for peer in peers if peer.name not in left_out], args.lots, Path(folder))


def _measure(made: Made, peers: Sequence[Peer], lots: int, folder: Path) -> int:
    built = [(peer, *_timed(lambda peer=peer: peer.build(made))) for peer in peers]
    ours = built[0][1]
    print_table(
        "Ready to be asked, from columns in memory",
        ["way", "seconds", "times fangxin", "MB on disk"],
        [[peer.name, f"{took:.2f}", f"{took / ours:.1f}", f"{size / 1e6:,.0f}" if size else "-"] for peer, took, size in built],
    )  # fmt: skip
    ways = {name: (way, peer.honours_time) for peer in peers for name, way in peer.ways().items()}
    wrong = 0
    for title, chosen in (
        ("random lots", random_lots(made, lots)),
        ("lots with the most buyers", hub_lots(made, lots)),
    ):
        wrong += _compare(f"{len(chosen)} {title}, back and forward", ways, chosen.tolist())
    one_shots(peers, made, folder)
    for peer in peers:
        peer.close()
    return 1 if wrong else 0


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    size = work()
    return time.perf_counter() - began, size


def _compare(title: str, ways: dict[str, tuple[Callable[[int], int], bool]], lots: list[int]) -> int:
    """Every lot is asked of every way in turn, so that all share the same caches and the same noise."""
    least = {name: [inf] * len(lots) for name in ways}
    found = {name: [0] * len(lots) for name in ways}
    for turn in range(ROUNDS + 1):
        for place, lot in enumerate(lots):
            for name, (way, _) in ways.items():
                began = time.perf_counter()
                found[name][place] = way(lot)
                took = time.perf_counter() - began
                least[name][place] = min(least[name][place], took) if turn else inf
    first = next(iter(ways))
    wrong = {name: sum(a != b for a, b in zip(found[name], found[first], strict=True)) for name in ways}
    counts = found[first]
    rows = [
        [
            name,
            "yes" if honours else "no",
            f"{percentile(least[name], 0.5) * 1e3:.3f}",
            f"{percentile(least[name], 0.95) * 1e3:.3f}",
            f"{sum(least[name]) / sum(least[first]):.1f}",
            wrong[name],
        ]
        for name, (_, honours) in ways.items()
    ]
    print_table(
        f"{title}: {percentile(counts, 0.5):,} lots reached at the median, {percentile(counts, 0.95):,} at p95, {max(counts):,} at most",
        ["way", "honours time", "p50 ms", "p95 ms", "total, times the first", "counts that differ"],
        rows,
    )  # fmt: skip
    return sum(count for name, count in wrong.items() if ways[name][1])


if __name__ == "__main__":
    sys.exit(main())
