"""People between census days, rates by stratum, and trends."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.scan import (
    Analysis,
    Count,
    Fault,
    Model,
    Overlap,
    Place,
    Population,
    ScanRefused,
    Settings,
    TimeUnit,
    Trend,
    scan,
)
from fangxin.engines.outbreak.scan.expected import poisson_expected
from fangxin.engines.outbreak.scan.intervals import edges_of, units_of

FIRST, LAST = date(2020, 1, 1), date(2023, 12, 31)
YEARS = edges_of(FIRST, LAST, unit=TimeUnit.YEAR, length=1)
TWO = [Place("a", (0.0, 0.0)), Place("b", (1.0, 0.0))]


def people_at(moment, known):
    """On a straight line between the days that are known, level before and after."""
    return np.interp(moment, [on.toordinal() for on, _ in known], [people for _, people in known])


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.dates(date(2018, 1, 1), date(2025, 1, 1)), st.integers(0, 1000), min_size=1, max_size=4),
    st.integers(1, 1000),
)
def test_expected_cases_are_the_people_of_every_hour(census, others):
    known = sorted(census.items())
    rows = [Population("a", people, on) for on, people in known] + [Population("b", others, on) for on, _ in known]
    found = poisson_expected(rows, {(): 100}, {"a": 0, "b": 1}, YEARS)
    middles = [np.arange(since.toordinal(), until.toordinal(), 0.25) + 0.125 for since, until in pairwise(YEARS)]
    hours = np.array([[people_at(times, known).sum() for times in middles], [others * len(times) for times in middles]])
    # The quarter of a day in which the line bends is the only one that is not exact.
    assert found == pytest.approx(100 * hours / hours.sum(), rel=1e-3, abs=1e-3)
    assert found.sum() == pytest.approx(100)


def test_a_place_with_the_sick_ages_expects_more():
    rows = [
        Population("a", 900, strata=("old",)), Population("a", 100, strata=("young",)),
        Population("b", 100, strata=("old",)), Population("b", 900, strata=("young",)),
    ]  # fmt: skip
    found = poisson_expected(rows, {("old",): 50, ("young",): 10}, {"a": 0, "b": 1}, (FIRST, date(2024, 1, 1)))
    assert found[:, 0] == pytest.approx([45 + 1, 5 + 9])


def test_cases_of_a_stratum_without_people_are_refused():
    with pytest.raises(ScanRefused) as refused:
        poisson_expected([Population("a", 0, strata=("old",))], {("old",): 1}, {"a": 0}, YEARS)
    assert refused.value.fault is Fault.CASES_WITHOUT_POPULATION


def growing(**changes):
    """Cases double every year alike in both places; five more at b in the second year."""
    cases = [Count(place, 10 * 2**n, date(2020 + n, 6, 1)) for place in "ab" for n in range(4)]
    return scan(
        [*cases, Count("b", 5, date(2021, 3, 1))], TWO, model=Model.POISSON, start=FIRST, end=LAST, seed=3,
        population=[Population(place, 1000) for place in "ab"],
        settings=replace(
            Settings(analysis=Analysis.RETROSPECTIVE, cartesian=True, unit=TimeUnit.YEAR, replicates=99,
                     overlap=Overlap.ANY), **changes),
    )  # fmt: skip


def test_without_adjustment_the_trend_is_the_cluster():
    assert growing()[0].start.year == 2023


@pytest.mark.parametrize(
    "changes",
    [{"trend": Trend.NONPARAMETRIC}, {"trend": Trend.ESTIMATED}, {"trend": Trend.GIVEN, "trend_percent": 100.0}],
    ids=["nonparametric", "fitted", "given"],
)
def test_with_the_trend_taken_out_the_cluster_is_what_is_left(changes):
    best = growing(**changes)[0]
    assert (best.places, best.start.year, best.end.year) == (("b",), 2021, 2021)


def test_the_fitted_trend_is_the_one_given():
    cases = [Count(place, 10 * 2**n, date(2020 + n, 6, 1)) for place in "ab" for n in range(4)]
    found = [
        scan([*cases, Count("a", 2, date(2021, 1, 1)), Count("b", 1, date(2021, 1, 1))], TWO, model=Model.POISSON,
             start=FIRST, end=LAST, seed=3, population=[Population(place, 1000) for place in "ab"],
             settings=Settings(analysis=Analysis.RETROSPECTIVE, cartesian=True, unit=TimeUnit.YEAR, replicates=0,
                               trend=trend, trend_percent=percent))[0].expected
        for trend, percent in ((Trend.ESTIMATED, 0.0), (Trend.GIVEN, 100.0))
    ]  # fmt: skip
    assert found[0] == pytest.approx(found[1], rel=0.02)


@pytest.mark.parametrize(
    ("start", "end", "unit", "length", "edges"),
    [
        ("2024-01-01", "2024-01-18", TimeUnit.DAY, 7, ["2024-01-01", "2024-01-12", "2024-01-19"]),
        ("2024-01-01", "2024-01-21", TimeUnit.DAY, 7, ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"]),
        ("2024-01-01", "2024-01-05", TimeUnit.DAY, 7, ["2024-01-01", "2024-01-06"]),
        ("1973-01-01", "1977-12-31", TimeUnit.YEAR, 2, ["1973-01-01", "1976-01-01", "1978-01-01"]),
        # 31 April does not exist: the interval begins on 1 May. The last day of a month counts as its 31st.
        ("2024-03-31", "2024-06-29", TimeUnit.MONTH, 1, ["2024-03-31", "2024-05-01", "2024-05-31", "2024-06-30"]),
        ("2024-03-31", "2024-07-30", TimeUnit.MONTH, 1, ["2024-03-31", "2024-05-01", "2024-05-31", "2024-07-01", "2024-07-31"]),
        ("2021-03-01", "2024-02-28", TimeUnit.YEAR, 1, ["2021-03-01", "2022-03-01", "2023-03-01", "2024-02-29"]),
    ],
)  # fmt: skip
def test_intervals_are_cut_from_the_end_and_the_oldest_takes_the_rest(start, end, unit, length, edges):
    found = edges_of(date.fromisoformat(start), date.fromisoformat(end), unit=unit, length=length)
    assert [edge.isoformat() for edge in found] == edges


@pytest.mark.parametrize(
    ("start", "end", "unit", "units"),
    [
        ("2024-01-01", "2024-01-18", TimeUnit.DAY, 18),
        ("2020-01-01", "2023-12-31", TimeUnit.YEAR, 4),
        ("2020-07-02", "2023-12-31", TimeUnit.YEAR, 3 + 183 / 366),
        ("2023-04-16", "2023-06-30", TimeUnit.MONTH, 2.5),
    ],
)
def test_the_length_of_a_period_may_have_a_fraction(start, end, unit, units):
    assert units_of(date.fromisoformat(start), date.fromisoformat(end), unit) == pytest.approx(units)
