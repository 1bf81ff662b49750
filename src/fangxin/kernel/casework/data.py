"""Frozen values that casework takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from fangxin.engines.indicators import Balance, Figure, check_matter_identity


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage of the ladder: so many days before (negative) or after the due date."""

    stage: str
    offset: int
    unit: str  # workday | day
    repeat_offset: int | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """One edition of the deadlines, in working days by severity."""

    edition: str
    workdays: Mapping[str, int]
    extension_workdays: Mapping[str, int]
    look_back_workdays: Mapping[str, int]
    rebound_months: int
    ladder: tuple[Rung, ...]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Fixing:
    """One of the five fixings, as the county words it."""

    field: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class MatterFigures:
    """The account of a division for a period, as known at its end.

    A matter opened in error and withdrawn by then is in none of the terms but `withdrawn`.
    """

    opening: int
    new: int
    closed: int
    reopened: int
    open: int
    due: int
    on_time: int
    rebounded: int
    opened_to_date: int
    closed_to_date: int
    withdrawn: int

    @property
    def balance(self) -> Balance:
        return check_matter_identity(
            opening=self.opening, new=self.new, closed=self.closed, reopened=self.reopened, found=self.open
        )

    @property
    def on_time_rate(self) -> Figure:
        """Closed by the deadline ÷ due in the period."""
        return _figure(self.on_time, self.due)

    @property
    def closure_rate(self) -> Figure:
        """Closed ÷ opened, both up to the end of the period."""
        return _figure(self.closed_to_date, self.opened_to_date)

    @property
    def rebound_rate(self) -> Figure:
        """Of those closed in the period, the share that has come back within the rule's months so far."""
        return _figure(self.rebounded, self.closed)


def _figure(numerator: int, denominator: int) -> Figure:
    return Figure(Decimal(numerator), Decimal(denominator))


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One step of a matter that has already been lived, for `api.load`.

    `action` is one of assign, start, progress, submit, return, propose_closing, close, look_back_held, withdraw.
    """

    action: str
    at: datetime
    by: str
    by_name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class MatterLife:
    """A whole matter for `api.load`: opened, and the steps that followed, in order of time.

    `key` names it within the load; `reopened_from` is the key of the earlier matter that came back.
    `evidence_id` is a stored evidence file kept as proof of the rectification; a closed life needs it.
    """

    key: str
    origin: str
    hazard: str
    severity: str
    division_code: str
    owner_id: int
    opened_at: datetime
    opened_by: str
    opened_by_name: str
    steps: tuple[LifeStep, ...] = ()
    subject_type: str = ""
    subject_id: str = ""
    subject_name: str = ""
    legal_basis: str = ""
    cooperating_ids: tuple[int, ...] = ()
    due_on: date | None = None
    evidence_id: int | None = None
    reopened_from: str = ""
    fixings: Mapping[str, str] = field(default_factory=dict)
