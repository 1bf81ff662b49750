"""The published cases of intervals, withdrawal and bans (test_vectors.csv: PHI-1, WD-1, WD-2, BAN-1…3) and the examples of
phi_withdrawal_examples.csv against the labels that come with the platform."""

import csv
import json
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines.limits import LawfulUse
from fangxin.engines.withholding import (
    HarvestOutcome,
    Interval,
    IntervalUnit,
    LabelLine,
    Produce,
    Use,
    degree_days,
    judge_batch,
    judge_harvest,
)
from fangxin.kernel.catalog import api as catalog

STANDARDS = Path(__file__).parents[2] / "standards" / "farm_inputs"


@pytest.fixture
def vectors(reference_data):
    with (reference_data / "standards" / "test_vectors.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {
            row["id"]: (json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(lines)
        }


def _standing(last, days, produce):
    label = (LabelLine("甲", produce, Interval(Decimal(days), IntervalUnit.DAYS)),)
    return judge_batch("甲", produce, [Use("1", "乙", date.fromisoformat(last), label=label)])


def test_the_interval_of_a_pesticide(vectors):
    given, expected = vectors["PHI-1"]
    standing = _standing(given["last_use"], given["phi_days"], Produce.CROP)
    assert standing.earliest == date.fromisoformat(expected["earliest_harvest"])
    outcome = judge_harvest(date.fromisoformat(given["harvest"]), standing)
    assert (outcome is HarvestOutcome.FREE) == expected["ok"]


def test_the_withdrawal_of_a_drug(vectors):
    given, expected = vectors["WD-1"]
    standing = _standing(given["last_dose"], given["withdrawal_days"], Produce.MEAT)
    outcome = judge_harvest(date.fromisoformat(given["slaughter"]), standing)
    assert (outcome is HarvestOutcome.FREE) == expected["ok"]


def test_the_withdrawal_in_degree_days(vectors):
    given, expected = vectors["WD-2"]
    last = date(2024, 6, 1)
    means = {last + timedelta(days=n): Decimal(str(t)) for n, t in enumerate(given["daily_mean_c"], 1)}
    found = degree_days(last, Decimal(given["degree_days"]), means)
    assert found.reached_on == last + timedelta(days=expected["day_reached"])
    assert found.sum == Decimal(str(expected["cumulative"]))


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["BAN-1", "BAN-2", "BAN-3"])
def test_a_ban_holds_from_its_day(vectors, case):
    given, expected = vectors[case]
    lawful, citation = catalog.the_judge().lawful_use(
        given["pesticide"], crop=given["crop"], on=date.fromisoformat(given["use_date"])
    )
    assert (lawful is LawfulUse.UNLAWFUL) == (expected["status"] == "prohibited")
    assert citation or lawful is not LawfulUse.UNLAWFUL


def test_the_labels_say_what_the_examples_say(reference_data):
    """Each example that names one product and one crop or animal stands in products.toml with the same interval."""
    values = tomllib.loads((STANDARDS / "products.toml").read_text(encoding="utf-8"))
    plain = str.maketrans("", "", " （）()")
    lines = {
        (row["name"].translate(plain), use["target"]): (use.get("interval"), use.get("interval_unit"))
        for row in values["product"]
        for use in row.get("use", ())
    }
    forms = {"EC": "乳油", "WP": "可湿性粉剂", "WG": "水分散粒剂"}
    groups = {"叶菜": "叶菜类", "禽": "家禽", "牛弃奶期": "牛"}
    found = 0
    with (reference_data / "standards" / "phi_withdrawal_examples.csv").open(encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            name = row["product"]
            for short, word in forms.items():
                name = name.replace(short, word)
            for target in row["target"].translate(plain).replace("/", "、").split("、"):
                said = lines.get((name.translate(plain), groups.get(target, target)))
                if said is not None:
                    found += 1
                    assert said == (row["value"], row["unit"].replace("-", "_")), row
    assert found >= 40
