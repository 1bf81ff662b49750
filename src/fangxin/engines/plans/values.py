"""The values a plan document is read into. Every name here is part of the engine's public face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Comparison(StrEnum):
    """How a goal's value is to be compared; the last two have no bound to compare with."""

    ABOVE = ">"
    AT_LEAST = ">="
    EQUAL = "="
    BELOW = "<"
    AT_MOST = "<="
    DECLINE = "decline"
    MILESTONE = "milestone"


class DeadlineKind(StrEnum):
    """A deadline falls once (`date`) or every year (`month_day`)."""

    ONE_OFF = "one_off"
    YEARLY = "yearly"


class DefectKind(StrEnum):
    """Drafting defects: what a clerk must settle with the issuing office before the plan can be measured."""

    PERCENT_ABOVE_HUNDRED = "percent_above_hundred"
    DECLINE_WITHOUT_BASE_YEAR = "decline_without_base_year"
    CONTRADICTORY_BOUND = "contradictory_bound"
    APPROXIMATE_VALUE = "approximate_value"
    ACTION_WITHOUT_UNIT = "action_without_unit"
    SEVERAL_LEADS = "several_leads"
    DUPLICATE_AGENCY = "duplicate_agency"
    DUPLICATE_ACTION_NUMBER = "duplicate_action_number"
    MISSING_ACTION_NUMBER = "missing_action_number"
    GOAL_COUNT_DIFFERS = "goal_count_differs"
    GOAL_DUE_BEFORE_ISSUE = "goal_due_before_issue"
    DEADLINE_BEFORE_ISSUE = "deadline_before_issue"


class Refusal(StrEnum):
    """Why a text is no food-safety action plan."""

    EMPTY = "empty"
    MARKUP = "markup"
    OTHER_DOCUMENT = "other_document"
    OTHER_SUBJECT = "other_subject"
    NO_PLAN_TITLE = "no_plan_title"
    INSIDE_ONE_INSTITUTION = "inside_one_institution"
    NO_ACTIONS = "no_actions"


class NotAPlan(ValueError):
    """The text was readable and is no such plan; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Unreadable(StrEnum):
    """Why no text could be taken from a file."""

    TOO_LARGE = "too_large"
    BROKEN = "broken"
    NOT_TEXT = "not_text"
    OLD_WORD = "old_word"
    PDF = "pdf"
    UNKNOWN_ENCODING = "unknown_encoding"


class UnreadableFile(ValueError):
    """No text could be taken from the file; `reason` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """A verbatim piece of the text that was read: `text[offset:offset + len(quote)] == quote`."""

    offset: int
    quote: str


@dataclass(frozen=True, slots=True)
class Period:
    """The time a plan covers; each end is a year (`2022`), a date (`2023-03-01`) or unknown."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One action: who leads, who cooperates, whether lower governments answer too, what is to be done."""

    number: int
    title: str
    lead: str | None
    cooperating: tuple[str, ...] = ()
    townships: bool = False
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """One measurable or stated goal; `value` as printed (80 for 80 %), `action` the number of its action."""

    action: int | None
    text: str
    metric: str | None
    comparison: Comparison
    value: Decimal | None = None
    unit: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due once (`date`) or every year (`month_day`, MM-DD): what, and by whom."""

    kind: DeadlineKind
    what: str
    who: str | None = None
    date: date | None = None
    month_day: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """A drafting defect and the words that show it, verbatim."""

    kind: DefectKind
    quote: str


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan as read. `sources` maps a JSON pointer into the contract to the words it came from."""

    title: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    period: Period
    based_on: tuple[str, ...]
    actions: tuple[Action, ...]
    goals: tuple[Goal, ...]
    deadlines: tuple[Deadline, ...]
    defects: tuple[Defect, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
