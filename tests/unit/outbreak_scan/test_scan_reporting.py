"""Which clusters are told, and whether their p values come true."""

from dataclasses import replace
from datetime import date, timedelta
from math import dist

import numpy as np
import pytest

from fangxin.engines.outbreak.scan import (
    Analysis,
    Count,
    Expected,
    Fault,
    Model,
    Overlap,
    Place,
    Population,
    Rates,
    ScanRefused,
    Settings,
    Significance,
    Trend,
    scan,
)
from fangxin.engines.outbreak.scan.replicates import gumbel_p

START = date(2024, 5, 1)
DAYS = 10


def district(seed, places=12, cases=80):
    rng = np.random.default_rng(seed)
    points = [Place(f"{n:02}", (float(x), float(y))) for n, (x, y) in enumerate(rng.integers(0, 40, (places, 2)))]
    points = list({place.at: place for place in points}.values())
    table = rng.multinomial(cases, np.full(len(points) * DAYS, 1 / len(points) / DAYS)).reshape(len(points), DAYS)
    ill = [Count(points[p].id, int(table[p, d]), START + timedelta(days=int(d))) for p, d in np.argwhere(table)]
    return points, ill


def told(points, ill, **changes):
    settings = replace(Settings(analysis=Analysis.RETROSPECTIVE, cartesian=True, replicates=0), **changes)
    population = [Population(place.id, 1.0) for place in points]
    end = START + timedelta(days=DAYS - 1)
    return scan(
        ill, points, model=Model.POISSON, start=START, end=end, seed=1, settings=settings, population=population
    )


def bars(better, worse, overlap):
    apart = dist(better.at, worse.at)
    in_better, in_worse = apart <= better.radius + 1e-9, apart <= worse.radius + 1e-9
    return {
        Overlap.NO_SHARED_PLACE: bool(set(better.places) & set(worse.places)),
        Overlap.NO_CENTRE_IN_OTHER: in_better or in_worse,
        Overlap.NO_CENTRE_IN_BETTER: in_better,
        Overlap.NO_CENTRE_IN_WORSE: in_worse,
        Overlap.NOT_BOTH_CENTRES: in_better and in_worse,
        Overlap.ANY: False,
    }[overlap]


@pytest.mark.parametrize("overlap", Overlap)
@pytest.mark.parametrize("seed", range(4))
def test_a_less_likely_cluster_is_left_out_exactly_when_a_told_one_bars_it(overlap, seed):
    points, ill = district(seed, places=9)
    every = told(points, ill, overlap=Overlap.ANY)
    wanted = []
    for one in every:
        if not any(bars(better, one, overlap) for better in wanted):
            wanted.append(one)
    assert told(points, ill, overlap=overlap) == tuple(wanted)
    assert list(every) == sorted(every, key=lambda one: -round(one.statistic, 8))
    assert len(every) <= len(points)


def test_low_rates_find_the_quiet_places_and_both_find_either():
    points, ill = district(3)
    quiet = [case for case in ill if case.place not in {points[0].id}]
    low = told(points, quiet, rates=Rates.LOW)[0]
    assert not low.high
    assert low.observed < low.expected
    assert points[0].id in low.places
    high = told(points, quiet)[0]
    assert told(points, quiet, rates=Rates.BOTH)[0] == max((low, high), key=lambda one: one.statistic)


def test_a_wave_everywhere_is_a_purely_temporal_cluster_and_bars_nobody():
    points, ill = district(5)
    wave = [*ill, *(Count(place.id, 6, START + timedelta(days=4)) for place in points)]
    best, *others = told(points, wave, also_temporal=True)
    assert best.places == tuple(sorted(place.id for place in points))
    assert (best.centre, best.at, best.radius) == (None, None, None)
    assert best.start == best.end == START + timedelta(days=4)
    assert others
    assert all(one.centre is not None for one in told(points, wave))


def test_a_place_that_is_always_ill_is_a_purely_spatial_cluster():
    points, ill = district(6)
    always = [*ill, *(Count(points[2].id, 3, START + timedelta(days=day)) for day in range(DAYS))]
    best = told(points, always, also_spatial=True)[0]
    assert (best.start, best.end) == (START, START + timedelta(days=DAYS - 1))
    assert points[2].id in best.places
    assert (told(points, always)[0].end - told(points, always)[0].start).days < DAYS // 2


def test_only_alive_clusters_reach_to_the_end():
    points, ill = district(7)
    assert {one.end for one in told(points, ill, only_alive=True)} == {START + timedelta(days=DAYS - 1)}


def test_sizes_of_time_and_space_are_kept():
    points, ill = district(8, places=20)
    for one in told(points, ill, shortest=2, longest=3, most_radius=9.0, most_share=0.2, overlap=Overlap.ANY):
        assert 2 <= (one.end - one.start).days + 1 <= 3
        assert one.radius <= 9.0
        assert len(one.places) <= 0.2 * len(points)


def test_days_can_be_put_together_from_the_end():
    points, ill = district(9)
    for one in told(points, ill, length=3, overlap=Overlap.ANY):
        assert (START + timedelta(days=DAYS) - one.end).days % 3 == 1


