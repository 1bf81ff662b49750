"""One object, or "not found"."""

from typing import Any

from django.http import Http404

from fangxin.surfaces.field.models import Conflict, Device
from fangxin.surfaces.field.reading import NotUnderstood, read_uuid
from fangxin.surfaces.field.selectors import list_conflicts, list_devices
from fangxin.surfaces.field.services.devices import digest_of

LARGEST_KEY = 2**63 - 1


def get_device_by_token(header: str) -> Device | None:
    """The phone whose token this is: 256 random bits, looked up by their digest."""
    scheme, _space, token = header.partition(" ")
    if scheme != "Device" or not 20 < len(token) < 200:
        return None
    return Device.objects.select_related("user").filter(token_digest=digest_of(token)).first()


def get_device_named(uuid: Any) -> Device:
    try:
        return Device.objects.get(uuid=read_uuid(uuid))
    except (Device.DoesNotExist, NotUnderstood):
        raise Http404 from None


def get_own_device(user: Any, uuid: Any) -> Device:
    device = get_device_named(uuid)
    if device.user_id != user.pk or device.state != Device.State.ACTIVE:
        raise Http404
    return device


def get_device(user: Any, pk: int) -> Device:
    try:
        return list_devices(user).get(pk=_key(pk))
    except Device.DoesNotExist:
        raise Http404 from None


def get_conflict(user: Any, pk: int) -> Conflict:
    try:
        return list_conflicts(user).get(pk=_key(pk))
    except Conflict.DoesNotExist:
        raise Http404 from None


def _key(pk: int) -> int:
    if pk > LARGEST_KEY:
        raise Http404
    return pk
