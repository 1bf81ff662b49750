"""Field epidemiology against published outbreaks and figures computed in R 4.2.2."""

import csv
from datetime import UTC, datetime, timedelta
from math import exp, inf

import pytest
from scipy.stats import nchypergeom_fisher

from fangxin.engines.outbreak.epidemiology import (
    Agent,
    Person,
    TwoByTwo,
    cross,
    exposure_window,
    fit_logistic,
    measure,
    pool,
    rank_agents,
)

CLOSE = {"rel": 1e-6}


def _rows(reference_data, name):
    with (reference_data / "outbreak-investigation" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _oswego(reference_data):
    rows = _rows(reference_data, "oswego_1940.csv")
    answers = {"Y": True, "N": False}
    foods = [
        name
        for name in rows[0]
        if name.endswith(
            (".cream", "s", ".ham", ".potato", ".salad", "o", ".bread", "milk", "coffee", "water", "spinach")
        )
    ]
    people = [
        Person(row["id"], exposures={food: answers[row[food]] for food in foods if row[food] in answers})
        for row in rows
    ]
    return people, {row["id"]: row["ill"] == "Y" for row in rows}, rows


def _agrees(found, row):
    assert found.table.cells == tuple(
        int(row[n]) for n in ("exposed_ill", "exposed_well", "unexposed_ill", "unexposed_well")
    )
    told = {
        "attack_rate_exposed": found.attack_exposed, "attack_rate_unexposed": found.attack_unexposed,
        "risk_ratio": found.risk_ratio.value, "rr_low95": found.risk_ratio.low, "rr_high95": found.risk_ratio.high,
        "odds_ratio_cross_product": found.odds_ratio.value, "or_woolf_low95": found.odds_ratio.low,
        "or_woolf_high95": found.odds_ratio.high, "fisher_two_sided_p": found.fisher_p,
        "chi2_uncorrected": found.chi_squared, "chi2_p": found.chi_squared_p,
    }  # fmt: skip
    for name, value in told.items():
        assert value == pytest.approx(float(row[name]), rel=1e-6, abs=1e-12), name


def test_the_oswego_supper_of_1940_food_by_food(reference_data):
    people, ill, _rows_of = _oswego(reference_data)
    expected = _rows(reference_data, "oswego_1940_expected_2x2.csv")
    assert len(expected) == 14
    for row in expected:
        _agrees(measure(cross(people, row["exposure"], ill)), row)


def test_the_sports_day_of_1990(reference_data):
    """1,094 people; 9 and, for eclairs, 90 mean that nobody knows."""
    rows = _rows(reference_data, "sports_day_thailand_1990.csv")
    signs = ("nausea", "vomiting", "abdpain", "diarrhea")
    ill = {row["id"]: any(row[sign] == "1" for sign in signs) for row in rows}

    def answer(row, name):
        value = float(row[name]) if row[name] not in ("", "NA") else 9
        if name == "eclair":
            return None if value == 90 else value > 0
        return None if value == 9 else value == 1

    for expected in _rows(reference_data, "sports_day_thailand_1990_expected_2x2.csv"):
        name = "eclair" if expected["exposure"] == "eclair_any" else expected["exposure"]
        people = [Person(row["id"], exposures={name: a}) for row in rows if (a := answer(row, name)) is not None]
        _agrees(measure(cross(people, name, ill)), expected)


def test_the_ice_cream_in_full():
    found = measure(TwoByTwo(43, 11, 3, 18))
    assert found.yates == pytest.approx(24.5370, abs=1e-4)
    assert found.attributable == pytest.approx(0.767081, abs=1e-6)
    # fisher.test of R: the conditional estimate and its exact limits, as near as R's own search for them comes.
    exact = found.exact_odds_ratio
    assert (exact.value, exact.low, exact.high) == pytest.approx((22.1560609362, 5.21606350285, 138.86503356), rel=4e-3)
    # By definition each limit leaves 2.5 % beyond the table.
    assert nchypergeom_fisher(75, 46, 54, exact.high).cdf(43) == pytest.approx(0.025, rel=1e-6)
    assert nchypergeom_fisher(75, 46, 54, exact.low).sf(42) == pytest.approx(0.025, rel=1e-6)


def test_case_control_and_an_empty_cell():
    found = measure(TwoByTwo(18, 9, 6, 39))
    assert (found.odds_ratio.value, found.odds_ratio.low, found.odds_ratio.high) == pytest.approx(
        (13.0, 4.0174, 42.0674),
        rel=3e-5,  # the published limits take 1.96 for 1.959964
    )
    assert found.chi_squared == pytest.approx(21.6)
    empty = measure(TwoByTwo(12, 5, 0, 20))
    assert empty.odds_ratio.corrected
    assert (empty.odds_ratio.value, empty.odds_ratio.low) == pytest.approx((93.1818, 4.7361), rel=1e-4)
    assert empty.exact_odds_ratio.value == inf
    assert empty.exact_odds_ratio.low == pytest.approx(7.2201989315, rel=1e-3)
    assert empty.fisher_p == pytest.approx(3.34038154e-06, rel=1e-6)
    assert empty.risk_ratio is None


def test_strata_are_pooled_as_by_mantel_and_haenszel():
    found = pool([TwoByTwo(10, 4, 3, 9), TwoByTwo(8, 6, 2, 12)])
    # mantelhaen.test of R.
    ratio = found.odds_ratio
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (7.74074074074, 2.18521495547, 27.42021651703), rel=1e-9
    )
    assert found.homogeneity_p > 0.5


