"""`fangxin bench NAME`: one of the measurements under benchmarks/, as a table; `all` runs each in turn."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[4] / "benchmarks"


def names() -> list[str]:
    return sorted(p.stem.replace("_", "-") for p in FOLDER.glob("bench_*.py"))


def register(commands: Any) -> None:
    parser = commands.add_parser("bench", help="run one of the benchmarks")
    parser.add_argument("name", help=f"all, or one of: {', '.join(n.removeprefix('bench-') for n in names())}")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of the benchmark")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    known = [n.removeprefix("bench-") for n in names()]
    chosen = known if args.name == "all" else [args.name]
    if not set(chosen) <= set(known):
        print(f"there is no benchmark {args.name!r}; there are: all, {', '.join(known)}", file=sys.stderr)
        return 2
    codes = [
        subprocess.run(
            [sys.executable, "-m", f"benchmarks.bench_{name.replace('-', '_')}", *args.rest],
            cwd=FOLDER.parent, check=False,
        ).returncode
        for name in chosen
    ]  # fmt: skip
    return max(codes)
