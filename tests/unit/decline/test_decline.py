from math import exp, log
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.decline import (
    Decline,
    Spread,
    Treatment,
    brier_score,
    median_residue,
    probability_above,
    reliability_table,
    residue_quantile,
    simulate,
    wait_until_below,
)

MODEL = Decline(half_life=Spread(4.0, 1.6), deposit=Spread(0.02, 1.8))
doses = st.floats(1, 500)
spreads = st.builds(Spread, st.floats(0.5, 30), st.floats(1.0, 3.0))
models = st.builds(Decline, spreads, spreads, st.floats(0.3, 1.0), st.floats(1.0, 8.0))


def test_a_known_half_life_leaves_the_closed_form():
    """With only the deposit uncertain the answer is one tail of a normal distribution."""
    model = Decline(Spread(4.0), Spread(0.02, 1.8))
    for day in range(0, 30, 3):
        median = 0.02 * 60 * exp(-log(2) * day / 4)
        expected = 1 - NormalDist(log(median), log(1.8)).cdf(log(0.5))
        assert probability_above(0.5, [Treatment(0, 60)], day, model) == pytest.approx(expected, abs=1e-12)


def test_the_quadrature_agrees_with_random_draws():
    rng = Random(20240501)
    treatments = [Treatment(-14, 80), Treatment(-7, 50), Treatment(0, 60)]
    draws = 20_000
    above = 0
    for _ in range(draws):
        half_life = exp(rng.gauss(log(4), log(1.6)))
        deposit = exp(rng.gauss(log(0.02), log(1.8)))
        residue = deposit * sum(t.dose * 0.5 ** ((7 - t.day) / half_life) for t in treatments)
        above += residue > 0.5
    # Three standard errors of the draws.
    assert probability_above(0.5, treatments, 7, MODEL) == pytest.approx(above / draws, abs=3 * 0.5 / draws**0.5)


@settings(max_examples=40, deadline=None)
@given(models, st.lists(doses, min_size=1, max_size=3), st.integers(0, 30), st.floats(0.001, 20))
def test_waiting_and_a_higher_limit_never_raise_the_probability(model, amounts, day, limit):
    treatments = [Treatment(-5.0 * n, dose) for n, dose in enumerate(amounts)]
    here = probability_above(limit, treatments, day, model)
    assert 0 <= here <= 1
    assert probability_above(limit, treatments, day + 3, model) <= here + 1e-12
    assert probability_above(limit * 2, treatments, day, model) <= here + 1e-12
    assert probability_above(limit, [*treatments, Treatment(-1, 50)], day, model) >= here - 1e-12


@settings(max_examples=30, deadline=None)
@given(models, doses, st.integers(0, 20), st.floats(0.01, 5))
def test_milligrams_and_micrograms_say_the_same(model, dose, day, limit):
    small = Decline(
        model.half_life, Spread(model.deposit.median * 1000, model.deposit.gsd), model.fast_share, model.slow_factor
    )
    one = probability_above(limit, [Treatment(0, dose)], day, model)
    assert probability_above(limit * 1000, [Treatment(0, dose)], day, small) == pytest.approx(one, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(models, doses, st.floats(0.01, 5))
def test_the_day_to_wait_for_is_the_first_that_is_low_enough(model, dose, limit):
    treatments = [Treatment(0, dose)]
    day = wait_until_below(limit, treatments, 0, model, risk=0.05, most_days=90)
    if day is None:
        assert probability_above(limit, treatments, 90, model) > 0.05
        return
    assert probability_above(limit, treatments, day, model) <= 0.05
    assert day == 0 or probability_above(limit, treatments, day - 1, model) > 0.05


def test_a_quantile_is_where_its_probability_says():
    treatments = [Treatment(0, 60)]
    high = residue_quantile(0.95, treatments, 7, MODEL)
    assert probability_above(high, treatments, 7, MODEL) == pytest.approx(0.05, abs=1e-6)
    assert median_residue(treatments, 7, MODEL) < high


def test_nothing_applied_leaves_nothing():
    assert probability_above(0.01, [], 0, MODEL) == 0
    assert probability_above(0.01, [Treatment(10, 60)], 5, MODEL) == 0
    assert residue_quantile(0.95, [], 0, MODEL) == 0


@pytest.mark.parametrize("wrong", [(0, 1.2), (-1, 1.2), (4, 0.9)])
def test_a_spread_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="a spread needs"):
        Spread(*wrong)


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        probability_above(0, [], 0, MODEL)


def test_forecasts_come_true_in_the_world_they_describe():
    """The figures of docs/methods/residue-forecast.md: 4,000 fields with known truth."""
    fields = simulate(4000, MODEL, Random(20230315), limits=(0.05, 0.2, 0.5, 1.0))
    forecasts, outcomes = [f.forecast for f in fields], [f.above for f in fields]
    rate = sum(outcomes) / len(outcomes)
    score = brier_score(forecasts, outcomes)
    assert score == pytest.approx(0.123, abs=0.002)
    assert score < 0.5 * rate * (1 - rate)
    for line in reliability_table(forecasts, outcomes):
        # Two and a half standard errors of a share among so many fields.
        assert line.happened == pytest.approx(line.mean_forecast, abs=2.5 * 0.5 / line.count**0.5)


def test_a_slower_world_than_assumed_shows_in_the_score():
    slow = Decline(Spread(6.0, 1.6), Spread(0.02, 1.8))
    fields = simulate(1500, MODEL, Random(20230315), truth=slow, limits=(0.05, 0.2, 0.5, 1.0))
    forecasts, outcomes = [f.forecast for f in fields], [f.above for f in fields]
    assert sum(outcomes) / len(outcomes) > sum(forecasts) / len(forecasts) + 0.08
