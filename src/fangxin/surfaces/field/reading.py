"""A batch as it came over the wire → values, or a plain refusal. Nothing here trusts the sender."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fangxin.surfaces.field.rules import MOST_CONFIRMED, MOST_OPERATIONS, PROTOCOL, Batch, Contact, Operation

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 20
MOST_PAYLOAD = 20_000
LARGEST_SEQUENCE = 2**53
LARGEST_MONO = 1e15


class NotUnderstood(Exception):
    """The batch is not what a phone of this protocol sends; nothing of it was taken."""


def read_batch(body: bytes, *, received_at: datetime) -> Batch:
    told = _object(_json(body))
    if told.get("protocol") != PROTOCOL:
        raise NotUnderstood("protocol")
    contact = Contact(
        device=read_uuid(told.get("device")),
        boot=_text(told.get("boot"), 64),
        sent_at=_moment(told.get("sent_at")),
        mono=_mono(told.get("mono")),
        received_at=received_at,
    )
    operations = [_operation(o) for o in _list(told.get("operations"), MOST_OPERATIONS)]
    confirm = [read_uuid(u) for u in _list(told.get("confirm"), MOST_CONFIRMED)]
    return Batch(contact, operations, confirm, _whole(told.get("pending", 0)))


def _operation(value: Any) -> Operation:
    told = _object(value)
    payload = _object(told.get("payload"))
    if len(json.dumps(payload, ensure_ascii=False)) > MOST_PAYLOAD or not all(map(storable, _texts(payload))):
        raise NotUnderstood("payload")
    after = told.get("after")
    return Operation(
        uuid=read_uuid(told.get("uuid")),
        sequence=_whole(told.get("sequence"), least=1),
        kind=_text(told.get("kind"), 40),
        subject=_text(told.get("subject"), 64),
        payload=payload,
        files=_digests(told.get("files", [])),
        made_at=_moment(told.get("made_at")),
        boot=_text(told.get("boot"), 64),
        mono=_mono(told.get("mono")),
        after=None if after is None else read_uuid(after),
        lost=_digests(told.get("lost", [])),
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, names included."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotUnderstood("json") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotUnderstood("object")
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise NotUnderstood("list")
    return value


def _text(value: Any, most: int) -> str:
    """Text that a database keeps: bounded, without NUL and without half characters."""
    if not isinstance(value, str) or not 0 < len(value) <= most or not storable(value):
        raise NotUnderstood("text")
    return value


def storable(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _whole(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_SEQUENCE:
        raise NotUnderstood("number")
    return value


def _mono(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST_MONO:
        raise NotUnderstood("number")
    return float(value)


def _moment(value: Any) -> datetime:
    """ISO 8601 with a zone. However wrong the clock, the years 1970 to 2200 are taken, so that sums stay in range."""
    try:
        moment = datetime.fromisoformat(_text(value, 40))
    except ValueError:
        raise NotUnderstood("time") from None
    if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        raise NotUnderstood("time")
    return moment


def read_uuid(value: Any) -> str:
    try:
        return str(UUID(_text(value, 36)))
    except ValueError:
        raise NotUnderstood("uuid") from None


def _digests(value: Any) -> tuple[str, ...]:
    digests = _list(value, MOST_FILES)
    if not all(isinstance(d, str) and DIGEST.fullmatch(d) for d in digests):
        raise NotUnderstood("digest")
    return tuple(digests)
