"""Results that were not quantified: bounds, treatments, and the three estimators that do not invent numbers."""

import doctest
import importlib
from collections import Counter
from math import exp, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

from fangxin.engines.exposure import (
    Bound,
    CannotFit,
    Observation,
    Seen,
    Treatment,
    drop_unfit,
    fit_lognormal,
    fit_order_statistics,
    kaplan_meier,
    summarize,
)

PARTS = ("observations", "reference_points", "intake", "rates", "signals")


@pytest.mark.parametrize("name", PARTS)
def test_the_examples_run(name):
    failed, attempted = doctest.testmod(importlib.import_module(f"fangxin.engines.exposure.{name}"))
    assert attempted
    assert not failed


def nd(limit):
    return Observation(None, lod=limit)


@pytest.mark.parametrize(
    ("observation", "seen", "bounds"),
    [
        (nd(0.01), Seen.NOT_DETECTED, (0, 0.005, 0.01)),
        (Observation(None, loq=0.03), Seen.NOT_DETECTED, (0, 0.015, 0.03)),
        (Observation(None, lod=0.01, loq=0.03, trace=True), Seen.TRACE, (0.01, 0.015, 0.03)),
        # Half of the quantification limit would lie below the lower bound.
        (Observation(None, lod=0.02, loq=0.03, trace=True), Seen.TRACE, (0.02, 0.02, 0.03)),
        (Observation(0.02, lod=0.01, loq=0.03), Seen.TRACE, (0.01, 0.015, 0.03)),
        (Observation(0.03, lod=0.01, loq=0.03), Seen.QUANTIFIED, (0.03, 0.03, 0.03)),
        (Observation(0.005, lod=0.01), Seen.NOT_DETECTED, (0, 0.005, 0.01)),
        (Observation(0.0, lod=0.01), Seen.NOT_DETECTED, (0, 0.005, 0.01)),
        (Observation(0.4), Seen.QUANTIFIED, (0.4, 0.4, 0.4)),
    ],
)
def test_what_stands_for_a_result(observation, seen, bounds):
    assert observation.seen is seen
    assert tuple(observation.read(bound) for bound in Bound) == pytest.approx(bounds)


@pytest.mark.parametrize(
    "given",
    [{"value": None}, {"value": -1.0}, {"value": float("nan")}, {"value": None, "lod": 0.3, "loq": 0.1},
     {"value": None, "lod": 0.0}, {"value": None, "lod": 0.1, "trace": True}],
)  # fmt: skip
def test_what_bounds_nothing_is_refused(given):
    with pytest.raises(ValueError, match="limit"):
        Observation(**given)


def test_no_results_have_no_mean():
    nothing = summarize([])
    assert nothing.middle is None
    assert nothing.censored_share is None
    assert nothing.treatment is Treatment.NOTHING


@given(st.lists(st.tuples(st.floats(0.001, 100), st.floats(0.001, 1), st.booleans()), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_the_middle_lies_between_the_bounds(rows):
    summary = summarize([Observation(v if s else None, lod=d, loq=3 * d) for v, d, s in rows])
    assert summary.lower <= summary.middle + 1e-12
    assert summary.middle <= summary.upper + 1e-12


def test_a_cut_off_drops_quantified_results_of_the_same_method_too():
    kept, dropped = drop_unfit(
        [Observation(5.0, lod=1.0, loq=3.0), nd(1.0), nd(0.01), Observation(0.5)], loq_at_most=0.1
    )
    assert (len(kept), dropped) == (2, 2)


def censored_sample(seed, size=400, mu=-1.0, sigma=0.8, limits=(0.2, 0.4)):
    rng = np.random.default_rng(seed)
    true = np.exp(rng.normal(mu, sigma, size))
    lod = rng.choice(limits, size)
    return [Observation(v if v >= d else None, lod=d) for v, d in zip(true, lod, strict=True)], true


def test_the_fit_agrees_with_the_likelihood_written_out_by_integration():
    """Independent: masses by numerical integration of the density, maximum by another search."""
    observations, _true = censored_sample(3, size=40)
    observations += [Observation(None, lod=0.2, loq=0.6, trace=True)] * 5

    spans = Counter(o.span for o in observations)

    def density(x, mu, sigma):
        return exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * sqrt(2 * pi))

    def negative(at):
        mu, sigma = at[0], exp(at[1])
        total = 0.0
        for (low, high), count in spans.items():
            if low == high:
                total += count * (log(density(log(high), mu, sigma)) - log(high))
            else:
                start = log(low) if low else mu - 12 * sigma
                total += count * log(integrate.quad(density, start, log(high), args=(mu, sigma), epsabs=1e-13)[0])
        return -total

    found = optimize.minimize(negative, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9})
    fit = fit_lognormal(observations)
    assert (fit.mu, fit.sigma) == pytest.approx((found.x[0], exp(found.x[1])), abs=2e-5)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-6)


