"""One step of anything that has a state: the database says who was first, and the ledger keeps it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from fangxin.kernel.ledger.data import Actor
from fangxin.kernel.ledger.services import record


class Refused(ValidationError):
    """A rule stands in the way; the message says which, and what to do."""


class MovedOn(Refused):
    """Somebody else was faster; nothing was written."""


def who(by: Any) -> str:
    """The name of the account that does something; empty for the platform itself."""
    return Actor.of(by).username


def insert(row: models.Model, exclude: Collection[str] = ()) -> Any:
    """Check everything that the model knows, then write a new row."""
    row.full_clean(exclude=exclude)
    row.save(force_insert=True)
    return row


def move(
    row: Any,
    since: Collection[str],
    to: str,
    event: str,
    *,
    by: Any,
    data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Any:
    """Bring a row from one of the states `since` to the state `to` (empty: its own), together with other columns.

    Raises MovedOn, and writes nothing, where the row has left these states.
    """
    changes |= {"state": to} if to else {}
    moved = type(row)._default_manager.filter(pk=row.pk, state__in=list(since)).update(**changes)
    row.refresh_from_db()
    if moved != 1:
        raise MovedOn(
            _("“%(what)s”刚刚已由他人办理，现在是“%(state)s”。没有重复办理，请刷新后查看。")
            % {"what": row, "state": row.get_state_display()}
        )
    record(event, of=row, by=by, data={"state": row.state, **(data or {})})
    return row


def require(text: str, field: str, message: str) -> str:
    """A text that must say something."""
    text = text.strip()
    if not text:
        raise Refused({field: message})
    return text
