"""The event hash of CBV 2.0 §8.9: one number for what an event says, however it is written.

Field order and joining follow the published vectors, which in three places say more than the prose: lists of business
transactions, sources and destinations stand behind the sensor data, sorted together with ILMD and extensions; a type
precedes what it types; `certificationInfo` follows the zone offset.
"""

import re
from collections.abc import Iterable
from datetime import UTC, timedelta
from decimal import Decimal
from hashlib import sha256
from math import isfinite
from typing import Final

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.identifiers import canonical
from fangxin.engines.epcis.names import COMMENTS, EXPANDED, expanded
from fangxin.engines.epcis.values import (
    Event,
    Extension,
    Place,
    Quantity,
    SensorElement,
    SensorMetadata,
    SensorReport,
    Typed,
    instant,
)
from fangxin.engines.epcis.vocabulary import CBV, URNS

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBER_START: Final = frozenset("+-.0123456789")
_COMPACT: Final = tuple(prefix + ":" for prefix in EXPANDED)
_METADATA: Final = (
    ("time", "time"), ("startTime", "start_time"), ("endTime", "end_time"), ("deviceID", "device_id"),
    ("deviceMetadata", "device_metadata"), ("rawData", "raw_data"),
    ("dataProcessingMethod", "data_processing_method"), ("bizRules", "biz_rules"),
)  # fmt: skip
_REPORT: Final = (
    ("type", "type"), ("exception", "exception"), ("deviceID", "device_id"), ("deviceMetadata", "device_metadata"),
    ("rawData", "raw_data"), ("dataProcessingMethod", "data_processing_method"), ("time", "time"),
    ("microorganism", "microorganism"), ("chemicalSubstance", "chemical_substance"), ("value", "value"),
    ("component", "component"), ("stringValue", "string_value"), ("booleanValue", "boolean_value"),
    ("hexBinaryValue", "hex_binary_value"), ("uriValue", "uri_value"), ("minValue", "min_value"),
    ("maxValue", "max_value"), ("meanValue", "mean_value"), ("sDev", "s_dev"), ("percRank", "perc_rank"),
    ("percValue", "perc_value"), ("uom", "uom"), ("coordinateReferenceSystem", "coordinate_reference_system"),
)  # fmt: skip


def event_hash(event: Event, *, ignored: frozenset[str] = frozenset()) -> str:
    """`ni:///sha-256;…?ver=CBV2.0` of an event; `ignored` names top-level extensions to leave out.

    Not part of the hash: record time, event id, error declaration, comments.

    >>> from fangxin.engines.epcis.values import Action, EventKind
    >>> event_hash(Event(EventKind.OBJECT, "2023-03-15T09:00:00+08:00", "+08:00", action=Action.ADD))
    'ni:///sha-256;2850911a3536c4dc3a925e15f6b156e7911505dc19b1210a8b05e5bb5128b168?ver=CBV2.0'
    """
    return f"ni:///sha-256;{sha256(prehash(event, ignored=ignored).encode()).hexdigest()}?ver=CBV2.0"


def prehash(event: Event, *, ignored: frozenset[str] = frozenset()) -> str:
    """The string that is hashed.

    Raises EpcisError where the text cannot be encoded (lone surrogates).
    """
    text = _ordered(event) + "".join(sorted(_rest(event, ignored)))
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise EpcisError("the event holds characters that no encoding has") from error
    return text


def _ordered(event: Event) -> str:  # noqa: C901, PLR0912  one plain condition per field
    """The fields that have a place of their own."""

    text = f"eventType={event.kind.value}eventTime={comparable_time(event.event_time)}"
    if event.event_time_zone_offset:
        text += "eventTimeZoneOffset=" + event.event_time_zone_offset
    if event.certification_info:
        text += "".join(sorted(_field("certificationInfo", each) for each in event.certification_info))
    if event.parent_id:
        text += _field("parentID", event.parent_id)
    if event.epcs:
        text += _epcs("epcList", event.epcs)
    if event.input_epcs:
        text += _epcs("inputEPCList", event.input_epcs)
    if event.child_epcs:
        text += _epcs("childEPCs", event.child_epcs)
    if event.quantities:
        text += _quantities("quantityList", event.quantities)
    if event.child_quantities:
        text += _quantities("childQuantityList", event.child_quantities)
    if event.input_quantities:
        text += _quantities("inputQuantityList", event.input_quantities)
    if event.output_epcs:
        text += _epcs("outputEPCList", event.output_epcs)
    if event.output_quantities:
        text += _quantities("outputQuantityList", event.output_quantities)
    if event.action:
        text += "action=" + event.action.value
    if event.transformation_id:
        text += _field("transformationID", event.transformation_id)
    return text + _where(event)


def _where(event: Event) -> str:
    """Step, condition, place and sensor data."""
    text = _vocabulary("bizStep", event.biz_step) if event.biz_step else ""
    if event.disposition:
        text += _vocabulary("disposition", event.disposition)
    if event.persistent_disposition is not None:
        words = sorted(_field("set", each) for each in event.persistent_disposition.set)
        words += sorted(_field("unset", each) for each in event.persistent_disposition.unset)
        text += "persistentDisposition" + "".join(words) if words else ""
    if event.read_point is not None:
        text += _place("readPoint", event.read_point)
    if event.biz_location is not None:
        text += _place("bizLocation", event.biz_location)
    if event.sensor_elements:
        text += "sensorElementList" + "".join(sorted(map(_sensor_element, event.sensor_elements)))
    return text


def _vocabulary(name: str, word: str) -> str:
    return f"{name}={word}" if word.startswith(CBV) else _field(name, word)


