"""What an EPCIS 2.0 JSON-LD object may look like, as JSON Schema in our own words, made from the tables of this engine.

Structure only: fields, types, spellings. What fields must stand together is in `rules`.
"""

from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from fangxin.engines.epcis.values import EventKind
from fangxin.engines.epcis.vocabulary import FAMILIES

_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.\-]*:"
URI: Final = rf"^{_SCHEME}\S+$"
TIME: Final = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)"
    r"(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
ZONE: Final = r"^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"
UNIT: Final = r"^[A-Z0-9]{2,3}$"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_URI: Final[dict[str, Any]] = {"type": "string", "pattern": URI}
_TIME: Final[dict[str, Any]] = {"type": "string", "pattern": TIME}
_NUMBER: Final[dict[str, Any]] = {"type": "number"}
_VERSION: Final[dict[str, Any]] = {"type": "string", "pattern": r"^\d+(\.\d+)*$"}
# In JSON-LD a standard word stands bare; its URN, or its address in the web vocabulary of units, is not allowed.
_OWN: Final = {
    "measurement": r"(?!https?://(www\.)?gs1\.org/voc/)",
    "alert": r"(?!https?://(www\.)?gs1\.org/voc/)",
}
_NOT_CBV: Final = r"(?!urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/)"


def _word(family: str) -> dict[str, Any]:
    # The list of measurements grows faster than documents learn of it, so any bare word passes there.
    words = "[A-Za-z_]+" if family == "measurement" else "|".join(sorted(FAMILIES[family][2]))
    return {"type": "string", "pattern": rf"^(?:(?:{words})|{_OWN.get(family, _NOT_CBV)}{_SCHEME}\S+)$"}


def _list(items: dict[str, Any], *, least: int = 0, distinct: bool = False) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": distinct}


