"""What all services of supply do alike: number a lot, make the event that says what happened."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from fangxin.engines.epcis.json_writing import CONTEXT
from fangxin.engines.traceability.spans import CLOCK, DAY, Span, window
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import Event, EventCode, Link, Lot, Source, Sureness

M = TypeVar("M", bound=Model)
COUNTY_LENGTH = 6
MOST_QUANTITY = Decimal(1_000_000_000)
LOT_URN = "urn:x-fangxin:lot:"
PLACE_URN = "urn:x-fangxin:premises:"


def who(by: Any) -> str:
    return ledger.Actor.of(by).username


def named(by: Any) -> str:
    """Who vouches: the agency for which a person acts, else the person."""
    posts = getattr(by, "posts_today", [])
    return str(posts[0].agency.name) if posts else ledger.Actor.of(by).name


def insert(row: M) -> M:
    row.full_clean()
    row.save(force_insert=True)
    return row


def numbers(division_code: str, count: int) -> list[str]:
    county = division_code[:COUNTY_LENGTH]
    return [f"PC{county}{serial:08d}" for serial in ledger.take_numbers(f"lots-{county}", 0, count)]


def check_amount(quantity: Decimal | None) -> None:
    if quantity is not None and not 0 < quantity < MOST_QUANTITY:
        raise ValidationError({"quantity": _("数量应大于 0，请核对。")})


def check_past(moment: datetime, field: str) -> None:
    if moment > ledger.clock.now():
        raise ValidationError({field: _("时间还没有到，请填现在或者以前的时间。")})


def new_lot(
    *,
    food: str,
    division_code: str,
    began_on: date,
    source: str,
    by: Any,
    quantity: Decimal | None = None,
    unit: str = "",
    sureness: str = Sureness.STATED,
    vouched_by: str = "",
    **more: Any,
) -> Lot:
    return insert(
        Lot(
            number=numbers(division_code, 1)[0],
            food=food.strip(),
            division_code=division_code,
            began_on=began_on,
            source=source,
            quantity=quantity,
            unit=unit.strip(),
            sureness=sureness,
            vouched_by=(vouched_by or named(by))[:120],
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
            **more,
        )
    )


def uri(lot: Lot) -> str:
    """The lot's code in events: the scanned one if it is a URI, else one of the platform's own."""
    return lot.code if ":" in lot.code else LOT_URN + lot.number


def element(lot: Lot, quantity: Decimal | None, unit: str) -> dict[str, Any]:
    made: dict[str, Any] = {"epcClass": uri(lot)}
    if quantity is not None:
        made["quantity"] = float(quantity)
        made |= {"uom": UNITS[unit]} if unit in UNITS else {}
    return made


# Units of measure as events write them (UN/ECE Recommendation 20); others stay out of the event and on the lot.
UNITS = {
    "kg": "KGM",
    "公斤": "KGM",
    "千克": "KGM",
    "g": "GRM",
    "克": "GRM",
    "t": "TNE",
    "吨": "TNE",
    "L": "LTR",
    "升": "LTR",
}


def own_event(
    *,
    kind: str,
    at: datetime,
    biz_step: str,
    premises: Any,
    codes: Sequence[tuple[str, Lot, Decimal | None, str]],
    source: str,
    how: str,
    division_code: str,
    by: Any,
    action: str = "",
    more: Mapping[str, Any] | None = None,
) -> Event:
    """The event that a captured document would have held, made from what a small trader told."""
    now = ledger.clock.now()
    body: dict[str, Any] = {
        "@context": [CONTEXT, {"fangxin": "urn:x-fangxin:"}],
        "type": kind,
        "eventID": f"urn:uuid:{uuid.uuid4()}",
        "eventTime": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "eventTimeZoneOffset": "+08:00",
        "bizStep": biz_step,
        "fangxin:how": how,
        **(more or {}),
    }
    if action:
        body["action"] = action
    if premises is not None:
        body["bizLocation"] = {"id": PLACE_URN + premises.number}
    for role, lot, quantity, unit in codes:
        body.setdefault(_LISTS[role], []).append(element(lot, quantity, unit))
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    event = Event(
        # Told once, here: the number that it was given keeps it apart from the like.
        hash=sha256(text.encode()).hexdigest(),
        event_id=body["eventID"],
        kind=kind,
        action=action,
        event_at=at,
        record_at=now,
        biz_step=biz_step,
        biz_location=body.get("bizLocation", {}).get("id", ""),
        body=text,
        source=source,
        vouched_by=named(by)[:120],
        division_code=division_code,
        agency_id=_agency(by),
    )
    event.save(force_insert=True)
    EventCode.objects.bulk_create(
        [
            EventCode(event=event, code=uri(lot), role=role, by_class=True, quantity=quantity, unit=unit)
            for role, lot, quantity, unit in codes
        ]
    )
    return event


_LISTS = {"epc": "quantityList", "input": "inputQuantityList", "output": "outputQuantityList"}


def _agency(by: Any) -> int | None:
    posts = getattr(by, "posts_today", [])
    return posts[0].agency_id if posts else None


def make_link(
    from_lot: Lot,
    to_lot: Lot,
    *,
    sent_at: datetime | None = None,
    received_at: datetime | None = None,
    quantity: Decimal | None = None,
    unit: str = "",
    event: Event | None = None,
    precise: bool = False,
    inferred: bool = False,
) -> Link:
    """A link that is not yet saved. A time that a person typed is good for its day, one that a machine told to the second."""
    leaves, arrives = window(span(sent_at, precise), span(received_at, precise))
    return Link(
        from_lot=from_lot, to_lot=to_lot, sent_at=sent_at, received_at=received_at, leaves=leaves, arrives=arrives,
        quantity=quantity, unit=unit, premises_id=to_lot.premises_id, event=event,
        kind=Link.Kind.INFERRED if inferred else Link.Kind.EXPLICIT,
    )  # fmt: skip


def date_link(link: Link | None, sent_at: datetime | None, received_at: datetime | None) -> None:
    """Tell a link's times anew, by the day."""
    if link is not None:
        link.sent_at, link.received_at = sent_at, received_at
        link.leaves, link.arrives = window(span(sent_at, False), span(received_at, False))
        link.save(update_fields=["sent_at", "received_at", "leaves", "arrives"])


def span(at: datetime | None, precise: bool) -> Span | None:
    if at is None:
        return None
    local = at.astimezone(CLOCK)
    second = int((local.replace(tzinfo=None) - _START).total_seconds())
    return Span(second, second) if precise else Span(second - second % DAY, second - second % DAY + DAY - 1)


_START = datetime(1970, 1, 1)  # noqa: DTZ001  the wall clock's own beginning


def source_of(how: str, certificate_code: str) -> str:
    """Which source a lot has that came with a receipt."""
    if certificate_code:
        return Source.CERTIFICATE
    return {"sheet": Source.SHEET, "scale": Source.SCALE}.get(how, Source.RECEIPT)
