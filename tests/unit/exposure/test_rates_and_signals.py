"""Rates of small places, charts of concentrations, and the order of hazards."""

import numpy as np
import pytest
from scipy.special import betaln
from scipy.stats import norm

from fangxin.engines.exposure import (
    Baseline,
    Candidate,
    Observation,
    Prior,
    Scale,
    Why,
    chart_cusum,
    chart_ewma,
    estimate_rate,
    fit_prior,
    rank_hazards,
    samples_to_find_one,
    shrink_rates,
    standardize,
)


@pytest.mark.parametrize(("found", "tested"), [(0, 1), (1, 1), (7, 30), (30, 30), (1, 1000)])
def test_wilsons_bounds_are_where_the_score_test_just_rejects(found, tested):
    """Independent: at each bound the standardized difference is exactly 1.96."""
    rate = estimate_rate(found, tested)
    for bound in (rate.low, rate.high):
        if 0 < bound < 1:
            z = abs(found / tested - bound) / (bound * (1 - bound) / tested) ** 0.5
            assert z == pytest.approx(norm.ppf(0.975), rel=1e-9)
    assert rate.low <= rate.value <= rate.high


def test_a_rate_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="between"):
        estimate_rate(3, 2)


@pytest.mark.parametrize("share", [0.3, 0.05, 0.01, 0.001])
def test_so_many_samples_show_one_and_one_fewer_may_not(share):
    size = samples_to_find_one(share)
    assert (1 - share) ** size <= 0.05 < (1 - share) ** (size - 1)


def test_the_prior_is_the_likeliest_on_a_grid():
    rng = np.random.default_rng(8)
    tested = rng.integers(20, 80, 25)
    found = rng.binomial(tested, rng.beta(3, 40, 25))
    prior = fit_prior(list(zip(found.tolist(), tested.tolist(), strict=True)))

    def log_likelihood(a, b):
        return float(np.sum(betaln(found + a, tested - found + b) - betaln(a, b)))

    best = max(
        log_likelihood(m * w, (1 - m) * w) for m in np.linspace(0.02, 0.2, 60) for w in np.geomspace(3, 3000, 60)
    )
    assert log_likelihood(prior.a, prior.b) >= best - 1e-6


def test_a_small_place_is_drawn_further_than_a_large_one():
    rows = shrink_rates([("small", 1, 4), ("large", 50, 200)], prior=Prior(2, 38))
    by_name = {row.place: row for row in rows}
    assert by_name["large"].value > by_name["small"].value > 0.05
    assert by_name["small"].value == pytest.approx(3 / 44)
    assert all(row.low < row.value < row.high for row in rows)


def test_shrunk_rates_are_nearer_the_truth_than_raw_ones():
    rng = np.random.default_rng(21)
    true = rng.beta(2, 50, 40)
    tested = rng.integers(8, 40, 40)
    found = rng.binomial(tested, true)
    shrunk = {r.place: r.value for r in shrink_rates([(str(i), int(found[i]), int(tested[i])) for i in range(40)])}
    raw_error = np.mean((found / tested - true) ** 2)
    assert np.mean([(shrunk[str(i)] - true[i]) ** 2 for i in range(40)]) < raw_error / 2


@pytest.mark.parametrize("counts", [[(1, 5), (0, 4)], [(0, 5)] * 8, [(5, 5)] * 8, [(0, 0)] * 9])
def test_where_the_spread_cannot_be_seen_a_prior_must_be_given(counts):
    with pytest.raises(ValueError, match="too little"):
        fit_prior(counts)


BASE = Baseline(mu=np.log(0.05), sigma=0.5)


def series(rng, size, shift=0.0, limit=0.03):
    values = np.exp(rng.normal(BASE.mu + shift * BASE.sigma, BASE.sigma, size))
    return [Observation(float(v) if v >= limit else None, lod=limit) for v in values]


def test_scores_of_the_unseen_average_to_zero_under_the_baseline():
    scores = [standardize(o, BASE) for o in series(np.random.default_rng(1), 20_000)]
    assert np.mean(scores) == pytest.approx(0, abs=0.02)
    trace = Observation(None, lod=0.02, loq=0.05, trace=True)
    low, high = (np.log(0.02) - BASE.mu) / BASE.sigma, (np.log(0.05) - BASE.mu) / BASE.sigma
    draws = norm.ppf(np.linspace(norm.cdf(low), norm.cdf(high), 200_001))
    assert standardize(trace, BASE) == pytest.approx(draws.mean(), abs=1e-3)


@pytest.mark.parametrize("chart", [chart_ewma, chart_cusum])
def test_a_steady_series_seldom_signals_and_a_risen_one_soon(chart):
    quiet = sum(any(p.beyond for p in chart(series(np.random.default_rng(s), 60), BASE)) for s in range(100))
    assert quiet <= 14  # one in about 500 to 900 results: some ten of a hundred series of 60
    delays = []
    for seed in range(50):
        rng = np.random.default_rng(1000 + seed)
        points = chart(series(rng, 30) + series(rng, 30, shift=1.5), BASE)
        delays.append(next((i - 30 for i, p in enumerate(points) if p.beyond and i >= 30), 99))
    assert np.median(delays) <= 6


def test_a_fall_is_no_alarm():
    assert not any(p.beyond for p in chart_ewma(series(np.random.default_rng(2), 50, shift=-3), BASE))


def test_a_chart_with_every_result_unseen_stays_quiet():
    unseen = [Observation(None, lod=0.5)] * 40
    assert not any(p.beyond for p in chart_ewma(unseen, BASE) + chart_cusum(unseen, BASE))


SCALE = Scale(
    above_limit=(0.01, 0.03, 0.05, 0.1),
    share_of_guidance=(0.1, 0.3, 0.6, 1.0),
    margin=(10, 3, 1, 0.3),
    fewest_results=20,
)


def test_the_unknown_is_ranked_in_the_middle_and_marked():
    rows = rank_hazards(
        [
            Candidate("known low", "rice", severity=2, results=60, above_limit_high=0.005, trend="steady"),
            Candidate("unknown", "rice", severity=None, results=3),
            Candidate("known high", "rice", severity=5, results=60, share_of_guidance=1.2, trend="risen"),
        ],
        SCALE,
    )
    assert [(r.hazard, r.provisional) for r in rows] == [
        ("known high", False), ("unknown", True), ("known low", False),
    ]  # fmt: skip
    assert rows[0].score == pytest.approx(5 * 5 * 1.5)
    assert [reason.why for reason in rows[1].reasons] == [Why.SEVERITY_UNKNOWN, Why.NOT_ENOUGH, Why.TREND_UNKNOWN]


def test_the_gravest_of_what_is_known_decides_the_likelihood():
    one = Candidate(
        "x", "y", 3, 60, above_limit_high=0.005, share_of_guidance=0.7, margin_of_wanted=0.2, trend="fallen"
    )
    (row,) = rank_hazards([one], SCALE)
    assert row.reasons[1].why is Why.MARGIN_OF_EXPOSURE
    assert row.reasons[1].score == 5
    assert row.score == pytest.approx(3 * 5 * 0.8)


def test_vulnerable_eaters_raise_severity_but_not_beyond_the_scale():
    rows = rank_hazards([Candidate("x", "y", 5, 0, vulnerable=True), Candidate("z", "y", 3, 0, vulnerable=True)], SCALE)
    assert [r.reasons[0].score for r in rows] == [5, 4]
