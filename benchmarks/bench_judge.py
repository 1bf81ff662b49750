"""Judging a million laboratory results: `fangxin bench judge [--results 1000000]`.

Tables of the size measured for the field: 500 analytes by a tree of 20, 80 and 400 foods, one to three dated editions,
some 80,000 limits; results in three units, half of them not detected. The peers judge the same columns: a plain Python
loop over dictionaries with `bisect`, and a hand-written Polars `join_asof` for each level of the tree. Every answer
must be the same, and some thousand are put to the judge of single results as well. Ends with 1 when any differs.
"""

import argparse
import random
import sys
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from benchmarks.tables import print_table
from fangxin.engines.limits import UNITS as KNOWN
from fangxin.engines.limits import Judge, Measured, Tables, read_tables
from fangxin.engines.limits.bulk import NOT_DETECTED, NUMBER, OUTCOMES, REASONS, BulkJudge, Results

ANALYTES, LEVELS, KEYS = 500, (20, 80, 400), 40_000
FIRST, LAST = date(2015, 1, 1), date(2026, 1, 1)
EDITIONS = (FIRST, date(2019, 1, 1), date(2023, 1, 1))
# How many thousandths of a milligram per kilogram one of each is.
UNITS = (("mg/kg", 1000), ("μg/kg", 1), ("g/kg", 1_000_000))
CHECKED, ROUNDS = 5_000, 5
ASKED, CONFORMING, NONCONFORMING, UNDETERMINED, NOT_REGULATED = -1, 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What every way is given: versions by (analyte, food), in millionths of mg/kg; parents of the foods."""

    versions: dict[tuple[int, int], list[tuple[int, int, int]]]
    parents: list[int]
    names: list[str]
    tables: Tables


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1_000_000)
    args = parser.parse_args()
    rng = random.Random(20)
    began = time.perf_counter()
    limits = make_limits(rng)
    made = time.perf_counter()
    bulk = BulkJudge(limits.tables)
    compiled = time.perf_counter()
    results = make_results(rng, limits, args.results)
    bulk.judge(results)  # the compiler's own time is not the peers'
    ways: dict[str, Callable[[], Any]] = {
        "fangxin": lambda: bulk.judge(results),
        "plain loop over dictionaries": lambda: plain_loop(limits, results),
        "Polars join_asof": polars_way(limits, results),
    }
    times: dict[str, list[float]] = defaultdict(list)
    answers = {}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            if name.startswith("plain") and turn > 1:
                continue
            start = time.perf_counter()
            answers[name] = way()
            times[name].append(time.perf_counter() - start)
    ours = answers["fangxin"]
    wrong = {
        name: int((np.array(found[0]) != ours.outcome).sum() + (np.array(found[1]) != ours.row).sum())
        for name, found in answers.items()
        if name != "fangxin"
    }
    mine = median(times["fangxin"])
    print_table(
        f"{args.results:,} results judged with limit and reason, {len(limits.tables.rows):,} limits",
        ["way", "seconds (median)", "least", "times fangxin", "answers that differ"],
        [
            [name, f"{median(found):.3f}", f"{min(found):.3f}", f"{median(found) / mine:.1f}", wrong.get(name, "-")]
            for name, found in times.items()
        ],
    )
    single, differ = one_by_one(limits, results, ours)
    print_table(
        "One result at a time, and what it takes to begin",
        ["", ""],
        [
            ["a single verdict, p50", f"{median(single) * 1e3:.3f} ms"],
            ["a single verdict, p99", f"{sorted(single)[int(0.99 * len(single))] * 1e3:.3f} ms"],
            [f"of {CHECKED:,} single verdicts differ", differ],
            ["tables made and read from text", f"{made - began:.1f} s"],
            ["tables compiled for bulk", f"{compiled - made:.2f} s"],
        ],
    )
    asked = int((ours.outcome == ASKED).sum())
    return 1 if any(wrong.values()) or differ or asked else 0


# --- what is judged ---------------------------------------------------------------------------------------------------


def make_limits(rng: random.Random) -> Limits:
    names, parents = _foods()
    keys = rng.sample([(a, f) for a in range(ANALYTES) for f in range(len(names))], KEYS)
    versions: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    lines: list[list[str]] = [[], [], []]
    for analyte, food in sorted(keys):
        count = rng.choice((1, 2, 3))
        found = []
        for number in range(3 - count, 3):
            limit = rng.choice((10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000))
            begins = EDITIONS[number].toordinal()
            ends = (EDITIONS[number + 1] - timedelta(days=1)).toordinal() if number < 2 else LAST.toordinal() + 9999
            found.append((begins, ends, limit))
            lines[number].append(f"物质{analyte},{names[food]},{Decimal(limit) / 1_000_000},mg/kg,V")
        versions[analyte, food] = found
    return Limits(versions, parents, names, read_tables(_files(names, parents, lines)))


def _foods() -> tuple[list[str], list[int]]:
    """Names and parents: 20 groups, 80 kinds, 400 foods."""
    names, parents, above = [], [], [-1]
    for level, size in enumerate(LEVELS):
        begins = len(names)
        names += [f"食物{level}-{n}" for n in range(size)]
        parents += [above[n % len(above)] for n in range(size)]
        above = list(range(begins, begins + size))
    return names, parents


def _files(names: list[str], parents: list[int], lines: list[list[str]]) -> dict[str, bytes]:
    def head(kind: str, table: str, **more: str) -> bytes:
        facts = {"kind": kind, "table": table, "id": table, "name": table, "in_force_from": str(FIRST), "source": "made",
                 "confidence": "V", "entered_by": "benchmark", **more}  # fmt: skip
        return "".join(f'{key} = "{value}"\n' for key, value in facts.items()).encode()

    foods = ["name,parents"] + [
        f"{name},{names[up] if up >= 0 else ''}" for name, up in zip(names, parents, strict=True)
    ]
    files = {
        "foods.toml": head("foods", "foods.csv"), "foods.csv": "\n".join(foods).encode(),
        "analytes.toml": head("analytes", "analytes.csv"),
        "analytes.csv": "\n".join(["name,family"] + [f"物质{n},contaminant" for n in range(ANALYTES)]).encode(),
    }  # fmt: skip
    for number, rows in enumerate(lines):
        begins, ends = EDITIONS[number], EDITIONS[number + 1] - timedelta(days=1) if number < 2 else ""
        facts = {
            "standard": "GB 1",
            "edition": str(begins.year),
            "in_force_from": str(begins),
            "in_force_to": str(ends),
        }
        files[f"gb{number}.toml"] = head("contaminant", f"gb{number}.csv", **{"id": f"gb{number}", **facts})
        files[f"gb{number}.csv"] = "\n".join(["analyte,food,limit,unit,confidence", *rows]).encode()
    return files


def make_results(rng: random.Random, limits: Limits, size: int) -> Results:
    numbers = np.random.default_rng(rng.randrange(2**32))
    leaves = len(limits.names) - LEVELS[-1]
    bulk_units = _unit_numbers()
    unit = numbers.integers(0, len(UNITS), size)
    amount = numbers.integers(1, 1_200_000, size)  # millionths of mg/kg
    nothing = numbers.random(size) < 0.55
    lod = numbers.choice([1_000, 5_000, 20_000, 300_000], size)
    # A thousandth of what a unit can tell is kept, so that all three tell the same amount exactly.
    scale = np.array([1_000_000, 1_000_000_000, 1_000], np.int64)[unit]
    value = amount // 1_000 * 1_000 * scale // 1_000_000
    days = numbers.integers(FIRST.toordinal(), LAST.toordinal(), size)
    return Results(
        food=numbers.integers(leaves, len(limits.names), size).astype(np.int32),
        analyte=numbers.integers(0, ANALYTES, size).astype(np.int32),
        day=days.astype(np.int32),
        unit=np.array(bulk_units, np.int32)[unit],
        form=np.where(nothing, NOT_DETECTED, NUMBER).astype(np.int8),
        value=np.where(nothing, -1, value).astype(np.int64),
        lod=(lod * scale // 1_000_000).astype(np.int64),
    )


def _unit_numbers() -> list[int]:
    return [list(KNOWN).index(name) for name, _per in UNITS]


# --- the peers --------------------------------------------------------------------------------------------------------


def plain_loop(limits: Limits, results: Results) -> tuple[list[int], list[int]]:
    """What a program without this engine would do: walk up the tree, look the edition up, compare whole numbers."""
    table = {key: ([v[0] for v in found], found) for key, found in limits.versions.items()}
    numbers = row_numbers(limits)
    parents = limits.parents
    per = dict(zip(_unit_numbers(), (per for _, per in UNITS), strict=True))
    outcomes, rows = [], []
    for food, analyte, day, unit, form, value, lod in zip(
        results.food.tolist(), results.analyte.tolist(), results.day.tolist(), results.unit.tolist(),
        results.form.tolist(), results.value.tolist(), results.lod.tolist(), strict=True,
    ):  # fmt: skip
        found, at = None, food
        while at >= 0 and found is None:
            versions = table.get((analyte, at))
            if versions is not None:
                place = bisect_right(versions[0], day) - 1
                if place >= 0 and day <= versions[1][place][1]:
                    found = (analyte, at, place), versions[1][place][2]
                    break
            at = parents[at]
        if found is None:
            outcomes.append(NOT_REGULATED if not _known(limits, analyte, food) else ASKED)
            rows.append(-1)
            continue
        limit = found[1] * 1000
        if form == NUMBER and value >= lod:
            outcomes.append(NONCONFORMING if value * per[unit] > limit else CONFORMING)
        else:
            outcomes.append(CONFORMING if lod * per[unit] <= limit else UNDETERMINED)
        rows.append(numbers[found[0]])
    return outcomes, rows


def _known(limits: Limits, analyte: int, food: int) -> bool:
    """Whether the case had a limit on some other day: then its edition is missing, and nothing is said."""
    while food >= 0:
        if (analyte, food) in limits.versions:
            return True
        food = limits.parents[food]
    return False


def row_numbers(limits: Limits) -> dict[tuple[int, int, int], int]:
    """Number of the tables' row by analyte, food and place among the versions."""
    by_start = {(row.analyte, row.food, row.start): row.number for row in limits.tables.rows}
    return {
        (analyte, food, place): by_start[analyte, food, version[0]]
        for (analyte, food), found in limits.versions.items()
        for place, version in enumerate(found)
    }


