"""Sheets of results and of diets, and results that the laboratory tells."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from fangxin.actions.monitoring import rules, selectors
from fangxin.actions.monitoring.models import Batch, Measurement, Survey
from fangxin.actions.monitoring.services import importing, surveys
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "990101", "990101100"
GOOD = ["S1", "大米", "谷类", "镉", "0.052", "mg/kg", "0.002", "0.006", "2023-03-01", "石门镇"]


def bring(content, by, name="监测.xlsx"):
    return importing.import_results(name=name, content=content, source="疾控中心", division_code=COUNTY, by=by)


def test_a_sheet_is_read_in_mg_per_kg_and_keeps_what_was_typed(sheet, health_department, county):
    rows = [
        GOOD,
        ["S2", "大米", "", "总镉", "未检出", "μg/kg", "2", "6", "2023/3/1", TOWN],
        ["S3", "小麦粉", "", "呕吐毒素", "<0.05", "mg/kg", "0.02", "0.05", "2023-03-01", "柳沟村"],
        ["S4", "大米", "", "镉", "52", "ug/kg", "2", "6", "2023.03.01", "青杨乡"],
        ["S5", "黑芝麻糊", "", "某新污染物", "0.3", "mg/kg", "", "", "2023-03-01", "青杨乡"],
    ]
    batch = bring(sheet(*rows), health_department)
    found = {m.sample_no: m for m in batch.measurements.all()}
    assert (found["S1"].value, found["S1"].quantified, found["S1"].food_group) == (Decimal("0.052"), True, "cereals")
    assert (found["S2"].value, found["S2"].lod, found["S2"].hazard) == (None, Decimal("0.002"), "Cd")
    assert (found["S3"].trace, found["S3"].hazard, found["S3"].division_code) == (True, "DON", "990101100201")
    assert found["S4"].value == found["S1"].value
    assert (found["S5"].hazard, found["S5"].food_group) == ("", "")
    assert found["S2"].as_typed == "未检出"


def test_results_are_compared_with_the_limit_of_the_day_without_a_verdict(sheet, health_department, county):
    rows = [
        GOOD,  # cadmium in rice, limit 0.2
        ["S2", *GOOD[1:4], "0.31", *GOOD[5:]],
        ["S3", *GOOD[1:4], "310", "μg/kg", "2", "6", *GOOD[8:]],
        ["S4", *GOOD[1:4], "未检出", "mg/kg", "0.5", "1.5", *GOOD[8:]],  # the method cannot see the limit
        ["S5", "大米", "谷类", "某新污染物", "9", "mg/kg", "", "", *GOOD[8:]],
    ]
    batch = bring(sheet(*rows), health_department)
    assert dict(batch.measurements.values_list("sample_no", "over_limit")) == {
        "S1": "no", "S2": "yes", "S3": "yes", "S4": "", "S5": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({4: "约0.05"}, "读不出来"),
        ({4: "0,05"}, "读不出来"),
        ({4: "=1+1"}, "读不出来|公式"),
        ({4: "未检出", 6: "", 7: ""}, "检出限"),
        ({5: "mg/L"}, "换算"),
        ({6: "0.1", 7: "0.01"}, "定量限"),
        ({6: "低"}, "不是数"),
        ({8: "2023-03-99"}, "不是日期"),
        ({8: "2099-01-01"}, "晚于今天"),
        ({9: "河湾县"}, "采样地点"),
        ({0: ""}, "没有填写"),
        ({4: "-1"}, "读不出来|超出"),
        ({1: "长" * 101}, "太长"),
        ({4: "9" * 30}, "超出|读不出来"),
    ],
)
def test_one_bad_line_refuses_the_whole_sheet(sheet, health_department, county, change, message):
    bad = [change.get(i, value) for i, value in enumerate(GOOD)]
    with pytest.raises(rules.Refused, match=message) as refused:
        bring(sheet(["S0", *GOOD[1:]], bad), health_department)
    assert "第 3 行" in str(refused.value)
    assert not Measurement.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", "一,二\n1,2\n".encode(), b"\x00\x01"]
)
def test_what_is_no_sheet_is_refused_in_words(content, health_department, county):
    with pytest.raises(rules.Refused):
        bring(content, health_department)


def test_the_same_sample_and_item_twice_is_refused(sheet, health_department, county):
    with pytest.raises(rules.Refused, match="已有一次"):
        bring(sheet(GOOD, GOOD), health_department)


def test_the_same_file_is_imported_once_until_it_is_withdrawn(sheet, health_department, county):
    content = sheet(GOOD)
    batch = bring(content, health_department)
    with pytest.raises(ValidationError, match="已经导入过"):
        bring(content, health_department)
    importing.withdraw_batch(batch=batch, why="单位填错", by=health_department)
    assert not selectors.standing().exists()
    assert Measurement.objects.count() == 1
    bring(content, health_department)
    assert selectors.standing().count() == 1
    with pytest.raises(rules.MovedOn):
        importing.withdraw_batch(batch=batch, why="再来一次", by=health_department)


def test_a_result_is_never_changed(load, line):
    load([line("S1")])
    for write in (lambda rows: rows.update(food="面粉"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write(Measurement.objects.all())


def tell(outcome="conforming", by=None, **more):
    facts = {
        "sample_no": "CY-1", "purpose": "risk_monitoring", "food": "大米", "food_class": "", "analyte": "镉",
        "value": Decimal("0.25"), "expression": "0.25", "unit": "mg/kg", "lod": Decimal("0.002"), "loq": Decimal("0.006"),
        "sampled_on": date(2023, 3, 1), "division_code": TOWN, "outcome": outcome,
    } | more  # fmt: skip
    said = Announcement("verdict.told", "laboratory.sample", "1", "CY-1", TOWN, "", facts)
    contribute.announce(said, by=by or ledger.SYSTEM)


def test_risk_monitoring_results_of_the_laboratory_come_by_themselves(county):
    tell("nonconforming")
    (row,) = selectors.standing()
    assert (row.source, row.over_limit, row.value, row.hazard) == ("laboratory", "yes", Decimal("0.25"), "Cd")


@pytest.mark.parametrize("more", [{"purpose": "supervision"}, {"unit": "CFU/g"}, {"expression": "阳性", "loq": None}])
def test_other_results_are_no_matter_of_exposure(county, more):
    tell(**more)
    assert not Measurement.objects.exists()


def test_a_corrected_result_counts_and_the_first_one_stays(county):
    tell("nonconforming")
    tell("conforming", expression="未检出", value=None)
    assert Measurement.objects.count() == 2
    (row,) = selectors.standing()
    assert (row.value, row.over_limit) == (None, "no")


# --- diets ------------------------------------------------------------------------------------------------------------


def bring_diet(sheet, by, *rows, **more):
    values = {
        "name": "调查", "people": "pupils", "year": 2022, "division_code": COUNTY, "source": "回顾法", "respondents": 200,
        "body_weight_kg": Decimal(42),
    } | more  # fmt: skip
    content = sheet(*rows, headers=["膳食分组", "平均摄入量", "食用者比例"])
    return surveys.import_survey(file_name="膳食.xlsx", content=content, by=by, **values)


def test_a_diet_counts_after_a_second_person_confirmed_it(sheet, health_department, office, county):
    row = bring_diet(sheet, health_department, ["谷类", "280", "98%"], ["fruit", "60.5", ""])
    assert [(f.food_group, f.grams, f.eaters) for f in row.figures.all()] == [
        ("cereals", Decimal("280"), Decimal("0.98")), ("fruit", Decimal("60.5"), Decimal(1)),
    ]  # fmt: skip
    assert selectors.survey_for(COUNTY, "pupils", date(2023, 3, 15)) is None
    with pytest.raises(rules.Refused, match="导入人以外"):
        surveys.confirm_survey(survey=row, by=health_department)
    surveys.confirm_survey(survey=row, by=office)
    assert selectors.survey_for(TOWN, "pupils", date(2023, 3, 15)) == row
    surveys.withdraw_survey(survey=row, by=office)
    assert selectors.survey_for(TOWN, "pupils", date(2023, 3, 15)) is None
    assert surveys.restore_survey(survey=row, by=office).state == Survey.State.DRAFT


@pytest.mark.parametrize(
    ("row", "message"),
    [(["零食", "20", ""], "没有“零食”"), (["谷类", "很多", ""], "不是可用的数"), (["谷类", "20", "250"], "第 2 行")],
)
def test_a_wrong_line_refuses_the_diet(sheet, health_department, county, row, message):
    with pytest.raises(rules.Refused, match=message):
        bring_diet(sheet, health_department, row)
    assert not Survey.objects.exists()


def test_a_food_group_twice_is_refused(sheet, health_department, county):
    with pytest.raises(rules.Refused, match="不止一次"):
        bring_diet(sheet, health_department, ["谷类", "20", ""], ["cereals", "30", ""])
