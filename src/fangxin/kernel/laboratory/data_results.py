"""Frozen values that the results of the laboratory take and give."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TestedValue:
    """One item of one sample with its standing verdict, as others may use it. Purposes are those of `Sample`."""

    __test__ = False

    sample_no: str
    purpose: str
    food: str
    food_class: str
    analyte: str
    value: Decimal | None  # None where nothing was detected or no number was told, which is not zero
    expression: str  # as reported: "0.12", "未检出", "<0.01"
    unit: str
    lod: Decimal | None
    loq: Decimal | None
    sampled_on: date
    division_code: str
    outcome: str
    parcel_id: int | None
    premises_id: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One result as somebody types it."""

    text: str
    unit: str
    replicate: int = 1
    lod: str = ""
    loq: str = ""
    expression: str = ""
    dry_basis: bool | None = None
    moisture: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """One item that is to be measured."""

    analyte: str
    method: str = ""
    replicates: int = 1
    reference_only: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpRoute:
    """One line of who disposes of failing samples."""

    stages: frozenset[str]
    words: tuple[str, ...]
    agencies: tuple[str, ...]
    also: str


@dataclass(frozen=True, slots=True)
class FollowUpRules:
    """One edition of what follows a failing sample."""

    micro_words: tuple[str, ...]
    serious_words: tuple[str, ...]
    routes: tuple[FollowUpRoute, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a new judging would say otherwise; nothing is overwritten by saying so."""

    sample_id: int
    sample_no: str
    food: str
    analyte: str
    text: str
    before: str
    before_basis: str
    now: str
    now_basis: str


@dataclass(frozen=True, slots=True)
class PublicTest:
    """A published result: what anybody may know."""

    number: str
    food: str
    food_class: str
    batch: str
    production_on: date | None
    producer: str
    subject_name: str
    stage: str
    sampled_on: date
    outcome: str
    outcome_label: str
    failed: tuple[str, ...]
    laboratory: str
    published_on: date
