"""One event from its fields in the shape that JSON-LD gives them; XML is first brought into the same shape.

Extensions that XML has already turned into values wait under the key None.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.names import WHOLE, declared, expanded, qualified
from fangxin.engines.epcis.values import (
    Action,
    ErrorDeclaration,
    Event,
    EventKind,
    Extension,
    PersistentDisposition,
    Place,
    Quantity,
    SensorElement,
    SensorMetadata,
    SensorReport,
    Typed,
)
from fangxin.engines.epcis.vocabulary import full_word

Namespaces = Mapping[str, str]
Body = Mapping[Any, Any]
_Reader = Callable[[Any, Namespaces], Any]

KINDS: Final = {kind.value: kind for kind in EventKind}
_DEEPEST: Final = 200  # how far an extension may nest


def kind_of(body: Body) -> EventKind | None:
    """The event type of an object; None where it is no event of the standard."""
    told = body.get("type")
    return KINDS.get(told) if isinstance(told, str) else None


def build(body: Body, namespaces: Namespaces) -> Event:
    """The event that a JSON object describes.

    Raises EpcisError where a field has a shape from which no value can be made; it does not judge beyond that.
    """
    kind = kind_of(body)
    if kind is None:
        raise EpcisError(f"{body.get('type')!r} is not an event type")
    if "@context" in body:
        namespaces = {**namespaces, **declared(body["@context"])}
    fields: dict[str, Any] = {}
    extensions: list[Extension] = []
    for key, value in body.items():
        known = _EVENT.get(key)
        if known is not None:
            try:
                found = known[1](value, namespaces)
            except _Unfit as error:
                raise EpcisError(f"{key}: {error}") from None
            if found is not None:
                fields[known[0]] = found
        elif key is None:
            extensions += value
        elif key not in _NO_FIELDS:
            extensions += extensions_of(key, value, namespaces)
    fields.setdefault("event_time", "")
    return Event(kind=kind, extensions=tuple(extensions), **fields)


def from_json(body: Body) -> Event:
    """The event that a JSON-LD object with its own `@context` describes, as `to_json` makes it."""
    return build(body, {})


class _Unfit(EpcisError):
    """A field's value has the wrong shape."""


_NO_FIELDS: Final = frozenset(("type", "@context"))


# --- single values ----------------------------------------------------------------------------------------------------


def _text(value: Any, namespaces: Namespaces) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Unfit("text was expected")
    value = value.strip()
    return value if value.startswith(WHOLE) or ":" not in value else expanded(value, namespaces)


