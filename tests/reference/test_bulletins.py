"""Published failures of 2014–2020, judged again: how often limit and verdict agree, and why each of the others does not.

Source: public bulletins of food-safety administrations, read in place. The raw texts are judged, with the defects of real
tables; where the source lost a decimal point to a slash, the number it gives beside the text is judged as well.
"""

import csv
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.limits.house import shipped_judge

from fangxin.engines.limits import Measured, Outcome

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "cn-sampling"
PESTICIDES, DRUGS = "pesticide_residue_failures_2015_2020.csv", "vet_drug_residue_failures_2019.csv"

LOST_VALUE = "the source's result is 0.0, or only the word 不合格"
EQUAL = "the rounded result published does not exceed the limit"
OTHER_LIMIT = "the bulletin cites a limit that no edition has for this food (another food's, or a local one)"
LOCAL_ZERO = "the bulletin asks for absence where the national standard has, or has no, maximum (organic or local rule)"
WRONG_UNIT = "the source's unit cannot be right for the limit it cites"
NO_ROW = "the tables have no row: no health food, no 2014 limit for this pair"
BELOW_LEVEL = "no detection limit is published, and the number lies below what official methods quantify"
CAUSES = {
    LOST_VALUE: ("P0012", "P0066", "P0067", "P0292", "P0349", "P0793", "V1047", "V1049", "V1050", "V1051"),
    EQUAL: ("P0151", "P0209"),
    OTHER_LIMIT: (
        "P0242", "P0444", "P0449", "P0451", "P0452", "P0457", "P0461", "P0465", "P0467", "P0525", "P0530", "P0750", "P0987",
    ),
    LOCAL_ZERO: ("P0013", "P0014", "P0015", "P0017", "P0672", "P0703"),
    WRONG_UNIT: ("V991", "V995"),
    NO_ROW: ("P0089", "P0185", "P0186"),
    BELOW_LEVEL: ("V1099",),
}  # fmt: skip
CAUSE = {row: cause for cause, rows in CAUSES.items() for row in rows}


def bulletin(name):
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the bulletins are not here; set FANGXIN_REFERENCE_DATA")
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def verdicts(rows, column):
    return shipped_judge().judge_batch(
        Measured(
            row["id"],
            row["抽检产品"],
            row["不合格项目"],
            row[column],
            unit="mg/kg" if "检验结果_单位" not in row else row["检验结果_单位"] if column == "检验结果_数值" else "",
            sampled_on=row["生产日期或批号"],
        )
        for row in rows
    )


def agrees(row, verdict):
    """Failed as published, and by the limit published where it is a number."""
    printed = row["标准值_数值"]
    return verdict.outcome is Outcome.NONCONFORMING and (not printed or verdict.limit == Decimal(printed))


@pytest.mark.parametrize(("name", "total", "agreeing"), [(PESTICIDES, 717, 687), (DRUGS, 119, 112)])
def test_limit_and_verdict_agree_and_every_other_case_has_a_cause(name, total, agreeing):
    rows = bulletin(name)
    told = list(zip(rows, verdicts(rows, "检验结果_数值"), strict=True))
    others = {row["id"] for row, verdict in told if not agrees(row, verdict)}
    unexplained = others - CAUSE.keys()
    assert not unexplained, [
        (row["抽检产品"], row["不合格项目"], v.text) for row, v in told if row["id"] in unexplained
    ]
    assert others == {row["id"] for row in rows} & CAUSE.keys()
    assert (len(rows), len(rows) - len(others)) == (total, agreeing)


def test_slash_decimals_are_asked_with_what_they_probably_mean():
    rows = [row for row in bulletin(DRUGS) if "/" in row["检验结果_原文"].partition("μg")[0]]
    told = verdicts(rows, "检验结果_原文")
    assert Counter(v.reason.code for v in told) == {"slash_decimal": len(rows)}
    for row, verdict in zip(rows, told, strict=True):
        times = Decimal(100) if "×100" in row["检验结果_原文"] else 1
        probable = dict(verdict.reason.values)["probable"]
        assert Decimal(probable) == Decimal(row["检验结果_数值"]) * times


def test_every_food_and_analyte_of_the_bulletins_is_known():
    rows = bulletin(PESTICIDES) + bulletin(DRUGS)
    judge = shipped_judge()
    assert {row["不合格项目"] for row in rows if not judge.match_analyte(row["不合格项目"]).sure} == set()
    assert {row["抽检产品"] for row in rows if not judge.match_food(row["抽检产品"]).sure} == {
        "康蓓健牌芦荟软胶囊",
        "白菜",
    }
