"""What a phone takes along: the visits of the coming month, what is under way, the checklists, and what waits on the
platform. No telephone numbers, and no persons besides the inspectors to choose from."""

from collections.abc import Mapping
from typing import Any

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field.models import Device
from fangxin.surfaces.field.selectors import open_notices
from fangxin.surfaces.field.services import devices
from fangxin.surfaces.field.words import sentence

VERSION = 1
DAYS_AHEAD = 31
ITEM = ("code", "outcome", "safety_affected", "accident_potential", "corrected_on_site", "note")
Facts = Mapping[str, Any]


def snapshot_for(device: Device) -> dict[str, Any]:
    """Small and whole: it replaces what the phone had."""
    user: Any = device.user
    told: Facts = {"visits": [], "inspections": [], "checklists": [], "last_findings": {}, "officers": []}
    if devices.is_fit(user):
        told = fieldwork.snapshot_for(user, ledger.clock.today(), ahead=DAYS_AHEAD)
    editions = {c["code"]: c["edition"] for c in told["checklists"] if c["in_force_to"] is None or _in_force(c)}
    last = told["last_findings"]
    return {
        "version": VERSION,
        "made_at": ledger.clock.now().isoformat(),
        "person": {"id": user.pk, "name": user.name},
        "station": devices.agency_place(user),
        "colleagues": [one for one in told["officers"] if one["id"] != user.pk],
        "visits": _visits(told, user, editions, last),
        "inspections": _inspections(told, user, last),
        "checklists": {str(c["edition"]): _checklist(c) for c in told["checklists"]},
        "notices": [_notice(conflict) for conflict in open_notices(device)[:100]],
    }


def _in_force(checklist: Facts) -> bool:
    return bool(checklist["in_force_from"] <= ledger.clock.today() <= checklist["in_force_to"])


def _visits(told: Facts, user: Any, editions: Mapping[str, int], last: Facts) -> list[dict[str, Any]]:
    planned: dict[int, list[int]] = {}
    rows = fieldwork.list_visits(user).filter(pk__in=[v["id"] for v in told["visits"]], officers__isnull=False)
    for visit, officer in rows.order_by().values_list("pk", "officers"):
        planned.setdefault(visit, []).append(officer)
    again = _items_to_see_again(told, user)
    return [
        _visit(v, planned.get(v["id"], []), editions.get(v["checklist"]), again.get(v["rechecks"], []), last)
        for v in told["visits"]
    ]


def _items_to_see_again(told: Facts, user: Any) -> dict[int, list[str]]:
    """A re-check looks at what failed."""
    found: dict[int, list[str]] = {}
    rows = fieldwork.list_findings(user).filter(inspection__in=[v["rechecks"] for v in told["visits"] if v["rechecks"]])
    for inspection, code in rows.order_by("pk").values_list("inspection", "code"):
        found.setdefault(inspection, []).append(code)
    return found


def _visit(visit: Facts, officers: list[int], edition: int | None, items: list[str], last: Facts) -> dict[str, Any]:
    place = {"latitude": visit["latitude"], "longitude": visit["longitude"]}
    return {
        "id": visit["id"],
        "kind": visit["kind_label"],
        "reason": visit["reason"],
        "basis": visit["basis"],
        "due_on": visit["due_on"],
        "officers": officers,
        "checklist": edition,
        "items": items,
        "premises": {
            "id": visit["premises"], "name": visit["name"], "kind": visit["premises_kind"],
            "address": visit["address"], "place": place,
        },
        "last": _last(last, visit["premises"]),
    }  # fmt: skip


def _last(last: Facts, premises: int) -> dict[str, Any] | None:
    """What was found before and is not put right yet."""
    found = last.get(str(premises))
    return {"on": str(found[0]["found_on"]), "findings": [f["text"] for f in found]} if found else None


def _inspections(told: Facts, user: Any, last: Facts) -> list[dict[str, Any]]:
    by_key = {one["client_key"]: one for one in told["inspections"]}
    rows = fieldwork.list_inspections(user, "inspection.work").filter(client_key__in=list(by_key))
    rows = rows.select_related("premises").prefetch_related("officers", "items", "photos__file")
    return [_inspection(by_key[str(row.client_key)], row, last) for row in rows.order_by("pk")]


def _inspection(told: Facts, row: Any, last: Facts) -> dict[str, Any]:
    place = row.premises
    photos: dict[str, list[str]] = {}
    for photo in row.photos.all():
        photos.setdefault(photo.code, []).append(photo.file.digest)
    officers = list(row.officers.all())
    visit = {
        "id": told["visit"], "kind": str(row.get_kind_display()), "reason": "", "basis": "", "due_on": None,
        "officers": [o.user_id for o in officers], "checklist": told["edition"], "items": told["chosen_items"],
        "premises": {
            "id": place.pk, "name": told["name"], "kind": row.premises_kind, "address": place.address,
            "place": {"latitude": place.latitude, "longitude": place.longitude},
        },
        "last": _last(last, place.pk),
    }  # fmt: skip
    return {
        "key": told["client_key"],
        "number": told["number"],
        "state": told["state"],
        "visit": visit,
        "officers": visit["officers"],
        "items": {item.code: {name: getattr(item, name) for name in ITEM} for item in row.items.all()},
        "photos": photos,
        "signed": {str(o.user_id): True for o in officers if o.signature_id},
        "judged": {"result": row.result, "opinion": row.opinion} if row.state == "judged" else None,
    }


def _checklist(told: Facts) -> dict[str, Any]:
    items = [
        {"code": i["code"], "group": i["group"], "text": i["text"], "clause": i["clause"], "judge": i["judge"],
         "key": i["key"], "kinds": i["applies_to"]}
        for i in told["items"]
    ]  # fmt: skip
    return {"name": told["name"], "edition": told["version"], "items": items}


def _notice(conflict: Any) -> dict[str, Any]:
    row = conflict.operation
    return {"kind": row.kind, "about": conflict.about, "reason": sentence(row.reason)}
