"""Writing to the ledger: entries with the change they speak of, seals right after."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction

from fangxin.engines import evidence
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import clock
from fangxin.kernel.ledger.data import Actor
from fangxin.kernel.ledger.models import ChainHead, Entry, Seal, Waiting

ALGORITHM = "sha256"
SEAL_BATCH = 500


class UnknownEvent(Exception):
    """The event's word was never offered, so nobody could read the entry."""


def record(
    event: str,
    *,
    of: models.Model | None,
    by: Any,
    division_code: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Record that something happened to `of`, in the caller's transaction.

    `by` is a user, an `Actor` or None for the platform itself. `division_code` says where facts changed: figures of
    that division (and what lies below it) are computed anew.
    """
    entry = build_entry(event, of=of, by=by, division_code=division_code, data=data)
    entry.save(force_insert=True)
    Waiting.objects.create(entry=entry)
    _seal_after_commit()
    return entry


def build_entry(
    event: str, *, of: models.Model | None, by: Any, division_code: str = "", data: Mapping[str, Any] | None = None
) -> Entry:
    if event not in contribute.events:
        raise UnknownEvent(f"{event!r} is not offered by any app; add contribute.event({event!r}, …)")
    actor = Actor.of(by)
    return Entry(
        at=clock.now(),
        event=event,
        actor=actor.username,
        actor_name=actor.name,
        subject_type=of._meta.label_lower if of is not None else "",
        subject_id=str(of.pk) if of is not None else "",
        subject_name=str(of)[:200] if of is not None else "",
        division_code=division_code or getattr(of, "division_code", "") or "",
        data=evidence.canonical_json(dict(data or {})),
    )


def record_many(entries: list[Entry]) -> None:
    """Write entries made with `build_entry` at once, for imports."""
    written = Entry.objects.bulk_create(entries, batch_size=500)
    Waiting.objects.bulk_create([Waiting(entry=entry) for entry in written], batch_size=500)
    _seal_after_commit()


def _seal_after_commit() -> None:
    """Once for a transaction, however many entries it writes."""
    here = set(connection.savepoint_ids)
    if not any(waiting[1] is seal_soon and waiting[0] <= here for waiting in connection.run_on_commit):
        transaction.on_commit(seal_soon)


def seal_soon() -> None:
    """Seal after a commit. Inside a test's or a caller's outer transaction nothing is committed yet, so wait."""
    if not connection.in_atomic_block:
        seal_pending()


COVERED = ("event", "actor", "actor_name", "subject_type", "subject_id", "subject_name", "division_code", "data")


def payload(entry: Entry) -> dict[str, object]:
    """What the digest covers besides number and time: every column of the entry."""
    return {"id": entry.pk, **{name: getattr(entry, name) for name in COVERED}}


def seal_pending() -> int:
    """Chain every committed entry that is not chained yet; returns how many."""
    total = 0
    # Asked outside the transaction: mostly nothing waits, and who only reads a figure need not hold up the writers.
    while Waiting.objects.exists():
        total += _seal_batch()
    return total


@transaction.atomic
def _seal_batch() -> int:
    row = _hold_head()
    head = evidence.ChainHead(row.seq, row.digest or evidence.GENESIS.digest)
    seals = []
    for waiting in Waiting.objects.select_related("entry").order_by("pk")[:SEAL_BATCH]:
        entry = waiting.entry
        link = evidence.next_entry(head, at=entry.at, payload=payload(entry), algorithm=ALGORITHM)
        seals.append(Seal(seq=link.seq, entry=entry, digest=link.digest, algorithm=link.algorithm))
        head = evidence.ChainHead(link.seq, link.digest)
    if seals:
        Seal.objects.bulk_create(seals, batch_size=300)
        row.seq, row.digest = head.seq, head.digest
        row.save()
        Waiting.objects.filter(pk__in=[seal.entry_id for seal in seals]).delete()
    return len(seals)


def _hold_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)
