"""Settling all printed names of a draft at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import NameBook
from fangxin.oversight.plans.models import ActionAgency, Plan
from fangxin.oversight.plans.rules import agency_kind
from fangxin.oversight.plans.services.review import create_for_name, resolve_name


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as the document prints it: the agency it means, or the one it probably means."""

    printed: str
    agency: Any
    proposed: Any
    actions: tuple[int, ...]
    leads: bool
    kind: str


def list_names(plan: Plan, book: NameBook | None = None) -> list[PrintedName]:
    """Every printed name of the plan once, the leads first."""
    found: dict[str, dict[str, Any]] = {}
    for printed, agency_id, number, leads in _mentions(plan):
        entry = found.setdefault(printed, {"agency": None, "actions": [], "leads": False})
        entry["agency"] = entry["agency"] or agency_id
        entry["actions"].append(number)
        entry["leads"] = entry["leads"] or leads
    book = book or NameBook(plan.division_code)
    by_pk = {agency.pk: agency for agency in book.agencies}
    names = [
        PrintedName(
            printed=printed,
            agency=by_pk.get(entry["agency"]),
            proposed=None if entry["agency"] else book.nearly(printed),
            actions=tuple(sorted(set(entry["actions"]))),
            leads=entry["leads"],
            kind=agency_kind(printed),
        )
        for printed, entry in found.items()
    ]
    return sorted(names, key=lambda name: (name.agency is not None, not name.leads))


def _mentions(plan: Plan) -> list[tuple[str, int | None, int, bool]]:
    leads = plan.actions.exclude(lead_printed="").order_by("number")
    units = ActionAgency.objects.filter(action__plan=plan).exclude(printed="").order_by("action__number", "pk")
    led = leads.values_list("lead_printed", "lead_id", "number")
    joined = units.values_list("printed", "agency_id", "action__number")
    return [(*mention, True) for mention in led] + [(*mention, False) for mention in joined]


@transaction.atomic
def accept_proposals(*, plan: Plan, by: Any) -> int:
    """Take every proposal there is; names without one stay open."""
    open_names = [name for name in list_names(plan) if name.agency is None and name.proposed is not None]
    for name in open_names:
        resolve_name(plan=plan, printed=name.printed, agency=name.proposed, by=by)
    return len(open_names)


@transaction.atomic
def settle_names(*, plan: Plan, known: Mapping[str, people.Agency], by: Any) -> None:
    """Every name gets an agency: the one named, the one that matches, or a new one."""
    for name in list_names(plan):
        if name.agency is not None and name.printed not in known:
            continue
        if name.printed in known:
            resolve_name(plan=plan, printed=name.printed, agency=known[name.printed], by=by)
            continue
        # Agencies made for earlier names count for later ones: 农业农村局 after 县农业农村局.
        match = NameBook(plan.division_code).nearly(name.printed)
        if match is not None:
            resolve_name(plan=plan, printed=name.printed, agency=match, by=by)
        else:
            create_for_name(plan=plan, printed=name.printed, by=by)
