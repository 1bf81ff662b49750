"""What an action's page shows: goals with their figures, tasks, duties, scheme, returns, matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import selectors
from fangxin.oversight.plans.models import Action, Goal, Plan, Return, SpecialPlan


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal and its figure as of a day; no figure where the goal has no indicator."""

    goal: Goal
    figure: Any


def goal_lines(goals: Iterable[Goal], plan: Plan, as_of: date) -> list[GoalLine]:
    """All goals with one question to the board."""
    rows = list(goals)
    codes = sorted({goal.indicator_code for goal in rows if goal.indicator_code})
    figures = board.figures(plan.division_code, as_of, codes) if codes else []
    found = {figure.code: figure for figure in figures}
    return [GoalLine(goal, found.get(goal.indicator_code)) for goal in rows]


@dataclass(frozen=True, slots=True)
class ActionPage:
    action: Action
    goals: list[GoalLine]
    measures: list[Any]
    duties: list[Any]
    tasks: list[Any]
    special_plan: SpecialPlan | None
    returns: list[Return]
    open_matters: int


def action_page_data(user: Any, action: Action, *, as_of: date | None = None, tasks: int = 60) -> ActionPage:
    """Everything of one action that the person may see, as of a day."""
    today = as_of or ledger.clock.today()
    found = selectors.list_tasks(user).filter(action=action, year=today.year).order_by("state", "due_on", "pk")
    return ActionPage(
        action=action,
        goals=goal_lines(action.goals.all(), action.plan, today),
        measures=list(action.measures.all()),
        duties=list(action.agencies.select_related("agency")),
        tasks=list(found[:tasks]),
        special_plan=selectors.list_special_plans(user).filter(action=action).first(),
        returns=list(selectors.list_returns(user).filter(action=action)),
        open_matters=_open_matters(user, action),
    )


def _open_matters(user: Any, action: Action) -> int:
    """Matters still open that the action's lead owns and that its own papers caused."""
    subjects = Q(subject_type="plans.return", subject_id__in=_ids(action.returns)) | Q(
        subject_type="plans.specialplan", subject_id__in=_ids(SpecialPlan.objects.filter(action=action))
    )
    return casework.list_matters(user).filter(subjects, state__in=casework.OPEN_STATES).count()


def _ids(rows: Any) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]
