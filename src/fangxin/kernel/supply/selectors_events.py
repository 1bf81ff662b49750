"""SimpleEventQuery of EPCIS 2.0 (§8.2.7.1) as conditions on the kept events."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from fangxin.engines.epcis.vocabulary import bare_word, full_word
from fangxin.kernel.supply.derivation import plain
from fangxin.kernel.supply.models import Event, EventCode

MOST_ON_PAGE = 1_000
USUAL_ON_PAGE = 30
MOST_VALUES = 500
LONGEST = 255


class BadQuery(Exception):
    """A parameter or its value is not of the standard."""


class NotOffered(Exception):
    """A parameter of the standard that this platform does not answer."""


@dataclass(frozen=True, slots=True)
class Page:
    """Events in the order asked for, and how to ask for those that follow."""

    events: tuple[Event, ...]
    next_token: str | None


def _codes(*roles: str, by_class: bool | None = None) -> Callable[[list[str]], Q]:
    def condition(values: list[str]) -> Q:
        if any("*" in value or ":idpat:" in value for value in values):
            raise NotOffered("patterns in MATCH_ parameters")
        rows = EventCode.objects.filter(
            event=OuterRef("pk"), code__in=[plain(value) for value in values], role__in=roles
        )
        if by_class is not None:
            rows = rows.filter(by_class=by_class)
        return Q(Exists(rows))

    return condition


def _any_of(field: str, family: str = "") -> Callable[[list[str]], Q]:
    def condition(values: list[str]) -> Q:
        wanted = [bare_word(family, full_word(family, value)) if family else plain(value) for value in values]
        return Q(**{f"{field}__in": wanted})

    return condition


def _moment(field: str, way: str) -> Callable[[list[str]], Q]:
    def condition(values: list[str]) -> Q:
        try:
            at = datetime.fromisoformat(values[0].replace(" ", "+"))
        except ValueError:
            raise BadQuery(f"{values[0][:60]!r} is not a date and time") from None
        if at.tzinfo is None or len(values) > 1 or not FIRST_YEAR < at.year < LAST_YEAR:
            raise BadQuery("one date and time with a time zone is asked for")
        return Q(**{f"{field}__{way}": at})

    return condition


FIRST_YEAR, LAST_YEAR = 1900, 9000


def _declared(values: list[str]) -> Q:
    return Q(declares="") if values[0] == "false" else ~Q(declares="")


def _numbered(values: list[str]) -> Q:
    hashes = [digest for value in values if (digest := hash_in(value))]
    return Q(event_id__in=values) | Q(hash__in=hashes)


_CONDITIONS: Mapping[str, Callable[[list[str]], Q]] = {
    "eventType": lambda values: Q(kind__in=values),
    "GE_eventTime": _moment("event_at", "gte"), "LT_eventTime": _moment("event_at", "lt"),
    "GE_recordTime": _moment("record_at", "gte"), "LT_recordTime": _moment("record_at", "lt"),
    "EQ_action": lambda values: Q(action__in=values),
    "EQ_bizStep": _any_of("biz_step", "bizStep"), "EQ_disposition": _any_of("disposition", "disposition"),
    "EQ_readPoint": _any_of("read_point"), "EQ_bizLocation": _any_of("biz_location"),
    "EQ_eventID": _numbered, "EXISTS_errorDeclaration": _declared,
    "EQ_transformationID": _codes("making"),
    "MATCH_epc": _codes("epc", "child", by_class=False), "MATCH_parentID": _codes("parent"),
    "MATCH_inputEPC": _codes("input", by_class=False), "MATCH_outputEPC": _codes("output", by_class=False),
    "MATCH_anyEPC": _codes("epc", "child", "parent", "input", "output", by_class=False),
    "MATCH_epcClass": _codes("epc", "child", by_class=True),
    "MATCH_inputEPCClass": _codes("input", by_class=True), "MATCH_outputEPCClass": _codes("output", by_class=True),
    "MATCH_anyEPCClass": _codes("epc", "child", "input", "output", by_class=True),
}  # fmt: skip
_PAGING = frozenset({"perPage", "nextPageToken", "orderBy", "orderDirection", "eventCountLimit", "maxEventCount"})
_OF_THE_STANDARD = ("EQ_", "GT_", "GE_", "LT_", "LE_", "EXISTS_", "HASATTR_", "EQATTR_", "WD_", "MATCH_")


def hash_in(text: str) -> str:
    """The digits of an event hash written as the standard does; empty for anything else."""
    if text.startswith("ni:///sha-256;"):
        return text.removeprefix("ni:///sha-256;").split("?", 1)[0]
    return text if len(text) == HASH_LENGTH and text.isalnum() else ""


HASH_LENGTH = 64


def find_event(rows: "QuerySet[Event]", text: str) -> Event | None:
    if "\0" in text or len(text) > LONGEST:
        return None
    return rows.filter(_numbered([text])).order_by("pk").first()


def find_events(rows: "QuerySet[Event]", asked: Mapping[str, str]) -> Page:
    """Events that fit all parameters; several values of one are parted by `|`. Raises BadQuery, NotOffered."""
    for name, text in asked.items():
        if name not in _PAGING:
            rows = rows.filter(_condition(name, text))
    return _page(rows, asked)


def _condition(name: str, text: str) -> Q:
    values = [value for value in text.split("|") if value]
    if not values or len(values) > MOST_VALUES or "\0" in text or any(len(value) > LONGEST for value in values):
        raise BadQuery(f"{name[:60]} has no usable value")
    made = _CONDITIONS.get(name)
    if made is not None:
        return made(values)
    if name.startswith(_OF_THE_STANDARD):
        raise NotOffered(name[:60])
    raise BadQuery(f"{name[:60]} is no parameter of SimpleEventQuery")


def _page(rows: "QuerySet[Event]", asked: Mapping[str, str]) -> Page:
    field = {"eventTime": "event_at", "recordTime": "record_at"}.get(asked.get("orderBy", "eventTime"))
    direction = asked.get("orderDirection", "DESC")
    if field is None or direction not in ("ASC", "DESC"):
        raise BadQuery("orderBy is eventTime or recordTime, orderDirection ASC or DESC")
    size = min(_count(asked, "perPage", USUAL_ON_PAGE), MOST_ON_PAGE)
    limit = _count(asked, "eventCountLimit", 0) or _count(asked, "maxEventCount", 0)
    if limit:
        size = min(size, limit)
    back = direction == "DESC"
    if asked.get("nextPageToken"):
        rows = rows.filter(_after(asked["nextPageToken"], field, back))
    order = ("-" if back else "") + field, ("-" if back else "") + "pk"
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size and not limit
    kept = tuple(found[:size])
    return Page(kept, _token(kept[-1], field) if more else None)


def _count(asked: Mapping[str, str], name: str, usual: int) -> int:
    text = asked.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 8 and int(text) > 0):
        raise BadQuery(f"{name} is a positive number")
    return int(text)


def _token(event: Event, field: str) -> str:
    text = json.dumps([field, getattr(event, field).isoformat(), event.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _after(token: str, field: str, back: bool) -> Q:
    try:
        told, moment, pk = json.loads(base64.urlsafe_b64decode(token.encode()))
        at = datetime.fromisoformat(moment)
        if told != field or not isinstance(pk, int) or not 0 < pk < 2**63 or at.tzinfo is None:
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise BadQuery("nextPageToken is not one of this query") from None
    way = "lt" if back else "gt"
    return Q(**{f"{field}__{way}": at}) | Q(**{field: at, f"pk__{way}": pk})


_LISTED = {"eventTypes": "kind", "bizSteps": "biz_step", "dispositions": "disposition", "bizLocations": "biz_location",
           "readPoints": "read_point"}  # fmt: skip


def values_of(rows: "QuerySet[Event]", kind: str, *, after: str = "", most: int = USUAL_ON_PAGE) -> list[str]:
    """The different codes or words that the events name, in order, from after one on."""
    if "\0" in after or len(after) > LONGEST:
        raise BadQuery("nextPageToken is not one of this list")
    if kind == "epcs":
        codes = EventCode.objects.filter(event__in=rows.order_by().values("pk"), code__gt=after).exclude(role="making")
        return list(codes.order_by("code").values_list("code", flat=True).distinct()[:most])
    field = _LISTED[kind]
    return list(rows.filter(**{f"{field}__gt": after}).order_by(field).values_list(field, flat=True).distinct()[:most])
