"""The register of who brings imported food in or sells it, and what customs decided about them."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import CreditRecord, Trader
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, require, who


@transaction.atomic
def register_trader(*, premises: Any, role: str, filing_number: str = "", by: Any) -> Trader:
    if Trader.objects.filter(premises=premises).exists():
        raise ledger.Refused({"premises": _("这家已经在进口食品经营者名单中。")})
    trader: Trader = insert(
        Trader(
            premises=premises, role=role, filing_number=filing_number.strip(), division_code=premises.division_code,
            since=ledger.clock.today(), recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.trader.registered", of=trader, by=by, data={"role": role})
    return trader


@transaction.atomic
def change_trader(*, trader: Trader, role: str, filing_number: str, by: Any) -> Trader:
    trader.role, trader.filing_number = role, filing_number.strip()
    trader.full_clean()
    trader.save()
    ledger.record("imported_food.trader.changed", of=trader, by=by, data={"role": role})
    return trader


@transaction.atomic
def record_credit(
    *, trader: Trader, scheme: str, grade: str, valid_from: date, valid_to: date | None = None, source_text: str,
    evidence: Any = None, by: Any,
) -> CreditRecord:  # fmt: skip
    """Keep what customs decided. The scheme must have been in force on the day of the decision."""
    known = next((s for s in rules.schemes() if s.scheme == scheme), None)
    if known is None or known.grade(grade) is None:
        raise ledger.Refused({"grade": _("请选择等级体系和等级。")})
    if not known.in_force_from <= valid_from <= known.in_force_to:
        raise ledger.Refused(
            {"valid_from": _("认定日期不在所选等级体系的施行期内（%(first)s 起）。请核对日期或者改选体系。") % {"first": known.in_force_from}}
        )  # fmt: skip
    if valid_from > ledger.clock.today():
        raise ledger.Refused({"valid_from": _("认定日期不能晚于今天。")})
    source_text = require(source_text, "source_text", _("请写明认定文书或者查询来源。"))
    row: CreditRecord = insert(
        CreditRecord(
            trader=trader, scheme=scheme, grade=grade, valid_from=valid_from, valid_to=valid_to,
            source_text=source_text[:200], evidence=evidence, recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.credit.recorded", of=trader, by=by, data={"scheme": scheme, "grade": grade})
    return row


_NEXT = {
    "known": ("recommended", "declined"),
    "recommended": ("coaching", "certified", "declined"),
    "coaching": ("certified", "declined"),
    "certified": (),
    "declined": ("recommended",),
}


def next_coaching(trader: Trader) -> tuple[str, ...]:
    return _NEXT[trader.coaching]


@transaction.atomic
def change_coaching(*, trader: Trader, coaching: str, note: str, by: Any) -> Trader:
    """The way into the customs' credit system: recommended by the county, coached and certified by customs."""
    if coaching not in _NEXT[trader.coaching]:
        raise ledger.Refused(
            {"coaching": _("现在是“%(now)s”，不能直接改为所选状态。") % {"now": trader.get_coaching_display()}}
        )
    note = require(note, "note", _("请写明推荐理由或者海关的结果。"))
    moved = Trader.objects.filter(pk=trader.pk, coaching=trader.coaching)
    if moved.update(coaching=coaching, coaching_note=note[:300]) != 1:
        raise ledger.MovedOn(_("这家的培育情况刚刚已由他人更新，请刷新后查看。"))
    trader.refresh_from_db()
    ledger.record("imported_food.trader.coached", of=trader, by=by, data={"coaching": coaching})
    return trader