def _rest(event: Event, ignored: frozenset[str]) -> Iterable[str]:
    if event.biz_transactions:
        yield "bizTransactionList" + _typed("bizTransaction", event.biz_transactions)
    if event.sources:
        yield "sourceList" + _typed("source", event.sources)
    if event.destinations:
        yield "destinationList" + _typed("destination", event.destinations)
    if event.ilmd:
        yield "ilmd" + _extensions(event.ilmd)
    for extension in event.extensions:
        if extension.name not in ignored and extension.name not in COMMENTS:
            yield _extension(extension)


def _field(name: str, text: str | None) -> str:
    told = comparable(text.strip()) if text else ""
    return f"{name}={told}" if told else ""


def _epcs(name: str, epcs: tuple[str, ...]) -> str:
    return name + "".join(sorted(["epc=" + (canonical(epc) or comparable(epc)) for epc in epcs if epc]))


def _quantities(name: str, quantities: tuple[Quantity, ...]) -> str:
    found = []
    for each in quantities:
        text = "quantityElement" + _field("epcClass", each.epc_class)
        if each.quantity is not None:
            text += _number("quantity", each.quantity)
        found.append(text + _field("uom", each.uom) if each.uom else text)
    found.sort()
    return name + "".join(found)


def _number(name: str, value: Decimal) -> str:
    return f"{name}={_shortest(float(value), str(value))}"


def _place(name: str, place: Place) -> str:
    return name + _field("id", place.id) + _extensions(place.extensions)


def _typed(name: str, listed: tuple[Typed, ...]) -> str:
    return "".join(sorted(_field("type", each.type) + _field(name, each.id) for each in listed))


def _sensor_element(element: SensorElement) -> str:
    text = "sensorElement"
    if element.metadata is not None:
        inner = _sensed(element.metadata, _METADATA)
        text += "sensorMetadata" + inner if inner else ""
    reports = [inner for inner in (_sensed(report, _REPORT) for report in element.reports) if inner]
    return text + "".join(sorted("sensorReport" + inner for inner in reports)) + _extensions(element.extensions)


def _sensed(sensed: SensorMetadata | SensorReport, fields: tuple[tuple[str, str], ...]) -> str:
    text = ""
    for name, attribute in fields:
        value = getattr(sensed, attribute)
        if value is None:
            continue
        if isinstance(value, Decimal):
            text += _number(name, value)
        elif isinstance(value, bool):
            text += f"{name}={'true' if value else 'false'}"
        elif attribute.endswith("time"):
            text += f"{name}={comparable_time(value)}"
        else:
            text += _field(name, value)
    return text + _extensions(sensed.extensions)


def _extensions(extensions: tuple[Extension, ...]) -> str:
    return "".join(sorted(_extension(each) for each in extensions if each.name not in COMMENTS)) if extensions else ""


def _extension(extension: Extension) -> str:
    value = extension.value
    if type(value) is str and not extension.children and not extension.attributes:
        text = comparable((extension.whole or value).strip())
        return f"{extension.name}={text}" if text else ""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = comparable((extension.whole or str(value)).strip())
    inner = [_extension(each) for each in extension.children if each.name not in COMMENTS]
    inner += [name + "=" + comparable(said.strip()) for name, said in extension.attributes if said.strip()]
    inner.sort()
    told = ("=" + text if text else "") + "".join(inner)
    return extension.name + told if told else ""


# --- values -----------------------------------------------------------------------------------------------------------


def comparable(text: str) -> str:
    """A value in the form that hashes compare: web vocabulary, plain numbers, canonical Digital Links.

    >>> comparable("urn:epcglobal:cbv:bizstep:receiving"), comparable("200.0"), comparable("AB-12")
    ('https://ref.gs1.org/cbv/BizStep-receiving', '200', 'AB-12')
    """
    if text.startswith(("urn:epc:", "http")):
        return canonical(text) or text
    if text.startswith("urn:"):
        return _web_word(text) if text.startswith("urn:epcglobal:cbv:") else text
    if text[:1] in _NUMBER_START:
        return comparable_number(text)
    return expanded(text, {}) if text.startswith(_COMPACT) else text


def _web_word(text: str) -> str:
    for urn, web in URNS.items():
        if text.startswith(urn):
            return web + text[len(urn) :]
    return text


def comparable_number(text: str) -> str:
    """A decimal number without sign, zeros and exponent that it does not need; any other text as it is.

    The number is that of a double, as in the reference program: of a text with more than 15 digits the last are lost,
    so that such texts may differ though hashes are equal.

    >>> comparable_number("026.10"), comparable_number("1e3"), comparable_number("2013-06-08")
    ('26.1', '1000', '2013-06-08')
    """
    if not _NUMBER.fullmatch(text):
        return text
    return _shortest(float(text), text)


def _shortest(number: float, text: str) -> str:
    if not isfinite(number):
        return text
    return str(int(number)) if number.is_integer() else str(number)


def comparable_time(text: str) -> str:
    """A time in UTC with milliseconds; text that is no time with a zone stays as it is.

    >>> comparable_time("2019-10-21T14:58:56.0+02:00")
    '2019-10-21T12:58:56.000Z'
    """
    text = text.strip()
    try:
        found = instant(text).astimezone(UTC)
        if found.microsecond % 1000:
            milliseconds = round(found.microsecond / 1000)
            found = found.replace(microsecond=0) + timedelta(milliseconds=milliseconds)
    except (EpcisError, OverflowError):
        return text
    return found.isoformat(timespec="milliseconds")[:-6] + "Z"
