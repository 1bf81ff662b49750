"""What every answer has in common: headers, problems, documents in the format asked for."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from fangxin.engines.epcis import Head, write_json, write_xml
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import api as supply

VERSION = "2.0.0"
MOST_EVENTS = 5_000
MOST_BYTES = 25 * 1024 * 1024
HEADERS = {
    "GS1-EPCIS-Version": VERSION, "GS1-EPCIS-Min": VERSION, "GS1-EPCIS-Max": VERSION,
    "GS1-CBV-Version": VERSION, "GS1-CBV-Min": VERSION, "GS1-CBV-Max": VERSION,
    "GS1-Vendor-Version": "1.0.0", "GS1-Extensions": "",
    "GS1-EPCIS-Capture-Limit": str(MOST_EVENTS), "GS1-EPCIS-Capture-File-Size-Limit": str(MOST_BYTES),
}  # fmt: skip
JSON, XML = "application/json", "application/xml"


class Problem(Exception):
    """A refusal, as RFC 7807 tells it."""

    def __init__(self, status: int, name: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.name, self.detail = status, name, detail


def problem(error: Problem) -> HttpResponse:
    body = {
        "type": f"epcisException:{error.name}",
        "title": error.name,
        "status": error.status,
        "detail": error.detail[:500],
    }
    response = JsonResponse(body, status=error.status, content_type="application/problem+json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def form_of(request: HttpRequest) -> str:
    """JSON, or XML where that alone is accepted."""
    accepted = request.headers.get("Accept", "*/*").lower()
    if "json" in accepted or "*/*" in accepted or "application/*" in accepted:
        return JSON
    if "xml" in accepted:
        return XML
    raise Problem(406, "NotAcceptableException", "Answers are application/json or application/xml.")


def events_answer(request: HttpRequest, rows: Sequence[Any], *, name: str, next_token: str | None) -> HttpResponse:
    """A query document with the events, each with when it was recorded."""
    head = Head(
        root="EPCISQueryDocument", creation_date=ledger.clock.now().astimezone(UTC).isoformat(timespec="seconds"),
        query_name=name,
    )  # fmt: skip
    events = (supply.said(row.body) for row in rows)
    out, form = BytesIO(), form_of(request)
    (write_xml if form == XML else write_json)(head, events, out)
    return paged(request, HttpResponse(out.getvalue(), content_type=form), next_token)


def event_answer(request: HttpRequest, row: Any) -> HttpResponse:
    if form_of(request) == XML:
        out = BytesIO()
        write_xml(Head(root=row.kind), [supply.said(row.body)], out)
        return HttpResponse(out.getvalue(), content_type=XML)
    return HttpResponse(row.body, content_type=JSON)


def collection(request: HttpRequest, members: Iterable[Any], next_token: str | None = None) -> HttpResponse:
    form_of(request)
    return paged(request, JsonResponse({"type": "Collection", "member": list(members)}), next_token)


def paged(request: HttpRequest, response: HttpResponse, next_token: str | None) -> HttpResponse:
    if next_token is not None:
        query = request.GET.copy()
        query["nextPageToken"] = next_token
        response.headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
    return response


def read_json(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(400, "ValidationException", "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Problem(400, "ValidationException", "The body is not a JSON object.")
    return value
