"""Point and probabilistic exposure, short-term intake, and what they mean beside reference points."""

from decimal import Decimal
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from fangxin.engines.exposure import (
    Amount,
    Basis,
    Bound,
    Case,
    Diet,
    Eaten,
    Meal,
    Mode,
    Observation,
    Period,
    ReferencePoint,
    Treatment,
    case_of,
    compare,
    estimate_exposure,
    estimate_short_term_intake,
    fit_lognormal,
    hazard_indices,
    potency_sum,
    simulate_exposure,
)


def test_contributions_sum_to_the_whole_by_every_bound():
    foods = [
        Eaten("rice", (Observation(0.1), Observation(None, lod=0.02)), 300),
        Eaten("greens", (Observation(None, lod=0.05),), 200),
        Eaten("fish", (Observation(0.04),), 25),
    ]
    found = estimate_exposure(foods, body_weight_kg=60)
    for bound in Bound:
        assert sum(c.exposure[bound] for c in found.contributions) == pytest.approx(found.total[bound])
        assert sum(c.share[bound] for c in found.contributions) == pytest.approx(1)
    assert found.contributions[0].food == "rice"
    assert found.treatment is Treatment.RANGE_ONLY
    assert found.censored_share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("foods", "weight"),
    [([], 60), ([Eaten("rice", (), 1)], 60), ([Eaten("rice", (Observation(1.0),), 1)], 0),
     ([Eaten("rice", (Observation(1.0),), -1)], 60), ([Eaten("rice", (Observation(1.0),), 1)] * 2, 60)],
)  # fmt: skip
def test_what_cannot_be_weighed_is_refused(foods, weight):
    with pytest.raises(ValueError, match="food"):
        estimate_exposure(foods, body_weight_kg=weight)


@pytest.mark.parametrize(
    ("meal", "case", "intake"),
    [
        (Meal(400, 60, highest=0.9), Case.ONE, 6.0),
        (Meal(400, 60, highest=0.9, unit_g=24.9), Case.ONE, 6.0),
        (Meal(400, 60, highest=0.9, unit_g=150, variability=3), Case.TWO_A, (150 * 3 + 250) * 0.9 / 60),
        (Meal(400, 60, highest=0.9, unit_g=400), Case.TWO_B, 400 * 3 * 0.9 / 60),
        (Meal(400, 60, highest=0.9, unit_g=1200, variability=5), Case.TWO_B, 400 * 5 * 0.9 / 60),
        (Meal(400, 60, highest=0.9, median=0.2, blended=True, unit_g=150), Case.THREE, 400 * 0.2 / 60),
    ],
)
def test_short_term_intake_by_case(meal, case, intake):
    found = estimate_short_term_intake(meal)
    assert found.case is case is case_of(meal)
    assert found.intake == pytest.approx(intake)


def test_a_case_without_its_residue_is_refused():
    with pytest.raises(ValueError, match="median"):
        estimate_short_term_intake(Meal(400, 60, highest=0.9, blended=True))


def benchmark(value="0.4", wanted=10_000):
    return ReferencePoint(
        "x", "x", "BMDL10", Decimal(value), "μg", Period.DAY, Basis.BENCHMARK, "EFSA 2020", Decimal(wanted)
    )


@pytest.mark.parametrize(
    ("value", "unit", "period", "per_day"),
    [("25", "μg", Period.MONTH, "0.8333"), ("2.5", "μg", Period.WEEK, "0.3571"), ("0.07", "mg", Period.DAY, "70"),
     ("2", "pg", Period.WEEK, "2.857E-7"), ("8", "μg", Period.EVENT, "8"), ("20", "ng", Period.DAY, "0.020")],
)  # fmt: skip
def test_periods_and_units_become_micrograms_a_day(value, unit, period, per_day):
    point = ReferencePoint("x", "x", "TDI", Decimal(value), unit, period, Basis.GUIDANCE, "body")
    assert float(point.per_day) == pytest.approx(float(per_day), rel=1e-3)


def test_no_exposure_seen_has_no_margin():
    assert compare(0.0, benchmark()).margin is None
    assert compare(0.0, benchmark()).concern is None


def test_concern_begins_above_the_guidance_value_and_below_the_margin():
    tdi = ReferencePoint("x", "x", "TDI", Decimal("1"), "μg", Period.DAY, Basis.GUIDANCE, "body")
    assert compare(1.0, tdi).concern is False
    assert compare(1.0001, tdi).concern is True
    assert compare(0.00004, benchmark()).concern is False
    assert compare(0.000041, benchmark()).concern is True


def test_a_benchmark_needs_its_margin_and_a_guidance_value_none():
    with pytest.raises(ValueError, match="margin"):
        ReferencePoint("x", "x", "BMDL10", Decimal(1), "μg", Period.DAY, Basis.BENCHMARK, "body")
    with pytest.raises(ValueError, match="margin"):
        ReferencePoint("x", "x", "TDI", Decimal(1), "μg", Period.DAY, Basis.GUIDANCE, "body", Decimal(1))


def test_quotients_add_up_by_organ_only():
    organs = {"a": ["nerves"], "b": ["nerves", "liver"], "c": ["liver"]}
    found = hazard_indices({"a": Decimal("0.5"), "b": Decimal("0.6"), "c": Decimal("0.1")}, organs)
    assert [(i.organ, i.total, i.concern) for i in found] == [
        ("nerves", Decimal("1.1"), True), ("liver", Decimal("0.7"), False),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="organ"):
        hazard_indices({"d": Decimal(1)}, organs)


