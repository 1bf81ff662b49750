"""Frozen values of penalty cases."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """What the public may read of a penalty decision, until `public_until`. A person's given name is hidden."""

    number: str
    document_number: str
    party: str
    offence: str
    article: str
    penalty: str
    fine: Decimal
    decided_on: date
    authority: str
    published_on: date
    public_until: date
    division_code: str
