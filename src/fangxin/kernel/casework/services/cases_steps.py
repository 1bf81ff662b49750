"""The one way in which a case moves, and its clocks with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines.deadlines import Pause
from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import Case, CaseClock, CaseItem, CasePause, CaseStep
from fangxin.kernel.casework.rules import MovedOn, Refused
from fangxin.kernel.casework.standards_cases import deadline, pausable
from fangxin.kernel.ledger import api as ledger

Action = CaseStep.Action
Code = CaseClock.Code
# Time in the laboratory counts against neither the case nor the seizure; the other reasons concern the case alone.
_PAUSED_BY_TESTING = (Code.CASE, Code.SEIZURE)


def write_step(case: Case, action: str, *, by: Any, from_state: str, text: str = "") -> CaseStep:
    actor = ledger.Actor.of(by)
    step = CaseStep(
        case=case,
        at=ledger.clock.now(),
        by=actor.username,
        by_name=actor.name,
        action=action,
        from_state=from_state,
        state=case.state,
        text=text.strip(),
    )
    step.clean_fields()
    step.save(force_insert=True)
    return step


def move(
    case: Case,
    action: str,
    *,
    by: Any,
    text: str = "",
    after: str | None = None,
    only_if: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """Do `action`: rule, change, step, clocks and the ledger's entry, in the caller's transaction.

    `after` names the state where the rule leaves it open (a case that comes back to where it stood). `only_if` are
    columns that must still stand so, for acts that leave the state as it is.
    """
    allowed = rules.check_move(case, action)
    seen, next_state = case.state, after or allowed.after
    changes |= {"state": next_state} if next_state else {}
    for name, value in changes.items():
        setattr(case, name, value)
    case.clean_fields()
    # Whoever asks the database first moves it. A step that changes nothing asks too, since it writes how it stands.
    if Case.objects.filter(pk=case.pk, state=seen, **(only_if or {})).update(**(changes or {"state": seen})) != 1:
        raise_moved_on(case)
    write_step(case, action, by=by, from_state=seen, text=text)
    end_clocks(case, allowed.ends)
    for code in allowed.starts:
        start_clock(case, code)
    ledger.record(f"casework.case.{action}", of=case, by=by, data={"state": case.state})
    return case


def raise_moved_on(case: Case) -> None:
    case.refresh_from_db()
    raise MovedOn(
        _("刚刚已有人办理了案件%(number)s，现在是“%(state)s”。您的操作没有保存，请刷新页面看过后再办。")
        % {"number": case.number, "state": case.get_state_display()}
    )


def named(by: Any) -> str:
    username = ledger.Actor.of(by).username
    if not username:
        raise Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    return username


def start_clock(case: Case, code: str, *, at: datetime | None = None, item: CaseItem | None = None) -> CaseClock:
    """Start a clock now, or at the moment of the event. The same clock never runs twice at once."""
    started = at or ledger.clock.now()
    end = deadline(code, started)
    clock, fresh = CaseClock.objects.get_or_create(
        case=case, code=code, item=item, ended_at=None, defaults={"started_at": started, "due_at": end.moment}
    )
    if not fresh:
        raise Refused(_("“%(clock)s”的期限已经在计算，不能重复起算。") % {"clock": clock.get_code_display()})
    return clock


def end_clocks(case: Case, codes: Iterable[str], *, item: CaseItem | None = None) -> None:
    rows = CaseClock.objects.filter(case=case, code__in=list(codes), ended_at=None)
    if item is not None:
        rows = rows.filter(item=item)
    rows.update(ended_at=ledger.clock.now(), paused=False)


def extend_clock(case: Case, code: str, *, item: CaseItem | None = None) -> CaseClock:
    """The one extension a clock may have."""
    clock = CaseClock.objects.filter(case=case, code=code, item=item, ended_at=None).first()
    if clock is None:
        raise Refused(_("这个期限现在没有在计算，无需延长。"))
    if clock.extended:
        raise Refused(_("这个期限已经延长过一次，不能再延长。"))
    end = deadline(code, clock.started_at, pauses=_pauses(case, code), extended=True)
    waiting = CaseClock.objects.filter(pk=clock.pk, extended=False, ended_at=None)
    if waiting.update(extended=True, due_at=end.moment, lapse_noted_at=None) != 1:
        raise_moved_on(case)
    clock.refresh_from_db()
    return clock


def pause_clocks(case: Case, reason: str) -> CasePause:
    """Stop the count. The day of the stop still counts, the day it goes on does not."""
    if CasePause.objects.filter(case=case, ended_on=None).exists():
        raise Refused(_("期限已经暂停计算，请先恢复再办理。"))
    pause = CasePause(case=case, reason=reason, began_on=ledger.clock.today())
    pause.full_clean()
    pause.save(force_insert=True)
    _concerned(case, reason).update(paused=True)
    return pause


def unpause_clocks(case: Case) -> CasePause | None:
    """Go on counting; what the pause took is added to the clocks it stopped."""
    pause = CasePause.objects.filter(case=case, ended_on=None).first()
    if pause is None:
        return None
    pause.ended_on = ledger.clock.today()
    if CasePause.objects.filter(pk=pause.pk, ended_on=None).update(ended_on=pause.ended_on) != 1:
        raise_moved_on(case)
    for clock in _concerned(case, pause.reason):
        end = deadline(clock.code, clock.started_at, pauses=_pauses(case, clock.code), extended=clock.extended)
        CaseClock.objects.filter(pk=clock.pk).update(due_at=end.moment, paused=False, lapse_noted_at=None)
    return pause


def _concerned(case: Case, reason: str) -> Any:
    codes = _PAUSED_BY_TESTING if reason == CasePause.Reason.TESTING else (Code.CASE,)
    return CaseClock.objects.filter(case=case, code__in=codes, ended_at=None)


def _pauses(case: Case, code: str) -> tuple[Pause, ...]:
    """The pauses that this clock leaves out, as they are known: an open one ends today."""
    rows = case.pauses.all()
    if code == Code.SEIZURE:
        rows = rows.filter(reason=CasePause.Reason.TESTING)
    if not pausable(code, ledger.clock.today()):
        return ()
    return tuple(Pause(row.began_on, row.ended_on or ledger.clock.today()) for row in rows)
