"""How often notices named a class of food from a country, and with which hazards.

Notices are not a sample: nobody says how much was shipped, and the systems that publish them look at their own imports.
So the history answers two questions only, and both can be checked against what was published later:

* how probable is at least one further notice for this class from this country within so many months
  (`History.chance`): counts with a Gamma prior around "country share × class share", whose spread is learnt;
* if one comes, what will it be about (`History.hazards`): shares drawn towards those of the class, by a weight learnt.

Neither is the probability that a lot is unsafe.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log, log1p

from fangxin.engines.import_risk.notices import Notice

UNKNOWN = "unknown"  # a hazard that the vocabulary has no group for


@dataclass(frozen=True, slots=True)
class Cell:
    """How many notices of a year named a class from a country with a group of hazards.

    A notice with two groups of hazards is counted once in each, and once under ``""``, the total.
    """

    year: int
    origin: str
    food_class: str
    hazard: str
    count: int


@dataclass(frozen=True, slots=True)
class Chance:
    """Probability of at least one notice within `months`; the notices seen and the months they were seen in; and the
    place among all pairs of country and class, 0 (rarest) to 1 (most frequent)."""

    probability: float
    months: float
    seen: int
    seen_months: float
    place: float


def count_notices(notices: Iterable[Notice]) -> tuple[Cell, ...]:
    """Aggregate notices with a day, a class and a country; one with several countries counts for each."""
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for notice in notices:
        if notice.published_on is None or not notice.food_class:
            continue
        for origin in notice.origins:
            for hazard in ("", *(notice.hazards or (UNKNOWN,))):
                counts[notice.published_on.year, origin, notice.food_class, hazard] += 1
    return tuple(Cell(*key, count) for key, count in sorted(counts.items()))


def load_cells(text: str) -> tuple[Cell, ...]:
    """Read the reviewed table: year,origin,food_class,hazard,count; an empty hazard is the total of the pair."""
    return tuple(
        Cell(int(row["year"]), row["origin"], row["food_class"], row["hazard"], int(row["count"]))
        for row in csv.DictReader(io.StringIO(text))
    )


@dataclass(frozen=True, slots=True)
class History:
    """What was learnt. `shape` is the Gamma shape: small where pairs differ much; `weight` that of the class's shares."""

    months: float
    origins: frozenset[str]
    classes: frozenset[str]
    total: int
    by_origin: Mapping[str, int]
    by_class: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    shape: float
    hazard_pairs: Mapping[tuple[str, str], Mapping[str, int]]
    hazard_classes: Mapping[str, Mapping[str, float]]
    weight: float
    places: tuple[float, ...]

    def mean(self, origin: str, food_class: str) -> float:
        """Expected notices a month after the history. A country without any notice has half a notice in all."""
        expected = _expected(self, origin, food_class)
        seen = self.pairs.get((origin, food_class), 0)
        return expected * (self.shape + seen) / (self.shape + expected) / self.months

    def chance(self, origin: str, food_class: str, *, months: float) -> Chance:
        """At least one notice within `months`: one less the probability of none."""
        expected = _expected(self, origin, food_class)
        seen = self.pairs.get((origin, food_class), 0)
        # Posterior Gamma(shape + seen, shape/expected + 1), time counted in whole histories.
        spread = (months / self.months) / (self.shape / expected + 1)
        none = exp(-(self.shape + seen) * log1p(spread))
        rate = self.mean(origin, food_class)
        below = sum(1 for place in self.places if place < rate)
        return Chance(1 - none, months, seen, self.months, below / len(self.places) if self.places else 0.0)

    def hazards(self, origin: str, food_class: str) -> tuple[tuple[str, float], ...]:
        """Groups of hazards with the share each is expected to have among notices for the pair, largest first."""
        seen = self.hazard_pairs.get((origin, food_class), {})
        prior = self.hazard_classes.get(food_class, {})
        if not prior:
            return ()
        size = sum(seen.values())
        shares = {
            group: (seen.get(group, 0) + self.weight * share) / (size + self.weight) for group, share in prior.items()
        }
        return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def _expected(history: History, origin: str, food_class: str) -> float:
    rows = max(history.by_origin.get(origin, 0), 0.5)
    columns = max(history.by_class.get(food_class, 0), 0.5)
    return rows * columns / max(history.total, 1)


