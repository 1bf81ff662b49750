"""SaTScan 10.3.2's results for its own sample data, a run of version 9.4.4 published by another, and outputs of the R packages
scanstatistics 1.1.2, SpatialEpi 1.2.8 and smerc 1.8.4 (read in place, not part of this tree).

Clusters are the same places and days; statistics agree to the six decimals printed, R's to 1e-9; p values, which both sides
simulate, differ by less than four standard errors of the difference.
"""

import csv
import json
import os
import re
from datetime import date
from math import sqrt
from pathlib import Path

import pytest

from fangxin.engines.outbreak.scan import (
    Analysis,
    Count,
    Expected,
    Model,
    Place,
    Population,
    Settings,
    TimeUnit,
    scan,
)
from fangxin.engines.outbreak.scan.kernels import statistic
from fangxin.surfaces.cli import main

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "spatial-scan"
RESULTS, SAMPLES, R = FOLDER / "satscan-10.3.2-results", FOLDER / "satscan-samples", FOLDER / "r-scan"
ANALYSES = {
    "nm_purely_spatial_poisson": 3, "nm_retrospective_poisson_sample": 3, "nyc_fever_prospective_50pct": 3,
    "nyc_fever_prospective_sample": 4, "nyc_fever_prospective_to_1115": 6,
}  # fmt: skip
SAME = 1e-9

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="scan samples are not here; set FANGXIN_REFERENCE_DATA")


def test_the_results_are_all_here():
    assert {path.name.removesuffix(".parameters.json") for path in RESULTS.glob("*.parameters.json")} == set(ANALYSES)


