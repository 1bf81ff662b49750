"""Reading, writing, converting and checking documents, good and bad."""

import io
import json
import tracemalloc
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fangxin.engines.epcis import (
    EpcisError,
    EventKind,
    Extension,
    convert,
    event_hash,
    from_json,
    json_reading,
    open_document,
    read_document,
    to_json,
    to_xml,
    validate,
)

NS = "https://ns.example.com/"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": NS}]
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2023-03-15T09:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.1"],
}
HEAD = {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2023-03-15T09:00:00Z"}
XML = b"""<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://ns.example.com/"
 schemaVersion="2.0" creationDate="2023-03-15T09:00:00Z"><EPCISBody><EventList>
<ObjectEvent><eventTime>2023-03-15T09:00:00+08:00</eventTime><eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
<epcList><epc>urn:epc:id:sgtin:4012345.011111.1</epc></epcList><action>ADD</action>%s</ObjectEvent>
</EventList></EPCISBody></epcis:EPCISDocument>"""


def _document(*events, **more):
    return json.dumps({**HEAD, **more, "epcisBody": {"eventList": list(events)}}).encode()


def _convert(data, to):
    out = io.BytesIO()
    convert(data, out, to=to)
    return out.getvalue()


def _codes(data):
    return [fault.code for fault in validate(data)]


# --- both formats ----------------------------------------------------------------------------------------------------


def test_extensions_keep_their_namespace_their_order_and_their_arrays():
    event = EVENT | {
        "ex:a": ["2"],
        "ex:b": {"ex:c": 1, "ex:d": True, "ex:e": "gs1:Mass"},
        "https://other.example/x": "y",
    }
    found = from_json({"@context": CONTEXT, **event})
    assert [each.name for each in found.extensions] == [f"{{{NS}}}a", f"{{{NS}}}b", "{https://other.example/}x"]
    written = to_json(found)
    assert written["ex:a"] == ["2"]
    assert written["ex:b"] == {"ex:c": 1, "ex:d": True, "ex:e": "gs1:Mass"}
    assert from_json(written) == found
    (again,) = read_document(etree.tostring(to_xml(found)))
    assert event_hash(again) == event_hash(found)


def test_attributes_of_xml_extensions_survive_json():
    data = XML % b'<ex:a ex:kind="k" n="1">text<ex:b/></ex:a>'
    (before,) = read_document(data)
    told = _convert(data, "json")
    assert json.loads(told)["epcisBody"]["eventList"][0]["ex:a"] == {
        "#text": "text",
        "@ex:kind": "k",
        "@n": "1",
        "ex:b": "",
    }
    assert list(read_document(_convert(told, "xml"))) == [before]


def test_the_same_prefix_may_mean_two_things_in_two_events():
    first, second = EVENT | {"@context": [{"p": NS}], "p:a": "1"}, EVENT | {"@context": [{"p": NS + "2/"}], "p:a": "1"}
    document = _document(first, second)
    names = [event.extensions[0].name for event in read_document(_convert(document, "json"))]
    assert names == [f"{{{NS}}}a", f"{{{NS}2/}}a"]
    assert [event.extensions[0].name for event in read_document(_convert(document, "xml"))] == names


def test_master_data_of_the_header_go_along():
    vocabulary = {
        "type": "urn:epcglobal:epcis:vtype:EPCClass",
        "vocabularyElementList": [
            {
                "id": "urn:epc:class:lgtin:4012345.012345.L1",
                "attributes": [{"id": "urn:epcglobal:cbv:mda#descriptionShort", "attribute": "大米"}],
            }
        ],
    }
    document = _document(EVENT, epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})
    assert not validate(document)
    assert open_document(_convert(document, "xml")).head.master_data == (vocabulary,)
    assert not validate(_convert(document, "xml"))


def test_a_bare_event_stays_a_bare_event():
    bare = json.dumps({"@context": CONTEXT, **EVENT}).encode()
    assert not validate(bare)
    assert open_document(_convert(bare, "xml")).head.root == "ObjectEvent"
    assert json.loads(_convert(_convert(bare, "xml"), "json"))["type"] == "ObjectEvent"


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12
)
VALUE = st.recursive(
    TEXT | st.booleans() | st.integers(-(10**6), 10**6),
    lambda inner: (
        st.lists(inner.filter(lambda v: not isinstance(v, list)), min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["ex:a", "ex:b", "ex:批次"]), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["ex:p", "ex:q", "ex:r"]), VALUE, max_size=3), st.decimals(0, 10**6, places=3))
