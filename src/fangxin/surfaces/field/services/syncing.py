"""Synchronisation over the database: the store of the rule, and what an operation does handed in."""

import logging
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field import rules
from fangxin.surfaces.field.handlers import Handling, handle
from fangxin.surfaces.field.models import Conflict, Device, SyncedOperation, Upload
from fangxin.surfaces.field.rules import Contact, Held, Operation, Outcome, Reason, State, Time
from fangxin.surfaces.field.services import devices
from fangxin.surfaces.field.words import sentence

logger = logging.getLogger(__name__)


class DatabaseStore:
    """A `rules.Store` for one phone."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._files: dict[str, str] = {}

    def transaction(self) -> AbstractContextManager[Any]:
        return transaction.atomic()

    def _held(self, **which: Any) -> Held | None:
        row = SyncedOperation.objects.filter(device=self.device, **which).first()
        if row is None:
            return None
        return Held(str(row.uuid), row.sequence, row.fingerprint, Outcome(State(row.outcome), row.reason))

    def by_uuid(self, device: str, uuid: str) -> Held | None:
        return self._held(uuid=uuid)

    def by_sequence(self, device: str, sequence: int) -> Held | None:
        return self._held(sequence=sequence)

    def last_sequence(self, device: str, subject: str) -> int:
        rows = SyncedOperation.objects.filter(device=self.device, subject=subject)
        return rows.aggregate(last=Max("sequence"))["last"] or 0

    def file_state(self, digest: str) -> str:
        state = self._files.get(digest, "missing")
        if state == "missing":
            upload = Upload.objects.filter(digest=digest).first()
            state = "missing" if upload is None else "kept" if upload.file_id else "refused"
            self._files[digest] = state
        return state

    def keep(
        self, device: str, operation: Operation, *, sequence: int | None, outcome: Outcome, time: Time, contact: Contact
    ) -> None:
        row = SyncedOperation(
            uuid=operation.uuid, device=self.device, sequence=sequence, told_sequence=operation.sequence,
            kind=operation.kind, subject=operation.subject, payload=dict(operation.payload),
            files=list(operation.files), fingerprint=operation.fingerprint,
            outcome=str(outcome.state), reason=outcome.reason[:500],
            made_at_device=operation.made_at, made_at=time.corrected, time_doubtful=time.doubtful,
            received_at=contact.received_at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise rules.Taken from None
        if outcome.state is not State.APPLIED:
            open_conflict(row)


def open_conflict(row: SyncedOperation) -> Conflict:
    """Kept where a person of the phone's own division finds it."""
    conflict = Conflict.objects.create(
        operation=row,
        division_code=row.device.division_code,
        about=str(row.payload.get("about", ""))[:200],
        opened_at=row.received_at,
    )
    ledger.record(
        "field.conflict.opened", of=conflict, by=row.device.user, division_code=conflict.division_code,
        data={"kind": row.kind, "outcome": row.outcome, "operation": str(row.uuid)},
    )  # fmt: skip
    return conflict


@transaction.atomic
def take_in(device: Device, batch: rules.Batch) -> rules.Reply:
    """Take a batch from a phone whose token was good.

    Kept with one commit, before anything is answered; each operation stands in a savepoint of its own. Where the
    database is busy the whole batch is let go, and the phone sends it again.
    """
    refuse = None
    if device.state != Device.State.ACTIVE:
        refuse = Reason.SIGNED_OUT
    elif not devices.is_fit(device.user):
        refuse = Reason.NO_POST
    reply = rules.take_in(batch, store=DatabaseStore(device), apply=partial(_apply, device), refuse=refuse)
    devices.note_contact(device=device, pending=batch.pending, offset_s=batch.contact.offset.total_seconds())
    return reply


def _apply(device: Device, operation: Operation, time: Time) -> Outcome:
    """In a savepoint of its own: whatever goes wrong inside, nothing half done stays, and nothing is lost."""
    handling = Handling(operation.kind, operation.subject, operation.payload, operation.files, time.corrected)
    try:
        with transaction.atomic():
            return handle(handling, device=device)
    except OperationalError:
        raise  # the database is busy: the phone sends it again
    except ValidationError as error:
        return Outcome(State.REFUSED, " ".join(error.messages))
    except Exception:
        # Whatever a handler cannot do, the work of a day is not lost for it.
        logger.exception("a synchronised operation could not be handled: %s", operation.uuid)
        return Outcome(State.CONFLICT, Reason.TROUBLE)


def answer_of(reply: rules.Reply, *, wipe: bool, now: datetime) -> dict[str, Any]:
    return {
        "protocol": rules.PROTOCOL,
        "server_time": now.isoformat(),
        "answers": [
            {"uuid": a.uuid, "state": str(a.state), "already": a.again, "reason": sentence(a.reason)}
            for a in reply.answers
        ],
        "confirmed": list(reply.confirmed),
        "wipe": wipe,
    }


@transaction.atomic
def decide(*, conflict: Conflict, take: str, reason: str, by: Any) -> Conflict:
    """A person takes the phone's version or keeps the platform's. The operation's own row never changes."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明处理理由。")})
    taken = Conflict.objects.filter(pk=conflict.pk, state=Conflict.State.OPEN).update(
        state=take, decided_at=ledger.clock.now(), decided_by=by.username, decision_reason=reason[:300]
    )
    if taken != 1:
        raise ValidationError(_("这条冲突刚刚已由别人处理，请返回列表查看。"))
    if take == Conflict.State.PHONE:
        _take_the_phones(conflict.operation)
    conflict.refresh_from_db()
    ledger.record(
        "field.conflict.decided", of=conflict, by=by, division_code=conflict.division_code,
        data={"take": take, "reason": reason, "operation": str(conflict.operation.uuid)},
    )  # fmt: skip
    return conflict


def _take_the_phones(row: SyncedOperation) -> None:
    handling = Handling(row.kind, row.subject, row.payload, tuple(row.files), row.made_at, decided=True)
    outcome = handle(handling, device=row.device)
    if outcome.state is not State.APPLIED:
        raise ValidationError(
            _("手机的记录现在仍不能采用：%(why)s可以保留平台的，并在理由中写明。") % {"why": sentence(outcome.reason)}
        )
