"""Control charts: a run that a rule rejects holds its results back until somebody signs why."""

import pytest

from fangxin.kernel.laboratory.data_results import Entry, Ordered
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services import quality, results


@pytest.fixture
def control(testing_house, receiver):
    return quality.add_quality_sample(
        laboratory=testing_house,
        analyte="镉",
        level="低",
        lot="2301",
        unit="mg/kg",
        mean="0.050",
        sd="0.002",
        by=receiver,
    )


def run_with(control, value, by, house):
    return quality.measure_run(laboratory=house, analyte="镉", values={control: value}, by=by)


def test_a_run_is_judged_with_the_runs_before_it(control, receiver, testing_house):
    first = run_with(control, "0.0545", receiver, testing_house)
    assert (first.outcome, first.violations[0]["rule"]) == ("warning", "1-2s")
    second = run_with(control, "0.0546", receiver, testing_house)
    assert second.outcome == "rejected"
    assert {"rule": "2-2s", "level": "低", "values": ["0.0545", "0.0546"]} in second.violations


def test_results_of_a_rejected_run_wait_for_a_signature(control, received, receiver, analyst, testing_house, judge):
    run = run_with(control, "0.0570", receiver, testing_house)
    (test,) = results.order_tests(sample=received, items=[Ordered("镉")], by=receiver)
    results.enter(test=test, entries=[Entry("0.02", "mg/kg")], run=run, by=receiver)
    with pytest.raises(Refused, match="质控失控"):
        results.verify(tests=[test], by=analyst)
    with pytest.raises(Refused, match="不能放行自己"):
        quality.release(run=run, reason="标准溶液过期，样品已重测", by=receiver)
    quality.release(run=run, reason="标准溶液过期，样品已重测", by=analyst)
    test.refresh_from_db()
    results.verify(tests=[test], by=analyst)
    assert test.state == "verified"


def test_a_run_of_another_item_holds_no_results(control, received, receiver, testing_house):
    run = run_with(control, "0.0500", receiver, testing_house)
    (test,) = results.order_tests(sample=received, items=[Ordered("腐霉利")], by=receiver)
    with pytest.raises(Refused, match="其他项目"):
        results.enter(test=test, entries=[Entry("0.02", "mg/kg")], run=run, by=receiver)


def test_a_target_needs_a_spread(testing_house, receiver):
    with pytest.raises(Refused, match="大于0"):
        quality.add_quality_sample(
            laboratory=testing_house, analyte="镉", level="低", lot="1", unit="mg/kg", mean="0.05", sd="0", by=receiver
        )
