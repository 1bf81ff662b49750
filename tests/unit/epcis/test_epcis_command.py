"""`fangxin epcis`."""

import io
import json
import sys

import pytest

from fangxin.surfaces.cli import main

EVENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2023-03-15T09:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.1"],
}


@pytest.fixture
def event(tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENT))
    return path


def test_a_hash_per_event_in_document_order(event, capsys):
    assert main(["epcis", "hash", str(event)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("ni:///sha-256;")
    assert line.endswith("?ver=CBV2.0")
    assert main(["epcis", "hash", "--prehash", str(event)]) == 0
    assert capsys.readouterr().out.startswith("eventType=ObjectEventeventTime=2023-03-15T01:00:00.000Z")


def test_validity_is_the_exit_code_and_reasons_are_told(event, capsys):
    assert main(["epcis", "validate", str(event)]) == 0
    event.write_text(json.dumps(EVENT | {"action": "SELL"}))
    assert main(["epcis", "validate", str(event)]) == 1
    assert "/action" in capsys.readouterr().out


def test_conversion_goes_to_standard_output(event, capfdbinary):
    assert main(["epcis", "convert", str(event), "--to", "xml"]) == 0
    assert b"<eventTime>2023-03-15T09:00:00+08:00</eventTime>" in capfdbinary.readouterr().out


def test_a_document_that_breaks_off_leaves_standard_output_empty(event, capfdbinary):
    event.write_text(json.dumps(EVENT | {"action": "SELL"}))
    assert main(["epcis", "convert", str(event), "--to", "xml"]) == 1
    told = capfdbinary.readouterr()
    assert told.out == b""
    assert b"SELL" in told.err


def test_standard_input_is_a_file_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(EVENT).encode())))
    assert main(["epcis", "hash", "-"]) == 0
    assert capsys.readouterr().out.startswith("ni:///sha-256;")


def test_a_missing_file_is_misuse(tmp_path, capsys):
    assert main(["epcis", "hash", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err
