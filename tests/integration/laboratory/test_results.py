"""Items ordered, results entered, corrected, verified by a second person; verdicts frozen."""

import pytest
from django.db import DatabaseError, transaction

from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.laboratory.data_results import Entry, Ordered
from fangxin.kernel.laboratory.models import Result, SampleVerdict, Test, Verdict
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.selectors_results import standing_conclusion
from fangxin.kernel.laboratory.services import judging, reports, results

COUNTY = "990101"


def test_a_sample_that_has_not_come_cannot_be_tested(sent, receiver, judge):
    with pytest.raises(Refused, match="接收样品后"):
        results.order_tests(sample=sent, items=[Ordered("镉")], by=receiver)


def test_who_entered_a_result_cannot_verify_it(received, receiver, analyst):
    (test,) = results.order_tests(sample=received, items=[Ordered("镉")], by=receiver)
    results.enter(test=test, entries=[Entry("0.02", "mg/kg")], by=receiver)
    with pytest.raises(Refused, match="录入人不能复核"):
        results.verify(tests=[test], by=receiver)
    assert not Verdict.objects.exists()
    results.verify(tests=[test], by=analyst)
    assert Verdict.objects.get().outcome == "conforming"


def test_a_conforming_sample_passes_and_says_by_which_rule(received, measure):
    sample = measure(received, 腐霉利="0.15", 镉="0.020")
    assert standing_conclusion(sample).outcome == "conforming"
    verdict = Verdict.objects.get(test__analyte="腐霉利")
    assert (verdict.limit, verdict.limit_unit, verdict.standard, verdict.edition) == ("0.2", "mg/kg", "GB 0000", "2022")
    assert verdict.match_path == ["韭菜", "蔬菜"]
    assert verdict.judge_digest == "small"
    assert verdict.given["value"] == "0.15"
    assert verdict.comparison == "0.15 ≤ 0.2 mg/kg"


def test_what_was_typed_stays_beside_the_number(received, receiver):
    (test,) = results.order_tests(sample=received, items=[Ordered("镉")], by=receiver)
    (row,) = results.enter(test=test, entries=[Entry("０．０２０", "mg/kg", lod="0.001")], by=receiver)
    assert (row.text, row.number, row.lod) == ("０．０２０", "0.020", "0.001")


def test_not_detected_is_no_number(received, measure):
    measure(received, 镉="未检出")
    (one,) = laboratory.results_of(COUNTY, analyte="镉")
    assert one.value is None
    assert one.expression == "未检出"
    assert str(one.lod) == "0.01"
    assert one.outcome == "conforming"


def test_replicates_come_all_together(received, receiver):
    (test,) = results.order_tests(sample=received, items=[Ordered("菌落总数", replicates=5)], by=receiver)
    with pytest.raises(Refused, match="5个平行结果"):
        results.enter(test=test, entries=[Entry("50", "CFU/g", replicate=n) for n in (1, 2, 2, 4, 5)], by=receiver)
    assert not Result.objects.exists()
    results.enter(test=test, entries=[Entry("50", "CFU/g", replicate=n) for n in (1, 2, 3, 4, 5)], by=receiver)
    assert Result.objects.count() == 5


def test_a_correction_is_a_new_row_and_is_verified_and_judged_anew(received, measure, receiver, analyst):
    sample = measure(received, 镉="0.02")
    first = Verdict.objects.get()
    old = Result.objects.get()
    results.correct(result=old, entry=Entry("0.2", "mg/kg"), reason="稀释倍数漏乘", by=receiver)
    test = Test.objects.get()
    assert test.state == "entered"
    results.verify(tests=[test], by=analyst)
    second = Verdict.objects.get(replaced_by=None)
    assert second.replaces == first
    assert second.outcome == "nonconforming"
    assert second.why == "corrected"
    assert Result.objects.get(pk=old.pk).text == "0.02", "the old result stays"
    assert standing_conclusion(sample).outcome == "nonconforming"
    assert SampleVerdict.objects.count() == 2
    with pytest.raises(Refused, match="已经更正过"):
        results.correct(result=old, entry=Entry("0.3", "mg/kg"), reason="再改", by=receiver)


