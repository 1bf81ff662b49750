"""Findings go to whom the routing rules name."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.rules_inputs import Refused, route_of
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
    subject: Any = None,
    subject_name: str = "",
    key: str | None = None,
) -> Any:
    """A matter for the owner by the routing rules; where the county has no such agency, for its food-safety office."""
    route = route_of(finding, ledger.clock.today())
    owner = first_agency(route.owners, division_code) or _office(division_code)
    others = [first_agency([name], division_code) for name in route.cooperating]
    return casework.open_matter(
        origin="inspection",
        hazard=hazard[:2000],
        division_code=division_code,
        severity=route.severity,
        owner=owner,
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=route.clause[:500],
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_name=(subject_name or str(subject or ""))[:200],
        opened_from=key,
        by=by,
    )


def _office(division_code: str) -> Any:
    office = people.list_agencies(division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return office