@settings(max_examples=60, deadline=None)
def test_generated_events_survive_both_formats(extensions, quantity):
    amount = {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": float(quantity), "uom": "KGM"}
    data = _document(EVENT | {"quantityList": [amount], **extensions})
    (before,) = read_document(data)
    (in_json,) = read_document(_convert(data, "json"))
    assert in_json == before
    (in_xml,) = read_document(_convert(data, "xml"))
    assert event_hash(in_xml) == event_hash(before)
    assert in_xml.quantities[0].quantity == Decimal(str(float(quantity)))


# --- large ------------------------------------------------------------------------------------------------------------


def test_a_large_json_document_is_read_piece_by_piece_to_the_same_events(monkeypatch):
    events = [
        EVENT | {"epcList": [f"urn:epc:id:sgtin:4012345.011111.{number}"], "ex:n": number} for number in range(50)
    ]
    late = {"type": "EPCISDocument", "epcisBody": {"eventList": events}, **HEAD}
    data = json.dumps(late).encode()
    whole = list(read_document(data))
    monkeypatch.setattr(json_reading, "AT_ONCE", 100)
    assert list(read_document(io.BytesIO(data))) == whole
    assert not validate(data)
    events[20]["action"] = "SELL"
    assert [fault.where for fault in validate(json.dumps(late).encode())] == ["/epcisBody/eventList/20/action"]


def test_memory_does_not_grow_with_the_number_of_events():
    def peak(number):
        class Many(io.RawIOBase):
            """A document that exists only while it is read."""

            def __init__(self):
                head, event, tail = XML.partition(b"<ObjectEvent>")[0], *((XML % b"").partition(b"<ObjectEvent>")[1:])
                event, _, tail = tail.partition(b"</EventList>")
                self._parts = iter([head, *[b"<ObjectEvent>" + event] * number, b"</EventList>" + tail])
                self._left = b""

            def read(self, size=-1):
                while len(self._left) < size and (part := next(self._parts, None)) is not None:
                    self._left += part
                part, self._left = self._left[:size], self._left[size:]
                return part

        tracemalloc.start()
        assert sum(1 for _ in read_document(Many(), "application/xml")) == number
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(4_000) < 2 * peak(1_000) + 1_000_000


# --- bad --------------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_raise_epcis_error_or_nothing(data):
    for text in (data, b"<a>" + data, b'{"type":' + data):
        validate(text)
        with suppress(EpcisError):
            list(read_document(text))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_documents_raise_epcis_error_or_nothing(data):
    whole = _document(EVENT | {"ex:a": {"ex:b": [1, "x"]}, "sensorElementList": [{"sensorReport": [{"type": "Mass"}]}]})
    whole = data.draw(st.sampled_from([whole, _convert(whole, "xml")]))
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + data.draw(st.integers(0, 20)) :]
    validate(damaged)
    with suppress(EpcisError):
        for event in read_document(damaged):
            event_hash(event)
            to_json(event)
            to_xml(event)


WRONG = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({})
)


@given(
    st.sampled_from(
        [*EVENT, "readPoint", "ilmd", "quantityList", "sensorElementList", "errorDeclaration", "sourceList"]
    ),
    WRONG,
)
@settings(max_examples=120, deadline=None)
def test_a_field_of_any_shape_is_refused_or_read(field, value):
    data = _document(EVENT | {field: value})
    validate(data)
    with suppress(EpcisError):
        list(read_document(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"{",
        b'{"type": "EPCISDocument"}',
        b'{"type": "EPCISDocument", "epcisBody": {"eventList": [1]}}',
        b'{"type": "EPCISDocument", "epcisBody": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<a>" * 1_000,
        b"<a/><b/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ELEMENT a ANY><!ATTLIST a x CDATA "y">]><a/>',
        b'{"type": "ObjectEvent", "eventTime": "\\ud800"}',
    ],
)
def test_what_cannot_be_read_says_why(data):
    faults = validate(data)
    assert faults
    with pytest.raises(EpcisError, match=r"\w"):
        list(map(event_hash, read_document(data)))


def test_entities_are_never_expanded():
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "lol">{levels}]><a>&a8;</a>'
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    for text in (bomb, outside):
        assert _codes(text.encode()) == ["unreadable"]


def test_what_xml_cannot_say_is_refused_rather_than_bent():
    for extension in ({"ex:a": [[1], [2]]}, {"ex:a": "\x01"}, {"ex:1a": "x"}):
        with pytest.raises(EpcisError, match="XML form"):
            _convert(_document(EVENT | extension), "xml")
    with pytest.raises(EpcisError, match="XML form"):
        to_xml(from_json({"@context": CONTEXT, **EVENT, "ex:a b": "x"}))


# --- rules beyond the schemas ----------------------------------------------------------------------------------------

