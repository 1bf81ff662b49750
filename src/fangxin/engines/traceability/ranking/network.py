"""The part of a network that can lead to the cases, by the time rule, and the shares of goods in it.

Looks at all links a few times as whole columns; what follows works on the part that was found, which is small.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fangxin.engines.traceability.ranking.values import Case, Column, Flows, Options

NEVER, ALWAYS = -1, 2**32 - 1


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that ate the same: their ids and weight, the links that brought it, and the last second for that."""

    ids: tuple[str, ...]
    weight: float
    links: Column
    lots: Column
    place: int | None
    until: int


@dataclass(frozen=True, slots=True)
class Part:
    """What can have led to the cases. Lots are counted anew from 0; `lots` holds their old numbers.

    The columns are all links that leave these lots, sorted by lot and second; a target that is not among them is −1.
    `active` are the places of the links over which goods can have come to a case. `kept` is the share of a lot that was
    eaten where it lay, `suppliers` how many links came to it, `places` where it lies.
    """

    lots: Column
    source: Column
    target: Column
    leaves: Column
    arrives: Column
    amount: Column
    active: Column
    kept: Column
    groups: tuple[Group, ...]
    suppliers: Column
    places: Column


def groups_of(flows: Flows, cases: Sequence[Case], options: Options) -> list[Group]:
    """The cases put together by what they ate of."""
    marked_lots = np.zeros(flows.lots, dtype=bool)
    marked_lots[[case.lot for case in cases if case.lot is not None]] = True
    places = sorted({case.place for case in cases if case.lot is None and case.place is not None})
    near = marked_lots[flows.target]
    if places:
        near |= np.isin(flows.place, places)
    rows = np.flatnonzero(near)
    groups: list[Group] = []
    for (lot, place, until), members in _together(cases).items():
        links = _links_of(flows, rows, lot, place, until, options)
        ids = tuple(case.id for case in members)
        lots = np.unique(flows.target[links]) if lot is None else np.array([lot])
        groups.append(Group(ids, sum(case.weight for case in members), links, lots, place, until))
    return groups


def unplaced(part: Part) -> list[str]:
    """The cases for whose lot or premises no link is recorded."""
    lonely = [g for g in part.groups if not len(g.links) and not np.isin(g.lots, part.source).any()]
    return sorted(name for group in lonely for name in group.ids)


def _together(cases: Sequence[Case]) -> dict[tuple[int | None, int | None, int], list[Case]]:
    together: dict[tuple[int | None, int | None, int], list[Case]] = {}
    for case in sorted(cases, key=lambda case: (case.lot or -1, case.place or -1, case.id)):
        until = ALWAYS if case.until is None else case.until
        together.setdefault((case.lot, None if case.lot is not None else case.place, until), []).append(case)
    return together


def _links_of(flows: Flows, rows: Column, lot: int | None, place: int | None, until: int, options: Options) -> Column:
    arrives = flows.arrives[rows].astype(np.int64)
    if lot is not None:
        return np.asarray(rows[(flows.target[rows] == lot) & (arrives <= until)])
    if place is None:
        return rows[:0]
    # A link whose dates are not known is told by the earliest second 0; it may have come at any time.
    recent = (arrives >= until - options.window) | (arrives == 0) | (until == ALWAYS)
    return np.asarray(rows[(flows.place[rows] == place) & (arrives <= until) & recent])


def part_of(flows: Flows, groups: Sequence[Group], options: Options) -> Part:
    """The part of the network that leads to any of the groups."""
    active = _walk_back(flows, groups)
    ends = [flows.source[active], flows.target[active], *(group.lots for group in groups)]
    lots = np.unique(np.concatenate(ends).astype(np.int64))
    number = np.full(flows.lots, -1, dtype=np.int64)
    number[lots] = np.arange(len(lots))
    mark = np.zeros(flows.lots, dtype=bool)
    mark[lots] = True
    outs = np.flatnonzero(mark[flows.source])
    into = np.flatnonzero(mark[flows.target])
    outs = outs[np.lexsort((outs, flows.leaves[outs], flows.source[outs]))]
    sorter = np.argsort(outs)

    def places(links: Column) -> Column:
        return sorter[np.searchsorted(outs, links, sorter=sorter)]

    anew = tuple(replace(group, links=places(group.links), lots=number[group.lots]) for group in groups)
    source = number[flows.source[outs]]
    return Part(
        lots=lots,
        source=source,
        target=number[flows.target[outs]],
        leaves=flows.leaves[outs].astype(np.int64),
        arrives=flows.arrives[outs].astype(np.int64),
        amount=_amounts(flows.amount[outs].astype(np.float64), source, len(lots)),
        active=np.sort(places(active)),
        kept=_kept(
            _sums(flows, active, number, flows.target), _sums(flows, outs, number, flows.source), source, anew, options
        ),
        groups=anew,
        suppliers=np.bincount(number[flows.target[into]], minlength=len(lots)),
        places=_places(number[flows.target[into]], flows.place[into], len(lots)),
    )


