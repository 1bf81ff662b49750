"""Is a document valid EPCIS, and if not, why."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import IO, Any, Final

from fangxin.engines.epcis import json_reading, xml_checking
from fangxin.engines.epcis.building import kind_of
from fangxin.engines.epcis.errors import EpcisError, Fault
from fangxin.engines.epcis.names import declared
from fangxin.engines.epcis.reading import JSON, form_of
from fangxin.engines.epcis.rules import check_event
from fangxin.engines.epcis.schema import document_validator, event_validator

MOST_FAULTS: Final = 100
_CODES: Final = {
    "required": "missing",
    "additionalProperties": "unknown_field",
    "type": "wrong_type",
    "pattern": "not_allowed",
    "enum": "not_allowed",
    "anyOf": "not_allowed",
    "minItems": "empty",
    "uniqueItems": "repeated",
}


def validate(source: bytes | IO[bytes], media_type: str = "") -> list[Fault]:
    """Why a document is not valid, at most the first hundred reasons; an empty list means that it is.

    Valid are EPCIS documents, query results and bare events in JSON-LD 2.0, and XML documents and query results of 2.0
    and 1.2, if they have the structure that the standard's schemas describe and keep its further rules: vocabulary,
    namespaces of extensions, real dates with zone, what must stand together. Never raises for what a document contains.

    >>> [fault.code for fault in validate(b'{"type": "EPCISDocument"}')]
    ['missing', 'missing', 'missing', 'missing']
    """
    file: IO[bytes] = BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
    faults: list[Fault] = []
    try:
        checks = _check_json(file) if form_of(file, media_type) == JSON else xml_checking.check(file)
        faults.extend(islice(checks, MOST_FAULTS))
    except EpcisError as error:
        faults.append(Fault("unreadable", "", str(error)))
    except UnicodeEncodeError:
        faults.append(Fault("unreadable", "", "the document holds half characters"))
    return faults


def _check_json(file: IO[bytes]) -> Iterator[Fault]:
    data = file.read(json_reading.AT_ONCE + 1)
    if len(data) <= json_reading.AT_ONCE:
        yield from check_object(json_reading.parsed(data))
        return
    file.seek(0)
    document, where, bodies = json_reading.streamed(file)
    yield from _check_head(document)
    context = document.get("@context")
    for number, body in enumerate(bodies):
        yield from _check_body(body, f"/{where.replace('.', '/')}/{number}", declared(context))


def check_object(document: Any) -> Iterator[Fault]:
    """Faults of a document that is parsed already."""
    if not isinstance(document, Mapping):
        yield Fault("wrong_type", "", "the document is not an object")
        return
    root = document.get("type")
    if root not in ("EPCISDocument", "EPCISQueryDocument"):
        if "@context" not in document:
            yield Fault("missing", "", "'@context' is missing")
        yield from _check_body(document, "", {})
        return
    yield from _check_head(document)
    place = "/epcisBody/queryResults/resultsBody" if root == "EPCISQueryDocument" else "/epcisBody"
    inner: Any = document
    for key in place.split("/")[1:]:
        inner = inner.get(key) if isinstance(inner, Mapping) else None
    bodies = inner.get("eventList") if isinstance(inner, Mapping) else None
    for number, body in enumerate(bodies if isinstance(bodies, list) else ()):
        yield from _check_body(body, f"{place}/eventList/{number}", declared(document.get("@context")))


def _check_head(document: Mapping[Any, Any]) -> Iterator[Fault]:
    root = document.get("type")
    if root not in ("EPCISDocument", "EPCISQueryDocument"):
        yield Fault("not_a_document", "/type", f"{str(root)[:80]!r} is neither a document nor an event of EPCIS")
        return
    yield from _schema_faults(document_validator(str(root)), document, "")


def _check_body(body: Any, where: str, namespaces: Mapping[str, str]) -> Iterator[Fault]:
    validator = event_validator(kind_of(body) if isinstance(body, Mapping) else None)
    if not validator.is_valid(body):
        yield from _schema_faults(validator, body, where)
        return
    if "@context" in body:
        namespaces = {**namespaces, **declared(body["@context"])}
    for code, field, text in check_event(body, namespaces):
        yield Fault(code, f"{where}/{field}" if field else where, text)


def _schema_faults(validator: Any, value: Any, where: str) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        place = where + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.instance_path)
        keyword = str(error.schema_path[-1]) if error.schema_path else ""
        yield Fault(_CODES.get(keyword, "not_allowed"), place, _english(keyword, error))


def _english(keyword: str, error: Any) -> str:
    said = str(error.message)[:300]
    if keyword == "required":
        return said.replace("is a required property", "is missing").replace('"', "'")
    if keyword == "additionalProperties":
        return f"{said}: a field that the standard does not define needs a namespace"
    if keyword in ("pattern", "anyOf"):
        return f"{str(error.instance)[:80]!r} is not a value that this field may have"
    return said
