"""One step of anything that has a state: the database says who was first. And whom a finding goes to."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.rules import MovedOn, Refused
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

# The platform itself looks through the books; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")


def who(by: Any) -> str:
    return ledger.Actor.of(by).username


def insert(row: models.Model) -> Any:
    row.full_clean()
    row.save(force_insert=True)
    return row


def need(text: str, field: str, message: str) -> str:
    text = text.strip()
    if not text:
        raise Refused({field: message})
    return text


def move(
    row: Any, since: Collection[str], event: str, *, by: Any, data: Mapping[str, Any] | None = None, **changes: Any
) -> Any:
    """Change a row that is in one of the states `since`; somebody faster leaves it untouched."""
    moved = type(row)._default_manager.filter(pk=row.pk, state__in=list(since)).update(**changes)
    row.refresh_from_db()
    if moved != 1:
        raise MovedOn(
            _("“%(what)s”刚刚已由他人办理，现在是“%(state)s”。没有重复办理，请刷新后查看。")
            % {"what": row, "state": row.get_state_display()}
        )
    ledger.record(event, of=row, by=by, data=data, division_code=row.division_code)
    return row


def numbered(series: str, prefix: str) -> str:
    year = ledger.clock.today().year
    return f"{prefix}{year}-{ledger.next_number(f'imported_food.{series}', year):04}"


def first_agency(names: Iterable[str], division_code: str) -> Any:
    """The first of the named agencies that the county has."""
    return next((a for name in names if (a := people.find_agency(name, division_code[:6])) is not None), None)


def office(division_code: str) -> Any:
    found = people.list_agencies(division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if found is None:
        raise Refused(_("这个县还没有设立食安办和责任部门，问题无人接收。请管理员先建立机构。"))
    return found


def open_matter(
    finding: str, *, text: str, division_code: str, key: str, by: Any, owner: Any = None, subject: Any = None,
    due_on: date | None = None, origin: str = "inspection",
) -> Any:  # fmt: skip
    """For the owner named, else by the routing rules, else for the food-safety office. The same key opens it once."""
    route = rules.route(finding, ledger.clock.today())
    others = [first_agency([name], division_code) for name in route.cooperating]
    return casework.open_matter(
        origin=origin,
        hazard=f"{route.label}：{text}"[:2000],
        division_code=division_code,
        severity=route.severity,
        owner=owner or first_agency(route.owners, division_code) or office(division_code),
        cooperating=list({agency.pk: agency for agency in others if agency is not None}.values()),
        legal_basis=route.clause[:500],
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_name=str(subject or "")[:200],
        due_on=due_on,
        opened_from=f"imported_food.{key}",
        by=by,
    )
