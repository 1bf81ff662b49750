"""What every model says of itself, once: may it be changed, and which fields are personal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Personal(StrEnum):
    """Classes of personal data (Personal Information Protection Law, articles 4 and 28)."""

    NAME = "name"
    CONTACT = "contact"
    IDENTITY = "identity"
    SENSITIVE = "sensitive"  # health, location, persons under 14
    SECRET = "secret"  # noqa: S105  passwords and keys: never shown, never exported


@dataclass(frozen=True, slots=True)
class Declaration:
    """Stands on a model as `declared`. `kept_years` is how long a record is kept after it is closed."""

    append_only: bool
    personal: Mapping[str, Personal] = field(default_factory=dict)
    kept_years: int | None = None


def append_only(*, personal: Mapping[str, Personal] | None = None, kept_years: int | None = None) -> Declaration:
    return Declaration(append_only=True, personal=dict(personal or {}), kept_years=kept_years)


def editable(*, personal: Mapping[str, Personal] | None = None, kept_years: int | None = None) -> Declaration:
    return Declaration(append_only=False, personal=dict(personal or {}), kept_years=kept_years)
