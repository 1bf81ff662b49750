"""Who gets what: matters that ask for a look and for measures. None of them charges anybody."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules
from fangxin.kernel.casework import api as casework
from fangxin.kernel.people import api as people


def first_agency(names: Iterable[str], division_code: str) -> Any:
    """The first of the named agencies that the county has."""
    return next((a for name in names if (a := people.find_agency(name, division_code[:6])) is not None), None)


def office(division_code: str) -> Any:
    found = people.list_agencies(division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if found is None:
        raise rules.Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return found


def open_matter(
    finding: str,
    *,
    hazard: str,
    division_code: str,
    key: str,
    by: Any,
    owner: Any = None,
    subject: Any = None,
    due_on: date | None = None,
) -> Any:
    """For the owner named, else by the routing rules, else for the food-safety office."""
    route = rules.route(finding)
    others = [first_agency([name], division_code) for name in route.cooperating]
    return casework.open_matter(
        origin="other",
        hazard=hazard[:2000],
        division_code=division_code,
        severity=route.severity,
        owner=owner or first_agency(route.owners, division_code) or office(division_code),
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=route.clause,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_name=str(subject)[:200] if subject is not None else "",
        due_on=due_on,
        opened_from=key,
        by=by,
    )