def test_a_correction_after_the_report_needs_the_report_taken_back(received, measure, issue, receiver):
    report = issue(measure(received, 镉="0.02"))
    result = Result.objects.get()
    with pytest.raises(Refused, match="出报告前"):
        results.correct(result=result, entry=Entry("0.2", "mg/kg"), reason="更正", by=receiver)
    reports.withdraw(report=report, reason="结果更正", by=receiver)
    results.correct(result=result, entry=Entry("0.2", "mg/kg"), reason="更正", by=receiver)


def test_nobody_edits_a_verdict(received, measure):
    measure(received, 镉="0.02")
    for model in (Verdict, Result, SampleVerdict):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(replaces=None)


def test_a_reference_item_alone_fails_no_sample(received, receiver, analyst):
    tests = results.order_tests(
        sample=received, items=[Ordered("镉"), Ordered("腐霉利", reference_only=True)], by=receiver
    )
    for test, text in zip(tests, ("0.02", "0.9"), strict=True):
        results.enter(test=test, entries=[Entry(text, "mg/kg")], by=receiver)
    results.verify(tests=tests, by=analyst)
    assert standing_conclusion(received).outcome == "undetermined"


def test_items_without_a_limit_are_a_record_and_no_pass(received, measure):
    assert standing_conclusion(measure(received, 镍="0.1")).outcome == "not_regulated"


def test_a_sample_is_concluded_on_when_its_last_item_is_verified(received, receiver, analyst):
    tests = results.order_tests(sample=received, items=[Ordered("镉"), Ordered("毒死蜱")], by=receiver)
    for test in tests:
        results.enter(test=test, entries=[Entry("0.01", "mg/kg")], by=receiver)
    results.verify(tests=tests[:1], by=analyst)
    assert standing_conclusion(received) is None
    results.cancel_test(test=tests[1], reason="样品量不足", by=receiver)
    assert standing_conclusion(received).outcome == "conforming"


def test_a_doubtful_name_is_asked_and_the_raw_name_stays(take, inspector, testing_house, receiver, measure, judge):
    from tests.integration.laboratory.conftest import receive

    from fangxin.kernel.laboratory.services import custody

    sample = take(food="韭菜(叶)")
    custody.hand_over(sample=sample, part="test", to_agency=testing_house, by=inspector)
    measure(receive(sample, receiver), 镉="0.2")
    assert standing_conclusion(sample).outcome == "undetermined"
    assert judging.candidates("food", sample.food) == ("韭菜", "芹菜")
    with pytest.raises(Refused, match="没有“大蒜”"):
        judging.choose_name(sample=sample, what="food", raw=sample.food, chosen="大蒜", by=receiver)
    judging.choose_name(sample=sample, what="food", raw=sample.food, chosen="韭菜", by=receiver)
    standing = Verdict.objects.get(replaced_by=None)
    assert standing.outcome == "nonconforming"
    assert standing.why == "named"
    assert standing.given["food"] == "韭菜"
    sample.refresh_from_db()
    assert sample.food == "韭菜(叶)"


def test_judging_again_under_another_edition_lists_and_overwrites_nothing(received, measure, judge):
    sample = measure(received, 腐霉利="0.15", 镉="0.02")
    assert judging.changes([sample]) == []
    judge.table = {**judge.table, "腐霉利": ("0.1", "mg/kg")}
    (change,) = judging.changes([sample])
    assert (change.analyte, change.before, change.now) == ("腐霉利", "合格", "不合格")
    assert Verdict.objects.count() == 2
    assert standing_conclusion(sample).outcome == "conforming"


def test_listeners_are_told_each_item(received, measure, monkeypatch):
    from fangxin.kernel.contributing import api as contribute

    heard = []
    monkeypatch.setattr(contribute, "announce", lambda announcement, by: heard.append(announcement))
    measure(received, 镉="0.02", 毒死蜱="未检出")
    told = {one.facts["analyte"]: one.facts for one in heard if one.name == "verdict.told"}
    assert set(told) == {"镉", "毒死蜱"}
    assert told["镉"]["outcome"] == "conforming"
    assert told["镉"]["sample_no"] == received.number
