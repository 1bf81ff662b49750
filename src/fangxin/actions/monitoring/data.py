"""Frozen values of this action: rules as files state them, results as they are carried about."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fangxin.engines.exposure import ReferencePoint, Scale


@dataclass(frozen=True, slots=True)
class Hazard:
    code: str
    name: str
    severity: int | None
    organs: tuple[str, ...]
    vulnerable: bool
    speciation: str  # why results must not be set beside reference values; empty where they may


@dataclass(frozen=True, slots=True)
class FoodGroup:
    code: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """A population group; without `grams` nothing can be assessed before a survey is there."""

    code: str
    name: str
    body_weight_kg: Decimal | None
    grams: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class OfferedPoint:
    """A reference point as a person chooses it."""

    point: ReferencePoint
    hazard: str
    note: str
    confidence: str

    @property
    def label(self) -> str:
        per = {"day": "天", "week": "周", "month": "月", "event": "天"}[self.point.period.value]
        value = f"{self.point.value} {self.point.unit}/kg体重/{per}"
        return f"{self.point.kind} {value}（{self.point.body}）"


@dataclass(frozen=True, slots=True)
class SignalRules:
    """When the platform speaks up; see standards/exposure/signals.toml."""

    baseline_months: int
    watched_months: int
    fewest_baseline: int
    ewma_weight: float
    ewma_width: float
    cusum_slack: float
    cusum_limit: float
    rate_months: int
    fewest_tested: int
    fewest_in_township: int
    township_factor: float
    share_of_guidance: float
    ranking_months: int
    scale: Scale


@dataclass(frozen=True, slots=True)
class Route:
    code: str
    label: str
    clause: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What is eaten, by food group, and how much people weigh; where it comes from."""

    people: str
    body_weight_kg: float
    body_weight_cv: float
    grams: Mapping[str, float]  # mean over all
    variation: Mapping[str, float]
    eaters: Mapping[str, float]
    portion_g: Mapping[str, float]
    unit_g: Mapping[str, float]
    surveyed: int | None
    source: str
    placeholder: bool
