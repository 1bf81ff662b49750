"""Phones and conflicts that a person may see: the own ones, and those of the divisions in which the person keeps them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from fangxin.kernel.people import api as people
from fangxin.surfaces.field.models import Conflict, Device, SyncedOperation, Upload


def _in_reach(user: Any) -> Q:
    condition = Q(pk__in=[])
    for prefix in user.prefixes("field.devices"):
        condition |= people.under(prefix)
    return condition


def list_devices(user: Any) -> "QuerySet[Device]":
    """With the number of conflicts that still wait."""
    waiting = Count("operations__conflict", filter=Q(operations__conflict__state=Conflict.State.OPEN))
    rows = Device.objects.filter(_in_reach(user) | Q(user=user.pk)).select_related("user")
    return rows.annotate(open_conflicts=waiting).order_by("-enrolled_at", "-pk")


def list_conflicts(user: Any) -> "QuerySet[Conflict]":
    rows = Conflict.objects.filter(_in_reach(user) | Q(operation__device__user=user.pk))
    return rows.select_related("operation__device__user").order_by("-opened_at", "-pk")


def open_notices(device: Device) -> "QuerySet[Conflict]":
    """What of a phone's work waits for a person, for the phone to show."""
    rows = Conflict.objects.filter(operation__device=device, state=Conflict.State.OPEN)
    return rows.select_related("operation").order_by("-pk")


def files_of(row: SyncedOperation) -> "QuerySet[Upload]":
    """The pictures of an operation that are there."""
    return Upload.objects.filter(digest__in=row.files, file__isnull=False).select_related("file").order_by("pk")
