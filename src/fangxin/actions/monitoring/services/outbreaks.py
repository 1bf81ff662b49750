"""The life of a signal about cases: raised once, verified, excluded with a reason or opened as an investigation."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import AlarmBudget, DetectionRun, OutbreakSignal
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

State = OutbreakSignal.State
SERIES = "monitoring.outbreak_signal"
OPEN = (State.RAISED, State.VERIFYING)


def open_matter(finding: str, *, key: str, **what: Any) -> Any:
    """A matter by the routing of outbreaks; `what` as for `casework.open_by_route`."""
    return casework.open_by_route(rules.route(finding), origin="other", opened_from=key, **what)


@transaction.atomic
def raise_once(
    *,
    kind: str,
    key: str,
    division_code: str,
    stream: str,
    text: str,
    last_case_on: date,
    unit: str = "",
    facts: Mapping[str, Any] | None = None,
    cases: Iterable[str] = (),
    premises: Any = None,
    run: DetectionRun | None = None,
    urgency: int | None = None,
    by: Any,
) -> OutbreakSignal | None:
    """Raise a signal, unless one for the same thing is open, or was settled with all these cases (or as late, without any)."""
    earlier, told = OutbreakSignal.objects.filter(key=key[:120]), set(cases)
    known = {number for settled in earlier.values_list("cases", flat=True) for number in settled}
    same = told <= known if told else earlier.filter(last_case_on__gte=last_case_on).exists()
    if earlier.filter(state__in=OPEN).exists() or (earlier.exists() and same):
        return None
    now = ledger.clock.now()
    pressing = rules.URGENCY_OF_KIND[OutbreakSignal.Kind(kind)] if urgency is None else rules.Urgency(urgency)
    row: OutbreakSignal = ledger.insert(
        OutbreakSignal(
            number=f"JX{now.year}-{ledger.next_number(SERIES, now.year):04}", kind=kind, urgency=pressing, key=key[:120],
            division_code=division_code, stream=stream, unit=unit[:120], premises=premises, text=text[:1000],
            facts=dict(facts or {}), cases=sorted(told), last_case_on=last_case_on, run=run, raised_at=now,
            raised_by=ledger.who(by), due_at=rules.deadline(rules.CLOCK_OF_URGENCY[pressing], now),
        )
    )  # fmt: skip
    ledger.record("monitoring.outbreak_signal.raised", of=row, by=by, data={"kind": kind, "cases": len(row.cases)})
    return row


def report(*, division_code: str, unit: str, text: str, by: Any) -> OutbreakSignal:
    """A person puts something forward: a call from a village, a message from a school."""
    text = ledger.require(text, "text", _("请写明发现了什么：多少人、什么症状、什么时候、在哪里。"))
    made = raise_once(
        kind=OutbreakSignal.Kind.REPORTED, key=f"reported:{division_code}:{unit}", division_code=division_code,
        stream="cases", unit=unit, text=text, last_case_on=ledger.clock.today(), by=by,
    )  # fmt: skip
    if made is None:
        raise ledger.Refused(_("同一地方今天已有人提出，请在原信号中补充情况。"))
    return made


@transaction.atomic
def begin(*, signal: OutbreakSignal, by: Any) -> OutbreakSignal:
    """Somebody takes the verification."""
    row: OutbreakSignal = ledger.move(
        signal, [State.RAISED], State.VERIFYING, "monitoring.outbreak_signal.taken", by=by,
        began_at=ledger.clock.now(), began_by=ledger.who(by),
    )  # fmt: skip
    return row


@transaction.atomic
def exclude(*, signal: OutbreakSignal, finding: str, by: Any) -> OutbreakSignal:
    """Looked at, and no cluster; the reason stays."""
    finding = ledger.require(finding, "finding", _("请写明排除的理由：查了什么，为什么不是聚集。"))
    row: OutbreakSignal = ledger.move(
        signal, OPEN, State.EXCLUDED, "monitoring.outbreak_signal.excluded", by=by, finding=finding[:1000],
        settled_at=ledger.clock.now(), settled_by=ledger.who(by),
    )  # fmt: skip
    return row


@transaction.atomic
def reopen(*, signal: OutbreakSignal, by: Any) -> OutbreakSignal:
    """Excluded in error: it waits again."""
    if OutbreakSignal.objects.filter(key=signal.key, state__in=OPEN).exclude(pk=signal.pk).exists():
        raise ledger.Refused(_("同一情况已有新的信号在核实，不能重新打开这一条。"))
    row: OutbreakSignal = ledger.move(
        signal, [State.EXCLUDED], State.RAISED, "monitoring.outbreak_signal.reopened", by=by, finding="",
        settled_at=None, settled_by="", began_at=None, began_by="",
    )  # fmt: skip
    return row


@transaction.atomic
def set_budget(*, division_code: str, alarms_per_month: Decimal, by: Any) -> AlarmBudget:
    """State how many alarms a month the county wants to look at."""
    row = AlarmBudget.objects.filter(division_code=division_code).first() or AlarmBudget(division_code=division_code)
    before = row.alarms_per_month
    row.alarms_per_month, row.set_at, row.set_by = alarms_per_month, ledger.clock.now(), ledger.who(by)
    row.full_clean()
    row.save()
    ledger.record(
        "monitoring.alarm_budget.set", of=row, by=by,
        data={"before": str(before or ""), "after": str(alarms_per_month)},
    )  # fmt: skip
    return row


def ask_after_late(*, by: Any) -> int:
    """A matter for each signal past its moment; the same signal never opens two."""
    now = ledger.clock.now()
    late = list(OutbreakSignal.objects.filter(state__in=OPEN, due_at__lt=now).order_by("number"))
    for row in late:
        hazard = _("聚集信号 %(number)s 超过核实时限（%(due)s）没有核实：%(text)s") % {
            "number": row.number, "due": row.due_at.astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%d %H:%M"), "text": row.text,
        }  # fmt: skip
        open_matter(
            "late_signal", hazard=hazard, division_code=row.division_code, subject=row, subject_name=row.number,
            key=f"monitoring.outsignal:{row.number}", by=by,
        )  # fmt: skip
    return len(late)
