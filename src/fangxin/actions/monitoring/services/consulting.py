"""A consultation: arranged, held, concluded; its decisions become matters, and somebody looks whether they worked."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Consultation, Decision, Participant, Signal
from fangxin.actions.monitoring.services import routing, signals
from fangxin.actions.monitoring.services.steps import insert, move, need, who
from fangxin.kernel.ledger import api as ledger

State = Consultation.State
SERIES = "monitoring.consultation"
OPEN = (State.PLANNED, State.HELD)


@transaction.atomic
def arrange(
    *,
    title: str,
    division_code: str,
    planned_on: date,
    convened_by: Any,
    background: str = "",
    agencies: Iterable[Any] = (),
    by: Any,
) -> Consultation:
    year = planned_on.year
    row: Consultation = insert(
        Consultation(
            number=f"{year}-{ledger.next_number(SERIES, year):03}", title=title.strip(), division_code=division_code,
            planned_on=planned_on, convened_by=convened_by, background=background.strip(),
            arranged_at=ledger.clock.now(), arranged_by=who(by),
        )
    )  # fmt: skip
    for agency in {convened_by.pk: convened_by, **{a.pk: a for a in agencies}}.values():
        insert(Participant(consultation=row, agency=agency))
    ledger.record("monitoring.consultation.arranged", of=row, by=by)
    return row


def _need_open(row: Consultation) -> None:
    row.refresh_from_db()
    if row.state not in OPEN:
        raise rules.Refused(
            _("会商现在是“%(state)s”，不能再改。需要补充的请另行安排会商。") % {"state": row.get_state_display()}
        )


@transaction.atomic
def put_on_agenda(*, consultation: Consultation, signal: Signal, by: Any) -> Signal:
    _need_open(consultation)
    taken = Signal.objects.filter(pk=signal.pk, consultation=None, state__in=("raised", "confirmed"))
    if not signal.division_code.startswith(consultation.division_code):
        raise rules.Refused(_("信号不在这次会商的辖区内。"))
    if taken.update(consultation=consultation) != 1:
        raise rules.MovedOn(_("这条信号已经列入会商，或者已处理完。"))
    signal.refresh_from_db()
    ledger.record("monitoring.signal.put_on_agenda", of=signal, by=by, data={"consultation": consultation.number})
    return signal


@transaction.atomic
def take_off_agenda(*, consultation: Consultation, signal: Signal, by: Any) -> Signal:
    _need_open(consultation)
    if (
        Signal.objects.filter(pk=signal.pk, consultation=consultation).exclude(state="acted").update(consultation=None)
        != 1
    ):
        raise rules.MovedOn(_("这条信号不在这次会商中，或者已采取措施。"))
    signal.refresh_from_db()
    ledger.record("monitoring.signal.taken_off_agenda", of=signal, by=by, data={"consultation": consultation.number})
    return signal


@transaction.atomic
def add_assessments(*, consultation: Consultation, assessments: Iterable[Any], by: Any) -> Consultation:
    _need_open(consultation)
    found = list(assessments)
    consultation.assessments.add(*found)
    ledger.record(
        "monitoring.consultation.prepared", of=consultation, by=by, data={"assessments": [a.number for a in found]}
    )
    return consultation


@transaction.atomic
def add_participant(*, consultation: Consultation, agency: Any, by: Any) -> Participant:
    _need_open(consultation)
    row: Participant = insert(Participant(consultation=consultation, agency=agency))
    ledger.record("monitoring.consultation.invited", of=consultation, by=by, data={"agency": str(agency)})
    return row


@transaction.atomic
def record_opinion(*, participant: Participant, who_came: str, came: bool, opinion: str, by: Any) -> Participant:
    _need_open(participant.consultation)
    participant.who, participant.came, participant.opinion = who_came.strip(), came, opinion.strip()
    participant.full_clean()
    participant.save()
    ledger.record(
        "monitoring.consultation.opinion_recorded", of=participant.consultation, by=by,
        data={"agency": str(participant.agency), "came": came},
    )  # fmt: skip
    return participant


@transaction.atomic
def hold(*, consultation: Consultation, held_on: date, chair: str, place: str = "", by: Any) -> Consultation:
    if held_on > ledger.clock.today():
        raise rules.Refused({"held_on": _("召开日期不能晚于今天。")})
    chair = need(chair, "chair", _("请写明主持人。"))
    return move(
        consultation, [State.PLANNED], "monitoring.consultation.held", by=by, state=State.HELD, held_on=held_on,
        chair=chair[:60], place=place.strip()[:100],
    )  # fmt: skip


@transaction.atomic
def cancel(*, consultation: Consultation, why: str, by: Any) -> Consultation:
    why = need(why, "why", _("请写明取消原因。"))
    row: Consultation = move(
        consultation, [State.PLANNED], "monitoring.consultation.cancelled", by=by, state=State.CANCELLED,
        cancelled_why=why[:200],
    )  # fmt: skip
    Signal.objects.filter(consultation=row).update(consultation=None)  # they wait for another one
    return row


@transaction.atomic
def restore(*, consultation: Consultation, by: Any) -> Consultation:
    return move(
        consultation,
        [State.CANCELLED],
        "monitoring.consultation.restored",
        by=by,
        state=State.PLANNED,
        cancelled_why="",
    )


@transaction.atomic
def decide(
    *, consultation: Consultation, text: str, owner: Any, due_on: date, check_on: date | None = None, by: Any
) -> Decision:
    """A decision is a matter from the first moment: with an owner, a day, and a second person to close it."""
    _need_open(consultation)
    if consultation.state != State.HELD:
        raise rules.Refused(_("会商召开后才能记录决定。"))
    text = need(text, "text", _("请写明决定做什么。"))
    if due_on < ledger.clock.today():
        raise rules.Refused({"due_on": _("完成时限不能早于今天。")})
    serial = consultation.decisions.count() + 1
    hazard = _("风险会商研判 %(number)s“%(title)s”决定：%(text)s") % {
        "number": consultation.number, "title": consultation.title, "text": text,
    }  # fmt: skip
    matter = routing.open_matter(
        "decision", hazard=hazard, division_code=consultation.division_code, owner=owner, subject=consultation,
        due_on=due_on, key=f"monitoring.decision:{consultation.number}:{serial}", by=by,
    )  # fmt: skip
    row: Decision = insert(
        Decision(
            consultation=consultation, text=text, owner=owner, due_on=due_on,
            check_on=check_on or rules.counted("RM02", due_on), matter=matter, decided_at=ledger.clock.now(),
            decided_by=who(by),
        )
    )  # fmt: skip
    ledger.record("monitoring.consultation.decided", of=consultation, by=by, data={"matter": matter.number})
    return row


@transaction.atomic
def conclude(*, consultation: Consultation, level: str, conclusion: str, by: Any) -> Consultation:
    """The end of the meeting's work: what the risk is judged to be. Confirmed signals on its agenda count as acted on
    once something was decided."""
    conclusion = need(conclusion, "conclusion", _("请写明结论。"))
    if level not in Consultation.Level.values:
        raise rules.Refused({"level": _("请选择风险高低；资料不足时选“不能判断”。")})
    waiting = consultation.signals.filter(state=Signal.State.RAISED)
    if waiting.exists():
        raise rules.Refused(
            _("还有信号没有核实：%(numbers)s。请先确认或者排除，再形成结论。")
            % {"numbers": rules.joined(waiting.values_list("number", flat=True))}
        )
    row: Consultation = move(
        consultation, [State.HELD], "monitoring.consultation.concluded", by=by, data={"level": level},
        state=State.CONCLUDED, level=level, conclusion=conclusion, concluded_at=ledger.clock.now(), concluded_by=who(by),
    )  # fmt: skip
    if row.decisions.exists():
        for signal in row.signals.filter(state=Signal.State.CONFIRMED):
            signals.acted(signal=signal, by=by)
    return row


@transaction.atomic
def check_outcome(*, decision: Decision, outcome: str, text: str, by: Any) -> Decision:
    """Did it work? Where it did not, a matter asks for more; where the data do not say, it is looked at again."""
    text = need(text, "text", _("请写明依据哪些数据判断。"))
    if outcome not in Decision.Outcome.values:
        raise rules.Refused({"outcome": _("请选择效果。")})
    today = ledger.clock.today()
    changes: dict[str, Any] = {"outcome_text": text[:1000]}
    if outcome == Decision.Outcome.UNCLEAR:
        changes["check_on"] = max(today, decision.due_on) + timedelta(days=90)
    else:
        changes |= {"outcome": outcome, "checked_at": ledger.clock.now(), "checked_by": who(by)}
    if Decision.objects.filter(pk=decision.pk, outcome="").update(**changes) != 1:
        raise rules.MovedOn(_("这项决定刚刚已由他人回看。"))
    decision.refresh_from_db()
    row = decision.consultation
    ledger.record(
        "monitoring.decision.checked", of=row, by=by, data={"outcome": outcome, "matter": decision.matter.number}
    )
    if outcome == Decision.Outcome.INEFFECTIVE:
        hazard = _("会商 %(number)s 决定的措施没有见效：%(text)s。回看情况：%(seen)s") % {
            "number": row.number, "text": decision.text, "seen": text,
        }  # fmt: skip
        routing.open_matter(
            "measure_failed", hazard=hazard, division_code=row.division_code, owner=decision.owner, subject=row,
            key=f"monitoring.outcome:{decision.matter.number}", by=by,
        )  # fmt: skip
    return decision
