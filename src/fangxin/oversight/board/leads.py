"""Which agency leads which action, from the plan in force."""

from fangxin.kernel.people import api as people
from fangxin.oversight.board.definitions import ACTIONS
from fangxin.oversight.plans import api as plans

NUMBERS = {label: number for number, label in ACTIONS.items()}


def leads(division_code: str) -> dict[int, people.Agency]:
    """Lead agencies by number of the action; what the plan does not say is left out."""
    plan = plans.current_plan(division_code)
    if plan is None:
        return {}
    actions = plan.actions.select_related("lead").exclude(lead=None)
    return {NUMBERS[action.code]: action.lead for action in actions if action.code in NUMBERS}
