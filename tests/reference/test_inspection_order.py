"""The order on the public Chicago inspections, in one window of two months inside the training years.

Source: City of Chicago, food-inspections-evaluation (2014). The metric is the city's own; the floor is what its plain rivals reach
in the same window, never a figure of ours.
"""

import os
from datetime import date
from pathlib import Path

import pytest

from fangxin.engines.ordering import Role, area_under_curve, choose_columns, days_earlier, days_of, fit, outcomes
from fangxin.surfaces.cli.order import read_table

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "inspections"
WINDOW = (date(2013, 9, 1), date(2013, 10, 31))  # the same months as the city's test, a year before


@pytest.fixture(scope="module")
def tables():
    files = [
        FOLDER / "chicago_train_2011-09_2014-08.csv.gz",
        FOLDER / "chicago_test_2014-09_2014-10_features_only.csv.gz",
    ]
    if not all(file.exists() for file in files):
        pytest.skip("the Chicago inspections are not here; set FANGXIN_REFERENCE_DATA")
    return [read_table(file) for file in files]


def test_the_counts_are_those_of_the_publication(tables):
    train, test = tables
    assert (len(train), len(test)) == (17075, 1637)


def test_the_inspector_and_the_weather_of_the_day_are_left_out(tables):
    roles = choose_columns(*tables, target="criticalFound", key="Inspection_ID").roles
    assert roles["Inspector_Assigned"] is Role.PERSON
    assert {roles[name] for name in ("temperatureMax", "windSpeed", "humidity", "precipIntensity")} == {Role.DAY}
    assert roles["License"] is Role.ENTITY
    assert roles["criticalCount"] is Role.OUTCOME


def test_the_order_beats_chance_and_the_count_of_past_serious_findings(tables):
    train, test = tables
    columns = choose_columns(train, test, target="criticalFound", key="Inspection_ID")
    first, last = (d.toordinal() for d in WINDOW)
    days = days_of(train, "Inspection_Date")
    past = train.take([i for i, d in enumerate(days) if d < first])
    ahead = train.take([i for i, d in enumerate(days) if first <= d <= last])
    found, dates = (
        outcomes(ahead, "criticalFound"),
        [date.fromordinal(int(d)) for d in days_of(ahead, "Inspection_Date")],
    )
    model = fit(past, columns)
    ours, serious = model.score(ahead), [float(v) for v in ahead.columns["pastSerious"]]
    assert area_under_curve(found, ours) > 0.5
    assert days_earlier(dates, found, ours) > days_earlier(dates, found, serious)
    assert days_earlier(dates, found, ours) > days_earlier(dates, found, [0.0] * len(found))
    # The share found drifts from season to season; the probability may lag behind it, but not by much.
    assert sum(ours) / len(ours) == pytest.approx(sum(found) / len(found), abs=0.04)
    ranked = [y for _, y in sorted(zip(ours, found, strict=True))]
    third = len(ranked) // 3
    assert sum(ranked[-third:]) > sum(ranked[:third])