def test_several_foods_together(reference_data):
    _people, ill, rows = _oswego(reference_data)
    foods = ("vanilla.ice.cream", "chocolate.ice.cream", "cakes")
    found = fit_logistic([ill[r["id"]] for r in rows], {food: [float(r[food] == "Y") for r in rows] for food in foods})
    # glm of R, family binomial.
    betas = (3.110867233403, -0.141881132615, 0.625717431544)
    for term, beta in zip(found.terms, betas, strict=True):
        assert term.odds_ratio == pytest.approx(exp(beta), rel=1e-6)
    assert found.terms[0].low == pytest.approx(exp(betas[0] - 1.959963985 * 0.758856647551), rel=1e-5)
    assert found.terms[0].p == pytest.approx(4.14198324443e-05, rel=1e-4)
    assert found.log_likelihood == pytest.approx(-35.3836018871, rel=1e-9)
    assert not found.penalised


AGENTS = [
    Agent("CPERF", "", 6, 10, 24), Agent("VPARA", "", 4, 17, 30), Agent("SALM", "", 6, 32, 72), Agent("STAPH", "", 1, 4, 8),
    Agent("BCER_E", "", 1, 3, 6), Agent("NORO", "", 12, 33, 48),
]  # fmt: skip
HOURS = [8, 9, 10, 11, 12, 13, 14, 16, 18, 22]


def test_agents_are_ranked_by_how_long_it_took():
    found = rank_agents(AGENTS, HOURS)
    by_code = {row.agent.code: row for row in found}
    expected = {"CPERF": -30.1051, "VPARA": -31.2625, "SALM": -41.7881, "STAPH": -53.6016}
    for code, score in expected.items():
        assert by_code[code].log_likelihood == pytest.approx(score, abs=1e-4)
    assert [row.agent.code for row in found[:2]] == ["CPERF", "VPARA"]
    assert (found[0].share, found[1].share) == pytest.approx((0.7609, 0.2391), abs=1e-4)
    assert sum(row.share for row in found[2:]) < 1e-4


def test_the_window_of_the_meal():
    lunch = datetime(2024, 6, 3, 12, tzinfo=UTC)
    window = exposure_window(AGENTS[0], [lunch + timedelta(hours=h) for h in HOURS])
    assert window.first == lunch - timedelta(hours=2)
    assert window.last == lunch + timedelta(hours=2)
    assert window.likeliest == lunch + timedelta(hours=2.5)
