"""What apps may offer: frozen values, one class a kind of offer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

# A person who acts. The class lives two floors up, so the offers only say that they take one.
Person = Any

# Text for a screen, translated when it is shown.
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Menu:
    """A line of the main menu, shown to those who have the ability somewhere."""

    label: Words
    url_name: str
    group: str
    order: int
    ability: str
    icon: str = "circle"


@dataclass(frozen=True, slots=True)
class Event:
    """A word of the ledger: what happened, said for a person. `counted` says whether it may change a figure."""

    name: str
    label: Words
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Ability:
    """Something a role may do; the roles that may are named here, by the app that asks for it."""

    name: str
    label: Words
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A fact table that indicators can count.

    `rows(as_of)` gives one row per thing, with every name of `fields` present as a column of that date, and
    the division of each row in the column `division_code`. `key` names the column that stands for the row in
    a proof file; it never holds personal data.
    """

    name: str
    label: Words
    rows: Callable[[date], "QuerySet[Any]"]
    fields: Mapping[str, Words]
    key: str = "pk"
    list_url: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A dated fact about a premises that an action needs, kept by the registry with its evidence.

    `choices` maps stored values to Chinese labels; without choices the value is a `kind` of number, date or text.
    """

    name: str
    label: Words
    clause: str
    premises_kinds: tuple[str, ...]
    kind: str = "choice"
    choices: Mapping[str, Words] = field(default_factory=dict)
    unit: Words = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that comes round by itself. `task` is a dotted path, `cron` five fields in local time."""

    name: str
    label: Words
    task: str
    cron: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of somebody's work of today."""

    kind: str  # due, overdue, new
    label: Words
    url: str
    due: date | None = None
    detail: Words = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of work told by the rows that wait; whoever shows it counts them, `label` may say %(n)s."""

    kind: str  # due, overdue, new
    label: Words
    url: str
    rows: "QuerySet[Any]"
    due: date | None = None
    detail: Words = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer to a search."""

    kind: Words
    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line in the life of a subject."""

    at: Any
    kind: Words
    text: Words
    url: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What a certificate is to be given for. Whoever blocks looks at what it knows of: the batch itself, who made it, or
    the parcels it grew on. `on` is the day of the certificate."""

    subject_type: str
    subject_id: str
    food: str
    division_code: str
    on: date
    premises_id: int | None = None
    parcel_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """A batch of somebody's own production records for which a certificate may be asked. `ready` is what was harvested of it
    so far, None where nobody counted."""

    facts: BatchFacts
    label: str
    ready: Decimal | None
    unit: str
    harvested_on: date | None = None
    food_class: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason why a batch gets no certificate. `until` is the day from which it no longer stands, where that is known."""

    kind: str
    text: Words
    until: date | None = None
    subject_type: str = ""
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """The agency that leads an action in a division. `action` is the name of the action's app."""

    action: str
    agency_id: int
    agency: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something a lower floor noticed and an upper floor may act on.

    `name` is the kind of finding; `subject_type`/`subject_id` say of what, `division_code` where.
    """

    name: str
    subject_type: str
    subject_id: str
    subject_name: str
    division_code: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
