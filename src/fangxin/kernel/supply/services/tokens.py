"""Keys by which a firm's own system speaks: shown once, kept as a digest, revoked at once."""

import secrets
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import ApiToken
from fangxin.kernel.supply.services.recording import insert, who

_LEAST, _MOST = 20, 200


def _digest(secret: str) -> str:
    """256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(*, name: str, by: Any) -> tuple[ApiToken, str]:
    """The key and its secret, which nobody can read again. It speaks for the maker's agency, by the first post of today."""
    posts = by.posts_today
    if not posts:
        raise ValidationError(_("您今天没有岗位，不能生成接口密钥。"))
    secret = secrets.token_urlsafe(32)
    token = insert(
        ApiToken(
            agency=posts[0].agency, division_code=posts[0].division_code, user=by, name=name.strip(), beginning=secret[:6],
            secret_hash=_digest(secret), created_at=ledger.clock.now(), created_by=who(by),
        )
    )  # fmt: skip
    ledger.record("supply.token.made", of=token, by=by, data={"name": token.name})
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Any) -> ApiToken:
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=ledger.clock.now(), revoked_by=who(by)
    )
    if changed != 1:
        raise ValidationError(_("这个密钥已经停用。"))
    token.refresh_from_db()
    ledger.record("supply.token.revoked", of=token, by=by, data={"name": token.name})
    return token


def holder_of(header: str) -> Any:
    """The person in whose name a request's `Authorization` header speaks; None where the key is not good."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not _LEAST < len(secret) < _MOST or not secret.isascii():
        return None
    token = ApiToken.objects.select_related("user").filter(secret_hash=_digest(secret), revoked_at=None).first()
    if token is None or not token.user.is_active or not token.user.can("supply.view"):
        return None
    today = ledger.clock.today()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.user
