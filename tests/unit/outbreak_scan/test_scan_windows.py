"""Every window by plain loops, and what may not change an answer."""

from dataclasses import replace
from datetime import date, timedelta
from math import dist, isclose, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.scan import (
    Analysis,
    Count,
    Expected,
    Model,
    Overlap,
    Place,
    Population,
    Rates,
    Settings,
    Significance,
    TimeUnit,
    scan,
)
from fangxin.engines.outbreak.scan.intervals import Windows
from fangxin.engines.outbreak.scan.kernels import ABREAST, Search, statistic
from fangxin.engines.outbreak.scan.replicates import drawing
from fangxin.engines.outbreak.scan.zones import Circles

START = date(2024, 5, 1)
PLAIN = Settings(cartesian=True, replicates=0, least_cases=1, overlap=Overlap.ANY)


def xlog(count, by):
    return count * log(count / by) if count else 0.0


def ratio_of(model, n, u, all_n, all_u):
    """The formulas of Kulldorff 1997 and Neill 2009, written out."""
    if model is Model.EXPECTATION:
        return xlog(n, u) + u - n
    if model is Model.BERNOULLI:
        inside = xlog(n, u) + xlog(u - n, u)
        outside = xlog(all_n - n, all_u - u) + xlog(all_u - u - all_n + n, all_u - u)
        return inside + outside - xlog(all_n, all_u) - xlog(all_u - all_n, all_u)
    return xlog(n, u) + xlog(all_n - n, all_n - u)


def study(draw):
    """A small study: places on distinct points, cases by day, and what each model needs."""
    number, days = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    points = draw(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=number, max_size=number, unique=True)
    )
    places = [Place(f"p{n}", tuple(map(float, at))) for n, at in enumerate(points)]
    table = draw(st.lists(st.lists(st.integers(0, 6), min_size=days, max_size=days), min_size=number, max_size=number))
    if not any(map(any, table)):
        table[0][0] = 3
    cases = [Count(f"p{n}", count, day(d)) for n, row in enumerate(table) for d, count in enumerate(row) if count]
    return places, table, cases, days


def day(number):
    return START + timedelta(days=number)


def exposed_of(model, table, days, draw):
    total = sum(map(sum, table))
    if model is Model.PERMUTATION:
        margin = [sum(column) for column in zip(*table, strict=True)]
        return [[sum(row) * seen / total for seen in margin] for row in table], {}
    sizes = [draw(st.integers(1, 9)) for _ in table]
    if model is Model.POISSON:
        given = [Population(f"p{n}", size) for n, size in enumerate(sizes)]
        share = total / sum(sizes) / days
        return [[size * share] * days for size in sizes], {"population": given}
    if model is Model.EXPECTATION:
        given = [Expected(f"p{n}", size / 4, day(d)) for n, size in enumerate(sizes) for d in range(days)]
        return [[size / 4] * days for size in sizes], {"expected": given}
    given = [Count(f"p{n}", size, day(d)) for n, size in enumerate(sizes) for d in range(days)]
    return [[row[d] + sizes[n] for d in range(days)] for n, row in enumerate(table)], {"controls": given}


