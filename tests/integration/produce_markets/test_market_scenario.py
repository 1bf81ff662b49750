"""What was planted in the synthetic county's markets is found by a plain question, and nothing else is."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from fangxin.actions.produce_markets import scenario, selectors
from fangxin.actions.produce_markets.models import Entry, Market, Project, RoomTest, SelfCheck, Withdrawal
from fangxin.actions.produce_markets.selectors import end_of
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db
TOWN, ENDS = "990101100", date(2024, 11, 25)


class Stage:
    """The little that the scenario needs of a stage: a calendar, chance, people, and a list of what was planted."""

    def __init__(self, users: dict[str, Any], holder: Any) -> None:
        self.ends, self.division_code, self.users = ENDS, "990101", users
        self.user, self.agency = users.__getitem__, lambda _key: holder
        self.acts: list[tuple[datetime, Any]] = []
        self.planted: list[SimpleNamespace] = []

    def rng(self, name: str) -> Random:
        return Random(f"7:{name}")

    def at(self, moment: datetime, act: Any) -> None:
        self.acts.append((moment, act))

    def workday(self, day: date, shift: int = 0) -> date:
        return day + timedelta(days=shift)

    def plant(self, kind: str, subject: str, division_code: str = "", **facts: Any) -> None:
        self.planted.append(SimpleNamespace(kind=kind, subject=subject, facts=facts))

    def of(self, kind: str) -> set[str]:
        return {fault.subject for fault in self.planted if fault.kind == kind}


@pytest.fixture
def lived(
    office: Any, department: Any, second_department: Any, holder: Any, opener_agency: Any, holder_agency: Any,
    catalogue: None,
) -> Iterator[Stage]:  # fmt: skip
    with ledger.clock.held_at(date(2022, 5, 20)):
        for number in range(5):
            owner = registry.register_operator(
                name=f"市场公司{number}", kind="individual", division_code=TOWN, by=office,
                agency=opener_agency if number == 0 else None,
            )  # fmt: skip
            registry.register_premises(
                operator=owner, name=f"第{number}市场", kind="produce_market", division_code=TOWN, by=office
            )
    stage = Stage({"market": department, "market2": second_department, "holder": holder}, holder_agency)
    scenario.live(stage)
    for moment, act in sorted(stage.acts, key=lambda pair: pair[0]):
        with ledger.clock.held_at(moment):
            act()
    with ledger.clock.held_at(datetime(2024, 11, 24, 9, tzinfo=ledger.clock.LOCAL)):
        yield stage


def test_every_planted_fault_is_found_and_the_year_is_whole(lived: Stage) -> None:
    today, now = ledger.clock.today(), ledger.clock.now()
    found = {
        "market_entry_without_proof": selectors.without_proof(Entry.objects.all()).values_list("number", flat=True),
        "market_positive_on_sale": selectors.positives_on_sale(RoomTest.objects.all()).values_list(
            "entry__number", flat=True
        ),
        "market_oversold": Entry.objects.filter(referrals__source="oversold").values_list("number", flat=True),
        "market_not_graded": selectors.ungraded(Market.objects.all(), today).values_list("premises__number", flat=True),
        "market_project_stalled": selectors.stalled(Project.objects.filter(kind="rebuild"), today).values_list(
            "market__premises__number", flat=True
        ),
    }
    assert {kind: set(rows) for kind, rows in found.items()} == {kind: lived.of(kind) for kind in found}
    assert all(lived.of(kind) for kind in found)
    late = selectors.overdue_withdrawals(Withdrawal.objects.all(), now)
    assert lived.of("market_withdrawal_overdue") <= set(late.values_list("entry__number", flat=True))
    _check_matters()
    _check_year()


def _check_matters() -> None:
    hazards = " ".join(Matter.objects.values_list("hazard", flat=True))
    for words in ("没有合格凭证", "货物仍在销售", "超过时限没有处置", "还没有评定风险等级", "停滞"):
        assert words in hazards


def _check_year() -> None:
    assert Entry.objects.count() > 300
    assert not Entry.objects.filter(lot=None).exclude(state="refused").exists()
    assert {c for (c,) in SelfCheck.objects.values_list("cadence").distinct()} == {"daily", "weekly", "monthly"}
    rows = selectors.market_rows(date(2024, 11, 24))
    graded = [row["graded"] for row in rows]
    assert (len(graded), sum(graded)) == (5, 5 - scenario.NOT_GRADED)
    assert RoomTest.objects.filter(rapid_test__tested_at__lt=end_of(date(2024, 11, 24))).count() > 100
