"""From what was read to actions, tasks, special plans and return dates."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.models import Correction, Plan, Return, SpecialPlan, Task
from fangxin.oversight.plans.selectors import list_unresolved
from fangxin.oversight.plans.services import review
from fangxin.oversight.plans.services.naming import accept_proposals, list_names

pytestmark = pytest.mark.django_db


def test_a_draft_keeps_everything_that_was_read(draft):
    assert draft.state == Plan.State.DRAFT
    assert [a.code for a in draft.actions.all()] == ["monitoring", "farm_inputs", "catering", "rural_food"]
    assert [g.bound for g in draft.goals.all()] == ["达到里程碑", "下降", "不低于100%", "大于80%"]
    assert draft.deadlines.filter(purpose="return").count() == 4
    assert draft.deadlines.get(purpose="special_plan").on == date(2022, 5, 31)
    assert draft.reading["sources"]["/title"] == {"offset": 0, "quote": "云桥县"}


def test_printed_names_propose_agencies_whatever_stands_in_front(draft, agencies):
    proposed = {name.printed: name.proposed or name.agency for name in list_names(draft)}
    assert proposed["县卫健委"] == agencies["health"]
    assert proposed["农业农村局"] == agencies["farm"]
    assert proposed["县市场监管局"] == agencies["market"]
    assert proposed["县公安局"] is None


def test_a_plan_without_resolved_leads_is_not_confirmed(draft, office):
    blocking = [item.text for item in list_unresolved(draft) if item.blocking]
    assert len(blocking) == 4
    with pytest.raises(plans.PlanError, match="牵头单位没有对应到机构"):
        plans.confirm(plan=draft, by=office)
    assert not Task.objects.exists()


def test_merging_a_name_settles_it_everywhere_and_is_remembered(draft, agencies, office):
    assert accept_proposals(plan=draft, by=office) == 3
    assert set(agencies["market"].other_names.values_list("name", flat=True)) == {"县市场监管局"}
    assert [a.lead for a in draft.actions.filter(number__in=(3, 4))] == [agencies["market"]] * 2
    made = review.create_for_name(plan=draft, printed="县公安局", by=office)
    assert (made.name, made.short_name, made.kind) == ("云桥县公安局", "公安局", "department")
    assert not [name for name in list_names(draft) if name.agency is None]


def test_confirmation_makes_tasks_schemes_periods_and_returns(plan):
    assert plan.state == Plan.State.CONFIRMED
    measurable, milestones, measures = 3, 1, 5
    assert Task.objects.count() == 3 * (measurable + measures) + milestones
    assert set(SpecialPlan.objects.values_list("due_on", flat=True)) == {date(2022, 5, 31)}
    assert list(plan.periods.values_list("code", flat=True)) == [
        "2022-Q2", "2022-Q3", "2022-ANNUAL",
        "2023-Q1", "2023-Q2", "2023-Q3", "2023-ANNUAL",
        "2024-Q1", "2024-Q2", "2024-Q3", "2024-ANNUAL",
    ]  # fmt: skip
    assert Return.objects.count() == 11 * 4


def test_the_periods_lie_end_to_end_from_the_day_of_issue(plan):
    periods = list(plan.periods.all())
    assert periods[0].opens_on == date(2022, 5, 19)
    assert all((b.opens_on - a.due_on).days == 1 for a, b in pairwise(periods))


def test_a_goal_becomes_one_task_a_year_and_a_milestone_one_in_all(plan):
    tasks = Task.objects.filter(goal__text__startswith="农村食品经营店").order_by("year")
    assert [(t.year, t.due_on) for t in tasks] == [(y, date(y, 12, 31)) for y in (2022, 2023, 2024)]
    assert tasks[0].title == "农村食品经营店规范化建设达标率：大于80%"
    assert [t.year for t in Task.objects.filter(goal__comparison="milestone")] == [2024]


def test_confirmation_is_taken_back_while_nothing_was_written(plan, office):
    plans.undo_confirm(plan=plan, by=office)
    assert plan.state == Plan.State.DRAFT
    assert not Task.objects.exists()
    assert not Return.objects.exists()
    assert not plan.periods.exists()
    assert plans.confirm(plan=plan, by=office).periods.count() == 11


def test_confirmation_stays_when_somebody_has_written(plan, quarter, department, office):
    plans.write_version(item=quarter[2], progress="已开展。", figures=[], by=department)
    with pytest.raises(plans.PlanError, match="已有单位填写了工作总结"):
        plans.undo_confirm(plan=plan, by=office)
    assert Return.objects.count() == 44


def test_two_people_confirm_and_only_the_first_does(draft, office, second_office):
    accept_proposals(plan=draft, by=office)
    same = Plan.objects.get(pk=draft.pk)
    plans.confirm(plan=draft, by=office)
    with pytest.raises(plans.AlreadyMoved):
        plans.confirm(plan=same, by=second_office)
    assert Return.objects.count() == 44


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("goal", "value", "很多"),
        ("goal", "due", "2024-13-01"),
        ("plan", "issued_on", "x"),
        ("deadline", "month_day", "2-30"),
        ("action", "number", "-1"),
        ("goal", "comparison", "?"),
        ("plan", "title", " "),
    ],
)
def test_a_wrong_value_is_refused_and_changes_nothing(draft, office, kind, field, value):
    row = {
        "plan": draft,
        "goal": draft.goals.first(),
        "deadline": draft.deadlines.first(),
        "action": draft.actions.first(),
    }
    with pytest.raises(ValidationError):
        review.correct(plan=draft, kind=kind, pk=row[kind].pk, field=field, value=value, by=office)
    assert not Correction.objects.exists()


def test_a_correction_says_who_changed_what(draft, office):
    goal = draft.goals.first()
    review.correct(plan=draft, kind="goal", pk=goal.pk, field="metric", value="监测点覆盖率", by=office)
    note = Correction.objects.get()
    assert (note.before, note.after, note.by) == ("风险监测体系", "监测点覆盖率", office)


def test_state_and_foreign_rows_cannot_be_corrected(draft, office):
    with pytest.raises(plans.PlanError):
        review.correct(plan=draft, kind="plan", pk=draft.pk, field="state", value="confirmed", by=office)
    with pytest.raises(plans.PlanError):
        review.correct(plan=draft, kind="goal", pk=10**17, field="text", value="x", by=office)


def test_removing_an_action_keeps_its_goals_for_another(draft, office):
    action = draft.actions.get(number=4)
    review.remove_row(plan=draft, kind="action", pk=action.pk, by=office)
    assert draft.goals.get(order=4).action is None


def test_a_plan_of_another_county_with_thirteen_actions_needs_no_change(facts, agencies, office, outsider):
    actions = tuple(replace(facts.actions[n % 4], number=n + 1) for n in range(13))
    other = plans.load_confirmed_plan(
        replace(facts, actions=actions, title="河湾县食品安全专项行动方案"), division_code="990102", by=outsider
    )
    assert other.actions.count() == 13
    assert plans.returns_of(plan=other).count() == 13 * 11
    assert {a.lead.division_code for a in other.actions.all()} == {"990102"}
    assert plans.current_plan("990102100") == other
    assert plans.current_plan("990101") is None


def test_each_measurable_goal_finds_the_indicator_that_computes_it(indicators, draft):
    codes = {goal.metric: goal.indicator_code for goal in draft.goals.all()}
    assert codes["明厨亮灶实施率"] == "M06-1"
    assert codes["农村食品经营店规范化建设达标率"] == "M05-1"
    assert len(set(codes.values())) == len(codes)
