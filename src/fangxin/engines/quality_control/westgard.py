"""Westgard's multirules over one or more control levels.

Source: J. O. Westgard, P. L. Barry, M. R. Hunt, T. Groth: A multi-rule Shewhart chart for quality control in clinical
chemistry. Clinical Chemistry 27 (1981) 493–501; the rules' names as in J. O. Westgard, Basic QC Practices.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Rule(StrEnum):
    """ "Exceeds" means strictly beyond. `s` is the standard deviation of the level's target."""

    ONE_2S = "1-2s"  # one value beyond 2 s: a warning, never a rejection
    ONE_3S = "1-3s"  # one value beyond 3 s
    TWO_2S = "2-2s"  # two consecutive values beyond the same 2 s limit
    R_4S = "R-4s"  # within one run, one value beyond +2 s and another beyond −2 s
    FOUR_1S = "4-1s"  # four consecutive values beyond the same 1 s limit
    EIGHT_X = "8x"  # eight, ten or twelve consecutive values on one side of the mean
    TEN_X = "10x"
    TWELVE_X = "12x"


# The procedure of 1981. 8x and 12x stand in for 10x where a laboratory runs other numbers of levels.
MULTIRULE = (Rule.ONE_2S, Rule.ONE_3S, Rule.TWO_2S, Rule.R_4S, Rule.FOUR_1S, Rule.TEN_X)


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    WARNING = "warning"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Target:
    """Mean and standard deviation of one control level, in the unit of its values."""

    mean: Decimal
    sd: Decimal

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise ValueError("a standard deviation must be greater than zero")


@dataclass(frozen=True, slots=True)
class ControlValue:
    """One measurement of a control level in a run."""

    run: str
    level: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken. `level` is empty where values of several levels together broke it; `places` are the
    positions of those values in what was given."""

    rule: Rule
    level: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RunVerdict:
    run: str
    outcome: Outcome
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class _Point:
    place: int
    level: str
    away: Decimal  # from the mean, in the unit of the value
    sd: Decimal

    def beyond(self, times: int, side: int) -> bool:
        return side * self.away > times * self.sd


def judge_runs(
    values: Sequence[ControlValue], targets: Mapping[str, Target], rules: Collection[Rule] = MULTIRULE
) -> tuple[RunVerdict, ...]:
    """Judge every run in the order given; the values of one run stand together.

    A run is rejected by a rule whose last value it holds; values before it count whether or not their run was
    rejected. `KeyError` for a level without a target, `ValueError` for a run that comes up twice.

    >>> target = {"QC1": Target(Decimal("0.200"), Decimal("0.010"))}
    >>> [v.outcome.value for v in judge_runs(
    ...     [ControlValue("1", "QC1", Decimal("0.221")), ControlValue("2", "QC1", Decimal("0.222"))], target)]
    ['warning', 'rejected']
    """
    points = [
        _Point(place, one.level, one.value - targets[one.level].mean, targets[one.level].sd)
        for place, one in enumerate(values)
    ]
    return tuple(_judge_run(run, first, last, points, rules) for run, first, last in _runs(values))


def _runs(values: Sequence[ControlValue]) -> Iterator[tuple[str, int, int]]:
    """(run, first, behind the last) of each run."""
    seen: set[str] = set()
    first = 0
    for place in range(1, len(values) + 1):
        if place < len(values) and values[place].run == values[first].run:
            continue
        run = values[first].run
        if run in seen:
            raise ValueError(f"the values of run {run} do not stand together")
        seen.add(run)
        yield run, first, place
        first = place


def _judge_run(run: str, first: int, last: int, points: Sequence[_Point], rules: Collection[Rule]) -> RunVerdict:
    found = [v for rule in Rule if rule in rules for v in _FINDERS[rule](points, first, last, rule)]
    rejected = any(v.rule is not Rule.ONE_2S for v in found)
    outcome = Outcome.REJECTED if rejected else Outcome.WARNING if found else Outcome.ACCEPTED
    return RunVerdict(run, outcome, tuple(found))


_Finder = Callable[[Sequence[_Point], int, int, Rule], Iterator[Violation]]


def _single(times: int) -> _Finder:
    def find(points: Sequence[_Point], first: int, last: int, rule: Rule) -> Iterator[Violation]:
        for point in points[first:last]:
            if point.beyond(times, 1) or point.beyond(times, -1):
                yield Violation(rule, point.level, (point.place,))

    return find


def _consecutive(count: int, times: int) -> _Finder:
    """`count` values in a row beyond the same limit: of one level through the runs, or of all levels together."""

    def find(points: Sequence[_Point], first: int, last: int, rule: Rule) -> Iterator[Violation]:
        levels = dict.fromkeys(point.level for point in points[first:last])
        for level in levels:
            row = [point for point in points[:last] if point.level == level]
            yield from _rows(row, first, count, times, rule, level)
        if len({point.level for point in points[:last]}) > 1:
            yield from _rows(points[:last], first, count, times, rule, "")

    return find


def _rows(row: Sequence[_Point], first: int, count: int, times: int, rule: Rule, level: str) -> Iterator[Violation]:
    """The latest such row that ends in the run beginning at `first`; one is enough to reject it."""
    for end in range(len(row), count - 1, -1):
        if row[end - 1].place < first:
            return
        window = row[end - count : end]
        # A row of one level is told under its level already.
        if not level and len({point.level for point in window}) == 1:
            continue
        if any(all(point.beyond(times, side) for point in window) for side in (1, -1)):
            yield Violation(rule, level, tuple(point.place for point in window))
            return


def _range(points: Sequence[_Point], first: int, last: int, rule: Rule) -> Iterator[Violation]:
    high = [point for point in points[first:last] if point.beyond(2, 1)]
    low = [point for point in points[first:last] if point.beyond(2, -1)]
    if high and low:
        levels = {point.level for point in (high[0], low[0])}
        places = tuple(sorted((high[0].place, low[0].place)))
        yield Violation(rule, high[0].level if len(levels) == 1 else "", places)


_FINDERS: Mapping[Rule, _Finder] = {
    Rule.ONE_2S: _single(2),
    Rule.ONE_3S: _single(3),
    Rule.TWO_2S: _consecutive(2, 2),
    Rule.R_4S: _range,
    Rule.FOUR_1S: _consecutive(4, 1),
    Rule.EIGHT_X: _consecutive(8, 0),
    Rule.TEN_X: _consecutive(10, 0),
    Rule.TWELVE_X: _consecutive(12, 0),
}
