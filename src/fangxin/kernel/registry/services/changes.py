from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.models import ChangeRequest, Premises
from fangxin.kernel.registry.rules import column
from fangxin.kernel.registry.services.subjects import change_premises

# What may be asked for: the place itself, not who owns the row or where it was merged.
ASKABLE = (
    "name", "kind", "address", "phone", "division_code", "rural", "latitude", "longitude", "area_m2", "seats", "status",
)  # fmt: skip


@transaction.atomic
def request_change(
    *, premises: Premises, changes: Mapping[str, Any], reason: str, by: Any, effective_on: date | None = None
) -> ChangeRequest:
    """Ask that fields of premises be changed; only what differs is kept."""
    unknown = set(changes) - set(ASKABLE)
    if unknown:
        raise ValueError(f"a change request does not hold {sorted(unknown)}")
    differing = {
        field: [as_text(getattr(premises, field)), as_text(value)]
        for field, value in changes.items()
        if as_text(getattr(premises, field)) != as_text(value)
    }
    if not differing:
        raise ValidationError(_("没有改动任何内容，请先修改需要变更的项目。"))
    request = ChangeRequest(
        premises=premises,
        division_code=premises.division_code,
        changes=differing,
        effective_on=effective_on,
        reason=reason.strip(),
        asked_at=ledger.clock.now(),
        asked_by=by,
    )
    request.full_clean()
    request.save()
    ledger.record(
        "registry.change.requested", of=request, by=by, data={"premises": premises.pk, "fields": sorted(differing)}
    )
    return request


def as_text(value: Any) -> str | None:
    """How a value stands in a request: as typed, `None` for nothing."""
    return None if value is None else str(value)


@transaction.atomic
def decide_change(*, request: ChangeRequest, accept: bool, by: Any, note: str = "") -> ChangeRequest:
    """Decide by somebody else than who asked. Accepting changes the premises in the same transaction."""
    if by.pk == request.asked_by_id:
        raise ValidationError(_("提出人不能审核自己的申请，请由他人审核。"))
    if not accept and not note.strip():
        raise ValidationError({"note": _("不采纳时请写明理由，便于提出人更正。")})
    _leave_open(request, ChangeRequest.State.APPLIED if accept else ChangeRequest.State.REFUSED, note, by)
    if accept:
        _apply(request, by)
    event = "registry.change.applied" if accept else "registry.change.refused"
    ledger.record(event, of=request, by=by, data={"premises": request.premises_id, "fields": sorted(request.changes)})
    return request


@transaction.atomic
def withdraw_change(*, request: ChangeRequest, by: Any) -> ChangeRequest:
    if by.pk != request.asked_by_id:
        raise ValidationError(_("只有提出人可以撤回申请。"))
    _leave_open(request, ChangeRequest.State.WITHDRAWN, "", by)
    ledger.record("registry.change.withdrawn", of=request, by=by, data={"premises": request.premises_id})
    return request


def _leave_open(request: ChangeRequest, state: str, note: str, by: Any) -> None:
    decided = ChangeRequest.objects.filter(pk=request.pk, state=ChangeRequest.State.OPEN).update(
        state=state, decided_at=ledger.clock.now(), decided_by=by, decision_note=note.strip()[:300]
    )
    if decided != 1:
        raise ValidationError(_("这份申请刚刚已由他人处理，请刷新后查看。"))
    request.refresh_from_db()


def _apply(request: ChangeRequest, by: Any) -> None:
    premises = Premises.objects.get(pk=request.premises_id)
    moved_on = [f for f, (asked_from, _to) in request.changes.items() if as_text(getattr(premises, f)) != asked_from]
    if moved_on:
        labels = "、".join(str(column(Premises, field).verbose_name) for field in moved_on)
        raise ValidationError(
            _("提出申请之后，%(labels)s已被改为其他内容。请核对后不予采纳，由提出人按现状重新申请。")
            % {"labels": labels}
        )
    wanted = {field: column(Premises, field).to_python(to) for field, (_from, to) in request.changes.items()}
    change_premises(premises=premises, by=by, effective_on=request.effective_on, **wanted)
