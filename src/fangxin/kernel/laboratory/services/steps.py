"""One step of anything that has a state: the database says who was first."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.ledger import api as ledger


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
    """Bring a row from one of the states `since` to the state `to`, together with other columns."""
    moved = type(row)._default_manager.filter(pk=row.pk, state__in=list(since)).update(state=to, **changes)
    if moved != 1:
        row.refresh_from_db()
        raise MovedOn(
            _("“%(what)s”现在是“%(state)s”，这一步不能办理或者已经有人办理。没有保存任何内容，请刷新后查看。")
            % {"what": row, "state": row.get_state_display()}
        )
    row.state = to
    for name, value in changes.items():
        setattr(row, name, value)
    ledger.record(event, of=row, by=by, data={"state": to, **(data or {})})
    return row


def insert(row: models.Model) -> Any:
    """Check everything that the model knows, then write a new row."""
    row.full_clean()
    row.save(force_insert=True)
    return row


def need_text(text: str, field: str, what: str, *, most: int = 200) -> str:
    text = text.strip()
    if not text:
        raise Refused({field: what})
    if len(text) > most:
        raise Refused({field: _("文字太长，最多%(most)s字，请精简。") % {"most": most}})
    return text


def named(by: Any) -> str:
    username = ledger.Actor.of(by).username
    if not username:
        raise Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    return username
