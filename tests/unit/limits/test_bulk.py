"""The arrays answer as the judge does, or leave the case to it."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fangxin.engines.limits import Judge, Measured, Tables, read_tables
from fangxin.engines.limits.bulk import ASK, LAWFUL_USES, OUTCOMES, REASONS, BulkJudge

STANDARDS = Path(__file__).parents[3] / "standards" / "limits"
VALUES = ("0.01", "0.2", "0.05", "1.5", "ND", "未检出", "<0.01", "12", "3e-3", "0.20", "1/58", "", "0", "0.1234567")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_tables({path.name: path.read_bytes() for path in STANDARDS.iterdir()})


@pytest.fixture(scope="module")
def bulk(tables: Tables) -> BulkJudge:
    return BulkJudge(tables)


def rows_of(tables: Tables, size: int, seed: int) -> list[dict[str, str]]:
    """Mostly pairs that the tables have rows for, on the days around which editions change."""
    rng = random.Random(seed)
    days = [date.fromordinal(row.start) for row in tables.rows if row.start > 730_000]
    foods = [name for name in tables.foods.names if not name.startswith("动物:")]
    names = {number: name for name, number in tables.analytes.numbers.items()}
    found = []
    for _ in range(size):
        row = rng.choice(tables.rows)
        told = rng.random() < 0.8 and row.food >= 0
        found.append(
            {
                "food": tables.foods.names[row.food] if told else rng.choice(foods),
                "analyte": names[row.analyte],
                "value": rng.choice(VALUES),
                "unit": rng.choice(("mg/kg", "mg/kg", "μg/kg", "g/kg", "mg/L", "", "bushel")),
                "lod": rng.choice(("", "0.01", "0.005", "0.5", "-", "about 1")),
                "sampled_on": str(rng.choice(days) + timedelta(days=rng.randrange(-2, 3))),
                "production_on": rng.choice(("", str(rng.choice(days)), "2019-13-45")),
            }
        )
    return found


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_every_plain_answer_is_the_judges_own(tables: Tables, bulk: BulkJudge) -> None:
    judge = Judge(tables)
    rows = rows_of(tables, 4_000, seed=11)
    judged = bulk.judge(bulk.encode(columns_of(rows)))
    plain = np.flatnonzero(judged.outcome != ASK)
    assert len(plain) > 500
    assert {OUTCOMES[judged.outcome[i]] for i in plain} == set(OUTCOMES)
    for i in plain:
        verdict = judge.judge(Measured(sample_id=str(i), **rows[i]))
        limit = tables.rows[judged.row[i]].limit if judged.row[i] >= 0 else None
        said = OUTCOMES[judged.outcome[i]], REASONS[judged.reason[i]], LAWFUL_USES[judged.lawful[i]], limit
        assert said == (verdict.outcome, verdict.reason.code, verdict.lawful_use, verdict.limit), rows[i]


def test_a_ban_is_told_with_the_residue(tables: Tables, bulk: BulkJudge) -> None:
    """氰戊菊酯 on tea is judged by its residue and by the ban, apart."""
    row = {
        "food": "绿茶",
        "analyte": "氰戊菊酯",
        "value": "0.05",
        "unit": "mg/kg",
        "lod": "0.01",
        "sampled_on": "2024-05-01",
    }
    verdict = Judge(tables).judge(Measured(sample_id="1", **row))
    judged = bulk.judge(bulk.encode(columns_of([row])))
    if judged.outcome[0] != ASK:
        assert OUTCOMES[judged.outcome[0]] is verdict.outcome
        assert LAWFUL_USES[judged.lawful[0]] is verdict.lawful_use


@pytest.mark.parametrize(
    "more", [{"moisture": "12"}, {"animal": "猪"}, {"tissue": "肝"}, {"land_use": "水田"}, {"expression": "未检出"}]
)
def test_what_is_not_plain_is_left_to_the_judge(bulk: BulkJudge, more: dict[str, str]) -> None:
    row = {"food": "苹果", "analyte": "铅", "value": "0.05", "unit": "mg/kg", "sampled_on": "2024-05-01"}
    assert bulk.judge(bulk.encode(columns_of([row]))).outcome[0] != ASK
    assert bulk.judge(bulk.encode(columns_of([{**row, **more}]))).outcome[0] == ASK


@pytest.mark.parametrize("value", [Decimal("0.10000001"), "9" * 15, "-1", "1~2", "0,05"])
def test_numbers_that_do_not_fit_are_left_to_the_judge(bulk: BulkJudge, value: Any) -> None:
    row = {"food": "苹果", "analyte": "铅", "value": value, "unit": "mg/kg", "sampled_on": "2024-05-01"}
    assert bulk.judge(bulk.encode(columns_of([row]))).outcome[0] == ASK
