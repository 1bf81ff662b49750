"""The clocks of sampling, re-test and follow-up, as drawn tables (vectors S-V1 to S-V7)."""

from datetime import date, datetime

import pytest

from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.ledger import api as ledger

title = "抽检、复检和核查处置的期限"
LIMITS = {
    "申请复检": Limit.REQUEST_RETEST, "农产品申请复检": Limit.REQUEST_RETEST_FARM, "受理复检": Limit.DECIDE_RETEST,
    "抽取复检机构": Limit.DRAW_LABORATORY, "移交备样": Limit.HAND_OVER, "复检结论": Limit.RETEST, "告知申请人": Limit.TELL_RETEST,
    "告知被抽样单位": Limit.NOTIFY, "核查处置": Limit.FOLLOW_UP, "出具报告": Limit.REPORT,
}  # fmt: skip


@pytest.mark.django_db
def test_the_last_day_of_each_step(spec):
    for row in spec("""
        步骤           | 起算日     | 最后一日
        申请复检       | 2023-09-27 | 2023-10-12
        受理复检       | 2023-10-12 | 2023-10-19
        抽取复检机构   | 2023-10-19 | 2023-10-26
        移交备样       | 2023-10-26 | 2023-10-31
        复检结论       | 2023-10-31 | 2023-11-14
        告知申请人     | 2023-11-14 | 2023-11-21
        告知被抽样单位 | 2023-06-20 | 2023-06-28
        核查处置       | 2024-07-04 | 2024-10-08
        出具报告       | 2024-02-01 | 2024-03-05
        农产品申请复检 | 2023-09-27 | 2023-10-10
    """):
        end = clocks.last_day(LIMITS[row["步骤"]], date.fromisoformat(row["起算日"]))
        assert end == date.fromisoformat(row["最后一日"]), row


@pytest.mark.django_db
def test_a_rapid_result_may_be_contested_for_four_hours(spec):
    for row in spec("""
        告知时间         | 截止
        2024-05-08 09:20 | 2024-05-08 13:20
        2024-05-08 22:30 | 2024-05-09 02:30
    """):
        told = datetime.fromisoformat(row["告知时间"]).replace(tzinfo=ledger.clock.LOCAL)
        assert f"{clocks.due(Limit.DISPUTE_RAPID, told).moment:%Y-%m-%d %H:%M}" == row["截止"], row
