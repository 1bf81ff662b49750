"""Goods taken off sale: stopped at once with what should be left, disposed of with what was found."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models import Entry, Withdrawal
from fangxin.actions.produce_markets.services.steps import stored
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, move, require, who
from fangxin.kernel.supply import api as supply

State = Entry.State


@transaction.atomic
def order(*, entry: Entry, cause: str, reason: str, by: Any) -> Withdrawal:
    """Stop the sale now. The clock for the disposal runs from here."""
    reason = require(reason, "reason", _("请写明退市的原因。"))
    if cause not in Withdrawal.Cause.values:
        raise Refused({"cause": _("请选择退市原因。")})
    now = ledger.clock.now()
    move(
        entry, (State.ADMITTED, State.ISOLATED), State.WITHDRAWN, "produce_markets.goods.stopped", by=by,
        data={"cause": cause},
    )  # fmt: skip
    row: Withdrawal = insert(
        Withdrawal(
            entry=entry, division_code=entry.division_code, cause=cause, reason=reason[:300],
            expected=max(entry.quantity - entry.gone, Decimal(0)), ordered_at=now, ordered_by=who(by),
            due_at=standards.due_at(standards.DISPOSE, now) or now,
        )
    )  # fmt: skip
    if entry.lot is not None and entry.lot.state == "open":
        supply.stop_lot(lot=entry.lot, reason=reason[:200], by=by)
    return row


@transaction.atomic
def finish(*, row: Withdrawal, found: Decimal, disposal: str, note: str = "", file: Any = None, by: Any) -> Withdrawal:
    """What was really found and what became of it. Less than should be left asks for a word."""
    if disposal not in Withdrawal.Disposal.values:
        raise Refused({"disposal": _("请选择处置方式。")})
    if found < row.expected and not note.strip():
        raise Refused(
            {"note": _("应余%(expected)s，实际只有%(found)s，请写明其余去了哪里。")
             % {"expected": f"{row.expected.normalize():f}", "found": f"{found.normalize():f}"}}
        )  # fmt: skip
    changes = {
        "found": found, "disposal": disposal, "done_note": note.strip()[:300], "done_at": ledger.clock.now(),
        "done_by": who(by), "file": stored(file, by),
    }  # fmt: skip
    if Withdrawal.objects.filter(pk=row.pk, done_at=None).update(**changes) != 1:
        raise MovedOn(_("这次退市已经登记过处置。"))
    row.refresh_from_db()
    ledger.record(
        "produce_markets.goods.withdrawn", of=row.entry, by=by, division_code=row.division_code,
        data={"found": str(found), "expected": str(row.expected), "disposal": disposal},
    )  # fmt: skip
    _tell_supply(row, by)
    return row


def _tell_supply(row: Withdrawal, by: Any) -> None:
    lot = row.entry.lot
    if lot is None or not row.found:
        return
    try:
        with transaction.atomic():
            supply.record_outflow(
                lot=lot, kind="withdrawn", quantity=row.found, unit=row.entry.unit, at=ledger.clock.now(), by=by
            )
    except ValidationError:
        return
