"""Sections judged by GB 3838-2002: the worked cases of the reference table (test_vectors.csv, WATER-1 … WATER-5)."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fangxin.engines.limits import water

LIMITS = Path(__file__).parents[2] / "standards" / "limits"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "劣V"}
STATUS = {"excellent": "优", "good": "良好", "light": "轻度污染", "moderate": "中度污染", "heavy": "重度污染"}


@pytest.fixture
def vectors(reference_data: Path) -> dict[str, tuple[Any, Any]]:
    with (reference_data / "standards" / "test_vectors.csv").open(encoding="utf-8-sig") as rows:
        return {
            row["id"]: (json.loads(row["inputs_json"], parse_float=Decimal), json.loads(row["expected_json"]))
            for row in csv.DictReader(rows)
            if row["id"].startswith("WATER-")
        }


def test_sections_of_the_table(vectors: dict[str, tuple[Any, Any]]) -> None:
    with (LIMITS / "gb3838-2002.csv").open(encoding="utf-8") as rows:
        table = water.read_table(csv.DictReader(rows))
    checked = 0
    for given, expected in vectors.values():
        if "river" not in given:
            continue
        readings = [water.Reading(item, Decimal(value)) for item, value in given["river"].items()]
        verdict = water.judge_section(table, readings, body="river", target=given["target_class"])
        assert {i.item: ROMAN[i.water_class or 0] for i in verdict.items} == expected["item_class"]
        assert ROMAN[verdict.water_class or 0] == expected["section_class"]
        assert verdict.meets_target is expected["meets_target"]
        multiples = {i.item: float(round(i.multiple, 2)) for i in verdict.items if i.multiple is not None}
        assert multiples == expected["exceed_multiple_vs_target"]
        checked += 1
    assert checked == 3


def test_river_systems_of_the_table(vectors: dict[str, tuple[Any, Any]]) -> None:
    for name in ("WATER-4", "WATER-5"):
        given, expected = vectors[name]
        found = water.status_by_shares(given["I-III_share"], given["worse_than_V_share"])
        assert STATUS[found.value] == expected["status"]
