"""Lots and links out of captured events. Run again it gives the same; a crash before it leaves the job waiting for it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from fangxin.engines import epcis
from fangxin.engines.epcis.values import Event as Said
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import derivation
from fangxin.kernel.supply.derivation import Histories, Mention, Move, Told
from fangxin.kernel.supply.models import (
    CaptureJob,
    Event,
    EventCode,
    Link,
    Lot,
    Place,
    Product,
    Source,
    Sureness,
    TradeUnit,
)
from fangxin.kernel.supply.services.recording import COUNTY_LENGTH, make_link

_AT_ONCE = 900
# One transaction derives the jobs of up to so many events: others write in between.
_EVENTS_AT_ONCE = 2_000
_JOBS_AT_ONCE = 20
# Any number that nothing else in this database locks by.
_LOCK = 7_302_211
Node = tuple[str, str]  # a code at a place


def derive_waiting() -> int:
    """Derive what every accepted job asks for; returns how many jobs."""
    done = 0
    while found := derive_some():
        done += found
    return done


@transaction.atomic
def derive_some(*, largest: int | None = None) -> int:
    """One round: the first of the accepted jobs, of those that have no more than `largest` events; returns how many."""
    _alone()
    jobs = _next_jobs(largest)
    if not jobs:
        return 0
    bodies = Event.objects.filter(job__in=jobs).order_by("pk").values_list("body", flat=True)
    codes = {mention.code for body in bodies for mention in derivation.mentions(said(body))}
    rebuild(codes)
    CaptureJob.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=CaptureJob.State.DONE, finished_at=ledger.clock.now()
    )
    return len(jobs)


def _next_jobs(largest: int | None) -> list[CaptureJob]:
    waiting = CaptureJob.objects.filter(state=CaptureJob.State.ACCEPTED).order_by("pk")
    if largest is not None:
        waiting = waiting.filter(fresh__lte=largest)
    jobs: list[CaptureJob] = []
    for job in waiting[:_JOBS_AT_ONCE]:
        if jobs and sum(one.fresh for one in jobs) + job.fresh > _EVENTS_AT_ONCE:
            break
        jobs.append(job)
    return jobs


def _alone() -> None:
    """One at a time, so that two do not make the same lot. SQLite's write lock says the same."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def said(body: str) -> Said:
    """A kept event as the value that it was."""
    return epcis.from_json(json.loads(body))


def rebuild(codes: Iterable[str]) -> None:
    """Make the lots, links and container contents of these codes anew, and of what lay in them."""
    found = _collect(set(codes))
    histories = Histories(found.told)
    things = sorted(code for code in found.wanted if any(t.mention.role != "making" for t in found.told[code]))
    moves = {code: histories.moves(code) for code in things}
    makings = [making for making in _makings(found.told, histories) if making.touches(found.wanted)]
    lots = _Nodes(found, histories, moves, makings).written()
    _unlink(found.wanted)
    links = [
        make_link(
            lots[code, move.from_place], lots[code, move.to_place], sent_at=move.sent_at, received_at=move.received_at,
            quantity=move.quantity, unit=move.unit, event=Event(pk=move.number), precise=True, inferred=move.inferred,
        )
        for code, moved in moves.items() for move in moved
    ]  # fmt: skip
    links += [link for making in makings for link in _made(making, lots, found.wanted)]
    Link.objects.bulk_create(links, batch_size=_AT_ONCE)
    _repack(histories, things)


# --- what was told ----------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    """Events by the codes that they name; `wanted` are the codes that are made anew, `senders` who told each event."""

    told: dict[str, list[Told]] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    senders: dict[int, tuple[str, str]] = field(default_factory=dict)

    def named(self, codes: Iterable[str], as_role: str, role: str) -> set[str]:
        """What is named as `role` by the events that name one of the codes as `as_role`."""
        return {
            mention.code
            for code in codes
            for row in self.told.get(code, ())
            if row.mention.role == as_role
            for mention in derivation.mentions(row.event)
            if mention.role == role
        }