def _plain(value: Any, namespaces: Namespaces) -> str | None:
    """Text in which a colon means nothing: times, units, codes."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Unfit("text was expected")
    return value.strip()


def _kept(value: Any, namespaces: Namespaces) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _Unfit("text was expected")
    return value


def _word(family: str, value: Any, namespaces: Namespaces) -> str | None:
    text = _text(value, namespaces)
    return None if text is None else full_word(family, text)


def _number(value: Any, namespaces: Namespaces) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Unfit("a number was expected")
    try:
        number = Decimal(str(value).strip() if isinstance(value, str) else repr(value))
    except InvalidOperation:
        raise _Unfit(f"{str(value)[:40]!r} is not a number") from None
    if not number.is_finite():
        raise _Unfit("a finite number was expected")
    return number


def _boolean(value: Any, namespaces: Namespaces) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    found = {"true": True, "1": True, "false": False, "0": False}.get(value.strip() if isinstance(value, str) else "")
    if found is None:
        raise _Unfit("true or false was expected")
    return found


def _action(value: Any, namespaces: Namespaces) -> Action | None:
    text = _plain(value, namespaces)
    try:
        return None if text is None else Action(text)
    except ValueError:
        raise _Unfit(f"{text[:40]!r} is not ADD, OBSERVE or DELETE") from None  # type: ignore[index]


# --- lists and objects ------------------------------------------------------------------------------------------------


def _items(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise _Unfit("a list was expected")
    return value


def _object(value: Any) -> Body:
    if not isinstance(value, dict):
        raise _Unfit("an object was expected")
    return value


def _texts(value: Any, namespaces: Namespaces) -> tuple[str, ...]:
    listed = (value,) if isinstance(value, str) else _items(value)
    return tuple([text for text in (_text(each, namespaces) for each in listed) if text])


def _words(family: str, value: Any, namespaces: Namespaces) -> tuple[str, ...]:
    return tuple(full_word(family, text) for text in _texts(value, namespaces))


def _made(
    made: Callable[..., Any], fields: Mapping[str, tuple[str, _Reader]], value: Any, namespaces: Namespaces
) -> Any:
    """A value object from a JSON object whose further fields are extensions."""
    found: dict[str, Any] = {}
    extensions: list[Extension] = []
    for key, told in _object(value).items():
        known = fields.get(key)
        if known is not None:
            made_of = known[1](told, namespaces)
            if made_of is not None:
                found[known[0]] = made_of
        elif key is None:
            extensions += told
        else:
            extensions += extensions_of(key, told, namespaces)
    if extensions:
        found["extensions"] = tuple(extensions)
    return made(**found)


def _list_of(read: _Reader, value: Any, namespaces: Namespaces) -> tuple[Any, ...]:
    return tuple([read(each, namespaces) for each in _items(value)])


def _quantity(value: Any, namespaces: Namespaces) -> Quantity:
    told = _object(value)
    epc_class = _text(told.get("epcClass"), namespaces) or ""
    return Quantity(epc_class, _number(told.get("quantity"), namespaces), _plain(told.get("uom"), namespaces) or None)


def _typed(name: str, family: str, value: Any, namespaces: Namespaces) -> Typed:
    told = _object(value)
    return Typed(_text(told.get(name), namespaces) or "", _word(family, told.get("type"), namespaces))


def _place(value: Any, namespaces: Namespaces) -> Any:
    return _made(_any_place, _PLACE, {"id": value} if isinstance(value, str) else value, namespaces)


def _any_place(id: str = "", extensions: tuple[Extension, ...] = ()) -> Place:  # noqa: A002  the field's own name
    return Place(id, extensions)


def _declaration(**fields: Any) -> ErrorDeclaration:
    return ErrorDeclaration(**{"declaration_time": "", **fields})


def _persistent(value: Any, namespaces: Namespaces) -> PersistentDisposition:
    told = _object(value)
    return PersistentDisposition(
        _words("disposition", told.get("set"), namespaces), _words("disposition", told.get("unset"), namespaces)
    )


def _ilmd(value: Any, namespaces: Namespaces) -> tuple[Extension, ...] | None:
    if value is None:
        return None
    found: list[Extension] = []
    for key, told in _object(value).items():
        found += told if key is None else extensions_of(key, told, namespaces)
    return tuple(found)


_PLACE: Final[dict[str, tuple[str, _Reader]]] = {"id": ("id", _text)}
_ERROR: Final[dict[str, tuple[str, _Reader]]] = {
    "declarationTime": ("declaration_time", _plain),
    "reason": ("reason", partial(_word, "reason")),
    "correctiveEventIDs": ("corrective_event_ids", _texts),
}
METADATA: Final[dict[str, tuple[str, _Reader]]] = {
    "time": ("time", _plain),
    "startTime": ("start_time", _plain),
    "endTime": ("end_time", _plain),
    "deviceID": ("device_id", _text),
    "deviceMetadata": ("device_metadata", _text),
    "rawData": ("raw_data", _text),
    "dataProcessingMethod": ("data_processing_method", _text),
    "bizRules": ("biz_rules", _text),
}
REPORT: Final[dict[str, tuple[str, _Reader]]] = {
    "type": ("type", partial(_word, "measurement")),
    "exception": ("exception", partial(_word, "alert")),
    "deviceID": ("device_id", _text),
    "deviceMetadata": ("device_metadata", _text),
    "rawData": ("raw_data", _text),
    "dataProcessingMethod": ("data_processing_method", _text),
    "bizRules": ("biz_rules", _text),
    "time": ("time", _plain),
    "microorganism": ("microorganism", _text),
    "chemicalSubstance": ("chemical_substance", _text),
    "value": ("value", _number),
    "component": ("component", partial(_word, "component")),
    "stringValue": ("string_value", _kept),
    "booleanValue": ("boolean_value", _boolean),
    "hexBinaryValue": ("hex_binary_value", _plain),
    "uriValue": ("uri_value", _text),
    "minValue": ("min_value", _number),
    "maxValue": ("max_value", _number),
    "meanValue": ("mean_value", _number),
    "sDev": ("s_dev", _number),
    "percRank": ("perc_rank", _number),
    "percValue": ("perc_value", _number),
    "uom": ("uom", _plain),
    "coordinateReferenceSystem": ("coordinate_reference_system", _text),
}
_SENSOR: Final[dict[str, tuple[str, _Reader]]] = {
    "sensorMetadata": ("metadata", partial(_made, SensorMetadata, METADATA)),
    "sensorReport": ("reports", partial(_list_of, partial(_made, SensorReport, REPORT))),
}
_quantities: Final = partial(_list_of, _quantity)
_EVENT: Final[dict[str, tuple[str, _Reader]]] = {
    "eventTime": ("event_time", _plain),
    "eventTimeZoneOffset": ("event_time_zone_offset", _plain),
    "recordTime": ("record_time", _plain),
    "eventID": ("event_id", _text),
    "errorDeclaration": ("error_declaration", partial(_made, _declaration, _ERROR)),
    "certificationInfo": ("certification_info", _texts),
    "parentID": ("parent_id", _text),
    "epcList": ("epcs", _texts),
    "childEPCs": ("child_epcs", _texts),
    "inputEPCList": ("input_epcs", _texts),
    "outputEPCList": ("output_epcs", _texts),
    "quantityList": ("quantities", _quantities),
    "childQuantityList": ("child_quantities", _quantities),
    "inputQuantityList": ("input_quantities", _quantities),
    "outputQuantityList": ("output_quantities", _quantities),
    "transformationID": ("transformation_id", _text),
    "action": ("action", _action),
    "bizStep": ("biz_step", partial(_word, "bizStep")),
    "disposition": ("disposition", partial(_word, "disposition")),
    "persistentDisposition": ("persistent_disposition", _persistent),
    "readPoint": ("read_point", _place),
    "bizLocation": ("biz_location", _place),
    "bizTransactionList": (
        "biz_transactions",
        partial(_list_of, partial(_typed, "bizTransaction", "bizTransaction")),
    ),
    "sourceList": ("sources", partial(_list_of, partial(_typed, "source", "sourceDest"))),
    "destinationList": ("destinations", partial(_list_of, partial(_typed, "destination", "sourceDest"))),
    "sensorElementList": ("sensor_elements", partial(_list_of, partial(_made, SensorElement, _SENSOR))),
    "ilmd": ("ilmd", _ilmd),
}
STANDARD_FIELDS: Final = frozenset(_EVENT)


# --- extensions -------------------------------------------------------------------------------------------------------


def extensions_of(key: str, value: Any, namespaces: Namespaces, depth: int = 0) -> Iterable[Extension]:
    """The extensions that one key of a JSON object stands for: an array gives one each."""
    if depth > _DEEPEST:
        raise EpcisError(f"an extension nests more than {_DEEPEST} deep")
    name, prefix = qualified(key, namespaces)
    if isinstance(value, list | tuple):
        for each in value:
            yield _extension(name, prefix, each, namespaces, depth, listed=True)
    else:
        yield _extension(name, prefix, value, namespaces, depth, listed=False)


def whole(value: str, namespaces: Namespaces) -> str:
    """The URI that a compact one stands for; empty where the value is none."""
    found = expanded(value, namespaces) if ":" in value else value
    return found if found != value else ""


def _extension(name: str, prefix: str, value: Any, namespaces: Namespaces, depth: int, *, listed: bool) -> Extension:
    if isinstance(value, str):
        return Extension(name, value, (), (), listed, prefix, whole(value, namespaces))
    if value is None or isinstance(value, bool | int | float | Decimal):
        told = float(value) if isinstance(value, Decimal) else value
        return Extension(name, told, (), (), listed, prefix)
    children: list[Extension] = []
    attributes: list[tuple[str, str]] = []
    text: Any = None
    for key, inner in value.items() if isinstance(value, Mapping) else (("", each) for each in value):
        if key == "#text":
            text = inner if isinstance(inner, str | int | float | bool) else None
        elif key.startswith("@") and isinstance(inner, str):
            attributes.append((qualified(key[1:], namespaces)[0], inner))
        else:
            children += extensions_of(key, inner, namespaces, depth + 1)
    return Extension(name, text, tuple(children), tuple(attributes), listed, prefix)
