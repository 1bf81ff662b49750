"""FoodChain-Lab's score: the share of the outbreak's stations and deliveries that something leads to.

The score of a station or delivery is the share of outbreak nodes from which it is found going backward; a station with the
score 1 is a common link. A delivery leads back to those that went into it, and at a station marked for cross contamination
also to every delivery that had arrived there before it left. A kill step stops the trace. The rule is that of the web client
(1.5.0, `docs/methods/foodchain.md`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

from fangxin.engines.traceability.foodchain.limits import Limits, inferred_limits, stated_limits
from fangxin.engines.traceability.foodchain.values import Json, Model, ModelFault, text_of

ALL: Final = "ALL"
Marked = Collection[str] | Literal["ALL"]


class DateRule(StrEnum):
    """When dates allow that one delivery went into another at a station with cross contamination."""

    EXPLICIT = "explicit_dates"
    INFERRED = "inferred_date_limits"
    IGNORE = "ignore_dates"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked: which stations and deliveries belong to the outbreak, where goods mix, where contamination ends."""

    outbreak_stations: Marked = ()
    outbreak_deliveries: Marked = ()
    cross_stations: Marked = ()
    kill_stations: Marked = ()
    kill_deliveries: Marked = ()
    rule: DateRule = DateRule.INFERRED
    trace_from: str | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores above 0 by id, in the order of the model; `common` are the stations with score 1."""

    stations: Mapping[str, float]
    deliveries: Mapping[str, float]
    common: tuple[str, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class StationTrace:
    """What a trace from one station marks, in the order of the model. The station is among it only if a loop leads back."""

    station: str
    forward_stations: tuple[str, ...]
    backward_stations: tuple[str, ...]
    forward_deliveries: tuple[str, ...]
    backward_deliveries: tuple[str, ...]


_INPUT: Final = {
    "outbreakStations": "outbreak_stations",
    "outbreakDeliveries": "outbreak_deliveries",
    "crossContaminationStations": "cross_stations",
    "killContaminationStations": "kill_stations",
    "killContaminationDeliveries": "kill_deliveries",
}


def settings_of(value: Json) -> Settings:
    """The settings in the JSON object of an input file; every mark is a list of ids or "ALL". Raises ModelFault.

    >>> settings_of({"outbreakStations": ["S"], "crossContaminationStations": "ALL"}).cross_stations
    'ALL'
    """
    if not isinstance(value, dict):
        raise ModelFault("the input is a JSON object")
    marks = {ours: _marked(theirs, value.get(theirs)) for theirs, ours in _INPUT.items()}
    rule = value.get("crossContaminationDateRule") or DateRule.INFERRED
    if rule not in set(DateRule):
        raise ModelFault(f"crossContaminationDateRule is one of {', '.join(DateRule)}, not {rule!r}")
    start = value.get("traceFromStation")
    start = start.get("station") if isinstance(start, dict) else start
    return Settings(**marks, rule=DateRule(rule), trace_from=text_of(start) or None)


def _marked(name: str, value: Json) -> Marked:
    if value is None:
        return ()
    if value == ALL:
        return ALL
    if not isinstance(value, list) or not all(isinstance(entry, str | int) for entry in value):
        raise ModelFault(f"{name} is a list of ids or {ALL!r}")
    return tuple(text_of(entry) for entry in value)


def settings_in(model: Model) -> Settings:
    """The settings that the file of the model itself holds."""
    stations, deliveries = model.station_marks.items(), model.delivery_marks.items()
    return Settings(
        outbreak_stations=tuple(name for name, flags in stations if flags.weight > 0),
        outbreak_deliveries=tuple(name for name, flags in deliveries if flags.weight > 0),
        cross_stations=tuple(name for name, flags in stations if flags.cross),
        kill_stations=tuple(name for name, flags in stations if flags.kill),
        kill_deliveries=tuple(name for name, flags in deliveries if flags.kill),
    )


class Network:
    """A model with numbers instead of ids; build it once and ask it often."""

    def __init__(self, model: Model) -> None:
        self.stations = [station.id for station in model.stations]
        self.deliveries = [delivery.id for delivery in model.deliveries]
        self.station_number = {name: number for number, name in enumerate(self.stations)}
        self.delivery_number = {name: number for number, name in enumerate(self.deliveries)}
        self.source = [self.station_number[delivery.source] for delivery in model.deliveries]
        self.target = [self.station_number[delivery.target] for delivery in model.deliveries]
        self.outgoing: list[list[int]] = [[] for _ in self.stations]
        self.incoming: list[list[int]] = [[] for _ in self.stations]
        for number in range(len(self.deliveries)):
            self.outgoing[self.source[number]].append(number)
            self.incoming[self.target[number]].append(number)
        self.after: list[list[int]] = [[] for _ in self.deliveries]
        self.before: list[list[int]] = [[] for _ in self.deliveries]
        self._relate(model)
        self.stated = stated_limits([d.sent for d in model.deliveries], [d.received for d in model.deliveries])
        self.dropped = len(model.dropped)

    def _relate(self, model: Model) -> None:
        # The rule goes station by station, and within one in the order of the file; a relation given twice counts once.
        pairs = dict.fromkeys((relation.source, relation.target) for relation in model.relations if relation.holds)
        numbers = [(self.delivery_number[source], self.delivery_number[target]) for source, target in pairs]
        for source, target in sorted(numbers, key=lambda pair: self.target[pair[0]]):
            self.after[source].append(target)
            self.before[target].append(source)

    @cached_property
    def inferred(self) -> Limits:
        return inferred_limits(self.stated, self.after, self.before)

    def numbers(self, marked: Marked, *, stations: bool) -> Sequence[int]:
        """The numbers of marked ids, each once, in the order of the model. Raises ModelFault for an unknown id."""
        known = self.station_number if stations else self.delivery_number
        if marked == ALL:
            return range(len(known))
        unknown = [name for name in marked if name not in known]
        if unknown:
            what = "station" if stations else "delivery"
            raise ModelFault(f"the model has no {what} {', '.join(map(repr, unknown[:5]))}")
        return sorted({known[name] for name in marked})


class _Walk:
    """One way through a network under given settings. Every station keeps how much of its deliveries a walk has taken."""

    def __init__(self, network: Network, settings: Settings, *, back: bool) -> None:
        self.cross = frozenset(network.numbers(settings.cross_stations, stations=True))
        self.kill_stations = frozenset(network.numbers(settings.kill_stations, stations=True))
        self.kill_deliveries = frozenset(network.numbers(settings.kill_deliveries, stations=False))
        self.related = network.before if back else network.after
        self.mixed = network.incoming if back else network.outgoing
        self.station = network.source if back else network.target
        self.here, self.there = _clocks(network, settings.rule, back=back)
        self._sorted: dict[int, list[int]] = {}
        self._taken: dict[int, int] = {}

    def begin(self) -> None:
        self._taken.clear()

    def onward(self, delivery: int) -> Iterable[int]:
        """The deliveries that one leads to; those that the walk has already been told at a station may be left out."""
        station = self.station[delivery]
        if station not in self.cross:
            return self.related[delivery]
        return [*self.related[delivery], *self._mix(station, self.here[delivery])]

    def _mix(self, station: int, clock: float) -> list[int]:
        order = self._sorted.get(station)
        if order is None:
            order = self._sorted[station] = sorted(self.mixed[station], key=self.there.__getitem__)
        first = last = self._taken.get(station, 0)
        while last < len(order) and self.there[order[last]] <= clock:
            last += 1
        self._taken[station] = last
        return order[first:last]


def _clocks(network: Network, rule: DateRule, *, back: bool) -> tuple[list[float], list[float]]:
    """For each delivery its own clock and the clock it is met with; one leads to another if the other's is not greater."""
    if rule is DateRule.IGNORE:
        nothing = [0.0] * len(network.deliveries)
        return nothing, nothing
    limits = network.inferred if rule is DateRule.INFERRED else network.stated
    if back:
        return limits.out_last, limits.in_first
    return [-day for day in limits.in_first], [-day for day in limits.out_last]


