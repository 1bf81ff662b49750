"""The pages of sampling: who sees what, what a form says, and that lists ask no more for more rows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.kernel.laboratory.models import CustodyStep, Receipt, Sample, SamplingTask
from fangxin.kernel.laboratory.services import receipt, tasks

pytestmark = pytest.mark.django_db
SIGNED = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def url(name, *args):
    return reverse(f"laboratory:{name}", args=args)


def form_of(department, **changes):
    return {
        "subject_name": "柳沟便民超市", "food": "韭菜", "storage": "chilled", "quantity": "4.5", "quantity_unit": "kg",
        "price_paid": "27", "seals": "A-0001", "duplicate_quantity": "1.5", "duplicate_seals": "B-0001",
        "second_sampler": department.pk, "subject_signer": "冯老板", "signature": SIGNED, **changes,
    }  # fmt: skip


def test_the_form_is_saved_with_the_signature(client_for, inspector, department, task):
    client = client_for(inspector)
    page = client.get(url("take", task.pk)).content.decode()
    assert "检样至少 3 kg" in page
    answer = client.post(url("take", task.pk), form_of(department))
    sample = Sample.objects.get()
    assert answer.url == sample.get_absolute_url()
    assert (sample.sampler, sample.subject_signer, sample.duplicate.quantity) == (inspector, "冯老板", Decimal("1.5"))
    shown = client.get(url("sample", sample.pk)).content.decode()
    assert "A-0001" in shown
    assert client.get(url("signature", sample.pk))["Content-Type"] == "image/png"
    paper = client.get(url("sample_form", sample.pk))
    assert paper.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price_paid": ""}, "必填"),
        ({"price_paid": "0"}, "付费购买"),
        ({"second_sampler": ""}, "必填"),
        ({"second_sampler": "10" * 30}, "选择"),
        ({"signature": ""}, "请被抽样单位签字"),
        ({"signature": "data:image/png;base64,!!"}, "没有传完整"),
        ({"duplicate_quantity": "9"}, "小于抽样总数量"),
        ({"quantity": "一"}, "数字"),
        ({"production_on": "2023-13-40"}, "日期"),
        ({"production_on": "2023-04-01"}, "晚于抽样日期"),
        ({"seals": " ， "}, "封条"),
        ({"food": "韭菜\0"}, "空字符"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_nothing(client_for, inspector, department, task, wrong, said):
    page = client_for(inspector).post(url("take", task.pk), form_of(department, **wrong))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Sample.objects.exists()


def test_the_laboratory_sees_what_was_sent_and_answers(client_for, sent, receiver, other_receiver):
    client = client_for(receiver)
    assert sent.number in client.get(url("incoming")).content.decode()
    assert sent.number not in client_for(other_receiver).get(url("incoming")).content.decode()
    assert client_for(other_receiver).get(url("receive", sent.pk)).status_code == 404
    asked = client.post(url("receive", sent.pk), {"accept": "yes"})
    assert "请逐项查验后选择" in asked.content.decode()
    whole = {"seal_intact": "yes", "enough": "yes", "papers_agree": "yes", "accept": "yes"}
    assert client.post(url("receive", sent.pk), whole).status_code == 302
    work = client.get(url("work")).content.decode()
    assert "JY2023-00001" in work
    assert client.get(url("receive", sent.pk)).status_code == 403


def test_a_refusal_comes_back_to_the_samplers_as_work(client_for, sent, receiver, inspector):
    given = {"seal_intact": "no", "enough": "yes", "papers_agree": "yes", "note": "封条脱开", "accept": "no"}
    assert client_for(receiver).post(url("receive", sent.pk), given).status_code == 302
    today = client_for(inspector).get("/").content.decode()
    assert "1份样品被拒收" in today
    assert "封条破损" in client_for(inspector).get(url("sample", sent.pk)).content.decode()


def test_a_blind_sample_tells_the_laboratory_nothing_of_its_origin(client_for, sent, receiver, department):
    Sample.objects.filter(pk=sent.pk).update(blind=True, producer="某厂")
    client = client_for(receiver)
    receipt.receive(
        sample=sent, seal_intact=True, enough=True, papers_agree=True, temperature=None, accept=True, by=receiver
    )
    pages = [url("sample", sent.pk), url("samples"), url("work"), url("samples") + "?q=韭菜", "/search/?q=CY2023"]
    for address in pages:
        page = client.get(address).content.decode()
        assert "柳沟" not in page, address
        assert "某厂" not in page, address
    assert client.get(url("sample_form", sent.pk)).status_code == 404
    assert "柳沟" in client_for(department).get(url("sample", sent.pk)).content.decode()
    sheet = client.get(url("samples") + "?_export=xlsx").content
    assert "柳沟".encode() not in sheet


@pytest.mark.parametrize("name", ["task", "take", "task_assign", "task_cancel"])
def test_outsiders_and_other_townships_find_no_task(client_for, task, outsider, other_township_clerk, receiver, name):
    for person in (outsider, other_township_clerk, receiver):
        assert client_for(person).get(url(name, task.pk)).status_code in (403, 404)


@pytest.mark.parametrize(
    "name", ["sample", "sample_form", "add_photo", "hand_over", "sample_cancel", "name_laboratory"]
)
def test_outsiders_and_other_townships_find_no_sample(
    client_for, sent, outsider, other_township_clerk, other_receiver, administrator, vendor, name
):
    for person in (outsider, other_township_clerk, other_receiver, administrator, vendor):
        assert client_for(person).get(url(name, sent.pk)).status_code in (403, 404)


def test_a_sample_is_invisible_to_its_laboratory_until_it_leaves(client_for, take, receiver):
    assert client_for(receiver).get(url("sample", take().pk)).status_code == 404


@pytest.mark.parametrize("key", [0, 10**30])
def test_no_such_number_is_not_found(client_for, department, receiver, key):
    for name in ("plan", "task", "sample", "draw"):
        assert client_for(department).get(f"/laboratory/{name}s/{key}/").status_code == 404
    assert client_for(receiver).get(f"/laboratory/incoming/{key}/").status_code == 404


def test_handing_over_is_acknowledged_on_a_page(client_for, take, receiver, inspector, testing_house):
    sample = take()
    given = {"part": "duplicate", "to_agency": testing_house.pk, "way": "person", "intact": "yes"}
    assert client_for(inspector).post(url("hand_over", sample.pk), given).status_code == 302
    step = CustodyStep.objects.get()
    assert str(step.sample) in client_for(receiver).get(url("to_take")).content.decode()
    assert client_for(inspector).get(url("take_over", step.pk)).status_code == 404
    assert client_for(receiver).post(url("take_over", step.pk), {"intact": "yes"}).status_code == 302
    sample.duplicate.refresh_from_db()
    assert sample.duplicate.holder == testing_house


def test_many_tasks_are_assigned_at_once(client_for, task, department, inspector, testing_house):
    task.samplers.clear()
    client = client_for(department)
    one = client.post(url("assign_many"), {"chosen": [task.pk], "samplers": [inspector.pk]}, follow=True)
    assert "不少于两名" in one.content.decode()
    given = {"chosen": [task.pk, "x", "10" * 30], "samplers": [inspector.pk, department.pk]}
    assert "已安排1个" in client.post(url("assign_many"), given, follow=True).content.decode()
    assert set(task.samplers.all()) == {inspector, department}


def test_a_complaint_asks_for_a_sample(client_for, department, shop, agencies):
    client = client_for(department)
    assert "柳沟便民超市" in client.get(url("task_new") + "?find=柳沟").content.decode()
    given = {
        "reason": "complaint", "purpose": "complaint", "regime": "market", "stage": "circulation",
        "food_class": "糕点", "food": "面包", "basis": "TS2023-1", "due_on": "2023-03-30", "premises": shop.pk,
    }  # fmt: skip
    assert client.post(url("task_new"), given).status_code == 302
    made = SamplingTask.objects.get()
    assert (made.premises, made.agency, made.reason) == (shop, agencies["market"], "complaint")
    assert "已经过去" in client.post(url("task_new"), {**given, "due_on": "2023-01-01"}).content.decode()


def test_ten_more_rows_ask_no_more(client_for, department, receiver, sent, task, shop, agencies, inspector):
    receipt.receive(sample=sent, seal_intact=True, enough=True, papers_agree=True, accept=True, by=receiver)
    asked = [(client_for(department), url("tasks") + "?state=all"), (client_for(department), url("samples")),
             (client_for(receiver), url("work")), (client_for(department), url("duplicates"))]  # fmt: skip
    before = [_queries(client, address) for client, address in asked]
    for number in range(10):
        _more(number, sent, shop, agencies, inspector, department)
    assert [_queries(client, address) for client, address in asked] == before


def _queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def _more(number, sent, shop, agencies, inspector, department):
    tasks.add_task(
        reason="special", purpose="supervision", regime="market", stage="circulation", division_code=shop.division_code,
        food_class="糕点", premises=shop, agency=agencies["market"], samplers=[inspector, department],
        due_on=date(2023, 4, 1), by=department,
    )  # fmt: skip
    held = sent.duplicate
    row = Receipt.objects.get(lab_number="JY2023-00001")
    sample = Sample.objects.get(pk=sent.pk)
    sample.pk, sample.task, sample.number = None, None, f"CY2023-1{number:04}"
    sample.save()
    held.pk, held.sample = None, sample
    held.save()
    row.pk, row.sample, row.lab_number = None, sample, f"JY2023-1{number:04}"
    row.save()
