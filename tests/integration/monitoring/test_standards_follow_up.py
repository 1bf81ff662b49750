"""Opinions on standards from the assignment to the province's answer; trainings; standards of enterprises."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from fangxin.actions.monitoring import scenario_standards, selectors
from fangxin.actions.monitoring.models import EnterpriseStandard, Message, Questionnaire, Rumour, Training
from fangxin.actions.monitoring.services import standards
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.registry import api as registry
from fangxin.sim.life import build

pytestmark = pytest.mark.django_db
TOWN = "990101100"
TODAY, DUE = date(2023, 3, 15), date(2023, 4, 28)


@pytest.fixture
def assign(county, health_department):
    def make(respondents=("甲面粉厂", "乙检验所", "丙协会"), due_on=DUE):
        return standards.assign(
            division_code=county, standard_number="GB 2715-2016", standard_name="粮食", respondents=respondents,
            respondent_kind="producer", due_on=due_on, by=health_department,
        )  # fmt: skip

    return make


def test_one_line_a_respondent_and_a_line_twice_writes_nothing(assign):
    with pytest.raises(ValidationError, match="第 3 行“甲厂”重复"):
        assign(["甲厂", "乙厂", "甲厂", ""])
    assert not Questionnaire.objects.exists()
    assert [row.respondent for row in assign(["甲厂", "  ", "乙厂"])] == ["甲厂", "乙厂"]
    with pytest.raises(ValidationError, match="不能在今天以前"):
        assign(due_on=date(2023, 3, 14))


def test_only_what_came_back_and_is_valid_counts(assign, health_department, office):
    first, second, third = assign()
    with pytest.raises(ValidationError, match="有问题的，请写哪一条款"):
        standards.take_return(questionnaire=first, returned_on=TODAY, problem="method", by=health_department)
    standards.take_return(
        questionnaire=first,
        returned_on=TODAY,
        problem="method",
        clause="4.2",
        evidence="方法检出限高于限量",
        by=health_department,
    )
    standards.take_return(questionnaire=second, returned_on=TODAY, problem="none", by=health_department)
    standards.review(questionnaire=first, valid=True, by=office)
    with pytest.raises(ValidationError, match="为什么无效"):
        standards.review(questionnaire=second, valid=False, by=office)
    standards.review(questionnaire=second, valid=False, note="没有写产品", by=office)
    rows = {row.pk: row for row in selectors.questionnaire_rows(TODAY)}
    assert {row.pk for row in rows.values() if row.valid} == {first.pk}
    assert all(row.this_year for row in rows.values())
    assert not any(row.overdue for row in rows.values())
    assert {r.pk for r in selectors.questionnaire_rows(date(2023, 4, 29)) if r.overdue} == {third.pk}
    assert not selectors.questionnaire_rows(date(2023, 3, 14)).exists()


def test_from_invalid_to_returned_again_to_reported_and_adopted(assign, health_department, office):
    row = assign()[0]
    with pytest.raises(ValidationError, match="下达日期到今天之间"):
        standards.take_return(questionnaire=row, returned_on=date(2023, 3, 16), problem="none", by=health_department)
    standards.take_return(questionnaire=row, returned_on=TODAY, problem="none", by=health_department)
    standards.review(questionnaire=row, valid=False, note="空白", by=office)
    standards.take_return(questionnaire=row, returned_on=TODAY, problem="none", product="小麦粉", by=health_department)
    assert (row.reviewed_on, row.review_note) == (None, "")
    standards.review(questionnaire=row, valid=True, by=office)
    standards.undo_review(questionnaire=row, by=office)
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        standards.report(questionnaire=row, by=office)
    standards.review(questionnaire=row, valid=True, by=office)
    standards.report(questionnaire=row, by=office)
    standards.record_outcome(questionnaire=row, outcome="adopted", by=office)
    assert (row.state, row.outcome, row.reported_on) == ("reported", "adopted", TODAY)


def test_a_training_is_recorded_and_taken_back_once(county, health_department):
    values = {"topic": "standards", "title": "宣贯", "audience": "企业", "people": 20, "hours": Decimal("4")}
    with pytest.raises(ValidationError, match="合格人数不能多于参加人数"):
        standards.record_training(division_code=county, held_on=TODAY, passed=21, by=health_department, **values)
    row = standards.record_training(division_code=county, held_on=TODAY, passed=20, by=health_department, **values)
    standards.take_back_training(training=row, reason="重复登记", by=health_department)
    with pytest.raises(ValidationError, match="已经撤销"):
        standards.take_back_training(training=row, reason="重复登记", by=health_department)
    assert Training.objects.count() == 1


def test_an_enterprise_standard_is_filed_ended_and_brought_back(county, department, health_department, client_for):
    operator = registry.register_operator(
        name="麦香食品厂",
        kind="enterprise",
        division_code=TOWN,
        uscc=make_credit_code(division="410101", serial=1),
        by=department,
    )
    place = registry.register_premises(
        operator=operator, name="麦香食品厂", kind="food_producer", division_code=TOWN, by=department
    )
    client = client_for(health_department)
    sent = {
        "place": place.number, "number": "Q/MX 0001S-2023", "name": "挂面", "filing_number": "990001",
        "filed_on": "2023-03-01", "valid_until": "2023-02-01", "stricter": "水分更低",
    }  # fmt: skip
    assert "有效期早于备案日期" in client.post(reverse("monitoring:own_standard_new"), sent).content.decode()
    client.post(reverse("monitoring:own_standard_new"), sent | {"valid_until": "2023-03-10"})
    row = EnterpriseStandard.objects.get()
    assert "已过期" in client.get(row.get_absolute_url()).content.decode()
    standards.withdraw_own_standard(standard=row, reason="停产", by=health_department)
    assert "已停用" in client.get(reverse("monitoring:own_standards"), {"standing": "withdrawn"}).content.decode()
    standards.restore_own_standard(standard=row, by=health_department)
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        standards.restore_own_standard(standard=row, by=health_department)
    missing = client.post(reverse("monitoring:own_standard_new"), sent | {"place": "没有"}).content.decode()
    assert "底册里没有这个编号" in missing


def test_the_database_refuses_what_the_services_would(assign):
    row = assign()[0]
    for wrong in ({"state": "valid"}, {"outcome": "adopted"}, {"due_on": date(2023, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Questionnaire.objects.filter(pk=row.pk).update(**wrong)


def test_every_page_opens_and_lists_are_narrowed(assign, office, reader, client_for):
    row = assign()[0]
    for name in ("messages", "rumours", "questionnaires", "trainings", "own_standards"):
        for person in (office, reader):
            assert client_for(person).get(reverse(f"monitoring:{name}")).status_code == 200, name
    for name in ("message_new", "rumour_new", "questionnaire_new", "training_new", "own_standard_new"):
        assert client_for(office).get(reverse(f"monitoring:{name}")).status_code == 200, name
        assert client_for(reader).get(reverse(f"monitoring:{name}")).status_code == 403, name
    page = reverse("monitoring:questionnaires")
    assert row.number in client_for(office).get(page, {"text": "甲面粉"}).content.decode()
    assert row.number not in client_for(office).get(page, {"when": "late"}).content.decode()
    assert client_for(office).get(row.get_absolute_url()).status_code == 200


def test_questionnaires_are_assigned_from_pasted_lines(county, office, client_for):
    sent = {
        "division_code": county, "standard_number": "GB 2761-2017", "standard_name": "真菌毒素限量", "respondent_kind": "laboratory",
        "respondents": "一所\r\n二所\r\n", "due_on": "2023-05-01",
    }  # fmt: skip
    client_for(office).post(reverse("monitoring:questionnaire_new"), sent)
    assert list(Questionnaire.objects.order_by("number").values_list("respondent", flat=True)) == ["一所", "二所"]


def test_the_synthetic_county_has_opinions_messages_and_work_left(monkeypatch):
    monkeypatch.setattr(contribute, "scenarios", {"monitoring.standards": (46, scenario_standards.live)})
    build(seed=3, scale=0.02)
    states = set(Questionnaire.objects.values_list("state", flat=True))
    assert {"assigned", "returned", "valid", "reported"} <= states
    assert Message.objects.filter(state="released").count() == 4
    assert Message.objects.filter(state="submitted").count() == 1
    assert set(Rumour.objects.values_list("state", flat=True)) == {"open", "refuted"}
    assert Training.objects.count() == 2
    assert EnterpriseStandard.objects.exists()
