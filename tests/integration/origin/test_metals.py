"""Enterprises with heavy metals: from the survey to an acceptance by somebody else."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin import tasks
from fangxin.actions.origin.models import MetalEnterprise
from fangxin.actions.origin.services import enterprises
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def close_matter(matter: Any, worker: Any, closer: Any) -> None:
    matter.refresh_from_db()
    casework.start(matter=matter, by=worker)
    casework.add_evidence(matter=matter, kind="rectification", name="after.pdf", content=PDF, by=worker)
    casework.submit(matter=matter, text="已完成", by=worker)
    casework.close(matter=matter, by=closer)


def test_a_problem_becomes_a_matter_of_the_environment_with_the_five_fixings(
    metal: Callable[..., Any], problem: Callable[..., Any], environment_agency: Any
) -> None:
    row = metal()
    found = problem(row)
    row.refresh_from_db()
    matter = found.matter
    assert (matter.owner, matter.state, matter.due_on) == (environment_agency, "assigned", date(2023, 4, 15))
    assert (matter.responsible_person, matter.measures) == ("厂长", "修复防渗层")
    assert "土壤污染防治法" in matter.legal_basis
    assert row.state == MetalEnterprise.State.RECTIFYING


def test_a_discharge_three_times_over_its_limit_goes_to_the_police_too(
    metal: Callable[..., Any], problem: Callable[..., Any], police: Any
) -> None:
    row = metal()
    over = problem(row, kind="discharge", metal="Cd", measured=Decimal("0.41"), limit=Decimal("0.1"))
    little = problem(row, kind="discharge", metal="Cd", measured=Decimal("0.2"), limit=Decimal("0.1"))
    assert (over.matter.severity, list(over.matter.cooperating.all())) == ("critical", [police])
    assert "0.41 / 0.1 - 1 >= 3" in over.suspicion
    assert (little.suspicion, list(little.matter.cooperating.all())) == ("", [])


@pytest.mark.parametrize(
    "values",
    [
        {"due_on": date(2023, 3, 14)},
        {"found_on": date(2023, 3, 16)},
        {"text": " "},
        {"kind": "discharge", "metal": "Cd"},
        {"kind": "discharge", "metal": "Cd", "measured": Decimal("0.1"), "limit": Decimal("0.1")},
        {"kind": "discharge", "metal": "Cd", "measured": Decimal("0.1"), "limit": Decimal(0)},
    ],
)
def test_a_problem_that_says_too_little_is_refused_and_nothing_is_written(
    metal: Callable[..., Any], problem: Callable[..., Any], values: dict[str, Any]
) -> None:
    row = metal()
    with pytest.raises(ValidationError):
        problem(row, **values)
    assert row.problems.count() == 0
    assert casework.open_matters_of("origin.metalenterprise", row.pk).count() == 0


def test_closing_the_matter_closes_the_problem_and_a_second_person_accepts(
    metal: Callable[..., Any],
    problem: Callable[..., Any],
    environment: Any,
    second_environment: Any,
    office: Any,
) -> None:
    row = metal()
    found = problem(row)
    enterprises.record_check(row=row, checked_on=date(2023, 3, 14), result="problems", by=environment)
    row.refresh_from_db()
    with pytest.raises(ValidationError, match="1 个问题没有销号"):
        enterprises.submit(row=row, by=environment)
    close_matter(found.matter, environment, office)
    found.refresh_from_db()
    assert (found.closed_on, found.closed_by) == (date(2023, 3, 15), "office")
    enterprises.submit(row=row, by=environment)
    file = ledger.store_evidence(name="report.pdf", content=PDF, by=environment)
    with pytest.raises(ValidationError, match="另一名人员"):
        enterprises.accept(row=row, file=file, by=environment)
    with pytest.raises(ValidationError):
        enterprises.accept(row=row, file=None, by=second_environment)
    enterprises.accept(row=row, file=file, by=second_environment)
    assert (row.state, row.accepted_on, row.accepted_by) == ("accepted", date(2023, 3, 15), "environment2")
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        enterprises.accept(row=row, file=file, by=second_environment)


def test_the_database_refuses_an_acceptance_by_the_person_who_asked(metal: Callable[..., Any]) -> None:
    row = metal()
    told = {"submitted_at": ledger.clock.now(), "submitted_by": "one", "accepted_at": ledger.clock.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        MetalEnterprise.objects.filter(pk=row.pk).update(
            state="accepted", accepted_by="one", accepted_on=date(2023, 3, 15), **told
        )


def test_a_matter_that_came_back_opens_the_problem_and_the_enterprise_again(
    metal: Callable[..., Any], problem: Callable[..., Any], environment: Any, second_environment: Any, office: Any
) -> None:
    row = metal()
    found = problem(row)
    enterprises.record_check(row=row, checked_on=date(2023, 3, 14), result="problems", by=environment)
    close_matter(found.matter, environment, office)
    row.refresh_from_db()
    enterprises.submit(row=row, by=environment)
    found.matter.refresh_from_db()
    again = casework.look_back(matter=found.matter, held=False, text="又破损", by=office)
    found.refresh_from_db()
    row.refresh_from_db()
    assert (found.closed_on, found.matter) == (None, again)
    assert (row.state, row.submitted_by) == ("rectifying", "")


def test_who_lets_the_day_pass_is_pressed_once(metal: Callable[..., Any], problem: Callable[..., Any]) -> None:
    row = metal()
    problem(row, due_on=date(2023, 3, 20))
    with ledger.clock.held_at(date(2023, 3, 20)):
        tasks.press()
    row.refresh_from_db()
    assert row.state == "rectifying"
    for _again in range(2):
        with ledger.clock.held_at(date(2023, 3, 21)):
            tasks.press()
    row.refresh_from_db()
    assert row.state == "overdue"
    assert ledger.entries_of("origin.metalenterprise", str(row.pk)).filter(event="origin.metal.overdue").count() == 1


def test_a_year_without_own_monitoring_is_told_once(metal: Callable[..., Any], environment: Any) -> None:
    row = metal(running="producing", uscc="91990101MA00000001")
    legacy = metal(name="老矿渣堆", division_code="990101200")
    with ledger.clock.held_at(date(2024, 3, 15)):
        tasks.press()
        assert casework.open_matters_of("origin.metalenterprise", row.pk).count() == 0
    with ledger.clock.held_at(date(2024, 3, 18)):
        tasks.press()
        tasks.press()
        assert casework.open_matters_of("origin.metalenterprise", row.pk).count() == 1
        assert casework.open_matters_of("origin.metalenterprise", legacy.pk).count() == 0
        enterprises.record_monitoring(
            row=row, kind="own", medium="soil", monitored_on=date(2024, 3, 17), exceeded=False, by=environment
        )
        assert enterprises.monitoring_due(row) == date(2025, 3, 17)


def test_an_enterprise_needs_a_metal_and_a_code_unless_it_is_a_site_left_behind(metal: Callable[..., Any]) -> None:
    for values in ({"metals": []}, {"metals": ["Au"]}, {"running": "producing"}, {"outlets": ["sky"]}):
        with pytest.raises(ValidationError):
            metal(**values)
    assert metal(uscc="91990101ma00000001").uscc == "91990101MA00000001"
    with pytest.raises(ValidationError, match="不必重复登记"):
        metal(uscc="91990101MA00000001")


def test_figures_count_checks_of_the_year_and_problems_closed_in_time(
    metal: Callable[..., Any], problem: Callable[..., Any], environment: Any, office: Any
) -> None:
    row = metal(running="producing", uscc="91990101MA00000001")
    found = problem(row)
    enterprises.record_check(row=row, checked_on=date(2023, 3, 14), result="problems", by=environment)
    close_matter(found.matter, environment, office)
    before, after = selectors.metal_rows(date(2023, 3, 13)), selectors.metal_rows(date(2023, 3, 15))
    assert (before.count(), [r.checked_this_year for r in after]) == (0, [True])
    assert [r.checked_this_year for r in selectors.metal_rows(date(2024, 1, 1))] == [False]
    assert [(r.closed, r.closed_on_time) for r in selectors.problem_rows(date(2023, 3, 15))] == [(True, True)]


def test_parcels_near_and_downstream_are_named_and_those_upstream_are_not(
    metal: Callable[..., Any], environment: Any
) -> None:
    from fangxin.kernel.registry import api as registry

    row = metal(latitude=34.0, longitude=111.0, flow_bearing=90)
    places = {"N": (34.005, 111.0), "E": (34.0, 111.03), "W": (34.0, 110.97), "F": (34.0, 111.2)}
    for number, (latitude, longitude) in places.items():
        registry.add_parcel(
            name=f"{number}地", kind="field", division_code="990101100", area_mu=Decimal(10), crop="水稻",
            land_use="paddy", latitude=latitude, longitude=longitude, by=environment,
        )  # fmt: skip
    found = [(parcel.name, why) for parcel, _metres, why in selectors.affected_parcels(environment, row)]
    assert found == [("N地", "near"), ("E地", "downstream")]
