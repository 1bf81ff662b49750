"""Frozen values of imported food."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a finding, how serious it is, by which clause."""

    label: str
    clause: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class NewConsignment:
    """What the record of an imported lot says. Empty means not told."""

    food: str
    quantity: Decimal | None
    unit: str
    received_at: datetime
    origin: str = ""
    original_name: str = ""
    brand: str = ""
    specification: str = ""
    food_class: str = ""
    maker: str = ""
    maker_number: str = ""
    lot_code: str = ""
    gtin: str = ""
    made_on: date | None = None
    best_before_on: date | None = None
    supplier: str = ""
    port: str = ""
    declaration_no: str = ""
    entered_on: date | None = None
    storage: str = "ambient"
    temperature_known: bool = True
    papers: Mapping[str, str] = field(default_factory=dict)  # code → number
