"""Archive, self-inspections, grade, upgrading, data files, what the platform finds by itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.integration.produce_markets.conftest import photo

from fangxin.actions.produce_markets import selectors, tasks
from fangxin.actions.produce_markets.models import Market, Outgoing
from fangxin.actions.produce_markets.services import archive, checks, files, grading, projects
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused

pytestmark = pytest.mark.django_db
STATIC = {"type": 6, "stalls": 6, "goods": 6, "throughput": 6}
ALL_WELL = {"entry": "ok", "tests": "ok", "hygiene": "ok", "spoiled": "ok"}


def _score(market: Market, by: Any, **typed: Any) -> Any:
    factors = {code: Decimal(points) for code, points in STATIC.items()}
    return grading.score(market=market, year=2023, factors=factors, typed={"facilities": Decimal(1)} | typed, by=by)


def test_a_stall_has_one_holder_at_a_time(stall: Any, office: Any, department: Any) -> None:
    holder = selectors.holder_of(stall)
    assert holder is not None
    with pytest.raises(ValidationError):
        archive.admit_holder(stall=stall, operator=holder.operator, starts_on=date(2023, 3, 1), by=department)
    archive.end_tenancy(tenancy=holder, ended_on=date(2023, 3, 10), why="不再经营", by=department)
    archive.admit_holder(stall=stall, operator=holder.operator, starts_on=date(2023, 3, 11), by=department)
    with pytest.raises(MovedOn):
        archive.end_tenancy(tenancy=holder, ended_on=date(2023, 3, 10), why="再登记一次", by=department)


def test_days_of_rest_are_no_gaps_and_a_day_made_up_for_is_marked_late(market: Market, department: Any) -> None:
    """Opened on Monday the 6th, today is Wednesday the 15th; the market rests on Sundays."""
    archive.change_market(market=market, rest_weekday=6, by=department)
    gaps = selectors.gaps_of([market], date(2023, 3, 15))[market.pk]
    assert [day.day for day in gaps["daily"]] == [8, 9, 10, 11, 13, 14]
    assert [day.day for day in gaps["weekly"]] == [6]
    row = checks.record_self_check(
        market=market, cadence="daily", period=date(2023, 3, 14), answers=ALL_WELL, by=department
    )
    assert row.late
    assert not checks.record_self_check(
        market=market, cadence="daily", period=date(2023, 3, 15), answers=ALL_WELL, by=department
    ).late
    assert len(selectors.gaps_of([market], date(2023, 3, 15))[market.pk]["daily"]) == 5
    with pytest.raises(ValidationError):
        checks.record_self_check(
            market=market, cadence="daily", period=date(2023, 3, 14), answers=ALL_WELL, by=department
        )


def test_a_problem_found_is_said_in_words(market: Market, department: Any) -> None:
    with pytest.raises(Refused):
        checks.record_self_check(
            market=market, cadence="daily", period=date(2023, 3, 15), answers=ALL_WELL | {"tests": "problem"},
            by=department,
        )  # fmt: skip


def test_a_grade_counts_the_records_and_needs_a_second_person(
    market: Market, bring: Any, department: Any, second_department: Any
) -> None:
    bring()
    sheet = _score(market, department)
    points = {line["code"]: (line["good"], line["due"], line["points"]) for line in sheet.lines}
    # One holder without papers, one entry with its certificate, no test in nine days of two, no week looked at.
    assert points["files"] == (0, 1, "10")
    assert points["entry"] == (1, 1, "0")
    assert points["tests"] == (0, 18, "10")
    assert points["self_checks"] == (0, 1, "10")
    assert points["withdrawals"] == (0, 0, "0")
    assert (sheet.grade.static_points, sheet.grade.dynamic_points, sheet.grade.total) == (24, 31, 55)
    assert sheet.grade.grade == "C"
    rows = selectors.market_rows(date(2023, 3, 15))
    assert not rows.get()["graded"]
    with pytest.raises(ValidationError):
        fieldwork.confirm_grade(grade=sheet.grade, by=department)
    fieldwork.confirm_grade(grade=sheet.grade, by=second_department)
    assert rows.all().get()["graded"]
    assert not selectors.market_rows(date(2024, 3, 15)).get()["graded"]
    assert not selectors.market_rows(date(2023, 3, 14)).get()["graded"]


def test_points_that_the_form_does_not_know_are_refused(market: Market, department: Any) -> None:
    with pytest.raises(Refused):
        _score(market, department, facilities=Decimal(11))


def test_an_upgrade_is_accepted_by_somebody_else_once_every_milestone_is_shown(
    market: Market, department: Any, second_department: Any
) -> None:
    project = projects.begin(
        market=market, kind="close", title="关闭旧市场", starts_on=date(2022, 1, 1), due_on=date(2022, 12, 31),
        by=department,
    )  # fmt: skip
    steps = list(project.milestones.order_by("due_on"))
    assert [step.due_on for step in steps][-1] == date(2022, 12, 31)
    with pytest.raises(Refused):
        projects.reach(milestone=steps[0], reached_on=date(2022, 3, 1), by=department)
    with pytest.raises(Refused):
        projects.submit(project=project, by=department)
    assert selectors.stalled(selectors.list_projects(department), date(2023, 3, 15)).get() == project
    for step in steps:
        projects.reach(milestone=step, reached_on=date(2022, 3, 1), file=photo(f"{step.pk}.pdf"), by=department)
    projects.submit(project=project, by=department)
    with pytest.raises(Refused):
        projects.accept(project=project, accepted=True, opinion="合格", by=department)
    projects.accept(project=project, accepted=True, opinion="合格", by=second_department)
    assert project.state == "accepted"


def test_trade_trace_and_logistics_meet_on_one_lot(market: Market, bring: Any, department: Any) -> None:
    with ledger.clock.held_at(datetime(2023, 3, 14, 6, tzinfo=ledger.clock.LOCAL)):
        entry = bring()
    trade = (
        "入场编号,交易时间,重量,购买单位\n"
        f"{entry.number},2023-03-14 08:30,40,石门小学食堂\n"
        f"{entry.lot.number},2023-03-14,20,\n"
        "JC2023-999999,2023-03-14,5,\n"
        f"{entry.number},前天,5,\n"
    ).encode()
    row = files.take_in(market=market, kind="trade", name="秤.csv", content=trade, by=department)
    entry.refresh_from_db()
    assert (row.taken, len(row.faults), entry.gone) == (2, 2, 60)
    with pytest.raises(ValidationError):
        files.take_in(market=market, kind="trade", name="秤.csv", content=trade, by=department)
    assert Outgoing.objects.count() == 2
    haul = f"入场编号,车牌,最高温度\n{entry.number},豫A12345,6.5\n".encode()
    files.take_in(market=market, kind="logistics", name="车.csv", content=haul, by=department)
    assert selectors.joined(market, date(2023, 3, 1), date(2023, 3, 15)) == {
        "entries": 1, "traced": 1, "sold": 1, "hauled": 1, "whole": 1,
    }  # fmt: skip


def test_a_file_that_is_no_table_is_refused(market: Market, department: Any) -> None:
    for content in (b"\x00\x01\x02", b"", "一,二\n1,2\n".encode()):
        with pytest.raises(ValidationError):
            files.take_in(market=market, kind="trade", name="x.csv", content=content, by=department)


def test_what_a_market_left_undone_becomes_one_matter_each(
    market: Market, make_market: Any, bring: Any, department: Any
) -> None:
    entry = bring(proofs={})
    entry.state = "admitted"
    entry.save()
    with ledger.clock.held_at(datetime(2023, 10, 16, 7, tzinfo=ledger.clock.LOCAL)):
        tasks.daily()
        opened = Matter.objects.count()
        hazards = " ".join(Matter.objects.values_list("hazard", flat=True))
        tasks.daily()
    assert Matter.objects.count() == opened
    assert "没有合格凭证、没有检测就入场销售" in hazards
    assert "还没有评定风险等级" in hazards
    assert "自查没有做" in hazards


def test_the_check_rate_counts_the_stalls_of_the_year(stall: Any, department: Any) -> None:
    for shown in (True, True, False):
        checks.ask_stall(stall=stall, food="菠菜", shown=shown, purchase_book=True, by=department)
    rows = selectors.stall_check_rows(date(2023, 12, 31))
    assert (rows.count(), rows.filter(shown=True).count()) == (3, 2)
    assert selectors.stall_check_rows(date(2024, 1, 1)).count() == 0