def _places(lot: Column, place: Column, lots: int) -> Column:
    """Where every lot lies; the first by number where its links name several, −1 where they name none."""
    found = np.full(lots, np.iinfo(np.int64).max)
    np.minimum.at(found, lot[place >= 0], place[place >= 0])
    return np.where(found < np.iinfo(np.int64).max, found, -1)


def _sums(flows: Flows, links: Column, number: Column, end: Column) -> Column:
    """What is known to have come into (or left) every lot."""
    amount = np.nan_to_num(flows.amount[links].astype(np.float64))
    return np.bincount(number[end[links]], amount, int(number.max(initial=-1)) + 1)


def _walk_back(flows: Flows, groups: Sequence[Group]) -> Column:
    """The links over which goods can have come, as places in the columns. Goods that leave a lot can be of everything that
    had arrived by then, so the latest second of leaving is all that a lot must remember."""
    latest = np.full(flows.lots, NEVER, dtype=np.int64)
    active = np.zeros(len(flows.source), dtype=bool)
    for group in groups:
        active[group.links] = True
        leaves = np.minimum(flows.leaves[group.links].astype(np.int64), group.until)
        np.maximum.at(latest, flows.source[group.links], leaves)
    front = np.flatnonzero(latest > NEVER)
    into = _Into(flows)
    while len(front):
        rows = into.rows(front)
        rows = rows[flows.arrives[rows] <= latest[flows.target[rows]]]
        active[rows] = True
        reached = np.minimum(flows.leaves[rows].astype(np.int64), latest[flows.target[rows]])
        better = reached > latest[flows.source[rows]]
        np.maximum.at(latest, flows.source[rows[better]], reached[better])
        front = np.unique(flows.source[rows[better]])
    return np.flatnonzero(active)


class _Into:
    """The links that come to some lots. Few rounds look through all links; only a long walk is worth sorting them."""

    SORTED_AFTER = 20

    def __init__(self, flows: Flows) -> None:
        self.flows = flows
        self.asked = 0
        self.order = self.first = np.zeros(0, dtype=np.int64)

    def rows(self, lots: Column) -> Column:
        self.asked += 1
        if self.asked <= self.SORTED_AFTER:
            wanted = np.zeros(self.flows.lots, dtype=bool)
            wanted[lots] = True
            return np.flatnonzero(wanted[self.flows.target])
        if not len(self.order):
            self.order = np.argsort(self.flows.target, kind="stable")
            counts = np.bincount(self.flows.target, minlength=self.flows.lots)
            self.first = np.concatenate([[0], np.cumsum(counts)])
        return np.asarray(self.order[ranges(self.first[lots], self.first[lots + 1])])


def ranges(first: Column, last: Column) -> Column:
    """All numbers from each first to before each last, one after the other."""
    lengths = last - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return np.asarray(starts + np.arange(lengths.sum()))


def _amounts(amount: Column, lot: Column, lots: int) -> Column:
    """An amount that is not known is taken as the mean of those that left the same lot, 1 where none is known."""
    known = np.isfinite(amount) & (amount > 0)
    total = np.bincount(lot[known], amount[known], lots)
    count = np.bincount(lot[known], minlength=lots)
    mean = np.where(count > 0, total / np.maximum(count, 1), 1.0)
    return np.where(known, amount, mean[lot])


def _kept(arrived: Column, left: Column, source: Column, groups: Sequence[Group], options: Options) -> Column:
    """The share of a lot that was eaten where it lay: all where nothing left; where a case ate of a lot that went on, what
    the amounts leave over; elsewhere nothing, since what a maker has over is waste, stock or a link that is missing."""
    goes_on = np.zeros(len(arrived), dtype=bool)
    goes_on[source] = True
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(arrived > 0, np.clip(1.0 - left / arrived, 0.0, 1.0), 0.0)
    kept = np.where(goes_on, 0.0, 1.0)
    for group in groups:
        lots = group.lots
        kept[lots] = np.where(goes_on[lots], np.maximum(over[lots], options.kept), 1.0)
    return kept


def reaches(part: Part) -> Column:
    """Whether goods of a lot (row) can have come to a group of cases (column), dates and all.

    A link without dates keeps the second of the walk; that two links follow each other is not enough.
    """
    links = part.active
    source, target = part.source[links], part.target[links]
    leaves, arrives = part.leaves[links], part.arrives[links]
    found = np.zeros((len(part.lots), len(part.groups)), dtype=bool)
    for column, group in enumerate(part.groups):
        latest = np.full(len(part.lots), NEVER, dtype=np.int64)
        np.maximum.at(latest, part.source[group.links], np.minimum(part.leaves[group.links], group.until))
        front = latest > NEVER
        while front.any():
            rows = np.flatnonzero(front[target])
            rows = rows[arrives[rows] <= latest[target[rows]]]
            reached = np.minimum(leaves[rows], latest[target[rows]])
            better = reached > latest[source[rows]]
            np.maximum.at(latest, source[rows[better]], reached[better])
            front = np.zeros(len(part.lots), dtype=bool)
            front[source[rows[better]]] = True
        found[:, column] = latest > NEVER
        found[group.lots, column] = True
    return found
