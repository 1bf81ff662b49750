"""What may follow what, who may do it, and facts carried to the engine and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines import grading
from fangxin.kernel.fieldwork.data import Practice, Spot
from fangxin.kernel.fieldwork.models import Finding, Inspection, InspectionStep, ItemPhoto, ItemResult

State = Inspection.State
Action = InspectionStep.Action


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
    Action.JUDGE: Move((State.STARTED,), State.JUDGED),
    Action.REVISE: Move((State.JUDGED,), State.STARTED),
    Action.TELL: Move((State.JUDGED,), State.TOLD),
    Action.PAPER: Move((State.JUDGED, State.TOLD, State.CLOSED)),
    Action.PUBLISH: Move((State.TOLD, State.CLOSED)),
    Action.RECHECK: Move((State.TOLD, State.CLOSED)),
    Action.CLOSE: Move((State.TOLD,), State.CLOSED),
    Action.REOPEN: Move((State.CLOSED,), State.TOLD),
    Action.CANCEL: Move((State.STARTED, State.JUDGED), State.CANCELLED),
}
LIVE_STATES = (State.STARTED, State.JUDGED)
TOLD_STATES = (State.TOLD, State.CLOSED)
# Papers that can be made before the result has been told.
FEWEST_OFFICERS = 2

# The words of the database and those of the engine.
OUTCOMES: Mapping[str, grading.Outcome] = {
    ItemResult.Outcome.PASS: grading.Outcome.CONFORMS,
    ItemResult.Outcome.FAIL: grading.Outcome.FAILS,
    ItemResult.Outcome.NOT_APPLICABLE: grading.Outcome.NOT_APPLICABLE,
}
RESULTS: Mapping[str, grading.Overall] = {
    Inspection.Result.CONFORMING: grading.Overall.CONFORMS,
    Inspection.Result.MOSTLY: grading.Overall.BASICALLY_CONFORMS,
    Inspection.Result.NONCONFORMING: grading.Overall.FAILS,
}
RESULT_OF = {overall: result for result, overall in RESULTS.items()}
# What follows a failed item, gravest first: an item on which two things follow keeps the graver one.
MEASURES: Mapping[grading.Action, str] = {
    grading.Action.STOP_AT_ONCE: Finding.Measure.STOP,
    grading.Action.OBSTRUCTION: Finding.Measure.INVESTIGATE,
    grading.Action.INVESTIGATE: Finding.Measure.INVESTIGATE,
    grading.Action.CORRECT_BY_DATE: Finding.Measure.CORRECT_BY,
    grading.Action.ORDER_TO_CORRECT: Finding.Measure.CORRECT_LABEL,
    grading.Action.CORRECT_ON_SITE: Finding.Measure.CORRECT_ON_SITE,
}
_GRAVITY = tuple(MEASURES)


def check_move(inspection: Inspection, action: str) -> Move:
    move = MOVES[action]
    if inspection.state not in move.before:
        raise Refused(
            _("检查%(number)s现在是“%(state)s”，不能办理“%(action)s”。请刷新页面，按现在的状态办理。")
            % {
                "number": inspection.number,
                "state": inspection.get_state_display(),
                "action": Action(action).label,
            }
        )
    return move


def chosen(inspection: Inspection, checklist: grading.Checklist) -> tuple[grading.ChecklistItem, ...]:
    """The items this inspection has to answer, in the order of the form."""
    items = checklist.items_for(inspection.premises_kind)
    if not inspection.chosen_items:
        return items
    wanted = set(inspection.chosen_items)
    return tuple(item for item in items if item.code in wanted)


def to_engine(result: ItemResult) -> grading.ItemResult:
    failed = result.outcome == ItemResult.Outcome.FAIL
    return grading.ItemResult(
        code=result.code,
        outcome=OUTCOMES[result.outcome],
        score=result.score,
        safety_affected=result.safety_affected if failed else None,
        accident_potential=failed and result.accident_potential,
        corrected_on_site=failed and result.corrected_on_site,
    )


def gravest(actions: Iterable[grading.RequiredAction]) -> dict[str, grading.RequiredAction]:
    """For every item the gravest thing that follows; what the inspected refused stands under the refusal's code."""
    found: dict[str, grading.RequiredAction] = {}
    for one in actions:
        if one.action not in MEASURES:
            continue
        code = one.item or dict(one.basis.inputs).get("refusal", "")
        before = found.get(code)
        if before is None or _GRAVITY.index(one.action) < _GRAVITY.index(before.action):
            found[code] = one
    return found


