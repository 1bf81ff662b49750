"""What was planted in the synthetic county's books is found by a plain question, and nothing else is."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from tests.integration.farm_inputs.conftest import COUNTY, TOWN

from fangxin.actions.farm_inputs import scenario_farms, selectors
from fangxin.actions.farm_inputs.models import Application, Batch, Farm, Finding, Harvest
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

ENDS = date(2024, 11, 25)
KINDS = ("crop",) * 24 + ("livestock",) * 6 + ("aquatic",) * 10


class Stage:
    """The little that the scenario needs of a stage: a calendar, chance, and a list of what was planted."""

    def __init__(self, user: Any) -> None:
        self.ends, self.division_code = ENDS, COUNTY
        self.user = lambda _name: user
        self.acts: list[tuple[datetime, Any]] = []
        self.planted: list[SimpleNamespace] = []

    def rng(self, name: str) -> Random:
        return Random(f"7:{name}")

    def at(self, moment: datetime, act: Any) -> None:
        self.acts.append((moment, act))

    def plant(self, kind: str, subject: str, division_code: str = "", **facts: Any) -> None:
        self.planted.append(SimpleNamespace(kind=kind, subject=subject, facts=facts))

    def of(self, kind: str) -> set[str]:
        return {fault.facts.get("batch", fault.subject) for fault in self.planted if fault.kind == kind}


@pytest.fixture
def stage(farm_department: Any) -> Iterator[Stage]:
    with ledger.clock.held_at(date(2022, 5, 20)):
        for number, kind in enumerate(KINDS):
            operator = registry.register_operator(
                name=f"农场{number:03d}", kind="individual", division_code=TOWN, by=farm_department
            )
            premises = registry.register_premises(
                operator=operator, name=f"农场{number:03d}", kind="farm", division_code=TOWN, by=farm_department
            )
            registry.record_fact(
                premises=premises,
                name="farm_inputs.farm_type",
                value=kind,
                valid_from=date(2022, 5, 20),
                by=farm_department,
            )
    stage = Stage(farm_department)
    scenario_farms.live(stage)
    for moment, act in sorted(stage.acts, key=lambda pair: pair[0]):
        with ledger.clock.held_at(moment):
            act()
    with ledger.clock.held_at(ENDS):
        yield stage


def test_every_planted_fault_is_found_and_no_other(stage):
    assert len(stage.planted) == 16
    early = set(Harvest.objects.filter(within_lock=True).values_list("batch__number", flat=True))
    assert early == stage.of("harvested_within_interval")
    for code, kind in (
        ("banned_use", "banned_use"),
        ("over_uses", "over_uses"),
        ("within_interval", "harvested_within_interval"),
    ):
        assert set(Finding.objects.filter(code=code).values_list("batch__number", flat=True)) == stage.of(kind)
    books = selectors.incomplete_books(Farm.objects.all(), ENDS)
    assert set(books.values_list("premises__name", flat=True)) == stage.of("fish_records_missing")
    assert all(finding.matter_id for finding in Finding.objects.all())


def test_the_books_are_full(stage):
    assert Farm.objects.count() == len(KINDS)
    assert Application.objects.count() > 60
    locked = Batch.objects.filter(ended_on=None, locked_until__gt=ENDS)
    assert locked.exists()
    assert not Batch.objects.filter(lock_open=True).exclude(number__in=stage.of("banned_use")).exists()
