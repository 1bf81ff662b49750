"""Who inspects whom: teams drawn at random within what is allowed.

Each target, in the order drawn, takes inspectors one by one, every free visit of every allowed inspector being as
likely. When nobody allowed is free, visits already given are passed on along a chain (the augmenting path of a
matching), so that a full assignment is found whenever there is one. Weights play no part.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fangxin.engines.sampling.plans import DrawPlan, Inspector, LastVisit, Target
from fangxin.engines.sampling.stream import Stream


class Reason(StrEnum):
    """Why a drawn target has no team."""

    TOO_FEW_ALLOWED = "too_few_allowed"  # whoever is free or not
    NO_VISITS_LEFT = "no_visits_left"  # all allowed have their visits given, and none can be passed on


class Bar(StrEnum):
    """What keeps an inspector from a target; the first that applies."""

    RECUSED = "recused"
    OWN_TOWNSHIP = "own_township"
    LAST_VISIT = "last_visit"


@dataclass(frozen=True, slots=True)
class Unserved:
    """A drawn target without a team. It stays drawn: somebody must find inspectors for it."""

    target: str
    reason: Reason
    needed: int
    allowed: int
    barred: tuple[tuple[Bar, int], ...]  # how many inspectors each rule keeps away


@dataclass(frozen=True, slots=True)
class Assignment:
    """Teams by target id (inspector ids ascending), and who is left without."""

    teams: dict[str, tuple[str, ...]]
    unserved: tuple[Unserved, ...]


def assign_teams(plan: DrawPlan, drawn: Sequence[str], stream: Stream) -> Assignment:
    """Draw a team for every drawn target, in this order."""
    targets = {target.id: target for target in plan.targets}
    return _Assigning(plan, stream).run([targets[name] for name in drawn])


class _Assigning:
    """Inspectors are bits of a number; the bits are in random order, so that no search favours a name."""

    def __init__(self, plan: DrawPlan, stream: Stream) -> None:
        self.plan = plan
        self.stream = stream
        self.inspectors = stream.shuffled(plan.inspectors)
        self.recused = [frozenset(inspector.recused) for inspector in self.inspectors]
        self.visits_left = [inspector.max_visits for inspector in self.inspectors]
        self.allowed: dict[str, int] = {}
        self.teams: dict[str, int] = {}
        self.serving: list[dict[str, None]] = [{} for _ in self.inspectors]  # in order of assignment

    def run(self, targets: Sequence[Target]) -> Assignment:
        unserved = [found for target in targets if (found := self._serve(target)) is not None]
        names = {
            target: tuple(sorted(self.inspectors[bit].id for bit in _bits(team))) for target, team in self.teams.items()
        }
        return Assignment(names, tuple(unserved))

    def _serve(self, target: Target) -> Unserved | None:
        barred = [self._bar(index, inspector, target) for index, inspector in enumerate(self.inspectors)]
        kept_away = tuple((bar, barred.count(bar)) for bar in Bar)
        allowed = sum(1 << index for index, bar in enumerate(barred) if bar is None)
        failure = Unserved(target.id, Reason.TOO_FEW_ALLOWED, self.plan.team_size, allowed.bit_count(), kept_away)
        for choice in self._with_one_new(target, allowed):
            if choice.bit_count() < self.plan.team_size:
                continue
            failure = replace(failure, reason=Reason.NO_VISITS_LEFT)
            if self._fill(target.id, choice):
                return None
        return failure

    def _bar(self, index: int, inspector: Inspector, target: Target) -> Bar | None:
        if target.id in self.recused[index]:
            return Bar.RECUSED
        if self.plan.avoid_own_township and target.township and inspector.township == target.township:
            return Bar.OWN_TOWNSHIP
        if self.plan.last_visit is LastVisit.ALL_NEW and inspector.id in target.last_inspectors:
            return Bar.LAST_VISIT
        return None

    def _with_one_new(self, target: Target, allowed: int) -> Iterator[int]:
        """Sets to draw from in which every team has a new face: some of the last team are set aside by lot."""
        last = sum(1 << i for i, who in enumerate(self.inspectors) if who.id in target.last_inspectors) & allowed
        surplus = last.bit_count() - self.plan.team_size + 1
        if self.plan.last_visit is not LastVisit.ONE_NEW or surplus <= 0:
            yield allowed
            return
        order = self.stream.shuffled(list(_bits(last)))
        for turn in range(len(order)):
            aside = (order + order)[turn : turn + surplus]
            yield allowed & ~sum(1 << bit for bit in aside)

    def _fill(self, target: str, allowed: int) -> bool:
        self.allowed[target], self.teams[target] = allowed, 0
        for _ in range(self.plan.team_size):
            if not (self._take_free(target) or self._pass_on(target)):
                for bit in _bits(self.teams.pop(target)):
                    self.visits_left[bit] += 1
                    del self.serving[bit][target]
                return False
        return True

    def _take_free(self, target: str) -> bool:
        free = [(bit, self.visits_left[bit]) for bit in _bits(self.allowed[target] & ~self.teams[target])]
        total = sum(visits for _, visits in free)
        if not total:
            return False
        ticket = self.stream.below(total)
        for bit, visits in free:
            ticket -= visits
            if ticket < 0:
                self._give(bit, target)
                self.visits_left[bit] -= 1
                return True
        raise AssertionError("the ticket is below the total")

    def _pass_on(self, target: str) -> bool:
        """Find a chain: an inspector leaves another target for this one, is replaced there, and so on to a free visit."""
        start = self.allowed[target] & ~self.teams[target]
        came: dict[int, tuple[int, str]] = {}
        queue, seen = deque(_bits(start)), start
        while queue:
            bit = queue.popleft()
            if self.visits_left[bit]:
                self._pull(bit, target, came)
                return True
            for other in self.serving[bit]:
                reachable = self.allowed[other] & ~self.teams[other] & ~seen
                seen |= reachable
                for following in _bits(reachable):
                    came[following] = (bit, other)
                    queue.append(following)
        return False

    def _pull(self, free: int, target: str, came: dict[int, tuple[int, str]]) -> None:
        self.visits_left[free] -= 1
        bit = free
        while bit in came:
            leaving, other = came[bit]
            self.teams[other] &= ~(1 << leaving)
            del self.serving[leaving][other]
            self._give(bit, other)
            bit = leaving
        self._give(bit, target)

    def _give(self, bit: int, target: str) -> None:
        self.teams[target] |= 1 << bit
        self.serving[bit][target] = None


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
