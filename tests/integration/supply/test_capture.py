"""Events of other people's systems: kept once, whatever the order; and the links that follow from them."""

import json
import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.integration.supply.conftest import NOW, TOWN

from fangxin.engines.epcis import from_json
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.models import CaptureJob, Event, Link, Lot, Place, TradeUnit
from fangxin.kernel.supply.services import capturing, deriving

FARM, MARKET, SHOP, KITCHEN = (f"https://id.gs1.org/414/952100000000{n}" for n in range(4))
RICE = "https://id.gs1.org/01/09521000000018/10/R1"
PORK = "https://id.gs1.org/01/09521000000025/10/P1"
BUN = "https://id.gs1.org/01/09521000000032/10/B1"
BOX = "https://id.gs1.org/00/095210000000000017"


def event(kind="ObjectEvent", day=0, hour=8, place="", step="", action="OBSERVE", **more):
    at = datetime(2023, 3, 1, hour) + timedelta(days=day)  # noqa: DTZ001  the offset is written behind it
    body = {"type": kind, "eventTime": f"{at.isoformat()}+08:00", "eventTimeZoneOffset": "+08:00", **more}
    if kind != "TransformationEvent":
        body["action"] = action
    if place:
        body["bizLocation"] = {"id": place}
    if step:
        body["bizStep"] = step
    return from_json(body)


def lots_of(quantity, code=RICE):
    return {"quantityList": [{"epcClass": code, "quantity": quantity, "uom": "KGM"}]}


def links():
    rows = Link.objects.select_related("from_lot", "to_lot")
    return sorted((r.from_lot.code, r.from_lot.place, r.to_lot.code, r.to_lot.place, r.kind) for r in rows)


@pytest.fixture
def captured(department, django_capture_on_commit_callbacks):
    def take(*events):
        result = capturing.capture(events, by=department)
        deriving.derive_waiting()
        return result

    return take


