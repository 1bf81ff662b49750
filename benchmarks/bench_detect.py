"""Temporal detection beside R's surveillance: `fangxin bench detect [--quick]`.

Series of ten years of weeks (negative binomial, means 0.5 to 40, season, trend, injected outbreaks, from one seed). The same
counts go to `farringtonFlexible` and `earsC` of surveillance (Debian package r-cran-surveillance) and to ours in this run; bounds
must be equal: each missing where the other is, and not further apart than one in a million. Then ours alone on more series than R
could do in the time, and the nightly run of a province, with memory. Ends with 1 when a bound differs, with 2 when R is not here.
"""

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import print_table
from fangxin.engines.outbreak.detection import Panel, detect

WEEKS = 520
FLEXIBLE = {
    "b": 5, "w": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "reweight": True, "weightsThreshold": 2.58, "alpha": 0.01,
    "trend": True, "pThresholdTrend": 1, "thresholdMethod": "nbPlugin", "limit54": [5, 4], "glmWarnings": False,
}  # fmt: skip
COUNTIES, SYNDROMES, TOWNSHIPS = 180, 12, 18
# Timed inside R, after the package is loaded; the script prints the seconds.
R_SCRIPT = """
suppressMessages(library(surveillance))
args <- commandArgs(TRUE)
counts <- as.matrix(read.csv(args[1], header = FALSE))
series <- sts(observed = counts, frequency = 52)
control <- CONTROL
began <- proc.time()[["elapsed"]]
found <- suppressWarnings(if (args[2] == "ears") earsC(series, control) else farringtonFlexible(series, control))
cat(proc.time()[["elapsed"]] - began, "\\n")
write.table(upperbound(found), args[3], row.names = FALSE, col.names = FALSE, sep = ",", na = "NA")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two weeks instead of eight beside R, 2,000 series alone")
    args = parser.parse_args()
    if shutil.which("Rscript") is None or not _r_has_surveillance():
        print("R's surveillance is not here: install the Debian package r-cran-surveillance.", file=sys.stderr)
        return 2
    panel = _panel(200)
    detect(panel, "farrington-flexible", FLEXIBLE | {"range": [WEEKS, WEEKS]})  # compiles
    weeks = 2 if args.quick else 8
    beside = [
        ("farringtonFlexible", "farrington-flexible", FLEXIBLE | {"range": [WEEKS, WEEKS]}, panel),
        ("farringtonFlexible", "farrington-flexible", FLEXIBLE | {"range": [WEEKS - weeks + 1, WEEKS]}, panel),
        ("earsC C2", "ears", {"method": "C2", "baseline": 7, "alpha": 0.001, "range": [WEEKS - 103, WEEKS]}, panel),
    ]
    rows, differs = [], 0
    for name, method, control, given in beside:
        row, wrong = _beside(name, method, control, given)
        rows.append(row)
        differs += wrong
    print_table(
        "Beside surveillance, the same counts",
        ["method", "series", "weeks", "R s", "ours s", "R, times ours", "bounds that differ"],
        rows,
    )
    _alone(2_000 if args.quick else 20_000)
    return int(differs > 0)


def _r_has_surveillance() -> bool:
    done = subprocess.run(["Rscript", "-e", "library(surveillance)"], capture_output=True, check=False)
    return done.returncode == 0


def _panel(series: int) -> Panel:
    rng = np.random.default_rng(2013)
    week = np.arange(WEEKS)[:, None]
    level = np.exp(rng.uniform(np.log(0.5), np.log(40), series))
    season = 0.4 * np.sin(2 * np.pi * (week / 52 + rng.uniform(0, 1, series)))
    mean = level * np.exp(season + rng.uniform(-0.0008, 0.0012, series) * week)
    counts = rng.negative_binomial(4, 4 / (4 + mean)).astype(float)
    for outbreak in range(int(0.3 * series)):
        at, unit = rng.integers(60, WEEKS), outbreak % series
        counts[at, unit] += rng.poisson(6 * np.sqrt(mean[at, unit]) + 4)
    return Panel(counts, tuple(f"s{n}" for n in range(series)))


def _beside(name: str, method: str, control: dict[str, Any], panel: Panel) -> tuple[list[str], int]:
    began = time.perf_counter()
    found = detect(panel, method, control, compat=True)
    ours = time.perf_counter() - began
    theirs, bounds = _in_r(method, control, panel)
    own = found.upperbound
    same = (np.isnan(own) & np.isnan(bounds)) | (np.abs(own - bounds) <= 1e-6 * np.maximum(np.abs(bounds), 1e-9))
    wrong = int((~same).sum())
    weeks = control["range"][1] - control["range"][0] + 1
    row = [
        name,
        f"{len(panel.units):,}",
        f"{weeks}",
        f"{theirs:.2f}",
        f"{ours:.4f}",
        f"{theirs / ours:,.0f}",
        f"{wrong} of {own.size:,}",
    ]
    return row, wrong


def _in_r(method: str, control: dict[str, Any], panel: Panel) -> tuple[float, Any]:
    with tempfile.TemporaryDirectory() as folder:
        counts, bounds, script = Path(folder, "counts.csv"), Path(folder, "bounds.csv"), Path(folder, "run.R")
        with counts.open("w", newline="") as file:
            csv.writer(file).writerows(panel.counts.astype(int).tolist())
        script.write_text(R_SCRIPT.replace("CONTROL", _as_r(control)))
        command = ["Rscript", str(script), str(counts), method, str(bounds)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        return float(done.stdout.split()[-1]), np.genfromtxt(bounds, delimiter=",", missing_values="NA", ndmin=2)


def _as_r(control: dict[str, Any]) -> str:
    def value(name: str, given: Any) -> str:
        if isinstance(given, bool):
            return "TRUE" if given else "FALSE"
        if isinstance(given, list):
            return f"{given[0]}:{given[1]}" if name == "range" else f"c({given[0]}, {given[1]})"
        return json.dumps(given)

    return f"list({', '.join(f'{name} = {value(name, given)}' for name, given in control.items())})"


def _alone(series: int) -> None:
    rows = []
    for name, count in (
        ("series of one level", series),
        ("a province: counties, townships and the whole, by syndrome", None),
    ):
        many = count or COUNTIES * SYNDROMES * (TOWNSHIPS + 1)
        panel = _panel(many)
        began = time.perf_counter()
        found = detect(panel, "farrington-flexible", FLEXIBLE | {"range": [WEEKS, WEEKS]})
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            [
                name,
                f"{many:,}",
                f"{seconds:.2f}",
                f"{1e6 * seconds / many:.0f}",
                f"{int(found.alarm.sum()):,}",
                f"{peak:,.0f}",
            ]
        )
    print_table(
        "Ours alone, the last week of ten years", ["run", "series", "s", "µs a series", "alarms", "peak MB"], rows
    )


if __name__ == "__main__":
    sys.exit(main())
