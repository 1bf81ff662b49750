"""Frozen values that sampling and results take and give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fangxin.kernel.laboratory.data_results import PublicTest, TestedValue

__all__ = ["Handover", "PlanCell", "PublicTest", "SampleLife", "TestedValue"]


@dataclass(frozen=True, slots=True)
class Handover:
    """One change of hands of the tested part, as an old file tells it. Temperatures in °C."""

    to_agency_id: int
    handed_at: datetime
    taken_at: datetime
    handed_by: str
    taken_by: str
    handed_temperature: Decimal | None = None
    taken_temperature: Decimal | None = None
    intact: bool = True


@dataclass(frozen=True, slots=True)
class SampleLife:
    """A whole sampling up to the laboratory's receipt, for loading at once.

    `columns` are columns of the sample by name; `received` is the last handover, None while the sample is on the way.
    """

    key: str
    columns: Mapping[str, Any]
    sampled_at: datetime
    seals: tuple[str, ...]
    duplicate_seals: tuple[str, ...] = ()
    duplicate_quantity: Decimal | None = None
    received: Handover | None = None
    refused: tuple[str, ...] = ()
    receipt_note: str = ""
    # Columns of the purchase on the network, by name.
    online: Mapping[str, Any] | None = None
    # The last day of the task that asked for it; None where none did.
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanCell:
    """What a proposal says of one cell of a plan."""

    food_class: str
    stage: str
    division_code: str
    listed: int
    tested: int
    failed: int
