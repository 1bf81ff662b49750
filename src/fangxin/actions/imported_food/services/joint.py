"""Departments and customs together: sessions whose decisions are matters; clues on their way to the police."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import papers, rules
from fangxin.actions.imported_food.models import Clue, Consignment, Session, SessionDecision
from fangxin.actions.imported_food.services.steps import numbered, open_matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who

Held = Session.State


@transaction.atomic
def arrange(
    *, title: str, division_code: str, planned_on: date, agencies: Iterable[Any] = (), others: str = "",
    alerts: Iterable[Any] = (), disposals: Iterable[Any] = (), by: Any,
) -> Session:  # fmt: skip
    if planned_on < ledger.clock.today():
        raise ledger.Refused({"planned_on": _("计划日期不能早于今天。")})
    row: Session = insert(
        Session(
            number=numbered("session", "JKH"), title=require(title, "title", _("请填写会商事项。")),
            division_code=division_code, planned_on=planned_on, others=others.strip(),
            arranged_at=ledger.clock.now(), arranged_by=who(by),
        )
    )  # fmt: skip
    row.agencies.set(agencies)
    row.alerts.set(alerts)
    row.disposals.set(disposals)
    ledger.record("imported_food.session.arranged", of=row, by=by)
    return row


@transaction.atomic
def hold(*, session: Session, held_on: date, chair: str, by: Any) -> Session:
    if held_on > ledger.clock.today():
        raise ledger.Refused({"held_on": _("召开日期不能晚于今天。")})
    chair = require(chair, "chair", _("请写明主持人。"))
    held: Session = move(
        session, [Held.PLANNED], Held.HELD, "imported_food.session.held", by=by, held_on=held_on, chair=chair[:60]
    )
    return held


@transaction.atomic
def cancel(*, session: Session, by: Any) -> Session:
    gone: Session = move(session, [Held.PLANNED], Held.CANCELLED, "imported_food.session.cancelled", by=by)
    return gone


@transaction.atomic
def restore(*, session: Session, by: Any) -> Session:
    back: Session = move(session, [Held.CANCELLED], Held.PLANNED, "imported_food.session.restored", by=by)
    return back


@transaction.atomic
def decide(*, session: Session, text: str, owner: Any, due_on: date, by: Any) -> SessionDecision:
    if session.state != Held.HELD:
        raise ledger.Refused(_("会商召开后、形成结论前才能记录决定。"))
    text = require(text, "text", _("请写明决定做什么。"))
    if due_on < ledger.clock.today():
        raise ledger.Refused({"due_on": _("完成时限不能早于今天。")})
    serial = session.decisions.count() + 1
    matter = open_matter(
        "decision", text=f"{session}：{text}", division_code=session.division_code, owner=owner, subject=session,
        due_on=due_on, key=f"decision:{session.number}:{serial}", origin="other", by=by,
    )  # fmt: skip
    row: SessionDecision = insert(
        SessionDecision(
            session=session, text=text, owner=owner, due_on=due_on, matter=matter, decided_at=ledger.clock.now(),
            decided_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.session.decided", of=session, by=by, data={"matter": matter.number})
    return row


@transaction.atomic
def conclude(*, session: Session, conclusion: str, by: Any) -> Session:
    conclusion = require(conclusion, "conclusion", _("请写明结论。"))
    done: Session = move(
        session, [Held.HELD], Held.CONCLUDED, "imported_food.session.concluded", by=by,
        conclusion=conclusion[:2000], concluded_at=ledger.clock.now(), concluded_by=who(by),
    )  # fmt: skip
    return done


# --- clues --------------------------------------------------------------------------------------------------------------

State = Clue.State


@transaction.atomic
def record_clue(
    *, origin: str, place: str, facts: str, division_code: str, found_on: date, consignment: Consignment | None = None,
    amount_yuan: Decimal | None = None, by: Any,
) -> Clue:  # fmt: skip
    if found_on > ledger.clock.today():
        raise ledger.Refused({"found_on": _("发现日期不能晚于今天。")})
    row: Clue = insert(
        Clue(
            number=numbered("clue", "JKX"), origin=origin, place=place.strip(), facts=facts.strip(),
            division_code=division_code, found_on=found_on, consignment=consignment, amount_yuan=amount_yuan,
            recorded_at=ledger.clock.now(), recorded_by=who(by), due_at=rules.deadline("IF03", found_on).moment,
        )
    )  # fmt: skip
    ledger.record("imported_food.clue.recorded", of=row, by=by)
    return row


@transaction.atomic
def report_clue(*, clue: Clue, assessment: str, by: Any) -> Clue:
    """To the head of the department, who has three days."""
    assessment = require(assessment, "assessment", _("请写明研判意见：为什么可能是走私或者来源不明，有哪些证据。"))
    now = ledger.clock.now()
    row: Clue = move(
        clue, [State.RECORDED], State.REPORTED, "imported_food.clue.reported", by=by,
        assessment=assessment[:1000], reported_at=now, reported_by=who(by), due_at=rules.deadline("DL12", now).moment,
    )  # fmt: skip
    return row


@transaction.atomic
def decide_clue(*, clue: Clue, approved: bool, receiver: str, reason: str, by: Any) -> Clue:
    """Somebody other than who reported decides; a refusal keeps its reason."""
    reason = require(reason, "reason", _("请写明决定的理由；不移送的理由要记录在案。"))
    if clue.reported_by == who(by):
        raise ledger.Refused(_("报告人不能自己决定是否移送，请由负责人决定。"))
    if approved and receiver not in Clue.Receiver.values:
        raise ledger.Refused({"receiver": _("请选择移送给公安机关还是海关缉私部门。")})
    now = ledger.clock.now()
    changes: dict[str, Any] = {"decision": reason[:1000], "decided_at": now, "decided_by": who(by)}
    if approved:
        changes |= {"state": State.APPROVED, "receiver": receiver, "due_at": rules.deadline("DL13", now).moment}
    else:
        changes |= {"state": State.DISMISSED, "due_at": None}
    event = "imported_food.clue.approved" if approved else "imported_food.clue.dismissed"
    row: Clue = move(clue, [State.REPORTED], "", event, by=by, **changes)
    return row


@transaction.atomic
def hand_over(*, clue: Clue, text: str, by: Any) -> Clue:
    """Within 24 hours: the letter is made and kept as it was sent."""
    text = require(text, "text", _("请写明接收单位、材料清单。"))
    name = f"{clue.number}移送函.docx"
    letter = ledger.store_evidence(name=name, content=papers.transfer_letter(clue, text, ledger.clock.today()), by=by)
    row: Clue = move(
        clue, [State.APPROVED], State.HANDED_OVER, "imported_food.clue.handed_over", by=by,
        handed_at=ledger.clock.now(), handed_by=who(by), handed_text=text[:500], letter=letter, due_at=None,
    )  # fmt: skip
    return row


@transaction.atomic
def record_reply(*, clue: Clue, reply: str, text: str, by: Any) -> Clue:
    text = require(text, "text", _("请写明回复的文号、日期和内容。"))
    if reply not in Clue.Reply.values:
        raise ledger.Refused({"reply": _("请选择是否立案。")})
    row: Clue = move(
        clue, [State.HANDED_OVER], State.ANSWERED, "imported_food.clue.answered", by=by, reply=reply,
        reply_text=text[:500], replied_at=ledger.clock.now(), replied_by=who(by),
    )  # fmt: skip
    return row


def check_late(*, by: Any) -> int:
    """Clues that wait past their hour; each step once."""
    found = 0
    for clue in Clue.objects.filter(due_at__lt=ledger.clock.now()).order_by("number"):
        text = _("%(number)s“%(state)s”") % {"number": clue.number, "state": clue.get_state_display()}
        open_matter(
            "clue_late", text=text, division_code=clue.division_code, subject=clue,
            key=f"clue_late:{clue.number}:{clue.state}", by=by,
        )  # fmt: skip
        found += 1
    return found