def windows_by_loops(places, days, analysis):
    """Every circle with its places, every span of days."""
    spans = [(0, days)] if analysis is Analysis.SPATIAL else [
        (since, until) for since in range(days) for until in range(since + 1, days + 1)
        if analysis is Analysis.RETROSPECTIVE or until == days
    ]  # fmt: skip
    for centre in places:
        # Of places equally far the one with the smaller coordinates comes first.
        nearest = sorted(range(len(places)), key=lambda n: (round(dist(centre.at, places[n].at), 9), places[n].at))
        for size in range(1, len(places) + 1):
            for since, until in spans:
                yield nearest[:size], since, until


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(Model), st.sampled_from(Analysis), st.sampled_from(Rates))
def test_the_best_window_is_the_best_of_all_windows(data, model, analysis, rates):
    if model is Model.PERMUTATION and analysis is Analysis.SPATIAL:
        analysis = Analysis.PROSPECTIVE
    places, table, cases, days = study(data.draw)
    exposed, given_data = exposed_of(model, table, days, data.draw)
    total, all_exposed = sum(map(sum, table)), sum(map(sum, exposed))
    best = 0.0
    for inside, since, until in windows_by_loops(places, days, analysis):
        n = sum(table[p][d] for p in inside for d in range(since, until))
        u = sum(exposed[p][d] for p in inside for d in range(since, until))
        usual = u * (total / all_exposed if model is not Model.EXPECTATION else 1.0)
        wanted = (n > usual + 1e-9 and rates is not Rates.LOW) or (n < usual - 1e-9 and rates is not Rates.HIGH)
        whole = isclose(u, all_exposed) and model is not Model.EXPECTATION
        if wanted and not whole:
            best = max(best, ratio_of(model, n, u, total, all_exposed))
    found = scan(
        cases, places, model=model, start=START, end=day(days - 1), seed=1, **given_data,
        settings=replace(PLAIN, analysis=analysis, rates=rates, most_share=1.0, longest_share=1.0),
    )  # fmt: skip
    if best > 0.001:
        assert found[0].statistic == pytest.approx(best, abs=1e-6)
    else:
        assert not found


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from(Model), st.sampled_from(Rates), st.booleans(), st.booleans(), st.integers(1, 3)
)  # fmt: skip
def test_the_quick_search_through_many_tables_sees_every_window_too(seed, model, rates, entire, over, least):
    """With the bound and several tables at once, against one table at a time without a bound."""
    rng = np.random.default_rng(seed)
    places, days, number = rng.integers(2, 9), rng.integers(2, 7), rng.integers(1, ABREAST + 1)
    exposed = rng.gamma(1.0, 2.0, (places, days)) * (rng.random((places, days)) < 0.9) + 0.01
    if model is Model.BERNOULLI:
        exposed = np.ceil(exposed * 3)
    cases = int(exposed.sum() / 3) + 1
    draw = drawing(Model.POISSON if model is Model.PERMUTATION else model, exposed, [np.array([[cases]])])
    members = np.concatenate([rng.permutation(places) for _ in range(places)]).astype(np.int32)
    spans = [(since, until) for until in range(1, days + 1) for since in range(until)]
    search = Search(
        Circles(members, np.arange(places + 1) * places), Windows(*map(np.array, zip(*spans, strict=True))), exposed,
        model=model, rates=rates, least_cases=least, cases=cases, entire=entire, over=over,
    )  # fmt: skip
    tables = [draw(rng) for _ in range(number)]
    found = search.best_of_all(tables)
    assert found == pytest.approx([search.best_of_each(table)[:, 0].max() for table in tables], abs=1e-9)


def town(planted=5):
    """Ten places, four cases a day somewhere, and more at p3 and p4 on each of the last two days."""
    places = [Place(f"p{n}", (float(n), float(n * n % 7))) for n in range(10)]
    cases = [Count(f"p{(3 * d + k) % 10}", 1, day(d)) for d in range(12) for k in (0, 2, 5, 7)]
    return places, cases + [Count(place, planted, day(d)) for place in ("p3", "p4") for d in (10, 11)]


def scanned(cases, places, **changes):
    return scan(
        cases, places, model=Model.PERMUTATION, start=START, end=day(11), seed=7,
        settings=replace(Settings(cartesian=True, replicates=199), **changes),
    )  # fmt: skip


def test_a_planted_cluster_is_found():
    places, cases = town()
    best = scanned(cases, places)[0]
    assert {"p3", "p4"} == set(best.places)
    assert (best.start, best.end) == (day(10), day(11))
    assert best.p_value == 0.005
    assert best.recurrence_days == pytest.approx(200)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(random):
    places, cases = town()
    wanted = scanned(cases, places)
    random.shuffle(places)
    random.shuffle(cases)
    assert scanned(cases, places) == wanted


def test_names_change_no_cluster():
    """The order of names is that of the draws too, so p values may differ as if by another seed."""
    places, cases = town()
    names = {f"p{n}": f"village {9 - n}" for n in range(10)}
    found = scanned(cases, places, replicates=0)
    renamed = scanned(
        [replace(case, place=names[case.place]) for case in cases],
        [replace(place, id=names[place.id]) for place in places],
        replicates=0,
    )
    assert {names[place] for place in found[0].places} == set(renamed[0].places)
    assert [one.statistic for one in found] == pytest.approx([one.statistic for one in renamed])


@pytest.mark.parametrize("factor", [0.001, 1000.0])
def test_a_larger_map_has_the_same_clusters(factor):
    places, cases = town()
    larger = [replace(place, at=tuple(value * factor for value in place.at)) for place in places]
    for one, other in zip(scanned(cases, places), scanned(cases, larger), strict=True):
        assert (one.places, one.statistic, one.p_value) == (other.places, other.statistic, other.p_value)
        assert other.radius == pytest.approx(one.radius * factor)


