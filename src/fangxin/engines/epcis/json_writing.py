"""Events and documents as JSON-LD 2.0."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import IO, Any, Final

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.names import GIVEN, Prefixes, local_name, namespace_of
from fangxin.engines.epcis.values import (
    ErrorDeclaration,
    Event,
    Extension,
    Head,
    Place,
    Quantity,
    SensorElement,
    SensorMetadata,
    SensorReport,
    Typed,
)
from fangxin.engines.epcis.vocabulary import bare_word

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_TOGETHER: Final = 5_000  # events whose prefixes are gathered into the head; later ones bring their own
_METADATA: Final = (
    ("time", "time"), ("startTime", "start_time"), ("endTime", "end_time"), ("deviceID", "device_id"),
    ("deviceMetadata", "device_metadata"), ("rawData", "raw_data"),
    ("dataProcessingMethod", "data_processing_method"), ("bizRules", "biz_rules"),
)  # fmt: skip
_REPORT: Final = (
    ("type", "type"), ("exception", "exception"), ("deviceID", "device_id"), ("deviceMetadata", "device_metadata"),
    ("rawData", "raw_data"), ("dataProcessingMethod", "data_processing_method"), ("bizRules", "biz_rules"),
    ("time", "time"), ("microorganism", "microorganism"), ("chemicalSubstance", "chemical_substance"),
    ("value", "value"), ("component", "component"), ("stringValue", "string_value"),
    ("booleanValue", "boolean_value"), ("hexBinaryValue", "hex_binary_value"), ("uriValue", "uri_value"),
    ("minValue", "min_value"), ("maxValue", "max_value"), ("meanValue", "mean_value"), ("sDev", "s_dev"),
    ("percRank", "perc_rank"), ("percValue", "perc_value"), ("uom", "uom"),
    ("coordinateReferenceSystem", "coordinate_reference_system"),
)  # fmt: skip
REPORT_WORDS: Final = {"type": "measurement", "exception": "alert", "component": "component"}


def to_json(event: Event) -> dict[str, Any]:
    """One event as a JSON-LD object that stands by itself, `@context` included.

    >>> from fangxin.engines.epcis.values import Action, EventKind
    >>> to_json(Event(EventKind.OBJECT, "2023-03-15T09:00:00Z", "+08:00", action=Action.ADD))["action"]
    'ADD'
    """
    prefixes = Prefixes(taken=GIVEN)
    body = event_body(event, prefixes)
    return {"@context": _context(prefixes), **body}


def _context(prefixes: Prefixes) -> list[Any]:
    told = {prefix: namespace for namespace, prefix in prefixes.of.items() if GIVEN.get(prefix) != namespace}
    return [CONTEXT, told] if told else [CONTEXT]


def event_body(event: Event, prefixes: Prefixes) -> dict[str, Any]:
    """One event as an object without `@context`; the prefixes that it needs are added to those given."""
    prefixes.avoid(event.words())
    body: dict[str, Any] = {
        "type": event.kind.value,
        "eventID": event.event_id,
        "eventTime": event.event_time or None,
        "recordTime": event.record_time,
        "eventTimeZoneOffset": event.event_time_zone_offset or None,
        "certificationInfo": _one_or_all(event.certification_info),
        "errorDeclaration": _error_declaration(event.error_declaration, prefixes),
        "parentID": event.parent_id,
        "epcList": list(event.epcs),
        "childEPCs": list(event.child_epcs),
        "inputEPCList": list(event.input_epcs),
        "outputEPCList": list(event.output_epcs),
        "quantityList": _quantities(event.quantities),
        "childQuantityList": _quantities(event.child_quantities),
        "inputQuantityList": _quantities(event.input_quantities),
        "outputQuantityList": _quantities(event.output_quantities),
        "transformationID": event.transformation_id,
        "action": event.action.value if event.action else None,
        "bizStep": bare_word("bizStep", event.biz_step) if event.biz_step else None,
        "disposition": bare_word("disposition", event.disposition) if event.disposition else None,
        "persistentDisposition": _persistent(event),
        "readPoint": _place(event.read_point, prefixes),
        "bizLocation": _place(event.biz_location, prefixes),
        "bizTransactionList": _typed("bizTransaction", "bizTransaction", event.biz_transactions),
        "sourceList": _typed("source", "sourceDest", event.sources),
        "destinationList": _typed("destination", "sourceDest", event.destinations),
        "sensorElementList": [_sensor_element(element, prefixes) for element in event.sensor_elements],
        "ilmd": extension_object(event.ilmd, prefixes),
    }
    found = {key: value for key, value in body.items() if value not in (None, [], {})}
    return {**found, **extension_object(event.extensions, prefixes)}


def _one_or_all(texts: tuple[str, ...]) -> str | list[str] | None:
    return texts[0] if len(texts) == 1 else list(texts)


def number(value: Decimal) -> int | float:
    """A JSON number."""
    return int(value) if value == value.to_integral_value() and value.adjusted() < 20 else float(value)


def _quantities(quantities: tuple[Quantity, ...]) -> list[dict[str, Any]]:
    found = []
    for each in quantities:
        told: dict[str, Any] = {"epcClass": each.epc_class}
        if each.quantity is not None:
            told["quantity"] = number(each.quantity)
        if each.uom is not None:
            told["uom"] = each.uom
        found.append(told)
    return found


def _persistent(event: Event) -> dict[str, Any] | None:
    told = event.persistent_disposition
    if told is None:
        return None
    words = {"set": told.set, "unset": told.unset}
    return {key: [bare_word("disposition", word) for word in listed] for key, listed in words.items() if listed}


def _typed(name: str, family: str, listed: tuple[Typed, ...]) -> list[dict[str, Any]]:
    return [
        {**({"type": bare_word(family, each.type)} if each.type is not None else {}), name: each.id} for each in listed
    ]


def _place(place: Place | None, prefixes: Prefixes) -> dict[str, Any] | None:
    return None if place is None else {"id": place.id, **extension_object(place.extensions, prefixes)}


def _error_declaration(told: ErrorDeclaration | None, prefixes: Prefixes) -> dict[str, Any] | None:
    if told is None:
        return None
    body = {
        "declarationTime": told.declaration_time,
        "reason": bare_word("reason", told.reason) if told.reason else None,
        "correctiveEventIDs": list(told.corrective_event_ids),
    }
    return {key: value for key, value in body.items() if value} | extension_object(told.extensions, prefixes)


def _sensor_element(element: SensorElement, prefixes: Prefixes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if element.metadata is not None:
        found["sensorMetadata"] = _sensed(element.metadata, _METADATA, prefixes)
    found["sensorReport"] = [_sensed(report, _REPORT, prefixes) for report in element.reports]
    return found | extension_object(element.extensions, prefixes)


def _sensed(
    sensed: SensorMetadata | SensorReport, fields: tuple[tuple[str, str], ...], prefixes: Prefixes
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, attribute in fields:
        value = getattr(sensed, attribute)
        if value is None:
            continue
        if isinstance(value, Decimal):
            found[name] = number(value)
        else:
            found[name] = bare_word(REPORT_WORDS[name], value) if name in REPORT_WORDS else value
    return found | extension_object(sensed.extensions, prefixes)


# --- extensions -------------------------------------------------------------------------------------------------------


def extension_object(extensions: Iterable[Extension], prefixes: Prefixes) -> dict[str, Any]:
    """Extensions as members of an object: those of one name become an array."""
    found: dict[str, Any] = {}
    several: set[str] = set()
    for each in extensions:
        key = _key(each.name, each.prefix, prefixes)
        value = _value(each, prefixes)
        if key in several:
            found[key].append(value)
        elif key in found or each.listed:
            found[key] = [found[key], value] if key in found else [value]
            several.add(key)
        else:
            found[key] = value
    return found


def _key(name: str, prefix: str, prefixes: Prefixes) -> str:
    namespace = namespace_of(name)
    if not namespace:
        return name
    if GIVEN.get(prefix) == namespace:
        return f"{prefix}:{local_name(name)}"
    return f"{prefixes.prefix(namespace, prefix)}:{local_name(name)}"


def _value(extension: Extension, prefixes: Prefixes) -> Any:
    value = abbreviated(extension, prefixes)
    if not extension.children and not extension.attributes:
        return value
    if not extension.attributes and value is None and all(each.name == "" for each in extension.children):
        return [_value(each, prefixes) for each in extension.children]
    found: dict[str, Any] = {} if value is None else {"#text": value}
    for name, text in extension.attributes:
        found["@" + _key(name, "", prefixes)] = text
    return found | extension_object(extension.children, prefixes)


def abbreviated(extension: Extension, prefixes: Prefixes) -> Any:
    """The value; where it is a compact URI, with a prefix that is declared in what is being written."""
    value = extension.value
    if not extension.whole or not isinstance(value, str):
        return value
    prefix, _, local = value.partition(":")
    namespace = extension.whole[: len(extension.whole) - len(local)]
    if GIVEN.get(prefix) == namespace:
        return value
    return f"{prefixes.prefix(namespace, prefix)}:{local}"


# --- documents --------------------------------------------------------------------------------------------------------


def write_json(head: Head, events: Iterable[Event], out: IO[bytes]) -> None:
    """A whole document, query result or bare event, written as the events come.

    Raises EpcisError where an event cannot be read, or has characters that no encoding has.
    """
    prefixes = Prefixes(((prefix, namespace) for prefix, namespace in head.namespaces), taken=GIVEN)
    coming = iter(events)
    first = [event_body(event, prefixes) for event in islice(coming, _TOGETHER)]
    if head.root not in ("EPCISDocument", "EPCISQueryDocument"):
        bare: dict[str, Any] = first[0] if first else {}
        _put(out, json.dumps({"@context": _context(prefixes), **bare}, ensure_ascii=False, indent=2) + "\n")
        return
    listed = [_key(name, "", prefixes) for name in sorted(head.ignored)]
    under = _key(head.ignored_under, "", prefixes) if listed else ""
    opening, closing = _frame(head, prefixes, {under: listed} if listed else {})
    _put(out, opening)
    for place, text in enumerate(_texts(first, coming, prefixes)):
        _put(out, ("," if place else "") + "\n" + text)
    _put(out, closing)


def _texts(first: list[dict[str, Any]], coming: Iterator[Event], prefixes: Prefixes) -> Iterator[str]:
    for body in first:
        yield json.dumps(body, ensure_ascii=False)
    known = dict(prefixes.of)
    for event in coming:
        body = event_body(event, prefixes)
        fresh = {prefix: space for space, prefix in prefixes.of.items() if space not in known}
        for space in fresh.values():
            del prefixes.of[space]
        yield json.dumps({"@context": fresh, **body} if fresh else body, ensure_ascii=False)


def _frame(head: Head, prefixes: Prefixes, ignored: dict[str, Any]) -> tuple[str, str]:
    """What stands before and behind the events."""
    told: dict[str, Any] = {"@context": _context(prefixes), "type": head.root, "id": head.id, "schemaVersion": "2.0"}
    told["creationDate"] = head.creation_date or None
    if head.master_data:
        told["epcisHeader"] = {"epcisMasterData": {"vocabularyList": list(head.master_data)}}
    told = {key: value for key, value in told.items() if value is not None}
    body: dict[str, Any] = {"eventList": []}
    if head.root == "EPCISQueryDocument":
        told_of = {"subscriptionID": head.subscription_id, "queryName": head.query_name}
        results = {**told_of, **ignored, "resultsBody": body}
        body = {"queryResults": {key: value for key, value in results.items() if value is not None}}
    text = json.dumps({**told, "epcisBody": body}, ensure_ascii=False)
    place = text.rindex('"eventList": []') + len('"eventList": [')
    return text[:place], "\n" + text[place:] + "\n"


def _put(out: IO[bytes], text: str) -> None:
    try:
        out.write(text.encode())
    except UnicodeEncodeError as error:
        raise EpcisError("the document holds characters that no encoding has") from error
