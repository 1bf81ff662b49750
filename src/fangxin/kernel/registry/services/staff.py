from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.models import Premises, Staff, StaffCertificate
from fangxin.kernel.registry.rules import usual_expiry
from fangxin.kernel.registry.services.subjects import who


@transaction.atomic
def add_staff(
    *,
    name: str,
    role: str,
    joined_on: date,
    by: Any,
    premises: Premises | None = None,
    division_code: str = "",
    phone: str = "",
) -> Staff:
    """Somebody at premises, or a helper of the village `division_code`."""
    person = Staff(
        premises=premises,
        division_code=premises.division_code if premises is not None else division_code,
        name=name.strip(),
        phone=phone,
        role=role,
        joined_on=joined_on,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    person.full_clean()
    person.save()
    ledger.record("registry.staff.added", of=person, by=by, data={"premises": person.premises_id, "role": role})
    return person


@transaction.atomic
def end_staff(*, staff: Staff, left_on: date, by: Any) -> Staff:
    if left_on < staff.joined_on:
        raise ValidationError({"left_on": _("离岗日期早于到岗日期，请核对。")})
    ended = Staff.objects.filter(pk=staff.pk, left_on=None).update(left_on=left_on)
    if ended != 1:
        raise ValidationError(_("这个人员已经离岗，请刷新后查看。"))
    staff.refresh_from_db()
    ledger.record("registry.staff.ended", of=staff, by=by, data={"premises": staff.premises_id, "on": left_on})
    return staff


@transaction.atomic
def record_certificate(
    *,
    staff: Staff,
    kind: str,
    passed_on: date,
    by: Any,
    expires_on: date | None = None,
    score: Decimal | None = None,
    channel: str = "",
    number: str = "",
) -> StaffCertificate:
    certificate = StaffCertificate(
        staff=staff,
        kind=kind,
        passed_on=passed_on,
        expires_on=expires_on or usual_expiry(kind, passed_on),
        score=score,
        channel=channel,
        number=number,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    certificate.full_clean()
    certificate.save()
    ledger.record(
        "registry.certificate.recorded",
        of=staff,
        by=by,
        data={"kind": kind, "passed_on": passed_on, "expires_on": certificate.expires_on},
    )
    return certificate
