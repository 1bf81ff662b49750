"""One step of anything that has a state: the database says who was first."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from fangxin.actions.monitoring.rules import MovedOn, Refused
from fangxin.kernel.ledger import api as ledger


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
    ledger.record(event, of=row, by=by, data=data)
    return row
