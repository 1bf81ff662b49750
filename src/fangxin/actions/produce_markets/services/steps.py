"""One step of anything that has a state: the database says who was first."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets.standards import Refused
from fangxin.kernel.ledger import api as ledger


class MovedOn(ValidationError):
    """Somebody else was faster; nothing was written."""


def who(by: Any) -> str:
    return ledger.Actor.of(by).username


def insert(row: models.Model, exclude: Collection[str] = ()) -> Any:
    """Check everything that the model knows, then write a new row."""
    row.full_clean(exclude=exclude)
    row.save(force_insert=True)
    return row


def move(
    row: Any, since: Collection[str], to: str, event: str, *, by: Any, data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Any:  # fmt: skip
    """Bring a row from one of the states `since` to the state `to`, together with other columns."""
    moved = type(row)._default_manager.filter(pk=row.pk, state__in=list(since)).update(state=to, **changes)
    row.refresh_from_db()
    if moved != 1:
        raise MovedOn(
            _("“%(what)s”刚刚已由他人办理，现在是“%(state)s”。没有重复办理，请刷新后查看。")
            % {"what": row, "state": row.get_state_display()}
        )
    ledger.record(event, of=row, by=by, division_code=row.division_code, data={"state": to, **(data or {})})
    return row


def require(text: str, field: str, message: str) -> str:
    """A text that must say something."""
    text = text.strip()
    if not text:
        raise Refused({field: message})
    return text


def stored(file: Any, by: Any) -> Any:
    """An uploaded file as evidence; None where none was given."""
    return None if file is None else ledger.store_evidence(name=file.name, content=file.read(), by=by)
