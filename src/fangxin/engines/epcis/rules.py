"""What the standard asks of an event beyond its structure (EPCIS 2.0 §7.4, CBV 2.0 §7), for both formats.

Works on the shape that `building` reads, so that one rule serves JSON-LD and XML.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.names import expanded
from fangxin.engines.epcis.values import instant
from fangxin.engines.epcis.vocabulary import FAMILIES

Body = Mapping[Any, Any]
Found = tuple[str, str, str]  # code, field, text

_CBV_URN: Final = "urn:epcglobal:cbv:"
_TIMES: Final = ("eventTime", "recordTime")
_CHILDREN: Final = ("childEPCs", "childQuantityList")
_INPUTS: Final = ("inputEPCList", "inputQuantityList")
_OUTPUTS: Final = ("outputEPCList", "outputQuantityList")


def check_event(
    body: Body, namespaces: Mapping[str, str], *, needs_uri: bool = False, old: bool = False
) -> Iterator[Found]:
    """Every breach of a rule in an event whose structure is sound.

    `needs_uri`: a word may not stand bare (XML). `old`: the document is of 1.2, which did not bind ILMD to an action.
    """
    yield from _times(body)
    yield from _vocabulary(body, namespaces, needs_uri)
    check = _BY_TYPE.get(body.get("type", ""))
    for found in check(body) if check is not None else ():
        if not (old and found[0] == "ilmd_not_allowed"):
            yield found


def _any(body: Body, names: tuple[str, ...]) -> bool:
    return any(body.get(name) for name in names)


# --- times ------------------------------------------------------------------------------------------------------------


def _times(body: Body) -> Iterator[Found]:
    for name in _TIMES:
        yield from _time(body.get(name), name)
    declaration = body.get("errorDeclaration")
    if declaration:
        yield from _time(declaration.get("declarationTime"), "errorDeclaration/declarationTime")
    for place, element in enumerate(body.get("sensorElementList") or ()):
        metadata = element.get("sensorMetadata") or {}
        for name in ("time", "startTime", "endTime"):
            yield from _time(metadata.get(name), f"sensorElementList/{place}/sensorMetadata/{name}")
        for number, report in enumerate(element.get("sensorReport") or ()):
            yield from _time(report.get("time"), f"sensorElementList/{place}/sensorReport/{number}/time")


def _time(text: str | None, where: str) -> Iterator[Found]:
    if not text:
        return
    try:
        instant(text.strip().upper().replace(":60", ":59"))
    except EpcisError:
        yield "no_such_time", where, f"{text[:40]!r} is not a moment in time with its zone"


# --- vocabulary -------------------------------------------------------------------------------------------------------


def _vocabulary(body: Body, namespaces: Mapping[str, str], needs_uri: bool) -> Iterator[Found]:
    for family, where, text in _words(body):
        if text:
            yield from _word(family, where, expanded(text.strip(), namespaces), needs_uri)


def _words(body: Body) -> Iterator[tuple[str, str, str | None]]:
    yield "bizStep", "bizStep", body.get("bizStep")
    yield "disposition", "disposition", body.get("disposition")
    lasting = body.get("persistentDisposition") or {}
    for key in ("set", "unset"):
        for place, text in enumerate(lasting.get(key) or ()):
            yield "disposition", f"persistentDisposition/{key}/{place}", text
    for family, name in (
        ("bizTransaction", "bizTransactionList"),
        ("sourceDest", "sourceList"),
        ("sourceDest", "destinationList"),
    ):
        for place, each in enumerate(body.get(name) or ()):
            yield family, f"{name}/{place}/type", each.get("type")
    yield "reason", "errorDeclaration/reason", (body.get("errorDeclaration") or {}).get("reason")
    for place, element in enumerate(body.get("sensorElementList") or ()):
        for number, report in enumerate(element.get("sensorReport") or ()):
            yield "component", f"sensorElementList/{place}/sensorReport/{number}/component", report.get("component")


def _word(family: str, where: str, text: str, needs_uri: bool) -> Iterator[Found]:
    web, urn, words = FAMILIES[family]
    for start in (web, urn):
        if start and text.startswith(start):
            if text[len(start) :] not in words:
                yield "not_in_vocabulary", where, f"{text[:80]!r} is not a word of the Core Business Vocabulary"
            return
    if text.startswith(_CBV_URN):
        yield "not_in_vocabulary", where, f"{text[:80]!r} does not belong to the vocabulary of this field"
    elif needs_uri and ":" not in text:
        yield "not_a_uri", where, f"{text[:80]!r} is not a URI"


# --- what must stand together -----------------------------------------------------------------------------------------


def _object_event(body: Body) -> Iterator[Found]:
    sensed = body.get("sensorElementList") and body.get("readPoint")
    if "epcList" not in body and not body.get("quantityList") and not sensed:
        yield "no_object", "", "no objects: an epcList, a quantityList, or sensor data with a readPoint is needed"
    if "ilmd" in body and body.get("action") != "ADD":
        yield "ilmd_not_allowed", "ilmd", "ilmd is for action ADD only"


def _aggregation(body: Body) -> Iterator[Found]:
    action = body.get("action")
    if action != "DELETE" and not _any(body, _CHILDREN):
        yield "no_child", "", f"childEPCs or childQuantityList is needed with action {action}"
    if action != "OBSERVE" and not body.get("parentID"):
        yield "no_parent", "", f"parentID is needed with action {action}"


def _association(body: Body) -> Iterator[Found]:
    if body.get("action") != "DELETE" and not _any(body, _CHILDREN):
        yield "no_child", "", f"childEPCs or childQuantityList is needed with action {body.get('action')}"
    if not body.get("parentID"):
        yield "no_parent", "", "parentID is needed"


def _transaction(body: Body) -> Iterator[Found]:
    if not body.get("bizTransactionList"):
        yield "no_transaction", "bizTransactionList", "at least one business transaction is needed"
    if body.get("action") != "DELETE" and "epcList" not in body and not body.get("quantityList"):
        yield "no_object", "", f"epcList or quantityList is needed with action {body.get('action')}"


def _transformation(body: Body) -> Iterator[Found]:
    inputs, outputs = _any(body, _INPUTS), _any(body, _OUTPUTS)
    if not (inputs and outputs) and not (body.get("transformationID") and (inputs or outputs)):
        yield "no_object", "", "inputs and outputs are needed, or one of them and a transformationID"


_BY_TYPE: Final[dict[str, Callable[[Body], Iterator[Found]]]] = {
    "ObjectEvent": _object_event,
    "AggregationEvent": _aggregation,
    "AssociationEvent": _association,
    "TransactionEvent": _transaction,
    "TransformationEvent": _transformation,
}
