"""Grades: scored by one, confirmed by another, told, graded anew."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.conftest import COUNTY

from fangxin.engines import grading
from fangxin.kernel.fieldwork import access, figures, selectors
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import PremisesGrade
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

FACTORS = {
    "area": 850, "pre_ambient": 3200, "pre_chilled": 180, "pre_frozen": 90, "bulk_ambient": 120, "bulk_chilled": 40,
    "bulk_frozen": 0, "suppliers": 130,
}  # fmt: skip


def score(premises: Any, by: Any, **facts: Any) -> PremisesGrade:
    values = {"year": 2023, "static": Decimal("19.2"), "dynamic": Decimal("18.5")}
    return fieldwork.score_grade(premises=premises, by=by, **{**values, **facts})


def test_the_published_example_is_grade_b(shop: Any, department: Any) -> None:
    grade = score(shop, department)
    assert (grade.scale, grade.grade, grade.total) == ("risk", "B", Decimal("37.70"))
    assert grade.basis["score"]["comparison"] == "30 < 37.7 <= 45"


def test_the_form_of_a_shop_gives_the_static_points(checklists: None, make_premises: Any, department: Any) -> None:
    sales = make_premises("百穗副食", kind="food_sales")
    form = fieldwork.static_form_for("food_sales", date(2023, 3, 15))
    facts = dict(zip([f.code for f in form.factors], map(Decimal, FACTORS.values()), strict=True))
    assert score(sales, department, factors=facts).static_points == Decimal("19.20")
    facts.popitem()
    with pytest.raises(fieldwork.Refused, match="还没有填写"):
        score(sales, department, factors=facts)


def test_a_trigger_moves_the_grade_and_both_are_kept(shop: Any, department: Any) -> None:
    rules = fieldwork.risk_rules(date(2023, 3, 15))
    up = next(one for one in rules.triggers if one.direction == "up")
    grade = score(shop, department, triggers=[grading.Occurred(up.code, up.most)])
    assert grade.before == "B"
    assert grade.grade > "B"
    assert grade.triggers == [{"code": up.code, "steps": up.most}]


def test_a_place_never_inspected_gets_no_mild_grade(shop: Any, department: Any) -> None:
    with pytest.raises(fieldwork.Refused, match="还没有检查过"):
        score(shop, department, dynamic=None)


def test_the_last_inspection_gives_the_dynamic_points(shop: Any, told: Any, department: Any) -> None:
    told(shop)
    assert score(shop, department, dynamic=None).dynamic_points == 0


@pytest.mark.parametrize(
    "facts", [{"static": Decimal(41)}, {"dynamic": Decimal(-1)}, {"year": 1990}, {"scale": "other"}, {"static": None}]
)
def test_values_outside_the_scale_are_refused(shop: Any, department: Any, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        score(shop, department, **facts)
    assert not PremisesGrade.objects.exists()


def test_the_catering_grade_of_a_year_comes_from_its_visits(
    shop: Any, told: Any, department: Any, begin: Any, fill: Any
) -> None:
    with pytest.raises(fieldwork.Refused, match="没有带得分的检查"):
        score(shop, department, scale="hygiene_year")
    told(shop)
    grade = score(shop, department, scale="hygiene_year")
    assert (grade.scale, grade.grade, grade.total) == ("hygiene_year", "A", 10)


class TestSecondPerson:
    def test_who_scored_does_not_confirm(self, shop: Any, department: Any, second_department: Any) -> None:
        grade = score(shop, department)
        with pytest.raises(fieldwork.Refused, match="不能复核自己的评分"):
            fieldwork.confirm_grade(grade=grade, by=department)
        fieldwork.confirm_grade(grade=grade, by=second_department)
        fieldwork.tell_grade(grade=grade, by=department)
        with pytest.raises(fieldwork.MovedOn):
            fieldwork.tell_grade(grade=grade, by=department)
        assert grade.state == "told"

    def test_one_grade_a_year_unless_graded_anew(self, shop: Any, department: Any, second_department: Any) -> None:
        grade = score(shop, department)
        with pytest.raises(fieldwork.Refused, match="重新评定"):
            score(shop, department)
        fieldwork.confirm_grade(grade=grade, by=second_department)
        again = fieldwork.regrade(grade=grade, dynamic=Decimal(50), reason="发生食品安全事故", by=department)
        assert (again.grade, again.state) == ("D", "scored")
        assert PremisesGrade.objects.get(pk=grade.pk).state == "replaced"

    def test_a_refused_score_may_be_given_again(self, shop: Any, department: Any, second_department: Any) -> None:
        grade = score(shop, department)
        fieldwork.refuse_grade(grade=grade, reason="静态分有误", by=second_department)
        assert score(shop, department).pk != grade.pk


class TestLists:
    @pytest.fixture
    def told_grade(self, shop: Any, department: Any, second_department: Any) -> PremisesGrade:
        grade = score(shop, department)
        fieldwork.confirm_grade(grade=grade, by=second_department)
        return fieldwork.tell_grade(grade=grade, by=second_department)

    def test_places_without_a_grade_and_with_an_old_one(
        self, told_grade: PremisesGrade, make_premises: Any, department: Any
    ) -> None:
        other = make_premises("未评级的店")
        places = registry.list_premises(department)
        assert set(fieldwork.without_grade(places, 2023)) == {other}
        assert not fieldwork.outdated(PremisesGrade.objects.all(), date(2024, 3, 15)).exists()
        assert fieldwork.outdated(PremisesGrade.objects.all(), date(2024, 3, 16)).get() == told_grade

    def test_the_grade_in_force_on_a_day(self, told_grade: PremisesGrade, shop: Any, department: Any) -> None:
        with ledger.clock.held_at(datetime(2023, 9, 1, 9, 0, tzinfo=ledger.clock.LOCAL)):
            fieldwork.regrade(grade=told_grade, dynamic=Decimal(50), reason="发生事故", by=department)
        assert fieldwork.grade_of(shop, "risk", date(2023, 6, 1)) == told_grade
        assert fieldwork.grade_of(shop, "risk", date(2023, 1, 1)) is None

    def test_a_shop_sees_its_own_grade_once_it_is_told(
        self, shop: Any, department: Any, second_department: Any, vendor: Any, outsider: Any, other_inspector: Any
    ) -> None:
        grade = score(shop, department)
        with pytest.raises(Http404):
            access.get_grade(vendor, grade.pk)
        fieldwork.confirm_grade(grade=grade, by=second_department)
        fieldwork.tell_grade(grade=grade, by=second_department)
        assert access.get_grade(vendor, grade.pk) == grade
        for user in (outsider, other_inspector):
            with pytest.raises(Http404):
                access.get_grade(user, grade.pk)

    def test_the_board_counts_one_row_for_each_standing_grade(self, told_grade: PremisesGrade, department: Any) -> None:
        row = figures.grade_rows(date(2023, 12, 31)).get()
        assert (row.grade, row.current_year, row.older_than_year, row.told) == ("B", True, False, True)
        assert figures.grade_rows(date(2024, 4, 1)).get().older_than_year
        assert not figures.grade_rows(date(2023, 3, 14)).exists()
        assert selectors.standing_grades(COUNTY, 2024) == {told_grade.premises_id: "B"}
