"""The budget of false alarms: kept on data of many kinds, blind to the future, the same in any order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fangxin.engines.outbreak.budget import (
    BudgetRefused,
    detection_probability,
    keep_budget,
    periods_in_month,
    tail_of_seen,
    tail_of_sums,
)
from fangxin.engines.outbreak.detection.quantiles import upper_tail

ROWS, SERIES, ASKED = 600, 60, 1.0


def _tails(kind, seed):
    """Tail probabilities of a detector that believes in Poisson counts with a mean of 8, on counts of another kind."""
    rng = np.random.default_rng(seed)
    t = np.arange(ROWS)[:, None]
    mean = np.full((ROWS, SERIES), 8.0)
    if kind == "drifting":
        mean *= np.exp(0.5 * t / ROWS)
    if kind == "seasonal":
        mean *= np.exp(0.3 * np.sin(2 * np.pi * t / 52))
    if kind == "delayed":
        mean *= np.where(t > 300, 0.7, 1.0)  # from then on a third comes too late
    if kind == "dependent":
        mean *= rng.gamma(40, 1 / 40, (ROWS, 1))
    if kind == "holidays":
        mean *= np.where(t % 26 == 0, 0.4, np.where(t % 26 == 1, 1.6, 1.0))  # nobody reports, then everybody
    shape = 3.0 if kind == "overdispersed" else 1e6
    counts = rng.poisson(rng.gamma(shape, mean / shape))
    return upper_tail(counts, np.full(mean.shape, 8.0), np.ones(mean.shape))


@pytest.mark.parametrize("kind", ["quiet", "drifting", "seasonal", "overdispersed", "delayed", "dependent", "holidays"])
def test_the_budget_is_kept(kind):
    # Tolerance: 15 % over 580 periods; less is spent where counts leave no threshold in between, or a season takes turns.
    a_period = [keep_budget(_tails(kind, seed), per_period=ASKED).alarm[20:].sum() / 580 for seed in (1, 2)]
    assert np.mean(a_period) <= 1.15 * ASKED
    assert np.mean(a_period) >= 0.5 * ASKED


def test_without_the_budget_the_same_detector_alarms_far_too_often():
    assert (_tails("overdispersed", 1) <= ASKED / SERIES).sum() / ROWS > 5 * ASKED


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(float, (40, 3), elements=st.sampled_from([0.0, 1e-9, 0.01, 0.3, 0.9, 1.0, float("nan")])),
    st.sampled_from([0.02, 0.3, 1.0]),
)
def test_the_bound_holds_whatever_the_data(tail, budget):
    kept = keep_budget(tail, per_period=budget)
    step = min(0.05, budget / 4)
    assert kept.alarm.sum() <= 40 * budget + budget / step + kept.alarm.sum(axis=1).max() + 1e-9


def test_the_future_changes_nothing():
    tail = _tails("overdispersed", 3)
    whole, half = keep_budget(tail, per_period=ASKED), keep_budget(tail[:300], per_period=ASKED)
    assert (whole.alarm[:300] == half.alarm).all()
    later = np.where(np.random.default_rng(1).random(tail.shape) < 0.02, 450, -1)
    told = keep_budget(tail, per_period=ASKED, true_from=later)
    assert (told.alarm[:450] == whole.alarm[:450]).all()


def test_any_order_of_series_gives_the_same_decisions():
    tail, order = _tails("overdispersed", 4), np.random.default_rng(2).permutation(SERIES)
    straight, shuffled = keep_budget(tail, per_period=ASKED), keep_budget(tail[:, order], per_period=ASKED)
    assert (straight.alarm[:, order] == shuffled.alarm).all()


def test_series_of_zeros_and_series_not_judged_cost_nothing():
    tail = _tails("quiet", 5)
    wider = np.hstack([tail, np.ones((ROWS, 40)), np.full((ROWS, 10), np.nan)])
    alone, among = keep_budget(tail, per_period=ASKED), keep_budget(wider, per_period=ASKED)
    assert (among.alarm[:, :SERIES] == alone.alarm).all()
    assert not among.alarm[:, SERIES:].any()
    assert (among.spent[SERIES:] == 0).all()


def test_the_first_case_after_long_silence_is_an_alarm_and_a_common_count_never_is():
    tail = np.ones((40, 5))
    tail[-1] = [0.01, 0.19, 0.21, 1.0, 1.0]
    assert keep_budget(tail, per_period=0.1).alarm[-1].tolist() == [True, True, False, False, False]


def test_outbreaks_that_were_confirmed_do_not_spoil_the_reference():
    tail = _tails("quiet", 6)
    ill = np.random.default_rng(3).random(tail.shape) < 0.03
    tail[ill] = 1e-8
    confirmed = np.where(ill, np.arange(ROWS)[:, None] + 2, -1)
    told, untold = keep_budget(tail, per_period=ASKED, true_from=confirmed), keep_budget(tail, per_period=ASKED)
    assert told.alarm[100:][ill[100:]].mean() > 0.95
    assert untold.alarm[100:][ill[100:]].mean() < 0.7
    false = told.alarm[100:][~ill[100:]].sum() / 500
    assert 0.5 * ASKED <= false <= 1.15 * ASKED


def test_the_split_over_series_adds_up_to_the_allowance():
    kept = keep_budget(np.random.default_rng(7).random((ROWS, SERIES)), per_period=ASKED)
    assert kept.spent.sum() == pytest.approx(kept.allowance[-1], rel=0.02)
    assert kept.spent.sum() <= kept.allowance[-1]


def test_a_series_that_is_judged_badly_takes_the_larger_part():
    tail = np.random.default_rng(9).random((ROWS, SERIES))
    tail[:, 0] **= 3
    spent = keep_budget(tail, per_period=ASKED).spent
    assert spent[0] > 5 * np.median(spent)


def test_a_larger_outbreak_is_found_more_often_at_the_same_budget():
    rng = np.random.default_rng(8)
    counts, mean, phi = rng.poisson(8.0, (100, 4)).astype(float), np.full((100, 4), 8.0), np.ones((100, 4))
    found = [detection_probability(counts, mean, phi, np.full(100, 0.01), cases=n) for n in (0, 5, 12)]
    assert (found[0] < found[1]).all()
    assert (found[1] < found[2]).all()
    assert found[2].min() > 0.9
    assert np.isnan(detection_probability(counts, mean * np.nan, phi, np.full(100, 0.01), cases=3)).all()
    assert (detection_probability(counts, mean, phi, np.full(100, np.nan), cases=50) == 0).all()


def test_cases_spread_over_two_periods_are_seen_in_their_sum():
    observed, mean, phi = np.array([[8.0], [14.0], [14.0]]), np.full((3, 1), 8.0), np.ones((3, 1))
    one, two = tail_of_sums(observed, mean, phi, periods=1), tail_of_sums(observed, mean, phi)
    assert np.isnan(two[0, 0])
    # Two Poisson counts of mean 8 are one of mean 16.
    assert two[2, 0] == pytest.approx(float(upper_tail(np.array(28.0), np.array(16.0), np.array(1.0))))
    assert two[2, 0] < one[2, 0] / 5
    mean[1] = np.nan
    assert np.isnan(tail_of_sums(observed, mean, phi)[1:]).all()


def test_a_day_of_which_two_fifths_are_reported_is_judged_fairly():
    rng = np.random.default_rng(10)
    final = rng.poisson(rng.gamma(10, 2.0, 40_000))  # mean 20, variance over mean 3
    seen, mean, phi = rng.binomial(final, 0.4), np.full(40_000, 20.0), np.full(40_000, 3.0)
    fair, blind = tail_of_seen(seen, mean, phi, np.full(40_000, 0.4)), upper_tail(seen, mean, phi)
    for level in (0.01, 0.05, 0.2):
        # At each probability that whole counts can have, so many fall at or below it.
        reached = fair[fair <= level].max()
        assert (fair <= reached).mean() == pytest.approx(reached, rel=0.15)
    assert (blind <= 0.05).mean() < 0.005


def test_a_memory_that_fades_at_once_still_keeps_the_budget():
    kept = keep_budget(_tails("quiet", 11), per_period=ASKED, half_life=0.05)
    assert kept.alarm[20:].sum() / 580 <= 1.15 * ASKED


def test_a_budget_by_the_month_is_spread_over_its_periods():
    assert 2 / periods_in_month(1) == pytest.approx(0.0657, abs=1e-4)


@pytest.mark.parametrize(
    ("tail", "more"),
    [
        (np.ones((3, 2)), {"per_period": 0.0}),
        (np.ones((3, 2)), {"per_period": float("nan")}),
        (np.full((3, 2), 1.5), {"per_period": 1.0}),
        (np.ones(3), {"per_period": 1.0}),
        (np.ones((3, 2)), {"per_period": 1.0, "true_from": np.ones((2, 2), int)}),
        (np.ones((3, 2)), {"per_period": 1.0, "memory": 3}),
    ],
)
def test_what_cannot_be_a_budget_is_refused(tail, more):
    with pytest.raises(BudgetRefused):
        keep_budget(tail, **more)