def rows_of(path):
    header, *rows = [line.split() for line in path.read_text().splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def words_of(name):
    sample = "nm" if name.startswith("nm") else "NYCfever"
    words = ["--cases", f"{SAMPLES}/{sample}.cas", "--locations", f"{SAMPLES}/{sample}.geo"]
    words += ["--population", f"{SAMPLES}/nm.pop"] if sample == "nm" else []
    return ["scan", *words, "--params", f"{RESULTS}/{name}.parameters.json", "--json"]


def told_by(capsys, words):
    assert main(words) == 0
    return json.loads(capsys.readouterr().out)["clusters"]


def runs_behind(p_value, number):
    """Replicates that SaTScan ran: it stops at 500 above the best cluster."""
    return 9999 if number != 1 or p_value < 0.05 else round(500 / p_value)


@pytest.mark.parametrize("name", ANALYSES)
def test_every_cluster_of_satscan_is_found(name, capsys):
    clusters = told_by(capsys, words_of(name))
    wanted, members = rows_of(RESULTS / f"{name}.col.txt"), rows_of(RESULTS / f"{name}.gis.txt")
    assert len(wanted) == ANALYSES[name]
    run = runs_behind(float(wanted[0]["P_VALUE"]), 1)
    for number, (row, cluster) in enumerate(zip(wanted, clusters, strict=False), start=1):
        assert cluster["location_ids"][0] == row["LOC_ID"]
        assert sorted(cluster["location_ids"]) == sorted(
            member["LOC_ID"] for member in members if member["CLUSTER"] == str(number)
        )
        assert cluster["center"] == [float(row["LATITUDE"]), float(row["LONGITUDE"])]
        assert f"{cluster['radius_km']:.2f}" == f"{float(row['RADIUS']):.2f}"
        assert [cluster["start"], cluster["end"]] == [as_iso(row["START_DATE"]), as_iso(row["END_DATE"])]
        assert f"{cluster['test_stat']:.6f}" == (row.get("LLR") or row["TEST_STAT"])
        assert cluster["observed"] == int(row["OBSERVED"])
        assert f"{cluster['expected']:.2f}" == row["EXPECTED"]
        p_value = float(row["P_VALUE"])
        assert abs(cluster["p_value"] - p_value) <= 4 * sqrt(2 * max(p_value * (1 - p_value), 0.0005) / run)
        if name.startswith("nyc"):
            assert cluster["recurrence_interval"] == pytest.approx(1 / cluster["p_value"])
            assert int(row["RECURR_INT"]) == pytest.approx(1 / p_value, abs=0.6)  # whole days
        else:
            assert cluster["recurrence_interval"] is None
    assert len(clusters) >= len(wanted)
    assert all(cluster["p_value"] > 0.99 for cluster in clusters[len(wanted) :])


def as_iso(text):
    return date(*map(int, text.split("/"))).isoformat()


def test_the_run_of_version_9_is_reproduced_from_the_same_data(capsys):
    text = next((FOLDER / "satscan-third-party").glob("*.txt")).read_text()
    told = re.findall(
        r"included.: (.+?)\n  Coord.*?Time frame\S*: (\S+) to (\S+).*?cases\S*: (\d+).*?statistic\S*: (\S+)", text, re.S
    )
    assert len(told) == 3
    clusters = told_by(capsys, words_of("nyc_fever_prospective_50pct"))
    for (places, start, end, cases, ratio), cluster in zip(told, clusters, strict=False):
        assert cluster["location_ids"] == re.split(r",\s+", places)
        assert [cluster["start"], cluster["end"]] == [as_iso(start), as_iso(end)]
        assert (str(cluster["observed"]), f"{cluster['test_stat']:.6f}") == (cases, ratio)


def table(name):
    header, *rows = csv.reader((R / name).open())
    return {
        (county, int(row[0])): float(value) for row in rows for county, value in zip(header[1:], row[1:], strict=True)
    }


def baselines(name, counts):
    """What the R package expects: as given; by population, each year alike; by the margins."""
    total, years, counties = sum(counts.values()), {year for _, year in counts}, {county for county, _ in counts}
    if "_eb_" in name:
        return table(f"{name}_baselines.csv")
    if "_pb_" in name:
        people = table(f"{name}_population.csv")
        of_year = {year: sum(people[county, year] for county in counties) for year in years}
        return {(c, y): total / len(years) * number / of_year[y] for (c, y), number in people.items()}
    of_county = {county: sum(counts[county, year] for year in years) for county in counties}
    of_year = {year: sum(counts[county, year] for county in counties) for year in years}
    return {(county, year): of_county[county] * of_year[year] / total for county, year in counts}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("nm_eb_poisson_1986_1989", Model.EXPECTATION),
        ("nm_pb_poisson_1973_1991", Model.POISSON),
        ("nm_permutation_1984_1991", Model.PERMUTATION),
    ],
)
def test_the_sixty_best_windows_of_scanstatistics_have_its_scores(name, model):
    counts = table(f"{name}_counts.csv")
    expected, total = baselines(name, counts), sum(counts.values())
    windows = list(csv.DictReader((R / f"{name}_top60_windows.csv").open()))
    assert len(windows) == 60
    for window in windows:
        first, last = map(int, window["years"].split("-"))
        cells = [(county, year) for county in window["counties"].split("|") for year in range(first, last + 1)]
        n, u = sum(counts[cell] for cell in cells), sum(expected[cell] for cell in cells)
        assert statistic(n, u, total, sum(expected.values()), model) == pytest.approx(float(window["score"]), rel=SAME)


