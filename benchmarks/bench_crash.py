"""kill -9 amid writes, many seeds: `fangxin bench crash --seeds 1000 [--database postgresql]`."""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from benchmarks.crash import look, write_and_kill
from benchmarks.tables import print_table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    args = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    rows = [_measure(kind, args.seeds) for kind in kinds]
    print_table(
        "A writer killed without warning",
        ["database", "kills", "acknowledged", "lost", "doubled", "torn", "chain"],
        rows,
    )
    return int(any(row[3] or row[4] or row[5] != "no" or row[6] != "holds" for row in rows))


def _measure(kind: str, seeds: int) -> list[object]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        env = {
            **os.environ, "FANGXIN_TESTING": "1", "FANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "fangxin.config.settings",
        }  # fmt: skip
        if kind == "postgresql":
            from tests.postgresql import running  # noqa: PLC0415  (only where it is installed)

            env["FANGXIN_DATABASE_URL"] = stack.enter_context(running())
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
        acknowledged: set[int] = set()
        for seed in range(seeds):
            acknowledged |= set(write_and_kill(env, seed))
        seen = look(env, acknowledged)
    torn, chain = "yes" if seen.torn else "no", "holds" if seen.chain_holds else "broken"
    return [kind, seeds, seen.acknowledged, seen.lost, seen.doubled, torn, chain]


if __name__ == "__main__":
    sys.exit(main())
