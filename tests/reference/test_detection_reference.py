"""Temporal detection against R's surveillance 1.20.3 and the vectors of the published formulas."""

import csv
import json
import math
from collections import Counter

import numpy as np
import pytest

from fangxin.engines.outbreak.detection import Panel, detect
from fangxin.engines.outbreak.detection.reading import read_panel

METHODS = {"earsC": "ears", "farringtonFlexible": "farrington-flexible"}
NOT_DONE = {"glrnb"}
# Settings in which a published formula gives another bound than R in some cell; the methods page says why and how many.
# The two of nbPlugin are monthly counts cut into more levels than a year has months.
DEPARTURES = {
    ("ears", "C3_default"), ("farrington", "default_b3_w3"), ("farrington-flexible", "delta_notrend_noreweight"),
    ("farrington-flexible", "farrington1996"), ("farrington-flexible", "muan"), ("farrington-flexible", "noufaily2013"),
    ("farrington-flexible", "noufaily2013_alpha001_limit0"),
}  # fmt: skip


@pytest.fixture
def cases(reference_data):
    found = json.loads((reference_data / "surveillance/reference/index.json").read_text())
    return [case for case in found if case["method"] not in NOT_DONE]


def _run(reference_data, case, *, compat):
    folder = reference_data / "surveillance"
    path = folder / case["csv"]
    sidecar = folder / f"datasets/{case['dataset']}.json"
    table = list(csv.DictReader(path.open()))
    units = list(dict.fromkeys(row["unit"] for row in table if "unit" in row))
    text = (folder / f"datasets/{case['dataset']}.csv").read_text()
    head = next(csv.reader([text.splitlines()[0]]))
    known = [unit for unit in units if unit in head] or None
    panel = read_panel(text, json.loads(sidecar.read_text()) if sidecar.exists() else None, known)
    control = json.loads(path.with_suffix(".json").read_text())["control"]
    return table, panel, detect(panel, METHODS.get(case["method"], case["method"]), control, compat=compat)


def _cells(table, panel, found):
    rows = {int(row): k for k, row in enumerate(found.rows)}
    units = {unit: u for u, unit in enumerate(panel.units)}
    for line in table:
        k, u = rows[int(line["index"])], units.get(line.get("unit", ""), 0)
        bound = float(line["upperbound"]) if line["upperbound"] else math.nan
        yield bound, line["alarm"] == "1", float(found.upperbound[k, u]), bool(found.alarm[k, u])


def _equal(told, own):
    return math.isnan(own) if math.isnan(told) else math.isclose(told, own, rel_tol=1e-6, abs_tol=1e-9)


def test_every_output_of_surveillance_agrees_alarms_exactly_and_bounds_to_one_in_a_million(reference_data, cases):
    assert len(cases) == 130
    count, wrong = 0, Counter()
    for case in cases:
        for bound, alarm, own_bound, own_alarm in _cells(*_run(reference_data, case, compat=True)):
            count += 1
            # For cusum the column holds the statistic, not a bound.
            same = case["method"] == "cusum" or _equal(bound, own_bound)
            wrong[case["csv"]] += not (same and alarm == own_alarm)
    assert count == 58_105
    assert not +wrong


def test_without_compat_only_the_departures_that_the_page_names_differ(reference_data, cases):
    differ = set()
    for case in cases:
        method = METHODS.get(case["method"], case["method"])
        for bound, alarm, own_bound, own_alarm in _cells(*_run(reference_data, case, compat=False)):
            if (case["method"] != "cusum" and not _equal(bound, own_bound)) or alarm != own_alarm:
                differ.add((method, case["setting"]))
    assert differ == DEPARTURES


# --- published formulas: figures recomputed apart from this code -----------------------------------------------------------


def _column(folder, name):
    return list(csv.DictReader((folder / "health" / name).open()))


