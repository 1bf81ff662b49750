"""Cases, flows of goods as columns, and what a ranking tells."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Column = np.ndarray[Any, np.dtype[Any]]
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Case:
    """A person who fell ill, or a positive sample, and what they ate of: a lot, or anything of a premises.

    `until` is the last second at which the goods can have arrived there (the meal, or the onset); None: not known.
    `weight` counts; a household that ate together is one case.
    """

    id: str
    lot: int | None = None
    place: int | None = None
    until: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Flows:
    """All links of a network as columns of one length; lots and places are numbers from 0.

    `leaves` is the latest second at which the goods may have left, `arrives` the earliest at which they may have arrived
    (`spans.window`). `amount` is in one unit per source lot; nan where not known. `place` is where the target lot lies;
    −1 where not known.
    """

    lots: int
    source: Column
    target: Column
    leaves: Column
    arrives: Column
    amount: Column
    place: Column

    def __post_init__(self) -> None:
        columns = (self.target, self.leaves, self.arrives, self.amount, self.place)
        if any(len(column) != len(self.source) for column in columns):
            raise ValueError("the columns of the flows differ in length")


@dataclass(frozen=True, slots=True)
class Options:
    """`window`: for how many seconds before a case goods of a premises can have arrived there and still be what was eaten.

    `elsewhere`: prior probability that the cases have no common source in the network. `noise`: prior mean of the share of
    cases that do not come from the source, or whose links are missing. `smoothing`: the same as a fixed share in the two
    published likelihoods. `kept`: the least share of a lot that was eaten where a case ate of it although it went on.
    `lost`: the share of links that are probably not recorded; the source may be a supplier of a lot whose link is missing.
    `trust`: how much of a case's evidence counts, 1 for all; less than 1 since missing links mislead several cases at once.
    """

    window: int = 14 * DAY
    elsewhere: float = 0.05
    noise: float = 0.25
    smoothing: float = 0.001
    kept: float = 0.1
    lost: float = 0.1
    trust: float = 0.7


@dataclass(frozen=True, slots=True)
class Ranked:
    """One lot: `probability` that it is the common source; the four single methods beside it.

    `score` is the share of the cases that the lot can have led to (FoodChain-Lab's score with order of time and mixing only
    by recorded links). `sales` and `walk` are ln-likelihoods (larger is better), `distance` is an effective distance (smaller is better; a case that cannot be
    reached counts as one step farther than the farthest that can). `reached` are the cases' ids.
    """

    lot: int
    place: int | None
    probability: float
    score: float
    sales: float
    walk: float
    distance: float
    reached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Lots by falling probability; `elsewhere` is what is left: no common source in the records, or one that leads to no
    case. `unplaced` are cases whose lot or premises has no link."""

    lots: tuple[Ranked, ...]
    elsewhere: float
    unplaced: tuple[str, ...]
    candidates: int
    links: int

    @property
    def places(self) -> dict[int, float]:
        """The probability that a premises is where the source lies; lots without one are left out."""
        found: dict[int, float] = {}
        for ranked in self.lots:
            if ranked.place is not None:
                found[ranked.place] = found.get(ranked.place, 0.0) + ranked.probability
        return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))


def no_amounts(links: int) -> Column:
    """A column of unknown amounts."""
    return np.full(links, np.nan)
