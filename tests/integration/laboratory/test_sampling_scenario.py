"""The synthetic county's samplings, and that each planted fault is found by a plain query."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import F, Q
from pytest_django.plugin import DjangoDbBlocker

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.laboratory.models import CustodyStep, Irregularity, Receipt, Sample, SamplingPlan, SamplingTask
from fangxin.sim.life import build
from fangxin.sim.truth import Truth

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def truth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Truth]:
    """A small county that is only sampled; taken back when the module is done."""
    alone = {"laboratory.sampling": contribute.scenarios.get("laboratory.sampling")}
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(contribute.scenarios, "_offers", alone)
        yield build(seed=7, scale=0.02)
        transaction.set_rollback(True)


def numbers(truth: Truth, kind: str) -> set[str]:
    found = {fault.subject for fault in truth.of(kind)}
    assert found
    return found


def test_plans_are_approved_by_a_second_person_and_mostly_done(truth):
    plans = SamplingPlan.objects.all()
    assert plans.count() == 9
    assert not plans.filter(Q(state="draft") | Q(approved_by=F("made_by"))).exists()
    old = Sample.objects.filter(plan_line__plan__year=2023).count()
    planned = sum(plan.total for plan in plans.filter(year=2023))
    assert 0.85 * planned <= old <= planned


def test_every_sample_came_to_its_laboratory_from_hand_to_hand(truth):
    received = Sample.objects.exclude(state__in=["taken", "sent", "cancelled"])
    assert received.count() > 150
    assert Receipt.objects.filter(undone_at=None).count() == received.count()
    assert CustodyStep.objects.filter(taken_at=None).count() == 0
    assert not Receipt.objects.exclude(laboratory=F("sample__laboratory")).exists()


def test_the_desks_have_open_tasks(truth):
    assert SamplingTask.objects.filter(state="open").exists()
    assert SamplingTask.objects.filter(state="open", samplers=None).exists()


def test_samples_that_came_late_are_found(truth):
    late = [
        r.sample.number
        for r in Receipt.objects.select_related("sample")
        if (r.received_on - r.sample.sampled_on).days > 14
    ]
    assert set(late) == numbers(truth, "late_sample_receipt")


def test_broken_seals_that_were_accepted_are_found(truth):
    rows = Receipt.objects.filter(seal_intact=False, outcome="accepted")
    assert set(rows.values_list("sample__number", flat=True)) == numbers(truth, "broken_seal_accepted")


def test_samples_without_duplicate_are_found(truth):
    rows = Sample.objects.filter(duplicate=None).exclude(purpose="risk_monitoring")
    assert set(rows.values_list("number", flat=True)) == numbers(truth, "sample_without_duplicate")


def test_unpaid_samples_are_found(truth):
    assert set(Sample.objects.filter(price_paid=None).values_list("number", flat=True)) == numbers(
        truth, "unpaid_sample"
    )


def test_the_platform_notices_them_by_itself_and_nothing_else(truth):
    kinds = {
        "late_receipt": "late_sample_receipt", "broken_seal": "broken_seal_accepted",
        "no_duplicate": "sample_without_duplicate", "unpaid": "unpaid_sample",
    }  # fmt: skip
    for kind, fault in kinds.items():
        noticed = set(Irregularity.objects.filter(kind=kind).values_list("sample__number", flat=True))
        assert noticed == numbers(truth, fault), kind