def test_farrington_and_its_revision_give_the_published_vector(reference_data):
    counts = [float(row["count"]) for row in _column(reference_data, "testvector_weekly_series.csv")]
    panel = Panel(np.array(counts)[:, None], ("cases",), 52)
    expected = _column(reference_data, "testvector_farrington_expected.csv")
    span = [int(expected[0]["week_index"]), int(expected[-1]["week_index"])]
    old = detect(panel, "farrington", {"range": span, "alpha": 0.01, "b": 5, "w": 3})
    flexible = {
        "range": span, "alpha": 0.005, "b": 5, "w": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "pThresholdTrend": 1,
        "reweight": True, "weightsThreshold": 2.58, "trend": True,
    }  # fmt: skip
    nb = detect(panel, "farrington-flexible", flexible | {"thresholdMethod": "nbPlugin"})
    bounds = {
        (name, compat): detect(
            panel, "farrington-flexible", flexible | {"thresholdMethod": name}, compat=compat
        ).upperbound
        for name in ("delta", "muan")
        for compat in (False, True)
    }
    for k, row in enumerate(expected):
        assert old.upperbound[k, 0] == pytest.approx(float(row["farrington1996_upper_alpha0.01_two_sided"]), abs=6e-5)
        assert bool(old.more["trend_used"][k, 0]) == (row["farrington1996_trend_kept"] == "1")
        assert bool(old.alarm[k, 0]) == (row["farrington1996_alarm"] == "1")
        assert nb.expected[k, 0] == pytest.approx(float(row["flexible_mu0"]), abs=6e-5)
        assert nb.more["phi"][k, 0] == pytest.approx(float(row["flexible_phi"]), abs=6e-5)
        assert nb.upperbound[k, 0] == float(row["flexible_nbPlugin_upper_0.995"])
        assert bool(nb.alarm[k, 0]) == (row["flexible_alarm"] == "1")
        assert bounds["delta", False][k, 0] == pytest.approx(float(row["flexible_delta_upper_textbook_se"]), abs=6e-5)
        assert bounds["delta", True][k, 0] == pytest.approx(float(row["flexible_delta_upper_R_1.20.3"]), abs=6e-5)
        assert bounds["muan", False][k, 0] == float(row["flexible_muan_upper_textbook_se"])
        # The table says 20 for week 319; R 1.20.3 itself gives 19 there (docs/methods/detection.md).
        r_says = 19.0 if row["week_index"] == "319" else float(row["flexible_muan_upper_R_1.20.3"])
        assert bounds["muan", True][k, 0] == r_says


DAYS = Panel(np.array([[3, 5, 2, 4, 6, 3, 4, 5, 3, 4, 2, 6, 5, 9, 12, 4, 3.0]]).T, ("cases",), 365)


@pytest.mark.parametrize(
    ("method", "compat", "alarms"),
    [("C1", False, [14, 15]), ("C2", False, [14, 15]), ("C3", False, [14, 15, 16, 17]), ("C3", True, [15, 16, 17])],
)
def test_ears_gives_the_vector_of_hutwagner(method, compat, alarms):
    found = detect(DAYS, "ears", {"method": method, "range": [12, 17]}, compat=compat)
    assert [int(row) for row, alarm in zip(found.rows, found.alarm[:, 0], strict=True) if alarm] == alarms
    if method == "C1":
        assert found.upperbound[:5, 0] == pytest.approx([8.014078, 8.014078, 8.299793, 11.865131, 16.772354], abs=1e-6)
    if method == "C2":
        assert found.upperbound[:5, 0] == pytest.approx([8.014078, 7.446454, 8.014078, 8.014078, 8.299793], abs=1e-6)


def test_cusum_and_ewma_give_their_vectors():
    from fangxin.engines.outbreak.detection.charts import cusum_of, poisson_k

    x = np.array([[4, 5, 3, 6, 4, 5, 7, 8, 9, 7.0]]).T
    assert cusum_of((x - 4.5) / 1.5, 0.5)[:, 0] == pytest.approx([0, 0, 0, 0.5, 0, 0, 1.1667, 3, 5.5, 6.6667], abs=1e-4)
    k = poisson_k(2, 4)
    assert k == pytest.approx(2.88539, abs=1e-5)
    poisson = cusum_of(np.array([[2, 1, 3, 4, 5, 6.0]]).T, k)[:, 0]
    assert poisson == pytest.approx([0, 0, 0.1146, 1.2292, 3.3438, 6.4584], abs=1e-4)
    found = detect(Panel(x, ("cases",)), "ewma", {"range": [1, 10], "mean": 4.5, "sd": 1.5})
    assert (found.more["ewma"][8, 0], found.more["limit"][8, 0]) == pytest.approx((6.9943, 6.3888), abs=1e-4)
    assert int(np.flatnonzero(found.alarm[:, 0])[0]) + 1 == 9
