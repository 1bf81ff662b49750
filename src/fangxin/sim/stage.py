"""The stage on which the county lives: who is there, what is called how, and a calendar of what happens when.

A scenario is offered with `contribute.scenario(name, order=…, live=…)` and is called once as `live(stage)` before the
life begins. It puts its acts on the calendar with `stage.at(moment, act)`; an act may put further ones there. The
stage runs all acts of all scenarios in the order of time, each with the clock held at its moment.
"""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import count
from random import Random
from typing import Any

from django.db import transaction

from fangxin.engines.deadlines import add_workdays, national_calendar, roll_forward, subtract_workdays
from fangxin.kernel.ledger import api as ledger
from fangxin.sim.values import BEGINS, ENDS, Fault, World

Act = Callable[[], object]
MORNING = time(9, 0)


class Stage:
    """What scenarios may use. Names are keys of the invented world; rows are those of the database."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.begins, self.ends = BEGINS, ENDS
        self.division_code = world.land.code
        self.agencies: dict[str, Any] = {}
        self.users: dict[str, Any] = {}
        self.premises: dict[str, int] = {}
        self.staff: dict[str, int] = {}
        self.matters: dict[str, int] = {}
        self.evidence: Any = None
        self.planted: list[Fault] = []
        self._calendar = national_calendar(range(BEGINS.year, ENDS.year + 2))
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def agency(self, key: str) -> Any:
        return self.agencies[key]

    def user(self, username: str) -> Any:
        return self.users[username]

    def rng(self, name: str) -> Random:
        """Chance of the scenario's own, the same for the same seed."""
        return Random(f"{self.world.seed}:{name}")

    def plant(self, kind: str, subject: str, division_code: str = "", **facts: object) -> None:
        """Note a fault that a scenario has put into the county on purpose."""
        self.planted.append(Fault(kind, subject, division_code, facts))

    def at(self, moment: datetime | date, act: Act) -> None:
        """Put an act on the calendar; what lies behind the last morning does not happen."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, MORNING)
        if moment.date() < self.ends:
            heapq.heappush(self._acts, (moment, next(self._order), act))

    def workday(self, day: date, shift: int = 0) -> date:
        """The day itself or the next working day, moved by so many working days."""
        if shift < 0:
            return subtract_workdays(day, -shift, self._calendar)
        return add_workdays(roll_forward(day, self._calendar), shift, self._calendar)

    def live(self, told: Callable[[str], object]) -> None:
        """Run the calendar to its end, a month in one transaction, so that a cut never leaves half a month."""
        while self._acts:
            month = self._acts[0][0].replace(day=1).date()
            told(f"{month:%Y-%m}")
            with transaction.atomic():
                with ledger.clock.held_at(self._acts[0][0]):
                    ledger.record("sim.month.begun", of=None, by=None, data={"month": f"{month:%Y-%m}"})
                while self._acts and self._acts[0][0].replace(day=1).date() == month:
                    self._run_next()
            ledger.seal_pending()

    def _run_next(self) -> None:
        moment, _order, act = heapq.heappop(self._acts)
        with ledger.clock.held_at(moment):
            act()
