"""What the market looks at by itself, what is seen on meat, and stalls asked for their proofs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import rules, standards
from fangxin.actions.produce_markets.models import (
    Entry,
    Market,
    SelfCheck,
    SlaughterCheck,
    Stall,
    StallCheck,
    Withdrawal,
)
from fangxin.actions.produce_markets.services import referrals, withdrawals
from fangxin.actions.produce_markets.services.steps import stored
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, require, who

OK, PROBLEM, NONE = "ok", "problem", "none"


@transaction.atomic
def record_self_check(
    *, market: Market, cadence: str, period: date, answers: Mapping[str, str], problems: str = "", file: Any = None,
    by: Any,
) -> SelfCheck:  # fmt: skip
    """One round for the period in which the day lies; afterwards it is marked as late."""
    today = ledger.clock.today()
    found = standards.cadences(today).get(cadence)
    if found is None:
        raise Refused({"cadence": _("请选择自查种类。")})
    period = rules.period_of(cadence, period)
    if period > today or (today - period).days > found.back:
        raise Refused({"period": _("只能登记今天以前 %(n)s 天以内的自查。") % {"n": found.back}})
    if set(answers) != set(found.items) or not set(answers.values()) <= {OK, PROBLEM, NONE}:
        raise Refused({"answers": _("请逐项选择结果。")})
    if PROBLEM in answers.values():
        problems = require(problems, "problems", _("有问题的，请写明是什么问题、怎样整改。"))
    row: SelfCheck = insert(
        SelfCheck(
            market=market, division_code=market.division_code, cadence=cadence, period=period, answers=dict(answers),
            problems=problems.strip(), edition=found.edition, file=stored(file, by),
            late=period in rules.periods_due(found, period, today, None), recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )  # fmt: skip
    count = sum(answer == PROBLEM for answer in answers.values())
    ledger.record("produce_markets.self_check.recorded", of=row, by=by, data={"cadence": cadence, "problems": count})
    return row


@transaction.atomic
def record_meat(
    *, premises: Any, slaughterer: str, animal: str, carcasses: int, drug: str, quarantine_no: str = "",
    quality_no: str = "", quarantine_stamp: bool = False, quality_stamp: bool = False, checked_on: date | None = None,
    entry: Entry | None = None, by: Any,
) -> SlaughterCheck:  # fmt: skip
    """Two certificates, two stamps, and the drug test. Unfit meat is taken off sale and reported, the police in view."""
    on = checked_on or ledger.clock.today()
    if on > ledger.clock.today():
        raise Refused({"checked_on": _("查验日期还没有到。")})
    seen = {
        "quarantine_no": quarantine_no.strip(), "quality_no": quality_no.strip(), "quarantine_stamp": quarantine_stamp,
        "quality_stamp": quality_stamp, "drug": drug,
    }  # fmt: skip
    faults, edition = rules.judge_meat(animal, seen, on=on)
    row: SlaughterCheck = insert(
        SlaughterCheck(
            entry=entry, premises=premises, division_code=premises.division_code, slaughterer=slaughterer.strip(),
            animal=animal, carcasses=carcasses, faults=faults, edition=edition, checked_on=on,
            recorded_at=ledger.clock.now(), recorded_by=who(by), **seen,
        )
    )  # fmt: skip
    ledger.record("produce_markets.meat.checked", of=row, by=by, data={"animal": animal, "faults": faults})
    if faults:
        _follow(row, by)
    return row


def _follow(row: SlaughterCheck, by: Any) -> None:
    entry, market = row.entry, Market.objects.filter(premises=row.premises).first()
    text = f"{row.slaughterer}{row.get_animal_display()}：{rules.fault_texts(row.faults)}"
    if entry is not None and entry.state in (Entry.State.ADMITTED, Entry.State.ISOLATED):
        withdrawals.order(entry=entry, cause=Withdrawal.Cause.PROOF, reason=text, by=by)
    if entry is not None or market is not None:
        crime = bool({"drug_positive", "quarantine_no"} & set(row.faults))
        referrals.report(
            source="slaughter", text=text, key=f"meat:{row.pk}", entry=entry, market=market, crime=crime, by=by
        )


@transaction.atomic
def ask_stall(*, stall: Stall, food: str, shown: bool, purchase_book: bool, note: str = "", by: Any) -> StallCheck:
    """A stall asked by what its goods came in."""
    row: StallCheck = insert(
        StallCheck(
            stall=stall, market=stall.market, division_code=stall.market.division_code, food=food.strip(), shown=shown,
            purchase_book=purchase_book, note=note.strip(), checked_on=ledger.clock.today(),
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("produce_markets.stall.asked", of=row, by=by, data={"shown": shown})
    return row