def score(network: Network, settings: Settings) -> Scores:
    """The scores of all stations and deliveries. Without an outbreak there are none. Raises ModelFault for unknown ids."""
    walk = _Walk(network, settings, back=True)
    starts = [(set[int]([station]), network.incoming[station]) for station in
              network.numbers(settings.outbreak_stations, stations=True)]  # fmt: skip
    starts += [(set(), [delivery]) for delivery in network.numbers(settings.outbreak_deliveries, stations=False)]
    station_counts, delivery_counts = [0] * len(network.stations), [0] * len(network.deliveries)
    for stations, first in starts:
        for delivery in _found_back(walk, first, stations):
            delivery_counts[delivery] += 1
        for station in stations:
            station_counts[station] += 1
    total = len(starts)
    return Scores(
        {network.stations[n]: count / total for n, count in enumerate(station_counts) if count},
        {network.deliveries[n]: count / total for n, count in enumerate(delivery_counts) if count},
        tuple(network.stations[n] for n, count in enumerate(station_counts) if count and count == total),
        network.dropped,
    )


def _found_back(walk: _Walk, first: Iterable[int], stations: set[int]) -> set[int]:
    walk.begin()
    seen: set[int] = set()
    front = list(first)
    while front:
        delivery = front.pop()
        if delivery in seen or delivery in walk.kill_deliveries:
            continue
        seen.add(delivery)
        if walk.station[delivery] not in walk.kill_stations:
            stations.add(walk.station[delivery])
            front.extend(walk.onward(delivery))
    return seen


class Tracer:
    """Traces from stations under one setting; build it once and ask it often."""

    def __init__(self, network: Network, settings: Settings) -> None:
        self.network = network
        self._forward = _Walk(network, settings, back=False)
        self._back = _Walk(network, settings, back=True)

    def trace(self, station: str) -> StationTrace:
        """What the client marks when one station is observed in full. Raises ModelFault for an unknown station."""
        network = self.network
        number = network.numbers((station,), stations=True)[0]
        ahead = [] if number in self._forward.kill_stations else network.outgoing[number]
        onward = _marked_from(self._forward, ahead, back=False)
        behind = _marked_from(self._back, network.incoming[number], back=True)
        return StationTrace(
            station,
            tuple(network.stations[n] for n in sorted(onward[0])),
            tuple(network.stations[n] for n in sorted(behind[0])),
            tuple(network.deliveries[n] for n in sorted(onward[1])),
            tuple(network.deliveries[n] for n in sorted(behind[1])),
        )


def _marked_from(walk: _Walk, first: Iterable[int], *, back: bool) -> tuple[set[int], set[int]]:
    """Stations and deliveries that a trace marks. Forward a killed delivery is marked and goes no further; a killed station
    is marked forward and not backward."""
    walk.begin()
    stations: set[int] = set()
    deliveries: set[int] = set()
    front = [delivery for delivery in first if delivery not in walk.kill_deliveries]
    while front:
        delivery = front.pop()
        if delivery in deliveries:
            continue
        deliveries.add(delivery)
        station = walk.station[delivery]
        if not back and delivery in walk.kill_deliveries:
            continue
        if station not in walk.kill_stations:
            front.extend(walk.onward(delivery))
        elif back:
            continue
        stations.add(station)
    return stations, deliveries
