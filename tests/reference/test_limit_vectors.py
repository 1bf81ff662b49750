"""The published vectors of rounding, judgement, microbiology, residues, contaminants and additives, read in place.

Source: GB/T 8170-2008, GB 4789.1, GB 2762, GB 2763, GB 2760 and the notices that each vector names. Tolerances: residue sums
as printed, five decimals.
"""

import csv
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.limits.house import shipped_judge

from fangxin.engines.limits import LawfulUse, Measured, Reading, Rule, exceeds, read_expression, round_once
from fangxin.engines.limits.deciding import judge_value
from fangxin.engines.limits.expressions import Form
from fangxin.engines.limits.samples import Share, judge_plan, judge_shares

ROOT = Path(__file__).parents[2]
FILE = (
    Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "standards" / "test_vectors.csv"
)
TOPICS = ("rounding", "judgement", "microbiology", "pesticide", "contaminant", "additive")
OTHERS = ("PHI-1",)  # intervals before harvest belong to the engine of withholding
WORDS = {
    "compliant": "conforming",
    "non-compliant": "nonconforming",
    "undetermined": "undetermined",
    "no-limit": "not_regulated",
    "pending": "pending_speciation",
}
RULES = {"<=": Rule.MAXIMUM, "not_detected": Rule.NOT_DETECTED, "not_used": Rule.NOT_USED}


def vectors():
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8-sig") as file:
        return [row for row in csv.DictReader(file) if row["topic"] in TOPICS and row["id"] not in OTHERS]


def dec(value):
    return None if value is None else Decimal(str(value))


def one(food, analyte, value, day="2023-09-05", **more):
    return shipped_judge().judge(
        Measured("", food, analyte, str(value), unit=more.pop("unit", "mg/kg"), sampled_on=day, **more)
    )


def test_the_vectors_are_here():
    if not FILE.exists():
        pytest.skip("the vectors are not here; set FANGXIN_REFERENCE_DATA")
    assert len(vectors()) == 43


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row["id"])
def test_vector(row):
    given, wanted = json.loads(row["inputs_json"]), json.loads(row["expected_json"])
    CHECKS[row["id"].split("-")[0]](given, wanted)


def rounding(given, wanted):
    assert str(round_once(Decimal(given["x"]), Decimal(given["interval"]))) == wanted["rounded"]


def limit(given, wanted):
    value, most = Decimal(given["x"]), Decimal(given["limit_max"])
    assert exceeds(value, most) == (wanted["full"] == "non-compliant")
    assert exceeds(value, most, interval=Decimal(given["rounding_interval"])) == (wanted["rounded"] == "non-compliant")


def lod(given, wanted):
    if given["rule"] == "none":
        assert one("苹果", "三唑酮", given["result"], lod=str(given["lod"])).outcome == WORDS[wanted["verdict"]]
        return
    found = judge_value(
        read_expression(str(given["result"])),
        rule=RULES[given["rule"]],
        limit=dec(given.get("limit")),
        unit="mg/kg",
        lod=dec(given["lod"]),
        loq=dec(given.get("loq")),
    )
    assert found.outcome == WORDS[wanted["verdict"]]


def micro(given, wanted):
    readings = [Reading(Form.NUMBER, Decimal(x), Decimal(x)) for x in given["values"]]
    found = judge_plan(readings, n=given["n"], c=given["c"], m=dec(given["m"]), most=dec(given["M"]), unit="CFU/g")
    assert found.outcome == WORDS[wanted["verdict"]]


def residue(given, wanted):
    if "mrl" in wanted:
        assert one(given["commodity"], given["pesticide"], "0.3").limit == dec(wanted["mrl"])
    elif "residue_verdict" in wanted:
        found = one(given["crop"], given["pesticide"], given["value"])
        assert (found.outcome, found.lawful_use) == (WORDS[wanted["residue_verdict"]], LawfulUse.UNLAWFUL)
        assert found.limit == dec(given["mrl"])
    else:
        names = {
            "carbofuran": "克百威",
            "3-OH-carbofuran": "3-羟基克百威",
            "phorate": "甲拌磷",
            "sulfoxide": "甲拌磷亚砜",
            "sulfone": "甲拌磷砜",
        }
        rows = [
            Measured("s", "芹菜", names[key], str(value), unit="mg/kg", sampled_on="2023-09-05")
            for key, value in given.items()
            if key in names
        ]
        found = shipped_judge().judge_batch(rows)[0]
        assert (found.outcome, found.limit) == (WORDS[wanted["verdict"]], dec(given["mrl"]))
        assert round(found.value, 5) == dec(wanted["sum"])


def ban(given, wanted):
    use, _ = shipped_judge().lawful_use(
        given["pesticide"], crop=given["crop"], on=date.fromisoformat(given["use_date"])
    )
    assert (use is LawfulUse.UNLAWFUL) == (wanted["status"] == "prohibited")


def dry(given, wanted):
    if "limit_dry" in given:
        found = one(given["food"], given["contaminant"], given["result_as_is"], moisture=str(given["moisture_pct"]))
        assert (found.outcome, found.limit) == (WORDS[wanted["verdict"]], dec(given["limit_dry"]))
        assert round(found.value, 4) == dec(wanted["result_dry"])
    else:
        found = one(given["food"], given["contaminant"], given["result"], moisture=str(given["dry_moisture_pct"]))
        assert (found.outcome, found.limit) == (WORDS[wanted["verdict"]], dec(wanted["converted_limit"]))


def step(given, wanted):
    found = one(given["food"], "总砷", given["total_As"])
    assert (found.outcome, found.limit) == (WORDS[wanted["verdict"]], dec(given["limit_iAs"]))


def additive(given, wanted):
    shares = [Share(name, dec(given[name]), dec(given[f"{name}_limit"])) for name in ("苯甲酸", "山梨酸")]
    found = judge_shares(shares)
    assert found.outcome == WORDS[wanted["verdict"]]
    assert f"= {wanted['ratio_sum']} >" in found.comparison


CHECKS = {"ROUND": rounding, "LIMIT": limit, "LOD": lod, "MICRO": micro, "MRL": residue, "BAN": ban, "DRY": dry, "STEP": step, "ADD": additive}  # fmt: skip
