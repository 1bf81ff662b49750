"""What every service needs: who acts, and moving a record on when two people press at once."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _

from fangxin.oversight.plans.data import AlreadyMoved


def person_of(by: Any) -> Any:
    """The account that acts, or None when the platform acts by itself."""
    return by if isinstance(by, get_user_model()) else None


def move(item: models.Model, *, taken_from: tuple[str, ...], to: str, **fields: Any) -> None:
    """Change the state only if it is still one of `taken_from`; the database decides who was first."""
    manager = type(item)._default_manager
    changed = manager.filter(pk=item.pk, state__in=taken_from).update(state=to, **fields)
    if changed != 1:
        raise AlreadyMoved(_("这一项刚被别人办理过，状态已经变化。请刷新页面，看清现在的状态再办。"))
    item.refresh_from_db()
