"""Reports, notices, objections and re-tests, with the days that the rules give."""

from datetime import date, datetime

import pytest

from fangxin.engines import sampling
from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.laboratory.models import Disposition, Duplicate, Report, Retest, SampleVerdict
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.selectors_results import standing_conclusion
from fangxin.kernel.laboratory.services import disputes, reports
from fangxin.kernel.ledger import api as ledger


def on(day: str, hour: int = 9):
    year, month, number = (int(part) for part in day.split("-"))
    return ledger.clock.held_at(datetime(year, month, number, hour, tzinfo=ledger.clock.LOCAL))


def test_who_draws_a_report_up_cannot_issue_it(failed, receiver, analyst):
    report = reports.draft(sample=failed, by=receiver)
    with pytest.raises(Refused, match="不能签发自己编制"):
        reports.issue(report=report, by=receiver)
    reports.issue(report=report, by=analyst)
    failed.refresh_from_db()
    # Fifteenth of March 2023; a failing report goes to the organiser within two working days.
    assert (report.send_due_on, failed.state) == (date(2023, 3, 17), "reported")
    assert report.due_on == date(2023, 4, 13)
    content = ledger.read_evidence(report.file)
    assert content[:2] == b"PK"


def test_a_report_waits_for_every_item(received, receiver):
    with pytest.raises(Refused, match="没有复核"):
        reports.draft(sample=received, by=receiver)


def test_a_notice_is_due_five_working_days_after_the_report_came(notice):
    assert notice.due_on == date(2023, 3, 22)
    assert (notice.retest_until, notice.objection_until) == (date(2023, 3, 24), date(2023, 3, 24))


def test_only_a_failing_report_is_told(received, measure, issue, department):
    report = issue(measure(received, 镉="0.02"))
    with pytest.raises(Refused, match="不合格报告才需要告知"):
        disputes.send_notice(report=report, to="subject", name="店", by=department)


def test_a_retest_goes_its_way_and_is_final(notice, department, other_house):
    retest = disputes.request_retest(notice=notice, applicant="柳沟便民超市", items="腐霉利", by=department)
    assert retest.state == "requested"
    assert retest.due_on == date(2023, 3, 22)
    disputes.accept_retest(retest=retest, by=department)
    disputes.draw_laboratory(retest=retest, by=department, seed=bytes(32))
    assert retest.laboratory == other_house, "never the first laboratory"
    assert sampling.verify_result(ledger.read_evidence(retest.draw_file)).reproduced
    disputes.hand_over(retest=retest, by=department)
    assert Duplicate.objects.get(sample=retest.sample).state == "handed_over"
    disputes.conclude_retest(retest=retest, outcome="conforming", finding="腐霉利 0.12 mg/kg", by=department)
    conclusion = standing_conclusion(retest.sample)
    assert (conclusion.outcome, conclusion.why) == ("conforming", "retest")
    assert SampleVerdict.objects.filter(outcome="nonconforming").exists(), "the first conclusion stays on record"
    assert Disposition.objects.get().state == "overturned"
    assert retest.fee_bearer == "抽样检验的部门"
    disputes.tell_retest(retest=retest, by=department)
    assert retest.state == "told"
    assert retest.told_on == date(2023, 3, 15)


def test_a_retest_that_fails_leaves_the_follow_up_running(notice, department, other_house):
    retest = disputes.request_retest(notice=notice, applicant="柳沟便民超市", items="腐霉利", by=department)
    disputes.accept_retest(retest=retest, by=department)
    disputes.draw_laboratory(retest=retest, by=department)
    disputes.hand_over(retest=retest, by=department)
    disputes.conclude_retest(retest=retest, outcome="nonconforming", finding="腐霉利 0.31 mg/kg", by=department)
    assert Disposition.objects.get().state == "open"
    assert retest.fee_bearer == "复检申请人"
    with pytest.raises(Refused, match="不能再撤回"):
        disputes.withdraw_retest(retest=retest, note="不想要了", by=department)


def test_no_retest_without_another_laboratory(notice, department):
    retest = disputes.request_retest(notice=notice, applicant="柳沟便民超市", items="腐霉利", by=department)
    disputes.accept_retest(retest=retest, by=department)
    with pytest.raises(Refused, match="没有可以抽取"):
        disputes.draw_laboratory(retest=retest, by=department)


