"""The risk order: learnt from the division's own inspections, used only where it is better than chance."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.conftest import COUNTY

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork import selectors, tasks
from fangxin.kernel.fieldwork.models import PremisesRisk, RiskOrder
from fangxin.kernel.fieldwork.services import risks
from fangxin.kernel.jobs.models import Job
from fangxin.kernel.ledger import api as ledger

FIRST = datetime(2022, 8, 1, 10, 0, tzinfo=ledger.clock.LOCAL)
NOW = datetime(2023, 8, 3, 9, 0, tzinfo=ledger.clock.LOCAL)
PLACES, ROUNDS = 30, 24


@pytest.fixture
def history(
    checklists: None, make_premises: Any, team: Any, agencies: dict[str, Any], signature: Any
) -> Callable[..., list[Any]]:
    """Two visits a month to each place; `chance(number)` is how often one finds something serious."""

    def make(chance: Callable[[int], float]) -> list[Any]:
        rng = random.Random(4)
        places = [make_premises(f"第{n}号小吃店") for n in range(PLACES)]
        lives = [
            fieldwork.InspectionLife(
                key=f"{turn}:{n}", premises_id=place.pk, kind="routine", agency_id=agencies["station"].pk,
                officer_ids=tuple(user.pk for user in team), started_at=FIRST + timedelta(days=15 * turn),
                by="inspector", by_name="秦川", operator_signer="店主", signature_id=signature.pk,
                failed={"2.2": "investigate"} if rng.random() < chance(n) else {},
            )
            for turn in range(ROUNDS)
            for n, place in enumerate(places)
        ]  # fmt: skip
        with ledger.clock.held_at(NOW):
            fieldwork.load(lives, premises={place.pk: place for place in places}, by=None)
        return places

    return make


@pytest.fixture
def careless_few(history: Any) -> list[Any]:
    """The first six places are careless; the others hardly ever."""
    found: list[Any] = history(lambda n: 0.7 if n < 6 else 0.05)
    return found


def learn(by: Any) -> RiskOrder:
    with ledger.clock.held_at(NOW):
        return risks.learn(division_code=COUNTY, by=by)


class TestLearning:
    def test_who_was_careless_comes_first_and_the_order_says_how_good_it_is(
        self, careless_few: list[Any], department: Any
    ) -> None:
        order = learn(department)
        chances = risks.risks_of(order)
        careless = {place.pk for place in careless_few[:6]}
        assert {pk for pk, _ in sorted(chances.items(), key=lambda pair: -pair[1])[:6]} == careless
        assert order.usable
        assert 0.5 < order.area_low < order.area < order.area_high <= 1
        assert (order.inspections, order.premises) == (PLACES * ROUNDS, PLACES)

    def test_where_nothing_can_be_learnt_no_plan_follows_it(self, history: Any, department: Any) -> None:
        history(lambda n: 0.2)
        assert not learn(department).usable
        assert not selectors.standing_orders(department).exists()

    def test_a_new_order_takes_the_place_of_the_old(self, careless_few: list[Any], department: Any) -> None:
        old, new = learn(department), learn(department)
        assert not old.risks.exists()
        assert PremisesRisk.objects.count() == new.risks.count() == PLACES
        assert list(selectors.standing_orders(department)) == [new]

    def test_too_few_inspections_teach_nothing(self, checklists: None, make_premises: Any, department: Any) -> None:
        make_premises("第一号小吃店")
        with pytest.raises(fieldwork.Refused, match="太少"):
            learn(department)
        assert not RiskOrder.objects.exists()

    def test_it_comes_round_by_itself(self, careless_few: list[Any]) -> None:
        with ledger.clock.held_at(NOW):
            assert tasks.learn_all_risks() == 1
        assert RiskOrder.objects.get().division_code == COUNTY


class TestPages:
    def test_asked_for_learnt_listed_and_used(
        self, careless_few: list[Any], department: Any, agencies: dict[str, Any], client_for: Any
    ) -> None:
        client = client_for(department)
        with ledger.clock.held_at(NOW):
            answer = client.post(reverse("fieldwork:risk_learn"), {"division_code": COUNTY})
            assert answer.status_code == 302
            job = Job.objects.get(task=risks.TASK)
            tasks.learn_risks(_Silent(), **job.arguments)
            order = RiskOrder.objects.get()
            page = client.get(reverse("fieldwork:risks")).content.decode()
            assert f"{order.area:.2f}" in page
            facts = {"year": 2023, "division_code": COUNTY, "agency": agencies["market"].pk, "visit_cap": 4}
            client.post(reverse("fieldwork:plan_new"), {**facts, "risk_order": order.pk, "step": "make"})
        plan = order.plans.get()
        assert "按风险次序" in client.get(reverse("fieldwork:plan", args=[plan.pk])).content.decode()
        first = plan.visits.order_by("due_on", "pk").first()
        assert first.premises_id in {place.pk for place in careless_few[:6]}

    def test_only_who_plans_and_only_their_own(
        self, careless_few: list[Any], department: Any, outsider: Any, reader: Any, client_for: Any
    ) -> None:
        learn(department)
        assert client_for(reader).get(reverse("fieldwork:risks")).status_code == 403
        assert not selectors.list_risk_orders(outsider).exists()
        answer = client_for(outsider).post(reverse("fieldwork:risk_learn"), {"division_code": COUNTY})
        assert answer.status_code == 200
        assert not Job.objects.exists()


class _Silent:
    def tell(self, done: int, total: int, message: str = "") -> None:
        pass
