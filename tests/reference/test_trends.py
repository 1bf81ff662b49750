"""The trend tests against independent computation (SciPy) and printed figures."""

import random

import pytest
from scipy import stats

from fangxin.engines import trends


def test_a_rising_series_of_360_has_the_figures_that_the_formula_prints() -> None:
    """n = 360 without ties: S = n(n−1)/2, Var = n(n−1)(2n+5)/18 (Kendall 1975), z = (S − 1)/√Var (Mann 1945)."""
    found = trends.mann_kendall([float(v) for v in range(360)])
    assert (found.s, found.variance) == (64620, 5205500.0)
    assert found.z == pytest.approx(64619 / 5205500**0.5)
    assert found.tau == 1.0
    slope = trends.sen_slope([(t, float(t)) for t in range(360)])
    assert slope is not None
    assert slope.slope == 1.0


@pytest.mark.parametrize("seed", range(6))
def test_exact_probabilities_are_those_of_scipy(seed: int) -> None:
    rng = random.Random(seed)
    values = rng.sample(range(1000), 9 + seed)
    ours = trends.mann_kendall([float(v) for v in values])
    theirs = stats.kendalltau(range(len(values)), values, method="exact")
    assert ours.exact
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert ours.tau == pytest.approx(theirs.statistic)


@pytest.mark.parametrize("seed", range(6))
def test_normal_probabilities_are_those_of_scipy_but_for_the_continuity_correction(seed: int) -> None:
    rng = random.Random(100 + seed)
    values = [float(rng.randrange(8)) for _ in range(30)]
    ours = trends.mann_kendall(values)
    theirs = stats.kendalltau(range(30), values, method="asymptotic")
    uncorrected = 2 * stats.norm.sf(abs(ours.s) / ours.variance**0.5)
    assert uncorrected == pytest.approx(theirs.pvalue, rel=1e-9)
    assert ours.p >= uncorrected


@pytest.mark.parametrize("seed", range(6))
def test_slopes_and_their_intervals_are_those_of_scipy(seed: int) -> None:
    """SciPy rounds the ranks of the interval where Gilbert interpolates, so ours lies between two of its slopes."""
    rng = random.Random(200 + seed)
    series = [(float(t), 0.3 * t + rng.gauss(0, 1)) for t in range(20)]
    ours = trends.sen_slope(series)
    theirs = stats.theilslopes([v for _t, v in series], [t for t, _v in series], alpha=0.95)
    assert ours is not None
    assert ours.slope == pytest.approx(theirs.slope)
    slopes = sorted((y2 - y1) / (t2 - t1) for i, (t1, y1) in enumerate(series) for t2, y2 in series[i + 1 :])
    for mine, other in ((ours.low, theirs.low_slope), (ours.high, theirs.high_slope)):
        assert mine is not None
        place = min(range(len(slopes)), key=lambda i: abs(slopes[i] - other))
        assert slopes[max(0, place - 1)] <= mine <= slopes[min(len(slopes) - 1, place + 1)]


def test_blocks_are_the_sum_of_their_scores_and_variances() -> None:
    """Hirsch, Slack & Smith 1982: S = ΣS_g, Var = ΣVar_g, corrected by one."""
    rng = random.Random(7)
    blocks = [[float(rng.randrange(6)) for _ in range(n)] for n in (5, 7, 3, 6)]
    found = trends.kendall_of_blocks(blocks)
    s = sum(trends.score(b) for b in blocks)
    variance = sum(trends.variance_of_score(b) for b in blocks)
    assert (found.s, found.variance) == (s, variance)
    z = (s - (s > 0) + (s < 0)) / variance**0.5
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(z)))
