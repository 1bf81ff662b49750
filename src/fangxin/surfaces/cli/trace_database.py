"""A trace of a lot in the running database, told like one from a file."""

from datetime import datetime
from typing import Any

from fangxin.engines.traceability.closure import UnknownLot, loops_of, trace_lot
from fangxin.engines.traceability.reading import Unreadable, near_lots
from fangxin.engines.traceability.spans import CLOCK, Span, read_span
from fangxin.engines.traceability.values import Direction, Link, Network, Trace
from fangxin.surfaces.cli.platform import start_django

MOST_NEAR = 2000


def trace_in_database(lot: str, direction: Direction) -> Trace:
    """Raises UnknownLot with the names spelled alike, Unreadable without a database. A lot is named by its number, or by a
    code that only it has."""
    start_django()
    from django.db import DatabaseError  # noqa: PLC0415  (Django must be started first)

    try:
        return _trace(lot, direction)
    except DatabaseError as error:
        raise Unreadable(f"the database cannot be asked ({error}); `fangxin init` prepares one") from error


def _trace(lot: str, direction: Direction) -> Trace:
    from fangxin.kernel.supply import api as supply  # noqa: PLC0415

    found = list(supply.Lot.objects.filter(number=lot)[:2] or supply.Lot.objects.filter(code=lot)[:2])
    if len(found) != 1:
        near = supply.Lot.objects.filter(number__istartswith=lot[:4]).values_list("number", flat=True)[:MOST_NEAR]
        raise UnknownLot(lot, *([one.number for one in found] or near_lots(lot, near)))
    ways = [way for way in (Direction.BACK, Direction.FORWARD) if direction in (way, Direction.BOTH)]
    parts = {way: _walked(supply.trace(found[0].pk, way.value), found[0].number, way) for way in ways}
    links = {link.order: link for part in parts.values() for link in part.links}
    return Trace(
        found[0].number,
        direction,
        parts[Direction.BACK].back if Direction.BACK in parts else (),
        parts[Direction.FORWARD].forward if Direction.FORWARD in parts else (),
        tuple(links[key] for key in sorted(links)),
        loops_of((link.from_lot, link.to_lot) for link in links.values()),
    )


def _walked(traced: Any, lot: str, way: Direction) -> Trace:
    """The links that the database found, walked again for steps and days: a day holds what the database knows by the
    second, so nothing that it found is lost."""
    lots = {one.id: one for one in traced.lots}
    links = [
        Link(
            lots[link.from_lot].number,
            lots[link.to_lot].number,
            _day(link.sent_at),
            _day(link.received_at),
            link.quantity,
            link.unit,
            lots[link.to_lot].place_name,
            link.inferred,
        )
        for link in traced.links
    ]
    return trace_lot(Network(links), lot, way) if links else Trace(lot, way, (), (), (), ())


def _day(at: datetime | None) -> Span | None:
    return None if at is None else read_span(at.astimezone(CLOCK).strftime("%Y-%m-%d"))
