"""Findings of enterprises, water and volatile organic compounds become matters of whom the routing rules name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.services.steps import Refused
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


def owner_of(finding: str, division_code: str) -> Any:
    """The agency that the routing names; where the county has none of them, its food-safety office, which hands it on."""
    return first_agency(rules.route_of(finding, ledger.clock.today()).owners, division_code) or _office(division_code)


def first_agency(names: Iterable[str], division_code: str) -> Any:
    county = division_code[:6]
    return next((found for name in names if (found := people.find_agency(name, county)) is not None), None)


def open_matter(
    finding: str, *, of: Any, hazard: str, key: str, by: Any, clause: str = "", due_on: date | None = None
) -> Any:
    """One matter for one finding, however often it is found again."""
    route = rules.route_of(finding, ledger.clock.today())
    others = [first_agency([name], of.division_code) for name in route.cooperating]
    return casework.open_matter(
        origin="inspection",
        hazard=hazard,
        division_code=of.division_code,
        severity=route.severity,
        owner=owner_of(finding, of.division_code),
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis="；".join(part for part in (clause, route.clause) if part),
        subject_type=of._meta.label_lower,
        subject_id=str(of.pk),
        subject_name=str(of)[:200],
        due_on=due_on,
        opened_from=key,
        by=by,
    )


def _office(division_code: str) -> Any:
    office = people.list_agencies(division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return office
