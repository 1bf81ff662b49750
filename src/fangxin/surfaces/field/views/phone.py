"""The phone's page: the shell, its worker, and the doors that need the browser's session.

The shell holds nobody's data, so it is open: it must load again after a month, when no session is left. What a phone
sends and fetches is in `views/wire.py`, under the phone's own token.
"""

import json
from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from fangxin.kernel.screens.permission import needs
from fangxin.surfaces.field import access
from fangxin.surfaces.field.reading import NotUnderstood, storable
from fangxin.surfaces.field.services import devices
from fangxin.surfaces.field.words import PAGE

ASSETS = Path(__file__).parents[1] / "static" / "field"
MOST_BODY = 4096
View = Callable[..., HttpResponse]


def fresh(view: View) -> View:
    """Not kept by anybody on the way."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return asked


@require_safe
@login_not_required
@fresh
def shell(request: HttpRequest) -> HttpResponse:
    return render(request, "field/phone.html", {"title": _("外勤检查"), "words": _words()})


def _words() -> dict[str, str]:
    return {name: str(text) for name, text in PAGE.items()}


@cache
def _contents() -> str:
    digest = sha256()
    for path in sorted(ASSETS.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@require_safe
@login_not_required
@fresh
def worker(request: HttpRequest) -> HttpResponse:
    files = [static(f"field/{path.name}") for path in sorted(ASSETS.iterdir())]
    page = reverse("field:phone")
    told = [_contents(), get_language() or "", json.dumps(_words(), sort_keys=True)]
    version = sha256("\n".join(told).encode()).hexdigest()[:16]
    every = json.dumps([page, reverse("field:manifest"), static("screens/icon.svg"), *files])
    text = render_to_string("field/sw.js", {"version": version, "page": page, "files": every})
    return HttpResponse(text, content_type="text/javascript")


@require_safe
@login_not_required
@fresh
def manifest(request: HttpRequest) -> HttpResponse:
    page = reverse("field:phone")
    icon = {"src": static("screens/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": _("放心外勤检查"), "short_name": _("外勤"), "lang": get_language(), "start_url": page, "scope": page,
            "id": page, "display": "standalone", "background_color": "#ffffff", "theme_color": "#0b4f9e", "icons": [icon],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


@require_safe
@login_not_required
@fresh
def who(request: HttpRequest) -> HttpResponse:
    """Who is signed in in this browser; the token against forged requests comes along for the two doors below."""
    user: Any = request.user
    if not user.is_authenticated:
        return JsonResponse({"signed_in": False})
    told = {"signed_in": True, "name": user.name, "may": user.can("field.use"), "csrf": get_token(request)}
    return JsonResponse(told)


@require_POST
@needs("field.use")
@fresh
def enrol(request: HttpRequest) -> HttpResponse:
    told = _told(request)
    name = told.get("name")
    name = name if isinstance(name, str) and storable(name) else ""
    try:
        made = devices.enrol(user=request.user, name=name, by=request.user)
    except ValidationError as error:
        return JsonResponse({"reason": " ".join(error.messages)}, status=400)
    answer = {"device": str(made.device.uuid), "token": made.token, "recovery": made.device.recovery}
    return JsonResponse(answer, status=201)


@require_POST
@needs("field.use")
@fresh
def recover(request: HttpRequest) -> HttpResponse:
    device = access.get_own_device(request.user, _told(request).get("device"))
    return JsonResponse({"recovery": devices.hand_out_recovery(device=device, by=request.user)})


def _told(request: HttpRequest) -> dict[str, Any]:
    body = request.body
    try:
        told = json.loads(body) if len(body) <= MOST_BODY else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Http404
    return told


@require_safe
@login_not_required
@fresh
def standing(request: HttpRequest, uuid: str) -> HttpResponse:
    """Must this phone wipe? Asked also while it is locked; its name, which nobody can guess, is enough to ask."""
    try:
        device = access.get_device_named(uuid)
    except (Http404, NotUnderstood):
        return JsonResponse({"wipe": False})
    if device.state == device.State.ACTIVE:
        return JsonResponse({"wipe": False})
    devices.tell_to_wipe(device=device)
    return JsonResponse({"wipe": True})


# Without the token against forged requests: the phone has wiped its cookies' use too, and all this does is note, once,
# that a phone which is signed out says it has wiped itself.
@csrf_exempt
@require_POST
@login_not_required
@fresh
def wiped(request: HttpRequest, uuid: str) -> HttpResponse:
    devices.report_wiped(device=access.get_device_named(uuid))
    return JsonResponse({})
