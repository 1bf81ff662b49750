"""Findings go to whom the routing rules name."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.produce_markets.standards import Refused, route_of
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

COUNTY_LENGTH = 6


def first_agency(names: Iterable[str], division_code: str) -> Any:
    """The first of the named agencies that the county has."""
    county = division_code[:COUNTY_LENGTH]
    return next((found for name in names if (found := people.find_agency(name, county)) is not None), None)


def open_matter(finding: str, *, hazard: str, premises: Any, key: str, by: Any, origin: str = "inspection") -> Any:
    """A matter for the owner by the routing rules; where the county has no such agency, for its food-safety office."""
    route = route_of(finding, ledger.clock.today())
    owner = first_agency(route.owners, premises.division_code) or _office(premises.division_code)
    others = [first_agency([name], premises.division_code) for name in route.cooperating]
    return casework.open_matter(
        origin=origin,
        hazard=hazard[:2000],
        division_code=premises.division_code,
        severity=route.severity,
        owner=owner,
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=route.clause[:500],
        subject_type=premises._meta.label_lower,
        subject_id=str(premises.pk),
        subject_name=premises.name,
        opened_from=key[:200],
        by=by,
    )


def market_regulator(division_code: str) -> Any:
    """Who supervises markets here."""
    route = route_of("rapid_positive", ledger.clock.today())
    return first_agency(route.owners, division_code) or _office(division_code)


def _office(division_code: str) -> Any:
    office = people.list_agencies(division_code[:COUNTY_LENGTH]).filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return office
