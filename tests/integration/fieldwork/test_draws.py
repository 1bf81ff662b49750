"""The sealed draw: committed before, drawn after, open to be drawn again."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from tests.conftest import COUNTY

from fangxin.engines import sampling
from fangxin.kernel.fieldwork import access
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import Draw, PlannedVisit
from fangxin.kernel.ledger import api as ledger

HALF = sampling.Quota(by=sampling.StratumKey.ALL, rates={"all": Decimal("0.5")}, rounding=sampling.Rounding.UP)
SOURCE = "某彩票 2023 年第 30 期开奖号码"
SEED, SALT = b"s" * sampling.SECRET_BYTES, b"t" * sampling.SECRET_BYTES


@pytest.fixture
def places(checklists: None, make_premises: Any) -> list[Any]:
    return [make_premises(f"第{n}饭店") for n in range(6)]


@pytest.fixture
def plan(places: list[Any], team: Any, department: Any, second_department: Any) -> sampling.DrawPlan:
    return fieldwork.plan_of_register(
        title="餐饮双随机", year=2023, division_code=COUNTY, quotas=[HALF], public_source=SOURCE
    )


@pytest.fixture
def committed(plan: sampling.DrawPlan, agencies: dict[str, Any], department: Any) -> Draw:
    return fieldwork.commit_draw(
        title="餐饮双随机", year=2023, agency=agencies["market"], division_code=COUNTY, plan=plan, seed=SEED, salt=SALT,
        by=department,
    )  # fmt: skip


class TestPlan:
    def test_targets_and_inspectors_come_from_the_register(self, plan: sampling.DrawPlan, places: list[Any]) -> None:
        assert {target.id for target in plan.targets} == {place.number for place in places}
        assert len(plan.inspectors) == 4

    def test_recusals_and_the_last_team_are_in_it(
        self, places: list[Any], team: Any, department: Any, told: Any
    ) -> None:
        fieldwork.declare_recusal(user=team[0], premises=places[0], reason="亲属", by=department)
        told(places[1])
        plan = fieldwork.plan_of_register(
            title="x", year=2023, division_code=COUNTY, quotas=[HALF], public_source=SOURCE, inspectors=team
        )
        by_id = {one.id: one for one in plan.inspectors}
        assert by_id[f"R{team[0].pk}"].recused == (places[0].number,)
        last = {target.id: target.last_inspectors for target in plan.targets}
        assert set(last[places[1].number]) == {f"R{user.pk}" for user in team}


class TestSealing:
    def test_plan_and_commitment_stand_in_the_ledger_before_anything_is_drawn(self, committed: Draw) -> None:
        entry = ledger.entries_of("fieldwork.draw", str(committed.pk))[0]
        told = json.loads(entry.data)
        assert told["commitment"] == committed.commitment == sampling.commitment_of(SEED, SALT)
        assert told["plan"] == committed.plan_digest
        assert SEED.hex() not in entry.data
        assert not PlannedVisit.objects.exists()

    def test_without_a_seed_one_is_made(self, plan: Any, agencies: dict[str, Any], department: Any) -> None:
        made = [
            fieldwork.commit_draw(
                title="a", year=2023, agency=agencies["market"], division_code=COUNTY, plan=plan, by=department
            ).commitment
            for _n in range(2)
        ]
        assert made[0] != made[1]

    def test_a_plan_that_cannot_be_drawn_from_is_refused_in_words(
        self, places: Any, team: Any, agencies: dict[str, Any], department: Any
    ) -> None:
        many = sampling.Quota(by=sampling.StratumKey.ALL, counts={"all": 99})
        plan = fieldwork.plan_of_register(
            title="x", year=2023, division_code=COUNTY, quotas=[many], public_source=SOURCE
        )
        with pytest.raises(fieldwork.Refused, match="超过了分组里的对象数"):
            fieldwork.commit_draw(
                title="x", year=2023, agency=agencies["market"], division_code=COUNTY, plan=plan, by=department
            )


class TestDrawing:
    def test_half_are_drawn_with_two_people_each_and_the_file_verifies(self, committed: Draw, department: Any) -> None:
        fieldwork.run_draw(draw=committed, public_value="07 11 19 23 30 33 + 05", by=department)
        assert committed.state == "drawn"
        assert committed.result is not None
        visits = PlannedVisit.objects.filter(draw=committed)
        assert visits.count() == 3
        assert all(visit.officers.count() == 2 for visit in visits)
        assert {(visit.reason, visit.due_on) for visit in visits} == {("drawn", date(2023, 12, 31))}
        content = ledger.read_evidence(committed.result)
        assert sampling.verify_result(content, announced=committed.plan_digest).reproduced

    def test_the_same_seed_and_value_draw_the_same(self, committed: Draw, department: Any) -> None:
        fieldwork.run_draw(draw=committed, public_value="0711", by=department)
        drawn = sampling.draw(fieldwork.plan_of_draw(committed), seed=SEED, salt=SALT, public="0711").drawn
        assert {t.id for t in drawn} == set(committed.visits.values_list("premises__number", flat=True))

    def test_nobody_draws_twice(self, committed: Draw, department: Any) -> None:
        second = Draw.objects.get(pk=committed.pk)
        fieldwork.run_draw(draw=committed, public_value="0711", by=department)
        with pytest.raises(fieldwork.MovedOn):
            fieldwork.run_draw(draw=second, public_value="0712", by=department)
        assert PlannedVisit.objects.count() == 3

    @pytest.mark.parametrize("value", ["", "   ", "07\n11"])
    def test_a_public_value_is_text(self, committed: Draw, department: Any, value: str) -> None:
        with pytest.raises(fieldwork.Refused, match="公开随机数"):
            fieldwork.run_draw(draw=committed, public_value=value, by=department)

    def test_published_then_open_to_all_and_withdrawn_in_the_open(self, committed: Draw, department: Any) -> None:
        fieldwork.run_draw(draw=committed, public_value="0711", by=department)
        fieldwork.publish_draw(draw=committed, by=department)
        assert fieldwork.public_draws(ledger.clock.today()).get() == committed
        fieldwork.withdraw_draw(draw=committed, reason="名单有误", by=department)
        assert set(committed.visits.values_list("state", flat=True)) == {"cancelled"}
        assert Draw.objects.get().withdrawn_reason == "名单有误"

    def test_another_county_does_not_see_it(self, committed: Draw, office: Any, outsider: Any, vendor: Any) -> None:
        assert access.get_draw(office, committed.pk) == committed
        for user in (outsider, vendor):
            with pytest.raises(Http404):
                access.get_draw(user, committed.pk)
