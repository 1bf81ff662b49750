"""Captured events of some codes → where each code was, and how it went from place to place. Values in, values out.

The rules in short (docs/methods/supply-events.md): a thing is where its last event left it; what lies in a container goes
with it; what was made came of everything that went in. An event without a place changes nothing about the place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from fangxin.engines.epcis.identifiers import canonical
from fangxin.engines.epcis.values import Action, Event, EventKind, Quantity

DEEPEST = 5
_SUB_SITE = re.compile(r"/254/.*\Z")
_GTIN = re.compile(r"/01/(\d{14})(?:/|\Z)")
_BATCH = re.compile(r"/10/([^/]+)")
SHIPPING = "https://ref.gs1.org/cbv/BizStep-shipping"
# UN/ECE Recommendation 20 → as people write it. Pieces have no unit code.
UNITS = {"KGM": "kg", "GRM": "g", "TNE": "t", "LTR": "L", "MLT": "mL", "": "件"}


def plain(code: str) -> str:
    """The comparable form of an identifier, so that a URN and a Digital Link of one thing are one."""
    return canonical(code) or code


def site(code: str) -> str:
    """A place without its inner part: a dock or a shelf belongs to its site."""
    return _SUB_SITE.sub("", plain(code))


def place_of(event: Event) -> str:
    told = event.biz_location or event.read_point
    return site(told.id) if told is not None else ""


def gtin_of(code: str) -> str:
    found = _GTIN.search(code)
    return found.group(1) if found else ""


def batch_of(code: str) -> str:
    found = _BATCH.search(code)
    return found.group(1) if found else ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A code in an event. `quantity` is None for a thing with its own number, and where none was told."""

    code: str
    role: str
    by_class: bool
    quantity: Decimal | None = None
    unit: str = ""


def mentions(event: Event) -> Iterator[Mention]:
    """Every code that an event names, in comparable form."""
    for role, epcs, amounts in _lists(event):
        yield from (Mention(plain(epc), role, False) for epc in epcs)
        yield from (_amount(role, amount) for amount in amounts)
    if event.parent_id:
        yield Mention(plain(event.parent_id), "parent", False)
    if event.transformation_id:
        yield Mention(event.transformation_id, "making", False)


def _lists(event: Event) -> Iterator[tuple[str, Sequence[str], Sequence[Quantity]]]:
    yield "epc", event.epcs, event.quantities
    yield "child", event.child_epcs, event.child_quantities
    yield "input", event.input_epcs, event.input_quantities
    yield "output", event.output_epcs, event.output_quantities


def _amount(role: str, amount: Quantity) -> Mention:
    unit = UNITS.get(amount.uom or "", amount.uom or "")
    return Mention(plain(amount.epc_class), role, True, amount.quantity, unit)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that names a code, and as what. `number` is the event's row."""

    number: int
    at: datetime
    event: Event
    mention: Mention


@dataclass(frozen=True, slots=True)
class Step:
    """A code was seen at a place."""

    at: datetime
    place: str
    number: int
    event: Event
    quantity: Decimal | None = None
    unit: str = ""
    by_class: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """A code lay in a container from one moment to another."""

    container: str
    since: datetime
    until: datetime | None
    quantity: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class Move:
    """A code went from one place to another. `inferred`: several places could have been the one it came from."""

    from_place: str
    to_place: str
    sent_at: datetime | None
    received_at: datetime | None
    quantity: Decimal | None
    unit: str
    number: int
    inferred: bool = False


@dataclass
class Histories:
    """What was told of codes; steps and stays are worked out once for each."""

    told: Mapping[str, Sequence[Told]]
    _steps: dict[str, list[Step]] = field(default_factory=dict)
    _under_way: set[str] = field(default_factory=set)

    def stays(self, code: str) -> list[Stay]:
        """Containers in which a code lay, in order of time. A container emptied at once empties all that is in it."""
        stays: list[Stay] = []
        open_: Stay | None = None
        for at, container, action, mention in sorted(self._packings(code), key=lambda p: (p[0], p[2] == "ADD", p[1])):
            if action == Action.DELETE:
                if open_ is not None and container == open_.container:
                    stays.append(_ended(open_, at))
                    open_ = None
            elif open_ is None or open_.container != container:
                if open_ is not None:
                    stays.append(_ended(open_, at))
                open_ = Stay(container, at, None, mention.quantity, mention.unit)
        return [*stays, open_] if open_ is not None else stays

    def _packings(self, code: str) -> Iterator[tuple[datetime, str, str, Mention]]:
        containers = set()
        for told in self.told.get(code, ()):
            parent = told.event.parent_id
            if told.mention.role == "child" and parent:
                containers.add(plain(parent))
                yield told.at, plain(parent), str(told.event.action or Action.OBSERVE), told.mention
        for container in sorted(containers):
            for told in self.told.get(container, ()):
                if told.mention.role == "parent" and empties(told.event):
                    yield told.at, container, Action.DELETE, told.mention

    def steps(self, code: str, depth: int = 0) -> list[Step]:
        """Where a code was seen, in order of time, also inside a container."""
        if code in self._steps:
            return self._steps[code]
        if code in self._under_way or depth > DEEPEST:
            return []  # packed into itself: no such thing, and no reason to go round for ever
        self._under_way.add(code)
        own = [_step(told) for told in self.told.get(code, ()) if not _only_packs(told)]
        for stay in self.stays(code):
            own += [
                Step(step.at, step.place, step.number, step.event, stay.quantity, stay.unit, bool(stay.unit))
                for step in self.steps(stay.container, depth + 1)
                if stay.since <= step.at and (stay.until is None or step.at <= stay.until)
            ]
        self._under_way.discard(code)
        ordered = _placed(sorted(own, key=lambda step: (step.at, step.number)))
        self._steps[code] = ordered
        return ordered

    def moves(self, code: str) -> list[Move]:
        """From place to place, in order of time."""
        return list(_moves(self.steps(code)))

    def contents(self, container: str, at: datetime) -> list[Mention]:
        """What lay in a container at a moment."""
        return [
            Mention(code, "input", bool(stay.unit), stay.quantity, stay.unit)
            for code, stay in self._packed.get(container, ())
            if stay.since <= at and (stay.until is None or at <= stay.until)
        ]

    @cached_property
    def _packed(self) -> dict[str, list[tuple[str, Stay]]]:
        packed: dict[str, list[tuple[str, Stay]]] = {}
        for code in sorted(self.told):
            for stay in self.stays(code):
                packed.setdefault(stay.container, []).append((code, stay))
        return packed

    def place_at(self, code: str, number: int) -> str:
        """Where a code was at an event."""
        return next((step.place for step in self.steps(code) if step.number == number), "")


