"""Choosing for each goal the indicator of the board that computes it. A suggestion; the clerk confirms."""

from collections.abc import Iterable
from typing import Any

from fangxin.engines.indicators import Kind
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import rules
from fangxin.oversight.plans.data import ACTION_CODES
from fangxin.oversight.plans.models import Goal, Plan

NUMBER_OF = {code: number for number, (code, _words) in enumerate(ACTION_CODES, start=1)}


def all_definitions() -> list[Any]:
    """What the board can show today."""
    return list(board.definitions(ledger.clock.today()))


def choices_for(definitions: Iterable[Any], action_code: str) -> dict[str, str]:
    """Code → name of the indicators for a kind of action; all of them where the kind is unknown."""
    number = NUMBER_OF.get(action_code)
    return {d.code: d.name for d in definitions if number is None or d.action in (number, None)}


def suggest_indicators(plan: Plan) -> None:
    """Fill in the nearest indicator for goals that have none. A measurable goal is never met by an acceptance."""
    definitions = {d.code: d for d in all_definitions()}
    goals = {goal.pk: goal for goal in Goal.objects.filter(plan=plan, indicator_code="").select_related("action")}
    wanted = {}
    for pk, goal in goals.items():
        if goal.action is not None and goal.action.code:
            codes = choices_for(definitions.values(), goal.action.code)
            fitting = [c for c in codes if not goal.is_measurable or definitions[c].kind is not Kind.MILESTONE]
            wanted[pk] = (goal.metric or goal.text, fitting)
    found = rules.match_indicators(wanted, {code: d.name for code, d in definitions.items()})
    for pk, code in found.items():
        goals[pk].indicator_code = code
    Goal.objects.bulk_update([goals[pk] for pk in found], ["indicator_code"])
