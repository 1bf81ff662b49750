"""Asking whether the person may, at the door of a view. Which records is the selectors' business."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> Any:
    """Who asks. Behind the sign-in there always is somebody."""
    return request.user


def refuse_unless(request: HttpRequest, ability: str) -> None:
    if not person(request).can(ability):
        raise PermissionDenied(_("您的岗位没有这项权限。如需办理，请联系本单位管理员调整岗位。"))


def needs(ability: str) -> Callable[[View], View]:
    """For function views: `@needs("registry.edit")`. The name stays on the view for the access table."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refuse_unless(request, ability)
            return view(request, *args, **kwargs)

        guarded.ability = ability  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """For the few pages that everybody with an account has, whatever the posts of today."""
    view.ability = ""  # type: ignore[attr-defined]
    return view
