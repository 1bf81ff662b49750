"""Worked cases of soil and safe use: SOIL-1 … 6, SAFEUSE-1 … 3 of the reference vectors."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines import land
from fangxin.engines.limits import soil

STANDARDS = Path(__file__).parents[2] / "standards" / "limits"
USES = {"水田": "paddy", "果园": "orchard", "其他": "other"}
ZONES = {"<=S": soil.Zone.LOW, "S..C": soil.Zone.BETWEEN, ">C": soil.Zone.ABOVE}
CLASSES = {"优先保护类": soil.Zone.LOW, "安全利用类": soil.Zone.BETWEEN, "严格管控类": soil.Zone.ABOVE}


def _vectors(folder: Path, prefix: str) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    with (folder / "standards" / "test_vectors.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [
            (row["id"], json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(lines)
            if row["id"].startswith(prefix)
        ]


def test_soil_points_stand_where_the_vectors_say(reference_data: Path) -> None:
    with (STANDARDS / "gb15618-2018.csv").open(encoding="utf-8", newline="") as lines:
        table = soil.read_table(csv.DictReader(lines))
    cases = _vectors(reference_data, "SOIL-")
    assert len(cases) == 6
    for name, given, expected in cases:
        readings = [soil.SoilReading(e, Decimal(str(v))) for e, v in given["mg_kg"].items()]  # type: ignore[attr-defined]
        use, ph = USES[str(given["land_use"])], Decimal(str(given["pH"]))
        found = soil.judge_point(table, readings, ph=ph, land_use=use)
        assert found.zone is CLASSES[str(expected["point_zone_as_class"])], name
        for metal in found.metals:
            s, c, index, zone = expected["detail_[S,C,P,zone]"][metal.analyte]  # type: ignore[index]
            assert (metal.screening, metal.control) == (Decimal(str(s)), None if c is None else Decimal(str(c))), name
            assert metal.zone is ZONES[zone], name
            assert metal.index is not None
            assert float(metal.index) == pytest.approx(index, abs=5e-4), name


def test_safe_use_rates_are_those_of_the_vectors(reference_data: Path) -> None:
    cases = _vectors(reference_data, "SAFEUSE-")
    assert len(cases) == 3
    for name, given, expected in cases:
        rate = land.safe_use_rate(*(Decimal(str(given[part])) for part in "BCDE"))
        if expected["rate_pct"] is None:
            assert rate is None, name
        else:
            assert rate is not None
            assert round(rate, 2) == Decimal(str(expected["rate_pct"])), name


def test_our_table_is_the_research_table_line_by_line(reference_data: Path) -> None:
    """Same case, same value, whatever the words of the land uses."""
    words = {**USES, "全部": "all"}
    with (reference_data / "standards" / "gb15618_2018.csv").open(encoding="utf-8-sig", newline="") as lines:
        theirs = {
            (r["pollutant"], r["value_type"], words[r["land_use"]], r["ph_gt"], r["ph_le"]): r["value"]
            for r in csv.DictReader(lines)
        }
    with (STANDARDS / "gb15618-2018.csv").open(encoding="utf-8", newline="") as lines:
        ours = {
            (r["analyte"], r["value_type"], r["land_use"], r["ph_gt"], r["ph_le"]): r["value"]
            for r in csv.DictReader(lines)
        }
    assert ours == theirs
