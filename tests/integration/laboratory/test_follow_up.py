"""What a failing sample leads to: a matter with its owner, goods that add up, a second person at the end."""

from datetime import date, datetime

import pytest
from tests.integration.laboratory.conftest import receive

from fangxin.kernel.casework import api as casework
from fangxin.kernel.laboratory.models import Disposition, RiskSignal, SamplingTask
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services import custody, follow_up
from fangxin.kernel.ledger import api as ledger

GOODS = {"purchased": "100", "stock": "20", "sold": "60", "returned": "15", "destroyed": "5"}


def controlled(row, by, **changes):
    return follow_up.record_controls(
        row=row, controls="封存下架", controls_on=ledger.clock.today(), unit="kg", by=by, **{**GOODS, **changes}
    )


def whole(row, by):
    controlled(row, by)
    follow_up.record_cause(row=row, cause="farming", cause_text="种植户未遵守安全间隔期", by=by)
    follow_up.record_penalty(row=row, penalty="进货查验齐全，免予处罚", by=by)
    follow_up.record_rectified(row=row, rectified="更换供货商，索证齐全", by=by)
    return row


def test_a_failing_sample_becomes_a_matter_of_its_owner_at_once(failed, agencies):
    row = Disposition.objects.get()
    assert (row.owner, row.due_on, row.serious) == (agencies["market"], date(2023, 6, 13), False)
    matter = casework.list_matters(_reader(agencies)).get(opened_from=row.matter_key)
    assert (matter.owner, matter.origin, matter.severity) == (agencies["market"], "sampling", "major")
    assert "腐霉利" in matter.hazard
    assert "食品安全法" in matter.legal_basis


def _reader(agencies):
    from tests.conftest import COUNTY, _person

    return _person("boss", "食安办 主任", agencies["office"], "office", COUNTY)


@pytest.mark.parametrize(
    ("stage", "food_class", "owner"),
    [("farm", "食用农产品", "farm"), ("circulation", "食用农产品", "market"), ("catering", "餐饮食品", "market")],
)
def test_the_owner_follows_the_stage(
    stage, food_class, owner, take, testing_house, inspector, receiver, measure, agencies, judge
):
    sample = take()
    type(sample).objects.filter(pk=sample.pk).update(stage=stage, food_class=food_class)
    sample.refresh_from_db()
    custody.hand_over(sample=sample, part="test", to_agency=testing_house, by=inspector)
    measure(receive(sample, receiver), 腐霉利="0.9")
    assert Disposition.objects.get().owner == agencies[owner]


def test_a_serious_hazard_is_reported_within_a_day(received, measure, department):
    measure(received, 氯霉素="0.5")
    row = Disposition.objects.get()
    assert row.serious
    assert row.report_by == datetime(2023, 3, 16, 9, 0, tzinfo=ledger.clock.LOCAL)
    follow_up.report_hazard(row=row, by=department)
    assert row.reported_by == department.username


def test_monitoring_grounds_no_penalty(take, testing_house, inspector, receiver, measure, judge, department, agencies):
    sample = take()
    type(sample).objects.filter(pk=sample.pk).update(purpose="risk_monitoring")
    sample.refresh_from_db()
    custody.hand_over(sample=sample, part="test", to_agency=testing_house, by=inspector)
    measure(receive(sample, receiver), 腐霉利="0.9")
    signal = RiskSignal.objects.get()
    assert "腐霉利" in signal.text
    assert not Disposition.objects.exists()
    assert not casework.list_matters(_reader(agencies)).filter(hazard__contains="腐霉利").exists()
    follow_up.answer_signal(signal=signal, answer="加密监测", by=department)
    assert signal.answered_by == department.username


def test_goods_must_add_up_or_be_explained(failed, department):
    row = Disposition.objects.get()
    with pytest.raises(Refused, match="相差10"):
        controlled(row, department, sold="50")
    controlled(row, department, sold="50", imbalance_reason="自然失水")
    assert row.imbalance_reason == "自然失水"
    controlled(row, department)
    assert row.imbalance_reason == ""


def test_it_closes_only_when_whole_and_by_a_second_person(failed, department, second_department):
    row = Disposition.objects.get()
    with pytest.raises(Refused, match="控制措施、产品数量"):
        follow_up.submit(row=row, by=department)
    whole(row, department)
    follow_up.submit(row=row, by=department)
    with pytest.raises(Refused, match="不能确认自己"):
        follow_up.close(row=row, by=department)
    follow_up.close(row=row, by=second_department)
    assert (row.state, row.closed_on) == ("closed", date(2023, 3, 15))
    assert [step.label for step in row.steps.all()][-1] == "核查处置办结"


def test_a_follow_up_sample_that_was_ordered_is_waited_for(failed, department):
    row = Disposition.objects.get()
    whole(row, department)
    follow_up.order_again(row=row, by=department)
    assert SamplingTask.objects.filter(reason="follow_up", food="韭菜").count() == 1
    with pytest.raises(Refused, match="再次抽检的结果"):
        follow_up.submit(row=row, by=department)


def test_its_matter_cannot_be_closed_before_it(failed, department, second_department, agencies):
    row = whole(Disposition.objects.get(), department)
    boss = _reader(agencies)
    matter = casework.list_matters(boss).get(opened_from=row.matter_key)
    announcement = _closed(matter)
    with pytest.raises(Refused, match="核查处置还没有办结"):
        follow_up.matter_closed(announcement, by=boss)
    follow_up.submit(row=row, by=department)
    follow_up.close(row=row, by=second_department)
    follow_up.matter_closed(announcement, by=boss)


def _closed(matter):
    from fangxin.kernel.contributing.data import Announcement

    return Announcement(
        "matter.closed", matter.subject_type, matter.subject_id, matter.subject_name, matter.division_code, matter.hazard,
        {"key": matter.opened_from, "matter": matter.number},
    )  # fmt: skip


def test_a_recall_has_the_term_of_its_level(failed, department):
    row = Disposition.objects.get()
    order = follow_up.order_recall(
        row=row, level="first", recipient="柳沟便民超市", product="韭菜", mark="云市监召", by=department
    )
    # Ten working days; 5 April 2023 was a holiday.
    assert (order.start_within_hours, order.finish_by, order.number) == (24, date(2023, 3, 29), "云市监召〔2023〕1号")
    assert ledger.read_evidence(order.file)[:2] == b"PK"
    whole(row, department)
    with pytest.raises(Refused, match="召回结果"):
        follow_up.submit(row=row, by=department)
    follow_up.record_recall(order=order, recalled="15", recalled_on=ledger.clock.today(), by=department)
    follow_up.submit(row=row, by=department)


def test_an_extension_comes_before_the_end(failed, department):
    row = Disposition.objects.get()
    with (
        ledger.clock.held_at(datetime(2023, 6, 14, 9, tzinfo=ledger.clock.LOCAL)),
        pytest.raises(Refused, match="超过时限"),
    ):
        follow_up.extend(row=row, until=date(2023, 8, 1), reason="分管领导批准", by=department)
    follow_up.extend(row=row, until=date(2023, 7, 1), reason="分管领导批准", by=department)
    assert row.extended_to == date(2023, 7, 1)
