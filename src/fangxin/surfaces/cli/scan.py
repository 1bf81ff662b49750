"""`fangxin scan`: clusters in place and time, from SaTScan's files and parameters, without database, settings or secret."""

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fangxin.engines.outbreak.scan import Cluster, Count, Model, Place, Population, ScanRefused, scan
from fangxin.engines.outbreak.scan.files import (
    FileRefused,
    Read,
    place_ids,
    read_counts,
    read_places,
    read_population,
)
from fangxin.engines.outbreak.scan.parameters import ParametersRefused, Request, read_parameters
from fangxin.surfaces.cli import MISUSE

DONE = 0
MOST_BYTES = 500_000_000


class Unreadable(Exception):
    """A file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Data:
    places: Read[Place]
    cases: Read[Count]
    controls: Read[Count]
    population: Read[Population]

    def where(self, refused: ScanRefused) -> str:
        """The message with file and line, where the fault has one."""
        table: Read[Any] | None = getattr(self, refused.table, None) if refused.table else None
        if table is None or not table.name:
            return str(refused)
        line = f", line {table.lines[refused.row]}" if refused.row is not None else ""
        return f"{table.name}{line}: {refused}"


def register(commands: Any) -> None:
    parser = commands.add_parser("scan", help="find clusters of cases in place and time")
    parser.add_argument("--cases", metavar="FILE", required=True, help="place count [date] [covariates], .cas")
    parser.add_argument("--locations", metavar="FILE", required=True, help="place latitude longitude, or x y, .geo")
    parser.add_argument("--population", metavar="FILE", help="place date people [covariates], .pop; for Poisson")
    parser.add_argument("--controls", metavar="FILE", help="place count [date], .ctl; for Bernoulli")
    parser.add_argument("--params", metavar="FILE", required=True, help="JSON: SaTScan's parameter names and values")
    parser.add_argument("--seed", type=int, help="of the replicates (default: RandomizationSeed, else 12345678)")
    parser.add_argument("--json", action="store_true", help="the clusters as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        asked = _asked(Path(args.params))
        data = _data(args, asked)
        clusters = _scan(data, asked, asked.seed if args.seed is None else args.seed)
    except (Unreadable, FileRefused, ParametersRefused, OSError) as error:
        print(f"fangxin scan: {error}", file=sys.stderr)
        return MISUSE
    for note in (*asked.notes, *_unused(args, asked)):
        print(f"fangxin scan: {note}", file=sys.stderr)
    if args.json:
        told = {"clusters": [_as_json(cluster) for cluster in clusters]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(clusters, asked)
    return DONE


def _asked(path: Path) -> Request:
    try:
        given = json.loads(_text(path))
    except ValueError as error:
        raise Unreadable(f"{path} is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise Unreadable(f"{path} must hold a JSON object of parameter names and values")
    return read_parameters(given)


def _data(args: argparse.Namespace, asked: Request) -> _Data:
    missing = {Model.POISSON: "population", Model.BERNOULLI: "controls"}.get(asked.model)
    if missing and not getattr(args, missing):
        raise Unreadable(f"ModelType={list(Model).index(asked.model)} ({asked.model.value}) needs --{missing} FILE")
    places = read_places(_text(Path(args.locations)), args.locations)
    if not places.rows:
        raise Unreadable(f"{args.locations}: there are no places")
    known = place_ids(places.rows)
    controls: Read[Count] = Read("", (), ())
    population: Read[Population] = Read("", (), ())
    if asked.model is Model.BERNOULLI:
        controls = read_counts(_text(Path(args.controls)), args.controls, known, asked.period)
    if asked.model is Model.POISSON:
        population = read_population(_text(Path(args.population)), args.population, known, asked.period)
    cases = read_counts(_text(Path(args.cases)), args.cases, known, asked.period)
    return _Data(places, cases, controls, population)


def _scan(data: _Data, asked: Request, seed: int) -> tuple[Cluster, ...]:
    if seed < 0:
        raise Unreadable("the seed must not be negative")
    try:
        return scan(
            data.cases.rows, data.places.rows, model=asked.model, start=asked.period.start, end=asked.period.end,
            settings=asked.settings, population=data.population.rows, controls=data.controls.rows, seed=seed,
        )  # fmt: skip
    except ScanRefused as refused:
        raise Unreadable(data.where(refused)) from refused


def _unused(args: argparse.Namespace, asked: Request) -> list[str]:
    given = {"population": Model.POISSON, "controls": Model.BERNOULLI}
    return [
        f"--{name} is not used by the model {asked.model.value}"
        for name, model in given.items()
        if getattr(args, name) and model is not asked.model
    ]


def _text(path: Path) -> str:
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    try:
        if content is not None and content[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                content = file.read(MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable(f"{path} is a damaged .gz file") from error
    if content is None or len(content) > MOST_BYTES:
        raise Unreadable(f"{path} is larger than {MOST_BYTES:,} bytes")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{path} is neither UTF-8 nor GB 18030 text")


def _as_json(cluster: Cluster) -> dict[str, object]:
    return {
        "location_ids": list(cluster.places),
        "center": None if cluster.at is None else list(cluster.at),
        "radius_km": cluster.radius,
        "start": cluster.start.isoformat(),
        "end": cluster.end.isoformat(),
        "test_stat": cluster.statistic,
        "p_value": cluster.p_value,
        "recurrence_interval": cluster.recurrence_days,
        "observed": cluster.observed,
        "expected": cluster.expected,
    }


def _print(clusters: Sequence[Cluster], asked: Request) -> None:
    settings = asked.settings
    print(f"{asked.model.value}, {settings.analysis.value}, {asked.period.start} to {asked.period.end}")
    if not clusters:
        print(
            "No window holds more cases than expected." if settings.rates.value == "high" else "No window stands out."
        )
    unit = "" if settings.cartesian else " km"
    shown = [cluster for cluster in clusters if cluster.p_value != 1 or cluster is clusters[0]]
    for number, cluster in enumerate(shown, start=1):
        around = "all places" if cluster.radius is None else f"{cluster.radius:.2f}{unit} around {cluster.centre}"
        print(f"\n{number}. {around}: {_many(len(cluster.places), 'location')}, {cluster.start} to {cluster.end}")
        print(f"   {', '.join(cluster.places)}")
        print(
            f"   {_many(cluster.observed, 'case')}, {cluster.expected:.2f} expected, test statistic {cluster.statistic:.6f}"
        )
        if cluster.p_value is not None:
            days = cluster.recurrence_days
            again = f", by chance once in {_many(round(days), 'day')}" if days else ""
            print(f"   p {cluster.p_value:.4g} ({_many(cluster.replicates, 'replicate')}){again}")
    if len(shown) < len(clusters):
        print(f"\n{len(clusters) - len(shown)} more, each below every replicate; --json names them.")


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"
