from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.models import (
    CensusEntry,
    ChangeRequest,
    Credential,
    Merge,
    NotDuplicate,
    Premises,
    PremisesFact,
    Staff,
)
from fangxin.kernel.registry.services.subjects import who

MOVED: dict[str, type[models.Model]] = {
    "credentials": Credential,
    "staff": Staff,
    "sightings": CensusEntry,
    "change_requests": ChangeRequest,
}
# These rows lie where their premises lie.
_CARRYING_DIVISION = (Credential, Staff)


@transaction.atomic
def merge_premises(*, survivor: Premises, merged: Premises, reason: str, by: Any) -> Merge:
    """Join two rows that are one place. The merged row stays, points to the survivor and is no longer counted."""
    if survivor.pk == merged.pk:
        raise ValidationError(_("请选择两个不同的场所。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明认定为同一场所的依据。")})
    taken = Premises.objects.filter(pk=merged.pk, merged_into=None).update(merged_into=survivor)
    if taken != 1 or not Premises.objects.filter(pk=survivor.pk, merged_into=None).exists():
        raise ValidationError(_("其中一个场所刚刚已被合并，请刷新后查看。"))
    moved: dict[str, list[int]] = {name: _move(model, merged, survivor) for name, model in MOVED.items()}
    moved["facts"] = _copy_facts(merged, survivor, by)
    merge = Merge.objects.create(
        survivor=survivor,
        merged=merged,
        reason=reason.strip()[:300],
        moved=moved,
        merged_at=ledger.clock.now(),
        merged_by=who(by),
    )
    merged.refresh_from_db()
    _tell("registry.premises.merged", merge, by)
    return merge


def _move(
    model: type[models.Model], source: Premises, target: Premises, keys: Iterable[int] | None = None
) -> list[int]:
    rows = model._default_manager.filter(premises=source)
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    changes: dict[str, Any] = {"premises": target}
    if model in _CARRYING_DIVISION:
        changes["division_code"] = target.division_code
    model._default_manager.filter(pk__in=found).update(**changes)
    return found


def _copy_facts(merged: Premises, survivor: Premises, by: Any) -> list[int]:
    """Facts cannot be moved, they are for ever; what the survivor does not know yet is written for it again."""
    known = set(PremisesFact.objects.filter(premises=survivor).values_list("name", flat=True))
    rows = PremisesFact.objects.filter(premises=merged).exclude(name__in=known).exclude(name__startswith="registry.")
    note = _("自并入的底册 %(number)s") % {"number": merged.number}
    return [_write(survivor, fact, fact.value, note=note, by=by).pk for fact in rows.order_by("valid_from", "pk")]


def _write(premises: Premises, like: PremisesFact, value: str, *, note: str, by: Any) -> PremisesFact:
    return PremisesFact.objects.create(
        premises=premises,
        name=like.name,
        value=value,
        valid_from=like.valid_from,
        valid_to=like.valid_to,
        evidence=like.evidence,
        note=note,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )


@transaction.atomic
def undo_merge(*, merge: Merge, by: Any) -> Merge:
    """Take a merge back: what was moved goes back, copied facts are withdrawn."""
    if Premises.objects.filter(pk=merge.survivor_id).exclude(merged_into=None).exists():
        raise ValidationError(_("保留的场所后来又并入了别处，请先撤销那一次合并。"))
    undone = Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=ledger.clock.now(), undone_by=who(by))
    if undone != 1:
        raise ValidationError(_("这次合并已经撤销，请刷新后查看。"))
    Premises.objects.filter(pk=merge.merged_id).update(merged_into=None)
    for name, model in MOVED.items():
        _move(model, merge.survivor, merge.merged, keys=merge.moved[name])
    note = _("撤销并入")
    for fact in PremisesFact.objects.filter(pk__in=merge.moved["facts"]):
        _write(merge.survivor, fact, "", note=note, by=by)
    merge.refresh_from_db()
    _tell("registry.premises.unmerged", merge, by)
    return merge


def _tell(event: str, merge: Merge, by: Any) -> None:
    """Both rows, and where each lies, have changed."""
    for premises in (merge.survivor, merge.merged):
        ledger.record(event, of=premises, by=by, data={"survivor": merge.survivor_id, "merged": merge.merged_id})


@transaction.atomic
def declare_distinct(*, first: Premises, second: Premises, by: Any) -> NotDuplicate:
    """Two premises that look alike are two; they are not proposed again."""
    low, high = sorted((first, second), key=lambda premises: premises.pk)
    row, made = NotDuplicate.objects.get_or_create(
        first=low, second=high, defaults={"decided_at": ledger.clock.now(), "decided_by": who(by)}
    )
    if made:
        ledger.record("registry.premises.distinct", of=low, by=by, data={"other": high.pk})
    return row
