"""Limits from sheets: checked when they come in, in use once a second person has read them, taken back with a reason."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines import limits as engine
from fangxin.kernel.catalog.limit_tables import files_in_use, files_of, name_of
from fangxin.kernel.catalog.models import LimitTable
from fangxin.kernel.catalog.sheets import read_table
from fangxin.kernel.catalog.words import fault_in_words
from fangxin.kernel.ledger import api as ledger

State = LimitTable.State
MOST_FAULTS = 50


class SheetFaulty(ValidationError):
    """The sheet cannot be taken; each message names row and column."""


@transaction.atomic
def upload(*, content: bytes, file_name: str, by: Any, **facts: Any) -> LimitTable:
    """Take a sheet in, waiting for a second person. Raises SheetFaulty, Unreadable; then nothing is kept."""
    body, numbers = read_table(facts["kind"], file_name, content)
    table = LimitTable(
        **facts, body=body, total=len(numbers), uploaded_at=ledger.clock.now(), uploaded_by=by.username,
        digest=hashlib.sha256(f"{facts['standard']}|{facts['edition']}|{facts['kind']}|{body}".encode()).hexdigest(),
    )  # fmt: skip
    table.clean_fields(exclude=["file"])
    table.validate_constraints()
    _refuse_faults(table, numbers)
    table.file = ledger.store_evidence(name=file_name, content=content, by=by)
    try:
        with transaction.atomic():
            table.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("同样的内容已经上传过，请在列表里查看。")) from None
    ledger.record(
        "catalog.limits.uploaded",
        of=table,
        by=by,
        data={"kind": table.kind, "rows": table.total, "digest": table.digest},
    )
    return table


def _refuse_faults(table: LimitTable, numbers: Sequence[int]) -> None:
    faults = faults_of(table)
    if faults:
        said = [fault_in_words(fault, numbers) for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            said.append(_("还有 %(n)s 处，改正以上各处后再上传。") % {"n": len(faults) - MOST_FAULTS})
        raise SheetFaulty(said)


def faults_of(table: LimitTable) -> list[engine.TableFault]:
    """What is wrong with a table beside all that is in use."""
    return engine.faults_of({**files_in_use(), **files_of(table)}, f"{name_of(table)}.toml")


def approve(*, table: LimitTable, by: Any) -> LimitTable:
    """Put in use, by somebody else than who uploaded it. Checked again, since other tables may have come between."""
    if table.uploaded_by == by.username:
        raise ValidationError(_("复核须由上传人以外的另一名人员办理。"))
    faults = faults_of(table)
    if faults:
        raise SheetFaulty([fault_in_words(fault) for fault in faults[:MOST_FAULTS]])
    return _decide(table, State.WAITING, State.IN_USE, "", "catalog.limits.approved", by)


def refuse(*, table: LimitTable, reason: str, by: Any) -> LimitTable:
    return _decide(table, State.WAITING, State.REFUSED, _needed(reason), "catalog.limits.refused", by)


def withdraw(*, table: LimitTable, reason: str, by: Any) -> LimitTable:
    """No longer used from now on. Verdicts given keep what they rested on."""
    own = files_of(table)
    try:
        engine.read_tables({name: data for name, data in files_in_use().items() if name not in own})
    except engine.TableFault as fault:
        raise ValidationError(
            _("别的限量表要用到这张表里的名称，不能停用：%(why)s") % {"why": fault_in_words(fault)}
        ) from None
    return _decide(table, State.IN_USE, State.WITHDRAWN, _needed(reason), "catalog.limits.withdrawn", by)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    return reason.strip()[:300]


@transaction.atomic
def _decide(table: LimitTable, before: str, after: str, reason: str, event: str, by: Any) -> LimitTable:
    now = ledger.clock.now()
    changed = LimitTable.objects.filter(pk=table.pk, state=before).update(
        state=after, decided_at=now, decided_by=by.username, reason=reason
    )
    if changed != 1:
        raise ValidationError(_("这张表刚刚已由别人办理，请刷新后再看。"))
    table.refresh_from_db()
    ledger.record(event, of=table, by=by, data={"digest": table.digest, "reason": reason})
    return table
