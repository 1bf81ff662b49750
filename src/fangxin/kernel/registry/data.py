"""Frozen values that the registry takes and gives.

In the `New…` values a reference is either the key of another value of the same load (text) or the primary key of a
row that is already there (int).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class NewOperator:
    key: str
    name: str
    kind: str
    division_code: str
    uscc: str = ""
    legal_representative: str = ""
    phone: str = ""
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewPremises:
    key: str
    operator: str | int
    name: str
    kind: str
    division_code: str
    address: str = ""
    phone: str = ""
    rural: bool = False
    latitude: float | None = None
    longitude: float | None = None
    area_m2: Decimal | None = None
    seats: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A number that is known updates that parcel. Area and point left out are taken from the shape."""

    name: str
    kind: str
    division_code: str
    area_mu: Decimal | None = None
    number: str = ""
    operator_id: int | None = None
    crop: str = ""
    land_use: str = "other"
    geometry: Mapping[str, Any] | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class NewCredential:
    """Without `expires_on` the usual term of the kind holds."""

    premises: str | int
    kind: str
    issued_on: date
    number: str = ""
    expires_on: date | None = None
    scope: str = ""
    issuer: str = ""
    revoked_on: date | None = None
    revoke_reason: str = ""
    seen_on_paper: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A village helper has no premises but a `division_code`; for others it is taken from the premises."""

    key: str
    name: str
    role: str
    joined_on: date
    premises: str | int | None = None
    division_code: str = ""
    phone: str = ""
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewCertificate:
    staff: str | int
    kind: str
    passed_on: date
    expires_on: date | None = None
    score: Decimal | None = None
    channel: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class NewFact:
    premises: str | int
    name: str
    value: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    evidence_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewCensusEntry:
    """`match` and `premises` say what the entry was found to be; both are left out while it waits."""

    survey: int
    name_seen: str
    kind_seen: str
    division_code: str
    seen_on: date
    address_seen: str = ""
    phone_seen: str = ""
    latitude: float | None = None
    longitude: float | None = None
    operating: bool = True
    match: str = "unmatched"
    premises: str | int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Primary keys by the keys of the values that were loaded; for values without keys in the order given."""

    operators: Mapping[str, int] = field(default_factory=dict)
    premises: Mapping[str, int] = field(default_factory=dict)
    credentials: Mapping[str, int] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    certificates: tuple[int, ...] = ()
    facts: tuple[int, ...] = ()
    census: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of the register that a census entry, or another row, may be; with the reasons of the comparison."""

    premises: Any
    certainty: str
    score: Decimal
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicCredential:
    """What anybody may know of a credential. It names no person and no telephone."""

    kind: str
    kind_label: str
    number: str
    premises_name: str
    premises_address: str
    operator_name: str
    scope: str
    issuer: str
    issued_on: date
    expires_on: date | None
    revoked_on: date | None
    status: str  # valid, expired, revoked, not_yet
    premises_closed: bool
    renewed: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Operating places of a survey, and how many of them hold a credential valid on the day."""

    entries: int
    waiting: int
    not_registered: int
    out_of_scope: int
    in_operation: int
    registered: int