def _collect(codes: set[str]) -> _Found:
    """The events of the codes, of what lies in them (which moves with them), of what they lie in, and of what was made
    together with them."""
    found = _Found(wanted=set(codes))
    above, edge = set[str](), set(codes)
    for _level in range(derivation.DEEPEST):
        _load(edge, found)
        down = found.named(edge & found.wanted, "parent", "child")
        up = found.named(edge, "child", "parent")
        found.wanted |= down
        above |= up
        edge = (down | up) - found.told.keys()
        if not edge:
            break
    whole = found.named(found.wanted | above, "input", "making") | found.named(found.wanted | above, "output", "making")
    _load(whole - found.told.keys(), found)
    partners = found.named(found.wanted | above, "output", "input") | found.named(whole, "making", "input")
    _load(partners - found.told.keys(), found)
    _load(found.named(partners, "parent", "child") - found.told.keys(), found)
    return found


def _load(codes: Iterable[str], found: _Found) -> None:
    wanted = sorted(codes)
    for code in wanted:
        found.told.setdefault(code, [])
    for start in range(0, len(wanted), _AT_ONCE):
        rows = EventCode.objects.filter(code__in=wanted[start : start + _AT_ONCE], event__source=Source.EPCIS)
        _take(list(rows.select_related("event").order_by("event__event_at", "event_id", "pk")), found)


def _take(rows: Sequence[EventCode], found: _Found) -> None:
    wrong = _declared_wrong({row.event.hash for row in rows})
    read: dict[int, Said] = {}
    for row in rows:
        event = row.event
        if event.declares or event.hash in wrong:
            continue
        if event.pk not in read:
            read[event.pk] = said(event.body)
            found.senders[event.pk] = (event.division_code, event.vouched_by)
        mention = Mention(row.code, row.role, row.by_class, row.quantity, row.unit)
        found.told[row.code].append(Told(event.pk, event.event_at, read[event.pk], mention))


def _declared_wrong(hashes: set[str]) -> set[str]:
    wrong: set[str] = set()
    listed = sorted(hashes)
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        wrong.update(Event.objects.filter(declares__in=some).exclude(declares="").values_list("declares", flat=True))
    return wrong


# --- what was made of what --------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """What went in or came out, where, when, told by which event."""

    mention: Mention
    place: str
    at: datetime
    number: int

    @property
    def node(self) -> Node:
        return self.mention.code, self.place


class Making(NamedTuple):
    """What went in and what came out, over all the events that tell of one making."""

    inputs: tuple[Part, ...]
    outputs: tuple[Part, ...]

    def touches(self, codes: set[str]) -> bool:
        return any(part.mention.code in codes for part in (*self.inputs, *self.outputs))


def _makings(told: Mapping[str, Sequence[Told]], histories: Histories) -> list[Making]:
    groups: dict[str, dict[int, Told]] = {}
    for code in sorted(told):
        for row in told[code]:
            if derivation.makings(row.event):
                groups.setdefault(row.event.transformation_id or f"#{row.number}", {})[row.number] = row
    return [_making([group[n] for n in sorted(group)], histories) for _, group in sorted(groups.items())]


def _making(rows: Sequence[Told], histories: Histories) -> Making:
    inputs: list[Part] = []
    outputs: list[Part] = []
    for row in rows:
        for mention in derivation.mentions(row.event):
            place = derivation.place_of(row.event) or histories.place_at(mention.code, row.number)
            if mention.role == "input":
                inputs.append(Part(mention, place, row.at, row.number))
                packed = histories.contents(mention.code, row.at)
                inputs += [Part(content, place, row.at, row.number) for content in packed]
            elif mention.role == "output":
                outputs.append(Part(mention, place, row.at, row.number))
    return Making(tuple(inputs), tuple(outputs))


