"""A suspected crime on its way: to the head, to the police, and back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import Case, CaseClock, CasePause, CaseStep
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services.cases_steps import move, named, pause_clocks, start_clock, unpause_clocks
from fangxin.kernel.casework.services.steps import need_text
from fangxin.kernel.ledger import api as ledger

Action = CaseStep.Action
State = Case.State


@transaction.atomic
def report_crime(*, case: Case, text: str, by: Any) -> Case:
    """Two officers report to the head, who has three days."""
    rules.check_move(case, Action.CRIME_REPORTED)
    rules.check_officers(case)
    text = need_text(text, "text", _("请写明涉嫌犯罪的事实、证据和移送建议。"))
    return move(case, Action.CRIME_REPORTED, by=by, text=text, held_state=case.state)


@transaction.atomic
def decide_transfer(*, case: Case, approved: bool, text: str, by: Any) -> Case:
    """The head decides; a refusal puts its reason on file, and the case goes on where it stood."""
    action = Action.TRANSFER_APPROVED if approved else Action.TRANSFER_REFUSED
    rules.check_move(case, action)
    rules.check_no_officer(case, named(by))
    text = need_text(text, "text", _("请写明决定的理由，不移送的理由要记录在案。"))
    return move(case, action, by=by, text=text, after=None if approved else case.held_state)


@transaction.atomic
def hand_over(*, case: Case, text: str, by: Any) -> Case:
    """Handed to the police of the same level, the procuratorate has its copy. The case waits meanwhile."""
    text = need_text(text, "text", _("请写明接收的公安机关、移送书文号和材料清单，并说明已抄送检察机关。"))
    move(case, Action.HANDED_OVER, by=by, text=text)
    unpause_clocks(case)
    pause_clocks(case, CasePause.Reason.SUSPENDED)
    return case


@transaction.atomic
def record_reply(*, case: Case, action: str, text: str, by: Any) -> Case:
    """What the police or the procuratorate said, and what we answered."""
    if action not in _REPLIES:
        raise Refused(_("没有这一步，请回到案件页面重新选择。"))
    return move(case, action, by=by, text=need_text(text, "text", _("请写明文书名称、文号、日期和内容。")))


_REPLIES = (
    Action.POLICE_ASKED_MORE, Action.SUPPLEMENTED, Action.POLICE_FILED, Action.GOODS_HANDED_OVER, Action.POLICE_REFUSED,
    Action.RECONSIDERATION_ASKED, Action.POLICE_UPHELD, Action.PROCURATORATE_ASKED,
)  # fmt: skip


@transaction.atomic
def resume(*, case: Case, text: str, by: Any) -> Case:
    """No crime: the penalty procedure goes on. A decision that already stood stays; otherwise the investigation goes on."""
    rules.check_move(case, Action.RESUMED)
    text = need_text(text, "text", _("请写明公安、检察机关的结论和文号。"))
    stood = case.held_state if case.held_state in (State.DECIDED, State.SERVED) else State.INVESTIGATING
    if case.filed_by == "" and stood == State.INVESTIGATING:
        stood = State.CLUE
    # What was reviewed and told before the police had the case is reviewed and told again.
    again: dict[str, Any] = (
        {"reviewed_at": None, "reviewed_by": "", "notified_on": None, "hearing_at": None} if case.fine is None else {}
    )
    move(case, Action.RESUMED, by=by, text=text, after=stood, held_state="", **again)
    unpause_clocks(case)
    if stood == State.CLUE:
        start_clock(case, CaseClock.Code.CLUE)
    return case


def lapse_all(now: datetime) -> int:
    """Write down, once for each due moment, that a clock ran out with its work undone; returns how many."""
    noted = 0
    late = CaseClock.objects.filter(ended_at=None, paused=False, lapse_noted_at=None, due_at__lt=now)
    for clock in late.select_related("case").order_by("due_at", "pk"):
        noted += _lapse(clock, now)
    return noted


@transaction.atomic
def _lapse(clock: CaseClock, now: datetime) -> int:
    mine = CaseClock.objects.filter(pk=clock.pk, ended_at=None, lapse_noted_at=None)
    if mine.update(lapse_noted_at=now) != 1:
        return 0
    due = f"{clock.due_at.astimezone(ledger.clock.LOCAL):%Y-%m-%d %H:%M}"
    text = _("“%(clock)s”的期限到%(due)s已满，还没有办结。") % {"clock": clock.get_code_display(), "due": due}
    move(clock.case, Action.CLOCK_LAPSED, by=None, text=text)
    return 1