def fit_history(
    cells: Iterable[Cell], *, months: float, classes: Iterable[str] = (), origins: Iterable[str] = ()
) -> History:
    """Learn from the cells of `months` months. Classes and countries without notices may be named: their zeros count.

    Raises `ValueError` where there is nothing to learn from.
    """
    rows = list(cells)
    pairs: Counter[tuple[str, str]] = Counter()
    hazards: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for cell in rows:
        if cell.hazard == "":
            pairs[cell.origin, cell.food_class] += cell.count
        else:
            hazards[cell.origin, cell.food_class][cell.hazard] += cell.count
    total = sum(pairs.values())
    if not total or months <= 0:
        raise ValueError("a history needs notices and the months in which they appeared")
    by_origin, by_class = Counter[str](), Counter[str]()
    for (origin, food_class), count in pairs.items():
        by_origin[origin] += count
        by_class[food_class] += count
    known = frozenset(by_origin) | frozenset(origins), frozenset(by_class) | frozenset(classes)
    shape = _fit_shape(pairs, by_origin, by_class, total, known)
    shares = _class_shares(hazards, known[1])
    made = History(
        months, *known, total, dict(by_origin), dict(by_class), dict(pairs), shape,
        {pair: dict(found) for pair, found in hazards.items()}, shares, _fit_weight(hazards, shares), (),
    )  # fmt: skip
    places = tuple(sorted(made.mean(o, c) for o in known[0] for c in known[1]))
    return History(
        made.months, made.origins, made.classes, made.total, made.by_origin, made.by_class, made.pairs, made.shape,
        made.hazard_pairs, made.hazard_classes, made.weight, places,
    )  # fmt: skip


def _fit_shape(
    pairs: Mapping[tuple[str, str], int],
    by_origin: Mapping[str, int],
    by_class: Mapping[str, int],
    total: int,
    known: tuple[frozenset[str], frozenset[str]],
) -> float:
    """The Gamma shape under which the counts are most probable (negative binomial around the margins)."""
    seen = [
        (pairs.get((o, c), 0), max(by_origin.get(o, 0), 0.5) * max(by_class.get(c, 0), 0.5) / total)
        for o in sorted(known[0])
        for c in sorted(known[1])
    ]

    def likelihood(shape: float) -> float:
        return sum(
            lgamma(shape + y) - lgamma(shape) - lgamma(y + 1) - shape * log1p(m / shape) - y * log1p(shape / m)
            for y, m in seen
        )

    return _best(likelihood, 0.05, 20.0)


def _class_shares(
    hazards: Mapping[tuple[str, str], Mapping[str, int]], classes: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Shares of the groups in each class, drawn by twenty notices' weight towards those of all food."""
    overall: Counter[str] = Counter()
    each: dict[str, Counter[str]] = {food_class: Counter() for food_class in classes}
    for (_origin, food_class), found in hazards.items():
        overall.update(found)
        each[food_class].update(found)
    size = sum(overall.values())
    if not size:
        return {}
    return {
        food_class: {
            group: (found[group] + 20 * overall[group] / size) / (sum(found.values()) + 20) for group in sorted(overall)
        }
        for food_class, found in each.items()
    }


def _fit_weight(
    hazards: Mapping[tuple[str, str], Mapping[str, int]], shares: Mapping[str, Mapping[str, float]]
) -> float:
    """The weight of the class's shares under which the pairs' hazards are most probable (Dirichlet-multinomial)."""
    # In one order, since sums of floats depend on it.
    ordered = [
        (food_class, counts) for (_origin, food_class), counts in sorted(hazards.items(), key=lambda row: row[0])
    ]

    def likelihood(weight: float) -> float:
        found = 0.0
        for food_class, counts in ordered:
            found += lgamma(weight) - lgamma(weight + sum(counts.values()))
            for group, count in sorted(counts.items()):
                part = weight * shares[food_class][group]
                found += lgamma(part + count) - lgamma(part)
        return found

    return _best(likelihood, 0.2, 200.0) if shares else 1.0


def _best(value: Callable[[float], float], low: float, high: float) -> float:
    """The maximum of a function with one peak, by golden section over the logarithm."""
    ratio = 0.6180339887498949
    a, b = log(low), log(high)
    c, d = b - ratio * (b - a), a + ratio * (b - a)
    at_c, at_d = value(exp(c)), value(exp(d))
    for _step in range(40):
        if at_c >= at_d:
            b, d, at_d = d, c, at_c
            c = b - ratio * (b - a)
            at_c = value(exp(c))
        else:
            a, c, at_c = c, d, at_d
            d = a + ratio * (b - a)
            at_d = value(exp(d))
    return exp((a + b) / 2)


def months_between(first: date, last: date) -> float:
    """Months from the first to the last day, both included, in years of 365.25 days."""
    return ((last - first).days + 1) * 12 / 365.25