NOW = "2023-03-15T09:00:00Z"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"eventTime": "2023-02-30T09:00:00+08:00"}, "no_such_time"),
        ({"eventTime": "2023-03-15T09:00:00"}, "not_allowed"),
        ({"eventTimeZoneOffset": "+15:00"}, "not_allowed"),
        ({"bizStep": "delivering"}, "not_allowed"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, "not_allowed"),
        ({"bizStep": "https://ref.gs1.org/cbv/BizStep-delivering"}, "not_in_vocabulary"),
        ({"disposition": "https://ref.gs1.org/cbv/Disp-shipped"}, "not_in_vocabulary"),
        ({"action": "OBSERVE", "ilmd": {"ex:a": "1"}}, "ilmd_not_allowed"),
        ({"ilmd": {"lot": "1"}}, "unknown_field"),
        ({"vendorField": "1"}, "unknown_field"),
        ({"epcList": ["4012345"]}, "not_allowed"),
        ({"epcList": EVENT["epcList"] * 2}, "repeated"),
        ({"quantityList": [{"epcClass": "urn:x:1", "quantity": "5"}]}, "wrong_type"),
        ({"quantityList": [{"epcClass": "urn:x:1", "uom": "kilogram"}]}, "not_allowed"),
        ({"type": "AggregationEvent", "epcList": None, "childEPCs": EVENT["epcList"]}, "no_parent"),
        ({"type": "AggregationEvent", "epcList": None, "parentID": "urn:x:1"}, "no_child"),
        ({"type": "AssociationEvent", "epcList": None, "parentID": "urn:x:1"}, "no_child"),
        ({"type": "TransactionEvent", "bizTransactionList": []}, "no_transaction"),
        ({"type": "TransformationEvent", "epcList": None, "action": None, "inputEPCList": ["urn:x:1"]}, "no_object"),
        ({"epcList": None}, "no_object"),
        ({"errorDeclaration": {"reason": "did_not_occur"}}, "missing"),
        ({"persistentDisposition": {"set": []}}, "empty"),
        ({"sourceList": [{"source": "urn:x:1"}]}, "missing"),
    ],
)
def test_a_breach_is_named(change, code):
    event = {key: value for key, value in (EVENT | change).items() if value is not None}
    assert code in _codes(_document(event))


@pytest.mark.parametrize(
    "change",
    [
        {"ex:anything": {"ex:at": ["all", 1, None]}},
        {"bizStep": "https://example.org/steps/airing"},
        {"type": "AggregationEvent", "epcList": None, "action": "OBSERVE", "childEPCs": EVENT["epcList"]},
        {"type": "AggregationEvent", "epcList": None, "action": "DELETE", "parentID": "urn:x:1"},
        {"epcList": []},
        {"epcList": None, "readPoint": {"id": "urn:x:1"}, "sensorElementList": [{"sensorReport": [{"type": "Mass"}]}]},
        {
            "type": "TransformationEvent",
            "epcList": None,
            "action": None,
            "inputEPCList": ["urn:x:1"],
            "transformationID": "urn:x:2",
        },
        {"type": "ex:OtherEvent"},
    ],
)
def test_what_the_standard_leaves_open_passes(change):
    event = {key: value for key, value in (EVENT | change).items() if value is not None}
    assert _codes(_document(event)) == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (b"<bizStep>shipping</bizStep>", "not_a_uri"),
        (b"<bizStep>urn:epcglobal:cbv:bizstep:delivering</bizStep>", "not_in_vocabulary"),
        (b"<bizStep>urn:epcglobal:cbv:disp:in_transit</bizStep>", "not_in_vocabulary"),
        (b"<disposition>urn:x:1</disposition><bizStep>urn:x:2</bizStep>", "wrong_order"),
        (b"<bizStep>urn:x:1</bizStep><bizStep>urn:x:1</bizStep>", "repeated"),
        (b"<epcis:bizStep>urn:x:1</epcis:bizStep>", "qualified"),
        (b"<vendorField>1</vendorField>", "unknown_element"),
        (b"<ilmd><lot>1</lot></ilmd>", "unknown_element"),
        (b"<extension><quantityList/></extension>", "unknown_element"),
        (b"<readPoint/>", "missing"),
        (
            b"<quantityList><quantityElement><epcClass>urn:x:1</epcClass><quantity>five</quantity></quantityElement></quantityList>",
            "wrong_type",
        ),
        (
            b"<sensorElementList><sensorElement><sensorReport value='warm'/></sensorElement></sensorElementList>",
            "wrong_type",
        ),
        (b"<sensorElementList><sensorElement/></sensorElementList>", "missing"),
        (b"<sourceList><source>urn:x:1</source></sourceList>", "missing"),
        (b"<ex:a>1</ex:a><bizStep>urn:x:1</bizStep>", "wrong_order"),
    ],
)
def test_a_breach_in_xml_is_named_with_its_line(inside, code):
    faults = validate(XML % inside)
    assert code in [fault.code for fault in faults]
    assert all("line " in fault.where for fault in faults)


def test_xml_of_1_2_may_wrap_later_fields():
    data = (XML % b"<extension><ilmd><ex:lot>7</ex:lot></ilmd></extension>").replace(b"xsd:2", b"xsd:1")
    assert not validate(data)
    (event,) = read_document(data)
    assert event.ilmd == (Extension(f"{{{NS}}}lot", "7"),)
    assert event.kind is EventKind.OBJECT


def test_at_most_a_hundred_reasons_are_given():
    assert len(validate(_document(*[EVENT | {"action": "SELL"}] * 300))) == 100
