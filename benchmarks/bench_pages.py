"""Pages over a register the size of a province: `fangxin bench pages [--premises 1000000] [--database sqlite]`.

The database is made first (benchmarks/county.py), then each page is opened as the province, a county and a township
see it (benchmarks/pages.py), in one process, through Django's test client. The peer of the board is a plain count of the
same rows in the same run (benchmarks/figures.py); their figures must be equal.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.county import PROVINCE_USER
from benchmarks.tables import print_table

COUNTY_USER, TOWN_USER = "office", "town"
VIEWERS = (PROVINCE_USER, COUNTY_USER, TOWN_USER)
BOARD_PAGES = ("board", "one indicator")
AIMS = {"board": 300.0, "list": 100.0}
MOST_STATEMENTS, MOST_RATIO = 20, 1.2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--premises", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=20, help="of each page, after the warm-up")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    args = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    return max(_report(kind, args.premises, _measure(kind, args.premises, args.requests)) for kind in kinds)


def _measure(kind: str, premises: int, requests: int) -> dict[str, Any]:
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
        made = _run(env, "benchmarks.county", "--premises", str(premises))
        found: dict[str, Any] = json.loads(_run(env, "benchmarks.pages", "--requests", str(requests)))
        return {**found, "volumes": made.splitlines()[-1]}


def _run(env: dict[str, str], module: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *options], env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{module} ended with {done.returncode}; see above")
    return done.stdout


def _report(kind: str, premises: int, found: dict[str, Any]) -> int:
    print(f"\n{kind}: {found['volumes']}")
    by_page: dict[str, dict[str, Any]] = {}
    for result in found["results"]:
        by_page.setdefault(result["name"], {})[result["viewer"]] = result
    print_table(
        f"Pages, {kind}, {premises} premises: p50 / p95 in ms by who looks",
        ["page", "province", "county", "township", "township ÷ county", "county ÷ province", "statements", "MB"],
        [_row(name, seen) for name, seen in by_page.items()],
    )
    print_table(
        f"Board, {kind}: kept figures against a plain count of the same rows, seconds",
        ["", "county", "province"],
        [
            ["read from what is kept", f"{found['read_county_s']:.3f}", f"{found['read_province_s']:.3f}"],
            ["plain count of the rows", f"{found['count_county_s']:.2f}", f"{found['count_province_s']:.1f}"],
            ["after a change in one township", f"{found['after_a_change_s']:.2f}", ""],
            ["first count of a day", "", f"{found['first_count_s']:.1f}"],
            ["figures compared", found["figures_county"], found["figures_province"]],
            ["equal", found["equal_county"], found["equal_province"]],
        ],
    )
    print("\nMissed aims:", "; ".join(_missed(by_page)) or "none")
    return int(not (found["equal_county"] and found["equal_province"]))


def _row(name: str, seen: dict[str, Any]) -> Sequence[object]:
    def both(viewer: str) -> str:
        return f"{seen[viewer]['p50_ms']:.0f} / {seen[viewer]['p95_ms']:.0f}" if viewer in seen else ""

    return [
        name, *(both(viewer) for viewer in VIEWERS), _ratio(seen, TOWN_USER, COUNTY_USER),
        _ratio(seen, COUNTY_USER, PROVINCE_USER), max(r["statements"] for r in seen.values()),
        round(max(r["peak_mb"] for r in seen.values())),
    ]  # fmt: skip


def _ratio(seen: dict[str, Any], part: str, whole: str) -> str:
    return f"{seen[part]['p50_ms'] / seen[whole]['p50_ms']:.2f}" if part in seen and whole in seen else ""


def _missed(by_page: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, seen in by_page.items():
        if name.startswith("export"):
            continue
        most = AIMS["board" if name.startswith(BOARD_PAGES) else "list"]
        for viewer, result in seen.items():
            if result["p95_ms"] > most:
                yield f"{name} ({viewer}) {result['p95_ms']:.0f} ms > {most:.0f}"
        for part, whole in ((TOWN_USER, COUNTY_USER), (COUNTY_USER, PROVINCE_USER)):
            ratio = _ratio(seen, part, whole)
            if ratio and float(ratio) > MOST_RATIO:
                yield f"{name}: {part} ÷ {whole} {ratio} > {MOST_RATIO}"
        statements = max(r["statements"] for r in seen.values())
        if statements > MOST_STATEMENTS:
            yield f"{name}: {statements} statements > {MOST_STATEMENTS}"


if __name__ == "__main__":
    sys.exit(main())
