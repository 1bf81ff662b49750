"""What a phone sends and fetches. The token in the header is the proof; no cookie is looked at, so that no other page
can make a browser speak for the phone, and the token against forged requests is not needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field import access
from fangxin.surfaces.field.models import Device
from fangxin.surfaces.field.reading import DIGEST, NotUnderstood, read_batch
from fangxin.surfaces.field.services import devices, pictures, syncing
from fangxin.surfaces.field.snapshot import snapshot_for
from fangxin.surfaces.field.uploads import MOST_BYTES, MOST_SLICE

View = Callable[..., HttpResponse]
LATER = 503


def by_token(*, also_signed_out: bool = False) -> Callable[[View], View]:
    """Lets in the phone whose token the request carries; `request.device` is set."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            device = access.get_device_by_token(request.headers.get("Authorization", ""))
            if device is None or not (also_signed_out or device.state == Device.State.ACTIVE):
                return _answer({"reason": "unknown device"}, status=401)
            request.device = device  # type: ignore[attr-defined]
            try:
                return view(request, *args, **kwargs)
            except NotUnderstood as error:
                return _answer({"reason": f"not understood: {error}"}, status=400)
            except OperationalError:
                # Two writers at once, or a full disk: nothing was taken, the phone comes again.
                return _answer({"reason": "busy"}, status=LATER)

        return guarded

    return decorate


def _answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(told, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@by_token(also_signed_out=True)
def sync(request: HttpRequest) -> HttpResponse:
    device: Device = request.device  # type: ignore[attr-defined]
    now = ledger.clock.now()
    batch = read_batch(request.body, received_at=now)
    if batch.contact.device != str(device.uuid):
        raise NotUnderstood("device")
    reply = syncing.take_in(device, batch)
    wipe = device.state != Device.State.ACTIVE
    if wipe:
        devices.tell_to_wipe(device=device)
    return _answer(syncing.answer_of(reply, wipe=wipe, now=now))


@require_safe
@by_token()
def snapshot(request: HttpRequest) -> HttpResponse:
    return _answer(snapshot_for(request.device))  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@by_token()
def upload(request: HttpRequest, digest: str) -> HttpResponse:
    device: Device = request.device  # type: ignore[attr-defined]
    if not DIGEST.fullmatch(digest):
        raise NotUnderstood("digest")
    folder = pictures.parts_of(device)
    if request.method == "GET":
        return _answer(pictures.progress(folder, digest))
    offset, size = _number(request, "offset"), _number(request, "size")
    data = request.body
    whole = len(data) == int(request.headers.get("Content-Length") or 0)
    if not whole or len(data) > MOST_SLICE or not 0 < size <= MOST_BYTES:
        raise NotUnderstood("slice")
    return _answer(pictures.take_slice(device, folder, digest, offset=offset, size=size, data=data))


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotUnderstood(name)
    return int(text)
