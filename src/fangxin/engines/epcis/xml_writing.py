"""Events and documents as XML 2.0, elements in the order that its schema asks for."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any, Final

from lxml import etree

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.json_writing import REPORT_WORDS, abbreviated
from fangxin.engines.epcis.names import XML_NAMESPACE, Prefixes, local_name, namespace_of
from fangxin.engines.epcis.values import (
    ErrorDeclaration,
    Event,
    EventKind,
    Extension,
    Head,
    Place,
    Quantity,
    Scalar,
    SensorElement,
    SensorMetadata,
    SensorReport,
    Typed,
)
from fangxin.engines.epcis.vocabulary import CBV, GS1, urn_word

EPCIS: Final = "urn:epcglobal:epcis:xsd:2"
QUERY: Final = "urn:epcglobal:epcis-query:xsd:2"
_NCNAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TAKEN: Final = ("xml", "xmlns", "xsi", "epcis", "epcisq")

_BASE: Final = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_MIDDLE: Final = ("bizStep", "disposition", "readPoint", "bizLocation")
_END: Final = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
# The order of the elements by event type (EPCIS 2.0, XML schema). Writing and validating both follow it.
ORDER: Final[dict[EventKind, tuple[str, ...]]] = {
    EventKind.OBJECT: (
        *_BASE, "epcList", "action", *_MIDDLE, "bizTransactionList", "quantityList", *_END, "ilmd",
    ),
    EventKind.AGGREGATION: (
        *_BASE, "parentID", "childEPCs", "action", *_MIDDLE, "bizTransactionList", "childQuantityList", *_END,
    ),
    EventKind.TRANSACTION: (
        *_BASE, "bizTransactionList", "parentID", "epcList", "action", *_MIDDLE, "quantityList", *_END,
    ),
    EventKind.TRANSFORMATION: (
        *_BASE, "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
        *_MIDDLE, "bizTransactionList", *_END, "ilmd",
    ),
    EventKind.ASSOCIATION: (
        *_BASE, "parentID", "childEPCs", "childQuantityList", "action", *_MIDDLE, "bizTransactionList", *_END,
    ),
}  # fmt: skip


def to_xml(event: Event) -> Any:
    """One event as an lxml element that stands by itself.

    Raises EpcisError where the event holds what XML cannot: control characters, names that are none, arrays of arrays,
    sensor extensions with parts (XML has attributes there).
    """
    prefixes = Prefixes(taken=_TAKEN)
    _collect(event, prefixes)
    try:
        nsmap = {prefix: namespace for namespace, prefix in prefixes.of.items()}
        root = etree.Element(event.kind.value, nsmap=nsmap)
        for name in ORDER[event.kind]:
            _WRITERS[name](root, name, event, prefixes)
        for extension in event.extensions:
            _extension(root, extension, prefixes)
    except (ValueError, TypeError) as error:
        raise EpcisError(f"the event has no XML form: {error}") from error
    return root


def _collect(event: Event, prefixes: Prefixes) -> None:
    """Every namespace that the event uses gets its prefix before the first element is made."""
    prefixes.avoid(event.words())
    groups: list[tuple[Extension, ...]] = [event.extensions, event.ilmd]
    groups += [place.extensions for place in (event.read_point, event.biz_location) if place is not None]
    if event.error_declaration is not None:
        groups.append(event.error_declaration.extensions)
    for element in event.sensor_elements:
        groups.append(element.extensions)
        groups += [report.extensions for report in element.reports]
        groups += [element.metadata.extensions] if element.metadata is not None else []
        for report in element.reports:
            told = [text for text in (report.type, report.exception, report.component) if text]
            for prefix, space in (("gs1", GS1), ("cbv", CBV)):
                if any(text.startswith(space) for text in told):
                    prefixes.prefix(space, prefix)
    for group in groups:
        _collect_from(group, prefixes)


def _collect_from(extensions: Iterable[Extension], prefixes: Prefixes) -> None:
    for extension in extensions:
        for name in (extension.name, *(name for name, _ in extension.attributes)):
            space = namespace_of(name)
            if space and space != XML_NAMESPACE:
                wished = extension.prefix if _NCNAME.fullmatch(extension.prefix) else ""
                prefixes.prefix(space, wished)
        if extension.whole and isinstance(extension.value, str):
            prefix, _, local = extension.value.partition(":")
            space = extension.whole[: len(extension.whole) - len(local)]
            prefixes.prefix(space, prefix if _NCNAME.fullmatch(prefix) else "")
        _collect_from(extension.children, prefixes)


# --- the parts of an event --------------------------------------------------------------------------------------------


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _text(parent: Any, name: str, text: str | None, family: str | None = None) -> None:
    if text:
        _add(parent, name, urn_word(family, text) if family else text)


def _texts(parent: Any, name: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        _add(parent, name, text)


def _epcs(parent: Any, name: str, epcs: tuple[str, ...]) -> None:
    if epcs:
        listed = etree.SubElement(parent, name)
        for epc in epcs:
            _add(listed, "epc", epc)


def _quantities(parent: Any, name: str, quantities: tuple[Quantity, ...]) -> None:
    if quantities:
        listed = etree.SubElement(parent, name)
        for each in quantities:
            one = etree.SubElement(listed, "quantityElement")
            _add(one, "epcClass", each.epc_class)
            if each.quantity is not None:
                _add(one, "quantity", format(each.quantity, "f"))
                if each.uom:
                    _add(one, "uom", each.uom)


def _typed(parent: Any, name: str, listed: tuple[Typed, ...], family: str) -> None:
    if listed:
        several = etree.SubElement(parent, name)
        for each in listed:
            one = etree.SubElement(several, name[:-4])
            if each.type is not None:
                one.set("type", urn_word(family, each.type))
            one.text = each.id


def _place(parent: Any, name: str, place: Place | None, prefixes: Prefixes) -> None:
    if place is not None:
        one = etree.SubElement(parent, name)
        _add(one, "id", place.id)
        for extension in place.extensions:
            _extension(one, extension, prefixes)


def _persistent(parent: Any, name: str, event: Event) -> None:
    told = event.persistent_disposition
    if told is not None:
        one = etree.SubElement(parent, name)
        for word in told.unset:
            _text(one, "unset", word, "disposition")
        for word in told.set:
            _text(one, "set", word, "disposition")


def _error_declaration(parent: Any, name: str, told: ErrorDeclaration | None, prefixes: Prefixes) -> None:
    if told is None:
        return
    one = etree.SubElement(parent, name)
    _text(one, "declarationTime", told.declaration_time)
    _text(one, "reason", told.reason, "reason")
    if told.corrective_event_ids:
        several = etree.SubElement(one, "correctiveEventIDs")
        for text in told.corrective_event_ids:
            _add(several, "correctiveEventID", text)
    for extension in told.extensions:
        _extension(one, extension, prefixes)


def _sensor_elements(parent: Any, name: str, elements: tuple[SensorElement, ...], prefixes: Prefixes) -> None:
    if not elements:
        return
    several = etree.SubElement(parent, name)
    for element in elements:
        one = etree.SubElement(several, "sensorElement")
        if element.metadata is not None:
            _sensed(etree.SubElement(one, "sensorMetadata"), element.metadata, prefixes)
        for report in element.reports:
            _sensed(etree.SubElement(one, "sensorReport"), report, prefixes)
        for extension in element.extensions:
            _extension(one, extension, prefixes)


_ATTRIBUTES: Final = {
    attribute: attribute.split("_")[0] + "".join(part.title() for part in attribute.split("_")[1:])
    for attribute in (*SensorMetadata.__slots__, *SensorReport.__slots__)
    if attribute != "extensions"
} | {"device_id": "deviceID"}


def _sensed(one: Any, sensed: SensorMetadata | SensorReport, prefixes: Prefixes) -> None:
    for attribute in sensed.__slots__:
        value = getattr(sensed, attribute)
        if value is None or attribute == "extensions":
            continue
        name = _ATTRIBUTES[attribute]
        if isinstance(value, Decimal):
            one.set(name, str(value))
        elif isinstance(value, bool):
            one.set(name, "true" if value else "false")
        else:
            one.set(name, _short(value, prefixes) if name in REPORT_WORDS else value)
    for extension in sensed.extensions:
        if extension.children or extension.attributes or extension.name in one.attrib:
            raise ValueError(f"{extension.name} stands where XML has one plain attribute")
        one.set(extension.name, _scalar(abbreviated(extension, prefixes)))


def _short(word: str, prefixes: Prefixes) -> str:
    for space in (GS1, CBV):
        if word.startswith(space):
            return f"{prefixes.prefix(space)}:{word[len(space) :]}"
    return word


def _scalar(value: Scalar) -> str:
    if value is None:
        return ""
    return str(value) if not isinstance(value, bool) else "true" if value else "false"


def _extension(parent: Any, extension: Extension, prefixes: Prefixes) -> None:
    if not local_name(extension.name):
        raise ValueError("an array within an array")
    one = etree.SubElement(parent, extension.name)
    value = abbreviated(extension, prefixes)
    if value is not None and value != "":
        one.text = _scalar(value)
    for name, text in extension.attributes:
        one.set(name, text)
    for child in extension.children:
        _extension(one, child, prefixes)


def _extensions(parent: Any, name: str, extensions: tuple[Extension, ...], prefixes: Prefixes) -> None:
    if extensions:
        one = etree.SubElement(parent, name)
        for extension in extensions:
            _extension(one, extension, prefixes)


_WRITERS: Final[dict[str, Any]] = {
    "eventTime": lambda root, name, event, _: _text(root, name, event.event_time),
    "recordTime": lambda root, name, event, _: _text(root, name, event.record_time),
    "eventTimeZoneOffset": lambda root, name, event, _: _text(root, name, event.event_time_zone_offset),
    "eventID": lambda root, name, event, _: _text(root, name, event.event_id),
    "errorDeclaration": lambda root, name, event, p: _error_declaration(root, name, event.error_declaration, p),
    "certificationInfo": lambda root, name, event, _: _texts(root, name, event.certification_info),
    "parentID": lambda root, name, event, _: _text(root, name, event.parent_id),
    "epcList": lambda root, name, event, _: _epcs(root, name, event.epcs),
    "childEPCs": lambda root, name, event, _: _epcs(root, name, event.child_epcs),
    "inputEPCList": lambda root, name, event, _: _epcs(root, name, event.input_epcs),
    "outputEPCList": lambda root, name, event, _: _epcs(root, name, event.output_epcs),
    "quantityList": lambda root, name, event, _: _quantities(root, name, event.quantities),
    "childQuantityList": lambda root, name, event, _: _quantities(root, name, event.child_quantities),
    "inputQuantityList": lambda root, name, event, _: _quantities(root, name, event.input_quantities),
    "outputQuantityList": lambda root, name, event, _: _quantities(root, name, event.output_quantities),
    "transformationID": lambda root, name, event, _: _text(root, name, event.transformation_id),
    "action": lambda root, name, event, _: _text(root, name, event.action and event.action.value),
    "bizStep": lambda root, name, event, _: _text(root, name, event.biz_step, "bizStep"),
    "disposition": lambda root, name, event, _: _text(root, name, event.disposition, "disposition"),
    "readPoint": lambda root, name, event, p: _place(root, name, event.read_point, p),
    "bizLocation": lambda root, name, event, p: _place(root, name, event.biz_location, p),
    "bizTransactionList": lambda root, name, event, _: _typed(root, name, event.biz_transactions, "bizTransaction"),
    "sourceList": lambda root, name, event, _: _typed(root, name, event.sources, "sourceDest"),
    "destinationList": lambda root, name, event, _: _typed(root, name, event.destinations, "sourceDest"),
    "sensorElementList": lambda root, name, event, p: _sensor_elements(root, name, event.sensor_elements, p),
    "persistentDisposition": lambda root, name, event, _: _persistent(root, name, event),
    "ilmd": lambda root, name, event, p: _extensions(root, name, event.ilmd, p),
}


# --- documents --------------------------------------------------------------------------------------------------------


def write_xml(head: Head, events: Iterable[Event], out: IO[bytes]) -> None:
    """A whole document, query result or bare event, written as the events come.

    Raises EpcisError where an event cannot be read or has no XML form.
    """
    try:
        with etree.xmlfile(out, encoding="utf-8") as file:
            file.write_declaration()
            if head.root not in ("EPCISDocument", "EPCISQueryDocument"):
                for event in events:
                    file.write(to_xml(event), pretty_print=True)
                    break
            elif head.root == "EPCISDocument":
                _document(file, head, events)
            else:
                _query_document(file, head, events)
    except etree.LxmlSyntaxError as error:
        raise EpcisError(f"the document has no XML form: {error}") from error


def _told(head: Head) -> dict[str, str]:
    told = {"schemaVersion": "2.0"}
    if head.creation_date:
        told["creationDate"] = head.creation_date
    return told


def _document(file: Any, head: Head, events: Iterable[Event]) -> None:
    with file.element(f"{{{EPCIS}}}EPCISDocument", _told(head), nsmap={"epcis": EPCIS}):
        if head.master_data:
            file.write("\n", _master_data(head))
        with file.element("EPCISBody"):
            _event_list(file, events)


def _query_document(file: Any, head: Head, events: Iterable[Event]) -> None:
    prefixes = Prefixes(taken=_TAKEN)
    told = _told(head)
    if head.ignored:
        # The schema leaves no place for it where JSON has it; any attribute may stand at the root.
        names = [f"{prefixes.prefix(namespace_of(name))}:{local_name(name)}" for name in sorted(head.ignored)]
        prefixes.prefix(namespace_of(head.ignored_under))
        told[head.ignored_under] = " ".join(names)
    nsmap = {"epcisq": QUERY} | {prefix: namespace for namespace, prefix in prefixes.of.items()}
    with (
        file.element(f"{{{QUERY}}}EPCISQueryDocument", told, nsmap=nsmap),
        file.element("EPCISBody"),
        file.element(f"{{{QUERY}}}QueryResults"),
    ):
        for name, text in (("queryName", head.query_name), ("subscriptionID", head.subscription_id)):
            if text:
                with file.element(name):
                    file.write(text)
        with file.element("resultsBody"):
            _event_list(file, events)


def _event_list(file: Any, events: Iterable[Event]) -> None:
    with file.element("EventList"):
        file.write("\n")
        for event in events:
            file.write(to_xml(event), pretty_print=True)


def _master_data(head: Head) -> Any:
    """The header with its master data, from the form that they have in JSON."""
    header = etree.Element("EPCISHeader")
    listed = header
    for name in ("extension", "EPCISMasterData", "VocabularyList"):
        listed = etree.SubElement(listed, name)
    try:
        for vocabulary in head.master_data:
            _vocabulary(listed, vocabulary)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise EpcisError(f"the master data have no XML form: {error}") from error
    return header


def _vocabulary(listed: Any, vocabulary: dict[str, Any]) -> None:
    one = etree.SubElement(listed, "Vocabulary", type=vocabulary.get("type", ""))
    elements = etree.SubElement(one, "VocabularyElementList")
    for entry in vocabulary.get("vocabularyElementList", ()):
        element = etree.SubElement(elements, "VocabularyElement", id=entry.get("id", ""))
        for attribute in entry.get("attributes", ()):
            told = etree.SubElement(element, "attribute", id=attribute.get("id", ""))
            value = attribute.get("attribute")
            if isinstance(value, dict):
                for name, text in value.items():
                    etree.SubElement(told, name).text = str(text)
            else:
                told.text = _scalar(value)
        if entry.get("children"):
            children = etree.SubElement(element, "children")
            for child in entry["children"]:
                _add(children, "id", child)
