"""`fangxin order`: from earlier inspections to an order for those to come, without database, settings or secret."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import re
import sys
import tempfile
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from fangxin.engines.ordering import (
    USED,
    Columns,
    HeldOut,
    Model,
    Refusal,
    Refused,
    Role,
    Table,
    area_under_curve,
    bootstrap_interval,
    choose_columns,
    days_of,
    each_days_earlier,
    fit,
    found_in_first_half,
)

DONE, MISUSE = 0, 2
MOST_BYTES = 2_000_000_000

_REFUSALS = {
    Refusal.EMPTY: "the {} file has no rows",
    Refusal.NO_TARGET: "the training file has no column {!r}; name the outcome with --target",
    Refusal.NOT_BINARY: "the target must be 0 or 1 in every row of the training file: {}",
    Refusal.ONE_CLASS: "the target {!r} is the same in every row of the training file; there is nothing to tell apart",
    Refusal.TOO_FEW: "the training file is too small to learn from ({}; at least 50 and 10 are needed)",
    Refusal.NO_KEY: "the files do not share a column {!r} that names their rows; name it with --id",
    Refusal.NOT_A_DATE: "the column {!r} is not a date in every row of both files",
    Refusal.NOTHING_USABLE: "the files share no column that could tell anything about the target",
}
_WHY = {
    Role.PERSON: "who inspects is never a feature",
    Role.OUTCOME: "not in the score file: used as the past of the same entity only",
    Role.ONLY_TRAINING: "not in the score file",
    Role.ONLY_SCORE: "not in the training file",
    Role.CONSTANT: "the same in every row",
    Role.ONCE: "hardly any value comes twice or in both files",
    Role.DAY: "describes the day of the visit, which the order decides",
    Role.FINER: "another entity column holds the same past and more",
}


class UnreadableFile(Exception):
    """The file cannot be read as a table; the message says why."""


def register(subparsers: Any) -> None:
    """Add `order` to the command."""
    parser = subparsers.add_parser("order", help="order inspections to come by the risk of a serious finding")
    parser.add_argument(
        "--train", metavar="FILE", required=True, help="earlier inspections with outcome: .csv or .csv.gz"
    )
    parser.add_argument("--score", metavar="FILE", required=True, help="inspections to order: .csv or .csv.gz")
    parser.add_argument("--target", metavar="COLUMN", required=True, help="0/1 outcome in the training file")
    parser.add_argument("--out", metavar="FILE", required=True, help="result: the id and the score, higher is sooner")
    parser.add_argument(
        "--id", metavar="COLUMN", default="Inspection_ID", help="names the rows in both files (%(default)s)"
    )
    parser.add_argument(
        "--date", metavar="COLUMN", help="date of the visit (default: the shared date that lies latest)"
    )
    parser.add_argument(
        "--exclude", metavar="REGEX", action="append", default=[],
        help="further columns never to use; those that name an inspector are always left out",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the order and report on standard error; 0 done, 2 misuse. Nothing is written unless everything is."""
    try:
        for pattern in args.exclude:
            re.compile(pattern)
        train, score = read_table(Path(args.train)), read_table(Path(args.score))
        columns = choose_columns(
            train, score, target=args.target, key=args.id, when=args.date, exclude=args.exclude
        )  # fmt: skip
        model = fit(train, columns, **period(train, score, columns))
        write_scores(Path(args.out), args.id, score.columns[args.id], model.score(score))
    except Refused as refused:
        return _say(_REFUSALS[refused.reason].format(refused.detail))
    except UnreadableFile as error:
        return _say(str(error))
    except re.error as error:
        return _say(f"--exclude is not a regular expression: {error}")
    except OSError as error:
        return _say(f"{error.filename or args.out}: {error.strerror or error}")
    print(report(train, score, columns, model), file=sys.stderr)
    return DONE


def _say(message: str) -> int:
    print(f"fangxin order: {message}", file=sys.stderr)
    return MISUSE


def read_table(path: Path) -> Table:
    """The CSV file, plain or compressed. Raises UnreadableFile, OSError."""
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise UnreadableFile(f"{path}: larger than {MOST_BYTES // 1_000_000} MB once unpacked")
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile(f"{path}: the compressed file is damaged") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: not UTF-8 text") from None
    except csv.Error as error:
        raise UnreadableFile(f"{path}: not a CSV file ({error})") from None
    return _table(path, rows)


def _table(path: Path, rows: list[list[str]]) -> Table:
    if not rows:
        raise UnreadableFile(f"{path}: the file is empty")
    header = [name.strip() for name in rows[0]]
    if len(set(header)) < len(header):
        raise UnreadableFile(f"{path}: two columns have the same name")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(header):
            raise UnreadableFile(f"{path}: row {number} has {len(row)} fields, the header has {len(header)}")
    return Table.of(header, rows[1:])


def period(train: Table, score: Table, columns: Columns) -> dict[str, int]:
    """Length of the period to score and its distance from the last known outcome, within reason, so that
    validation is like the task."""
    if not columns.when:
        return {}
    known, asked = days_of(train, columns.when), days_of(score, columns.when)
    span, gap = int(asked.max() - asked.min()) + 1, int(asked.min() - known.max()) - 1
    return {"length_days": min(120, max(14, span)), "gap_days": min(180, max(0, gap))}


def write_scores(path: Path, key: str, names: tuple[str, ...], scores: tuple[float, ...]) -> None:
    """Beside its place first, then in it."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([key, "score"])
            writer.writerows([name, f"{score:.8f}"] for name, score in zip(names, scores, strict=True))
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def report(train: Table, score: Table, columns: Columns, model: Model) -> str:
    """What was read, used, left out and why, and how good the order was where it could be checked."""
    found = sum(y for part in model.parts for y in part.found)
    lines = [f"{len(train)} rows to learn from, {len(score)} rows scored", f"used: {', '.join(columns.of(*USED))}"]
    dropped = defaultdict(list)
    for name, role in columns.roles.items():
        if role in _WHY:
            dropped[role].append(name)
    lines += [f"left out, {_WHY[role]}: {', '.join(names)}" for role, names in dropped.items()]
    if not columns.when:
        lines.append("no date column in both files: no history is used, and nothing is checked on later inspections")
    kind = "later inspections than the model saw" if model.out_of_time else "inspections the model had not seen (folds)"
    lines.append(f"checked on {len(model.parts)} parts of {kind}, with {found} findings:")
    return "\n".join([*lines, *_checked(model.parts)])


def _checked(parts: tuple[HeldOut, ...]) -> list[str]:
    areas = [area for part in parts if (area := area_under_curve(part.found, part.scores)) is not None]
    lines = [f"  area under the curve {sum(areas) / len(areas):.3f} (0.5 is chance)"]
    if parts[0].dates:
        each = [x for part in parts for x in each_days_earlier(part.dates, part.found, part.scores)]
        interval = bootstrap_interval(each, seed=1)
        halves = [half for part in parts if (half := found_in_first_half(part.dates, part.found, part.scores))]
        actual, ordered = (sum(getattr(h, side) for h in halves) / len(halves) for side in ("actual", "ordered"))
        if interval:
            low, high = interval
            lines.append(f"  found {sum(each) / len(each):.2f} days earlier (95 % interval {low:.2f} to {high:.2f})")
        lines.append(f"  in the first half of the inspections {ordered:.0%} of the findings, {actual:.0%} as it was")
    return lines
