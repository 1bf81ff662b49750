"""Facts of a certificate carried to the engine and back: the record that is digested, the statement that is signed."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines import certificates as engine
from fangxin.kernel.supply.models import Certificate, CertificateKey

_THOUSANDTH = Decimal("0.001")


class Refused(ValidationError):
    """A rule stands in the way; the text says which, and what to do."""


class MovedOn(Refused):
    """Somebody else was first."""


@lru_cache(maxsize=4)
def _signer(file: str, _changed: float) -> engine.Signer:
    return engine.Signer(Path(file).read_bytes())


def signer() -> engine.Signer | None:
    """The key of this installation, read anew when its file changes; None while none is set."""
    file = settings.CERTIFICATE_KEY_FILE
    return _signer(file, Path(file).stat().st_mtime) if file else None


def keys() -> list[engine.Key]:
    """All public keys by which this installation ever signed."""
    return [engine.Key(row.public_pem.encode(), row.valid_from, row.valid_to) for row in CertificateKey.objects.all()]


def record_of(row: Certificate, sources: Iterable[str]) -> dict[str, object]:
    """Everything that is promised, for the digest. The contact may be deleted when it is old, so it stays out."""
    return {
        "number": row.number,
        "made": row.made,
        "premises": row.premises.number,
        "food": row.food,
        "quantity": row.quantity.quantize(_THOUSANDTH),
        "unit": row.unit,
        "harvested_on": row.harvested_on,
        "origin_code": row.origin_code,
        "origin": row.origin,
        "producer": row.producer,
        "commitments": list(row.commitments),
        "bases": list(row.bases),
        "basis_note": row.basis_note,
        "edition": row.edition,
        "issued_on": row.issued_on,
        "sources": sorted(sources),
    }


def statement_of(row: Certificate) -> engine.Statement:
    return engine.Statement(
        number=row.number, producer=row.producer, product=row.food, quantity=row.quantity, unit=row.unit,
        origin=row.origin_code, issued_on=row.issued_on, commitments=tuple(row.commitments), bases=tuple(row.bases),
        digest=row.digest,
    )  # fmt: skip


def seal(row: Certificate, signing: engine.Signer | None, sources: Iterable[str] = ()) -> None:
    """Fill in digest, code and key of a certificate that is otherwise whole."""
    row.digest = engine.digest_of(record_of(row, sources))
    if signing is None:
        return
    try:
        row.code, row.key_id = signing.sign(statement_of(row)), signing.key_id
    except engine.StatementError:
        raise Refused(
            _("名称里有标签印不出来的字符，或者太长（产品名称和开具主体名称各不超过30个字）。请改用简短的规范名称。")
        ) from None


def holds(row: Certificate) -> bool:
    """Whether the record still is what was digested when it was issued."""
    sources = row.sources.values_list("source__number", flat=True)
    return row.digest == engine.digest_of(record_of(row, sources))
