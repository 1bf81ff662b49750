"""XML documents of EPCIS 1.2 and 2.0, read piece by piece: no entities, no DTD, no network, bounded depth and size."""

from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from lxml import etree

from fangxin.engines.epcis.building import KINDS, build, whole
from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.names import qualified
from fangxin.engines.epcis.values import Event, Extension, Head

NAMESPACES: Final = frozenset(
    (
        "urn:epcglobal:epcis:xsd:1", "urn:epcglobal:epcis:xsd:2",
        "urn:epcglobal:epcis-query:xsd:1", "urn:epcglobal:epcis-query:xsd:2",
        "urn:epcglobal:epcis-masterdata:xsd:1", "urn:epcglobal:epcis-masterdata:xsd:2",
    )
)  # fmt: skip
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
# Since 1.1 a later edition's fields stand inside wrappers of the earlier one; they mean nothing.
_WRAPPERS: Final = frozenset(("extension", "baseExtension"))
_MOST_NODES: Final = 2_000_000  # elements of one event, or of a header


def parser_options() -> dict[str, Any]:
    """How every XML document is parsed here."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def steps(file: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Start and end of every element, with the same refusals for every reader.

    Raises EpcisError at a document type declaration, at XML that is not well-formed, and beyond the bounds.
    """
    nodes = 0
    try:
        for number, (event, element) in enumerate(etree.iterparse(file, events=("start", "end"), **parser_options())):
            if number == 0:
                _refuse_declarations(element.getroottree().docinfo)
            if event == "start":
                nodes += 1
                if nodes > _MOST_NODES:
                    raise EpcisError("one event has more elements than can be read")
            elif local(element) in KINDS:
                nodes = 0
            yield event, element
    except (etree.XMLSyntaxError, ValueError) as error:
        if isinstance(error, EpcisError):
            raise
        raise EpcisError(f"the document is not well-formed XML: {str(error)[:200]}") from error


def _refuse_declarations(info: Any) -> None:
    """A document type may be named, as some of GS1's own examples do; it may not declare or fetch anything."""
    declared = info.internalDTD
    if declared is None:
        return
    if info.system_url or info.public_id or any(declared.iterentities()) or any(declared.iterelements()):
        raise EpcisError("declarations of entities, elements or outside files are not allowed")


def local(element: Any) -> str:
    """The element's name where it belongs to the standard; its qualified name where it does not."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag[0] != "{":
        return tag
    namespace, _, name = tag[1:].partition("}")
    return name if namespace in NAMESPACES else tag


def release(element: Any) -> None:
    """Forget an element that has been read, and those before it, so that memory stays level."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def read(file: IO[bytes]) -> tuple[Head, Iterator[Event]]:
    """The head of an XML document and its events, in order, made one by one as they are asked for."""
    walk = steps(file)
    waiting: list[Any] = []
    head = Head()
    telling: dict[str, Any] = {}
    for event, element in walk:
        name = local(element)
        if element.getparent() is None and event == "start":
            head = _head(element, name)
        if event == "start" and (name in KINDS or name == "EventList"):
            waiting = [element] if name in KINDS else []
            break
        if event == "end":
            _told(name, element, telling)
    found = Head(
        head.root,
        head.schema_version,
        head.creation_date,
        head.namespaces,
        telling.get("queryName"),
        telling.get("subscriptionID"),
        head.ignored,
        head.ignored_under,
        None,
        tuple(telling.get("master", ())),
    )
    return found, _events(walk, waiting)


def _head(element: Any, name: str) -> Head:
    spaces = tuple((prefix, space) for prefix, space in element.nsmap.items() if prefix and space not in _OWN)
    # XML has no place in query results for what JSON lists there, so it stands at the root, see `xml_writing`.
    under = next((key for key in element.attrib if key.endswith("}ignoreFields")), "")
    fields = [qualified(field, element.nsmap)[0] for field in element.get(under, "").split()] if under else []
    return Head(
        root=name,
        schema_version=element.get("schemaVersion", ""),
        creation_date=element.get("creationDate", ""),
        namespaces=spaces,
        ignored=frozenset(fields),
        ignored_under=under,
    )


_OWN: Final = NAMESPACES | {XSI, "http://www.w3.org/2001/XMLSchema", "urn:epcglobal:xsd:1"}


def _told(name: str, element: Any, telling: dict[str, Any]) -> None:
    """What stands before the events."""
    if name in ("queryName", "subscriptionID"):
        telling[name] = (element.text or "").strip()
    elif name == "Vocabulary":
        telling.setdefault("master", []).append(_vocabulary(element))


def _vocabulary(element: Any) -> dict[str, object]:
    """One list of master data in the form it has in JSON."""
    entries: list[dict[str, object]] = []
    for each in element.iter("{*}VocabularyElement"):
        entry: dict[str, object] = {"id": each.get("id", "")}
        attributes = [_attribute(one) for one in each if local(one) == "attribute"]
        children = [(one.text or "").strip() for one in each.iterfind("{*}children/{*}id")]
        if attributes:
            entry["attributes"] = attributes
        if children:
            entry["children"] = children
        entries.append(entry)
    return {"type": element.get("type", ""), "vocabularyElementList": entries}


def _attribute(element: Any) -> dict[str, object]:
    if len(element):
        inner = {str(one.tag): (one.text or "").strip() for one in element}
        return {"id": element.get("id", ""), "attribute": inner}
    return {"id": element.get("id", ""), "attribute": (element.text or "").strip()}


