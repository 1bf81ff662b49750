"""Findings go to whom the routing rules name."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


def first_agency(names: Iterable[str], division_code: str) -> Any:
    """The first of the named agencies that the county has."""
    county = division_code[:6]
    return next((found for name in names if (found := people.find_agency(name, county)) is not None), None)


def open_matter(
    finding: str,
    *,
    hazard: str,
    division_code: str,
    by: Any,
    premises: Any = None,
    subject_name: str = "",
    key: str | None = None,
) -> Any:
    """A matter for the owner by the routing rules; where the county has no such agency, for its food-safety office."""
    route = rules.route_of(finding, ledger.clock.today())
    owner = first_agency(route.owners, division_code) or _office(division_code)
    others = [first_agency([name], division_code) for name in route.cooperating]
    return casework.open_matter(
        origin="inspection",
        hazard=hazard,
        division_code=division_code,
        severity=route.severity,
        owner=owner,
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=route.clause,
        subject_type=premises._meta.label_lower if premises is not None else "",
        subject_id=str(premises.pk) if premises is not None else "",
        subject_name=premises.name if premises is not None else subject_name,
        opened_from=key,
        by=by,
    )


def _office(division_code: str) -> Any:
    office = people.list_agencies(division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise rules.Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return office
