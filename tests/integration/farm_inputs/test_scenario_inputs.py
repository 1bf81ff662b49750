"""What was planted in the dealers' books of the synthetic county is found by a plain question, and nothing else is."""

from collections.abc import Iterator
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from fangxin.actions.farm_inputs import flows, scenario_farms, scenario_inputs
from fangxin.actions.farm_inputs.models import (
    Forecast,
    ForecastCheck,
    ForecastNotice,
    InputFinding,
    LedgerLine,
    PackScan,
    Stock,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

COUNTY, TOWN, OTHER_TOWN = "990101", "990101100", "990101200"
ENDS = date(2024, 11, 25)


class Stage:
    """The little that the scenarios need of a stage: a calendar, chance, and a list of what was planted."""

    def __init__(self, user: Any) -> None:
        self.ends, self.division_code = ENDS, COUNTY
        towns = [SimpleNamespace(code=TOWN, name="石门镇"), SimpleNamespace(code=OTHER_TOWN, name="青杨乡")]
        self.world = SimpleNamespace(seed=7, scale=0.1, land=SimpleNamespace(townships=towns))
        self.user = lambda _name: user
        self.acts: list[tuple[Any, Any]] = []
        self.planted: list[SimpleNamespace] = []

    def rng(self, name: str) -> Random:
        return Random(f"7:{name}")

    def at(self, moment: Any, act: Any) -> None:
        if moment.date() < self.ends:
            self.acts.append((moment, act))

    def plant(self, kind: str, subject: str, division_code: str = "", **facts: Any) -> None:
        self.planted.append(SimpleNamespace(kind=kind, subject=subject, facts=facts))

    def of(self, kind: str) -> set[str]:
        return {fault.subject for fault in self.planted if fault.kind == kind}

    def live(self) -> None:
        while self.acts:
            first = min(self.acts, key=lambda pair: pair[0])
            self.acts.remove(first)
            with ledger.clock.held_at(first[0]):
                first[1]()


@pytest.fixture
def stage(farm_department: people.User) -> Iterator[Stage]:
    with ledger.clock.held_at(date(2022, 5, 20)):
        for number in range(16):
            name = f"农场{number:03d}"
            operator = registry.register_operator(name=name, kind="individual", division_code=TOWN, by=None)
            registry.register_premises(operator=operator, name=name, kind="farm", division_code=TOWN, by=None)
    stage = Stage(farm_department)
    scenario_farms.live(stage)
    scenario_inputs.live(stage)
    stage.live()
    with ledger.clock.held_at(ENDS):
        yield stage


def shops_with(problem: str) -> set[str]:
    lines = LedgerLine.objects.select_related("dealer")
    return {line.dealer.name for line in lines if problem in line.problems}


def test_every_planted_fault_is_found_and_no_other(stage):
    assert shops_with("banned_sale") == stage.of("banned_input_sold")
    assert shops_with("not_sale_point") == stage.of("restricted_not_at_point")
    assert shops_with("oversold") == stage.of("oversold_input")
    assert not shops_with("no_real_name")
    copied = PackScan.objects.filter(outcome="duplicate").values_list("read", "dealer__name")
    planted = {(f.facts["code"], f.subject) for f in stage.planted if f.kind == "copied_drug_code"}
    assert set(copied) == planted
    wrong = {
        row.ingredient
        for row in flows.flows(COUNTY, 2024, on=ENDS)
        if "sold_not_used" in {one.kind.value for one in row.contradictions}
    }
    assert wrong == stage.of("unrecorded_use")
    findings = InputFinding.objects.select_related("matter__owner")
    assert {finding.code for finding in findings} == {"banned_sale", "not_sale_point", "oversold", "drug_code"}
    assert {finding.matter.owner.name for finding in findings} == {"云桥县农业农村局"}


def test_the_county_has_books_and_bulletins(stage):
    assert LedgerLine.objects.filter(kind="sale").count() > 600
    assert not Stock.objects.filter(quantity__lt=0).exists()
    assert 50 <= Forecast.objects.filter(state="issued").count() <= 80
    assert ForecastCheck.objects.count() > 40
    assert ForecastNotice.objects.filter(read_at__isnull=False).exists()
    assert ForecastNotice.objects.filter(read_at=None).exists()
