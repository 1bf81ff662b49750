from datetime import date, timedelta
from itertools import pairwise, permutations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.ordering import (
    area_under_curve,
    bootstrap_interval,
    dates_in_order,
    days_earlier,
    each_days_earlier,
    found_in_first_half,
)

START = date(2014, 9, 1)
visits = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1), st.integers(0, 4)), min_size=1, max_size=6)


def split(rows):
    return [START + timedelta(days=d) for d, _, _ in rows], [f for _, f, _ in rows], [s / 10 for _, _, s in rows]


def by_every_order_of_the_ties(dates, found, scores):
    """The plain reading of the metric, averaged over all ways to break ties."""
    order = [p for p in permutations(range(len(scores))) if all(scores[a] >= scores[b] for a, b in pairwise(p))]
    slots = sorted(dates)
    means = []
    for p in order:
        handed = dict(zip(p, slots, strict=True))
        means.append(fmean((dates[i] - handed[i]).days for i, y in enumerate(found) if y))
    return fmean(means)


@settings(max_examples=60, deadline=None)
@given(visits)
def test_days_earlier_is_the_mean_over_all_ways_to_break_ties(rows):
    dates, found, scores = split(rows)
    if any(found):
        assert days_earlier(dates, found, scores) == pytest.approx(
            by_every_order_of_the_ties(dates, found, scores), abs=1e-9
        )
    else:
        assert days_earlier(dates, found, scores) is None


@settings(max_examples=60, deadline=None)
@given(visits, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(rows, rng):
    shuffled = rng.sample(rows, len(rows))
    a, b = split(rows), split(shuffled)
    assert days_earlier(*a) == pytest.approx(days_earlier(*b), abs=1e-9)
    one, other = found_in_first_half(*a), found_in_first_half(*b)
    assert (one is None) == (other is None)
    if one:
        assert (one.actual, one.ordered) == (pytest.approx(other.actual), pytest.approx(other.ordered))


@settings(max_examples=40, deadline=None)
@given(visits)
def test_the_number_of_visits_on_each_day_stays_as_it_was(rows):
    dates, _, scores = split(rows)
    assert sorted(dates_in_order(dates, scores)) == sorted(dates)


@settings(max_examples=60, deadline=None)
@given(visits)
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows):
    _, found, scores = split(rows)
    pairs = [(a > b) + 0.5 * (a == b) for a, y in zip(scores, found, strict=True) if y
             for b, z in zip(scores, found, strict=True) if not z]  # fmt: skip
    area = area_under_curve(found, scores)
    assert area == (pytest.approx(fmean(pairs)) if pairs else None)


def test_an_order_that_knows_the_truth_brings_all_findings_first():
    dates = [START + timedelta(days=n) for n in range(10)]
    found = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert each_days_earlier(dates, found, found) == (6.0, 7.0, 8.0)
    half = found_in_first_half(dates, found, found)
    assert (half.actual, half.ordered, half.gain) == (0.0, 1.0, None)


def test_nothing_found_gives_no_figure():
    assert found_in_first_half([START], [0], [0.5]) is None
    assert bootstrap_interval([], seed=1) is None


def test_the_interval_holds_the_mean_and_comes_out_the_same_again():
    values = [float(n % 7) for n in range(100)]
    low, high = bootstrap_interval(values, seed=3)
    assert low < fmean(values) < high
    assert (low, high) == bootstrap_interval(values, seed=3)
