"""Case reports from the doctor's page to the final review; the clock, what contradicts itself, who the patient is, months without a case."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fangxin.actions.monitoring import scenario_cases
from fangxin.actions.monitoring import selectors_cases as selectors
from fangxin.actions.monitoring.models import CaseIdentity, CaseReport, ZeroReport
from fangxin.actions.monitoring.services import cases
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.models import Entry
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.sim.life import build

pytestmark = pytest.mark.django_db
TOWN = "990101100"
NOW = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)


def _person(username, agency, role, code):
    user = people.User.objects.create(username=username, name=username, password_changed_at=ledger.clock.now())
    people.give_post(user=user, agency=agency, role=role, division_code=code, starts_on=date(2022, 1, 1), by=None)
    return user


@pytest.fixture
def hospital(county, department):
    agency = people.create_agency(
        name="石门镇卫生院", short_name="石门卫生院", kind="institution", division_code=TOWN, by=None
    )
    operator = registry.register_operator(
        name="石门镇卫生院", kind="institution", division_code=TOWN, uscc=make_credit_code(division="410101", serial=7), agency=agency,
        by=department,
    )  # fmt: skip
    return registry.register_premises(
        operator=operator, name="石门镇卫生院", kind="health_institution", division_code=TOWN, by=department
    )


@pytest.fixture
def doctor(hospital):
    return _person("doctor", hospital.operator.agency, "institution", TOWN)


@pytest.fixture
def cdc(county):
    agency = people.create_agency(
        name="云桥县疾病预防控制中心", short_name="疾控中心", kind="institution", division_code=county, by=None
    )
    return _person("cdc", agency, "epidemiologist", county)


FACTS = {
    "sex": "female", "born_on": date(2015, 5, 1), "occupation": "pupil", "belongs": "county", "division_code": TOWN,
    "onset_at": NOW - timedelta(hours=9), "seen_at": NOW - timedelta(hours=1), "diagnosed_on": date(2023, 3, 15),
    "symptoms": ["diarrhoea", "vomiting"], "diagnosis": "急性胃肠炎",
}  # fmt: skip
FOOD = {"food": "凉拌黄瓜", "food_class": "cold_dish", "packing": "catering", "place_type": "school_canteen", "place": "一小食堂",
        "eaten_at": NOW - timedelta(hours=20)}  # fmt: skip
WHO = {"name": "林晓（虚构）", "phone": "13800000000"}


@pytest.fixture
def write(hospital, doctor):
    def make(case=None, foods=(FOOD,), **facts):
        return cases.write(
            institution=hospital, facts=FACTS | facts, identity=WHO, exposures=list(foods), case=case, by=doctor
        )

    return make


@pytest.mark.parametrize(
    ("diagnosed", "due"),
    [
        (date(2022, 9, 30), date(2022, 10, 9)), (date(2023, 1, 19), date(2023, 1, 28)), (date(2022, 6, 2), date(2022, 6, 7)),
        (date(2023, 3, 15), date(2023, 3, 17)), (date(2023, 3, 17), date(2023, 3, 21)),
    ],
)  # fmt: skip
def test_two_working_days_by_the_calendar_of_china(county, diagnosed, due):
    assert cases.report_by(diagnosed) == due


def test_from_the_draft_to_the_final_review(write, doctor, cdc):
    row = write()
    assert (row.state, row.due_on) == ("draft", date(2023, 3, 17))
    assert not selectors.list_cases(cdc).exists()
    cases.report(case=row, by=doctor)
    assert list(selectors.list_cases(cdc)) == [row]
    with pytest.raises(ValidationError, match="哪里要订正"):
        cases.send_back(case=row, note=" ", by=cdc)
    cases.send_back(case=row, note="补进食地点", by=cdc)
    row = write(case=row, foods=[FOOD | {"place": "一小二楼"}])
    assert (row.state, row.returns, row.exposures.get().place) == ("reported", 1, "一小二楼")
    cases.accept(case=row, by=cdc)
    row = write(case=row, diagnosis="诺如病毒感染")
    assert row.state == "reported"
    cases.accept(case=row, by=cdc)
    cases.finish(case=row, by=cdc)
    with pytest.raises(ValidationError, match="不能修改"):
        write(case=row)
    cases.reopen(case=row, by=cdc)
    assert row.state == "accepted"


@pytest.mark.parametrize(
    ("facts", "food", "words"),
    [
        ({"onset_at": NOW}, {}, "发病时间在就诊时间以后"), ({"seen_at": NOW + timedelta(hours=1)}, {}, "不能在现在以后"),
        ({"diagnosed_on": date(2023, 3, 14)}, {}, "诊断日期应在"), ({"born_on": date(2023, 3, 16)}, {}, "出生日期在发病以后"),
        ({"symptoms": []}, {}, "至少选一项症状"), ({}, {"eaten_at": NOW - timedelta(hours=2)}, "第 1 种食品“凉拌黄瓜”的进食时间在发病以后"),
        ({"onset_at": NOW - timedelta(days=500)}, {"eaten_at": NOW - timedelta(days=501)}, "超过一年"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told_and_nothing_is_written(write, facts, food, words):
    with pytest.raises(ValidationError, match=words):
        write(foods=[FOOD | food], **facts)
    assert not CaseReport.objects.exists()
    with pytest.raises(ValidationError, match="至少填一种可疑食品"):
        write(foods=[])


def test_late_is_counted_by_the_day_it_was_reported(write, doctor):
    early, late, gone = write(), write(), write()
    cases.report(case=early, by=doctor)
    cases.report(case=gone, by=doctor)
    cases.delete(case=gone, reason="重复", by=doctor)
    with ledger.clock.held_at(NOW + timedelta(days=3)):
        assert list(selectors.late_drafts(CaseReport.objects.all(), ledger.clock.today())) == [late]
        cases.report(case=late, by=doctor)
    counted = {row.pk: row.timely for row in selectors.case_rows(date(2023, 3, 18))}
    assert counted == {early.pk: True, late.pk: False}
    assert not selectors.case_rows(date(2023, 3, 14)).exists()
    assert selectors.case_rows(date(2023, 3, 15)).count() == 1


def test_a_deleted_case_stays_and_comes_back_where_it_was(write, doctor, cdc):
    row = write()
    cases.report(case=row, by=doctor)
    cases.delete(case=row, reason="重复报告", by=cdc)
    assert not selectors.case_rows(date(2023, 3, 15)).exists()
    cases.restore(case=row, by=cdc)
    assert (row.state, row.deleted_from) == ("reported", "")
    cases.accept(case=row, by=cdc)
    cases.finish(case=row, by=cdc)
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        cases.delete(case=row, reason="x", by=cdc)


def test_who_the_patient_is_opens_for_a_purpose_that_is_kept_and_nowhere_else(
    write, doctor, cdc, office, department, outsider, client_for
):
    row = write()
    cases.report(case=row, by=doctor)
    page = reverse("monitoring:case_identity", args=[row.pk])
    for person in (doctor, cdc):
        client = client_for(person)
        for shown in (row.get_absolute_url(), reverse("monitoring:cases"), "/"):
            assert "林晓" not in client.get(shown).content.decode()
        assert "林晓" not in client.get(page).content.decode()
        assert "林晓" not in client.post(page, {"purpose": ""}).content.decode()
    before = Entry.objects.filter(event="people.personal_data.viewed").count()
    assert "林晓" in client_for(cdc).post(page, {"purpose": "核实聚集"}).content.decode()
    entries = Entry.objects.filter(event="people.personal_data.viewed")
    assert entries.count() == before + 1
    assert "核实聚集" in entries.last().data
    for person in (office, department):
        assert client_for(person).post(page, {"purpose": "好奇"}).status_code == 403
    assert client_for(outsider).post(page, {"purpose": "好奇"}).status_code in (403, 404)
    # The ledger says which fields were written, never what stands in them.
    assert not Entry.objects.filter(data__contains="林晓").exists()
    sheet = client_for(cdc).get(reverse("monitoring:cases"), {"_export": "xlsx"})
    assert sheet.status_code == 200
    assert "林晓".encode() not in b"".join(sheet) if sheet.streaming else "林晓".encode() not in sheet.content


def test_another_hospital_sees_nothing(write, county, department, client_for):
    row = write()
    agency = people.create_agency(
        name="青杨乡卫生院", short_name="青杨卫生院", kind="institution", division_code="990101200", by=None
    )
    other = _person("doctor2", agency, "institution", "990101200")
    assert client_for(other).get(row.get_absolute_url()).status_code == 404
    assert client_for(other).post(reverse("monitoring:case_act", args=[row.pk, "report"])).status_code == 404
    assert "没有医疗机构" in client_for(other).get(reverse("monitoring:case_new"), follow=True).content.decode()


def test_zero_reports(write, hospital, doctor, cdc, client_for):
    with pytest.raises(ValidationError, match="还没有过完"):
        cases.tell_zero(institution=hospital, month=date(2023, 3, 1), by=doctor)
    write()
    with pytest.raises(ValidationError, match="有病例"), ledger.clock.held_at(NOW + timedelta(days=20)):
        cases.tell_zero(institution=hospital, month=date(2023, 3, 1), by=doctor)
    client = client_for(doctor)
    client.post(reverse("monitoring:zero_tell", args=[hospital.pk]), {"month": "2023-02-01"})
    assert ZeroReport.objects.get().month == date(2023, 2, 1)
    client.post(reverse("monitoring:zero_tell", args=[hospital.pk]), {"month": "2023-02-01"})
    assert ZeroReport.objects.count() == 1
    page = client_for(cdc).get(reverse("monitoring:coverage")).content.decode()
    assert "上月 1 / 1 家" in page
    assert "没有报告" in page
    client.post(reverse("monitoring:zero_undo", args=[ZeroReport.objects.get().pk]))
    assert "上月 0 / 1 家" in client_for(cdc).get(reverse("monitoring:coverage")).content.decode()
    client.post(reverse("monitoring:zero_tell", args=[hospital.pk]), {"month": "nonsense"})
    assert not ZeroReport.objects.filter(undone_at=None).exists()


SENT = {
    "name": "林晓（虚构）", "sex": "female", "born_on": "2015-05-01", "phone": "13800000000", "occupation": "pupil", "belongs": "county",
    "division_code": TOWN, "onset_at": "2023-03-15T00:00", "seen_at": "2023-03-15T08:00", "diagnosed_on": "2023-03-15",
    "diagnosis": "急性胃肠炎", "symptoms": ["diarrhoea"], "more_symptoms": ["headache"],
    "food-TOTAL_FORMS": "2", "food-INITIAL_FORMS": "0", "food-MIN_NUM_FORMS": "0", "food-MAX_NUM_FORMS": "8",
    "food-0-food": "凉拌黄瓜", "food-0-eaten_at": "2023-03-14T12:00", "food-0-place_type": "school_canteen", "food-0-place": "一小食堂",
    "food-0-food_class": "cold_dish", "food-0-packing": "catering", "food-0-others_ill": "yes",
    "food-1-food": "", "food-1-eaten_at": "", "food-1-place_type": "home", "food-1-food_class": "unknown", "food-1-packing": "home",
    "food-1-others_ill": "unknown",
}  # fmt: skip


def test_the_doctors_page_saves_a_draft_or_reports_at_once(doctor, client_for):
    client = client_for(doctor)
    assert client.get(reverse("monitoring:case_new")).status_code == 200
    client.post(reverse("monitoring:case_new"), SENT)
    row = CaseReport.objects.get()
    assert (row.state, row.symptoms, row.exposures.count()) == ("draft", ["diarrhoea", "headache"], 1)
    edit = client.get(reverse("monitoring:case_edit", args=[row.pk])).content.decode()
    assert "林晓" in edit
    assert "一小食堂" in edit
    client.post(reverse("monitoring:case_edit", args=[row.pk]), SENT | {"report": "1", "food-0-place": "一小二楼"})
    row.refresh_from_db()
    assert (row.state, row.exposures.get().place) == ("reported", "一小二楼")
    assert CaseIdentity.objects.count() == 1
    answer = client.get(reverse("monitoring:case_edit", args=[row.pk]), follow=True)
    assert "等县疾控审核" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"food-0-food": ""}, "至少填一种可疑食品"), ({"food-0-eaten_at": ""}, "这个字段是必填项"), ({"onset_at": "2023-03-15T08:30"}, "发病时间在就诊时间以后"),
        ({"symptoms": [], "more_symptoms": []}, "至少选一项症状"), ({"temperature": "99"}, "43"), ({"food-TOTAL_FORMS": "900"}, "8"),
        ({"food-0-eaten_at": "2023-03-15T07:00"}, "进食时间在发病以后"), ({"division_code": "990102100"}, "990102100"),
    ],
)  # fmt: skip
def test_a_wrong_page_comes_back_with_reasons_and_everything_typed(doctor, client_for, changes, words):
    answer = client_for(doctor).post(reverse("monitoring:case_new"), SENT | changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert "林晓" in page
    assert not CaseReport.objects.exists()


def test_the_county_reviews_on_the_page_and_cannot_write(write, doctor, cdc, client_for):
    row = write()
    cases.report(case=row, by=doctor)
    client = client_for(cdc)

    def do(name, **values):
        return client.post(reverse("monitoring:case_act", args=[row.pk, name]), values)

    assert "1 个病例待审核" in client.get("/").content.decode()
    for query in (
        {"text": "黄瓜"},
        {"when": "review"},
        {"since": "2023-03-01"},
        {"when": "late"},
        {"when": "draft_late"},
    ):
        assert client.get(reverse("monitoring:cases"), query).status_code == 200
    assert row.number in client.get(reverse("monitoring:cases"), {"text": "黄瓜"}).content.decode()
    do("specimen", kind="stool", taken_on="2023-03-15", item="诺如病毒", result="阳性")
    assert not row.specimens.exists()
    do("specimen", kind="stool", taken_on="2023-03-15", item="诺如病毒", result="阳性", reported_on="2023-03-15")
    assert row.specimens.get().result == "阳性"
    do("accept")
    row.refresh_from_db()
    assert row.state == "accepted"
    assert client.get(reverse("monitoring:case_edit", args=[row.pk])).status_code == 403
    assert client_for(doctor).post(reverse("monitoring:case_act", args=[row.pk, "finish"])).status_code == 403
    assert client.get(reverse("monitoring:case_new")).status_code == 403


def test_daily_counts_are_of_standing_cases_by_onset_and_township(write, doctor):
    for number in range(3):
        row = write()
        if number:
            cases.report(case=row, by=doctor)
    assert selectors.daily_counts("990101", date(2023, 3, 1), date(2023, 3, 31)) == [(date(2023, 3, 15), TOWN, 2)]
    assert selectors.daily_counts("990102", date(2023, 3, 1), date(2023, 3, 31)) == []


def test_the_synthetic_county_has_cases_late_ones_and_silent_months(monkeypatch):
    monkeypatch.setattr(contribute, "scenarios", {"monitoring.cases": (44, scenario_cases.live)})
    build(seed=3, scale=0.02)
    rows = selectors.case_rows(date(2024, 11, 25))
    assert rows.count() > 8
    assert 0 < rows.filter(timely=False).count() < rows.count() / 4
    assert rows.filter(qualified=False).exists()
    assert ZeroReport.objects.exists()
    assert not CaseReport.objects.filter(onset_at__date__gte=date(2024, 11, 25)).exists()
