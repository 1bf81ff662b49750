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
    """Fill in the nearest indicator for goals that have none.

    A measurable goal is never met by an acceptance; a milestone gets a counted indicator only on nearly its own words.
    """
    definitions = {d.code: d for d in all_definitions()}
    names = {code: d.name for code, d in definitions.items()}
    goals = {goal.pk: goal for goal in Goal.objects.filter(plan=plan, indicator_code="").select_related("action")}
    alike, unlike = {}, {}
    for pk, goal in goals.items():
        if goal.action is None or not goal.action.code:
            continue
        codes = choices_for(definitions.values(), goal.action.code)
        same = {c for c in codes if (definitions[c].kind is Kind.MILESTONE) != goal.is_measurable}
        alike[pk] = (goal.metric or goal.text, same)
        if not goal.is_measurable:
            unlike[pk] = (goal.text, set(codes) - same)
    found = rules.match_indicators(alike, names)
    free = {pk: (words, codes - set(found.values())) for pk, (words, codes) in unlike.items() if pk not in found}
    found |= rules.match_indicators(free, names, at_least=rules.VERY_CLOSE)
    for pk, code in found.items():
        goals[pk].indicator_code = code
    Goal.objects.bulk_update([goals[pk] for pk in found], ["indicator_code"])
