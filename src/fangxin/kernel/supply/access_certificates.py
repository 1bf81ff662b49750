"""One certificate, or "not found"."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.supply import selectors_certificates as selectors
from fangxin.kernel.supply.models import Certificate, Collection


def get_certificate(user: Any, pk: int, ability: str = "certificate.view") -> Certificate:
    return one_of(selectors.list_certificates(user, ability), pk)


def get_collection(user: Any, pk: int) -> Collection:
    return one_of(selectors.list_collections(user), pk)


def get_place(user: Any, pk: int) -> Any:
    """A place for which the person issues and collects."""
    return one_of(selectors.places_of(user), pk)


def may_revoke(user: Any, certificate: Certificate) -> bool:
    """Those who issued it, and those who supervise where it was issued."""
    return selectors.may_act_for(user, certificate.premises) or user.can(
        "certificate.revoke", certificate.division_code
    )


def require(allowed: bool) -> None:
    """Whoever may look but not act is told so."""
    if not allowed:
        raise PermissionDenied(_("您可以查看这张合格证，但不能办理这一步。请联系开具单位或者所在乡镇。"))
