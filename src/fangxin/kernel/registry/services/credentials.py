from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.models import Credential, Premises
from fangxin.kernel.registry.rules import require_licence_number, usual_expiry
from fangxin.kernel.registry.services.subjects import who


@transaction.atomic
def issue_credential(
    *,
    premises: Premises,
    kind: str,
    issued_on: date,
    by: Any,
    number: str = "",
    expires_on: date | None = None,
    scope: str = "",
    issuer: str = "",
    seen_on_paper: bool = False,
    renews: Credential | None = None,
) -> Credential:
    """Without an end date the usual term of the kind holds; a kind without a term stays open."""
    credential = Credential(
        premises=premises,
        division_code=premises.division_code,
        kind=kind,
        number=require_licence_number(kind, number, seen_on_paper=seen_on_paper),
        seen_on_paper=seen_on_paper,
        scope=scope,
        issuer=issuer,
        issued_on=issued_on,
        expires_on=expires_on or usual_expiry(kind, issued_on),
        renews=renews,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    credential.full_clean()
    credential.save()
    event = "registry.credential.renewed" if renews else "registry.credential.issued"
    ledger.record(
        event,
        of=credential,
        by=by,
        data={"premises": premises.pk, "kind": kind, "issued_on": issued_on, "expires_on": credential.expires_on},
    )
    return credential


@transaction.atomic
def renew_credential(
    *,
    credential: Credential,
    issued_on: date,
    by: Any,
    expires_on: date | None = None,
    number: str | None = None,
) -> Credential:
    """A renewal is a new row, so that a gap between two terms stays visible."""
    if credential.revoked_on is not None:
        raise ValidationError(_("这个证件已失效，不能延续。请另行登记新证。"))
    if Credential.objects.filter(renews=credential).exists():
        raise ValidationError(_("这个证件已经延续过，请在新证上办理。"))
    if issued_on <= credential.issued_on:
        raise ValidationError({"issued_on": _("延续日期应晚于原发证日期。")})
    return issue_credential(
        premises=credential.premises,
        kind=credential.kind,
        issued_on=issued_on,
        by=by,
        number=credential.number if number is None else number,
        expires_on=expires_on,
        scope=credential.scope,
        issuer=credential.issuer,
        seen_on_paper=credential.seen_on_paper,
        renews=credential,
    )


@transaction.atomic
def revoke_credential(*, credential: Credential, on: date, reason: str, by: Any) -> Credential:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明失效原因。")})
    if on < credential.issued_on:
        raise ValidationError({"on": _("失效日期早于发证日期，请核对。")})
    revoked = Credential.objects.filter(pk=credential.pk, revoked_on=None).update(
        revoked_on=on, revoke_reason=reason.strip()[:200]
    )
    if revoked != 1:
        raise ValidationError(_("这个证件已经失效，不能再次办理。"))
    credential.refresh_from_db()
    ledger.record(
        "registry.credential.revoked", of=credential, by=by, data={"on": on, "reason": credential.revoke_reason}
    )
    return credential
