"""The frozen values of an invented county. Nothing here, nor in what makes them, knows a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fangxin.kernel.registry.data import (
    NewCensusEntry,
    NewCertificate,
    NewCredential,
    NewFact,
    NewOperator,
    NewPremises,
    NewStaff,
)
from fangxin.sim.places import Land

# The life begins the day after the plan was issued and pauses on the morning of this day.
BEGINS = date(2022, 5, 20)
ENDS = date(2024, 11, 25)


@dataclass(frozen=True, slots=True)
class AgencyValue:
    key: str
    name: str
    short_name: str
    kind: str
    division_code: str
    parent: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonValue:
    username: str
    name: str
    agency: str
    role: str
    division_code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    premises: str
    on: date


@dataclass(frozen=True, slots=True)
class Departure:
    staff: str
    on: date


@dataclass(frozen=True, slots=True)
class Batch:
    """What enters the register in one go, at one moment."""

    at: datetime
    operators: tuple[NewOperator, ...] = ()
    premises: tuple[NewPremises, ...] = ()
    credentials: tuple[NewCredential, ...] = ()
    staff: tuple[NewStaff, ...] = ()
    certificates: tuple[NewCertificate, ...] = ()
    facts: tuple[NewFact, ...] = ()
    closures: tuple[Closure, ...] = ()
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyValue:
    """One census; its entries name the premises by key, the survey by its place in the list."""

    name: str
    started_on: date
    finished_on: date
    entries: tuple[NewCensusEntry, ...]


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing done about a matter, by a person, at a moment."""

    at: datetime
    verb: str
    by: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A matter's life as it will be lived through the services."""

    key: str
    origin: str
    hazard: str
    severity: str
    division_code: str
    owner: str
    cooperating: tuple[str, ...]
    legal_basis: str
    premises: str
    steps: tuple[StoryStep, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something planted, and what finds it: the truth that a check can be held against."""

    kind: str
    subject: str
    division_code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """Everything of one county's register, in the order in which it became known."""

    land: Land
    batches: tuple[Batch, ...]
    premises: Mapping[str, NewPremises]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class World:
    seed: int
    scale: float
    land: Land
    agencies: tuple[AgencyValue, ...]
    people: tuple[PersonValue, ...]
    register: Register
    surveys: tuple[SurveyValue, ...]
    stories: tuple[Story, ...]
    faults: tuple[Fault, ...]

    def faults_of(self, kind: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.kind == kind]
