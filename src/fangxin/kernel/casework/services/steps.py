"""The one way in which a matter moves: whoever asks the database first moves it."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules
from fangxin.kernel.casework.models import Matter, MatterStep
from fangxin.kernel.ledger import api as ledger

Action = MatterStep.Action


def write_step(matter: Matter, action: str, *, by: Any, from_state: str, text: str = "") -> MatterStep:
    actor = ledger.Actor.of(by)
    step = MatterStep(
        matter=matter,
        at=ledger.clock.now(),
        by=actor.username,
        by_name=actor.name,
        action=action,
        from_state=from_state,
        state=matter.state,
        owner_id=matter.owner_id,
        due_on=matter.due_on,
        text=text.strip(),
    )
    step.clean_fields()
    step.save(force_insert=True)
    return step


def move(matter: Matter, action: str, *, by: Any, text: str = "", **changes: Any) -> Matter:
    """Do `action`: the rule, the change, the step and the ledger's entry, in the caller's transaction."""
    allowed = rules.check_move(matter, action)
    seen = {"state": matter.state, "owner_id": matter.owner_id, "due_on": matter.due_on}
    changes |= {"state": allowed.after} if allowed.after else {}
    for name, value in changes.items():
        setattr(matter, name, value)
    matter.clean_fields()
    # As it was when the person looked at it: a matter that has moved since is looked at again first. A step that
    # changes nothing asks too, since it writes down how the matter stands.
    if Matter.objects.filter(pk=matter.pk, **seen).update(**(changes or {"state": seen["state"]})) != 1:
        raise_moved_on(matter)
    write_step(matter, action, by=by, from_state=str(seen["state"]), text=text)
    ledger.record(f"casework.matter.{EVENT[Action(action)]}", of=matter, by=by, data={"state": matter.state})
    return matter


def raise_moved_on(matter: Matter) -> None:
    matter.refresh_from_db()
    raise rules.MovedOn(
        _("刚刚已有人办理了事项%(number)s，现在是“%(state)s”。您的操作没有保存，请刷新页面看过后再办。")
        % {"number": matter.number, "state": matter.get_state_display()}
    )


def need_text(text: str, field: str, what: str) -> str:
    if not text.strip():
        raise rules.Refused({field: what})
    return text.strip()


EVENT = {
    Action.OPEN: "opened",
    Action.ASSIGN: "assigned",
    Action.FIX: "fixed",
    Action.START: "started",
    Action.PROGRESS: "progressed",
    Action.SUBMIT: "submitted",
    Action.RETURN: "returned",
    Action.PROPOSE_CLOSING: "closing_proposed",
    Action.CLOSE: "closed",
    Action.LOOK_BACK_HELD: "looked_back",
    Action.LOOK_BACK_REBOUNDED: "rebounded",
    Action.REOPEN: "reopened",
    Action.ASK_WITHDRAWAL: "withdrawal_asked",
    Action.WITHDRAW: "withdrawn",
    Action.REFUSE_WITHDRAWAL: "withdrawal_refused",
    Action.ASK_EXTENSION: "extension_asked",
    Action.GRANT_EXTENSION: "extension_granted",
    Action.REFUSE_EXTENSION: "extension_refused",
    Action.ESCALATE: "escalated",
    Action.PAPER: "paper_issued",
    Action.INTERVIEW: "interview_proposed",
}
