"""What every service needs: who acts, and moving a record on when two people press at once."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _

from fangxin.oversight.assessment.data import MovedOn, Refused


def person_of(by: Any) -> Any:
    """The account that acts, or None when the platform acts by itself."""
    return by if isinstance(by, get_user_model()) else None


def same_person(by: Any, other_id: int | None) -> bool:
    person = person_of(by)
    return person is not None and person.pk == other_id


def refuse_longer(model: type[models.Model], field: str, text: str, *, key: str = "") -> None:
    """A conditional update checks no lengths, so what goes into it is measured here."""
    most = getattr(model._meta.get_field(field), "max_length", None)
    if most is not None and len(text) > most:
        raise Refused({key or field: _("这一栏不超过%(n)s字，请精简。") % {"n": most}})


def move(item: models.Model, *, taken_from: tuple[str, ...], to: str, **fields: Any) -> None:
    """Change the state only if it is still one of `taken_from`; the database decides who was first."""
    manager = type(item)._default_manager
    changed = manager.filter(pk=item.pk, state__in=taken_from).update(state=to, **fields)
    if changed != 1:
        raise MovedOn
    item.refresh_from_db()
