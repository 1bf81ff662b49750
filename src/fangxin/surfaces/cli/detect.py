"""`fangxin detect`: weeks with more cases than there should be, without database, settings or secret."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from fangxin.engines.outbreak.detection import METHODS, DetectionRefused, Detections, Panel, detect
from fangxin.engines.outbreak.detection.reading import read_panel
from fangxin.surfaces.cli import MISUSE

DONE = 0
MOST_BYTES = 100_000_000


class Unreadable(Exception):
    """A file cannot be used; the message says why and what to do."""


def register(commands: Any) -> None:
    parser = commands.add_parser("detect", help="find weeks with more cases than there should be")
    parser.add_argument(
        "counts", metavar="COUNTS.csv", help="index, year, period, date, one column a series; a .json beside it"
    )
    parser.add_argument("--method", choices=tuple(METHODS), required=True)
    parser.add_argument(
        "--params", metavar="FILE", required=True, help="JSON: parameters, as R's surveillance names them"
    )
    parser.add_argument(
        "--units", metavar="COLUMN,…", help="columns of counts (default: those of the .json, else the first)"
    )
    parser.add_argument(
        "--compat", choices=("surveillance",), help="reproduce R's surveillance where it departs from the papers"
    )
    parser.add_argument("--json", action="store_true", help="every row looked at, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        path = Path(args.counts)
        beside = path.with_suffix(".json")
        units = [name.strip() for name in args.units.split(",")] if args.units else None
        control = _object(Path(args.params))
        panel = read_panel(_text(path), _object(beside) if beside.is_file() else None, units)
        found = detect(panel, args.method, control, compat=args.compat is not None)
    except DetectionRefused as refused:
        print(f"fangxin detect: {_where(args.counts, refused)}{refused}", file=sys.stderr)
        return MISUSE
    except (Unreadable, OSError) as error:
        print(f"fangxin detect: {error}", file=sys.stderr)
        return MISUSE
    rows = _rows(panel, found)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _print(rows, args.method)
    return DONE


def _where(name: str, refused: DetectionRefused) -> str:
    row = f", row {refused.row}" if refused.row else ""
    column = f", column {refused.unit}" if refused.unit else ""
    return f"{name}{row}{column}: " if row or column else ""


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{path} is larger than {MOST_BYTES:,} bytes")
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{path} is neither UTF-8 nor GB 18030 text")


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except ValueError as error:
        raise Unreadable(f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Unreadable(f"{path} must hold a JSON object")
    return found


def _rows(panel: Panel, found: Detections) -> list[dict[str, Any]]:
    return [
        {
            "unit": unit, "index": int(row), "date": None if panel.dates is None else str(panel.dates[row - 1]),
            "observed": _count(found.observed[k, u]), "expected": _number(found.expected[k, u]),
            "upperbound": _number(found.upperbound[k, u]), "alarm": bool(found.alarm[k, u]),
        }
        for u, unit in enumerate(panel.units)
        for k, row in enumerate(found.rows)
    ]  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _count(value: float) -> int | None:
    return int(value) if math.isfinite(value) else None


def _print(rows: list[dict[str, Any]], method: str) -> None:
    alarms = [row for row in rows if row["alarm"]]
    unknown = sum(row["upperbound"] is None for row in rows)
    print(f"{method}: {len(rows):,} rows looked at, {len(alarms):,} alarms, {unknown:,} without a bound")
    for row in alarms:
        when = f"{row['date']} " if row["date"] else ""
        expected = "" if row["expected"] is None else f", {row['expected']:.1f} expected"
        print(
            f"  {row['unit']} {when}(row {row['index']}): {row['observed']} cases{expected}, bound {row['upperbound']:.1f}"
        )