def _object(properties: dict[str, Any], required: tuple[str, ...] = (), *, extensible: bool = True) -> dict[str, Any]:
    """An object with these fields and, where it is extensible, fields that have a namespace."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "patternProperties": {URI: {}} if extensible else {},
        "additionalProperties": False,
    }


_CONTEXT_ITEM: Final[dict[str, Any]] = {"anyOf": [_URI, {"type": "object"}]}
_CONTEXT: Final[dict[str, Any]] = {"anyOf": [_URI, {"type": "object"}, _list(_CONTEXT_ITEM, distinct=True)]}
_QUANTITY: Final = _object(
    {"epcClass": _URI, "quantity": _NUMBER, "uom": {"type": "string", "pattern": UNIT}},
    ("epcClass",),
    extensible=False,
)
_QUANTITIES: Final = _list(_QUANTITY)
_PLACE: Final = _object({"id": _URI}, ("id",))
_SOURCED: Final[dict[str, Any]] = {"type": _word("sourceDest")}
_DEVICE: Final[dict[str, Any]] = dict.fromkeys(
    ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), _URI
)
_METADATA: Final = _object({**_DEVICE, "time": _TIME, "startTime": _TIME, "endTime": _TIME})
_REPORT: Final = _object(
    {
        **_DEVICE,
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), _URI),
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), _NUMBER),
        "type": _word("measurement"),
        "exception": _word("alert"),
        "component": _word("component"),
        "time": _TIME,
        "stringValue": _TEXT,
        "uom": _TEXT,
        "booleanValue": {"type": "boolean"},
        "hexBinaryValue": {"type": "string", "pattern": "^[A-Fa-f0-9]+$"},
    },
    ("type",),
)
_ERROR: Final = _object(
    {"declarationTime": _TIME, "reason": _word("reason"), "correctiveEventIDs": _list(_URI)}, ("declarationTime",)
)
_DISPOSITIONS: Final = _list(_word("disposition"), least=1, distinct=True)
_COMMON: Final[dict[str, Any]] = {
    "@context": _CONTEXT,
    "type": _TEXT,
    "eventTime": _TIME,
    "recordTime": _TIME,
    "eventTimeZoneOffset": {"type": "string", "pattern": ZONE},
    "eventID": _URI,
    "certificationInfo": {"anyOf": [_URI, _list(_URI)]},
    "errorDeclaration": _ERROR,
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": _list(
        _object({"type": _word("bizTransaction"), "bizTransaction": _URI}, ("bizTransaction",), extensible=False)
    ),
    "sourceList": _list(_object({**_SOURCED, "source": _URI}, ("type", "source"), extensible=False)),
    "destinationList": _list(_object({**_SOURCED, "destination": _URI}, ("type", "destination"), extensible=False)),
    "sensorElementList": _list(
        _object({"sensorMetadata": _METADATA, "sensorReport": _list(_REPORT, least=1)}, ("sensorReport",))
    ),
}
_ACTION: Final[dict[str, Any]] = {"action": {"type": "string", "enum": ["ADD", "OBSERVE", "DELETE"]}}
_LASTING: Final[dict[str, Any]] = {
    "persistentDisposition": _object({"set": _DISPOSITIONS, "unset": _DISPOSITIONS}, extensible=False)
}
_EPCS: Final = _list(_URI, distinct=True)
_CHILDREN: Final[dict[str, Any]] = {
    "parentID": _URI, "childEPCs": _list(_URI), "childQuantityList": _QUANTITIES, **_ACTION,
}  # fmt: skip
_OWN_FIELDS: Final[dict[EventKind, tuple[dict[str, Any], tuple[str, ...]]]] = {
    EventKind.OBJECT: (
        {"epcList": _EPCS, "quantityList": _QUANTITIES, "ilmd": _object({}), **_ACTION, **_LASTING},
        ("action",),
    ),
    EventKind.AGGREGATION: (_CHILDREN, ("action",)),
    EventKind.TRANSACTION: (
        {"parentID": _URI, "epcList": _list(_URI), "quantityList": _QUANTITIES, **_ACTION},
        ("action", "bizTransactionList"),
    ),
    EventKind.TRANSFORMATION: (
        {
            "inputEPCList": _EPCS, "outputEPCList": _EPCS, "inputQuantityList": _QUANTITIES,
            "outputQuantityList": _QUANTITIES, "transformationID": _URI, "ilmd": _object({}), **_LASTING,
        },
        (),
    ),
    EventKind.ASSOCIATION: (_CHILDREN, ("action", "parentID")),
}  # fmt: skip
_NEEDED: Final = ("type", "eventTime", "eventTimeZoneOffset")
_OTHER_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {**{name: _COMMON[name] for name in ("@context", "eventTime", "recordTime")}, "type": _URI},
    "required": list(_NEEDED),
}
_MASTER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "vocabularyList": _list(
            {
                "type": "object",
                "required": ["type"],
                "properties": {
                    "type": _URI,
                    "vocabularyElementList": _list(
                        {
                            "type": "object",
                            "required": ["id"],
                            "properties": {
                                "id": _URI,
                                "attributes": _list({"type": "object", "required": ["id"], "properties": {"id": _URI}}),
                                "children": _list(_URI),
                            },
                        }
                    ),
                },
            }
        )
    },
}
_EVENTS: Final[dict[str, Any]] = {"type": "object", "properties": {"eventList": _list({})}, "required": ["eventList"]}
_HEADED: Final[dict[str, Any]] = {
    "@context": _CONTEXT, "id": _URI, "type": _TEXT, "schemaVersion": _VERSION, "creationDate": _TIME,
}  # fmt: skip
_DOCUMENTS: Final[dict[str, dict[str, Any]]] = {
    "EPCISDocument": _object(
        {
            **_HEADED,
            **dict.fromkeys(("instanceIdentifier", "sender", "receiver"), _TEXT),
            "epcisHeader": _object({"epcisMasterData": _MASTER}),
            "epcisBody": _EVENTS,
        },
        ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
    ),
    "EPCISQueryDocument": _object(
        {
            **_HEADED,
            "epcisBody": _object(
                {
                    "queryResults": _object(
                        {
                            "queryName": _TEXT,
                            "subscriptionID": _TEXT,
                            "resultsBody": _object(
                                {"eventList": _list({}), "vocabularyList": _list({"type": "object"})},
                                ("eventList",),
                            ),
                        },
                        ("queryName", "resultsBody"),
                    )
                },
                ("queryResults",),
            ),
        },
        ("@context", "type", "epcisBody"),
    ),
}


def event_schema(kind: EventKind | None) -> dict[str, Any]:
    """The schema of one event type; None stands for types that the standard does not define."""
    if kind is None:
        return _OTHER_EVENT
    own, needed = _OWN_FIELDS[kind]
    return _object({**_COMMON, **own}, (*_NEEDED, *needed))


@lru_cache
def event_validator(kind: EventKind | None) -> jsonschema_rs.Draft7Validator:
    """The compiled schema of one event type."""
    return jsonschema_rs.Draft7Validator(event_schema(kind))


@lru_cache
def document_validator(root: str) -> jsonschema_rs.Draft7Validator:
    """The compiled schema of a document without its events."""
    return jsonschema_rs.Draft7Validator(_DOCUMENTS[root])
