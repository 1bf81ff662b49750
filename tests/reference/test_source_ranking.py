"""The worked examples of the four published methods for finding a source.

Kaufman et al. 2014 (PLoS Comput Biol 10:e1003692), Horn & Friedrich 2019 (J R Soc Interface 16:20180624), Brockmann &
Helbing 2013 (Science 342:1337), Manitz et al. 2014 (PLoS Currents Outbreaks). The numbers are worked by hand from the formulas of
these articles, to the digits shown. FoodChain-Lab's score has its own: test_foodchain_weights.py.
"""

import numpy as np
import pytest

from fangxin.engines.traceability.ranking import (
    Case,
    Flows,
    Options,
    absorbed_shares,
    effective_distances,
    log_likelihoods,
    off_centre,
    probabilities,
    rank_sources,
)

SALES = np.array([[500, 300, 150, 50], [100, 100, 400, 400], [250, 250, 250, 250]], dtype=float)
# Three farms, two makers, four shops; the columns of `EATEN` are the shops.
LOTS = ("F1", "F2", "F3", "P1", "P2", "S1", "S2", "S3", "S4")
SOLD = {("F1", "P1"): 60, ("F1", "P2"): 40, ("F2", "P2"): 100, ("F3", "P1"): 20, ("F3", "P2"): 80}
RETAIL = {("P1", "S1"): 50, ("P1", "S2"): 50, ("P2", "S3"): 60, ("P2", "S4"): 40}
CASES = np.array([4.0, 3.0, 2.0, 1.0])


def shares_of(sold, rows, columns):
    matrix = np.array([[sold.get((row, column), 0) for column in columns] for row in rows], dtype=float)
    return matrix / 100


def test_sales_likelihood():
    shares = SALES / SALES.sum(axis=1, keepdims=True)
    found = log_likelihoods(shares, np.array([6.0, 3.0, 1.0, 0.0]))
    assert found == pytest.approx([-9.6679, -21.6396, -13.8629], abs=5e-5)
    assert probabilities(found) == pytest.approx([0.985147, 6e-06, 0.014847], abs=5e-7)


def test_one_case_elsewhere_is_impossible_without_smoothing_and_not_with_it():
    shares, cases = np.array([[1.0, 0.0]]), np.array([3.0, 1.0])
    assert log_likelihoods(shares, cases)[0] == -np.inf
    assert log_likelihoods(shares, cases, smoothing=0.1)[0] == pytest.approx(3 * np.log(0.95) + np.log(0.05))


def test_random_walk_source_location():
    inner = shares_of(SOLD | RETAIL, LOTS[:5], LOTS[:5])
    outer = shares_of(SOLD | RETAIL, LOTS[:5], LOTS[5:])
    reached = absorbed_shares(inner, outer)[:3]
    assert reached == pytest.approx(np.array([[0.30, 0.30, 0.24, 0.16], [0, 0, 0.60, 0.40], [0.10, 0.10, 0.48, 0.32]]))
    found = log_likelihoods(reached, CASES, smoothing=0.001)
    assert found == pytest.approx([-13.1151, -59.9978, -18.7162], abs=5e-5)
    assert probabilities(found) == pytest.approx([0.996319, 0.0, 0.003681], abs=5e-7)


def test_effective_distance():
    ways = np.zeros((4, 4))
    ways[0, 1] = ways[0, 2] = 0.5
    ways[1, 3], ways[2, 3] = 0.8, 0.3
    assert effective_distances(ways, [[3]])[0, 0] == pytest.approx(2.9163, abs=5e-5)
    ways[0, 1] = 0.0  # only the other way is left
    assert effective_distances(ways, [[3]])[0, 0] == pytest.approx(3.8971, abs=5e-5)


def test_the_centre_is_where_mean_and_spread_are_small():
    found = off_centre(np.array([[3.0, 3.0], [2.0, 4.0]]), np.array([1.0, 1.0]))
    assert found == pytest.approx([3.0, np.sqrt(9 + 1)])


def test_the_ranking_says_the_same_of_the_worked_network():
    pairs = SOLD | RETAIL
    number = {name: at for at, name in enumerate(LOTS)}
    day = np.full(len(pairs), 86_400 * 20_000)
    flows = Flows(
        len(LOTS), np.array([number[a] for a, _ in pairs]), np.array([number[b] for _, b in pairs]), day, day,
        np.array(list(pairs.values()), dtype=float), np.full(len(pairs), -1),
    )  # fmt: skip
    cases = [
        Case(f"{shop} {n}", lot=number[shop])
        for shop, count in zip(LOTS[5:], CASES, strict=True)
        for n in range(int(count))
    ]
    ranked = {LOTS[lot.lot]: lot for lot in rank_sources(flows, cases, Options(smoothing=0.001)).lots}
    assert [name for name in ranked if name.startswith("F")] == ["F1", "F3", "F2"]
    farms = [ranked[name].walk for name in ("F1", "F2", "F3")]
    # The amounts that came to the shops are the background here, not the same everywhere: 60 of 200 came to S3.
    assert farms == pytest.approx([-13.1151, -59.9978, -18.7162], abs=0.2)
    assert [round(ranked[name].score, 2) for name in ("F1", "F2", "P1", "P2", "S1")] == [1.0, 0.3, 0.7, 0.3, 0.4]
