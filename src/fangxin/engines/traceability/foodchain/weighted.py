"""Scores with weights: positive for cases and positive samples, negative for counter-evidence (Weiser et al. 2016).

score(X) = Σ weights of X and of everything forward of X, over the larger of Σ positive and Σ |negative| weights. This is the
rule of the desktop program; the web client (`scores`) counts outbreak nodes instead. Every weighted node is followed backward
once, so loops need no special case and the order of the rows does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from fangxin.engines.traceability.foodchain.limits import day_number
from fangxin.engines.traceability.foodchain.values import Delivery, Model


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is weighted, where goods mix, where contamination ends, and whether dates are looked at where they mix."""

    stations: Mapping[str, float] = field(default_factory=dict)
    deliveries: Mapping[str, float] = field(default_factory=dict)
    cross_stations: AbstractSet[str] = frozenset()
    cross_deliveries: AbstractSet[str] = frozenset()
    kill_stations: AbstractSet[str] = frozenset()
    kill_deliveries: AbstractSet[str] = frozenset()
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Combined, of the positive weights alone, of the negative ones alone (as a positive share)."""

    combined: float
    positive: float
    negative: float


@dataclass(frozen=True, slots=True)
class WeightedScores:
    """Scores of every station, delivery and lot. `normalizer` is the largest |combined| score; 1 where there is none."""

    stations: Mapping[str, Score]
    deliveries: Mapping[str, Score]
    lots: Mapping[str, Score]
    normalizer: float


def score_evidence(model: Model, evidence: Evidence, lot_of: Callable[[Delivery], str] | None = None) -> WeightedScores:
    """The weighted scores of a model. A lot is what `lot_of` says; by default its supplier and its lot number.

    A lot's score counts its recipients and what is forward of them, never the weights of its own deliveries.

    >>> from fangxin.engines.traceability.foodchain.values import Station
    >>> model = Model((Station("F"), Station("A"), Station("B")), (Delivery("a", "F", "A"), Delivery("b", "F", "B")), ())
    >>> score_evidence(model, Evidence({"A": 2.0, "B": -1.0})).stations["F"]
    Score(combined=0.5, positive=1.0, negative=1.0)
    """
    graph = _Graph(model, evidence)
    gains = _Gains(graph, evidence)
    lots: dict[str, list[str]] = {}
    for delivery in model.deliveries:
        lots.setdefault(lot_of(delivery) if lot_of else _lot(delivery), []).append(delivery.id)
    stations = {station.id: gains.score(gains.of_station.get(station.id, NOTHING)) for station in model.stations}
    deliveries = {
        delivery.id: gains.score(gains.of_delivery.get(delivery.id, NOTHING)) for delivery in model.deliveries
    }
    largest = max((abs(score.combined) for score in [*stations.values(), *deliveries.values()]), default=0.0)
    in_lots = {lot: gains.score(gains.of_lot(own)) for lot, own in lots.items()}
    return WeightedScores(stations, deliveries, in_lots, largest or 1.0)


def _lot(delivery: Delivery) -> str:
    return f"{delivery.source}|{delivery.name}|{delivery.lot or delivery.id}"


class _Graph:
    """Which deliveries go into a delivery, after mixing and killing."""

    def __init__(self, model: Model, evidence: Evidence) -> None:
        self.deliveries = {delivery.id: delivery for delivery in model.deliveries}
        self.before: dict[str, set[str]] = {name: set() for name in self.deliveries}
        self.evidence = evidence
        for relation in model.relations:
            if relation.holds:
                self.before[relation.target].add(relation.source)
        self.incoming: dict[str, list[Delivery]] = {}
        self.outgoing: dict[str, list[Delivery]] = {}
        for delivery in model.deliveries:
            self.incoming.setdefault(delivery.target, []).append(delivery)
            self.outgoing.setdefault(delivery.source, []).append(delivery)
        self._mix_stations()
        self._mix_deliveries()
        for station in evidence.kill_stations:
            for out in self.outgoing.get(station, ()):
                self.before[out.id].clear()
        for into in self.before.values():
            into -= set(evidence.kill_deliveries)

    def _mix_stations(self) -> None:
        for station in sorted(self.evidence.cross_stations):
            for out in self.outgoing.get(station, ()):
                for into in self.incoming.get(station, ()):
                    if into.id != out.id and self._possible(into, out):
                        self.before[out.id].add(into.id)

    def _mix_deliveries(self) -> None:
        """Marked deliveries to the same recipient share what they went into."""
        marked = [self.deliveries[name] for name in sorted(self.evidence.cross_deliveries)]
        for station in sorted({delivery.target for delivery in marked}):
            here = [delivery for delivery in marked if delivery.target == station]
            for out in self.outgoing.get(station, ()):
                if any(into.id in self.before[out.id] for into in here):
                    self.before[out.id] |= {into.id for into in here if into.id != out.id and self._possible(into, out)}

    def _possible(self, into: Delivery, out: Delivery) -> bool:
        if not self.evidence.in_order:
            return True
        arrives, leaves = day_number(into.received or into.sent), day_number(out.sent or out.received)
        return arrives is None or leaves is None or arrives <= leaves


Gain = tuple[float, float]  # Σ positive, Σ |negative| weights
NOTHING: Gain = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Weight:
    """One weight, the station or delivery it lies on, and the deliveries that lead to it (a delivery with itself)."""

    value: float
    station: str | None
    delivery: str | None
    back: AbstractSet[str]


class _Gains:
    """For every station and delivery, what it leads to."""

    def __init__(self, graph: _Graph, evidence: Evidence) -> None:
        self.graph, self.evidence = graph, evidence
        self.weights = [_Weight(w, s, None, self._back_of_station(s)) for s, w in evidence.stations.items()]
        self.weights += [_Weight(w, None, d, self._back([d])) for d, w in evidence.deliveries.items()]
        values = [weight.value for weight in self.weights]
        self.total = (sum(value for value in values if value > 0), -sum(value for value in values if value < 0))
        self.of_station: dict[str, Gain] = {}
        self.of_delivery: dict[str, Gain] = {}
        for weight in self.weights:
            self._spread(weight)

    def _spread(self, weight: _Weight) -> None:
        for delivery in weight.back:
            self.of_delivery[delivery] = _add(self.of_delivery.get(delivery, NOTHING), weight.value)
        stations = {self.graph.deliveries[delivery].source for delivery in weight.back}
        stations -= self.evidence.kill_stations
        for station in stations | ({weight.station} if weight.station is not None else set()):
            self.of_station[station] = _add(self.of_station.get(station, NOTHING), weight.value)

    def _back_of_station(self, station: str) -> set[str]:
        kill = self.evidence.kill_deliveries
        return self._back([into.id for into in self.graph.incoming.get(station, ()) if into.id not in kill])

    def _back(self, first: Sequence[str]) -> set[str]:
        seen = set(first)
        front = list(seen)
        while front:
            new = self.graph.before[front.pop()] - seen
            seen |= new
            front.extend(new)
        return seen

    def of_lot(self, deliveries: Sequence[str]) -> Gain:
        """Of the deliveries together, without their own weights."""
        gain, own = NOTHING, set(deliveries)
        for weight in self.weights:
            if weight.back & own and weight.delivery not in own:
                gain = _add(gain, weight.value)
        return gain

    def score(self, gain: Gain) -> Score:
        positive, negative = self.total
        largest = max(positive, negative)
        return Score(
            (gain[0] - gain[1]) / largest if largest else 0.0,
            gain[0] / positive if positive else 0.0,
            gain[1] / negative if negative else 0.0,
        )


def _add(gain: Gain, weight: float) -> Gain:
    return (gain[0] + weight, gain[1]) if weight > 0 else (gain[0], gain[1] - weight)
