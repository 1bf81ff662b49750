"""JSON-LD documents, small ones at once and large ones piece by piece."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, NoReturn

import ijson  # type: ignore[import-untyped]

from fangxin.engines.epcis.building import build, kind_of
from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.names import declared, qualified
from fangxin.engines.epcis.values import Event, Head

AT_ONCE: Final = 16_000_000  # bytes up to which a document is held in memory as a whole
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")  # an escape that needs another beside it
_LISTS: Final = ("epcisBody.eventList", "epcisBody.queryResults.resultsBody.eventList")


def parsed(data: bytes) -> Any:
    """What JSON text holds.

    Raises EpcisError where it is not JSON in UTF-8, nests too deep, or holds half characters.
    """
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text, parse_constant=_no_number)
        if _HALF.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except EpcisError:
        raise
    except UnicodeError as error:
        raise EpcisError("the document is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise EpcisError(f"the document is not JSON: {str(error)[:200]}") from error
    return found


def _no_number(word: str) -> NoReturn:
    raise EpcisError(f"{word} is not a JSON number")


def read(file: IO[bytes]) -> tuple[Head, Iterator[Event]]:
    """The head of a JSON-LD document and its events, in order, made one by one as they are asked for."""
    data = file.read(AT_ONCE + 1)
    if len(data) <= AT_ONCE:
        return read_object(parsed(data))
    file.seek(0)
    return _streamed(file)


def read_object(document: Any) -> tuple[Head, Iterator[Event]]:
    """The same from JSON that is parsed already."""
    head = head_of(document)
    return head, _events(listed_events(document), dict(head.namespaces))


def _events(bodies: Iterable[Any], namespaces: Mapping[str, str]) -> Iterator[Event]:
    for number, body in enumerate(bodies, start=1):
        if not isinstance(body, Mapping):
            raise EpcisError(f"event {number} is not an object")
        try:
            yield build(body, namespaces)
        except EpcisError as error:
            raise EpcisError(f"event {number}: {error}") from error


def listed_events(document: Any) -> list[Any]:
    """The event objects of a document, a query result or a bare event."""
    if not isinstance(document, Mapping):
        raise EpcisError("the document is not a JSON object")
    if kind_of(document) is not None:
        return [document]
    body = document.get("epcisBody")
    if not isinstance(body, Mapping):
        raise EpcisError("the document has no epcisBody")
    results = body.get("queryResults")
    if isinstance(results, Mapping):
        body = results.get("resultsBody")
    if isinstance(body, Mapping) and "event" in body and "eventList" not in body:
        return [body["event"]]
    events = body.get("eventList", []) if isinstance(body, Mapping) else None
    if not isinstance(events, list):
        raise EpcisError("the document has no list of events")
    return events


def head_of(document: Any) -> Head:
    """What the document says beside its events."""
    if not isinstance(document, Mapping):
        raise EpcisError("the document is not a JSON object")
    root = document.get("type")
    namespaces = declared(document.get("@context"))
    body = document.get("epcisBody")
    results = body.get("queryResults") if isinstance(body, Mapping) else None
    results = results if isinstance(results, Mapping) else {}
    under, listed = _ignored(results)
    return Head(
        root=root if isinstance(root, str) else "",
        schema_version=_said(document, "schemaVersion") or "2.0",
        creation_date=_said(document, "creationDate") or "",
        namespaces=tuple(namespaces.items()),
        query_name=_said(results, "queryName"),
        subscription_id=_said(results, "subscriptionID"),
        ignored=frozenset(qualified(each, namespaces)[0] for each in listed),
        ignored_under=qualified(under, namespaces)[0] if under else "",
        id=_said(document, "id"),
        master_data=_master_data(document),
    )


def _said(where: Mapping[Any, Any], key: str) -> str | None:
    value = where.get(key)
    return value if isinstance(value, str) else None


def _ignored(results: Mapping[Any, Any]) -> tuple[str, list[str]]:
    """A repository may list fields that it added itself, under `ignoreFields` in a namespace of its own."""
    for key, value in results.items():
        if key.rpartition(":")[2] == "ignoreFields" and isinstance(value, list):
            return key, [each for each in value if isinstance(each, str)]
    return "", []


def _master_data(document: Mapping[Any, Any]) -> tuple[dict[str, object], ...]:
    place: Any = document
    for key in ("epcisHeader", "epcisMasterData", "vocabularyList"):
        place = place.get(key) if isinstance(place, Mapping) else None
    return tuple(each for each in place if isinstance(each, dict)) if isinstance(place, list) else ()


# --- large documents --------------------------------------------------------------------------------------------------


def _streamed(file: IO[bytes]) -> tuple[Head, Iterator[Event]]:
    document, where = _opening(file)
    if "@context" not in document:
        document = _without_events(file, where)
    bodies = _bodies(file, where)
    head = head_of(document)
    return head, _events(bodies, dict(head.namespaces))


def streamed(file: IO[bytes]) -> tuple[dict[str, Any], str, Iterator[Any]]:
    """A large document: itself without its events, where they stand, and the events one by one."""
    _, where = _opening(file)
    return _without_events(file, where), where, _bodies(file, where)


def _opening(file: IO[bytes]) -> tuple[dict[str, Any], str]:
    """What stands before the list of events, as an object, and where the list stands."""
    builder = ijson.ObjectBuilder()
    for prefix, event, value in _tokens(file):
        builder.event(event, value)
        if event == "start_array" and prefix in _LISTS:
            return builder.value, prefix
    raise EpcisError("the document has no list of events")


def _without_events(file: IO[bytes], where: str) -> dict[str, Any]:
    """The whole document, its list of events left empty: the context may stand behind it."""
    builder = ijson.ObjectBuilder()
    for prefix, event, value in _tokens(file):
        if not prefix.startswith(where + ".item"):
            builder.event(event, value)
    found: dict[str, Any] = builder.value
    return found


def _tokens(file: IO[bytes]) -> Iterator[tuple[str, str, Any]]:
    file.seek(0)
    try:
        yield from ijson.parse(file, use_float=True)
    except (ijson.JSONError, UnicodeError) as error:
        raise EpcisError(f"the document is not JSON: {str(error)[:200]}") from error


def _bodies(file: IO[bytes], where: str) -> Iterator[Any]:
    file.seek(0)
    try:
        yield from ijson.items(file, where + ".item", use_float=True)
    except (ijson.JSONError, UnicodeError) as error:
        raise EpcisError(f"the document is not JSON: {str(error)[:200]}") from error
