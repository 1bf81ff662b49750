"""Is an XML document valid: its frame, the order and content of its elements, and the rules of the standard.

EPCIS 2.0 is checked as its schema asks. In 1.2, told by the namespace of the root, later fields stand inside
`extension` wrappers and in any order, so there the names and contents are checked, not the order.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from fangxin.engines.epcis.building import KINDS, METADATA, REPORT
from fangxin.engines.epcis.errors import EpcisError, Fault
from fangxin.engines.epcis.rules import check_event
from fangxin.engines.epcis.schema import TIME, UNIT, ZONE
from fangxin.engines.epcis.values import instant
from fangxin.engines.epcis.xml_reading import body_of, local, release, steps
from fangxin.engines.epcis.xml_writing import EPCIS, ORDER, QUERY

_V1: Final = ("urn:epcglobal:epcis:xsd:1", "urn:epcglobal:epcis-query:xsd:1")
_ROOTS: Final = {
    (space, name): space in _V1
    for name, spaces in (
        ("EPCISDocument", (EPCIS, _V1[0])),
        ("EPCISQueryDocument", (QUERY, _V1[1])),
    )
    for space in spaces
}
_WRAPPERS: Final = ("extension", "baseExtension")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN")
_TIME: Final = re.compile(TIME)
_ZONE: Final = re.compile(ZONE)
_UNIT: Final = re.compile(UNIT)
_NEEDED: Final = {
    "ObjectEvent": ("eventTime", "eventTimeZoneOffset", "action"),
    "AggregationEvent": ("eventTime", "eventTimeZoneOffset", "action"),
    "TransactionEvent": ("eventTime", "eventTimeZoneOffset", "action"),
    "TransformationEvent": ("eventTime", "eventTimeZoneOffset"),
    "AssociationEvent": ("eventTime", "eventTimeZoneOffset", "action"),
}
_Found = tuple[str, Any, str]  # code, element, text


def check(file: IO[bytes]) -> Iterator[Fault]:
    """Every fault of an XML document, event by event, so that its size does not matter.

    Raises EpcisError where the document is not XML that can be read at all.
    """
    frame = _Frame()
    for event, element in steps(file):
        if event == "start":
            yield from frame.start(element)
        else:
            yield from frame.end(element)
    yield from frame.close()


class _Frame:
    """What a document has around its events."""

    def __init__(self) -> None:
        self._old = False
        self._seen: set[str] = set()
        self._numbers = 0
        self._inside = 0  # how many events deep; extensions may carry elements of any name

    def start(self, element: Any) -> Iterator[Fault]:
        name = local(element)
        if element.getparent() is None:
            yield from self._root(element)
        if name in KINDS:
            self._inside += 1
        if not self._inside:
            self._seen.add(name)

    def end(self, element: Any) -> Iterator[Fault]:
        name = local(element)
        if name in KINDS:
            self._inside -= 1
            if not self._inside:
                yield from self._event(element)
                release(element)
        elif not self._inside:
            yield from self._around(element, name)

    def close(self) -> Iterator[Fault]:
        if "EPCISBody" not in self._seen:
            yield Fault("missing", "", "EPCISBody is missing")

    def _root(self, element: Any) -> Iterator[Fault]:
        space, _, name = element.tag[1:].partition("}") if element.tag[0] == "{" else ("", "", element.tag)
        if (space, name) not in _ROOTS:
            told = f"{element.tag} is not the root of an EPCIS document"
            yield Fault("not_a_document", _where(element), told)
        self._old = _ROOTS.get((space, name), False)
        if not _DECIMAL.fullmatch(element.get("schemaVersion", "")):
            yield Fault("missing", _where(element), "schemaVersion is missing or not a number")
        if not _is_time(element.get("creationDate", ""), old=True):
            yield Fault("missing", _where(element), "creationDate is missing or not a time")

    def _around(self, element: Any, name: str) -> Iterator[Fault]:
        parent = element.getparent()
        above = local(parent) if parent is not None else ""
        if above == "EventList" and name not in KINDS and not (name == "extension" and (self._old or not len(element))):
            yield Fault("unknown_element", _where(element), f"{name} is not an event of EPCIS")
        elif above in ("EPCISDocument", "EPCISQueryDocument") and name not in ("EPCISHeader", "EPCISBody", "extension"):
            if not name.startswith("{"):
                yield Fault("unknown_element", _where(element), f"{name} is not allowed here")
        elif above == "EPCISBody" and local(parent.getparent()) == "EPCISDocument" and name != "EventList":
            if name != "extension":
                yield Fault("unknown_element", _where(element), f"{name} is not allowed here")
        elif name in ("Vocabulary", "VocabularyElement"):
            needed = "type" if name == "Vocabulary" else "id"
            if not element.get(needed):
                yield Fault("missing", _where(element), f"{name} has no {needed}")
        elif name == "param" and (element.find("name") is None or element.find("value") is None):
            yield Fault("missing", _where(element), "a query parameter needs its name and its value")
        elif name in ("Poll", "Subscribe") and element.find("queryName") is None:
            yield Fault("missing", _where(element), "queryName is missing")

    def _event(self, element: Any) -> Iterator[Fault]:
        self._numbers += 1
        at = f"event {self._numbers} "
        found = list(_check_event(element, self._old))
        for code, place, text in found:
            yield Fault(code, at + _where(place), text)
        if not found:
            spaces = {prefix: space for prefix, space in element.nsmap.items() if prefix}
            for code, field, text in check_event(body_of(element), spaces, needs_uri=not self._old, old=self._old):
                yield Fault(code, at + _where(element) + ("/" + field if field else ""), text)


def _where(element: Any) -> str:
    names = [local(element).rpartition("}")[2]]
    parent = element.getparent()
    while parent is not None and local(parent) not in ("EventList", "EPCISBody"):
        names.append(local(parent).rpartition("}")[2])
        parent = parent.getparent()
    return f"{'/'.join(reversed(names))} (line {element.sourceline})"


# --- one event --------------------------------------------------------------------------------------------------------


def _check_event(event: Any, old: bool) -> Iterator[_Found]:
    kind = KINDS[local(event)]
    if event.tag[0] == "{" and not old:
        yield "qualified", event, f"{kind.value} stands in the standard's namespace; it must be unqualified"
    seen: dict[str, Any] = {}
    yield from _fields(event, ORDER[kind], seen, old)
    for name in _NEEDED[kind.value]:
        if name not in seen:
            yield "missing", event, f"{name} is missing"


def _fields(parent: Any, order: tuple[str, ...], seen: dict[str, Any], old: bool) -> Iterator[_Found]:
    last = 0
    for child in parent:
        name = local(child)
        if name in _WRAPPERS:
            if old:
                yield from _fields(child, order, seen, old)
            elif any(not local(each).startswith("{") for each in child):
                yield "unknown_element", child, "in 2.0 an extension holds elements of another namespace only"
        elif name.startswith("{"):
            last = len(order)
        elif child.tag[0] == "{" and not old:
            yield "qualified", child, f"{name} stands in the standard's namespace; it must be unqualified"
        elif name not in order:
            yield "unknown_element", child, f"{name} is not a field of this event, and has no namespace"
        elif name in seen:
            yield "repeated", child, f"{name} stands twice"
        else:
            if order.index(name) < last and not old:
                yield "wrong_order", child, f"{name} stands too late; fields have a fixed order"
            last = max(last, order.index(name))
            seen[name] = child
            yield from _CHECKS[name](child, old)


def _is_time(text: str, *, old: bool) -> bool:
    """1.2 leaves out what 2.0 made strict: seconds may be missing there."""
    text = text.strip()
    if not old:
        return _TIME.fullmatch(text) is not None
    try:
        instant(text)
    except EpcisError:
        return False
    return True


def _text(element: Any, old: bool) -> Iterator[_Found]:
    if len(element):
        yield "unknown_element", element[0], f"{local(element)} holds text only"
    elif not (element.text or "").strip():
        yield "empty", element, f"{local(element)} is empty"


def _time(element: Any, old: bool) -> Iterator[_Found]:
    if not _is_time(element.text or "", old=old):
        yield "wrong_type", element, f"{(element.text or '')[:40]!r} is not a date and time with its zone"


def _zone(element: Any, old: bool) -> Iterator[_Found]:
    if not _ZONE.fullmatch((element.text or "").strip()):
        yield "not_allowed", element, f"{(element.text or '')[:40]!r} is not an offset such as +08:00"


def _action(element: Any, old: bool) -> Iterator[_Found]:
    if (element.text or "").strip() not in ("ADD", "OBSERVE", "DELETE"):
        yield "not_allowed", element, f"{(element.text or '')[:40]!r} is not ADD, OBSERVE or DELETE"


def _only(element: Any, *names: str, least: int = 0) -> Iterator[_Found]:
    """The element holds these elements and nothing else."""
    for child in element:
        if local(child) not in names:
            yield "unknown_element", child, f"{local(child)} is not allowed in {local(element)}"
    if len(element) < least:
        yield "empty", element, f"{local(element)} is empty"


def _epcs(element: Any, old: bool) -> Iterator[_Found]:
    yield from _only(element, "epc")


def _quantities(element: Any, old: bool) -> Iterator[_Found]:
    yield from _only(element, "quantityElement")
    for each in element:
        yield from _quantity(each)


def _quantity(element: Any) -> Iterator[_Found]:
    names = [local(child) for child in element]
    if names not in (["epcClass"], ["epcClass", "quantity"], ["epcClass", "quantity", "uom"]):
        yield "unknown_element", element, "a quantityElement holds epcClass, then quantity, then uom"
        return
    texts = [(child.text or "").strip() for child in element]
    if len(texts) > 1 and texts[1] and not _DECIMAL.fullmatch(texts[1]):
        yield "wrong_type", element[1], f"{texts[1][:40]!r} is not a decimal number"
    if len(texts) > 2 and not _UNIT.fullmatch(texts[2]):
        yield "not_allowed", element[2], f"{texts[2][:40]!r} is not a unit code of two or three characters"


def _typed(needs_type: bool) -> Callable[[Any, bool], Iterator[_Found]]:
    def check_list(element: Any, old: bool) -> Iterator[_Found]:
        yield from _only(element, local(element)[:-4], least=1)
        for each in element:
            if needs_type and not each.get("type"):
                yield "missing", each, "type is missing"
            if any(name != "type" for name in each.attrib):
                yield "unknown_field", each, "only type may be said of it"

    return check_list


def _place(element: Any, old: bool) -> Iterator[_Found]:
    if not len(element) or local(element[0]) != "id":
        yield "missing", element, "id is missing, or does not come first"
    for child in element[1:]:
        if not local(child).startswith("{") and local(child) not in _WRAPPERS:
            yield "unknown_element", child, f"{local(child)} is not allowed in {local(element)}"


def _persistent(element: Any, old: bool) -> Iterator[_Found]:
    yield from _only(element, "set", "unset")
    names = [local(child) for child in element]
    if not old and names != sorted(names, reverse=True):
        yield "wrong_order", element, "unset stands before set"


def _ilmd(element: Any, old: bool) -> Iterator[_Found]:
    for child in element:
        if not local(child).startswith("{") and local(child) not in _WRAPPERS:
            yield "unknown_element", child, f"{local(child)} has no namespace"


def _error_declaration(element: Any, old: bool) -> Iterator[_Found]:
    names = []
    for child in element:
        name = local(child)
        names.append(name)
        if name == "declarationTime":
            yield from _time(child, old)
        elif name == "correctiveEventIDs":
            yield from _only(child, "correctiveEventID")
        elif name != "reason" and name not in _WRAPPERS and not name.startswith("{"):
            yield "unknown_element", child, f"{name} is not allowed in errorDeclaration"
    if "declarationTime" not in names:
        yield "missing", element, "declarationTime is missing"


def _sensors(element: Any, old: bool) -> Iterator[_Found]:
    yield from _only(element, "sensorElement", "extension", least=1)
    for each in element:
        names = [local(child) for child in each if not local(child).startswith("{")]
        if "sensorReport" not in names:
            yield "missing", each, "sensorReport is missing"
        for child in each:
            name = local(child)
            if name in ("sensorMetadata", "sensorReport"):
                yield from _sensed(child, METADATA if name == "sensorMetadata" else REPORT)
            elif name not in _WRAPPERS and not name.startswith("{"):
                yield "unknown_element", child, f"{name} is not allowed in sensorElement"


_NUMBERS: Final = frozenset(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"))
_TIMES: Final = frozenset(("time", "startTime", "endTime"))


def _sensed(element: Any, known: dict[str, Any]) -> Iterator[_Found]:
    if len(element):
        yield "unknown_element", element[0], f"{local(element)} has attributes only"
    for name, text in element.attrib.items():
        if name not in known:
            continue
        if (
            (name in _NUMBERS and not _DOUBLE.fullmatch(text.strip()))
            or (name in _TIMES and not _is_time(text, old=False))
            or (name == "booleanValue" and text.strip() not in ("true", "false", "0", "1"))
            or (name == "hexBinaryValue" and not re.fullmatch("([0-9A-Fa-f]{2})*", text.strip()))
        ):
            yield "wrong_type", element, f"{text[:40]!r} is not a value of {name}"


_CHECKS: Final[dict[str, Callable[[Any, bool], Iterator[_Found]]]] = {
    **dict.fromkeys(("eventTime", "recordTime"), _time),
    "eventTimeZoneOffset": _zone,
    **dict.fromkeys(("eventID", "certificationInfo", "parentID", "transformationID", "bizStep", "disposition"), _text),
    "errorDeclaration": _error_declaration,
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _epcs),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    "action": _action,
    **dict.fromkeys(("readPoint", "bizLocation"), _place),
    "bizTransactionList": _typed(needs_type=False),
    **dict.fromkeys(("sourceList", "destinationList"), _typed(needs_type=True)),
    "sensorElementList": _sensors,
    "persistentDisposition": _persistent,
    "ilmd": _ilmd,
}
