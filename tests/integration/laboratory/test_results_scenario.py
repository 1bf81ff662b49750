"""The synthetic county's results and follow-ups, and that each planted fault is found by a plain query."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import F
from pytest_django.plugin import DjangoDbBlocker

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.laboratory.models import (
    AnalyticalRun,
    Disposition,
    RapidTest,
    Report,
    Retest,
    SampleVerdict,
    Verdict,
    Verification,
)
from fangxin.sim.life import build
from fangxin.sim.truth import Truth

pytestmark = pytest.mark.django_db
PARTS = ("laboratory.sampling", "laboratory.results")


@pytest.fixture(scope="module")
def truth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Truth]:
    """A small county that is only sampled and tested; taken back when the module is done."""
    alone = {name: contribute.scenarios.get(name) for name in PARTS}
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(contribute.scenarios, "_offers", alone)
        yield build(seed=7, scale=0.05)
        transaction.set_rollback(True)


def numbers(truth: Truth, kind: str) -> set[str]:
    found = {fault.subject for fault in truth.of(kind)}
    assert found, kind
    return found


def test_most_samples_were_concluded_on_and_a_few_failed(truth):
    outcomes = list(SampleVerdict.objects.values_list("outcome", flat=True))
    assert len(outcomes) > 150
    assert 0.005 < outcomes.count("nonconforming") / len(outcomes) < 0.08
    assert not Verification.objects.filter(verified_by=F("analyst")).exists()
    assert not Verdict.objects.filter(outcome="nonconforming", standard="").exists()


def test_overdue_follow_ups_are_found(truth):
    day = truth_end()
    found = Disposition.objects.filter(state="open", due_on__lt=day).values_list("sample__number", flat=True)
    assert set(found) >= numbers(truth, "overdue_follow_up")


def test_goods_that_do_not_add_up_are_found(truth):
    found = Disposition.objects.exclude(imbalance_reason="").values_list("sample__number", flat=True)
    assert set(found) == numbers(truth, "unbalanced_goods")


def test_late_reports_are_found(truth):
    found = Report.objects.filter(issued_on__gt=F("due_on")).values_list("sample__number", flat=True)
    assert set(found) >= numbers(truth, "late_test_report")


def test_positives_that_nobody_followed_are_found(truth):
    found = RapidTest.objects.filter(result="positive", state="followed", sample=None).values_list("number", flat=True)
    assert set(found) == numbers(truth, "positive_not_followed")


def test_follow_ups_run_their_course(truth):
    assert Disposition.objects.filter(state="closed").exists()
    assert not Disposition.objects.filter(state="closed", closed_by=F("submitted_by")).exists()
    assert AnalyticalRun.objects.count() > 10
    assert Retest.objects.filter(state="told").count() <= 1


def truth_end():
    from fangxin.sim.values import ENDS

    return ENDS
