"""What anybody may learn about a credential from its QR code or its exact number."""

from fangxin.engines.identifiers import normalize
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.data import PublicCredential
from fangxin.kernel.registry.models import Credential, Premises
from fangxin.kernel.registry.selectors import credential_status

MOST_BY_NUMBER = 5


def public_credential(token: str) -> PublicCredential | None:
    found = Credential.objects.filter(token=token).select_related("premises__operator", "renewed_by").first()
    return None if found is None else _public(found)


def public_credentials_by_number(number: str) -> list[PublicCredential]:
    """Credentials with exactly this number, newest first. A part of a number finds nothing."""
    forms = {number.strip(), normalize(number)} - {""}
    found = Credential.objects.filter(number__in=forms).select_related("premises__operator", "renewed_by")
    return [_public(credential) for credential in found.order_by("-issued_on", "-pk")[:MOST_BY_NUMBER]]


def _public(credential: Credential) -> PublicCredential:
    premises = credential.premises
    # The operator of a stall is often a person, whose name is nobody's business.
    operator = premises.operator
    return PublicCredential(
        kind=credential.kind,
        kind_label=str(credential.get_kind_display()),
        number=credential.number,
        premises_name=premises.name,
        premises_address=premises.address,
        operator_name="" if operator.kind == operator.Kind.INDIVIDUAL else operator.name,
        scope=credential.scope,
        issuer=credential.issuer,
        issued_on=credential.issued_on,
        expires_on=credential.expires_on,
        revoked_on=credential.revoked_on,
        status=credential_status(credential, ledger.clock.today()),
        premises_closed=premises.status == Premises.Status.CLOSED,
        renewed=getattr(credential, "renewed_by", None) is not None,
    )
