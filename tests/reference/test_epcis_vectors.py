"""GS1 EPCIS 2.0: published hash vectors (RalphTro/epcis-event-hash-generator, MIT), documents of GS1 and OpenEPCIS,
what the official schemas say of them, and the official schemas applied to what is written here."""

import csv
import json
from hashlib import sha256
from io import BytesIO

import jsonschema_rs
import pytest
from lxml import etree

from fangxin.engines.epcis import EpcisError, canonical, convert, event_hash, open_document, prehash, to_urn, validate

# The string beside the second event of this document does not hash to the value beside it; the value is right.
STALE = ("epcisDocWithCustomSchemaInContext", 1)
# Their source calls them valid, the official schema does not, and what is not valid cannot be converted into validity.
NO_TYPE = ("SensorData_with_combined_events", "SensorDataExamples")
# Query results without the name of the query, and a time without seconds.
NOT_TO_SCHEMA = ("Query/CurieString_document", "Query/ObjectEventWithAll", "Query/SensorData", "Query/TransactionEvent")


@pytest.fixture
def epcis(reference_data):
    folder = reference_data / "epcis"
    if not folder.is_dir():
        pytest.skip("the EPCIS test material is not here")
    return folder


def _hashes(source):
    document = open_document(source)
    return [event_hash(event, ignored=document.head.ignored) for event in document.events]


def _converted(source, to):
    out = BytesIO()
    convert(source, out, to=to)
    return out.getvalue()


def _documents(epcis):
    """Every document that holds events which can be read."""
    for path in sorted(epcis.rglob("*")):
        name = path.relative_to(epcis).as_posix()
        if path.suffix not in (".json", ".jsonld", ".xml") or name.startswith("schema/") or path.name == "index.json":
            continue
        if "Invalid" not in name and "CaptureJob" not in name and "Queries" not in name and "masterData" not in name:
            yield name, path


def test_every_published_hash_is_found(epcis):
    folder = epcis / "hash-vectors" / "explicit"
    vectors = json.loads((epcis / "hash-vectors" / "index.json").read_text())["vectors"]
    for vector in vectors:
        for name in vector["inputs"]:
            assert _hashes((folder / name).read_bytes()) == vector["expected_hashes"], name
    assert sum(len(vector["inputs"]) for vector in vectors) == 19


def test_every_published_prehash_is_found(epcis):
    folder = epcis / "hash-vectors" / "explicit"
    for vector in json.loads((epcis / "hash-vectors" / "index.json").read_text())["vectors"]:
        path = folder / f"{vector['name']}.prehashes"
        lines = path.read_text().splitlines() if path.exists() else []
        document = open_document((folder / vector["inputs"][0]).read_bytes())
        for number, (line, event) in enumerate(zip(lines, document.events, strict=bool(lines))):
            told = sha256(line.strip().encode()).hexdigest() in vector["expected_hashes"][number]
            assert told or (vector["name"], number) == STALE
            if told:
                assert prehash(event, ignored=document.head.ignored) == line.strip()


def test_events_that_differ_in_spelling_only_hash_alike(epcis):
    files = sorted((epcis / "hash-vectors" / "expected-equal").iterdir())
    assert len(files) == 7
    for path in files:
        found = _hashes(path.read_bytes())
        assert len(found) > 1
        assert len(set(found)) == 1, path.name


def test_identifiers_have_their_published_canonical_form_and_a_way_back(epcis):
    with (epcis / "hash-vectors" / "identifier_canonicalisation.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 46
    for row in rows:
        found = canonical(row["input"])
        assert (found or "") == row["canonical_digital_link_or_empty_when_not_an_epc_uri"], row["input"]
        if found and row["input"].startswith("urn:"):
            company = row["input"].split(":")[4].split(".")[0]
            assert to_urn(found, company_prefix_length=len(company)) == row["input"]


def test_what_the_schemas_and_the_sources_say_of_every_document(epcis):
    with (epcis / "schema_verdicts.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 119
    for row in rows:
        valid = row["intent_of_the_source"] == row["gs1_schema_verdict"] == "valid"
        faults = validate((epcis / row["file"]).read_bytes())
        assert (not faults) == valid, (row["file"], [str(fault) for fault in faults])


def test_documents_of_the_same_content_hash_alike_in_both_formats(epcis):
    folder = epcis / "openepcis-test-resources" / "2.0" / "EPCIS"
    pairs = 0
    for path in sorted((folder / "JSON").rglob("*.json")):
        twin = folder / "XML" / path.relative_to(folder / "JSON").with_suffix(".xml")
        if not twin.exists() or "Invalid" in path.parts or "Queries" in path.parts:
            continue
        pairs += 1
        told = _hashes(path.read_bytes())
        assert told == _hashes(twin.read_bytes()), path.name
        assert _hashes(_converted(path.read_bytes(), "xml")) == told, path.name
        assert _hashes(_converted(twin.read_bytes(), "json")) == told, path.name
    assert pairs == 31


def test_events_survive_both_formats_and_back_whole(epcis):
    number = 0
    for name, path in _documents(epcis):
        data = path.read_bytes()
        other, same = ("xml", "json") if path.suffix != ".xml" else ("json", "xml")
        once = _converted(data, other)
        assert _hashes(once) == _hashes(data), name
        before, after = list(open_document(data).events), list(open_document(_converted(once, same)).events)
        if other == "json":
            assert after == before, name
        assert list(open_document(_converted(data, same)).events) == before, name
        number += 1
    assert number > 130


def test_what_is_written_satisfies_the_official_schemas(epcis):
    folder = epcis / "schema"
    schemas = {
        "EPCISDocument": etree.XMLSchema(etree.parse(folder / "xsd" / "EPCglobal-epcis-2_0.xsd")),
        "EPCISQueryDocument": etree.XMLSchema(etree.parse(folder / "xsd" / "EPCglobal-epcis-query-2_0.xsd")),
    }
    official = jsonschema_rs.validator_for(json.loads((folder / "json" / "EPCIS-JSON-Schema.json").read_text()))
    number = 0
    for name, path in _documents(epcis):
        if "/1.2/" in name or any(part in name for part in (*NO_TYPE, *NOT_TO_SCHEMA)):
            continue
        data = path.read_bytes()
        written = etree.fromstring(_converted(data, "xml"))
        schema = schemas.get(etree.QName(written).localname)
        if schema is not None:
            assert schema.validate(written), (name, schema.error_log)
        told = json.loads(_converted(data, "json"))
        if "persistentDisposition" in path.read_text() and path.suffix == ".xml":
            continue  # XML allows it in every event type, the official JSON schema in two of them
        assert official.is_valid(told), name
        number += 1
    assert number > 100


def test_a_document_may_name_a_type_but_not_declare_entities(epcis):
    path = epcis / "examples-gs1" / "xml" / "WithFullCombinationOfFields" / "object_event_all_possible_fields.xml"
    text = path.read_text()
    assert "<!DOCTYPE project>" in text
    assert len(_hashes(text.encode())) == 1
    bomb = text.replace("<!DOCTYPE project>", '<!DOCTYPE project [<!ENTITY a "aaaa">]>')
    with pytest.raises(EpcisError, match="declarations"):
        _hashes(bomb.encode())