def polars_way(limits: Limits, results: Results) -> Callable[[], tuple[Any, Any]]:
    """One `join_asof` for each level of the tree, the nearest first; the frames are made beforehand."""
    numbers = row_numbers(limits)
    versions = pl.DataFrame(
        [
            (analyte, food, begins, ends, limit, numbers[analyte, food, place])
            for (analyte, food), found in limits.versions.items()
            for place, (begins, ends, limit) in enumerate(found)
        ],
        schema={
            "analyte": pl.Int32,
            "food": pl.Int32,
            "day": pl.Int32,
            "ends": pl.Int32,
            "limit": pl.Int64,
            "row": pl.Int32,
        },
        orient="row",
    ).sort("day")
    parents = np.array(limits.parents, np.int32)
    per = np.zeros(max(_unit_numbers()) + 1, np.int64)
    per[_unit_numbers()] = [per for _, per in UNITS]
    up = parents[results.food]
    frame = pl.DataFrame(
        {
            "at": np.arange(len(results)), "analyte": results.analyte, "day": results.day, "food0": results.food,
            "food1": up, "food2": parents[np.maximum(up, 0)], "form": results.form, "value": results.value,
            "lod": results.lod, "per": per[results.unit],
        }
    )  # fmt: skip
    ever = versions.select("analyte", "food").unique().with_columns(known=pl.lit(value=True))

    def judge() -> tuple[Any, Any]:
        found = frame.sort("day")
        for level in range(3):
            name = f"food{level}"
            found = found.join_asof(
                versions.rename({"food": name}), on="day", by=["analyte", name], suffix=str(level), check_sortedness=False
            ) if level == 0 else found.join_asof(
                versions.rename({"food": name, "ends": f"ends{level}", "limit": f"limit{level}", "row": f"row{level}"}),
                on="day", by=["analyte", name], check_sortedness=False,
            )  # fmt: skip
        picks = [pl.col("row"), pl.col("row1"), pl.col("row2")]
        limit = pl.coalesce("limit", "limit1", "limit2") * 1000
        seen = (pl.col("form") == NUMBER) & (pl.col("value") >= pl.col("lod"))
        outcome = (
            pl.when(limit.is_null()).then(NOT_REGULATED)
            .when(seen & (pl.col("value") * pl.col("per") > limit)).then(NONCONFORMING)
            .when(seen | (pl.col("lod") * pl.col("per") <= limit)).then(CONFORMING)
            .otherwise(UNDETERMINED)
        )  # fmt: skip
        said = found.select(
            "at", "analyte", "food0", "food1", "food2", outcome=outcome, row=pl.coalesce(*picks).fill_null(-1)
        )
        # Without a limit on the day, but with one on another: the edition is missing.
        lost = said.filter(pl.col("row") == -1)
        for level in range(3):
            lost = lost.join(
                ever.rename({"food": f"food{level}", "known": f"known{level}"}),
                on=["analyte", f"food{level}"],
                how="left",
            )
        asked = lost.filter(pl.any_horizontal("known0", "known1", "known2"))["at"].to_numpy()
        said = said.sort("at")
        outcomes = said["outcome"].to_numpy().copy()
        outcomes[asked] = ASKED
        return outcomes, said["row"].to_numpy()

    return judge


