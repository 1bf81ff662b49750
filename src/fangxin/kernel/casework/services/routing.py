"""A finding becomes a matter of whoever the routing rules name."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.casework.models import Matter
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services.matters import open_matter
from fangxin.kernel.people import api as people

COUNTY_LENGTH = 6


class Route(Protocol):
    """A line of routing data: names of agencies in the order of preference, who helps, how grave, by which clause."""

    @property
    def owners(self) -> Sequence[str]: ...
    @property
    def cooperating(self) -> Sequence[str]: ...
    @property
    def severity(self) -> str: ...
    @property
    def clause(self) -> str: ...


def owner_by_route(route: Route, division_code: str) -> people.Agency:
    """The first agency named that the county has; where it has none, its food-safety office, which hands it on."""
    found = people.first_agency(route.owners, division_code)
    return found or food_safety_office(division_code)


def food_safety_office(division_code: str) -> people.Agency:
    rows = people.list_agencies(division_code[:COUNTY_LENGTH])
    office: people.Agency | None = rows.filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return office


@transaction.atomic
def open_by_route(
    route: Route, *, hazard: str, division_code: str, by: Any, owner: Any = None, subject: Any = None,
    subject_name: str = "", legal_basis: str = "", origin: str = "inspection", **more: Any,
) -> Matter:  # fmt: skip
    """Open a matter for the owner given, else for the owner by the route; `more` as for `open_matter`."""
    others = [people.first_agency([name], division_code) for name in route.cooperating]
    return open_matter(
        origin=origin,
        hazard=hazard[:2000],
        division_code=division_code,
        severity=route.severity,
        owner=owner or owner_by_route(route, division_code),
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=(legal_basis or route.clause)[:500],
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_name=(subject_name or str(subject or ""))[:200],
        by=by,
        **more,
    )
