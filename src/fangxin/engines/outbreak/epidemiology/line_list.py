"""People of an outbreak: checked, classified by a case definition, counted by exposure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fangxin.engines.outbreak.epidemiology.tables import TwoByTwo


class CaseClass(StrEnum):
    """From the surest to none."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    SUSPECT = "suspect"
    NOT_A_CASE = "not_a_case"


@dataclass(frozen=True, slots=True)
class Person:
    """One line. An exposure is True, False, or absent where nobody knows; a missing answer is never a no."""

    code: str
    onset: datetime | None = None
    symptoms: frozenset[str] = frozenset()
    exposures: Mapping[str, bool] = field(default_factory=dict)
    place: str = ""
    ate_at: datetime | None = None
    seen_at: datetime | None = None
    laboratory: frozenset[str] = frozenset()  # agents found
    sex: str = ""
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be so; `code` of the person, `kind` a token."""

    code: str
    kind: str


def faults(people: Iterable[Person], *, now: datetime) -> tuple[Fault, ...]:
    """Lines that cannot be so: ill before eating, seen before ill, in the future, twice, of an impossible age."""
    found, seen = [], set()
    for person in people:
        if person.code in seen:
            found.append(Fault(person.code, "twice"))
        seen.add(person.code)
        if person.onset and person.ate_at and person.onset < person.ate_at:
            found.append(Fault(person.code, "ill_before_eating"))
        if person.onset and person.seen_at and person.seen_at < person.onset:
            found.append(Fault(person.code, "seen_before_ill"))
        if any(at is not None and at > now for at in (person.onset, person.ate_at, person.seen_at)):
            found.append(Fault(person.code, "future"))
        if person.age is not None and not 0 <= person.age <= 130:
            found.append(Fault(person.code, "age"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a class asks for: one of each group of symptoms, in the period, at one of the places, and an agent found."""

    symptoms: tuple[frozenset[str], ...] = ()
    least: int = 1  # how many of the groups
    agents: frozenset[str] = frozenset()  # one of them found in the laboratory


@dataclass(frozen=True, slots=True)
class CaseDefinition:
    """Time and place hold for all classes; a class without criteria is not used."""

    version: int
    since: datetime
    until: datetime
    places: frozenset[str] = frozenset()  # empty: anywhere
    suspect: Criteria | None = None
    probable: Criteria | None = None
    confirmed: Criteria | None = None

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("the period of a case definition ends before it begins")
        if not (self.suspect or self.probable or self.confirmed):
            raise ValueError("a case definition needs at least one class")


def classify(definition: CaseDefinition, person: Person) -> CaseClass:
    """The surest class that a person meets. Without a known onset nobody is a case."""
    if person.onset is None or not definition.since <= person.onset <= definition.until:
        return CaseClass.NOT_A_CASE
    if definition.places and person.place not in definition.places:
        return CaseClass.NOT_A_CASE
    for kind in (CaseClass.CONFIRMED, CaseClass.PROBABLE, CaseClass.SUSPECT):
        criteria: Criteria | None = getattr(definition, kind.value)
        if criteria is not None and _meets(criteria, person):
            return kind
    return CaseClass.NOT_A_CASE


def _meets(criteria: Criteria, person: Person) -> bool:
    groups = sum(bool(group & person.symptoms) for group in criteria.symptoms)
    if groups < min(criteria.least, len(criteria.symptoms)):
        return False
    return not criteria.agents or bool(criteria.agents & person.laboratory)


@dataclass(frozen=True, slots=True)
class Moved:
    code: str
    before: CaseClass
    after: CaseClass


def moved(before: CaseDefinition, after: CaseDefinition, people: Iterable[Person]) -> tuple[Moved, ...]:
    """Whom a new version of the definition puts into another class."""
    pairs = ((p.code, classify(before, p), classify(after, p)) for p in people)
    return tuple(Moved(code, old, new) for code, old, new in pairs if old is not new)


def cross(people: Sequence[Person], exposure: str, ill: Mapping[str, bool]) -> TwoByTwo:
    """Exposed and ill; people whose exposure is not known are left out, for this exposure only.

    ill   by code of the person; who is not in it is left out
    """
    cells = [0, 0, 0, 0]
    for person in people:
        ate = person.exposures.get(exposure)
        sick = ill.get(person.code)
        if ate is None or sick is None:
            continue
        cells[(0 if sick else 1) if ate else (2 if sick else 3)] += 1
    return TwoByTwo(*cells)


def exposures_of(people: Iterable[Person]) -> tuple[str, ...]:
    """Names of all exposures that anybody was asked about, in the order of the alphabet."""
    return tuple(sorted({name for person in people for name in person.exposures}))
