"""Events come in: read, hashed, stored durably; links are derived from them afterwards."""

import json
import uuid
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.epcis import EpcisError, Event, event_hash, open_document, to_json
from fangxin.engines.epcis.vocabulary import bare_word
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.data import Captured
from fangxin.kernel.supply.derivation import mentions, place_of, plain
from fangxin.kernel.supply.services import deriving
from fangxin.kernel.supply.services.storing import Ready, Sender, store

_HASH_LENGTH = 64
LONGEST_CODE = 255
MOST_CODES = 100_000
BATCH = 1_000
# A batch up to this size has its links at once; a larger one when the worker comes round.
DERIVED_AT_ONCE = 200


def sender_of(by: Any) -> Sender:
    """A person or a firm's own system, by the first post of today."""
    posts = getattr(by, "posts_today", [])
    if not posts:
        return Sender(ledger.Actor.of(by).username, None, ledger.Actor.of(by).name, "")
    agency = posts[0].agency
    return Sender(ledger.Actor.of(by).username, agency.pk, agency.name[:120], posts[0].division_code)


def ready(event: Event) -> Ready:
    """What of an event is kept beside its text, for finding it again.

    Raises EpcisError where it cannot be kept: no time, a code longer than any identifier.
    """
    own_hash = hash_of(event)
    key, declares = own_hash, ""
    if event.error_declaration is not None:
        declares = own_hash
        key = sha256(f"{own_hash}{event.error_declaration}".encode()).hexdigest()
    codes = tuple(mentions(event))
    if len(codes) > MOST_CODES:
        raise EpcisError(f"an event may name up to {MOST_CODES} identifiers")
    row = Ready(
        hash=key, declares=declares, event_id=event.event_id or "", kind=event.kind.value,
        action=str(event.action.value if event.action else ""), event_at=event.at,
        biz_step=bare_word("bizStep", event.biz_step or ""), disposition=bare_word("disposition", event.disposition or ""),
        read_point=plain(event.read_point.id) if event.read_point else "",
        biz_location=plain(event.biz_location.id) if event.biz_location else "", site=place_of(event),
        body=json.dumps(to_json(event), ensure_ascii=False, separators=(",", ":")), codes=codes,
    )  # fmt: skip
    texts = (row.event_id, row.biz_step, row.disposition, row.read_point, row.biz_location, *(c.code for c in codes))
    if any(len(text) > LONGEST_CODE for text in texts):
        raise EpcisError(f"an identifier may have up to {LONGEST_CODE} characters")
    if any("\0" in text for text in (*texts, row.body)) or "\\u0000" in row.body:
        raise EpcisError("an event may hold no NUL character")
    return row


def hash_of(event: Event) -> str:
    """The hex digits of the standard's event hash."""
    return event_hash(event).removeprefix("ni:///sha-256;")[:_HASH_LENGTH]


def capture(events: Iterable[Event], *, by: Any, number: uuid.UUID | None = None) -> Captured:
    """Store a batch durably; the same events a second time change nothing. All are kept, or none."""
    sender = sender_of(by)
    rows = [ready(event) for event in events]
    with transaction.atomic():
        job = store(rows, sender=sender, number=number)
        if job.fresh:
            told = {"events": job.events, "fresh": job.fresh}
            ledger.record("supply.events.captured", of=job, by=by, division_code=sender.division_code, data=told)
            if job.fresh <= DERIVED_AT_ONCE:
                transaction.on_commit(deriving.derive_waiting)
    return Captured(str(job.number), job.events, job.fresh)


def capture_file(file: IO[bytes], *, by: Any, media_type: str = "") -> Iterator[Captured]:
    """A document of any size, a thousand events at a time. What was yielded is kept, also if a later part is wrong."""
    batch: list[Event] = []
    for event in open_document(file, media_type).events:
        batch.append(event)
        if len(batch) == BATCH:
            yield capture(batch, by=by)
            batch = []
    if batch:
        yield capture(batch, by=by)


def refused(error: EpcisError) -> ValidationError:
    return ValidationError(_("追溯文件读不出来：%(why)s。请让软件供应商核对后重新导出。") % {"why": str(error)[:300]})
