"""FoodChain-Lab's own models, scored and traced by its unchanged routine (fcl-client at eaa24f3, German Federal Institute for
Risk Assessment, GPL-3.0: read in place, not part of this tree), and its collection sheets.

The tolerance is 1e-9 for scores; the sets of a trace are equal.
"""

import json
import os
from pathlib import Path

import pytest

from fangxin.engines.traceability.foodchain import (
    Form,
    Network,
    Tracer,
    convert,
    read_inquiry,
    read_model,
    score,
    settings_of,
    write_inquiry,
    write_model,
)
from fangxin.surfaces.cli.trace_score import main

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "supply-tracing"
EXPECTED = FOLDER / "expected" / "scores_and_traces.json"
CASES = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else []
MODELS = sorted(path for path in FOLDER.glob("models/*.json") if not path.name.startswith("schema"))
MISSING = "FoodChain-Lab's models are not here; set FANGXIN_REFERENCE_DATA"

pytestmark = pytest.mark.skipif(not CASES, reason=MISSING)


def model_of(case):
    return read_model((FOLDER / "models" / f"{case['dataset']}.json").read_bytes())


def close(found, expected):
    expected = {name: value for name, value in expected.items() if value}
    return found.keys() == expected.keys() and all(abs(found[name] - expected[name]) <= 1e-9 for name in expected)


def test_the_cases_are_all_here():
    assert len(CASES) == 12
    assert {case["input"]["crossContaminationDateRule"] for case in CASES} == {
        "explicit_dates", "inferred_date_limits", "ignore_dates",
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_scores_are_those_of_the_client(case):
    scores = score(Network(model_of(case)), settings_of(case["input"]))
    assert close(scores.stations, case["expected"]["stationScores"])
    assert close(scores.deliveries, case["expected"]["deliveryScores"])
    assert list(scores.common) == case["expected"]["commonLinks"]
    assert scores.dropped == case["expected"]["droppedRelations"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_trace_marks_what_the_client_marks(case):
    expected = case["expected"]["traceFromStation"]
    trace = Tracer(Network(model_of(case)), settings_of(case["input"])).trace(expected["station"])
    assert sorted(trace.forward_stations) == sorted(expected["forwardStations"])
    assert sorted(trace.backward_stations) == sorted(expected["backwardStations"])
    assert sorted(trace.forward_deliveries) == sorted(expected["forwardDeliveries"])
    assert sorted(trace.backward_deliveries) == sorted(expected["backwardDeliveries"])


@pytest.mark.parametrize("case", CASES[:4], ids=lambda case: case["case"])
@pytest.mark.parametrize("form", list(Form))
def test_scores_do_not_depend_on_the_form_of_the_file(case, form, tmp_path):
    model = read_model(write_model(model_of(case), form))
    assert close(score(Network(model), settings_of(case["input"])).stations, case["expected"]["stationScores"])


def test_the_command_prints_the_keys_of_the_contract(tmp_path, capsys):
    case = CASES[0]
    asked = tmp_path / "input.json"
    asked.write_text(json.dumps(case["input"]))
    path = FOLDER / "models" / f"{case['dataset']}.json"
    assert main([str(path), "--input", str(asked), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.keys() == case["expected"].keys()
    assert answer == {**case["expected"], "traceFromStation": answer["traceFromStation"]}
    assert answer["traceFromStation"] == case["expected"]["traceFromStation"]


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_reading_and_writing_a_model_loses_nothing(path):
    content = path.read_bytes()
    assert json.loads(write_model(read_model(content))) == json.loads(content)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", list(Form))
def test_another_form_holds_the_same_deliveries(path, form):
    model = read_model(path.read_bytes())
    other = read_model(write_model(model, form))
    assert [(d.id, d.source, d.target) for d in other.deliveries] == [
        (d.id, d.source, d.target) for d in model.deliveries
    ]
    assert [(r.source, r.target) for r in other.relations] == [(r.source, r.target) for r in model.relations]
    assert [(s.id, s.name) for s in other.stations] == [(s.id, s.name) for s in model.stations]
    assert convert(other, model.form).stations[0].name == model.stations[0].name


@pytest.mark.parametrize(
    ("name", "stations", "deliveries", "relations"),
    [("All_In_One_Template", 0, 0, 0), ("All_In_One_Template_Example", 6, 7, 6), ("FCL_Examples", 20, 32, 20)],
)
def test_collection_sheets_are_read_and_written(name, stations, deliveries, relations):
    model = read_model((FOLDER / "templates" / f"{name}.xlsx").read_bytes())
    assert (len(model.stations), len(model.deliveries), len(model.relations)) == (stations, deliveries, relations)
    assert read_model(write_model(model)) == model


def test_dates_of_the_sheets_are_read_from_their_parts():
    model = read_model((FOLDER / "templates" / "All_In_One_Template_Example.xlsx").read_bytes())
    first = model.deliveries[0]
    assert (first.id, first.source, first.target) == ("L117_1", "Farmer 1", "Yogurt Factory")
    assert (first.sent, first.received, first.lot) == ("2016-01-01", "2016-01-01", "L117")


@pytest.mark.parametrize("way", ["backward", "forward"])
def test_the_sheets_for_one_business_are_read_and_written(way):
    sheet = read_inquiry((FOLDER / "templates" / f"Start_Tracing_{way.title()}.xlsx").read_bytes())
    assert (sheet.way, sheet.company, sheet.business, sheet.lines) == (way, "[Company]", "[Type of business]", ())
    assert read_inquiry(write_inquiry(sheet)) == sheet
