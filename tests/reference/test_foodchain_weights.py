"""The worked example of the weighted score (rule of the desktop program, Weiser et al. 2016, PLoS ONE 11:e0151977).

Two farms, two processors, four shops: the score of a station is what it leads to. Values to four digits, recomputed by hand.
"""

from dataclasses import replace

import pytest

from fangxin.engines.traceability.foodchain import Delivery, Evidence, Model, Relation, Station, score_evidence

DAYS = {n: f"2023-05-0{n}" for n in range(1, 5)}
DELIVERIES = (
    ("d1", "F1", "P1", 1, "L1"), ("d2", "F1", "P2", 3, "L1"), ("d3", "F2", "P2", 1, "L2"), ("d4", "P1", "S1", 2, "L3"),
    ("d5", "P1", "S2", 2, "L3"), ("d6", "P2", "S3", 2, "L4"), ("d7", "P2", "S4", 4, "L5"),
)  # fmt: skip
MODEL = Model(
    tuple(Station(name) for name in ("F1", "F2", "P1", "P2", "S1", "S2", "S3", "S4")),
    tuple(Delivery(name, a, b, DAYS[day], DAYS[day], lot=lot) for name, a, b, day, lot in DELIVERIES),
    (Relation("d1", "d4"), Relation("d1", "d5"), Relation("d3", "d6"), Relation("d2", "d7")),
)
CASES = Evidence({"S1": 1.0, "S2": 1.0, "S3": 1.0})
MIXED = replace(CASES, cross_stations=frozenset({"P2"}))
VECTORS = {
    "base": (CASES, 0.6667, 0.3333, 0.6667, 0.3333, 0.6667),
    "goods mix at P2": (MIXED, 1.0, 0.3333, 0.6667, 0.3333, 1.0),
    "goods mix at P2, in order of time": (replace(MIXED, in_order=True), 0.6667, 0.3333, 0.6667, 0.3333, 0.6667),
    "S4 speaks against": (Evidence({**CASES.stations, "S4": -1.0}), 0.3333, 0.3333, 0.6667, 0.0, 0.3333),
    "a kill step at P1": (replace(CASES, kill_stations=frozenset({"P1"})), 0.0, 0.3333, 0.0, 0.3333, 0.0),
}


@pytest.mark.parametrize("name", VECTORS)
def test_worked_example(name):
    evidence, *expected = VECTORS[name]
    scores = score_evidence(MODEL, evidence, lot_of=lambda delivery: delivery.lot)
    found = [scores.stations[station].combined for station in ("F1", "F2", "P1", "P2")] + [scores.lots["L1"].combined]
    assert found == pytest.approx(expected, abs=5e-5)


def test_positive_and_negative_weights_are_also_told_apart():
    evidence, *_ = VECTORS["S4 speaks against"]
    farm = score_evidence(MODEL, evidence).stations["F1"]
    assert (farm.positive, farm.negative) == pytest.approx((2 / 3, 1.0))


def test_a_lot_does_not_count_the_weight_of_its_own_deliveries():
    scores = score_evidence(MODEL, Evidence(deliveries={"d1": 1.0, "d4": 1.0}), lot_of=lambda delivery: delivery.lot)
    assert (scores.lots["L1"].combined, scores.deliveries["d1"].combined) == (0.5, 1.0)
    assert scores.lots["L3"].combined == 0.0
