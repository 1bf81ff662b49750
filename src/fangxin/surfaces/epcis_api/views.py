"""The resources of EPCIS 2.0 §12 over REST."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from fangxin.engines.epcis import EpcisError, Event, open_document, validate
from fangxin.kernel.supply import api as supply
from fangxin.surfaces.epcis_api.answers import (
    HEADERS,
    MOST_BYTES,
    MOST_EVENTS,
    Problem,
    collection,
    event_answer,
    events_answer,
    problem,
    read_json,
)

TOP = ("eventTypes", "epcs", "bizLocations", "bizSteps", "readPoints", "dispositions")
ASKED_AS = {
    "eventTypes": ("eventType",), "bizLocations": ("EQ_bizLocation",), "bizSteps": ("EQ_bizStep",),
    "readPoints": ("EQ_readPoint",), "dispositions": ("EQ_disposition",), "epcs": ("MATCH_anyEPC", "MATCH_anyEPCClass"),
}  # fmt: skip
MOST_FAULTS = 5
LONGEST_NAME = 100
View = Callable[..., HttpResponse]


def resource(**by_method: View) -> View:
    """One address: who asks, which method, and every refusal told the standard's way."""
    allowed = ", ".join([*by_method, "OPTIONS"])

    @csrf_exempt
    @login_not_required
    def answer(request: HttpRequest, **told: Any) -> HttpResponse:
        try:
            response = _answered(request, by_method, told)
        except Problem as error:
            response = problem(error)
        except supply.BadQuery as error:
            response = problem(Problem(400, "QueryParameterException", str(error)))
        except supply.NotOffered as error:
            response = problem(Problem(501, "ImplementationException", f"Not offered here: {error}"))
        except EpcisError as error:
            response = problem(Problem(400, "ValidationException", str(error)))
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Allow"] = allowed
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer


