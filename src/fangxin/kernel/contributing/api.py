"""The one place where apps offer what others show or use. Nobody imports an app to ask.

from fangxin.kernel.contributing import api as contribute

contribute.event("catering.grade.assigned", _("评定量化分级"))
contribute.menu(_("餐饮质量安全"), "catering:home", order=60, ability="board.view", group="actions")
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from fangxin.engines.deadlines import WorkCalendar, national_calendar, published_years
from fangxin.kernel.contributing.data import (
    Ability,
    Announcement,
    Attribute,
    BatchFacts,
    Blocker,
    Event,
    Hit,
    Lead,
    Menu,
    Moment,
    Person,
    Schedule,
    SourceBatch,
    Subject,
    Waiting,
    Words,
    WorkItem,
)
from fangxin.kernel.contributing.registry import Offers
from fangxin.kernel.contributing.waiting import counted

menus: Offers[Menu] = Offers("menu")
events: Offers[Event] = Offers("event")
abilities: Offers[Ability] = Offers("ability")
subjects: Offers[Subject] = Offers("subject")
attributes: Offers[Attribute] = Offers("attribute")
schedules: Offers[Schedule] = Offers("schedule")
work_lists: Offers[Callable[[Person], Iterable[WorkItem | Waiting]]] = Offers("work list")
searches: Offers[Callable[[Person, str, int], Sequence[Hit]]] = Offers("search")
timelines: Offers[Callable[[Person, str, str], Sequence[Moment]]] = Offers("timeline")
lead_lists: Offers[Callable[[str], Sequence[Lead]]] = Offers("leads")
scenarios: Offers[tuple[int, Callable[..., None]]] = Offers("scenario")
evidence_doors: Offers[Callable[[Person, int], bool]] = Offers("evidence door")
listeners: Offers[tuple[str, Callable[..., None]]] = Offers("listener")
certificate_blockers: Offers[Callable[[BatchFacts], Sequence[Blocker]]] = Offers("certificate blocker")
batch_sources: Offers[Callable[[int], Sequence[SourceBatch]]] = Offers("batch source")
work_calendars: Offers[Callable[[], WorkCalendar]] = Offers("work calendar")


def menu(label: Words, url_name: str, *, order: int, ability: str, group: str, icon: str = "circle") -> None:
    menus.add(url_name, Menu(label, url_name, group, order, ability, icon))


def event(name: str, label: Words, *, counted: bool = True) -> None:
    """A word for the ledger. With `counted=False` it changes no fact, so no figure is counted anew for it."""
    events.add(name, Event(name, label, counted))


def ability(name: str, label: Words, *, roles: Iterable[str]) -> None:
    abilities.add(name, Ability(name, label, frozenset(roles)))


def subject(
    name: str,
    label: Words,
    *,
    rows: Callable[[date], "QuerySet[Any]"],
    fields: Mapping[str, Words],
    key: str = "pk",
    list_url: str = "",
) -> None:
    subjects.add(name, Subject(name, label, rows, dict(fields), key, list_url))


def attribute(
    name: str,
    label: Words,
    *,
    clause: str,
    premises_kinds: Iterable[str],
    kind: str = "choice",
    choices: Mapping[str, Words] | None = None,
    unit: Words = "",
) -> None:
    attributes.add(name, Attribute(name, label, clause, tuple(premises_kinds), kind, dict(choices or {}), unit))


def schedule(name: str, label: Words, *, task: str, cron: str) -> None:
    schedules.add(name, Schedule(name, label, task, cron))


def work(name: str, provider: Callable[[Person], Iterable[WorkItem | Waiting]]) -> None:
    """Offer lines for a person's work of today."""
    work_lists.add(name, provider)


def work_of(person: Person) -> list[WorkItem]:
    """All lines of a person's work of today."""
    return counted(line for provider in work_lists for line in provider(person))


def search(name: str, provider: Callable[[Person, str, int], Sequence[Hit]]) -> None:
    """Offer answers to the search box: (person, text, limit) → hits the person may see."""
    searches.add(name, provider)


def timeline(name: str, provider: Callable[[Person, str, str], Sequence[Moment]]) -> None:
    """Offer lines for a subject's life: (person, subject_type, subject_id) → moments the person may see."""
    timelines.add(name, provider)


def evidence(name: str, may_see: Callable[[Person, int], bool]) -> None:
    """Offer an answer to: may this person see a record to which this evidence file belongs?"""
    evidence_doors.add(name, may_see)


def certificate_blocker(name: str, provider: Callable[[BatchFacts], Sequence[Blocker]]) -> None:
    """Offer reasons why a batch may get no certificate."""
    certificate_blockers.add(name, provider)


def blockers_of(batch: BatchFacts) -> list[Blocker]:
    """All reasons against a certificate for a batch; none when it may be given."""
    return [blocker for provider in certificate_blockers for blocker in provider(batch)]


def batch_source(name: str, provider: Callable[[int], Sequence[SourceBatch]]) -> None:
    """Offer the batches of a premises (by its key) that certificates can be given for, the newest harvest first."""
    batch_sources.add(name, provider)


def batches_at(premises_id: int) -> list[SourceBatch]:
    """All batches of a premises that certificates can be given for."""
    return [batch for provider in batch_sources for batch in provider(premises_id)]


def leads(name: str, provider: Callable[[str], Sequence[Lead]]) -> None:
    """Offer who leads which action: division code → leads."""
    lead_lists.add(name, provider)


def scenario(name: str, *, order: int, live: Callable[..., None]) -> None:
    """Offer a part of the synthetic county's life; called as `live(world)` in the order given."""
    scenarios.add(name, (order, live))


def listen(name: str, announcement: str, handler: Callable[..., None]) -> None:
    """Act on what a lower floor announces; `handler(announcement, by=...)` runs in the announcer's transaction."""
    listeners.add(name, (announcement, handler))


def work_calendar(name: str, provider: Callable[[], WorkCalendar]) -> None:
    """Offer the working-day calendar of this installation to the floors below."""
    work_calendars.add(name, provider)


def calendar_in_use() -> WorkCalendar:
    """The working-day calendar offered by a higher floor, or the national one as published."""
    for provider in work_calendars:
        return provider()
    return national_calendar(published_years())


def announce(announcement: Announcement, *, by: Person) -> None:
    for name, handler in listeners:
        if name == announcement.name:
            handler(announcement, by=by)
