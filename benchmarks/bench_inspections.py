"""A province's inspections: `fangxin bench inspections [--inspections 10000000] [--database sqlite]`.

The database is made first (benchmarks/inspections.py). Then lists and pages as the province, a county and a township
see them, beside a plain loop over all rows (benchmarks/inspection_pages.py); then the year's plan and the order of
visits (benchmarks/inspection_work.py). Ends with 1 when a list, a plan or the history differs from its peer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.inspection_pages import VIEWERS
from benchmarks.tables import print_table

AIM_MS, MOST_STATEMENTS = 100.0, 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=20, help="of each page, after the warm-up")
    parser.add_argument("--history", type=int, default=10_000, help="inspections to learn an order from")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    args = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    return max(_report(kind, _measure(kind, args)) for kind in kinds)


def _measure(kind: str, args: argparse.Namespace) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        env = {
            **os.environ, "FANGXIN_TESTING": "1", "FANGXIN_DATA_DIR": folder, "FANGXIN_TODAY": "2024-11-25",
            "DJANGO_SETTINGS_MODULE": "fangxin.config.settings",
        }  # fmt: skip
        env.pop("FANGXIN_DATABASE_URL", None)
        if kind == "postgresql":
            from tests.postgresql import running  # noqa: PLC0415  (only where it is installed)

            env["FANGXIN_DATABASE_URL"] = stack.enter_context(running())
        made = _run(env, "benchmarks.inspections", "--inspections", str(args.inspections))
        size = sum(path.stat().st_size for path in Path(folder).glob("fangxin.sqlite3*"))
        pages = json.loads(_run(env, "benchmarks.inspection_pages", "--requests", str(args.requests)))
        work = json.loads(_run(env, "benchmarks.inspection_work", "--history", str(args.history)))
        return {**pages, **work, "volumes": made.splitlines()[-1], "gb": size / 1e9}


def _run(env: dict[str, str], module: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *options], env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{module} ended with {done.returncode}; see above")
    return done.stdout


def _report(kind: str, found: dict[str, Any]) -> int:
    size = f" ({found['gb']:.1f} GB)" if found["gb"] else ""
    print(f"\n{kind}: {found['volumes']}{size}")
    by_page: dict[str, dict[str, Any]] = {}
    for result in found["results"]:
        by_page.setdefault(result["name"], {})[result["viewer"]] = result
    print_table(
        f"Pages of inspections, {kind}: p50 / p95 in ms by who looks",
        ["page", "province", "county", "township", "processor, same three", "statements", "MB"],
        [_row(name, seen) for name, seen in by_page.items()],
    )
    print_table(
        f"Lists against a plain loop over all rows, {kind}, seconds",
        ["list", "rows", "loop for all three", *(f"{v}: lines, seconds" for v in VIEWERS), "equal"],
        [
            [c["list"], c["rows"], f"{c['loop_s']:.1f}", *(f"{c[f'{v}_count']}, {c[f'{v}_s']:.2f}" for v in VIEWERS),
             c["equal"]]
            for c in found["compared"]
        ],
    )  # fmt: skip
    plans, order = found["plans"], found["ordering"]
    print_table(
        f"Plan and order, {kind}",
        ["work", "seconds", "statements", "MB"],
        [
            [name, f"{part['seconds']:.1f}", part["statements"], round(part["mb"])]
            for part_of in (plans, order) for name, part in part_of.items() if isinstance(part, dict)
        ],
    )  # fmt: skip
    for part in (plans, order):
        print({name: value for name, value in part.items() if not isinstance(value, dict)})
    print("\nMissed aims:", "; ".join(_missed(found["results"])) or "none")
    equal = [*(c["equal"] for c in found["compared"]), plans["equal"], order["equal_history"], order["equal_order"]]
    return int(not all(equal))


def _row(name: str, seen: dict[str, Any]) -> list[object]:
    both = (f"{seen[v]['p50_ms']:.0f} / {seen[v]['p95_ms']:.0f}" for v in VIEWERS)
    most = max(r["statements"] for r in seen.values())
    return [
        name,
        *both,
        " / ".join(f"{seen[v]['cpu_ms']:.0f}" for v in VIEWERS),
        most,
        round(max(r["peak_mb"] for r in seen.values())),
    ]


def _missed(results: list[dict[str, Any]]) -> list[str]:
    slow = [f"{r['name']} ({r['viewer']}) {r['p95_ms']:.0f} ms" for r in results if r["p95_ms"] > AIM_MS]
    many = {r["name"]: r["statements"] for r in results if r["statements"] > MOST_STATEMENTS}
    return [*slow, *(f"{name}: {count} statements" for name, count in many.items())]


if __name__ == "__main__":
    sys.exit(main())
