"""`fangxin trace score`: what it prints, what it refuses."""

import gzip
import json

import pytest

from fangxin.engines.traceability.foodchain import Inquiry, InquiryLine, model_of_inquiry, read_inquiry, write_inquiry
from fangxin.surfaces.cli.trace_score import main

MODEL = {
    "stations": [{"id": "farm"}, {"id": "mill"}, {"id": "shop", "outbreak": True}],
    "deliveries": [{"id": "a", "source": "farm", "target": "mill"}, {"id": "b", "source": "mill", "target": "shop"}],
    "deliveriesRelations": [{"source": "a", "target": "b"}],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.json.gz"
    path.write_bytes(gzip.compress(json.dumps(MODEL).encode()))
    return str(path)


def test_the_models_own_outbreak_is_used_without_an_input(file, capsys):
    assert main([file, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["stationScores"] == {"farm": 1.0, "mill": 1.0, "shop": 1.0}
    assert answer["traceFromStation"]["station"] == "farm"
    assert answer["traceFromStation"]["forwardStations"] == ["mill", "shop"]


def test_the_station_to_trace_from_can_be_asked_for(file, tmp_path, capsys):
    asked = tmp_path / "input.json"
    asked.write_text(json.dumps({"outbreakStations": ["shop"], "traceFromStation": {"station": "mill"}}))
    for options, station in (([], "mill"), (["--trace-from", "shop"], "shop")):
        assert main([file, "--input", str(asked), "--json", *options]) == 0
        assert json.loads(capsys.readouterr().out)["traceFromStation"]["station"] == station


def test_people_get_a_table(file, capsys):
    assert main([file]) == 0
    assert "common links: farm, mill, shop" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "code"), [(b"{", 1), (b'{"outbreakStations": ["X"]}', 1), (None, 2)])
def test_bad_input_is_told_apart_from_misuse(file, tmp_path, capsys, content, code):
    asked = tmp_path / "input.json"
    if content is not None:
        asked.write_bytes(content)
    assert main([file, "--input", str(asked)]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert "fangxin trace score:" in told.err


def test_a_filled_sheet_of_one_business_becomes_a_model():
    lines = (
        InquiryLine(
            "面粉厂", "县城路1号", product="面粉", lot="F1", day="2023-05-02", amount="=1+1", others=("x", "y")
        ),
        InquiryLine("面粉厂", "县城路1号", product="面粉", lot="F2", day="2023-05"),
        InquiryLine("油坊", product="油"),
    )
    inquiry = Inquiry("forward", "粮库", products="面粉", period="5月", onset="2023-05-09", lines=lines)
    assert read_inquiry(write_inquiry(inquiry)) == inquiry
    model = model_of_inquiry(inquiry)
    assert [station.name for station in model.stations] == ["粮库", "面粉厂", "油坊"]
    assert [(d.source, d.target, d.sent, d.lot) for d in model.deliveries] == [
        ("S1", "S2", "2023-05-02", "F1"), ("S1", "S2", "2023-05", "F2"), ("S1", "S3", None, ""),
    ]  # fmt: skip
