"""Fault schedules between phones and server: `fangxin bench field-sync [--schedules 10000] [--seed 0]`.

Runs the phone's own scripts under Node against the server's own rule, and then five rules broken on purpose, which
must be noticed. Ends with 1 when a schedule breaks an invariant or a broken rule goes unnoticed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable

from benchmarks.tables import print_table
from fangxin.surfaces.field.simulation.driver import Broken, Node, Schedule
from fangxin.surfaces.field.simulation.world import MemoryStore, NoTransactionStore, SequenceOnlyStore, Server

BROKEN: dict[str, tuple[str, Callable[[], Server | None]]] = {
    "phone forgets when it has sent": ("forgets_when_sent", lambda: None),
    "phone forgets at the first answer": ("forgets_when_answered", lambda: None),
    "server knows operations by number only": ("honest", lambda: Server(SequenceOnlyStore())),
    "server keeps effects without transaction": ("honest", lambda: Server(NoTransactionStore())),
    "server ignores the order": ("honest", lambda: Server(MemoryStore(), keeps_order=False)),
}
TRIED = 200


def live(node: Node, seeds: range) -> tuple[Counter[str], Counter[str], list[str]]:
    faults, outcomes, broken = Counter[str](), Counter[str](), []
    for seed in seeds:
        try:
            schedule = Schedule(node, seed).run()
        except Broken as error:
            broken.append(str(error))
            continue
        faults += schedule.faults_seen
        rows = schedule.server.store.memory.rows.values()
        outcomes += Counter(str(row.held.outcome.state) for row in rows)
    return faults, outcomes, broken


def noticed(node: Node, client: str, server: Callable[[], Server | None]) -> tuple[int, str]:
    count, first = 0, ""
    for seed in range(TRIED):
        try:
            Schedule(node, seed, client=client, server=server()).run()
        except Broken as error:
            count, first = count + 1, first or str(error)
    return count, first


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with Node() as node:
        start = time.perf_counter()
        faults, outcomes, broken = live(node, range(args.seed, args.seed + args.schedules))
        took = time.perf_counter() - start
        rows = [(name, *noticed(node, *how)) for name, how in BROKEN.items()]
    told = [("schedules", args.schedules), ("broken", len(broken)), ("faults", faults.total()), *faults.most_common()]
    told += [(f"operations {name}", count) for name, count in sorted(outcomes.items())]
    print_table("Synchronisation under faults", ("what", "count"), [*told, ("seconds", f"{took:.0f}")])
    print_table(f"Broken on purpose, {TRIED} schedules each", ("rule", "noticed in", "first"), rows)
    for line in broken[:20]:
        print(line)
    return 1 if broken or not all(count for _name, count, _first in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