def test_without_censoring_the_fit_is_the_mean_and_spread_of_the_logarithms():
    values = [0.3, 0.5, 0.9, 1.4, 2.2, 4.0]
    fit = fit_lognormal([Observation(v) for v in values])
    logs = np.log(values)
    assert (fit.mu, fit.sigma) == pytest.approx((logs.mean(), logs.std()), abs=1e-7)
    assert fit.se_mu == pytest.approx(logs.std() / len(values) ** 0.5, abs=1e-6)
    assert fit.se_sigma == pytest.approx(logs.std() / (2 * len(values)) ** 0.5, abs=1e-6)


def test_the_interval_of_the_mean_covers_as_often_as_it_says():
    true = exp(-1.0 + 0.8**2 / 2)
    hits = 0
    for seed in range(200):
        low, high = fit_lognormal(censored_sample(seed, size=120)[0]).mean_interval
        hits += low <= true <= high
    assert 0.90 <= hits / 200 <= 0.99  # nominal 0.95; three standard errors of 200 trials are 0.046


def test_a_change_of_unit_changes_the_unit_alone():
    observations, _true = censored_sample(5, size=60)
    scaled = [Observation(o.value and o.value * 1000, lod=o.lod * 1000) for o in observations]
    one, other = fit_lognormal(observations), fit_lognormal(scaled)
    assert other.mean == pytest.approx(1000 * one.mean, rel=1e-6)
    assert other.sigma == pytest.approx(one.sigma, rel=1e-6)
    assert kaplan_meier(scaled).mean == pytest.approx(1000 * kaplan_meier(observations).mean)
    assert fit_order_statistics(scaled).mean == pytest.approx(1000 * fit_order_statistics(observations).mean)


def test_all_three_come_near_the_truth_where_much_is_not_seen():
    observations, true = censored_sample(11, size=2000)
    assert 0.35 < summarize(observations).censored_share < 0.6
    for mean in (
        fit_lognormal(observations).mean,
        fit_order_statistics(observations).mean,
        kaplan_meier(observations).mean,
    ):
        assert mean == pytest.approx(true.mean(), rel=0.06)


@given(st.lists(st.floats(0.01, 50), min_size=2, max_size=25))
@settings(max_examples=40, deadline=None)
def test_kaplan_meier_without_censoring_is_the_plain_mean(values):
    found = kaplan_meier([Observation(v) for v in values])
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found.rest == pytest.approx(0, abs=1e-12)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.booleans()), min_size=2, max_size=25), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_matter_and_bounds_hold(rows, random):
    observations = [Observation(v) if s else nd(v) for v, s in rows] + [Observation(5.0)]
    shuffled = observations[:]
    random.shuffle(shuffled)
    found = kaplan_meier(observations)
    assert kaplan_meier(shuffled) == found
    summary = summarize(observations)
    assert summary.lower - 1e-9 <= found.mean_rest_at_zero <= found.mean <= summary.upper + 1e-9


def test_shares_below_the_lowest_quantified_value_have_no_quantile():
    found = kaplan_meier([Observation(2.0), nd(1.0), nd(1.0), nd(1.0)])
    assert found.rest == pytest.approx(0.75)
    assert found.quantile(0.5) is None
    assert found.quantile(0.9) == 2.0
    assert found.mean == pytest.approx(0.25 * 2 + 0.75 * 1)
    assert found.mean_rest_at_zero == pytest.approx(0.5)


@pytest.mark.parametrize(
    "observations",
    [[], [nd(1.0)] * 10, [Observation(2.0)] * 6, [Observation(float(n + 1)) for n in range(4)] + [nd(1.0)]],
)
def test_too_little_is_said_not_fitted(observations):
    with pytest.raises(CannotFit):
        fit_lognormal(observations)


def test_order_statistics_refuse_a_tail_and_drop_limits_above_everything():
    with pytest.raises(CannotFit):
        fit_order_statistics([Observation(v) for v in (1.0, 2.0, 3.0)] + [nd(1.0)] * 13)
    found = fit_order_statistics([Observation(v) for v in (1.0, 2.0, 3.0)] + [nd(9.0)])
    assert found.dropped == 1
    assert found.mean == pytest.approx(2.0)


def test_nothing_quantified_has_no_distribution():
    with pytest.raises(CannotFit):
        kaplan_meier([nd(1.0)])