@pytest.mark.parametrize(
    ("name", "model"),
    [("nm_eb_poisson_1986_1989", Model.EXPECTATION), ("nm_permutation_1984_1991", Model.PERMUTATION)],
)
def test_the_most_likely_cluster_is_that_of_scanstatistics(name, model):
    counts, told = table(f"{name}_counts.csv"), json.loads((R / f"{name}.json").read_text())
    places = [
        Place(row["county"], (float(row["seat_lat"]), float(row["seat_long"])))
        for row in csv.DictReader((R / "NM_geo_used.csv").open())
    ]
    given = baselines(name, counts) if model is Model.EXPECTATION else {}
    first, last = told["years"]
    best = scan(
        [Count(county, int(number), date(year, 1, 1)) for (county, year), number in counts.items()], places, model=model,
        start=date(first, 1, 1), end=date(last, 12, 31), seed=1,
        expected=[Expected(county, number, date(year, 1, 1)) for (county, year), number in given.items()],
        settings=Settings(unit=TimeUnit.YEAR, longest_share=1, least_cases=1),
    )[0]  # fmt: skip
    assert sorted(best.places) == told["MLC"]["counties"]
    assert best.end.year - best.start.year + 1 == told["MLC"]["duration_years"]
    assert best.statistic == pytest.approx(told["MLC"]["score"], rel=SAME)
    p_value = told["MC_pvalue_999_seed1"]
    assert abs(best.p_value - p_value) <= 4 * sqrt(2 * p_value * (1 - p_value) / 999)


def counties(*, cartesian):
    rows = list(csv.DictReader((R / "pennLC.csv").open()))
    across = ("x_km", "y_km") if cartesian else ("y_lat", "x_long")
    return rows, [Place(row["row"], tuple(float(row[axis]) for axis in across)) for row in rows]


def check_as_told(clusters, told):
    for cluster, one in zip(clusters, told, strict=False):
        assert [int(place) for place in cluster.places] == one["location_rows"]
        assert cluster.observed == one["cases"]
        assert cluster.expected == pytest.approx(one["expected"], rel=SAME)
        ratio = one.get("log_likelihood_ratio") or one["loglik_ratio"]
        assert cluster.statistic == pytest.approx(ratio, rel=SAME)
        p_value = one.get("p_value") or one["pvalue"]
        assert abs(cluster.p_value - p_value) <= 4 * sqrt(2 * max(p_value, 0.001) / 999)


YEAR = {"start": date(2002, 1, 1), "end": date(2002, 12, 31), "seed": 1}


def test_bernoulli_clusters_are_those_of_spatial_epi():
    told = json.loads((R / "pennLC_binomial_pub0.5.json").read_text())
    rows, places = counties(cartesian=True)
    cases = [Count(row["row"], int(row["cases"])) for row in rows]
    controls = [Count(row["row"], int(row["population"]) - int(row["cases"])) for row in rows]
    clusters = scan(
        cases, places, model=Model.BERNOULLI, controls=controls, **YEAR,
        settings=Settings(analysis=Analysis.SPATIAL, cartesian=True),
    )  # fmt: skip
    check_as_told(clusters, [told["most_likely_cluster"], *told["secondary_clusters"]])


def test_poisson_clusters_adjusted_for_age_race_and_sex_are_those_of_spatial_epi():
    told = json.loads((R / "pennLC_poisson_pub0.5.json").read_text())
    rows, places = counties(cartesian=True)
    place_of = {row["county"]: row["row"] for row in rows}
    cases, population = [], []
    for row in csv.DictReader((R / "pennLC_strata.csv").open()):
        strata = row["race"], row["gender"], row["age"]
        cases.append(Count(place_of[row["county"]], int(row["cases"]), strata=strata))
        population.append(Population(place_of[row["county"]], float(row["population"]), strata=strata))
    clusters = scan(
        cases, places, model=Model.POISSON, population=population, **YEAR,
        settings=Settings(analysis=Analysis.SPATIAL, cartesian=True),
    )  # fmt: skip
    check_as_told(clusters, [told["most_likely_cluster"], *told["secondary_clusters"]])


def test_poisson_clusters_on_the_globe_are_those_of_smerc():
    told = json.loads((R / "smerc_penn_ubpop0.5_longlat.json").read_text())
    rows, places = counties(cartesian=False)
    clusters = scan(
        [Count(row["row"], int(row["cases"])) for row in rows], places, model=Model.POISSON, **YEAR,
        population=[Population(row["row"], float(row["population"])) for row in rows],
        settings=Settings(analysis=Analysis.SPATIAL),
    )  # fmt: skip
    check_as_told(clusters, told["clusters"])
