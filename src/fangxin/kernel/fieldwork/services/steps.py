"""The one way in which an inspection moves: whoever asks the database first moves it."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import rules
from fangxin.kernel.fieldwork.models import Inspection, InspectionStep
from fangxin.kernel.ledger import api as ledger

Action = InspectionStep.Action
EVENT = {
    Action.START: "started",
    Action.JUDGE: "judged",
    Action.REVISE: "revised",
    Action.TELL: "told",
    Action.PAPER: "paper_issued",
    Action.PUBLISH: "published",
    Action.RECHECK: "rechecked",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
    Action.CANCEL: "cancelled",
}


def write_step(inspection: Inspection, action: str, *, by: Any, text: str = "") -> InspectionStep:
    actor = ledger.Actor.of(by)
    step = InspectionStep(
        inspection=inspection,
        at=ledger.clock.now(),
        by=actor.username,
        by_name=actor.name,
        action=action,
        state=inspection.state,
        text=text.strip(),
    )
    step.clean_fields()
    step.save(force_insert=True)
    return step


def move(inspection: Inspection, action: str, *, by: Any, text: str = "", **changes: Any) -> Inspection:
    """Do `action`: the rule, the change, the step and the ledger's entry, in the caller's transaction."""
    allowed = rules.check_move(inspection, action)
    seen = inspection.state
    changes |= {"state": allowed.after} if allowed.after else {}
    before = {name: getattr(inspection, name) for name in changes}
    for name, value in changes.items():
        setattr(inspection, name, value)
    try:
        inspection.clean_fields()
        # As it was when the person looked at it; a step that changes nothing asks too.
        moved = Inspection.objects.filter(pk=inspection.pk, state=seen).update(**(changes or {"state": seen}))
    except Exception:
        for name, value in before.items():
            setattr(inspection, name, value)
        raise
    if moved != 1:
        raise_moved_on(inspection)
    write_step(inspection, action, by=by, text=text)
    record(f"fieldwork.inspection.{EVENT[Action(action)]}", inspection, by=by, data={"state": inspection.state})
    return inspection


def record(event: str, inspection: Inspection, *, by: Any, data: dict[str, Any] | None = None) -> None:
    ledger.record(event, of=inspection, by=by, data=data)


def hold(inspection: Inspection, *states: str) -> None:
    """Keep the inspection as it stands until the caller commits; refuse if it has moved on."""
    if Inspection.objects.filter(pk=inspection.pk, state__in=states).update(number=inspection.number) != 1:
        raise_moved_on(inspection)


def raise_moved_on(inspection: Inspection) -> None:
    inspection.refresh_from_db()
    raise rules.MovedOn(
        _("检查%(number)s现在是“%(state)s”，可能刚刚已有人办理。您的操作没有保存，请刷新页面看过后再办。")
        % {"number": inspection.number, "state": inspection.get_state_display()}
    )


def need_text(text: str, field: str, what: str, *, most: int | None = None) -> str:
    text = text.strip()
    if not text:
        raise rules.Refused({field: what})
    if most is not None and len(text) > most:
        raise rules.Refused({field: _("文字太长，最多%(most)s字，请精简。") % {"most": most}})
    return text


def need_officer(inspection: Inspection, by: Any) -> None:
    """What is seen on the spot is written down by those who were there."""
    if hasattr(by, "pk") and not inspection.officers.filter(user_id=by.pk).exists():
        raise rules.Refused(_("这次检查由其他人员办理。检查记录、判定和签字只能由本次检查的人员操作。"))


def named(by: Any) -> str:
    username = ledger.Actor.of(by).username
    if not username:
        raise rules.Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    return username
