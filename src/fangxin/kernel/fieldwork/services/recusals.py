"""Who may not inspect where."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import rules
from fangxin.kernel.fieldwork.models import Recusal
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.ledger import api as ledger


@transaction.atomic
def declare_recusal(*, user: Any, premises: Any, reason: str, by: Any) -> Recusal:
    row = Recusal(
        user=user,
        premises=premises,
        division_code=premises.division_code,
        reason=need_text(reason, "reason", _("请写明回避的原因。"), most=200),
        declared_at=ledger.clock.now(),
        declared_by=named(by),
    )
    row.clean_fields()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise rules.Refused(_("这名人员对这个对象的回避已经登记过。")) from None
    ledger.record(
        "fieldwork.recusal.declared", of=row, by=by, data={"user": user.username, "premises": premises.number}
    )
    return row


@transaction.atomic
def end_recusal(*, recusal: Recusal, by: Any) -> Recusal:
    now, username = ledger.clock.now(), named(by)
    if Recusal.objects.filter(pk=recusal.pk, ended_at=None).update(ended_at=now, ended_by=username) != 1:
        raise rules.MovedOn(_("这条回避登记已经解除。"))
    recusal.ended_at, recusal.ended_by = now, username
    ledger.record("fieldwork.recusal.ended", of=recusal, by=by)
    return recusal
