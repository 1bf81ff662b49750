"""EPCIS 2.0 over REST, as a firm's own system uses it."""

import json
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from tests.integration.supply.test_capture import BUN, FARM, MARKET, RICE, STORY

from fangxin.engines.epcis import event_hash, from_json, to_json
from fangxin.kernel.supply.models import Event, Link
from fangxin.kernel.supply.services import deriving, tokens

DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
    "schemaVersion": "2.0", "creationDate": "2023-03-10T00:00:00Z",
}  # fmt: skip


def document(*events):
    bodies = [{key: value for key, value in to_json(event).items() if key != "@context"} for event in events]
    return json.dumps({**DOCUMENT, "epcisBody": {"eventList": bodies}})


class Caller:
    def __init__(self, user):
        self.token, secret = tokens.make_token(name="仓储系统", by=user)
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path, **more):
        return self.client.get(path, headers={**self.headers, **more})

    def post(self, path, body, kind="application/ld+json"):
        return self.client.post(path, body, content_type=kind, headers=self.headers)


@pytest.fixture
def caller(vendor):
    return Caller(vendor)


@pytest.fixture
def filled(caller):
    caller.post("/epcis/capture", document(*STORY))
    return caller


def listed(answer):
    return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


def test_a_capture_is_accepted_and_its_job_told(caller):
    answer = caller.post("/epcis/capture", document(*STORY))
    assert answer.status_code == 202
    job = caller.get(urlsplit(answer.headers["Location"]).path).json()
    assert (job["success"], job["running"]) == (True, True)
    deriving.derive_waiting()
    assert caller.get(urlsplit(answer.headers["Location"]).path).json()["running"] is False
    assert Link.objects.count() == 3
    assert len(caller.get("/epcis/capture").json()) == 1


def test_one_event_is_created_once_and_found_again(caller):
    body = json.dumps(to_json(STORY[0]))
    answer = caller.post("/epcis/events", body)
    assert answer.status_code == 201
    caller.post("/epcis/events", body)
    assert Event.objects.count() == 1
    again = caller.get(f"/epcis/events/{quote(event_hash(STORY[0]), safe='')}")
    assert from_json(again.json()) == STORY[0]
    assert caller.get("/epcis/events/ni%3A%2F%2F%2Fnothing").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5), ("eventType=TransformationEvent", 1), ("EQ_bizStep=receiving", 2),
        ("EQ_bizStep=https%3A%2F%2Fref.gs1.org%2Fcbv%2FBizStep-receiving%7Cshipping", 3), ("EQ_action=ADD", 1),
        (f"EQ_bizLocation={quote(MARKET, safe='')}", 2), (f"MATCH_anyEPCClass={quote(RICE, safe='')}", 4),
        (f"MATCH_epcClass={quote(BUN, safe='')}", 1), (f"MATCH_inputEPCClass={quote(RICE, safe='')}", 1),
        ("GE_eventTime=2023-03-03T00:00:00%2B08:00", 3), ("LT_eventTime=2023-03-02T00:00:00Z", 1),
        ("EXISTS_errorDeclaration=true", 0), ("eventCountLimit=2", 2), ("MATCH_epcClass=urn:epc:class:lgtin:9521000.000001.R1", 3),
    ],
)  # fmt: skip
def test_a_simple_query_finds_what_it_asks_for(filled, query, count):
    answer = filled.get(f"/epcis/events?{query}")
    assert answer.status_code == 200
    assert len(listed(answer)) == count


def test_pages_follow_each_other_to_the_end(filled):
    seen, path = [], "/epcis/events?perPage=2&orderDirection=ASC"
    while path:
        answer = filled.get(path)
        seen += [event["eventTime"] for event in listed(answer)]
        link = answer.headers.get("Link", "")
        path = link[1 : link.index(">")].removeprefix("http://testserver") if link else ""
    assert len(seen) == 5
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("query", "status"),
    [("perPage=0", 400), ("nothing=1", 400), ("GE_eventTime=yesterday", 400), ("nextPageToken=x", 400), ("orderBy=size", 400),
     ("EQ_source_x=1", 501), ("MATCH_epc=urn:epc:idpat:sgtin:1.*.*", 501), ("EQ_bizStep=", 400), ("EQ_eventID=%00", 400)],
)  # fmt: skip
def test_a_wrong_query_is_told_as_a_problem(filled, query, status):
    answer = filled.get(f"/epcis/events?{query}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].startswith("epcisException:")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [("{", "application/json", 400), ("[]", "application/json", 400), ("x", "text/plain", 415),
     (json.dumps({**DOCUMENT, "epcisBody": {"eventList": [{"type": "ObjectEvent"}]}}), "application/json", 400),
     ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml", 400)],
)  # fmt: skip
def test_a_wrong_document_is_refused_whole(caller, body, kind, status):
    for path in ("/epcis/capture", "/epcis/events"):
        answer = caller.post(path, body, kind)
        assert answer.status_code == status
    assert not Event.objects.exists()


def test_resources_list_what_events_name(filled):
    assert filled.get("/epcis/eventTypes").json()["member"] == ["ObjectEvent", "TransformationEvent"]
    assert FARM in filled.get("/epcis/bizLocations").json()["member"]
    assert filled.get("/epcis/epcs").json()["member"] == [RICE, BUN]
    assert "receiving" in filled.get("/epcis/bizSteps").json()["member"]
    assert len(listed(filled.get(f"/epcis/epcs/{quote(BUN, safe='')}/events"))) == 2
    assert len(listed(filled.get("/epcis/bizSteps/shipping/events"))) == 1


def test_the_same_in_xml(filled):
    answer = filled.get("/epcis/events", Accept="application/xml")
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.content.count(b"<ObjectEvent>") == 4
    assert filled.get("/epcis/events", Accept="image/png").status_code == 406


def test_a_named_query_is_asked_again(filled):
    told = json.dumps({"name": "收货", "query": {"EQ_bizStep": ["receiving"]}})
    assert filled.post("/epcis/queries", told, "application/json").status_code == 201
    assert filled.post("/epcis/queries", told, "application/json").status_code == 409
    assert len(listed(filled.get(f"/epcis/queries/{quote('收货')}/events"))) == 2
    assert filled.get(f"/epcis/queries/{quote('收货')}/subscriptions").status_code == 501
    assert filled.client.delete(f"/epcis/queries/{quote('收货')}", headers=filled.headers).status_code == 204
    assert filled.get(f"/epcis/queries/{quote('收货')}").status_code == 404


def test_options_and_headers_tell_what_the_server_speaks(caller):
    answer = caller.client.options("/epcis/events")
    assert answer.status_code == 204
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"


def test_only_a_good_key_opens_and_a_revoked_one_no_more(caller, vendor):
    assert Client().get("/epcis/events").status_code == 401
    assert Client().get("/epcis/events", headers={"Authorization": "Bearer " + "x" * 43}).status_code == 401
    assert caller.get("/epcis/events").status_code == 200
    tokens.revoke_token(token=caller.token, by=vendor)
    assert caller.get("/epcis/events").status_code == 401


def test_a_firm_reads_its_own_events_and_an_authority_those_of_its_division(filled, principal, department, outsider):
    assert listed(Caller(principal).get("/epcis/events")) == []
    assert len(listed(Caller(department).get("/epcis/events"))) == 5
    assert listed(Caller(outsider).get("/epcis/events")) == []
    one = quote(event_hash(STORY[0]), safe="")
    assert Caller(outsider).get(f"/epcis/events/{one}").status_code == 404
