"""All lots against one outbreak: `fangxin bench source-ranking [--links 1000000] [--peers]`.

A made network (`supply_network`); one lot of a hub is the source of eighty cases, twenty more come from elsewhere. Every way must
name the same lots with the same number of cases that each can have led to:

* fangxin: the whole ranking, with posterior, both likelihoods and the distance, from columns in memory;
* fangxin, the score alone: FoodChain-Lab's rule by time;
* networkx: the score alone, a search backward from every case by time, in plain Python over its adjacency;
* SQLite: the score alone, one recursive query per case over a covering index, then a count per lot.

Neither peer offers a likelihood over a network, so the first line does more than they do. Ends with 1 when any differs.
"""

import argparse
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.supply_network import Made, hub_lots, make_network
from benchmarks.tables import print_table
from fangxin.engines.traceability.ranking import Case, Flows, rank_sources
from fangxin.engines.traceability.ranking.network import groups_of, part_of, reaches
from fangxin.engines.traceability.ranking.values import Options

MINUTE = 60
ILL, OTHERS = 80, 20
ALWAYS = 2**31


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--alone", action="store_true", help="without the peers: networkx needs a kilobyte a link")
    args = parser.parse_args()
    made = make_network(args.links)
    source, ate = outbreak(made)
    print(f"{len(made.source):,} links, {made.lots:,} lots, {len(ate)} cases", file=sys.stderr)
    ways = [(fangxin_flows, fangxin_whole), (fangxin_flows, fangxin_score)]
    ways += [] if args.alone else [(networkx_graph, networkx_score), (sqlite_base, sqlite_score)]
    rows, answers = [], []
    for make, rank in ways:
        built, _, network = _timed(make, made)
        took, worked, found = _timed(rank, network, ate)
        rows.append((rank.__doc__, f"{built:.2f}", f"{took:.2f}", f"{worked:.2f}", len(found), found[source]))
        answers.append(found)
        del network
    print_table(
        "Source ranking", ["way", "made ready, s", "ranked, s", "of it CPU, s", "lots", "cases of the source"], rows
    )
    return int(any(answer != answers[0] for answer in answers))


def _timed(work: Callable[..., Any], *values: Any) -> tuple[float, float, Any]:
    began, worked = time.perf_counter(), time.process_time()
    answer = work(*values)
    return time.perf_counter() - began, time.process_time() - worked, answer


def outbreak(made: Made) -> tuple[int, list[int]]:
    """A hub's lot, and the lots that the cases ate of: what it led to in time, and others."""
    random = np.random.default_rng(11)
    source = int(hub_lots(made, 1)[0])
    order = np.lexsort((made.minute, made.source))
    first = np.searchsorted(made.source[order], np.arange(made.lots + 1))
    earliest, front = {source: 0}, [source]
    while front:
        lot = front.pop()
        for link in order[first[lot] : first[lot + 1]].tolist():
            target, minute = int(made.target[link]), int(made.minute[link])
            if minute >= earliest[lot] and minute < earliest.get(target, ALWAYS):
                earliest[target] = minute
                front.append(target)
    last = np.setdiff1d(np.arange(made.lots), made.source)
    ate = random.choice(np.intersect1d(list(earliest), last), ILL, replace=True)
    return source, [int(lot) for lot in [*ate, *random.choice(last, OTHERS)]]


def fangxin_flows(made: Made) -> Flows:
    second = made.minute * np.uint32(MINUTE)
    nowhere = np.full(len(second), -1, dtype=np.int32)
    return Flows(made.lots, made.source, made.target, second, second, np.ones(len(second)), nowhere)


def fangxin_whole(flows: Flows, ate: list[int]) -> Counter[int]:
    """fangxin, posterior and four methods"""
    ranking = rank_sources(flows, [Case(str(n), lot=lot) for n, lot in enumerate(ate)])
    return Counter({ranked.lot: round(ranked.score * len(ate)) for ranked in ranking.lots})


def fangxin_score(flows: Flows, ate: list[int]) -> Counter[int]:
    """fangxin, the score alone"""
    groups = groups_of(flows, [Case(str(n), lot=lot) for n, lot in enumerate(ate)], Options())
    part = part_of(flows, groups, Options())
    counts = reaches(part) @ np.array([group.weight for group in groups])
    return Counter({lot: round(n) for lot, n in zip(part.lots.tolist(), counts.tolist(), strict=True) if n})


def networkx_graph(made: Made) -> Any:
    graph: Any = nx.MultiDiGraph()
    columns = (made.source.tolist(), made.target.tolist(), made.minute.tolist())
    graph.add_edges_from((a, b, {"minute": minute}) for a, b, minute in zip(*columns, strict=True))
    return graph


def networkx_score(graph: Any, ate: list[int]) -> Counter[int]:
    """networkx, the score alone"""
    found: Counter[int] = Counter()
    for lot in ate:
        found.update(_back(graph.pred, lot))
    return found


def _back(before: Any, start: int) -> set[int]:
    """Latest minutes first, so that every lot is taken once."""
    latest, front = {start: ALWAYS}, [(-ALWAYS, start)]
    while front:
        until, lot = heappop(front)
        if -until < latest[lot] or lot not in before:
            continue
        for other, links in before[lot].items():
            minute = max((link["minute"] for link in links.values() if link["minute"] <= -until), default=-1)
            if minute > latest.get(other, -1):
                latest[other] = minute
                heappush(front, (-minute, other))
    return set(latest)


def sqlite_base(made: Made) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE link (src INTEGER, dst INTEGER, t INTEGER)")
    rows = zip(made.source.tolist(), made.target.tolist(), made.minute.tolist(), strict=True)
    base.executemany("INSERT INTO link VALUES (?, ?, ?)", rows)
    base.execute("CREATE INDEX back ON link (dst, t, src)")
    return base


def sqlite_score(base: sqlite3.Connection, ate: list[int]) -> Counter[int]:
    """SQLite, the score alone"""
    found: Counter[int] = Counter()
    query = (
        "WITH RECURSIVE r(node, t) AS (SELECT ?, 2000000000 UNION SELECT e.src, e.t FROM r JOIN link e"
        " ON e.dst = r.node AND e.t <= r.t) SELECT DISTINCT node FROM r"
    )
    for lot in ate:
        found.update(node for (node,) in base.execute(query, (lot,)))
    return found


if __name__ == "__main__":
    sys.exit(main())
