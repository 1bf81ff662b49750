"""Scan statistics: `fangxin bench scan [--quick]`.

First equality: SaTScan 10.3.2's results for its own samples and R's outputs (scanstatistics, SpatialEpi, smerc), as stored beside
the reference data, against ours in this run. Then time: space-time Poisson, 999 replicates, one core; places thrown at random on
a square of 500 km, log-normal populations, 2,500 cases. A replicate's time is that of a scan with 999 less that of one with none,
through the public door. Ends with 1 when anything differs, with 2 when the reference data are not here (FANGXIN_REFERENCE_DATA).
"""

import argparse
import contextlib
import csv
import io
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import print_table
from fangxin.engines.outbreak.scan import Analysis, Count, Expected, Model, Place, Population, Settings, TimeUnit, scan
from fangxin.engines.outbreak.scan.intervals import edges_of, windows_of
from fangxin.engines.outbreak.scan.zones import circles_of, sites_of
from fangxin.surfaces.cli import main as fangxin

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "spatial-scan"
RESULTS, SAMPLES, R = FOLDER / "satscan-10.3.2-results", FOLDER / "satscan-samples", FOLDER / "r-scan"
START = date(2024, 1, 1)
CASES, REPLICATES = 2500, 999
# Places, days, analysis; the first is the one that the aim was set for.
SIZES = [
    (200, 12, Analysis.PROSPECTIVE), (100, 12, Analysis.PROSPECTIVE), (400, 12, Analysis.PROSPECTIVE),
    (800, 12, Analysis.PROSPECTIVE), (200, 28, Analysis.PROSPECTIVE), (200, 84, Analysis.PROSPECTIVE),
    (200, 12, Analysis.RETROSPECTIVE), (200, 28, Analysis.RETROSPECTIVE), (200, 84, Analysis.RETROSPECTIVE),
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="equality and the first size only")
    args = parser.parse_args()
    if not FOLDER.is_dir():
        print("The stored outputs of SaTScan and R are not here; set FANGXIN_REFERENCE_DATA.", file=sys.stderr)
        return 2
    differs = _satscan() + _r()
    _times(SIZES[:1] if args.quick else SIZES)
    return int(differs > 0)


def _satscan() -> int:
    rows, differs = [], 0
    for path in sorted(RESULTS.glob("*.parameters.json")):
        name = path.name.removesuffix(".parameters.json")
        told, members = _columns(RESULTS / f"{name}.col.txt"), _columns(RESULTS / f"{name}.gis.txt")
        began = time.perf_counter()
        found = _told_by_command(name, path)[: len(told)]
        took = time.perf_counter() - began
        same = len(found) == len(told) and all(
            _same(one, row, {member["LOC_ID"] for member in members if member["CLUSTER"] == row["CLUSTER"]})
            for one, row in zip(found, told, strict=False)
        )
        differs += not same
        p_values = f"{found[0]['p_value']:.4f} / {float(told[0]['P_VALUE']):.4f}"
        rows.append((name, len(told), "equal" if same else "DIFFERENT", p_values, f"{took:.1f}"))
    print_table(
        "SaTScan 10.3.2: places, days, cases, expected (2 decimals), statistic (6 decimals)",
        ["analysis", "clusters", "ours", "p of the first, ours / SaTScan's", "ours, s"],
        rows,
    )
    return differs


def _columns(path: Path) -> list[dict[str, str]]:
    header, *rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def _told_by_command(name: str, parameters: Path) -> list[dict[str, Any]]:
    sample = "nm" if name.startswith("nm") else "NYCfever"
    words = ["--cases", SAMPLES / f"{sample}.cas", "--locations", SAMPLES / f"{sample}.geo", "--params", parameters]
    words += ["--population", SAMPLES / "nm.pop"] if sample == "nm" else []
    with contextlib.redirect_stdout(io.StringIO()) as told:
        fangxin(["scan", *map(str, words), "--json"])
    clusters: list[dict[str, Any]] = json.loads(told.getvalue())["clusters"]
    return clusters


def _same(one: dict[str, Any], row: dict[str, str], places: set[str]) -> bool:
    days = [date(*map(int, row[column].split("/"))).isoformat() for column in ("START_DATE", "END_DATE")]
    return (
        set(one["location_ids"]) == places
        and [one["start"], one["end"]] == days
        and one["observed"] == int(row["OBSERVED"])
        and f"{one['expected']:.2f}" == row["EXPECTED"]
        and f"{one['test_stat']:.6f}" == (row.get("LLR") or row["TEST_STAT"])
    )


def _r() -> int:
    rows, differs = [], 0
    for name, told, found in _r_pairs():
        apart = abs(found / told - 1)
        differs += apart > 1e-9
        rows.append((name, f"{told:.9f}", f"{found:.9f}", f"{apart:.0e}"))
    print_table("R: statistic of the most likely cluster", ["output", "R's", "ours", "apart"], rows)
    return differs


