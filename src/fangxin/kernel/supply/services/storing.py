"""Events into the database, as fast as each of both databases takes them. A hash that is known is not written again."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.derivation import Mention
from fangxin.kernel.supply.models import CaptureJob, Event, EventCode, Place, Source

EVENT_COLUMNS = (
    "id", "hash", "declares", "event_id", "kind", "action", "event_at", "record_at", "ahead", "biz_step", "disposition",
    "read_point", "biz_location", "body", "source", "vouched_by", "division_code", "agency_id", "job_id",
)  # fmt: skip
CODE_COLUMNS = ("event_id", "code", "role", "by_class", "quantity", "unit")
_AT_ONCE = 900
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands events in, and where what lies nowhere else counts."""

    name: str
    agency_id: int | None
    agency_name: str
    division_code: str


@dataclass(frozen=True, slots=True)
class Ready:
    """An event that is ready to be written."""

    hash: str
    declares: str
    event_id: str
    kind: str
    action: str
    event_at: datetime
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str
    site: str
    body: str
    codes: tuple[Mention, ...]
    sender: Sender | None = None


def store(ready: Iterable[Ready], *, sender: Sender | None, number: uuid.UUID | None = None) -> CaptureJob:
    """All of them in one transaction, or none. What two senders hand in at the same moment is written once."""
    rows = list({row.hash: row for row in ready}.values())
    total = len(rows)
    for attempt in range(_TRIES):
        try:
            return _store(rows, total, sender, number)
        except IntegrityError:
            if attempt + 1 == _TRIES or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _store(rows: Sequence[Ready], total: int, sender: Sender | None, number: uuid.UUID | None) -> CaptureJob:
    now = ledger.clock.now()
    known = _known([row.hash for row in rows])
    fresh = [row for row in rows if row.hash not in known]
    job = CaptureJob(
        number=number or uuid.uuid4(), state=CaptureJob.State.ACCEPTED if fresh else CaptureJob.State.DONE,
        agency_id=sender.agency_id if sender else None, division_code=sender.division_code if sender else "",
        received_at=now, received_by=sender.name if sender else "", finished_at=None if fresh else now, events=total,
        fresh=len(fresh),
    )  # fmt: skip
    job.save(force_insert=True)
    if fresh:
        divisions = _divisions({row.site for row in fresh if row.site})
        _write(fresh, job, sender, divisions, now)
    return job


def _known(hashes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        found.update(Event.objects.filter(hash__in=some).order_by().values_list("hash", flat=True))
    return found


def _divisions(sites: set[str]) -> dict[str, str]:
    return dict(Place.objects.filter(code__in=sorted(sites)[:_AT_ONCE]).order_by().values_list("code", "division_code"))


def _write(
    fresh: Sequence[Ready], job: CaptureJob, sender: Sender | None, divisions: dict[str, str], now: datetime
) -> None:
    write = _copied if connection.vendor == "postgresql" else _inserted
    with connection.cursor() as cursor:
        numbers = _numbers(cursor, len(fresh))
        moment, amount = _adapters()
        events = (
            _event(n, row, job, row.sender or sender, divisions, now, moment)
            for n, row in zip(numbers, fresh, strict=True)
        )
        write(cursor, Event._meta.db_table, EVENT_COLUMNS, events)
        codes = (
            (n, code.code, code.role, code.by_class, amount(code.quantity), code.unit)
            for n, row in zip(numbers, fresh, strict=True)
            for code in row.codes
        )
        write(cursor, EventCode._meta.db_table, CODE_COLUMNS, codes)


def _event(
    number: int,
    row: Ready,
    job: CaptureJob,
    sender: Sender | None,
    divisions: dict[str, str],
    now: datetime,
    moment: Any,
) -> tuple[Any, ...]:
    return (
        number, row.hash, row.declares, row.event_id, row.kind, row.action, moment(row.event_at), moment(now),
        row.event_at > now, row.biz_step, row.disposition, row.read_point, row.biz_location, row.body, Source.EPCIS.value,
        sender.agency_name if sender else "", divisions.get(row.site) or (sender.division_code if sender else ""),
        sender.agency_id if sender else None, job.pk,
    )  # fmt: skip


def _numbers(cursor: Any, count: int) -> list[int]:
    table = Event._meta.db_table
    if connection.vendor == "postgresql":
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [number for (number,) in cursor.fetchall()]
    # The write lock is held: nobody else takes numbers now.
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return list(range(first, first + count))


def _adapters() -> tuple[Any, Any]:
    if connection.vendor == "postgresql":
        return (lambda at: at), (lambda amount: amount)
    return connection.ops.adapt_datetimefield_value, (lambda amount: None if amount is None else str(amount))


def _copied(cursor: Any, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _inserted(cursor: Any, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", list(rows))  # noqa: S608


def from_sender(row: Ready, sender: Sender) -> Ready:
    """The row with its own sender, for a batch that holds events of several."""
    return replace(row, sender=sender)
