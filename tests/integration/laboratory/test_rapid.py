"""Rapid tests screen: four hours to contest, never settled by another rapid test, a positive asks for a real sample."""

from datetime import datetime, timedelta

import pytest

from fangxin.kernel.laboratory.models import RapidTest, SamplingTask
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services import rapid
from fangxin.kernel.ledger import api as ledger


@pytest.fixture
def positive(shop, inspector):
    return rapid.record_rapid_test(
        division_code=shop.division_code, premises=shop, food="豇豆", item="有机磷农药残留", method="酶抑制率速测卡",
        result="positive", by=inspector,
    )  # fmt: skip


def test_the_four_hours_count_from_the_telling(positive, inspector):
    told = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)
    rapid.tell(row=positive, by=inspector)
    assert positive.dispute_until == told + timedelta(hours=4)
    with ledger.clock.held_at(told + timedelta(hours=4, minutes=1)), pytest.raises(Refused, match="13:00截止"):
        rapid.dispute(row=positive, text="不认可", by=inspector)
    with ledger.clock.held_at(told + timedelta(hours=4)):
        rapid.dispute(row=positive, text="不认可", by=inspector)
    assert positive.state == "disputed"


def test_a_dispute_is_not_settled_by_a_rapid_test(positive, inspector):
    rapid.tell(row=positive, by=inspector)
    rapid.dispute(row=positive, text="不认可", by=inspector)
    for method in ("酶抑制率速测卡", "胶体金免疫层析"):
        with pytest.raises(Refused, match="不得采用快速检测"):
            rapid.retest(row=positive, method=method, result="negative", by=inspector)
    rapid.retest(row=positive, method="GB 23200.121 气相色谱-质谱联用", result="negative", by=inspector)
    assert positive.state == "done"


def test_a_positive_asks_for_one_statutory_sample(positive, inspector, agencies):
    given = {"food_class": "食用农产品", "regime": "market", "stage": "circulation", "agency": agencies["market"]}
    first = rapid.ask_for_sample(row=positive, by=inspector, **given)
    assert rapid.ask_for_sample(row=positive, by=inspector, **given) == first
    assert SamplingTask.objects.get().purpose == "rapid"
    rapid.finish(row=positive, handled="已送法定检验", by=inspector)
    assert positive.state == "done"


def test_a_negative_asks_for_nothing(shop, inspector, agencies):
    row = rapid.record_rapid_test(
        division_code=shop.division_code, premises=shop, food="黄瓜", item="有机磷农药残留", method="速测卡",
        result="negative", by=inspector,
    )  # fmt: skip
    with pytest.raises(Refused, match="阳性"):
        rapid.ask_for_sample(
            row=row,
            food_class="食用农产品",
            regime="market",
            stage="circulation",
            agency=agencies["market"],
            by=inspector,
        )
    assert RapidTest.objects.get().state == "done"
