"""What the event hash depends on, and what it does not."""

import json
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.epcis import (
    Action,
    ErrorDeclaration,
    Event,
    EventKind,
    Extension,
    Quantity,
    event_hash,
    from_json,
    prehash,
)
from fangxin.engines.epcis.hashing import comparable, comparable_number, comparable_time

NS = "https://ns.example.com/"
SHIPPED = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": NS}],
    "type": "ObjectEvent",
    "eventTime": "2023-03-15T09:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.1", "urn:epc:id:sgtin:4012345.011111.2"],
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 12.50, "uom": "KGM"}],
    "bizStep": "shipping",
    "disposition": "in_transit",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0", "ex:gate": "3"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:1"},
        {"type": "inv", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:2"},
    ],
    "ex:lot": {"ex:a": ["2", "1"], "ex:b": True},
}


def _shuffled(value, rng):
    """The same JSON with the members of objects and the elements of arrays in another order."""
    if isinstance(value, dict):
        items = [(key, _shuffled(inner, rng)) for key, inner in value.items()]
        rng.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        value = [_shuffled(inner, rng) for inner in value]
        rng.shuffle(value)
    return value


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_order_changes_no_hash(seed):
    assert event_hash(from_json(_shuffled(SHIPPED, random.Random(seed)))) == event_hash(from_json(SHIPPED))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("eventTime", "2023-03-15T01:00:00.000Z"),
        ("bizStep", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("disposition", "urn:epcglobal:cbv:disp:in_transit"),
        ("epcList", ["https://id.gs1.org/01/04012345111118/21/1", "https://x.example/gtin/04012345111118/21/2?a=1"]),
        ("recordTime", "2024-01-01T00:00:00Z"),
        ("eventID", "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"),
        ("errorDeclaration", {"declarationTime": "2024-01-01T00:00:00Z"}),
        ("rdfs:comment", "said in passing"),
    ],
)
def test_another_spelling_is_the_same_event(field, value):
    assert event_hash(from_json(SHIPPED | {field: value})) == event_hash(from_json(SHIPPED))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("eventTime", "2023-03-15T09:00:00.001+08:00"),
        ("action", "ADD"),
        ("bizStep", "receiving"),
        ("epcList", ["urn:epc:id:sgtin:4012345.011111.1"]),
        ("ex:lot", {"ex:a": ["2", "1"], "ex:b": False}),
        ("readPoint", {"id": "urn:epc:id:sgln:4012345.00005.0", "ex:gate": "4"}),
        ("parentID", "urn:epc:id:sscc:4012345.0000000111"),
    ],
)
def test_another_content_is_another_event(field, value):
    assert event_hash(from_json(SHIPPED | {field: value})) != event_hash(from_json(SHIPPED))


def test_an_error_declaration_has_the_hash_of_what_it_declares_wrong():
    event = from_json(SHIPPED)
    wrong = replace(event, error_declaration=ErrorDeclaration("2024-01-01T00:00:00Z"))
    assert event_hash(wrong) == event_hash(event)
    assert wrong != event


def test_fields_that_are_empty_say_nothing():
    event = Event(EventKind.OBJECT, "2023-03-15T09:00:00Z", "+08:00", action=Action.ADD)
    assert event_hash(replace(event, extensions=(Extension(f"{{{NS}}}a", ""),))) == event_hash(event)


def test_ignored_extensions_are_left_out_at_the_top_only():
    name = f"{{{NS}}}seen"
    event = from_json(SHIPPED)
    marked = replace(event, extensions=(*event.extensions, Extension(name, "yes")))
    assert event_hash(marked) != event_hash(event)
    assert event_hash(marked, ignored=frozenset((name,))) == event_hash(event)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_a_number_is_the_same_number_with_more_zeros(value):
    plain = format(value, "f")
    assert Decimal(comparable_number(plain)) == value
    assert comparable_number(plain + "00") == comparable_number(plain)
    quantity = Quantity("urn:epc:class:lgtin:4012345.012345.L1", value)
    assert f"quantity={comparable_number(plain)}" in prehash(
        Event(EventKind.OBJECT, "2023-03-15T09:00:00Z", quantities=(quantity,))
    )


@pytest.mark.parametrize("text", ["12-5", "2023-03-15", "1_000", "+01:00", "1e400", "٣", "nan", "12kg", "."])
def test_what_is_no_number_stays_text(text):
    assert comparable_number(text) == text
    assert comparable(text) == text


def test_times_are_brought_to_utc_and_milliseconds():
    assert comparable_time("2019-10-21T03:58:56+02:00") == "2019-10-21T01:58:56.000Z"
    assert comparable_time("2022-02-16T08:40:21.3142715Z") == "2022-02-16T08:40:21.314Z"
    assert comparable_time("2019-12-31T23:59:59.9996Z") == "2020-01-01T00:00:00.000Z"
    assert comparable_time("0001-01-01T00:00:00+08:00") == "0001-01-01T00:00:00+08:00"
    assert comparable_time("22-07-2026") == "22-07-2026"


def test_a_prefix_called_like_a_scheme_changes_no_address():
    plain = event_hash(from_json(SHIPPED | {"ex:see": "https://example.org/1"}))
    context = [SHIPPED["@context"][0], {"ex": NS, "https": "https://trap.example.com/"}]
    assert event_hash(from_json(SHIPPED | {"@context": context, "ex:see": "https://example.org/1"})) == plain


def test_json_of_another_writer_is_read_alike():
    assert event_hash(from_json(json.loads(json.dumps(SHIPPED)))) == event_hash(from_json(SHIPPED))
