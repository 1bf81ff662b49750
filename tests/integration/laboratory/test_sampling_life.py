"""A sample from the task to the laboratory's counter: taken, sealed, handed over, received or refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxin.kernel.casework import api as casework
from fangxin.kernel.laboratory.models import CustodyStep, Duplicate, Irregularity, Sample, SamplingTask, Seal
from fangxin.kernel.laboratory.services import custody, duplicates, receipt, sampling, tasks
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
WHOLE = {"seal_intact": True, "enough": True, "papers_agree": True, "accept": True}


def refused(field, act):
    with pytest.raises(ValidationError) as error:
        act()
    if field:
        assert field in error.value.message_dict
    return error.value


# --- the form -------------------------------------------------------------------------------------------------------


def test_a_sample_takes_its_tasks_facts_and_two_sealed_parts(take, task, shop):
    sample = take()
    task.refresh_from_db()
    assert (sample.state, task.state) == ("taken", "taken")
    assert (sample.premises, sample.food_class, sample.purpose) == (shop, "食用农产品", "supervision")
    assert sample.number == "CY2023-00001"
    assert sample.sampled_on == date(2023, 3, 15)
    assert dict(Seal.objects.values_list("part", "number")) == {"test": "A-0001", "duplicate": "B-0001"}
    assert sample.duplicate.quantity == Decimal("1.5")


@pytest.mark.parametrize("paid", [None, Decimal(0)])
def test_a_sample_is_bought_never_taken_for_nothing(take, paid):
    refused("price_paid", lambda: take(price_paid=paid))
    assert not Sample.objects.exists()


def test_nobody_samples_alone(take, inspector):
    refused("second_sampler", lambda: take(second_sampler=inspector))
    refused("second_sampler", lambda: take(second_sampler=None))


def test_the_duplicate_has_seals_of_its_own(take):
    refused("duplicate_seals", lambda: take(duplicate_seals=[]))
    refused("duplicate_quantity", lambda: take(duplicate_quantity=Decimal("4.5")))
    refused("seals", lambda: take(duplicate_seals=["A-0001"]))


def test_without_a_duplicate_a_reason_is_owed_except_for_risk_monitoring(take, task):
    refused("no_duplicate_reason", lambda: take(duplicate_quantity=None, duplicate_seals=[]))
    SamplingTask.objects.filter(pk=task.pk).update(purpose="risk_monitoring")
    task.refresh_from_db()
    assert not hasattr(take(duplicate_quantity=None, duplicate_seals=[]), "duplicate")


def test_a_seal_is_used_once(take, shop, agencies, department, inspector, testing_house):
    take()
    again = tasks.add_task(
        reason="special", purpose="supervision", regime="market", stage="circulation", division_code=shop.division_code,
        food_class="食用农产品", premises=shop, agency=agencies["market"], due_on=date(2023, 4, 1), by=department,
    )  # fmt: skip
    error = refused("seals", lambda: take(task=again))
    assert "A-0001" in str(error)
    assert Sample.objects.count() == 1


def test_without_signature_a_refusal_needs_a_witness(take):
    refused("witness", lambda: take(witness=""))
    refused("refusal_reason", lambda: take(refusal_reason=""))


def test_a_task_gives_one_sample(take):
    take()
    refused(None, lambda: take(seals=["A-2"], duplicate_seals=["B-2"]))
    assert Sample.objects.count() == 1


def test_a_network_sample_tells_how_it_was_bought(take, task):
    SamplingTask.objects.filter(pk=task.pk).update(stage="network")
    task.refresh_from_db()
    refused(None, lambda: take(refusal_reason="", witness=""))
    online = {
        "platform": "某平台", "shop_name": "某店", "buyer": "买样人（虚构）", "account": "acc", "delivered_to": "县局",
        "order_number": "20230315001", "unpacked_at": ledger.clock.now(),
    }  # fmt: skip
    sample = take(refusal_reason="", witness="", online=online)
    assert sample.online.order_number == "20230315001"


def test_a_cancelled_sample_opens_its_task_again(take, task, inspector):
    sample = take()
    sampling.cancel_sample(sample=sample, reason="封条贴错", by=inspector)
    task.refresh_from_db()
    assert (sample.state, task.state) == ("cancelled", "open")
    assert take(seals=["A-9"], duplicate_seals=["B-9"]).task == task


# --- from hand to hand ----------------------------------------------------------------------------------------------


def test_both_sides_say_so(sent, receiver, inspector):
    step = CustodyStep.objects.get(sample=sent)
    assert (sent.state, step.handed_by, step.taken_at) == ("sent", "inspector", None)
    with pytest.raises(ValidationError, match="县检测中心"):
        custody.acknowledge(step=step, intact=True, by=inspector)
    custody.acknowledge(step=step, intact=True, temperature=Decimal("6"), by=receiver)
    step.refresh_from_db()
    assert (step.taken_by, step.taken_temperature, step.taken_intact) == ("lab", Decimal("6.0"), True)
    with pytest.raises(ValidationError, match="已经确认"):
        custody.acknowledge(step=step, intact=True, by=receiver)


def test_one_part_is_in_one_hand_only(sent, other_house, inspector):
    with pytest.raises(ValidationError):
        custody.hand_over(sample=sent, part="test", to_agency=other_house, by=inspector)


def test_a_handover_by_mistake_is_taken_back(sent, inspector):
    custody.take_back(step=CustodyStep.objects.get(), reason="选错了机构", by=inspector)
    sent.refresh_from_db()
    assert sent.state == "taken"
    assert not CustodyStep.objects.exists()


# --- the laboratory's counter ---------------------------------------------------------------------------------------


def test_an_accepted_sample_has_a_day_by_which_to_report(sent, receiver):
    row = receipt.receive(sample=sent, **WHOLE, by=receiver)
    sent.refresh_from_db()
    assert sent.state == "received"
    assert row.lab_number == "JY2023-00001"
    # Twenty working days from 15 March 2023, Tomb-Sweeping Day not counted.
    assert row.report_due_on == date(2023, 4, 13)
    assert CustodyStep.objects.get().taken_by == "lab"


def test_what_is_wrong_is_refused_with_reasons_and_asked_for_again(sent, receiver, inspector, department):
    row = receipt.receive(
        sample=sent, seal_intact=False, enough=True, papers_agree=True, reasons=["late"], note="封条一角脱开",
        accept=False, by=receiver,
    )  # fmt: skip
    sent.refresh_from_db()
    again = SamplingTask.objects.get(reason="resample")
    assert (sent.state, row.reasons) == ("refused", ["broken_seal", "late"])
    assert set(again.samplers.all()) == {inspector, department}
    assert "封条破损" in again.basis
    assert again.due_on == date(2023, 3, 30)


def test_a_refusal_needs_a_reason_and_a_word(sent, receiver):
    bare = {"seal_intact": True, "enough": True, "papers_agree": True, "accept": False}
    refused("reasons", lambda: receipt.receive(sample=sent, **bare, by=receiver))
    refused("note", lambda: receipt.receive(sample=sent, **bare, reasons=["damaged"], by=receiver))
    refused("reasons", lambda: receipt.receive(sample=sent, **bare, reasons=["because"], note="x", by=receiver))


def test_a_broken_seal_that_is_accepted_becomes_a_matter(sent, receiver, agencies, department):
    refused("note", lambda: receipt.receive(sample=sent, **{**WHOLE, "seal_intact": False}, by=receiver))
    receipt.receive(sample=sent, **{**WHOLE, "seal_intact": False}, note="经市场监管局同意", by=receiver)
    assert Irregularity.objects.get().kind == "broken_seal"
    matter = casework.list_matters(department).get()
    assert (matter.origin, matter.owner) == ("sampling", agencies["market"])
    assert "封条破损" in matter.hazard


def test_a_sample_that_came_late_is_noticed(take, testing_house, inspector, receiver):
    sample = take()
    with ledger.clock.held_at(date(2023, 3, 24)):
        custody.hand_over(sample=sample, part="test", to_agency=testing_house, by=inspector)
        receipt.receive(sample=sample, **WHOLE, by=receiver)
    assert [row.kind for row in Irregularity.objects.all()] == ["late_receipt"]


def test_chilled_samples_come_cold(take, task, testing_house, inspector, receiver):
    sample = take(storage="chilled")
    custody.hand_over(sample=sample, part="test", to_agency=testing_house, by=inspector)
    refused("temperature", lambda: receipt.receive(sample=sample, **WHOLE, by=receiver))
    refused("temperature", lambda: receipt.receive(sample=sample, **WHOLE, temperature=Decimal("14"), by=receiver))
    assert receipt.receive(sample=sample, **WHOLE, temperature=Decimal("4"), by=receiver).outcome == "accepted"


def test_a_receipt_is_undone_with_a_reason_while_nothing_is_tested(sent, receiver):
    row = receipt.receive(
        sample=sent, seal_intact=True, enough=False, papers_agree=True, note="只有一千克", accept=False, by=receiver
    )
    receipt.undo_receipt(receipt=row, reason="称重错误", by=receiver)
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert not SamplingTask.objects.filter(reason="resample").exists()
    assert receipt.receive(sample=sent, **WHOLE, by=receiver).lab_number == "JY2023-00002"


def test_work_goes_to_an_analyst_of_the_same_laboratory(sent, receiver, analyst, other_receiver):
    row = receipt.receive(sample=sent, **WHOLE, by=receiver)
    refused("analyst", lambda: receipt.assign_analyst(receipts=[row], analyst=other_receiver, by=receiver))
    assert receipt.assign_analyst(receipts=[row], analyst=analyst, by=receiver) == 1
    row.refresh_from_db()
    assert row.analyst == analyst


# --- the duplicate --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conforming", "best_before", "until"),
    [
        (True, None, date(2023, 7, 3)),
        (False, None, date(2023, 10, 3)),
        (False, date(2023, 6, 1), date(2023, 6, 1)),
        (True, date(2024, 6, 1), date(2023, 7, 3)),
    ],
)
def test_how_long_a_duplicate_is_kept(sent, inspector, conforming, best_before, until):
    Sample.objects.filter(pk=sent.pk).update(best_before_on=best_before)
    sent.refresh_from_db()
    kept = duplicates.start_keeping(sample=sent, conforming=conforming, concluded_on=date(2023, 4, 3), by=inspector)
    assert kept.keep_until == until


def test_a_duplicate_goes_only_when_its_keeping_has_ended(sent, receiver):
    kept = sent.duplicate
    with pytest.raises(ValidationError, match="还没有结论"):
        duplicates.destroy(duplicates=[kept], note="焚烧", by=receiver)
    kept = duplicates.start_keeping(sample=sent, conforming=True, concluded_on=date(2023, 4, 3), by=receiver)
    with pytest.raises(ValidationError, match="2023-07-03"):
        duplicates.destroy(duplicates=[kept], note="焚烧", by=receiver)
    with ledger.clock.held_at(date(2023, 7, 4)):
        assert duplicates.destroy(duplicates=[kept], note="焚烧", by=receiver) == 1
    assert Duplicate.objects.get().state == "destroyed"
    with pytest.raises(ValidationError):
        duplicates.hand_to_retest(duplicate=kept, laboratory=sent.laboratory, by=receiver)
