"""Duties, tasks, special plans."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.models import Action, SpecialPlan, Task
from fangxin.oversight.plans.selectors import returns_on, tasks_on
from fangxin.oversight.plans.services import working

pytestmark = pytest.mark.django_db
TEXTS = dict.fromkeys(
    ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks", "responsible_person"), "已定"
)


@pytest.fixture
def action(plan):
    return plan.actions.get(number=4)


@pytest.fixture
def scheme(action):
    return action.special_plan


def test_an_action_has_one_lead_and_the_former_one_cooperates(action, agencies, office):
    plans.set_duty(action=action, agency=agencies["farm"], duty="A", by=office)
    assert action.lead == agencies["farm"]
    assert action.agencies.get(agency=agencies["market"]).duty == "C"
    assert not action.agencies.filter(agency=agencies["farm"]).exists()
    assert not action.tasks.exclude(accountable=agencies["farm"]).exists()
    assert set(action.returns.values_list("agency", flat=True)) == {agencies["farm"].pk}


def test_a_cooperating_agency_owns_a_part_but_not_the_action(action, agencies, office):
    plans.set_duty(action=action, agency=agencies["health"], duty="R", part="食源性疾病处置", by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        action.agencies.filter(agency=agencies["health"]).update(duty="A")
    with pytest.raises(plans.PlanError, match="具体任务"):
        plans.set_duty(action=action, agency=agencies["health"], duty="R", by=office)


def test_another_countys_agency_gets_no_duty(action, agencies, office):
    with pytest.raises(plans.PlanError, match="不在本方案的范围"):
        plans.set_duty(action=action, agency=agencies["other_office"], duty="C", by=office)


def test_a_task_is_split_to_every_township_once(action, agencies, office):
    task = action.tasks.filter(goal__isnull=False).first()
    made = plans.split_to_townships(task=task, by=office)
    assert {t.division_code for t in made} == {"990101100", "990101200"}
    assert plans.split_to_townships(task=task, by=office) == []
    with pytest.raises(plans.PlanError, match="没有要求各乡镇"):
        plans.split_to_townships(task=Task.objects.filter(action__townships=False).first(), by=office)


def test_a_task_is_done_with_words_and_after_its_parts(action, agencies, office, department):
    task = action.tasks.filter(goal__isnull=False).first()
    parts = plans.split_to_townships(task=task, by=office)
    with pytest.raises(ValidationError):
        plans.finish_task(task=task, by=department)
    with pytest.raises(plans.PlanError, match="分解出去"):
        plans.finish_task(task=task, progress="已完成", by=department)
    for part in parts:
        plans.finish_task(task=part, progress="已完成", by=office)
    assert plans.finish_task(task=task, progress="已完成", by=department).state == "done"
    with pytest.raises(plans.AlreadyMoved):
        plans.cancel_task(task=task, reason="重复", by=office)
    assert working.reopen_task(task=task, reason="证据不实", by=office).done_at is None


def test_completion_counts_what_was_due_and_leaves_out_the_cancelled(action, agencies, office, department):
    market, year_end = agencies["market"], date(2022, 12, 31)
    tasks = list(plans.tasks_of(agency=market, year=2022))
    with ledger.clock.held_at(date(2022, 12, 1)):
        plans.finish_task(task=tasks[0], progress="已完成", by=department)
        plans.cancel_task(task=tasks[1], reason="重复", by=office)
    assert plans.task_completion(agency=market, year=2022, as_of=date(2022, 12, 30)) == (0, 0)
    assert plans.task_completion(agency=market, year=2022, as_of=year_end) == (1, len(tasks) - 1)
    assert plans.task_completion(agency=market, year=2022, as_of=date(2022, 11, 30)).percent is None


def test_indicator_rows_are_as_they_stood_on_the_day(plan, department):
    task = plans.tasks_of(plan=plan, year=2024).first()
    plans.finish_tasks(
        tasks=[task], at=datetime(2024, 5, 6, 9, tzinfo=ledger.clock.LOCAL), progress="已完成", by=department
    )
    rows = {day: tasks_on(day).get(pk=task.pk) for day in (date(2024, 5, 5), date(2024, 5, 6), date(2025, 1, 1))}
    assert [r.state_on for r in rows.values()] == ["open", "done", "done"]
    assert [r.done_on_time for r in rows.values()] == [False, True, True]
    assert [r.due_reached for r in rows.values()] == [False, False, True]
    assert returns_on(date(2023, 3, 25)).filter(due_reached=True).count() == 4 * 4
    assert not tasks_on(date(2022, 1, 1)).exists()


def test_a_scheme_goes_its_whole_way(scheme, agencies, department, second_department, office):
    with pytest.raises(plans.PlanError, match="还没有填写"):
        plans.send_to_countersign(special_plan=scheme, by=department)
    with ledger.clock.held_at(date(2022, 5, 30)):
        plans.save_draft(special_plan=scheme, texts=TEXTS, by=department)
        plans.send_to_countersign(special_plan=scheme, by=department)
        plans.countersign(special_plan=scheme, agency=agencies["farm"], by=office)
        with pytest.raises(plans.PlanError, match="已经会签"):
            plans.countersign(special_plan=scheme, agency=agencies["farm"], by=office)
        with pytest.raises(plans.PlanError, match="不是这项行动的配合单位"):
            plans.countersign(special_plan=scheme, agency=agencies["health"], by=office)
        plans.send_to_review(special_plan=scheme, by=department)
        with pytest.raises(plans.PlanError, match="起草人不能审定"):
            plans.approve(special_plan=scheme, by=department)
        plans.approve(special_plan=scheme, by=second_department)
    plans.file(special_plan=scheme, by=office)
    assert (scheme.state, scheme.days_late(date(2023, 1, 1))) == ("filed", 0)
    assert plans.special_plan_timeliness(agency=agencies["market"]) == (1, 2)


def test_the_database_itself_refuses_an_approver_who_drafted(scheme, department):
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialPlan.objects.filter(pk=scheme.pk).update(
            drafted_at=ledger.clock.now(), drafted_by=department, approved_at=ledger.clock.now(), approved_by=department
        )


def test_a_scheme_sent_after_the_day_is_late_by_days(scheme, department, second_department):
    with ledger.clock.held_at(date(2022, 6, 3)):
        plans.save_draft(special_plan=scheme, texts=TEXTS, by=department)
        plans.send_to_countersign(special_plan=scheme, by=department)
        plans.send_to_review(special_plan=scheme, by=department)
        plans.approve(special_plan=scheme, by=second_department)
    assert scheme.days_late(date(2023, 1, 1)) == 3


def test_a_superseded_plan_is_no_longer_in_force(plan, office):
    plans.supersede(plan=plan, by=office)
    assert plans.current_plan("990101100") is None
    with pytest.raises(plans.PlanError):
        plans.add_task(
            action=Action.objects.first(), title="x", accountable=plan.actions.first().lead,
            due_on=date(2023, 5, 1), by=office,
        )  # fmt: skip
