"""Durable ledger appends and verification: `fangxin bench ledger [--entries 1000000]`.

The peer of an append is a plain Django `save()` of the same row without chain and triggers, in the same run; every append is
committed with synchronous FULL (SQLite) or synchronous_commit on (PostgreSQL).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from benchmarks.tables import print_table

MEASURE = """
import json, resource, sys, time
import django; django.setup()
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", verbosity=0)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.models import Entry
singles, entries = int(sys.argv[1]), int(sys.argv[2])
with connection.cursor() as c:
    c.execute("CREATE TABLE peer AS SELECT * FROM ledger_entry WHERE 1 = 0")

def rate(n, write):
    start = time.perf_counter()
    for i in range(n):
        write(i)
    return n / (time.perf_counter() - start)

def plain(i):
    e = ledger.build_entry("ledger.verified", of=None, by=None, data={"n": i})
    with transaction.atomic(), connection.cursor() as c:
        c.execute("INSERT INTO peer (id, at, event, actor, actor_name, subject_type, subject_id, subject_name, division_code, data) "
                  "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                  [i, e.at, e.event, "", "", "", "", "", "", e.data])

def chained(i):
    with transaction.atomic():
        ledger.record("ledger.verified", of=None, by=None, data={"n": i})

out = {"plain": rate(singles, plain), "chained": rate(singles, chained)}
start = time.perf_counter()
for low in range(0, entries, 1000):
    with transaction.atomic():
        ledger.record_many([ledger.build_entry("ledger.verified", of=None, by=None, data={"n": i}) for i in range(low, low + 1000)])
ledger.seal_pending()
out["batched"] = entries / (time.perf_counter() - start)
start = time.perf_counter()
answer = ledger.verify()
out["verify_s"] = time.perf_counter() - start
out["sealed"], out["holds"] = answer.sealed, answer.holds
out["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(out))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="entries written in batches, then verified")
    parser.add_argument("--singles", type=int, default=2_000, help="entries written one by one")
    args = parser.parse_args()
    rows = []
    for kind in ("sqlite", "postgresql"):
        found = _measure(kind, args.singles, args.entries)
        rows.append(
            [kind, round(found["plain"]), round(found["chained"]), f"{found['chained'] / found['plain']:.2f}",
             round(found["batched"]), found["sealed"], f"{found['verify_s']:.1f}",
             round(found["sealed"] / found["verify_s"]), round(found["rss_mb"]), found["holds"]]
        )  # fmt: skip
    headers = [
        "database",
        "plain rows/s",
        "appends/s",
        "ratio",
        "batched/s",
        "entries",
        "verify s",
        "verified/s",
        "MB",
        "holds",
    ]
    print_table("Ledger: durable appends, one commit each (two with the seal); verification", headers, rows)
    return int(not all(row[-1] for row in rows))


def _measure(kind: str, singles: int, entries: int) -> dict[str, float]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        env = {
            **os.environ, "FANGXIN_TESTING": "1", "FANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "fangxin.config.settings",
        }  # fmt: skip
        env.pop("FANGXIN_DATABASE_URL", None)
        if kind == "postgresql":
            from tests.postgresql import running  # noqa: PLC0415  (only where it is installed)

            env["FANGXIN_DATABASE_URL"] = stack.enter_context(running())
        command = [sys.executable, "-c", MEASURE, str(singles), str(entries)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        return dict(json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
