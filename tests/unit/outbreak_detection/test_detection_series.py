"""Series as they come: any order, gaps, zeros, long years, nonsense. What may change a result, and what must not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.detection import METHODS, DetectionRefused, Panel, detect

WEEKS = 52 * 6
RANGE = [WEEKS - 9, WEEKS]
NOUFAILY = {"noPeriods": 10, "pastWeeksNotIncluded": 26, "thresholdMethod": "nbPlugin", "alpha": 0.01}
CONTROLS = {
    "farrington": {"b": 3, "alpha": 0.01}, "farrington-flexible": {"b": 4, **NOUFAILY}, "ears": {"method": "C2"}, "cusum": {},
    "ewma": {}, "bayes": {}, "rki": {}, "cdc": {},
}  # fmt: skip


def _counts(seed, series=3, mean=6.0, periods=WEEKS):
    rng = np.random.default_rng(seed)
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(periods) / 52)
    return rng.negative_binomial(3, 3 / (3 + mean * season[:, None]), (periods, series)).astype(float)


def _panel(counts, dates=None):
    return Panel(counts, tuple(f"s{n}" for n in range(counts.shape[1])), 52, dates)


def _same(one, other, columns):
    for name in ("expected", "upperbound", "tail"):
        np.testing.assert_allclose(getattr(one, name)[:, columns], getattr(other, name), rtol=1e-9, equal_nan=True)
    assert (one.alarm[:, columns] == other.alarm).all()


def test_every_method_has_parameters_here():
    assert set(CONTROLS) == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_series_alone_or_among_others_in_any_order_is_judged_alike(method, seed):
    counts, control = _counts(seed), CONTROLS[method] | {"range": RANGE}
    together = detect(_panel(counts), method, control)
    _same(together, detect(_panel(counts[:, [1]]), method, control), [1])
    _same(together, detect(_panel(counts[:, ::-1]), method, control), [2, 1, 0])


@pytest.mark.parametrize("method", METHODS)
def test_the_future_changes_nothing(method):
    counts, control = _counts(4), CONTROLS[method] | {"range": [RANGE[0], RANGE[0] + 4]}
    later = counts.copy()
    later[RANGE[0] + 4 :] = 500
    _same(detect(_panel(counts), method, control), detect(_panel(later), method, control), [0, 1, 2])


@pytest.mark.parametrize("method", METHODS)
def test_a_series_of_zeros_never_alarms_and_one_that_leaps_does(method):
    zeros = _counts(1) * 0
    control = CONTROLS[method] | {"range": RANGE}
    assert not detect(_panel(zeros), method, control).alarm.any()
    leap = _counts(2)
    leap[RANGE[1] - 3] = 400
    assert detect(_panel(leap), method, control).alarm[RANGE[1] - 3 - (RANGE[0] - 1)].all()


@pytest.mark.parametrize("method", ["farrington", "farrington-flexible", "bayes"])
def test_a_missing_week_is_left_out_and_a_missing_count_never_alarms(method):
    counts, control = _counts(3), CONTROLS[method] | {"range": RANGE}
    whole = detect(_panel(counts), method, control)
    gap = counts.copy()
    gap[RANGE[0] - 60], gap[RANGE[1] - 1] = np.nan, np.nan
    found = detect(_panel(gap), method, control)
    assert not found.alarm[-1].any()
    assert np.isfinite(found.upperbound[:-1]).all()
    np.testing.assert_allclose(found.expected[:-1], whole.expected[:-1], rtol=0.5)


def test_a_year_of_53_weeks_is_stepped_over_by_the_calendar():
    dates = np.arange(np.datetime64("2015-01-05"), np.datetime64("2021-12-27"), np.timedelta64(7, "D"))
    counts = _counts(5, periods=len(dates))
    # 2020 has 53 weeks; one wave at the turn of each year must meet its own anniversaries.
    turn = np.array([str(day)[5:] >= "12-28" or str(day)[5:] <= "01-07" for day in dates])
    counts[turn] += 80
    control = {
        "range": [int(np.flatnonzero(dates == np.datetime64("2020-12-28"))[0]) + 1] * 2,
        "b": 4,
        "w": 1,
        "alpha": 0.01,
    }
    by_calendar = detect(_panel(counts, dates), "farrington", control)
    assert by_calendar.expected.min() > 30
    assert not by_calendar.alarm.any()
    flexible = detect(_panel(counts, dates), "farrington-flexible", control | NOUFAILY)
    assert flexible.expected.min() > 30


def test_more_cases_never_turn_an_alarm_off():
    counts = _counts(6)
    for method in set(METHODS) - {"ears"}:
        alarms = []
        for extra in (0, 5, 20, 80):
            more = counts.copy()
            more[RANGE[1] - 1] += extra
            alarms.append(detect(_panel(more), method, CONTROLS[method] | {"range": [RANGE[1], RANGE[1]]}).alarm[0])
        assert all((before <= after).all() for before, after in pairwise(alarms)), method


def test_the_tail_agrees_with_the_bound():
    found = detect(
        _panel(_counts(8, series=40)),
        "farrington-flexible",
        CONTROLS["farrington-flexible"] | {"range": RANGE, "limit54": [0, 4]},
    )
    # Above the 99 % point means that at most 1 % lies there or beyond.
    assert (found.tail[found.alarm] <= 0.01 + 1e-9).all()
    assert (found.tail[~found.alarm & (found.observed > 0)] > 0.0099).mean() > 0.9


def test_few_cases_in_four_weeks_give_no_bound():
    counts = np.zeros((WEEKS, 1))
    counts[::9] = 1
    found = detect(_panel(counts), "farrington", {"b": 3, "range": RANGE, "limit54": [5, 4]})
    assert np.isnan(found.upperbound).all()
    assert not found.alarm.any()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"alfa": 0.1}, "no parameter 'alfa'"), ({"alpha": 2}, "between 0 and 1"), ({"b": 2.5}, "whole number"),
        ({"range": [0, 5]}, "does not lie within"), ({"range": [5, 9999]}, "does not lie within"), ({"range": "all"}, "two whole numbers"),
        ({"b": 5, "range": [200, 210]}, "5 years before"), ({"thresholdMethod": "best"}, "must be one of"), ({"trend": 1}, "true or false"),
        ({"limit54": [-1, 4]}, "limit54 must be"), ({"populationOffset": True, "range": RANGE}, "needs a population"),
        ({"noPeriods": 300, "range": RANGE}, "too large"), ({"pastWeeksNotIncluded": 9000, "range": RANGE}, "no baseline"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused_by_name(given, words):
    with pytest.raises(DetectionRefused, match=words):
        detect(_panel(_counts(1)), "farrington-flexible", given)


@pytest.mark.parametrize("value", [-1.0, 2.5, -0.0001])
def test_what_is_no_count_is_refused_with_its_place(value):
    counts = _counts(1)
    counts[7, 2] = value
    with pytest.raises(DetectionRefused, match="whole numbers, not below zero") as refused:
        _panel(counts)
    assert (refused.value.row, refused.value.unit) == (8, "s2")


def test_a_gap_between_dates_is_refused_with_its_row():
    dates = np.arange(np.datetime64("2020-01-06"), np.datetime64("2021-01-06"), np.timedelta64(7, "D"))
    with pytest.raises(DetectionRefused, match="should come 2020-03-02, not 2020-03-09") as refused:
        _panel(np.zeros((len(dates) - 1, 1)), np.delete(dates, 8))
    assert refused.value.row == 9
