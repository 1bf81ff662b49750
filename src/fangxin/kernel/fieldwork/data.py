"""Frozen values that fieldwork takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Practice:
    """One edition of what the law leaves open."""

    edition: str
    visit_cap: int
    ungraded_visits: int
    correct_workdays: Mapping[str, int]
    recheck_workdays: int
    late_start_days: int
    far_m: float
    outside_km: float
    picture_hours: float
    hygiene_kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of who puts findings right."""

    kinds: frozenset[str]
    words: tuple[str, ...]
    owner: str  # operator, inspecting, or empty with `agencies` named
    agencies: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stood, WGS-84, as the device told."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What was seen at one item. `outcome` is pass, fail or not_applicable."""

    code: str
    outcome: str
    score: Decimal | None = None
    safety_affected: bool | None = None
    accident_potential: bool = False
    corrected_on_site: bool = False
    note: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OperationOutcome:
    """What became of something done on a phone: applied, conflict or refused, and why, for a person."""

    status: str
    message: str
    inspection_id: int | None = None


@dataclass(frozen=True, slots=True)
class ItemOnForm:
    """One item of an inspection's form with what was seen."""

    code: str
    group: str
    text: str
    clause: str
    judge: str
    key: bool
    label_defect: bool
    answer: ItemAnswer | None
    photos: int = 0


@dataclass(frozen=True, slots=True)
class PublicResult:
    """A published result: what anybody may know. It names no person."""

    number: str
    premises_id: int
    premises_name: str
    premises_kind: str
    kind: str
    kind_label: str
    agency: str
    inspected_on: date
    result: str
    result_label: str
    grade_scale: str
    grade: str
    score: Decimal | None
    failed: tuple[str, ...]
    published_on: date


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a yearly plan would hold, before it is made."""

    premises: int
    visits: int
    by_grade: Mapping[str, int]
    by_month: Mapping[int, int]
    capped: int
    without_checklist: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Article 22: operating premises inspected within the months before a day."""

    premises: int
    inspected: int
    months: int


@dataclass(frozen=True, slots=True)
class InspectionLife:
    """A whole inspection for `api.load`: made, judged, told and, where told so, published.

    `failed` gives the failed items with their measure; everything else on the form passed. `signature_id` and
    `recording_id` are stored evidence files; a refusal needs a reason and a witness or a recording.
    """

    key: str
    premises_id: int
    kind: str
    agency_id: int
    officer_ids: tuple[int, ...]
    started_at: datetime
    by: str
    by_name: str
    failed: Mapping[str, str] = field(default_factory=dict)
    opinion: str = ""
    operator_signer: str = ""
    signature_id: int | None = None
    refusal_reason: str = ""
    witness: str = ""
    published_at: datetime | None = None
    closed_at: datetime | None = None
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class GradeLife:
    """One year's grade of one premises for `api.load_grades`."""

    premises_id: int
    year: int
    scale: str
    static: Decimal | None
    dynamic: Decimal | None
    scored_at: datetime
    scored_by: str
    confirmed_at: datetime
    confirmed_by: str