def _made(making: Making, lots: Mapping[Node, Lot], wanted: set[str]) -> list[Link]:
    """Everything that went in may be in everything that came out. Amounts are told where there is one product."""
    single = len({part.mention.code for part in making.outputs}) == 1
    return [
        make_link(
            lots[put.node], lots[got.node], sent_at=put.at, received_at=got.at,
            quantity=put.mention.quantity if single else None, unit=put.mention.unit,
            event=Event(pk=max(put.number, got.number)), precise=True,
        )
        for put in making.inputs for got in making.outputs
        if put.mention.code in wanted or got.mention.code in wanted
    ]  # fmt: skip


# --- lots -------------------------------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """The first that is known of a code at a place."""

    at: datetime
    quantity: Decimal | None
    unit: str
    number: int
    event: Said | None = None


class _Nodes:
    """The codes at places that are to be lots."""

    def __init__(
        self, found: _Found, histories: Histories, moves: Mapping[str, Sequence[Move]], makings: Sequence[Making]
    ) -> None:
        self.found = found
        self.seen: dict[Node, _Seen] = {}
        for code, moved in moves.items():
            for step in histories.steps(code):
                self._add((code, step.place), _Seen(step.at, step.quantity, step.unit, step.number, step.event))
            for move in moved:
                at = move.received_at or move.sent_at
                if at is not None:
                    self._add((code, move.to_place), _Seen(at, move.quantity, move.unit, move.number))
        for making in makings:
            for part in (*making.inputs, *making.outputs):
                self._add(part.node, _Seen(part.at, part.mention.quantity, part.mention.unit, part.number))

    def _add(self, node: Node, seen: _Seen) -> None:
        before = self.seen.get(node)
        if before is None:
            self.seen[node] = seen
        elif before.quantity is None and seen.quantity is not None:
            self.seen[node] = before._replace(quantity=seen.quantity, unit=seen.unit)

    def written(self) -> dict[Node, Lot]:
        """The lots of all nodes: those that were there brought up to date, the others made."""
        codes = sorted({code for code, _ in self.seen} | self.found.wanted)
        lots: dict[Node, Lot] = {}
        for start in range(0, len(codes), _AT_ONCE):
            rows = Lot.objects.filter(source=Source.EPCIS, code__in=codes[start : start + _AT_ONCE])
            lots |= {(row.code, row.place): row for row in rows}
        gone = [lot.pk for node, lot in lots.items() if node[0] in self.found.wanted and node not in self.seen]
        Lot.objects.filter(pk__in=gone).update(
            state=Lot.State.UNDONE, stopped_at=None, stopped_by="", stopped_reason=""
        )
        self._refresh(lots)
        fresh = [node for node in sorted(self.seen) if node not in lots]
        return lots | _Facts(self.seen, self.found.senders).make(fresh)

    def _refresh(self, lots: Mapping[Node, Lot]) -> None:
        changed = []
        for node, lot in lots.items():
            seen = self.seen.get(node)
            # Of a partner in a making less was read than is known.
            if seen is None or (node[0] not in self.found.wanted and lot.state != Lot.State.UNDONE):
                continue
            values: dict[str, Any] = {
                "began_on": _day(seen.at), "quantity": seen.quantity, "unit": seen.unit,
                "state": Lot.State.OPEN if lot.state == Lot.State.UNDONE else lot.state,
            }  # fmt: skip
            if any(getattr(lot, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(lot, name, value)
                changed.append(lot)
        Lot.objects.bulk_update(changed, ["began_on", "quantity", "unit", "state"], batch_size=200)


class _Facts:
    """What else is known of codes and places: products by their GTIN, places of the register, who told it."""

    def __init__(self, seen: Mapping[Node, _Seen], senders: Mapping[int, tuple[str, str]]) -> None:
        self.seen, self.senders = seen, senders
        gtins = {derivation.gtin_of(code) for code, _ in seen} - {""}
        # A GTIN is written with 14 digits in identifiers, and with as many as it has on the product.
        spelt = sorted({gtin[14 - length :] for gtin in gtins for length in (8, 12, 13, 14)})
        rows = Product.objects.filter(gtin__in=spelt) if gtins else ()
        self.products = {row.gtin.zfill(14): row for row in rows}
        places = sorted({place for _, place in seen} - {""})
        self.places = {row.code: row for row in Place.objects.filter(code__in=places).select_related("premises")}

    def make(self, nodes: Sequence[Node]) -> dict[Node, Lot]:
        made = {node: self._lot(node, self.seen[node]) for node in nodes}
        by_county: dict[str, list[Lot]] = {}
        for lot in made.values():
            by_county.setdefault(lot.division_code[:COUNTY_LENGTH], []).append(lot)
        for county, group in by_county.items():
            serials = ledger.take_numbers(f"lots-{county}", 0, len(group))
            for lot, serial in zip(group, serials, strict=True):
                lot.number = f"PC{county}{serial:08d}"
        Lot.objects.bulk_create(made.values(), batch_size=500)
        return made

    def _lot(self, node: Node, seen: _Seen) -> Lot:
        code, place = node
        product = self.products.get(derivation.gtin_of(code))
        known = self.places.get(place)
        premises = known.premises if known is not None else None
        division_code, vouched_by = self.senders[seen.number]
        made_here = seen.event is not None and (seen.event.biz_step or "").endswith("commissioning")
        return Lot(
            code=code, place=place, source=Source.EPCIS, sureness=Sureness.SCANNED, product=product,
            food=product.name if product else _named(code), food_class=product.food_class if product else "",
            premises=premises, place_name=(premises.name if premises else known.name if known else place)[:120],
            division_code=known.division_code if known else division_code, began_on=_day(seen.at),
            made_on=_day(seen.at) if made_here else None, best_before_on=_best_before(seen.event),
            quantity=seen.quantity, unit=seen.unit, vouched_by=vouched_by, recorded_at=ledger.clock.now(),
        )  # fmt: skip


def _named(code: str) -> str:
    """How a thing is called of which only the code is known."""
    gtin, batch = derivation.gtin_of(code), derivation.batch_of(code)
    if gtin:
        return f"{gtin} {batch}".strip()[:100]
    return code.rsplit("/", 1)[-1].rsplit(":", 1)[-1][:100] or code[:100]


def _best_before(event: Said | None) -> date | None:
    for extension in (event.ilmd or ()) if event is not None else ():
        if extension.name.endswith(("bestBeforeDate", "itemExpirationDate", "expirationDate")):
            try:
                return date.fromisoformat(str(extension.value)[:10])
            except ValueError:
                continue
    return None


def _day(at: datetime) -> date:
    return at.astimezone(ledger.clock.LOCAL).date()


# --- writing ----------------------------------------------------------------------------------------------------------


def _unlink(wanted: set[str]) -> None:
    listed = sorted(wanted)
    for start in range(0, len(listed), _AT_ONCE // 2):
        some = listed[start : start + _AT_ONCE // 2]
        lots = Lot.objects.filter(source=Source.EPCIS, code__in=some).values("pk")
        Link.objects.filter(Q(from_lot__in=lots) | Q(to_lot__in=lots), event__source=Source.EPCIS).delete()


def _repack(histories: Histories, things: Sequence[str]) -> None:
    for start in range(0, len(things), _AT_ONCE):
        TradeUnit.objects.filter(content__in=things[start : start + _AT_ONCE]).delete()
    TradeUnit.objects.bulk_create(
        [
            TradeUnit(
                code=stay.container, content=code, packed_at=stay.since, unpacked_at=stay.until,
                quantity=stay.quantity, unit=stay.unit,
            )
            for code in things for stay in histories.stays(code)
        ],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )  # fmt: skip
