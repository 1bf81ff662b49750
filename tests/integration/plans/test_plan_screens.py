"""Screens of plans: who sees what, what bad input does, how many questions a page asks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.kernel.contributing import api as contribute
from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.models import Correction, Plan, Return, SpecialPlan, Task
from fangxin.oversight.plans.services import review

pytestmark = pytest.mark.django_db


@pytest.fixture
def writers(department, second_department):
    return department, second_department


@pytest.fixture
def pages(plan, quarter):
    """One address of every kind of page."""
    item = quarter[2]
    return {
        "list": reverse("plans:list"),
        "plan": reverse("plans:plan", args=[plan.pk]),
        "action": reverse("plans:action", args=[item.action_id]),
        "assignments": reverse("plans:assignments"),
        "tasks": reverse("plans:tasks"),
        "task": reverse("plans:task", args=[plans.tasks_of(plan=plan).filter(action__number=3).first().pk]),
        "special_plans": reverse("plans:special_plans"),
        "special_plan": reverse("plans:special_plan", args=[item.action.special_plan.pk]),
        "returns": reverse("plans:returns"),
        "return_list": reverse("plans:return_list"),
        "return": reverse("plans:return", args=[item.pk]),
        "period": reverse("plans:period", args=[item.period_id]),
    }


def test_everyone_at_work_in_the_county_opens_every_page(pages, client_for, office, department, reader):
    for user in (office, department, reader):
        client = client_for(user)
        assert {name: client.get(url).status_code for name, url in pages.items()} == dict.fromkeys(pages, 200)


def test_a_township_reads_the_plan_and_its_own_tasks(pages, client_for, township_clerk, other_township_clerk, office):
    task = Task.objects.filter(action__number=4).first()
    parts = plans.split_to_townships(task=task, by=office)
    mine = next(t for t in parts if t.division_code == "990101100")
    client, other = client_for(township_clerk), client_for(other_township_clerk)
    for name in ("plan", "action", "assignments", "tasks"):
        assert client.get(pages[name]).status_code == 200
    for name in ("task", "special_plan", "return"):
        assert client.get(pages[name]).status_code == 404
    url = reverse("plans:task", args=[mine.pk])
    assert client.get(url).status_code == 200
    assert other.get(url).status_code == 404
    assert other.post(reverse("plans:task_do", args=[mine.pk]), {"do": "finish", "text": "x"}).status_code == 404


def test_the_next_county_finds_nothing(pages, client_for, outsider):
    client = client_for(outsider)
    for name in ("plan", "action", "task", "special_plan", "return", "period"):
        assert client.get(pages[name]).status_code == 404
    for name in ("list", "tasks", "special_plans", "return_list"):
        assert "共 0 条" in client.get(pages[name]).content.decode()
    assert "还没有正在执行的方案" in client.get(pages["returns"]).content.decode()


def test_those_without_business_are_refused(pages, client_for, administrator, principal, vendor):
    for user in (administrator, principal, vendor):
        client = client_for(user)
        assert {client.get(url).status_code for url in pages.values()} == {403}


def test_only_the_office_reviews_and_confirms(draft, client_for, department, outsider, office):
    review_url, confirm = reverse("plans:review", args=[draft.pk]), reverse("plans:confirm", args=[draft.pk])
    assert client_for(department).get(review_url).status_code == 403
    assert client_for(outsider).get(review_url).status_code == 404
    assert client_for(outsider).post(confirm).status_code == 404
    assert client_for(department).get(reverse("plans:plan", args=[draft.pk])).status_code == 404
    assert client_for(office).get(confirm).status_code == 405
    assert client_for(office).get(review_url).status_code == 200


def test_a_draft_read_by_mistake_is_laid_aside(draft, client_for, office, department):
    client_for(department).post(reverse("plans:discard", args=[draft.pk]))
    assert Plan.objects.get(pk=draft.pk).state == "draft"
    client_for(office).post(reverse("plans:discard", args=[draft.pk]))
    assert Plan.objects.get(pk=draft.pk).state == "superseded"
    assert client_for(department).get(reverse("plans:plan", args=[draft.pk])).status_code == 404
    client_for(office).post(reverse("plans:confirm", args=[draft.pk]))
    assert Plan.objects.get(pk=draft.pk).state == "superseded"


def test_the_clerk_corrects_merges_and_confirms(draft, client_for, office):
    client, field = client_for(office), reverse("plans:review_field", args=[draft.pk])
    names = reverse("plans:review_names", args=[draft.pk])
    goal = draft.goals.get(order=2)
    answer = client.post(field, {"field": f"goal.{goal.pk}.base_year", "value": "2021"}).content.decode()
    assert "已保存 · 食安办 沈静" in answer
    assert 'hx-swap-oob="true"' in answer
    client.post(names, {"do": "all"})
    client.post(names, {"printed": "县公安局", "agency": "new"})
    page = client.get(reverse("plans:review", args=[draft.pk])).content.decode()
    assert "必须处理" not in page
    assert 'value="2021"' in page
    client.post(reverse("plans:confirm", args=[draft.pk]))
    assert Plan.objects.get(pk=draft.pk).state == "confirmed"


@pytest.mark.parametrize(
    "posted",
    [
        {"field": "goal.99999999999999999999999.text", "value": "x"},
        {"field": "goal", "value": "x"},
        {"field": "", "value": ""},
        {"field": "plan.1.state", "value": "confirmed"},
        {"field": "goal.{goal}.value", "value": "1e400"},
        {"field": "goal.{goal}.value", "value": "NaN"},
        {"field": "goal.{goal}.due", "value": "0000-00-00"},
        {"field": "goal.{goal}.text", "value": "a\x00b"},
        {"field": "goal.{goal}.metric", "value": "长" * 300},
        {"field": "goal.{goal}.action", "value": "777777"},
        {"field": "goal.{goal}.base_year", "value": "-5"},
        {"field": "action.{action}.number", "value": "99999999999"},
        {"field": "action.{action}.measures", "value": "行\n" * 300},
    ],
)
def test_a_bad_field_is_answered_in_words(draft, client_for, office, posted):
    rows = {"goal": draft.goals.first().pk, "action": draft.actions.first().pk}
    posted = {"field": posted["field"].format(**rows), "value": posted["value"]}
    answer = client_for(office).post(reverse("plans:review_field", args=[draft.pk]), posted)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_file_that_is_no_plan_leaves_nothing_behind(client_for, office):
    file = SimpleUploadedFile("note.txt", "今天天气很好。".encode())
    page = client_for(office).post(reverse("plans:new"), {"file": file}).content.decode()
    assert "没有建立任何记录" in page
    assert not Plan.objects.exists()


def test_exactly_one_way_of_entering_a_plan(client_for, office):
    page = client_for(office).post(reverse("plans:new"), {"text": "", "reviewed": ""}).content.decode()
    assert "三种方式中选一种" in page


def test_a_departments_day(quarter, client_for, department, second_department, office):
    item = quarter[2]
    write, do = reverse("plans:return_write", args=[item.pk]), reverse("plans:return_do", args=[item.pk])
    client = client_for(department)
    kept = client.post(reverse("plans:return_draft", args=[item.pk]), {"progress": "写到一半"}).json()
    assert kept["saved"]
    assert "写到一半" in client.get(write).content.decode()
    goal = item.action.goals.get()
    wrong = client.post(write, {"progress": "已完成", f"typed-{goal.pk}-numerator": "三十"}).content.decode()
    assert "不是数字" in wrong
    assert "已完成" in wrong
    client.post(write, {"progress": "已完成", "then": "submit"})
    assert Return.objects.get(pk=item.pk).state == "department_review"
    client.post(do, {"do": "approve"})
    assert Return.objects.get(pk=item.pk).state == "department_review"
    client_for(second_department).post(do, {"do": "approve", "text": "同意"})
    assert Return.objects.get(pk=item.pk).state == "submitted"
    client_for(office).post(do, {"do": "return", "text": "请补充"})
    assert Return.objects.get(pk=item.pk).state == "returned"
    assert "请补充" in client.get(write).content.decode()
    client.post(write, {"progress": "已完成并补充", "then": "save"})
    page = client.get(reverse("plans:return_compare", args=[item.pk]) + "?old=1&new=2").content.decode()
    assert "diff-removed" in page
    assert "diff-added" in page


def test_a_department_does_not_touch_anothers_return(quarter, client_for, health_department, department):
    item = quarter[2]
    client = client_for(health_department)
    assert client.get(reverse("plans:return_write", args=[item.pk])).status_code == 404
    assert client.post(reverse("plans:return_draft", args=[item.pk]), {"progress": "x"}).status_code == 404
    plans.write_version(item=item, progress="内部草稿内容", figures=[], by=department)
    assert "内部草稿内容" not in client.get(reverse("plans:return", args=[item.pk])).content.decode()
    client.post(reverse("plans:return_do", args=[item.pk]), {"do": "submit"})
    assert Return.objects.get(pk=item.pk).state == "drafting"


def test_a_reader_changes_nothing(plan, pages, quarter, client_for, reader):
    client, item = client_for(reader), quarter[2]
    client.post(reverse("plans:return_do", args=[item.pk]), {"do": "submit"})
    client.post(reverse("plans:special_plan_do", args=[item.action.special_plan.pk]), {"do": "send"})
    assert client.post(reverse("plans:undo", args=[plan.pk])).status_code == 403
    assert client.post(reverse("plans:duty", args=[item.action_id]), {}).status_code == 403
    assert Return.objects.get(pk=item.pk).state == "not_started"
    assert SpecialPlan.objects.filter(state="drafting").count() == 4


def test_a_special_plan_goes_its_way_on_screen(plan, client_for, writers, health_department, office):
    department, second_department = writers
    scheme = SpecialPlan.objects.get(action__number=3)
    url, do = reverse("plans:special_plan", args=[scheme.pk]), reverse("plans:special_plan_do", args=[scheme.pk])
    texts = dict.fromkeys(
        ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks"), "按方案执行"
    )
    client = client_for(department)
    people = {"responsible_person": "周全", "contact_officer": "吴悠", "contact_phone": "13900001111"}
    client.post(reverse("plans:special_plan_edit", args=[scheme.pk]), texts | people)
    client.post(do, {"do": "send"})
    client_for(health_department).post(do, {"do": "sign", "text": "无意见"})
    client.post(do, {"do": "review"})
    client.post(do, {"do": "approve"})
    scheme.refresh_from_db()
    assert scheme.state == "reviewing"
    client_for(second_department).post(do, {"do": "approve"})
    client_for(office).post(do, {"do": "file"})
    scheme.refresh_from_db()
    assert scheme.state == "filed"
    page = client_for(office).get(url).content.decode()
    assert "139****1111" in page
    assert "13900001111" not in page
    shown = client_for(office).post(
        reverse("plans:special_plan_contact", args=[scheme.pk]), {"purpose": "催办"}, follow=True
    )
    assert "13900001111" in shown.content.decode()


def test_a_matrix_cell_is_changed_and_exported(plan, agencies, client_for, office):
    action = plan.actions.get(number=1)
    url = reverse("plans:duty", args=[action.pk])
    client = client_for(office)
    client.post(url, {"agency": agencies["town"].pk, "duty": "I"})
    assert action.agencies.get(agency=agencies["town"]).duty == "I"
    page = client.post(url, {"agency": agencies["farm"].pk, "duty": "R", "part": ""}).content.decode()
    assert "具体任务" in page
    for name in ("assignments", "returns"):
        file = client.get(reverse(f"plans:{name}") + "?_export=xlsx")
        assert file.content[:2] == b"PK"


@pytest.mark.parametrize("query", ["?plan=x", "?plan=99999999999999999999999", "?plan=-1", "?plan=²"])
def test_a_wrong_plan_in_the_address_is_not_an_error(plan, client_for, office, query):
    for name in ("returns", "assignments"):
        assert client_for(office).get(reverse(f"plans:{name}") + query).status_code in (200, 404)


def test_numbers_beyond_the_database_are_not_found(plan, client_for, office):
    client, huge = client_for(office), 10**30
    for name in ("plan", "action", "task", "special_plan", "return", "period", "review"):
        assert client.get(reverse(f"plans:{name}", args=[huge])).status_code == 404
    assert client.get(reverse("plans:evidence", args=["task", huge, huge])).status_code == 404
    assert client.get(reverse("plans:evidence", args=["other", 1, 1])).status_code == 404


def test_a_file_is_given_to_those_who_may_see_its_task(plan, client_for, department, outsider):
    task = plans.tasks_of(plan=plan).filter(action__number=3).first()
    do = reverse("plans:task_do", args=[task.pk])
    file = SimpleUploadedFile("proof.txt", "照片说明".encode())
    client_for(department).post(do, {"do": "finish", "text": "已完成", "file": file})
    task.refresh_from_db()
    assert task.state == "done"
    url = reverse("plans:evidence", args=["task", task.pk, task.evidence_id])
    assert client_for(department).get(url).content.decode() == "照片说明"
    assert client_for(outsider).get(url).status_code == 404


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_ten_more_rows_ask_no_more_questions(plan, agencies, client_for, office):
    client = client_for(office)
    urls = [reverse("plans:tasks"), reverse("plans:plan", args=[plan.pk]), reverse("plans:returns")]
    before = [queries(client, url) for url in urls]
    action = plan.actions.get(number=3)
    last = Task.objects.filter(action=action).last()
    for _n in range(10):
        last.pk = None
        last.save(force_insert=True)
    assert [queries(client, url) for url in urls] == before
    assert max(before) <= 20


def test_the_review_asks_a_fixed_number_of_questions(draft, client_for, office):
    client, url = client_for(office), reverse("plans:review", args=[draft.pk])
    before = queries(client, url)
    for _n in range(10):
        review.add_row(plan=draft, kind="goal", by=office)
    assert queries(client, url) == before


def test_work_of_today_leads_to_the_lists(plan, client_for, office, department):
    provider = dict(contribute.work_lists.items())["plans"]
    lines = {str(line.label): line.count for line in provider(department)}
    assert lines["待报送工作总结"] == 2
    assert lines["工作总结逾期未报"] == 6
    for user in (office, department):
        for line in provider(user):
            shown = client_for(user).get(line.url).content.decode()
            assert f"共 {line.count} 条" in shown


def test_the_work_of_today_asks_few_questions(plan, office, django_assert_max_num_queries):
    provider = dict(contribute.work_lists.items())["plans"]
    with django_assert_max_num_queries(5):
        assert {str(line.label) for line in provider(office)} == {"各单位逾期未报的工作总结"}


def test_search_finds_actions_only_where_one_may_look(plan, office, outsider):
    find = dict(contribute.searches.items())["plans"]
    assert [hit.label for hit in find(office, "餐饮质量", 5)] == ["实施餐饮质量安全提升行动"]
    assert find(outsider, "餐饮质量", 5) == []


def test_a_timeline_is_only_for_those_who_see_the_thing(plan, office, outsider):
    life = dict(contribute.timelines.items())["plans"]
    assert [str(m.text) for m in life(office, "plans.plan", str(plan.pk))][:1] == ["确认方案"]
    assert life(outsider, "plans.plan", str(plan.pk)) == []
    assert life(office, "plans.plan", "x") == []
