"""What may follow what, and who may do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import CalendarMissing, WorkCalendar, add_workdays, subtract_workdays
from fangxin.kernel.casework.data import Rung
from fangxin.kernel.casework.models import Extension, Matter, MatterStep

State = Matter.State
Action = MatterStep.Action

OPEN_STATES = (State.OPENED, State.ASSIGNED, State.RECTIFYING, State.SUBMITTED, State.RETURNED)
CLOSED_STATES = (State.CLOSED, State.LOOKED_BACK)
_AT_WORK = (State.OPENED, State.ASSIGNED, State.RECTIFYING, State.RETURNED)


class Refused(ValidationError):
    """A rule stands in the way; the text says which, and what to do."""


class MovedOn(Refused):
    """Somebody else was first."""


@dataclass(frozen=True, slots=True)
class Move:
    """From which states an action is possible, and the state after it; None leaves the state as it is."""

    before: tuple[str, ...]
    after: str | None = None


MOVES: Mapping[str, Move] = {
    Action.ASSIGN: Move(_AT_WORK, State.ASSIGNED),
    Action.FIX: Move(_AT_WORK),
    Action.START: Move((State.ASSIGNED, State.RETURNED), State.RECTIFYING),
    Action.PROGRESS: Move((State.RECTIFYING, State.RETURNED)),
    Action.SUBMIT: Move((State.RECTIFYING, State.RETURNED), State.SUBMITTED),
    Action.RETURN: Move((State.SUBMITTED,), State.RETURNED),
    Action.PROPOSE_CLOSING: Move((State.SUBMITTED,)),
    Action.CLOSE: Move((State.SUBMITTED,), State.CLOSED),
    Action.LOOK_BACK_HELD: Move((State.CLOSED,), State.LOOKED_BACK),
    Action.LOOK_BACK_REBOUNDED: Move((State.CLOSED,), State.LOOKED_BACK),
    Action.REOPEN: Move(CLOSED_STATES),
    Action.ASK_WITHDRAWAL: Move(OPEN_STATES),
    Action.WITHDRAW: Move(OPEN_STATES, State.WITHDRAWN),
    Action.REFUSE_WITHDRAWAL: Move(OPEN_STATES),
    Action.ASK_EXTENSION: Move(_AT_WORK),
    Action.GRANT_EXTENSION: Move(OPEN_STATES),
    Action.REFUSE_EXTENSION: Move(OPEN_STATES),
    Action.ESCALATE: Move(OPEN_STATES),
    Action.PAPER: Move(OPEN_STATES),
    Action.INTERVIEW: Move(OPEN_STATES),
}
# Whoever did one of these has a hand in the rectification and cannot judge it.
RECTIFYING_ACTIONS = (Action.START, Action.PROGRESS, Action.SUBMIT)


def check_move(matter: Matter, action: str) -> Move:
    move = MOVES[action]
    if matter.state not in move.before:
        raise Refused(
            _("事项%(number)s现在是“%(state)s”，不能办理“%(action)s”。请刷新页面，按现在的状态办理。")
            % {
                "number": matter.number,
                "state": matter.get_state_display(),
                "action": Action(action).label,
            }
        )
    return move


def rectifiers(matter: Matter) -> set[str]:
    """Accounts that had a hand in the rectification."""
    done = matter.steps.filter(action__in=RECTIFYING_ACTIONS).exclude(by="")
    return set(done.values_list("by", flat=True))


def check_second_person(matter: Matter, username: str) -> None:
    if not username:
        raise Refused(_("验收、销号和回头看必须由具体人员办理，系统不能代办。"))
    if username in rectifiers(matter):
        raise Refused(_("您参与了这件事项的整改，不能由您验收、销号或者回头看。请由另一名人员办理。"))


def ladder_days(
    due_on: date, ladder: tuple[Rung, ...], *, repeated: bool, calendar: WorkCalendar, today: date
) -> list[tuple[str, date]]:
    """The rungs reached by `today`, in the order in which they fall.

    A rung that would fall in a year whose calendar is not known yet is not reached as long as that year has not
    begun; afterwards `CalendarMissing` goes up.
    """
    reached = []
    for rung in ladder:
        offset = rung.repeat_offset if repeated and rung.repeat_offset is not None else rung.offset
        try:
            falls_on = _shift(due_on, offset, rung.unit, calendar)
        except CalendarMissing as missing:
            if missing.year > today.year:
                continue
            raise
        if falls_on <= today:
            reached.append((rung.stage, falls_on))
    return sorted(reached, key=lambda rung: rung[1])


def _shift(day: date, offset: int, unit: str, calendar: WorkCalendar) -> date:
    if unit == "day":
        return day + timedelta(days=offset)
    return add_workdays(day, offset, calendar) if offset >= 0 else subtract_workdays(day, -offset, calendar)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to one matter."""

    username: str
    owns: bool  # belongs to the owner
    works: bool  # belongs to the owner or a cooperating agency
    opens: bool  # opened it and may open matters
    closes: bool  # may verify and close there
    supervises: bool  # the office of the place
    superior: bool  # the office, or the agency above the owner


def standing(user: Any, matter: Matter) -> Standing:
    working = set(user.own_agencies("matter.work"))
    supervises = _anywhere_above(user, "matter.supervise", matter)
    outside_owner = matter.owner_id not in working
    return Standing(
        username=user.username,
        owns=matter.owner_id in working,
        works=matter.owner_id in working or any(a.pk in working for a in matter.cooperating.all()),
        opens=matter.opened_by == user.username and user.can("matter.open"),
        closes=_anywhere_above(user, "matter.close", matter),
        supervises=supervises,
        superior=outside_owner and (supervises or matter.owner.parent_id in working),
    )


def _anywhere_above(user: Any, ability: str, matter: Matter) -> bool:
    return any(matter.division_code.startswith(prefix) for prefix in user.prefixes(ability))


def allowed_actions(user: Any, matter: Matter, *, today: date) -> list[str]:
    """What this person may do with the matter now, in the order of the work."""
    person = standing(user, matter)
    extension = getattr(matter, "extension", None)
    hands = rectifiers(matter)
    checks = {
        "assign": person.supervises or (matter.state == State.OPENED and (person.opens or person.owns)),
        "fix": person.supervises or person.owns,
        "start": person.works,
        "progress": person.works,
        "submit": person.works,
        "close": person.closes and person.username not in hands | {matter.closing_proposed_by},
        "return": person.closes and person.username not in hands,
        "look_back": person.closes and person.username not in hands,
        "reopen": (person.closes or person.supervises) and not hasattr(matter, "reopened_as"),
        "ask_extension": person.owns and extension is None and today <= matter.due_on,
        "decide_extension": person.superior
        and extension is not None
        and extension.state == Extension.State.ASKED
        and extension.asked_by != person.username,
        "evidence": person.works or person.closes or person.supervises,
        "withdraw": (person.supervises or person.opens) and not matter.withdrawal_asked_by,
        "decide_withdrawal": person.supervises and matter.withdrawal_asked_by not in ("", person.username),
        "paper": person.supervises,
        "interview": person.supervises,
    }
    return [name for name, right in checks.items() if right and matter.state in _states_for(name)]


def _states_for(name: str) -> tuple[str, ...]:
    special: dict[str, tuple[str, ...]] = {
        "look_back": (State.CLOSED,),
        "evidence": (*OPEN_STATES, State.CLOSED),
        "decide_extension": OPEN_STATES,
        "withdraw": OPEN_STATES,
        "decide_withdrawal": OPEN_STATES,
    }
    return special[name] if name in special else MOVES[name].before