STORY = [
    event(place=FARM, step="commissioning", action="ADD", **lots_of(100)),
    event(day=1, place=FARM, step="shipping", **lots_of(100)),
    event(day=2, place=MARKET, step="receiving", **lots_of(100)),
    event(
        "TransformationEvent", day=3, place=MARKET, step="commissioning",
        inputQuantityList=[{"epcClass": RICE, "quantity": 40, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": BUN, "quantity": 60, "uom": "KGM"}],
    ),
    event(day=4, place=SHOP, step="receiving", **lots_of(60, BUN)),
]  # fmt: skip


def test_a_lot_goes_from_place_to_place_and_into_another(captured):
    captured(*STORY)
    assert links() == [
        (RICE, FARM, RICE, MARKET, "explicit"),
        (RICE, MARKET, BUN, MARKET, "explicit"),
        (BUN, MARKET, BUN, SHOP, "explicit"),
    ]
    bun = Lot.objects.get(code=BUN, place=SHOP)
    assert len(supply.trace(bun.pk, "back").lots) == 4
    assert bun.quantity == 60
    assert bun.vouched_by == "云桥县市场监督管理局"


@pytest.mark.parametrize("seed", range(4))
def test_order_and_repetition_of_delivery_change_nothing(captured, seed):
    events = STORY * 2
    random.Random(seed).shuffle(events)
    for one in events:
        captured(one)
    assert Event.objects.count() == len(STORY)
    assert len(links()) == 3
    assert Lot.objects.exclude(state="undone").count() == 4


def test_a_second_delivery_is_nothing_new(captured):
    assert captured(*STORY).fresh == 5
    assert captured(*STORY).fresh == 0
    assert CaptureJob.objects.filter(state="done").count() == 2


def test_an_event_declared_wrong_stays_and_its_links_go(captured):
    captured(*STORY)
    wrong = json.loads(Event.objects.get(event_at__day=3, kind="ObjectEvent").body)
    wrong["errorDeclaration"] = {"declarationTime": "2023-03-06T00:00:00Z", "reason": "did_not_occur"}
    captured(from_json(wrong))
    assert Event.objects.count() == 6
    assert (RICE, FARM, RICE, MARKET, "explicit") in links()  # the making says that it was there
    making = json.loads(Event.objects.get(kind="TransformationEvent").body)
    making["errorDeclaration"] = {"declarationTime": "2023-03-06T00:00:00Z", "reason": "did_not_occur"}
    captured(from_json(making))
    assert links() == []
    assert Lot.objects.get(code=RICE, place=MARKET).state == "undone"


def test_what_lies_in_a_container_goes_with_it(captured):
    captured(
        event(place=FARM, step="commissioning", action="ADD", **lots_of(50)),
        event("AggregationEvent", day=1, action="ADD", place=FARM, step="packing", parentID=BOX,
              childQuantityList=[{"epcClass": RICE, "quantity": 50, "uom": "KGM"}]),
        event(day=2, place=MARKET, step="receiving", epcList=[BOX]),
        event("AggregationEvent", day=3, action="DELETE", place=MARKET, step="unpacking", parentID=BOX, childEPCs=[]),
        event(day=4, place=SHOP, step="receiving", epcList=[BOX]),
    )  # fmt: skip
    assert (RICE, FARM, RICE, MARKET, "explicit") in links()
    assert not Lot.objects.filter(code=RICE, place=SHOP).exists()
    unit = TradeUnit.objects.get()
    assert (unit.code, unit.content) == (BOX, RICE)
    assert unit.unpacked_at.day == 4


def test_a_container_that_goes_in_brings_what_is_in_it(captured):
    box = event("AggregationEvent", day=1, action="ADD", place=FARM, parentID=BOX,
                childQuantityList=[{"epcClass": PORK, "quantity": 5, "uom": "KGM"}])  # fmt: skip
    making = event("TransformationEvent", day=2, place=FARM, inputEPCList=[BOX],
                   outputQuantityList=[{"epcClass": BUN, "quantity": 9, "uom": "KGM"}])  # fmt: skip
    captured(making)
    captured(box)
    assert (PORK, FARM, BUN, FARM, "explicit") in links()


def test_inputs_and_outputs_told_apart_are_one_making(captured):
    name = {"transformationID": "urn:x-test:kneading:7"}
    captured(event("TransformationEvent", place=KITCHEN, **name, inputQuantityList=lots_of(3)["quantityList"]))
    captured(
        event("TransformationEvent", hour=12, place=KITCHEN, outputQuantityList=lots_of(4, BUN)["quantityList"], **name)
    )
    assert links() == [(RICE, KITCHEN, BUN, KITCHEN, "explicit")]


def test_a_batch_that_goes_two_ways_is_followed_by_its_papers(captured):
    def sent(to, papers, day):
        return event(day=day, place=FARM, step="shipping", **lots_of(10),
                     bizTransactionList=[{"type": "desadv", "bizTransaction": papers}],
                     destinationList=[{"type": "location", "destination": to}])  # fmt: skip

    captured(
        event(place=FARM, step="commissioning", action="ADD", **lots_of(30)),
        sent(MARKET, "urn:epc:id:gdti:9521000.00001.1", 1),
        sent(SHOP, "urn:epc:id:gdti:9521000.00001.2", 1),
        event(day=2, place=MARKET, step="receiving", **lots_of(10)),
        event(day=3, place=SHOP, step="receiving", **lots_of(10)),
        event(day=4, place=KITCHEN, step="receiving", **lots_of(5)),
    )
    assert links() == [
        (RICE, FARM, RICE, MARKET, "explicit"),
        (RICE, FARM, RICE, SHOP, "explicit"),
        (RICE, SHOP, RICE, KITCHEN, "inferred"),
    ]


def test_what_was_sent_and_not_told_to_have_come_is_followed_all_the_same(captured):
    captured(
        event(place=FARM, step="commissioning", action="ADD", **lots_of(10)),
        event(
            day=1,
            place=FARM,
            step="shipping",
            destinationList=[{"type": "location", "destination": SHOP}],
            **lots_of(10),
        ),
    )
    assert links() == [(RICE, FARM, RICE, SHOP, "explicit")]
    assert Link.objects.get().received_at is None


def test_a_urn_and_a_digital_link_of_one_lot_are_one(captured):
    captured(event(place=FARM, action="ADD", **lots_of(1, "urn:epc:class:lgtin:9521000.000001.R1")))
    captured(event(day=1, place="urn:epc:id:sgln:9521000.00000.1", **lots_of(1)))
    assert {lot.code for lot in Lot.objects.all()} == {RICE}


def test_a_clock_ahead_is_said_and_not_refused(captured):
    captured(event(day=40, place=FARM, action="ADD", **lots_of(1)))
    assert Event.objects.get().ahead


def test_a_known_place_gives_premises_and_division(captured, stall):
    Place.objects.create(code=SHOP, premises=stall, division_code=stall.division_code)
    captured(*STORY)
    lot = Lot.objects.get(place=SHOP)
    assert (lot.premises, lot.division_code, lot.place_name) == (stall, TOWN, "老魏菜摊")
    assert Lot.objects.get(place=FARM).division_code == "990101"
    assert Event.objects.get(biz_location=SHOP).division_code == TOWN


def test_a_crash_before_the_links_loses_nothing(department):
    capturing.capture(STORY, by=department)
    assert CaptureJob.objects.get().state == "accepted"
    assert deriving.derive_waiting() == 1
    assert len(links()) == 3
    assert deriving.derive_waiting() == 0


def test_extensions_are_kept(captured):
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"ext": "https://example.org/"}],
        "type": "ObjectEvent", "eventTime": "2023-03-01T00:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "ADD",
        "epcList": [BOX], "ext:colour": {"ext:of": ["红", "绿"]},
    }  # fmt: skip
    captured(from_json(body))
    assert deriving.said(Event.objects.get().body) == from_json(body)


def test_a_receipt_may_come_from_a_captured_lot(captured, stall, vendor, receive):
    captured(*STORY[:3])
    market = Lot.objects.get(code=RICE, place=MARKET)
    lot = receive(stall, vendor, from_lot=market, food="大米", quantity=Decimal(20), received_at=NOW)
    captured(*STORY[3:])
    assert lot.pk in {row.id for row in supply.trace(Lot.objects.get(code=RICE, place=FARM).pk, "forward").lots}
