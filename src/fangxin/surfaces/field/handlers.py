"""What an operation does: handed to fieldwork, after asking whether two phones met on one subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field.models import Device, SyncedOperation
from fangxin.surfaces.field.rules import Outcome, State


@dataclass(frozen=True, slots=True)
class Handling:
    """An operation as it takes effect. `decided` says that a person has chosen it over what the platform has."""

    kind: str
    subject: str
    payload: Mapping[str, Any]
    files: tuple[str, ...]
    made_at: datetime
    decided: bool = False


def handle(handling: Handling, *, device: Device) -> Outcome:
    user: Any = device.user
    other = _same_visit(handling, user) if handling.kind == "start" else None
    if other is not None:
        # A colleague's phone has begun the same visit: both go on in one inspection.
        return Outcome(State.APPLIED, _("已并入同事开始的检查%(number)s。") % {"number": other.number})
    inspection = _inspection_of(handling, device)
    if handling.kind == "item" and inspection is not None and not handling.decided:
        unseen = _unseen(handling, inspection, user)
        if unseen:
            return Outcome(State.CONFLICT, unseen)
    subject = str(inspection.client_key) if inspection is not None else handling.subject
    told = fieldwork.apply_operation(operation=_told(handling, subject), by=user, device_id=str(device.uuid))
    return Outcome(State(told.status), told.message)


def _told(handling: Handling, subject: str) -> dict[str, Any]:
    payload = {name: value for name, value in handling.payload.items() if name not in ("about", "seen")}
    # What a person decides now is newer than what it replaces; a beginning keeps its own time.
    made_at = ledger.clock.now() if handling.decided and handling.kind == "item" else handling.made_at
    return {
        "kind": handling.kind, "subject": subject, "made_at": made_at, "payload": payload, "files": list(handling.files),
    }  # fmt: skip


def _mine(user: Any) -> Any:
    return fieldwork.list_inspections(user, "inspection.work").filter(officers__user=user)


def _same_visit(handling: Handling, user: Any) -> Any:
    visit = handling.payload.get("visit")
    if not isinstance(visit, int) or isinstance(visit, bool) or not 0 < visit < 2**63:
        return None
    return _mine(user).filter(visit=visit).exclude(client_key=_key(handling.subject)).first()


def _key(subject: str) -> str | None:
    return subject if len(subject) == 36 and subject.count("-") == 4 else None


def _inspection_of(handling: Handling, device: Device) -> Any:
    """The inspection under the phone's own name, or the one into which its beginning was taken."""
    user: Any = device.user
    key = _key(handling.subject)
    if key is None:
        return None
    found = fieldwork.list_inspections(user, "inspection.work").filter(client_key=key).first()
    if found is not None or handling.kind == "start":
        return found
    begun = SyncedOperation.objects.filter(device=device, subject=handling.subject, kind="start", outcome="applied")
    row = begun.first()
    return _mine(user).filter(visit=row.payload.get("visit")).first() if row is not None else None


def _unseen(handling: Handling, inspection: Any, user: Any) -> str:
    """A colleague noted something else for the item, which this phone had not seen when its person noted this."""
    row = inspection.items.filter(code=str(handling.payload.get("code"))[:30]).first()
    if row is None or row.recorded_by == user.username:
        return ""
    if row.outcome in (handling.payload.get("outcome"), handling.payload.get("seen")):
        return ""
    return _("项目%(code)s已由另一名检查人员记为“%(outcome)s”，记录时手机上还看不到。请两人核对后决定。") % {
        "code": row.code,
        "outcome": row.get_outcome_display(),
    }