def _answered(request: HttpRequest, by_method: dict[str, View], told: dict[str, Any]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    view = by_method.get(request.method or "")
    holder = supply.holder_of(request.headers.get("Authorization", ""))
    if holder is None:
        raise Problem(401, "SecurityException", "A valid key is needed: Authorization: Bearer …")
    if view is None:
        raise Problem(405, "ImplementationException", f"{request.method} is not offered here.")
    if "2.0" not in request.headers.get("GS1-EPCIS-Version", "2.0") and request.headers.get("GS1-EPCIS-Version") != "2":
        raise Problem(406, "NotAcceptableException", "This server speaks EPCIS 2.0.")
    return view(request, holder, **told)


def body_of(request: HttpRequest) -> bytes:
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise Problem(413, "CaptureLimitExceededException", f"A document may have up to {MOST_BYTES} bytes.")
    try:
        body = request.read(MOST_BYTES + 1)
    except RequestDataTooBig:
        body = b" " * (MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Problem(413, "CaptureLimitExceededException", f"A document may have up to {MOST_BYTES} bytes.")
    kind = request.headers.get("Content-Type", "").lower()
    if "json" not in kind and "xml" not in kind:
        raise Problem(
            415, "UnsupportedMediaTypeException", "Send application/ld+json, application/json or application/xml."
        )
    return body


def _read(request: HttpRequest) -> list[Event]:
    """The events of the body, all of them sound."""
    body, kind = body_of(request), request.headers.get("Content-Type", "")
    faults = validate(body, kind)
    if faults:
        raise Problem(400, "ValidationException", "; ".join(str(fault) for fault in faults[:MOST_FAULTS]))
    events = []
    for event in open_document(body, kind).events:
        events.append(event)
        if len(events) > MOST_EVENTS:
            raise Problem(413, "CaptureLimitExceededException", f"A document may have up to {MOST_EVENTS} events.")
    return events


# --- capture ----------------------------------------------------------------------------------------------------------


def capture(request: HttpRequest, holder: Any) -> HttpResponse:
    if request.headers.get("GS1-Capture-Error-Behaviour", "rollback") not in ("rollback", "proceed"):
        raise Problem(400, "ValidationException", "GS1-Capture-Error-Behaviour is rollback or proceed.")
    kept = supply.capture(_read(request), by=holder)
    response = HttpResponse(status=202)
    response.headers["Location"] = request.build_absolute_uri(reverse("epcis:job", args=[kept.job]))
    return response


def jobs(request: HttpRequest, holder: Any) -> HttpResponse:
    rows = supply.list_jobs(holder).order_by("-received_at", "-pk")[:100]
    return JsonResponse([_job(row) for row in rows], safe=False)


def job(request: HttpRequest, holder: Any, number: uuid.UUID) -> HttpResponse:
    row = supply.list_jobs(holder).filter(number=number).first()
    if row is None:
        raise Problem(404, "NoSuchResourceException", "There is no such capture job.")
    return JsonResponse(_job(row))


def _job(row: Any) -> dict[str, Any]:
    finished = row.finished_at
    return {
        "captureID": str(row.number), "createdAt": row.received_at.isoformat(),
        "finishedAt": finished.isoformat() if finished else None, "running": row.state == "accepted",
        "success": row.state != "failed", "captureErrorBehaviour": "rollback", "errors": row.errors,
    }  # fmt: skip


# --- events -----------------------------------------------------------------------------------------------------------


def one_event(request: HttpRequest, holder: Any) -> HttpResponse:
    events = _read(request)
    if len(events) != 1:
        raise Problem(400, "ValidationException", "One event is asked for; use /capture for several.")
    digest = supply.capture_one(events[0], sender=supply.sender_of(holder))
    told = events[0].event_id or f"ni:///sha-256;{digest}?ver=CBV2.0"
    response = HttpResponse(status=201)
    response.headers["Location"] = request.build_absolute_uri(reverse("epcis:event", args=[quote(told, safe="")]))
    return response


def event(request: HttpRequest, holder: Any, number: str) -> HttpResponse:
    row = supply.find_event(supply.list_events(holder), number)
    if row is None:
        raise Problem(404, "NoSuchResourceException", "There is no such event.")
    return event_answer(request, row)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: "|".join(request.GET.getlist(name)) for name in request.GET}


def events(request: HttpRequest, holder: Any) -> HttpResponse:
    return _found(request, supply.list_events(holder), _asked(request), "SimpleEventQuery")


def _found(request: HttpRequest, rows: Any, asked: dict[str, str], name: str) -> HttpResponse:
    page = supply.find_events(rows, asked)
    return events_answer(request, page.events, name=name, next_token=page.next_token)


# --- what the events name ---------------------------------------------------------------------------------------------


def values(request: HttpRequest, holder: Any, kind: str) -> HttpResponse:
    most = 30
    found = supply.values_of(
        supply.list_events(holder), kind, after=request.GET.get("nextPageToken", ""), most=most + 1
    )
    return collection(request, found[:most], found[most - 1] if len(found) > most else None)


def value(request: HttpRequest, holder: Any, kind: str, told: str) -> HttpResponse:
    return collection(request, ["events"])


def events_of_value(request: HttpRequest, holder: Any, kind: str, told: str) -> HttpResponse:
    rows = supply.list_events(holder)
    asked = {name: text for name, text in _asked(request).items() if name not in ASKED_AS[kind]}
    told = told.replace("|", "%7C")
    for parameter in ASKED_AS[kind]:
        page = supply.find_events(rows, {**asked, parameter: told})
        if page.events:
            return events_answer(request, page.events, name="SimpleEventQuery", next_token=page.next_token)
    return events_answer(request, (), name="SimpleEventQuery", next_token=None)


# --- named queries ----------------------------------------------------------------------------------------------------


def queries(request: HttpRequest, holder: Any) -> HttpResponse:
    return collection(request, [_query(row) for row in supply.list_queries(holder)[:1000]])


def _query(row: Any) -> dict[str, Any]:
    return {"name": row.name, "query": row.query, "createdAt": row.created_at.isoformat()}


def add_query(request: HttpRequest, holder: Any) -> HttpResponse:
    told = read_json(body_of(request))
    name, query = told.get("name"), told.get("query")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not isinstance(query, dict) or "\0" in name:
        raise Problem(400, "ValidationException", "A name and a query are asked for.")
    asked = {str(key): _text(value) for key, value in query.items()}
    supply.find_events(supply.list_events(holder), asked)  # says at once what is wrong with it
    if supply.name_query(name=name, query=asked, by=holder) is None:
        raise Problem(409, "ResourceAlreadyExistsException", "There is a query of that name.")
    response = HttpResponse(status=201)
    response.headers["Location"] = request.build_absolute_uri(reverse("epcis:query", args=[name]))
    return response


def _text(value: Any) -> str:
    return "|".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _named(holder: Any, name: str) -> Any:
    row = supply.list_queries(holder).filter(name=name).first() if "\0" not in name else None
    if row is None:
        raise Problem(404, "NoSuchResourceException", "There is no query of that name.")
    return row


def query(request: HttpRequest, holder: Any, name: str) -> HttpResponse:
    return JsonResponse(_query(_named(holder, name)))


def drop_query(request: HttpRequest, holder: Any, name: str) -> HttpResponse:
    supply.drop_query(query=_named(holder, name), by=holder)
    return HttpResponse(status=204)


def events_of_query(request: HttpRequest, holder: Any, name: str) -> HttpResponse:
    row = _named(holder, name)
    return _found(request, supply.list_events(holder), {**row.query, **_asked(request)}, row.name)


def subscriptions(request: HttpRequest, holder: Any, name: str) -> HttpResponse:
    _named(holder, name)
    raise Problem(501, "ImplementationException", "Subscriptions are not offered; ask again with GE_recordTime.")
