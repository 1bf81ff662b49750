"""What the board asks of a person today, and what it answers to a search."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.engines.indicators import IndicatorDefinition, Kind
from fangxin.kernel.contributing.data import Hit, Waiting, WorkItem
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board.definitions import action_title, definitions
from fangxin.oversight.board.leads import leads
from fangxin.oversight.board.models import TypedFigure
from fangxin.oversight.board.selectors import waiting_typed

# Reports come each quarter, so a signed figure older than this is due again.
SIGNED_FOR = timedelta(days=92)


def lines(user: Any) -> list[WorkItem | Waiting]:
    return [*_to_verify(user), *_to_type(user)]


def _to_verify(user: Any) -> list[Waiting]:
    if not user.can("board.verify"):
        return []
    return [Waiting("due", _("待核实的填报数"), f"{reverse('board:typed')}?state=pending", waiting_typed(user))]


def _to_type(user: Any) -> list[WorkItem]:
    """Signed figures of the actions that the person's own agency leads and nobody has typed for a quarter."""
    own = set(user.own_agencies("board.type"))
    prefixes = user.prefixes("board.type")
    if not own or not prefixes:
        return []
    due = due_codes(prefixes[0], own)
    if not due:
        return []
    label = _("待填报的签报指标")
    return [WorkItem("due", label, f"{reverse('board:home')}?kind=signed", detail=_("附证据填报"), count=len(due))]


def due_codes(division_code: str, agencies: set[int]) -> set[str]:
    today = ledger.clock.today()
    signed = {c: d for c, d in definitions(today).items() if d.kind is Kind.SIGNED and d.action is not None}
    if not signed:
        return set()
    led = {number for number, lead in leads(division_code).items() if lead.agency_id in agencies}
    mine = {code for code, definition in signed.items() if definition.action in led}
    recent = TypedFigure.objects.filter(division_code=division_code, code__in=mine, as_of__gt=today - SIGNED_FOR)
    return mine - set(recent.values_list("code", flat=True))


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("board.view"):
        return []
    found = [d for d in definitions(ledger.clock.today()).values() if text in d.name or text.upper() == d.code.upper()]
    return [_hit(definition) for definition in found[:limit]]


def _hit(definition: IndicatorDefinition) -> Hit:
    url = reverse("board:indicator", args=[definition.code])
    return Hit(_("指标"), f"{definition.code} {definition.name}", url, action_title(definition.action))