def test_a_late_request_is_refused_by_itself(notice, department):
    with on("2023-03-27"):
        retest = disputes.request_retest(notice=notice, applicant="柳沟便民超市", items="腐霉利", by=department)
    assert (retest.state, retest.refusal) == ("refused", "late")


def test_microbiology_is_never_tested_again(received, measure, issue, department):
    report = issue(measure(received, 菌落总数="900000"))
    told = disputes.send_notice(report=report, to="subject", name="店", by=department)
    disputes.record_receipt(notice=told, received_by="店主", received_on=date(2023, 3, 15), by=department)
    retest = disputes.request_retest(notice=told, applicant="店", items="菌落总数", by=department)
    assert (retest.state, retest.refusal) == ("refused", "micro")


def test_an_expired_or_missing_duplicate_refuses_a_retest(notice, department):
    notice.sample.best_before_on = date(2023, 3, 14)
    notice.sample.save(update_fields=["best_before_on"])
    assert disputes.why_no_retest(notice, date(2023, 3, 15)) == Retest.Refusal.EXPIRED
    Duplicate.objects.all().delete()
    assert disputes.why_no_retest(notice, date(2023, 3, 15)) == Retest.Refusal.NO_DUPLICATE


def test_an_objection_to_the_sampling_has_seven_working_days(received, department):
    with on("2023-03-24"):
        timely = disputes.file_objection(
            sample=received, kind="process", applicant="店", text="未出示证件", by=department
        )
    assert (timely.state, timely.decide_by) == ("filed", date(2023, 4, 23))
    with on("2023-03-27"):
        late = disputes.file_objection(
            sample=received, kind="process", applicant="店", text="未出示证件", by=department
        )
    assert late.state == "refused"
    assert "2023-03-24" in late.answer


def test_an_objection_to_the_method_needs_a_receipt(failed, department):
    with pytest.raises(Refused, match="签收"):
        disputes.file_objection(sample=failed, kind="method", applicant="店", text="方法不对", by=department)


def test_nothing_contested_is_published(notice, department):
    report = Report.objects.get()
    objection = disputes.file_objection(
        sample=notice.sample, kind="standard", applicant="店", text="应按干制品判定", by=department
    )
    with pytest.raises(Refused, match="正在异议"):
        reports.publish(reports=[report], by=department)
    disputes.decide_objection(objection=objection, upheld=False, answer="鲜菜，标准适用正确", by=department)
    reports.publish(reports=[report], by=department)
    (one,) = laboratory.public_tests(ledger.clock.today())
    told = laboratory.public_test(one)
    assert told.failed == ("腐霉利（0.35 mg/kg，0.2 mg/kg）",)
    assert told.outcome == "nonconforming"
    # A new contest takes it off the list until it is decided.
    disputes.request_retest(notice=notice, applicant="店", items="腐霉利", by=department)
    assert not laboratory.public_tests(ledger.clock.today()).exists()


def test_a_failing_result_is_told_before_it_is_published(failed, issue, department):
    with pytest.raises(Refused, match="先告知"):
        reports.publish(reports=[issue(failed)], by=department)


def test_agriculture_has_other_clocks(notice, department):
    """Agricultural Products Quality and Safety Law (2023), article 51: five working days."""
    notice.sample.regime = "agriculture"
    notice.sample.save(update_fields=["regime"])
    type(notice).objects.filter(pk=notice.pk).update(received_at=None, received_by="", received_on=None)
    notice.refresh_from_db()
    disputes.record_receipt(notice=notice, received_by="店主", received_on=date(2023, 3, 15), by=department)
    assert notice.retest_until == date(2023, 3, 22)


def test_before_agriculture_had_a_clock_none_is_guessed(notice, department):
    """The law of 2023 set the five days; earlier samples get no invented term, on paper or on screen."""
    notice.sample.regime = "agriculture"
    notice.sample.save(update_fields=["regime"])
    with on("2022-12-28"):
        early = disputes.send_notice(report=notice.report, to="producer", name="种植户", by=department)
        disputes.record_receipt(notice=early, received_by="户主", received_on=date(2022, 12, 28), by=department)
    assert early.retest_until is None
