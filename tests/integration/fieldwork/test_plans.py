"""The yearly plan and single visits."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import COUNTY, OTHER_TOWN

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork import figures, work_days
from fangxin.kernel.fieldwork.models import PlannedVisit, PremisesGrade, PremisesRisk, RiskOrder
from fangxin.kernel.ledger import api as ledger

NEW_YEAR = datetime(2023, 1, 3, 9, 0, tzinfo=ledger.clock.LOCAL)


@pytest.fixture
def graded(shop: Any, make_premises: Any, department: Any, second_department: Any) -> Callable[..., Any]:
    """A shop with a risk grade of the year."""

    def make(name: str, dynamic: int, **facts: Any) -> Any:
        premises = make_premises(name, **facts)
        grade = fieldwork.score_grade(
            premises=premises, year=2023, static=Decimal(20), dynamic=Decimal(dynamic), by=department
        )
        fieldwork.confirm_grade(grade=grade, by=second_department)
        return premises

    return make


@pytest.fixture
def county_of_shops(graded: Any) -> dict[str, Any]:
    with ledger.clock.held_at(NEW_YEAR):
        return {letter: graded(f"{letter}店", points) for letter, points in (("A", 5), ("B", 20), ("C", 35), ("D", 50))}


def make(agencies: dict[str, Any], by: Any, **facts: Any) -> Any:
    values = {"year": 2023, "agency": agencies["market"], "division_code": COUNTY, "by": by}
    return fieldwork.make_plan(**{**values, **facts})


def risk_order(area_low: float) -> RiskOrder:
    return RiskOrder.objects.create(
        division_code=COUNTY, learnt_at=NEW_YEAR, inspections=900, serious=90, premises=5, windows=6, checked=300,
        area=area_low + 0.05, area_low=area_low, area_high=area_low + 0.1,
    )  # fmt: skip


class TestMaking:
    def test_each_place_is_owed_what_its_grade_asks_for(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any
    ) -> None:
        with ledger.clock.held_at(NEW_YEAR):
            plan = make(agencies, department)
        visits = Counter(plan.visits.values_list("premises__name", flat=True))
        # A 1, B 1, C 2, D 3; the shop without a grade once.
        assert visits == {"A店": 1, "B店": 1, "C店": 2, "D店": 3, "老魏小吃店": 1}
        assert set(plan.visits.values_list("agency", flat=True)) == {agencies["station"].pk}
        assert plan.frequency_edition == "监督检查频次与重点监管（2022）"

    def test_never_more_than_the_cap_and_the_plan_says_so(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any
    ) -> None:
        with ledger.clock.held_at(NEW_YEAR):
            plan = make(agencies, department, visit_cap=2)
        assert max(Counter(plan.visits.values_list("premises", flat=True)).values()) == 2
        assert "1户按频次应检查的次数超过上限" in plan.note

    def test_visits_fall_on_working_days_and_the_riskier_come_first(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any
    ) -> None:
        with ledger.clock.held_at(NEW_YEAR):
            plan = make(agencies, department)
            days = set(work_days.workdays(date(2023, 1, 1), date(2023, 12, 31)))
        assert set(plan.visits.values_list("due_on", flat=True)) <= days
        first = {v.premises.name: v.due_on for v in plan.visits.order_by("-due_on")}
        assert first["D店"] < first["C店"] < first["老魏小吃店"]
        assert first["B店"] < first["A店"]

    def test_a_model_may_say_who_comes_first(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any
    ) -> None:
        shops = county_of_shops
        with ledger.clock.held_at(NEW_YEAR):
            order = risk_order(0.55)
            for name, premises in shops.items():
                PremisesRisk.objects.create(order=order, premises=premises, probability=0.9 if name == "A" else 0.1)
            plan = make(agencies, department, risk_order=order)
        assert plan.visits.get(premises=shops["A"]).risk == 0.9
        assert plan.visits.get(premises=shops["A"]).due_on < plan.visits.get(premises=shops["B"]).due_on

    def test_an_order_no_better_than_chance_or_replaced_is_refused(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any
    ) -> None:
        with ledger.clock.held_at(NEW_YEAR):
            for order, why in ((risk_order(0.49), "核对不过关"), (risk_order(0.55), "新的代替")):
                with pytest.raises(ValidationError, match=why):
                    make(agencies, department, risk_order=order)

    def test_the_preview_says_what_will_be_made(
        self, county_of_shops: dict[str, Any], agencies: dict[str, Any], department: Any, make_premises: Any
    ) -> None:
        make_premises("清泉合作社", kind="farm")
        with ledger.clock.held_at(NEW_YEAR):
            preview = fieldwork.preview_plan(year=2023, division_code=COUNTY)
            plan = make(agencies, department)
        assert (preview.premises, preview.visits, preview.without_checklist) == (5, plan.visits.count(), 1)
        assert preview.by_grade == {"A": 1, "B": 1, "C": 1, "D": 1, "none": 1}
        assert sum(preview.by_month.values()) == preview.visits

    def test_more_places_ask_no_more_questions(
        self, shop: Any, agencies: dict[str, Any], department: Any, make_premises: Any
    ) -> None:
        def asked(division_code: str) -> int:
            with CaptureQueriesContext(
                connection,
            ) as told:
                make(agencies, department, division_code=division_code)
            return len(told)

        few = asked(shop.division_code)
        for n in range(12):
            make_premises(f"青杨{n}店", division_code=OTHER_TOWN)
        assert asked(OTHER_TOWN) <= few

    @pytest.mark.parametrize("facts", [{"year": 2020}, {"year": 2030}, {"visit_cap": -1}, {"visit_cap": 4000}])
    def test_a_wrong_year_or_cap_is_refused(
        self, shop: Any, agencies: dict[str, Any], department: Any, facts: dict[str, int]
    ) -> None:
        with pytest.raises(ValidationError):
            make(agencies, department, **facts)


class TestApproving:
    def test_another_person_approves_and_only_then_visits_are_owed(
        self, shop: Any, agencies: dict[str, Any], department: Any, second_department: Any, inspector: Any
    ) -> None:
        plan = make(agencies, department)
        assert not fieldwork.visits_for(inspector, date(2023, 12, 31)).exists()
        with pytest.raises(fieldwork.Refused, match="另一名人员"):
            fieldwork.approve_plan(plan=plan, by=department)
        fieldwork.approve_plan(plan=plan, by=second_department)
        assert fieldwork.visits_for(inspector, date(2023, 12, 31)).count() == 1
        with pytest.raises(fieldwork.MovedOn):
            fieldwork.approve_plan(plan=plan, by=second_department)

    def test_one_plan_a_year_until_it_is_withdrawn(self, shop: Any, agencies: dict[str, Any], department: Any) -> None:
        plan = make(agencies, department)
        with pytest.raises(ValidationError, match="已有检查计划"):
            make(agencies, department)
        fieldwork.withdraw_plan(plan=plan, reason="机构调整", by=department)
        assert set(plan.visits.values_list("state", flat=True)) == {"cancelled"}
        assert make(agencies, department).pk != plan.pk


class TestVisits:
    def owe(self, shop: Any, by: Any, **facts: Any) -> PlannedVisit:
        values = {
            "kind": "routine", "reason": "first_visit", "from_on": date(2023, 3, 15), "due_on": date(2023, 5, 15),
            "asked_from": "small_operators.certificate:1",
        }  # fmt: skip
        return fieldwork.add_visit(premises=shop, by=by, **{**values, **facts})

    def test_the_same_thing_never_asks_for_two_visits(self, shop: Any, department: Any) -> None:
        assert self.owe(shop, department).pk == self.owe(shop, department).pk

    def test_a_span_that_runs_backwards_is_refused(self, shop: Any, department: Any) -> None:
        with pytest.raises(ValidationError, match="最迟日期早于最早日期"):
            self.owe(shop, department, due_on=date(2023, 3, 1))

    def test_it_is_handed_to_people_who_may_go_there(
        self, shop: Any, department: Any, team: Any, other_inspector: Any
    ) -> None:
        visit = self.owe(shop, department)
        fieldwork.assign_visit(visit=visit, officers=team, by=department)
        assert set(visit.officers.all()) == set(team)
        with pytest.raises(fieldwork.Refused, match="没有在这个辖区检查的岗位"):
            fieldwork.assign_visits(visits=[visit], officers=[other_inspector], by=department)

    def test_the_phone_takes_along_what_is_owed_and_no_telephone(
        self, shop: Any, department: Any, inspector: Any, second_inspector: Any, other_inspector: Any
    ) -> None:
        visit = self.owe(shop, department)
        assert [v.pk for v in fieldwork.visits_for(inspector, date(2023, 3, 15))] == [visit.pk]
        assert not fieldwork.visits_for(other_inspector, date(2023, 3, 15)).exists()
        fieldwork.assign_visit(visit=visit, officers=[second_inspector], by=department)
        assert not fieldwork.visits_for(inspector, date(2023, 3, 15)).exists()
        taken = fieldwork.snapshot_for(second_inspector, date(2023, 3, 15))
        assert [one["premises"] for one in taken["visits"]] == [shop.pk]
        assert {one["code"] for one in taken["checklists"]} >= {"catering", "food-producer"}
        assert "phone" not in str(taken["visits"])

    def test_a_visit_put_off_or_given_up_tells_why(self, shop: Any, department: Any) -> None:
        visit = self.owe(shop, department)
        with pytest.raises(fieldwork.Refused, match="写明调整日期的原因"):
            fieldwork.reschedule_visit(
                visit=visit, from_on=date(2023, 4, 1), due_on=date(2023, 4, 2), reason=" ", by=department
            )
        fieldwork.reschedule_visit(
            visit=visit, from_on=date(2023, 4, 1), due_on=date(2023, 6, 2), reason="店主外出", by=department
        )
        fieldwork.cancel_visit(visit=visit, reason="已注销", by=department)
        with pytest.raises(fieldwork.MovedOn):
            fieldwork.cancel_visit(visit=visit, reason="再取消", by=department)

    def test_a_board_row_tells_whether_it_was_made_in_time(self, shop: Any, department: Any, told: Any) -> None:
        visit = self.owe(shop, department)
        late = figures.visit_rows(date(2023, 5, 16)).get()
        assert (late.done, late.overdue) == (False, True)
        told(None, visit=visit)
        row = figures.visit_rows(date(2023, 5, 16)).get()
        assert (row.done, row.overdue, row.done_on_time) == (True, False, True)

    def test_two_years_without_a_visit_are_seen(self, shop: Any, told: Any, make_premises: Any) -> None:
        make_premises("从未检查的店")
        told(shop)
        seen = fieldwork.coverage(COUNTY, ledger.clock.today())
        assert (seen.premises, seen.inspected, seen.months) == (2, 1, 24)
        assert fieldwork.coverage(COUNTY, ledger.clock.today() + timedelta(days=800)).inspected == 0


def test_grades_of_the_county_are_not_touched_by_planning(county_of_shops: dict[str, Any]) -> None:
    assert PremisesGrade.objects.filter(state="confirmed").count() == 4