def _r_pairs() -> list[tuple[str, float, float]]:
    told = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in R.glob("*.json")}
    pairs = [
        (name, told[name]["MLC"]["score"], _new_mexico(name, model, *told[name]["years"]))
        for name, model in (
            ("nm_eb_poisson_1986_1989", Model.EXPECTATION),
            ("nm_permutation_1984_1991", Model.PERMUTATION),
        )
    ]
    name = "pennLC_binomial_pub0.5"
    pairs.append((name, told[name]["most_likely_cluster"]["log_likelihood_ratio"], _pennsylvania(Model.BERNOULLI)))
    name = "smerc_penn_ubpop0.5_longlat"
    pairs.append((name, told[name]["clusters"][0]["loglik_ratio"], _pennsylvania(Model.POISSON)))
    return pairs


def _table(name: str) -> dict[tuple[str, date], float]:
    header, *rows = csv.reader((R / name).open(encoding="utf-8"))
    return {
        (place, date(int(row[0]), 1, 1)): float(value)
        for row in rows
        for place, value in zip(header[1:], row[1:], strict=True)
    }


def _new_mexico(name: str, model: Model, first: int, last: int) -> float:
    places = csv.DictReader((R / "NM_geo_used.csv").open(encoding="utf-8"))
    given = _table(f"{name}_baselines.csv") if model is Model.EXPECTATION else {}
    return scan(
        [Count(place, int(number), on) for (place, on), number in _table(f"{name}_counts.csv").items()],
        [Place(row["county"], (float(row["seat_lat"]), float(row["seat_long"]))) for row in places],
        model=model, start=date(first, 1, 1), end=date(last, 12, 31), seed=1,
        expected=[Expected(place, number, on) for (place, on), number in given.items()],
        settings=Settings(unit=TimeUnit.YEAR, longest_share=1, least_cases=1, replicates=0),
    )[0].statistic  # fmt: skip


def _pennsylvania(model: Model) -> float:
    rows = list(csv.DictReader((R / "pennLC.csv").open(encoding="utf-8")))
    people, ill = [int(row["population"]) for row in rows], [int(row["cases"]) for row in rows]
    names = [row["row"] for row in rows]
    return scan(
        [Count(name, number) for name, number in zip(names, ill, strict=True)],
        [Place(row["row"], (float(row["y_lat"]), float(row["x_long"]))) for row in rows],
        model=model, start=START, end=START, seed=1,
        controls=[Count(name, whole - part) for name, whole, part in zip(names, people, ill, strict=True)],
        population=[Population(name, number) for name, number in zip(names, people, strict=True)],
        settings=Settings(analysis=Analysis.SPATIAL, replicates=0),
    )[0].statistic  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Study:
    cases: list[Count]
    places: list[Place]
    population: list[Population]
    end: date

    def seconds(self, settings: Settings) -> float:
        began = time.process_time()
        scan(
            self.cases, self.places, model=Model.POISSON, start=START, end=self.end, seed=1,
            population=self.population, settings=settings,
        )  # fmt: skip
        return time.process_time() - began

    def windows(self, settings: Settings) -> int:
        sites = sites_of(self.places, cartesian=True)
        people = {row.place: row.people for row in self.population}
        at_risk = np.array([people[ids[0]] for ids in sites.ids])
        circles = circles_of(sites, at_risk, most_share=settings.most_share, most_radius=None)
        edges = edges_of(START, self.end, unit=settings.unit, length=settings.length)
        return len(circles.members) * len(windows_of(edges, settings).since)


def _study(places: int, days: int) -> _Study:
    rng = np.random.default_rng(places * 1000 + days)
    people = np.exp(rng.normal(9.0, 1.0, places))
    ill = rng.multinomial(CASES, np.repeat(people / people.sum() / days, days)).reshape(places, days)
    return _Study(
        [Count(f"{p}", int(ill[p, d]), START + timedelta(days=d)) for p, d in np.argwhere(ill).tolist()],
        [Place(f"{p}", (float(x), float(y))) for p, (x, y) in enumerate(rng.random((places, 2)) * 500)],
        [Population(f"{p}", float(number)) for p, number in enumerate(people)],
        START + timedelta(days=days - 1),
    )


def _times(sizes: list[tuple[int, int, Analysis]]) -> None:
    rows = []
    for places, days, analysis in sizes:
        study = _study(places, days)
        share = 1.0 if analysis is Analysis.PROSPECTIVE else 0.5
        whole = Settings(analysis=analysis, cartesian=True, longest_share=share, most_share=0.25, replicates=REPLICATES)
        none = replace(whole, replicates=0)
        study.seconds(replace(whole, replicates=1))
        empty = study.seconds(none)
        each = (study.seconds(whole) - empty) / REPLICATES
        windows = study.windows(whole)
        rows.append(
            (places, days, analysis.value, f"{windows:,}", f"{empty * 1e3:.0f}", f"{each * 1e3:.3f}",
             f"{each / windows * 1e9:.2f}", f"{empty + each * REPLICATES:.2f}")
        )  # fmt: skip
    print_table(
        "Poisson, circles up to 25 % of the population, 2,500 cases, processor time of one core",
        ["places", "days", "analysis", "windows", "data and search, ms", "ms a replicate", "ns a window", "999 replicates, s"],
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