def _events(walk: Iterator[tuple[str, Any]], waiting: list[Any]) -> Iterator[Event]:
    number = 0
    for event, element in walk:
        if event == "end" and local(element) in KINDS:
            number += 1
            try:
                yield event_of(element)
            except EpcisError as error:
                raise EpcisError(f"event {number}: {error}") from error
            release(element)


def event_of(element: Any) -> Event:
    """The event that an XML element describes."""
    return build(body_of(element), _spaces(element))


def _spaces(element: Any) -> dict[str, str]:
    return {prefix: space for prefix, space in element.nsmap.items() if prefix}


def body_of(element: Any) -> dict[Any, Any]:
    """An event's fields in the shape that JSON-LD gives them, its extensions as values under the key None."""
    spaces = _spaces(element)
    body: dict[Any, Any] = {"type": local(element)}
    extensions: list[Extension] = []
    _fields(element, body, extensions, spaces)
    for name, text in element.attrib.items():
        if name[0] == "{" and not name.startswith(f"{{{XSI}}}"):
            extensions.append(Extension(name, text))
    body[None] = extensions
    return body


def _fields(element: Any, body: dict[Any, Any], extensions: list[Extension], spaces: dict[str, str]) -> None:
    for child in element:
        name = local(child)
        if name in _READERS:
            body[name] = _READERS[name](child, spaces)
        elif name == "certificationInfo":
            body.setdefault(name, []).append(child.text or "")
        elif name in _WRAPPERS:
            _fields(child, body, extensions, spaces)
        elif name:
            extensions.append(_extension(child, spaces))


def _text(element: Any, spaces: dict[str, str]) -> str:
    return element.text or ""


def _epcs(element: Any, spaces: dict[str, str]) -> list[str]:
    return [each.text or "" for each in element]


def _quantities(element: Any, spaces: dict[str, str]) -> list[dict[str, Any]]:
    return [{local(part): part.text for part in each} for each in element]


def _typed(element: Any, spaces: dict[str, str]) -> list[dict[str, Any]]:
    one = local(element)[: -len("List")]
    return [{"type": each.get("type"), one: each.text or ""} for each in element]


def _place(element: Any, spaces: dict[str, str]) -> dict[Any, Any]:
    return _with_extensions(element, ("id",), spaces)


def _ilmd(element: Any, spaces: dict[str, str]) -> dict[Any, Any]:
    return _with_extensions(element, (), spaces)


def _persistent(element: Any, spaces: dict[str, str]) -> dict[str, list[str]]:
    return {word: [each.text or "" for each in element if local(each) == word] for word in ("set", "unset")}


def _sensors(element: Any, spaces: dict[str, str]) -> list[dict[Any, Any]]:
    return [_sensor_element(each, spaces) for each in element if local(each) == "sensorElement"]


def _with_extensions(element: Any, texts: tuple[str, ...], spaces: dict[str, str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {None: []}
    for child in _unwrapped(element):
        name = local(child)
        if name in texts:
            found[name] = child.text or ""
        elif name:
            found[None].append(_extension(child, spaces))
    return found


def _unwrapped(element: Any) -> Iterator[Any]:
    for child in element:
        if local(child) in _WRAPPERS:
            yield from _unwrapped(child)
        else:
            yield child


def _error_declaration(element: Any, spaces: dict[str, str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {None: []}
    for child in _unwrapped(element):
        name = local(child)
        if name == "correctiveEventIDs":
            found[name] = [each.text or "" for each in child]
        elif name in ("declarationTime", "reason"):
            found[name] = child.text or ""
        elif name:
            found[None].append(_extension(child, spaces))
    return found


def _sensor_element(element: Any, spaces: dict[str, str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {"sensorReport": [], None: []}
    for child in _unwrapped(element):
        name = local(child)
        if name == "sensorMetadata":
            found[name] = _sensed(child, spaces)
        elif name == "sensorReport":
            found[name].append(_sensed(child, spaces))
        elif name:
            found[None].append(_extension(child, spaces))
    return found


def _sensed(element: Any, spaces: dict[str, str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for name, text in element.attrib.items():
        if name[0] == "{":
            meant = whole(text, spaces) if ":" in text else ""
            found.setdefault(None, []).append(Extension(name, text, prefix=_prefix(element, name), whole=meant))
        else:
            found[name] = text
    return found


def _prefix(element: Any, name: str) -> str:
    space = name[1:].partition("}")[0]
    return next((prefix for prefix, found in element.nsmap.items() if prefix and found == space), "")


def _extension(element: Any, spaces: dict[str, str]) -> Extension:
    children = tuple(_extension(child, spaces) for child in element if isinstance(child.tag, str))
    text = (element.text or "").strip()
    # What a schema processor is told (xsi:type, xsi:nil) is no content; JSON has no place for it.
    attributes = tuple((key, told) for key, told in element.attrib.items() if not key.startswith(f"{{{XSI}}}"))
    value = text if text or not (children or attributes) else None
    meant = whole(text, spaces) if ":" in text else ""
    return Extension(element.tag, value, children, attributes, prefix=element.prefix or "", whole=meant)


_READERS: Final[dict[str, Callable[[Any, dict[str, str]], Any]]] = {
    **dict.fromkeys(
        (
            "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "parentID", "action", "transformationID",
            "bizStep", "disposition",
        ),
        _text,
    ),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _epcs),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(("bizTransactionList", "sourceList", "destinationList"), _typed),
    **dict.fromkeys(("readPoint", "bizLocation"), _place),
    "sensorElementList": _sensors,
    "persistentDisposition": _persistent,
    "ilmd": _ilmd,
    "errorDeclaration": _error_declaration,
}  # fmt: skip
