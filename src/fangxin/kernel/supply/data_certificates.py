"""What supply gives to others about certificates: frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class CertificateStep:
    """A station on the way of the goods. `kind`: origin, again (a new certificate was made) or collected."""

    on: date
    kind: str
    name: str
    place: str
    quantity: Decimal
    unit: str
    number: str


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """A certificate as anybody may read it. `premises_ids` are the makers at the origin, for published tests."""

    number: str
    title: str
    food: str
    quantity: Decimal
    unit: str
    producer: str
    origin: str
    contact: str
    issued_on: date
    harvested_on: date | None
    made: str
    made_label: str
    opening: str
    commitments: tuple[str, ...]
    bases: tuple[str, ...]
    basis_note: str
    state: str
    revoked_number: str
    revoked_reason: str
    revoked_on: date | None
    digest: str
    signed: bool
    premises_ids: tuple[int, ...]
    steps: tuple[CertificateStep, ...]


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a look at a code gave. `outcome` is one of genuine, unsigned, revoked, withdrawn, forged, unknown; `scan` names the kept
    look, None when it was not kept."""

    outcome: str
    claimed: str
    certificate: PublicCertificate | None
    scan: int | None


@dataclass(frozen=True, slots=True)
class PastTake:
    """Goods taken over with a certificate, for loading in bulk."""

    premises: Any
    at: datetime
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PastLook:
    """A look at a code, for loading in bulk; degrees where the person told about where."""

    at: datetime
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class PastCertificate:
    """A certificate of some time ago, for loading in bulk. `takes` never exceed `quantity` in sum."""

    premises: Any
    food: str
    quantity: Decimal
    unit: str
    issued_at: datetime
    harvested_on: date
    subject_type: str = ""
    subject_id: str = ""
    basis: str = "quality_control"
    basis_note: str = ""
    issued_for: bool = False
    takes: tuple[PastTake, ...] = ()
    looks: tuple[PastLook, ...] = ()