def empties(event: Event) -> bool:
    """Whether an event takes everything out of a container without naming it."""
    return event.action == Action.DELETE and not event.child_epcs and not event.child_quantities


def _ended(stay: Stay, at: datetime) -> Stay:
    return Stay(stay.container, stay.since, at, stay.quantity, stay.unit)


def _only_packs(told: Told) -> bool:
    """A child that is only named as content is where the container is; the container says where."""
    return told.mention.role == "child" and not place_of(told.event)


def _step(told: Told) -> Step:
    mention = told.mention
    return Step(
        told.at, place_of(told.event), told.number, told.event, mention.quantity, mention.unit, mention.by_class
    )


def _placed(steps: Sequence[Step]) -> list[Step]:
    """An event without a place happened where the thing was; before the first place, at that first place."""
    here = next((step.place for step in steps if step.place), "")
    placed = []
    for step in steps:
        here = step.place or here
        placed.append(
            step
            if step.place
            else Step(step.at, here, step.number, step.event, step.quantity, step.unit, step.by_class)
        )
    return placed


def _moves(steps: Sequence[Step]) -> Iterator[Move]:
    before: list[Step] = []
    told: set[tuple[str, str]] = set()
    for step in steps:
        here = {s.place for s in before}
        if before and step.place not in here:
            origin, inferred = _origin(before, step)
            told.add((origin.place, step.place))
            yield Move(origin.place, step.place, origin.at, step.at, step.quantity, step.unit, step.number, inferred)
        elif before and not step.by_class and before[-1].place != step.place:
            # A thing with its own number that came back.
            yield Move(before[-1].place, step.place, before[-1].at, step.at, step.quantity, step.unit, step.number)
        before.append(step)
    yield from _on_the_way(steps, {place for _, place in told} | {step.place for step in steps})


def _origin(before: Sequence[Step], step: Step) -> tuple[Step, bool]:
    """Where a thing came from: a thing with its own number from where it was last; a batch, which can be at several
    places at once, from the place that the papers name, else from the last one, which is then a guess."""
    places = {s.place for s in before}
    if not step.by_class or len(places) == 1:
        return before[-1], False
    for fits in (_sent_here, _named_source, _same_papers):
        found = [s for s in before if fits(s, step)]
        if found:
            return found[-1], False
    return before[-1], True


def _ships(event: Event) -> bool:
    return event.biz_step == SHIPPING


def _sent_here(origin: Step, step: Step) -> bool:
    return _ships(origin.event) and step.place in {site(d.id) for d in origin.event.destinations}


def _named_source(origin: Step, step: Step) -> bool:
    return origin.place in {site(s.id) for s in step.event.sources}


def _same_papers(origin: Step, step: Step) -> bool:
    papers = {t.id for t in step.event.biz_transactions}
    return bool(papers & {t.id for t in origin.event.biz_transactions})


def _on_the_way(steps: Sequence[Step], seen: Iterable[str]) -> Iterator[Move]:
    """Sent to a place that has not said yet that it came."""
    known = set(seen)
    for step in steps:
        if _ships(step.event):
            for to in dict.fromkeys(site(d.id) for d in step.event.destinations if _is_site(d.type)):
                if to not in known and to != step.place:
                    known.add(to)
                    yield Move(step.place, to, step.at, None, step.quantity, step.unit, step.number)


def _is_site(kind: str | None) -> bool:
    return bool(kind) and str(kind).endswith("location")


def makings(event: Event) -> bool:
    return event.kind == EventKind.TRANSFORMATION