def one_by_one(limits: Limits, results: Results, ours: Any) -> tuple[list[float], int]:
    """Some thousand results put to the judge of single results: how long each takes, how many answers differ."""
    judge, differ, times = Judge(limits.tables), 0, []
    units = dict(zip(_unit_numbers(), (name for name, _ in UNITS), strict=True))
    for i in range(min(CHECKED, len(results))):
        row = Measured(
            sample_id=str(i), food=limits.names[results.food[i]], analyte=f"物质{results.analyte[i]}",
            value="未检出" if results.form[i] == NOT_DETECTED else Decimal(int(results.value[i])) / 1_000_000,
            unit=units[int(results.unit[i])], lod=Decimal(int(results.lod[i])) / 1_000_000,
            sampled_on=date.fromordinal(int(results.day[i])),
        )  # fmt: skip
        start = time.perf_counter()
        verdict = judge.judge(row)
        times.append(time.perf_counter() - start)
        if ours.outcome[i] == ASKED:
            differ += verdict.reason.code != "no_edition"
            continue
        said = OUTCOMES[ours.outcome[i]], REASONS[ours.reason[i]]
        limit = limits.tables.rows[ours.row[i]].limit if ours.row[i] >= 0 else None
        differ += (verdict.outcome, verdict.reason.code, verdict.limit) != (*said, limit)
    return times, differ


if __name__ == "__main__":
    sys.exit(main())
