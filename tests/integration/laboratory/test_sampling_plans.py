"""The yearly plan and the draw of whom to sample."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.integration.laboratory.conftest import COUNTY, OTHER_TOWN, TOWN, add_shop

from fangxin.engines import sampling
from fangxin.kernel.laboratory.models import PlanLine, SampleVerdict, SamplingDraw, SamplingPlan, SamplingTask
from fangxin.kernel.laboratory.services import draws, plans
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
CLASSES = ["食用农产品", "糕点"]


@pytest.fixture
def shops(county):
    here = [add_shop(f"石门{n}号店", f"{TOWN}201") for n in range(6)]
    return here + [add_shop(f"青杨{n}号店", f"{OTHER_TOWN}201") for n in range(2)]


@pytest.fixture
def plan(shops, agencies, department):
    return plans.make_plan(
        year=2023, agency=agencies["market"], division_code=COUNTY, total=20, food_classes=CLASSES, by=department
    )


@pytest.fixture
def approved(plan, second_department):
    return plans.approve_plan(plan=plan, by=second_department)


def test_the_proposal_is_whole_and_covers_every_class_and_township(plan):
    lines = list(plan.lines.all())
    assert sum(line.planned for line in lines) == 20
    by_class, by_town = Counter(), Counter()
    for line in lines:
        by_class[line.food_class, line.stage] += line.planned
        by_town[line.division_code] += line.planned
    assert min(by_class.values()) >= 1
    assert set(by_town) == {TOWN, OTHER_TOWN}
    assert min(by_town.values()) >= 1


def test_where_much_failed_more_is_planned(shops, agencies, department, second_department, sent):
    def planned():
        made = plans.make_plan(
            year=2023, agency=agencies["market"], division_code=COUNTY, total=40, food_classes=CLASSES, by=department
        )
        line = made.lines.get(food_class="食用农产品", stage="circulation", division_code=TOWN)
        plans.withdraw_plan(plan=made, reason="再算一次", by=department)
        return line

    before = planned()
    made_at = ledger.clock.now()
    SampleVerdict.objects.create(
        sample=sent,
        division_code=sent.division_code,
        outcome="nonconforming",
        made_at=made_at,
        made_on=date(2023, 3, 1),
    )
    after = planned()
    assert (after.past_failed, after.past_tested) == (1, 1)
    assert after.planned > before.planned


def test_too_small_a_total_says_what_is_needed(shops, agencies, department):
    with pytest.raises(ValidationError, match="至少要"):
        plans.make_plan(
            year=2023, agency=agencies["market"], division_code=COUNTY, total=1, food_classes=CLASSES, by=department
        )


def test_too_large_a_total_says_what_there_is(shops, agencies, department):
    with pytest.raises(ValidationError, match="最多够抽"):
        plans.make_plan(
            year=2023, agency=agencies["market"], division_code=COUNTY, total=5000, food_classes=CLASSES, by=department
        )


def test_a_change_needs_a_reason_and_stays_beside_the_proposal(plan, department):
    line = plan.lines.filter(planned__gt=0).first()
    with pytest.raises(ValidationError) as error:
        plans.change_line(line=line, planned=line.proposed + 3, reason=" ", by=department)
    assert "reason" in error.value.message_dict
    plans.change_line(line=line, planned=line.proposed + 3, reason="节前加密", by=department)
    line.refresh_from_db()
    assert (line.planned - line.proposed, line.reason, line.changed_by) == (3, "节前加密", "market")
    plans.change_line(line=line, planned=line.proposed, reason="", by=department)
    assert line.reason == ""


def test_who_made_the_plan_does_not_approve_it(plan, department, second_department):
    with pytest.raises(ValidationError, match="另一人"):
        plans.approve_plan(plan=plan, by=department)
    plans.approve_plan(plan=plan, by=second_department)
    assert plan.state == "approved"
    with pytest.raises(ValidationError):
        plans.approve_plan(plan=plan, by=second_department)
    with pytest.raises(ValidationError, match="不是草稿"):
        plans.change_line(line=plan.lines.first(), planned=1, reason="晚了", by=department)


def test_one_plan_a_year_of_a_kind(plan, agencies, department):
    with pytest.raises(ValidationError, match="已有同类抽检计划"):
        plans.make_plan(
            year=2023, agency=agencies["market"], division_code=COUNTY, total=20, food_classes=CLASSES, by=department
        )


def test_the_draw_is_sealed_drawn_and_can_be_drawn_again(approved, department, inspector):
    line = approved.lines.filter(planned__gt=0, stage="circulation").first()
    draw = draws.commit_draw(
        plan=approved, food_class=line.food_class, stage="circulation", public_source="3月20日双色球",
        due_on=date(2023, 6, 30), by=department,
    )  # fmt: skip
    assert not SamplingTask.objects.exists()
    draws.run_draw(draw=draw, public_value="03 07 12 19 25 31 + 08", by=department)
    assert sampling.verify_result(ledger.read_evidence(draw.result)).reproduced
    made = SamplingTask.objects.filter(draw=draw)
    owed = {
        one.division_code: one.planned for one in approved.lines.filter(food_class=line.food_class, stage="circulation")
    }
    for task in made:
        assert task.samplers.count() == 2
        assert task.plan_line.division_code == task.division_code[:9]
    per_town = Counter(task.division_code[:9] for task in made)
    assert all(per_town[town] <= owed[town] for town in per_town)
    with pytest.raises(ValidationError):
        draws.run_draw(draw=draw, public_value="1", by=department)
    draws.withdraw_draw(draw=draw, reason="名单有误", by=department)
    assert set(made.values_list("state", flat=True)) == {"cancelled"}


def test_a_draft_is_not_drawn_from(plan, department):
    with pytest.raises(ValidationError, match="批准以后"):
        draws.commit_draw(
            plan=plan,
            food_class="糕点",
            stage="circulation",
            public_source="x",
            due_on=date(2023, 6, 30),
            by=department,
        )
    assert not SamplingDraw.objects.exists()


def test_a_withdrawn_plan_takes_its_open_tasks_along(approved, department, inspector):
    draw = draws.commit_draw(
        plan=approved, food_class="糕点", stage="circulation", public_source="3月20日双色球",
        due_on=date(2023, 6, 30), share=Decimal("0.25"), by=department,
    )  # fmt: skip
    draws.run_draw(draw=draw, public_value="7", by=department)
    plans.withdraw_plan(plan=approved, reason="调整任务", by=department)
    assert not SamplingTask.objects.filter(state="open").exists()


def test_the_plan_is_made_changed_and_drawn_on_pages(
    client_for, shops, agencies, department, second_department, outsider
):
    client = client_for(department)
    given = {
        "year": 2023, "division_code": COUNTY, "agency": agencies["market"].pk, "purpose": "supervision",
        "regime": "market", "total": 20, "floor": 1, "township_floor": 1, "learning": 30, "food_classes": CLASSES,
    }  # fmt: skip
    assert client.post(reverse("laboratory:plan_new"), {**given, "total": 1}).status_code == 200
    assert client.post(reverse("laboratory:plan_new"), given).status_code == 302
    plan = SamplingPlan.objects.get()
    page, lines = reverse("laboratory:plan", args=[plan.pk]), reverse("laboratory:lines", args=[plan.pk])
    assert "糕点" in client.get(page).content.decode()
    assert client.get(lines + "?_export=xlsx").content.startswith(b"PK")
    line = PlanLine.objects.filter(plan=plan, planned__gt=0).first()
    change = reverse("laboratory:line", args=[plan.pk, line.pk])
    assert "写明理由" in client.post(change, {"planned": line.planned + 1}).content.decode()
    assert client.post(change, {"planned": line.planned + 1, "reason": "加密"}).status_code == 302
    client.post(reverse("laboratory:plan_approve", args=[plan.pk]))
    assert SamplingPlan.objects.get().state == "draft"
    client_for(second_department).post(reverse("laboratory:plan_approve", args=[plan.pk]))
    assert SamplingPlan.objects.get().state == "approved"
    draw = reverse("laboratory:draw_new", args=[plan.pk, "circulation", "糕点"])
    assert client.post(draw, {"public_source": "双色球", "share": 100, "due_on": "2023-06-30"}).status_code == 302
    assert client.get(reverse("laboratory:draw", args=[SamplingDraw.objects.get().pk])).status_code == 200
    assert client.get(reverse("laboratory:draw_new", args=[plan.pk, "circulation", "没有这一类"])).status_code == 404
    for address in (page, lines, change, draw):
        assert client_for(outsider).get(address).status_code == 404
