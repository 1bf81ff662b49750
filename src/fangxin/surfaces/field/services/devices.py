"""Phones: enrol, hand out the second key, sign out, and what they tell at a contact."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.surfaces.field.models import Device

State = Device.State
_LARGEST_OFFSET = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Both secrets are told once, to the phone: the token is kept as a digest only."""

    device: Device
    token: str


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def enrol(*, user: Any, name: str, by: Any) -> Enrolled:
    token = token_urlsafe(32)
    post = next((p for p in user.posts_today if user.can("field.use", p.division_code)), None)
    if post is None:
        raise ValidationError(_("您的岗位没有外勤检查权限，请联系本单位管理员。"))
    device = Device(
        user=user,
        division_code=post.division_code,
        name=name.strip()[:80] or str(_("手机")),
        token_digest=digest_of(token),
        recovery=token_urlsafe(32),
        enrolled_at=ledger.clock.now(),
    )
    device.full_clean()
    device.save()
    ledger.record("field.device.enrolled", of=device, by=by, division_code=device.division_code)
    return Enrolled(device, token)


@transaction.atomic
def hand_out_recovery(*, device: Device, by: Any) -> str:
    """The server's half of the second key, after a normal sign-in of the phone's own user."""
    ledger.record("field.device.recovered", of=device, by=by, division_code=device.division_code)
    return device.recovery


@transaction.atomic
def sign_out(*, device: Device, reason: str, by: Any) -> Device:
    """From now on the phone is told to wipe, and what it still sends waits for a person."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明注销原因，例如“手机遗失”。")})
    told = {"signed_out_at": ledger.clock.now(), "signed_out_by": ledger.Actor.of(by).username or "-"}
    changed = Device.objects.filter(pk=device.pk, state=State.ACTIVE).update(
        state=State.SIGNED_OUT, signed_out_reason=reason[:200], recovery="", **told
    )
    if changed != 1:
        raise ValidationError(_("这部设备已经注销，不需要再次办理。"))
    device.refresh_from_db()
    ledger.record(
        "field.device.signed_out", of=device, by=by, division_code=device.division_code,
        data={"reason": reason, "pending_told": device.pending},
    )  # fmt: skip
    return device


def note_contact(*, device: Device, pending: int | None = None, offset_s: float | None = None) -> None:
    """Not an event: it happens every few minutes and says nothing but that the phone is alive."""
    seen: dict[str, Any] = {"contact_at": ledger.clock.now()}
    if pending is not None:
        seen["pending"] = min(pending, _LARGEST_OFFSET)
    if offset_s is not None:
        seen["clock_offset_s"] = max(-_LARGEST_OFFSET, min(_LARGEST_OFFSET, round(offset_s)))
    Device.objects.filter(pk=device.pk).update(**seen)


@transaction.atomic
def tell_to_wipe(*, device: Device) -> None:
    """The phone asked and hears that it must wipe; the first time is kept."""
    now = ledger.clock.now()
    told = Device.objects.filter(pk=device.pk, wipe_told_at=None).exclude(state=State.ACTIVE).update(wipe_told_at=now)
    if told:
        ledger.record("field.device.wipe_told", of=device, by=None, division_code=device.division_code)


@transaction.atomic
def report_wiped(*, device: Device) -> None:
    now = ledger.clock.now()
    wiped = Device.objects.filter(pk=device.pk, state=State.SIGNED_OUT).update(state=State.WIPED, wiped_at=now)
    if wiped:
        ledger.record("field.device.wiped", of=device, by=None, division_code=device.division_code)


def is_fit(user: Any) -> bool:
    """Whether what the user's phone sends takes effect: an active account with a post for field work."""
    return bool(user.is_active and user.can("field.use"))


def agency_place(user: Any) -> dict[str, float] | None:
    """Where the day begins when the phone does not know where it is: the division of the user's post."""
    codes = {p.division_code for p in user.posts_today}
    rows = people.divisions_on(ledger.clock.today()).filter(code__in=codes, latitude__isnull=False)
    row = rows.order_by("-code").first()
    if row is None or row.latitude is None or row.longitude is None:
        return None
    return {"latitude": row.latitude, "longitude": row.longitude}
