"""A whole trace of one lot, by recursion in the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from fangxin.engines.traceability.sql import recursive_sql
from fangxin.engines.traceability.values import Direction as Way
from fangxin.kernel.supply.data import Direction, Trace, TracedLink, TracedLot
from fangxin.kernel.supply.models import Link, Lot, LotTest

_FORWARD = recursive_sql(Way.FORWARD, table="supply_link")
_BACK = recursive_sql(Way.BACK, table="supply_link")
# As many values as every database takes in one question.
_AT_ONCE = 900
_LINK_COLUMNS = (
    "id", "from_lot_id", "to_lot_id", "sent_at", "received_at", "quantity", "unit", "kind", "leaves", "arrives",
)  # fmt: skip
_LOT_COLUMNS = (
    "id", "number", "code", "food", "premises_id", "place_name", "division_code", "began_on", "made_on",
    "best_before_on", "quantity", "unit", "source", "sureness", "state",
)  # fmt: skip


def reached(lot_id: int, direction: Way) -> dict[int, int]:
    """Every lot that the time rule lets a lot reach, itself with it, and from (back: until) which second."""
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD if direction is Way.FORWARD else _BACK, [lot_id])
        return dict(cursor.fetchall())


def trace(lot_id: int, direction: Direction | str, *, most: int | None = None) -> Trace:
    """What a lot came from, what it went into. With `most` the nearest lots only, and `cut` says so."""
    direction = Direction(direction)
    depths = {lot_id: 0}
    links: dict[int, tuple[Any, ...]] = {}
    if direction is not Direction.FORWARD:
        found = _links_back(reached(lot_id, Way.BACK))
        links |= {row[0]: row for row in found}
        depths |= {pk: -n for pk, n in _depths(lot_id, ((row[2], row[1]) for row in found)).items()}
    if direction is not Direction.BACK:
        found = _links_forward(reached(lot_id, Way.FORWARD))
        links |= {row[0]: row for row in found}
        for pk, n in _depths(lot_id, ((row[1], row[2]) for row in found)).items():
            # A lot of a loop lies on both sides; the nearer one counts.
            if pk not in depths or n < abs(depths[pk]):
                depths[pk] = n
    shown = _nearest(depths, most)
    lots = _lots(shown)
    kept = [row for row in links.values() if row[1] in shown and row[2] in shown]
    return Trace(lot_id, direction, tuple(lots), tuple(_traced(row) for row in kept), cut=len(shown) < len(depths))


def _links_forward(seconds: Mapping[int, int]) -> list[tuple[Any, ...]]:
    rows = _links("from_lot__in", seconds)
    return [row for row in rows if row[8] >= seconds[row[1]]]


def _links_back(seconds: Mapping[int, int]) -> list[tuple[Any, ...]]:
    rows = _links("to_lot__in", seconds)
    return [row for row in rows if row[9] <= seconds[row[2]]]


def _links(lookup: str, lots: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    for some in _batched(sorted(lots)):
        yield from Link.objects.filter(**{lookup: some}).order_by("pk").values_list(*_LINK_COLUMNS)


def _depths(start: int, steps: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The fewest links from the start to each lot."""
    onward: dict[int, list[int]] = {}
    for here, there in steps:
        onward.setdefault(here, []).append(there)
    depths, edge = {start: 0}, [start]
    while edge:
        edge = [there for here in edge for there in onward.get(here, ()) if _deeper(depths, here, there)]
    return depths


def _deeper(depths: dict[int, int], here: int, there: int) -> bool:
    if there in depths:
        return False
    depths[there] = depths[here] + 1
    return True


def _nearest(depths: Mapping[int, int], most: int | None) -> dict[int, int]:
    if most is None or len(depths) <= most:
        return dict(depths)
    return dict(sorted(depths.items(), key=lambda item: (abs(item[1]), item[0]))[:most])


def _lots(depths: Mapping[int, int]) -> list[TracedLot]:
    failed = failed_tests(depths)
    found: list[TracedLot] = []
    for some in _batched(sorted(depths)):
        rows: Any = Lot.objects.filter(pk__in=some).order_by().values_list(*_LOT_COLUMNS)
        found += [_lot(row, depths[row[0]], failed.get(row[0], ())) for row in rows]
    return sorted(found, key=lambda lot: (lot.depth, lot.began_on, lot.number))


def _lot(row: Sequence[Any], depth: int, failed: tuple[str, ...]) -> TracedLot:
    values: Any = (*row, depth, failed)
    return TracedLot(*values)


def failed_tests(lots: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What failed a test, in words, by lot."""
    found: dict[int, tuple[str, ...]] = {}
    for some in _batched(sorted(lots)):
        rows = LotTest.objects.filter(lot__in=some, outcome="nonconforming")
        for pk, analyte, sample in rows.values_list("lot_id", "analyte", "sample_number"):
            found[pk] = (*found.get(pk, ()), f"{analyte}（{sample}）")
    return found


def _batched(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _traced(row: Any) -> TracedLink:
    values: Any = (*row[:7], row[7] == Link.Kind.INFERRED)
    return TracedLink(*values)