@pytest.mark.parametrize("significance", [Significance.STANDARD, Significance.SEQUENTIAL, Significance.GUMBEL])
@pytest.mark.parametrize("model", [Model.POISSON, Model.PERMUTATION])
def test_where_nothing_is_wrong_p_values_are_small_as_often_as_they_say(model, significance):
    """300 districts without an outbreak; the bounds leave out 1 in 10,000 runs of a right program (binomial)."""
    settings = Settings(cartesian=True, longest=5, replicates=99, significance=significance, stop_after=10)
    p_values = []
    for seed in range(300):
        points, ill = district(1000 + seed, cases=40)
        clusters = scan(
            ill, points, model=model, start=START, end=START + timedelta(days=DAYS - 1), seed=seed, settings=settings,
            population=[Population(place.id, 1.0) for place in points],
        )  # fmt: skip
        p_values.append(clusters[0].p_value if clusters else 1.0)
    small, half = (sum(p <= level for p in p_values) for level in (0.1, 0.5))
    assert 11 <= small <= 52
    assert 110 <= half <= 184


def test_the_gumbel_tail_is_that_of_the_fitted_distribution():
    draws = np.random.default_rng(1).gumbel(5.0, 1.3, 20000)
    assert gumbel_p(5.0 + 1.3 * 6.0, draws) == pytest.approx(1 - np.exp(-np.exp(-6.0)), rel=0.1)
    assert gumbel_p(100.0, draws) == 1e-17
    assert gumbel_p(1.0, np.ones(5)) == 1.0


@pytest.mark.parametrize(
    ("model", "changes", "more", "fault"),
    [
        (Model.POISSON, {"most_share": 0.0}, {}, Fault.SETTING),
        (Model.POISSON, {"most_radius": -1.0}, {}, Fault.SETTING),
        (Model.POISSON, {"length": 0}, {}, Fault.SETTING),
        (Model.POISSON, {"replicates": -1}, {}, Fault.SETTING),
        (Model.POISSON, {"shortest": 0}, {}, Fault.SETTING),
        (Model.POISSON, {"longest": 0}, {}, Fault.SETTING),
        (Model.POISSON, {"longest_share": float("nan")}, {}, Fault.SETTING),
        (Model.POISSON, {"least_cases": 0}, {}, Fault.SETTING),
        (Model.POISSON, {"trend": Trend.GIVEN, "trend_percent": -100.0}, {}, Fault.SETTING),
        (Model.PERMUTATION, {"also_spatial": True}, {}, Fault.SETTING),
        (Model.POISSON, {"shortest": 6, "longest": 5}, {}, Fault.WINDOW),
        (Model.POISSON, {"length": 5, "longest": 3}, {}, Fault.WINDOW),
        (Model.POISSON, {}, {"population": ()}, Fault.NO_POPULATION),
        (Model.POISSON, {}, {"population": [Population("00", -1.0)]}, Fault.NEGATIVE),
        (Model.POISSON, {}, {"population": [Population("nowhere", 1.0)]}, Fault.UNKNOWN_PLACE),
        (Model.BERNOULLI, {}, {}, Fault.NO_CONTROLS),
        (Model.EXPECTATION, {}, {}, Fault.NO_EXPECTED),
        (Model.EXPECTATION, {}, {"expected": [Expected("00", -1.0, START)]}, Fault.NEGATIVE),
        (Model.PERMUTATION, {"analysis": Analysis.SPATIAL}, {}, Fault.SETTING),
        (Model.PERMUTATION, {"trend": Trend.ESTIMATED}, {}, Fault.SETTING),
        (Model.PERMUTATION, {}, {"cases": [Count("00", 1)]}, Fault.NO_DATE),
        (Model.PERMUTATION, {}, {"cases": [Count("00", -1, START)]}, Fault.NEGATIVE),
        (Model.PERMUTATION, {}, {"cases": [Count("00", 1, date(2023, 1, 1))]}, Fault.OUTSIDE_PERIOD),
        (Model.PERMUTATION, {}, {"cases": [Count("nowhere", 1, START)]}, Fault.UNKNOWN_PLACE),
        (Model.PERMUTATION, {}, {"cases": []}, Fault.NO_CASES),
        (Model.PERMUTATION, {}, {"places": []}, Fault.NO_PLACES),
        (Model.PERMUTATION, {}, {"places": [Place("00", (1.0, 1.0))] * 2}, Fault.TWICE),
        (Model.PERMUTATION, {}, {"places": [Place("00", (float("nan"), 1.0))]}, Fault.COORDINATES),
        (Model.PERMUTATION, {"cartesian": False}, {"places": [Place("00", (91.0, 1.0))]}, Fault.COORDINATES),
        (Model.PERMUTATION, {}, {"end": date(2024, 4, 1)}, Fault.PERIOD),
        (Model.PERMUTATION, {}, {"end": date.max}, Fault.PERIOD),
        (Model.PERMUTATION, {}, {"cases": [Count("00", 10**20, START)]}, Fault.TOO_MUCH),
        (Model.PERMUTATION, {}, {"cases": [Count("00", 4 * 10**7, START)] * 2}, Fault.TOO_MUCH),
        (Model.POISSON, {}, {"population": [Population("00", 1e300)]}, Fault.NEGATIVE),
        (Model.PERMUTATION, {}, {"places": [Place("00", (1e200, 1.0))]}, Fault.COORDINATES),
        (Model.BERNOULLI, {}, {"controls": [Count(f"{n:02}", 4 * 10**7, START) for n in range(12)] * 3}, Fault.TOO_MUCH),
    ],
)  # fmt: skip
def test_what_cannot_be_scanned_is_refused_with_its_fault(model, changes, more, fault):
    points, ill = district(1)
    given = {
        "cases": ill, "places": points, "start": START, "end": START + timedelta(days=DAYS - 1),
        "population": [Population(place.id, 1.0) for place in points], **more,
    }  # fmt: skip
    with pytest.raises(ScanRefused) as refused:
        scan(given.pop("cases"), given.pop("places"), model=model, seed=1, **given,
             settings=replace(Settings(cartesian=True, replicates=0), **changes))  # fmt: skip
    assert refused.value.fault is fault