def basis_of(basis: grading.Basis) -> dict[str, Any]:
    """As the database keeps it."""
    return {
        "rule": basis.rule,
        "edition": basis.edition,
        "article": basis.article,
        "inputs": [list(pair) for pair in basis.inputs],
        "comparison": basis.comparison,
    }


def conflict_text(token: str) -> str:
    """What does not fit between the items and the judgement, and what to do."""
    texts = {
        "milder_than_findings": _("所选结果比检查发现的问题轻。请按问题重新选择结果，或者核对项目记录。"),
        "no_failure_found": _("没有发现不合格的项目，却选了“不符合”或“基本符合”。请核对项目记录或者改选结果。"),
        "differs_from_count": _("所选结果与按不合格项数计算的结果不同。请不要手工选择结果，或者核对项目记录。"),
        "too_few_items": _("检查的项目数少于要求的最低数。请补查后再判定。"),
        "too_few_key_items": _("检查的重点项数少于要求的最低数。请补查后再判定。"),
        "safety_not_stated": _("有不合格的项目还没有写明是否影响食品安全。请逐项选择后再判定。"),
        "nothing_judged": _("没有一个适用的项目，无法判定。请核对项目记录。"),
    }
    return texts[token]


# --- pictures ---------------------------------------------------------------------------------------------------

_EARTH_M = 6_371_000


def distance_m(one: Spot, other: Spot) -> float:
    """Metres on the sphere; good to some per mille.

    >>> round(distance_m(Spot(34.0, 111.0), Spot(34.0, 111.01)))
    922
    """
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2 * cos(lat1) * cos(lat2)
    return 2 * _EARTH_M * asin(sqrt(min(1.0, sin((lat2 - lat1) / 2) ** 2 + across)))


def doubts(
    spot: Spot | None,
    taken_at: datetime | None,
    *,
    premises: Spot | None,
    places: Iterable[Spot],
    started_at: datetime,
    now: datetime,
    practice: Practice,
) -> list[str]:
    """What is doubtful about a picture. Without a known place to compare with, distance is not judged."""
    found: list[str] = []
    if spot is None:
        found.append(ItemPhoto.Doubt.NO_PLACE.value)
    else:
        known = [distance_m(spot, place) for place in places]
        if known and min(known) > practice.outside_km * 1000:
            found.append(ItemPhoto.Doubt.OUTSIDE.value)
        elif premises is not None and distance_m(spot, premises) > practice.far_m:
            found.append(ItemPhoto.Doubt.FAR.value)
    margin = timedelta(hours=practice.picture_hours)
    if taken_at is None or not started_at - margin <= taken_at <= now + margin:
        found.append(ItemPhoto.Doubt.TIME.value)
    return found


# --- who may --------------------------------------------------------------------------------------------------


def is_officer(user: Any, inspection: Inspection) -> bool:
    return any(officer.user_id == user.pk for officer in inspection.officers.all())


def allowed_actions(user: Any, inspection: Inspection) -> list[str]:
    """What this person may do with the inspection now, in the order of the work."""
    officer = is_officer(user, inspection) and user.can("inspection.work", inspection.division_code)
    plans = user.can("inspection.plan", inspection.division_code)
    publishes = user.can("inspection.publish", inspection.division_code)
    rights = {
        "record": (officer, (State.STARTED,)),
        "judge": (officer, (State.STARTED,)),
        "revise": (officer, (State.JUDGED,)),
        "sign": (officer, (State.JUDGED,)),
        "tell": (officer, (State.JUDGED,)),
        "cancel": (officer or plans, LIVE_STATES),
        "paper": (officer or publishes, (State.JUDGED, *TOLD_STATES)),
        "publish": (publishes and inspection.published_at is None, TOLD_STATES),
        "recheck": (user.can("inspection.work", inspection.division_code), (State.TOLD,)),
        "close": (officer or publishes, (State.TOLD,)),
    }
    return [name for name, (right, states) in rights.items() if right and inspection.state in states]
