"""Nowcasts: published factors, intervals that hold what they promise, days on which nobody reports."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.delay import TriangleRefused, chain_ladder, development_factors, nowcast

VECTOR = np.array([[5, 3, 1, 0], [6, 2, 1, 1], [4, 4, 1, 0], [7, 3, 0, 0], [6, 0, 0, 0]])
SHARES = np.array([0.25, 0.22, 0.17, 0.12, 0.09, 0.06, 0.05, 0.04])


def _simulated(seed, *, days=90, mean=20.0, opened=None, noise=0.0):
    """A triangle with all of its future, the final counts, and the days on which reports are made."""
    rng = np.random.default_rng(seed)
    reported_on = np.flatnonzero(np.ones(days + 60, bool) if opened is None else opened[: days + 60])
    triangle, finals = np.zeros((days, 8 if opened is None else 16), int), np.zeros(days, int)
    for day in range(days):
        finals[day] = rng.poisson(rng.gamma(5, mean / 5))
        shares = rng.dirichlet(SHARES * noise) if noise else SHARES
        first = int(np.searchsorted(reported_on, day))
        for step, cases in enumerate(rng.multinomial(finals[day], shares)):
            triangle[day, reported_on[first + step] - day] += cases
    return triangle, finals


def _weekdays(days):
    return ~np.isin(np.arange(days) % 7, [5, 6])


def _covered(runs, *, mean=20.0, noise=0.0, weekends=False):
    opened = _weekdays(200) if weekends else None
    inside = total = 0
    for seed in range(runs):
        triangle, finals = _simulated(seed, mean=mean, opened=opened, noise=noise)
        for told in nowcast(triangle, seed=seed, open_days=None if opened is None else opened[:90].tolist()):
            total += 1
            inside += told.lower <= finals[told.day] <= told.upper
    return inside / total


def test_chain_ladder_gives_the_worked_example():
    assert development_factors(VECTOR).round(6).tolist() == [1.545455, 1.125, 1.055556]
    assert chain_ladder(VECTOR).round(4).tolist() == [9.0, 10.0, 9.5, 11.875, 11.0114]


@pytest.mark.parametrize(
    ("mean", "noise", "weekends"), [(20.0, 0.0, False), (20.0, 30.0, False), (20.0, 0.0, True), (3.0, 0.0, False)]
)
def test_intervals_of_90_percent_hold_the_final_count_in_nine_of_ten_days_or_more(mean, noise, weekends):
    # 60 triangles of 7 to 11 open days each; whole counts make the intervals a little too wide, never much too narrow.
    assert _covered(60, mean=mean, noise=noise, weekends=weekends) >= 0.89


def test_weekends_taken_for_open_days_make_mondays_wrong():
    triangle, finals = _simulated(1, opened=_weekdays(200), mean=60.0)
    opened = _weekdays(90).tolist()
    assert not opened[-1]
    knowing = nowcast(triangle, seed=1, open_days=opened)
    blind = nowcast(triangle, seed=1)
    friday = 87 - 1
    error = {n: abs(next(t for t in told if t.day == friday).expected - finals[friday]) for n, told in
             (("knowing", knowing), ("blind", blind))}  # fmt: skip
    assert error["knowing"] <= error["blind"]


def test_what_lies_after_today_is_not_read():
    triangle, _ = _simulated(3)
    masked = triangle.copy()
    for day in range(len(masked)):
        masked[day, max(len(masked) - day, 0) :] = 99
    assert nowcast(masked, seed=5) == nowcast(triangle, seed=5)


def test_the_same_seed_gives_the_same_answer_and_complete_days_are_left_alone():
    triangle, _ = _simulated(4)
    told = nowcast(triangle, seed=9)
    assert told == nowcast(triangle, seed=9)
    assert [t.day for t in told] == list(range(83, 90))


def test_too_few_completed_days_say_nothing():
    told = nowcast(VECTOR, seed=1)
    assert {(t.share_seen, t.expected, t.upper) for t in told} == {(None, None, None)}
    assert [t.seen for t in told] == [9, 10, 6]


def test_a_day_on_which_nothing_could_be_reported_yet_rests_on_the_level():
    triangle, _ = _simulated(2, opened=_weekdays(200))
    today = nowcast(triangle, seed=1, open_days=_weekdays(90).tolist())[-1]
    assert today.share_seen == 0.0
    assert today.lower < 20 < today.upper


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=1, max_size=30), st.integers(0, 5))
def test_the_final_count_is_never_below_what_is_known(rows, seed):
    for told in nowcast(np.array(rows), seed=seed):
        assert told.lower >= told.seen
        assert told.upper is None or told.upper >= told.lower
        assert told.share_seen is None or 0 <= told.share_seen <= 1


def test_days_without_any_case_stay_quiet():
    told = nowcast(np.zeros((40, 5), int), seed=1)
    assert all(t.seen == 0 and t.expected < 0.1 and t.upper <= 1 for t in told)


@pytest.mark.parametrize(
    "given_",
    [
        {"triangle": np.array([[1, -1]])},
        {"triangle": np.array([1, 2])},
        {"triangle": np.array([[1.0, 2.0]])},
        {"triangle": VECTOR, "open_days": [True]},
        {"triangle": VECTOR, "level": 1.0},
    ],
)
def test_what_is_no_triangle_is_refused(given_):
    with pytest.raises(TriangleRefused):
        nowcast(**given_, seed=1)
