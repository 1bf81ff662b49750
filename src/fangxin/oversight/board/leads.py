"""Which agency leads which action; whoever keeps the plan says so."""

from itertools import chain

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Lead
from fangxin.oversight.board.definitions import ACTIONS

NUMBERS = {label: number for number, label in ACTIONS.items()}


def leads(division_code: str) -> dict[int, Lead]:
    """Leads by the number of the action; an action that nobody leads is left out."""
    said = chain.from_iterable(provider(division_code) for provider in contribute.lead_lists)
    return {NUMBERS[lead.action]: lead for lead in said if lead.action in NUMBERS}
