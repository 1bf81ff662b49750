"""The pages of results: who sees what, what is typed into them, and that lists ask the same few questions."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fangxin.kernel.laboratory.data_results import Ordered
from fangxin.kernel.laboratory.models import Disposition, RapidTest, Report, Result, ResultFile, Test
from fangxin.kernel.laboratory.services import quality, rapid, results
from fangxin.kernel.ledger import api as ledger


def url(name, *args):
    return reverse(f"laboratory:{name}", args=args)


def act(kind, row, name):
    return url("result_act", kind, row.pk, name)


def test_a_sample_goes_through_the_pages_to_its_report(received, receiver, analyst, department, client_for):
    lab, second, staff = client_for(receiver), client_for(analyst), client_for(department)
    lab.post(act("sample", received, "order"), {"items": "腐霉利, GB 23200.8\n菌落总数, GB 4789.2, 2\n镉, 参考"})
    tests = {test.analyte: test for test in Test.objects.all()}
    assert (tests["菌落总数"].replicates, tests["镉"].reference_only) == (2, True)
    page = lab.get(url("result_enter", received.pk)).content.decode()
    assert page.count("<tr") == 5
    cells = {f"text_{tests['腐霉利'].pk}_1": "0.35", f"unit_{tests['腐霉利'].pk}_1": "mg/kg",
             f"text_{tests['菌落总数'].pk}_1": "50"}  # fmt: skip
    answer = lab.post(url("result_enter", received.pk), cells)
    assert "平行号从1到2" in answer.content.decode()
    assert not Result.objects.exists(), "one wrong line writes nothing"
    cells[f"text_{tests['菌落总数'].pk}_2"] = "60"
    cells[f"text_{tests['镉'].pk}_1"] = "0.01"
    assert lab.post(url("result_enter", received.pk), cells).status_code == 302
    assert Result.objects.count() == 4
    lab.post(url("result_verify", received.pk))
    assert Test.objects.filter(state="verified").count() == 0, "the analyst's own results wait for another"
    second.post(url("result_verify", received.pk))
    page = staff.get(url("results", received.pk)).content.decode()
    assert "0.35 &gt; 0.2 mg/kg" in page
    assert "不合格" in page
    assert "GB 0000" in page
    lab.post(act("sample", received, "draft"))
    report = Report.objects.get()
    assert lab.post(act("report", report, "issue")).status_code == 302
    report.refresh_from_db()
    assert report.state == "drafted"
    second.post(act("report", report, "issue"))
    report.refresh_from_db()
    assert report.state == "issued"
    assert staff.get(reverse("console:evidence", args=[report.file_id])).status_code == 200
    staff.post(act("report", report, "notice"), {"to": "subject", "name": "柳沟便民超市"})
    notice = report.notices.get()
    staff.post(act("notice", notice, "received"), {"received_by": "店主", "received_on": "2023-03-15"})
    answer = staff.post(
        act("notice", notice, "retest"),
        {"applicant": "店", "items": "腐霉利", "requested_on": "2023-03-15", "materials_on": "2023-03-15"},
    )
    assert answer.status_code == 302
    assert "待受理" in staff.get(url("results", received.pk)).content.decode()


def test_outsiders_and_other_laboratories_find_nothing(
    failed, outsider, other_receiver, other_township_clerk, client_for
):
    row = Disposition.objects.get()
    for user in (outsider, other_receiver, other_township_clerk):
        client = client_for(user)
        assert client.get(url("results", failed.pk)).status_code == 404, user
        assert client.get(act("sample", failed, "order")).status_code == 404, user
        assert client.get(url("disposition", row.pk)).status_code == 404, user
        assert failed.number not in client.get(url("reports")).content.decode(), user
    assert client_for(outsider).get(act("sample", failed, "no-such")).status_code == 404
    assert client_for(outsider).get(url("result_act", "nothing", 1, "x")).status_code == 404


def test_a_blind_sample_hides_its_place_from_the_laboratory(received, measure, receiver, department, client_for):
    type(received).objects.filter(pk=received.pk).update(blind=True)
    measure(received, 镉="0.01")
    assert "柳沟便民超市" not in client_for(receiver).get(url("results", received.pk)).content.decode()
    assert "柳沟便民超市" in client_for(department).get(url("results", received.pk)).content.decode()


def test_a_blind_samples_notice_is_not_for_the_laboratory(notice, receiver, department, client_for):
    type(notice.sample).objects.filter(pk=notice.sample_id).update(blind=True)
    assert "柳沟便民超市" not in client_for(receiver).get(url("results", notice.sample_id)).content.decode()
    file = reverse("console:evidence", args=[notice.file_id])
    assert client_for(receiver).get(file).status_code == 404
    assert client_for(department).get(file).status_code == 200


def test_staff_do_not_enter_results_and_the_laboratory_does_not_follow_up(failed, department, receiver, client_for):
    assert client_for(department).get(url("result_enter", failed.pk)).status_code == 403
    assert client_for(receiver).get(url("disposition", Disposition.objects.get().pk)).status_code == 404


def test_a_follow_up_on_its_page(failed, department, second_department, client_for):
    row = Disposition.objects.get()
    staff, boss = client_for(department), client_for(second_department)
    page = staff.get(url("disposition", row.pk)).content.decode()
    assert "办结还缺" in page
    assert "控制措施" in page
    goods = {"controls": "封存", "controls_on": "2023-03-15", "unit": "kg", "purchased": "10", "stock": "1", "sold": "8",
             "returned": "0", "destroyed": "0"}  # fmt: skip
    assert "相差1" in staff.post(act("disposition", row, "controls"), goods).content.decode()
    assert staff.post(act("disposition", row, "controls"), {**goods, "sold": "9"}).status_code == 302
    staff.post(act("disposition", row, "cause"), {"cause": "farming", "cause_text": "未遵守间隔期"})
    staff.post(act("disposition", row, "penalty"), {"penalty": "免予处罚"})
    staff.post(act("disposition", row, "rectified"), {"rectified": "已整改"})
    staff.post(act("disposition", row, "proof"), {"text": "照片", "upload": SimpleUploadedFile("a.txt", b"x")})
    step = row.steps.exclude(file=None).get()
    assert staff.get(reverse("console:evidence", args=[step.file_id])).status_code == 200
    staff.post(act("disposition", row, "submit"))
    assert act("disposition", row, "close") not in staff.get(url("disposition", row.pk)).content.decode()
    boss.post(act("disposition", row, "close"))
    row.refresh_from_db()
    assert row.state == "closed"


def test_a_sheet_is_uploaded_looked_at_and_written(received, receiver, analyst, client_for):
    results.order_tests(sample=received, items=[Ordered("镉")], by=receiver)
    client = client_for(receiver)
    content = f"样品编号,检验项目,结果,单位\n{received.number},镉,0.02,mg/kg\n".encode()
    assert client.post(url("result_upload"), {"file": SimpleUploadedFile("r.csv", content)}).status_code == 302
    row = ResultFile.objects.get()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "0.02" in page
    assert "写入结果" in page
    client.post(url("result_apply", row.pk))
    assert Result.objects.count() == 1
    broken = client.post(url("result_upload"), {"file": SimpleUploadedFile("r.xlsx", b"PK\x03\x04broken")})
    assert broken.status_code == 200
    assert "打不开" in broken.content.decode()
    assert client.get(url("result_template")).status_code == 200


def test_a_rapid_test_from_the_form_to_its_end(shop, inspector, vendor, client_for):
    client = client_for(inspector)
    data = {"food": "豇豆", "item": "农药残留", "method": "速测卡", "result": "positive", "township": "990101100",
            "premises_number": shop.number}  # fmt: skip
    assert client.post(url("rapid_new"), data).status_code == 302
    row = RapidTest.objects.get()
    client.post(act("rapid", row, "tell"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert "2023-03-15 13:00" in page
    assert "安排法定检验" in page
    sample = {"food_class": "食用农产品", "stage": "circulation", "regime": "market"}
    assert client.post(act("rapid", row, "sample"), sample).status_code == 302
    assert "待抽样" in client.get(row.get_absolute_url()).content.decode()
    assert client_for(vendor).get(row.get_absolute_url()).status_code == 404, "another shop's test"
    missing = client.post(url("rapid_new"), {**data, "premises_number": "NO"})
    assert "没有找到" in missing.content.decode()


def test_the_chart_shows_what_the_rules_say(testing_house, receiver, analyst, client_for):
    control = quality.add_quality_sample(
        laboratory=testing_house, analyte="镉", level="低", lot="1", unit="mg/kg", mean="0.05", sd="0.002", by=receiver
    )
    client = client_for(receiver)
    data = {"measured_on": "2023-03-15", f"value_{control.pk}": "0.057"}
    assert client.post(url("quality_run", control.pk), data).status_code == 302
    page = client.get(control.get_absolute_url()).content.decode()
    assert "失控" in page
    assert "1-3s" in page
    assert "写明理由放行" not in client.get(url("runs")).content.decode(), "not by who measured it"
    assert "写明理由放行" in client_for(analyst).get(url("runs")).content.decode()


def test_judging_again_is_a_page(failed, department, judge, client_for):
    judge.table = {**judge.table, "腐霉利": ("5", "mg/kg")}
    page = client_for(department).get(url("rejudge"), {"since": "2023-01-01", "until": "2023-12-31"}).content.decode()
    assert "1 个项目会有变化" in page
    assert "腐霉利" in page
    assert client_for(department).get(url("rejudge"), {"since": "x", "until": ""}).status_code == 200


LISTS = ("tests", "reports", "retests", "dispositions", "risk_signals", "rapid_tests", "quality", "runs")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_exports_and_filters(name, notice, department, client_for):
    client = client_for(department)
    assert client.get(url(name)).status_code == 200
    assert client.get(url(name), {"_export": "xlsx"}).status_code == 200
    assert client.get(url(name), {"text": "x", "when": "late", "state": "open", "town": "990101100"}).status_code == 200


def test_ten_more_rows_ask_no_more(shop, inspector, client_for):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(count):
        for _n in range(count):
            rapid.record_rapid_test(
                division_code=shop.division_code, premises=shop, food="韭菜", item="农残", method="速测卡", result="negative",
                by=inspector,
            )  # fmt: skip

    client = client_for(inspector)
    add(2)
    client.get(url("rapid_tests"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url("rapid_tests"))
    add(10)
    with CaptureQueriesContext(connection) as many:
        client.get(url("rapid_tests"))
    assert len(many) == len(few)


def test_the_day_tells_what_waits(failed, department, receiver, client_for):
    with ledger.clock.held_at(ledger.clock.now().replace(year=2023, month=7)):
        page = client_for(department).get(reverse("console:today")).content.decode()
    assert "核查处置已逾期" in page
    page = client_for(receiver).get(reverse("console:today")).content.decode()
    assert page


def test_published_results_are_for_everybody_and_contested_ones_are_not(notice, department, client, client_for):
    report = Report.objects.get()
    page = client.get(reverse("portal:tests")).content.decode()
    assert report.number not in page
    client_for(department).post(act("report", report, "publish"))
    page = client.get(reverse("portal:tests")).content.decode()
    assert "腐霉利" in page
    assert "不合格" in page
    assert report.number in page
    client_for(department).post(
        act("sample", notice.sample, "object"),
        {"kind": "standard", "applicant": "店", "text": "依据不对", "filed_on": "2023-03-15"},
    )
    assert report.number not in client.get(reverse("portal:tests")).content.decode()


def test_what_cannot_be_is_no_error(failed, department, receiver, client_for):
    client = client_for(department)
    for path in (url("results", 10**18), url("disposition", 10**18), url("rapid_test", 10**18)):
        assert client.get(path).status_code == 404
    lab = client_for(receiver)
    answer = lab.post(act("sample", failed, "order"), {"items": "a" * 300})
    assert answer.status_code == 200
    answer = lab.post(url("result_upload"), {"file": io.BytesIO(b"")})
    assert answer.status_code == 200