def test_relative_potencies_refuse_a_substance_they_do_not_know():
    assert potency_sum({"AFB1": Decimal(2), "AFM1": Decimal(10)}, {"AFB1": Decimal(1), "AFM1": Decimal("0.1")}) == 3
    with pytest.raises(ValueError, match="potency"):
        potency_sum({"z": Decimal(1)}, {})


# --- probabilistic ----------------------------------------------------------------------------------------------------


def lognormal_results(rng, mu, sigma, size):
    return tuple(Observation(float(v)) for v in np.exp(rng.normal(mu, sigma, size)))


def test_acute_percentiles_agree_with_the_closed_form():
    """Concentration, amount and body weight lognormal: so is their product, whose percentiles are known exactly."""
    results = lognormal_results(np.random.default_rng(1), log(0.05), 0.7, 4000)
    fit = fit_lognormal(results)
    grams, weight = Amount(mean=300, variation=0.5), Amount(mean=60, variation=0.15)
    found = simulate_exposure(
        [Diet("rice", grams, results, fit)], body_weight_kg=weight, bound=Bound.MIDDLE, mode=Mode.ACUTE,
        rng=np.random.default_rng(7), people=4000, rounds=60,
    )  # fmt: skip
    s_grams, s_weight = sqrt(log(1 + 0.5**2)), sqrt(log(1 + 0.15**2))
    mu = fit.mu + log(300) - s_grams**2 / 2 - (log(60) - s_weight**2 / 2)
    sigma = sqrt(fit.sigma**2 + s_grams**2 + s_weight**2)
    for p in found.percentiles:
        assert p.value == pytest.approx(exp(mu + sigma * norm.ppf(p.at)), rel=0.03)
        assert p.low < p.value < p.high
    assert found.mean == pytest.approx(exp(mu + sigma**2 / 2), rel=0.02)


def test_a_chronic_run_spreads_less_than_an_acute_one():
    results = lognormal_results(np.random.default_rng(2), -3, 1.0, 60)
    runs = {
        mode: simulate_exposure(
            [Diet("rice", Amount(mean=300, variation=0.4), results)], body_weight_kg=Amount(mean=60, variation=0.1),
            bound=Bound.UPPER, mode=mode, rng=np.random.default_rng(3), people=1000, rounds=40,
        )
        for mode in Mode
    }  # fmt: skip
    spread = {mode: run.percentiles[-1].value / run.percentiles[0].value for mode, run in runs.items()}
    assert spread[Mode.CHRONIC] < spread[Mode.ACUTE]
    assert runs[Mode.CHRONIC].mean == pytest.approx(runs[Mode.ACUTE].mean, rel=0.15)


def test_the_interval_of_the_mean_is_that_of_the_samples():
    """Only the concentrations are uncertain here: the outer interval must be the standard error of their mean."""
    results = lognormal_results(np.random.default_rng(4), -2, 0.6, 100)
    values = np.array([o.value for o in results])
    found = simulate_exposure(
        [Diet("rice", Amount(answers=(300.0,)), results)], body_weight_kg=Amount(answers=(60.0,)), bound=Bound.MIDDLE,
        rng=np.random.default_rng(5), people=100, rounds=1500,
    )  # fmt: skip
    reach = 1.96 * values.std() / 10 * 300 / 60
    assert (found.mean_high - found.mean_low) / 2 == pytest.approx(reach, rel=0.08)


def test_the_same_seed_gives_the_same_run():
    def run(seed):
        return simulate_exposure(
            [Diet("rice", Amount(mean=200, variation=0.3, share=0.7), (Observation(0.1), Observation(None, lod=0.05)))],
            body_weight_kg=Amount(mean=60, variation=0.1), bound=Bound.UPPER, rng=np.random.default_rng(seed),
            people=200, rounds=20, guidance=0.4,
        )  # fmt: skip

    assert run(1) == run(1) != run(2)
    assert run(1).share_above is not None


def test_no_percentiles_where_more_than_four_in_five_were_not_seen():
    results = (Observation(1.0), *[Observation(None, lod=0.1)] * 9)
    found = simulate_exposure(
        [Diet("rice", Amount(mean=200), results), Diet("fish", Amount(mean=20), (Observation(0.1),) * 90)],
        body_weight_kg=Amount(mean=60), bound=Bound.UPPER, rng=np.random.default_rng(1), people=200, rounds=20,
        guidance=0.1,
    )  # fmt: skip
    assert found.percentiles == ()
    assert found.share_above is None
    assert found.censored_share == pytest.approx(0.9)
    assert found.mean_low <= found.mean <= found.mean_high


def test_a_small_survey_widens_the_interval():
    def width(surveyed):
        found = simulate_exposure(
            [Diet("rice", Amount(mean=300, variation=0.8, surveyed=surveyed), (Observation(0.1),) * 20)],
            body_weight_kg=Amount(mean=60), bound=Bound.MIDDLE, rng=np.random.default_rng(9), people=500, rounds=200,
        )  # fmt: skip
        return found.mean_high - found.mean_low

    assert width(25) > 2 * width(1000)


@pytest.mark.parametrize("change", [{"people": 10}, {"rounds": 2}, {"diet": []}])
def test_a_simulation_too_small_to_say_anything_is_refused(change):
    given = {"diet": [Diet("rice", Amount(mean=1), (Observation(1.0),))], "people": 200, "rounds": 20} | change
    with pytest.raises(ValueError, match="simulation"):
        simulate_exposure(
            given["diet"], body_weight_kg=Amount(mean=60), bound=Bound.UPPER, rng=np.random.default_rng(1),
            people=given["people"], rounds=given["rounds"],
        )  # fmt: skip