def test_a_seed_gives_the_same_p_values_again_and_another_seed_others():
    places, cases = town(planted=1)
    tries = [
        [one.p_value for one in scan(cases, places, model=Model.PERMUTATION, start=START, end=day(11), seed=seed,
                                     settings=Settings(cartesian=True, replicates=199))]
        for seed in (1, 1, 2)
    ]  # fmt: skip
    assert tries[0] == tries[1] != tries[2]


def test_stopping_early_changes_no_cluster():
    places, cases = town(planted=1)
    whole = scanned(cases, places, replicates=999)
    early = scanned(cases, places, replicates=999, significance=Significance.SEQUENTIAL, stop_after=10)
    assert early[0].replicates < whole[0].replicates == 999
    assert early[0].p_value == 10 / early[0].replicates
    for one, other in zip(whole, early, strict=False):
        assert (one.places, one.start, one.end, one.statistic) == (
            other.places,
            other.start,
            other.end,
            other.statistic,
        )
    assert len(early) >= len(whole)


def test_places_at_one_point_are_in_or_out_together():
    places, cases = town()
    places.append(Place("p3 too", places[3].at))
    assert set(scanned(cases, places)[0].places) == {"p3", "p3 too", "p4"}


def test_more_than_half_of_all_cases_in_a_window_are_judged_exactly():
    """The bound that spares logarithms holds for small windows only."""
    places = [Place(name, (float(x), 0.0)) for x, name in enumerate("abc")]
    cases = [Count("a", 40), Count("b", 1), Count("c", 9)]
    population = [Population("a", 60), Population("b", 20), Population("c", 20)]
    found = scan(
        cases, places, model=Model.POISSON, start=START, end=START, seed=1, population=population,
        settings=replace(PLAIN, analysis=Analysis.SPATIAL, most_share=0.9),
    )  # fmt: skip
    assert found[0].places == ("a",)
    assert found[0].statistic == pytest.approx(statistic(40, 30, 50, 50, Model.POISSON))


def test_the_township_example_of_five_places():
    people, cases = (38000, 32000, 22000, 10000, 18000), (6, 3, 2, 8, 1)
    best = scan(
        [Count(str(n), count) for n, count in enumerate(cases, 1)],
        [Place(str(n), (float(10 * n), 0.0)) for n in range(1, 6)],
        model=Model.POISSON, start=START, end=START, seed=1,
        population=[Population(str(n), number) for n, number in enumerate(people, 1)],
        settings=replace(PLAIN, analysis=Analysis.SPATIAL, replicates=999),
    )[0]  # fmt: skip
    assert best.places == ("4",)
    assert round(best.expected, 4) == 1.6667
    assert round(best.statistic, 6) == 7.463156


def test_the_permutation_example_of_three_places_and_seven_days():
    table = [1, 0, 2, 1, 0, 1, 0], [0, 1, 1, 0, 1, 3, 4], [2, 1, 0, 1, 1, 0, 1]
    best = scan(
        [Count(str(n), count, day(d)) for n, row in enumerate(table, 1) for d, count in enumerate(row)],
        [Place(str(n), (float(10 * n), 0.0)) for n in range(1, 4)],
        model=Model.PERMUTATION, start=START, end=day(6), seed=1,
        settings=Settings(cartesian=True, longest=3, replicates=9999),
    )[0]  # fmt: skip
    assert (best.places, best.start, best.observed) == (("2",), day(5), 7)
    assert round(best.expected, 6) == 4.285714
    assert round(best.statistic, 6) == 0.953470
    assert best.p_value == pytest.approx(0.15, abs=0.02)


@pytest.mark.parametrize("unit", [TimeUnit.DAY, TimeUnit.MONTH, TimeUnit.YEAR])
def test_an_interval_of_any_unit_holds_its_days(unit):
    places = [Place("a", (0.0, 0.0)), Place("b", (1.0, 0.0))]
    cases = [Count("b", 5, date(2020 + n, 3, 1)) for n in range(4)] + [
        Count("a", 5, date(2023, 12, 31)),
        Count("a", 1, date(2021, 1, 1)),
    ]
    best = scan(
        cases, places, model=Model.PERMUTATION, start=date(2020, 1, 1), end=date(2023, 12, 31), seed=1,
        settings=replace(PLAIN, unit=unit, longest=1),
    )[0]  # fmt: skip
    assert (best.places, best.observed, best.end) == (("a",), 5, date(2023, 12, 31))
    assert best.start == {
        TimeUnit.DAY: date(2023, 12, 31), TimeUnit.MONTH: date(2023, 12, 1), TimeUnit.YEAR: date(2023, 1, 1),
    }[unit]  # fmt: skip
