"""Exposure and rates as the reference vectors state them (EXPO-1…5, STAT-1…4), and the treatment of what was not seen."""

import csv
import json
from decimal import Decimal

import pytest

from fangxin.engines.exposure import (
    Basis,
    Bound,
    Eaten,
    Meal,
    Observation,
    Period,
    ReferencePoint,
    Treatment,
    compare,
    estimate_exposure,
    estimate_rate,
    estimate_short_term_intake,
    hazard_indices,
    hazard_quotient,
    samples_to_find_one,
    summarize,
    treatment_for,
)

title = "未检出数据的处理与膳食暴露"
TREATMENTS = {
    "可用一个估计值": Treatment.ONE_ESTIMATE,
    "同时报下限和上限": Treatment.LOWER_AND_UPPER,
    "只报范围": Treatment.RANGE_ONLY,
}


def test_how_much_was_not_quantified_decides_what_may_be_said(spec):
    rows = spec("""
        未定量比例 | 处理
        0          | 可用一个估计值
        0.60       | 可用一个估计值
        0.61       | 同时报下限和上限
        0.80       | 同时报下限和上限
        0.81       | 只报范围
        1          | 只报范围
    """)
    for row in rows:
        assert treatment_for(float(row["未定量比例"])) is TREATMENTS[row["处理"]], row


def test_what_stands_for_a_result(spec):
    rows = spec("""
        结果   | 检出限 | 定量限 | 下限 | 中值  | 上限
        未检出 | 0.01   | 0.03   | 0    | 0.005 | 0.01
        痕量   | 0.01   | 0.03   | 0.01 | 0.015 | 0.03
        0.02   | 0.01   | 0.03   | 0.01 | 0.015 | 0.03
        0.05   | 0.01   | 0.03   | 0.05 | 0.05  | 0.05
    """)
    for row in rows:
        value = None if row["结果"] in ("未检出", "痕量") else float(row["结果"])
        seen = Observation(value, lod=float(row["检出限"]), loq=float(row["定量限"]), trace=row["结果"] == "痕量")
        read = [seen.read(bound) for bound in Bound]
        assert read == pytest.approx([float(row[name]) for name in ("下限", "中值", "上限")]), row


@pytest.fixture
def vectors(reference_data):
    with (reference_data / "standards" / "test_vectors.csv").open(encoding="utf-8") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    return {row[0]: (json.loads(row[3]), json.loads(row[4])) for row in rows if row[0].startswith(("EXPO", "STAT"))}


def test_vector_1_cadmium_in_rice(vectors):
    given, expected = vectors["EXPO-1"]
    seen = [Observation(v, lod=given["lod"]) for v in given["cd_rice_mg_kg"]]
    unseen = [Observation(None, lod=given["lod"])] * given["nd"]
    rice = Eaten("rice", tuple(seen + unseen), given["rice_g_day"])
    found = estimate_exposure([rice], body_weight_kg=given["bw"])
    summary = found.contributions[0].summary
    assert summary.censored_share == expected["nd_share"]
    for bound, key in ((summary.lower, "LB"), (summary.middle, "MB"), (summary.upper, "UB")):
        assert bound == pytest.approx(expected[key], abs=6e-5)
    middle = found.total[Bound.MIDDLE]
    assert middle == pytest.approx(expected["EDI_MB_ug_kg_day"], abs=6e-5)
    for value, period, key in (("25", Period.MONTH, "pct_JECFA_PTMI"), ("2.5", Period.WEEK, "pct_EFSA_TWI")):
        point = ReferencePoint("Cd", "Cd", "x", Decimal(value), "μg", period, Basis.GUIDANCE, "x")
        assert 100 * compare(middle, point).share == pytest.approx(expected[key], abs=0.06)


def test_vector_2_mostly_not_seen(vectors):
    given, expected = vectors["EXPO-2"]
    unseen = round(given["n"] * given["nd_share"])
    rows = [Observation(given["quantified_mean"])] * (given["n"] - unseen) + [
        Observation(None, lod=given["lod"])
    ] * unseen
    found = summarize(rows)
    assert (found.lower, found.upper) == pytest.approx((expected["LB"], expected["UB"]))
    assert found.treatment is Treatment.RANGE_ONLY


def test_vector_3_hazard_index(vectors):
    given, expected = vectors["EXPO-3"]
    quotients = {
        name: hazard_quotient(Decimal(str(edi)), Decimal(str(given["ADI"][name])))
        for name, edi in given["EDI_mg_kg_day"].items()
    }
    (index,) = hazard_indices(quotients, {name: ["nervous system"] for name in quotients})
    assert {k: float(q) for k, q in quotients.items()} == pytest.approx(expected["HQ"], abs=5e-5)
    assert float(index.total) == pytest.approx(expected["HI"], abs=5e-5)
    assert index.concern is expected["concern"]


def test_vector_4_margin_of_exposure(vectors):
    given, expected = vectors["EXPO-4"]
    point = ReferencePoint(
        "AFB1", "AFB1", "BMDL10", Decimal(str(given["BMDL10_ug"])), "μg", Period.DAY, Basis.BENCHMARK, "EFSA 2020",
        Decimal(10_000),
    )  # fmt: skip
    found = compare(given["AFB1_EDI_ng_kg_day"] / 1000, point)
    assert found.margin == pytest.approx(expected["MOE"], abs=0.5)
    assert found.concern is expected["concern"]


def test_vector_5_short_term_intake(vectors):
    given, expected = vectors["EXPO-5"]
    found = estimate_short_term_intake(Meal(given["LP_kg"] * 1000, given["bw"], highest=given["HR_mg_kg"]))
    assert found.intake / 1000 == pytest.approx(expected["IESTI"])
    assert found.intake / 10 / given["ARfD_mg_kg"] == pytest.approx(expected["pct_ARfD"])


@pytest.mark.parametrize("name", ["STAT-1", "STAT-2"])
def test_vectors_of_rates(vectors, name):
    given, expected = vectors[name]
    rate = estimate_rate(given["fail"], given["n"])
    assert 100 * rate.value == pytest.approx(expected["rate_pct"])
    assert [100 * rate.low, 100 * rate.high] == pytest.approx(expected["ci_pct"], abs=6e-3)


@pytest.mark.parametrize("name", ["STAT-3", "STAT-4"])
def test_vectors_of_sample_sizes(vectors, name):
    given, expected = vectors[name]
    assert samples_to_find_one(given["p"], confidence=given["conf"]) == expected["n"]
