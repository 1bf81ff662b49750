"""One step of anything that has a state: the database says who was first. And whom a finding goes to."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.rules import MovedOn, Refused
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

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


def open_matter(finding: str, *, text: str, key: str, **what: Any) -> Any:
    """For the owner named, else by the routing rules; `what` as for `casework.open_by_route`. A key opens it once."""
    route = rules.route(finding, ledger.clock.today())
    return casework.open_by_route(route, hazard=f"{route.label}：{text}", opened_from=f"imported_food.{key}", **what)
