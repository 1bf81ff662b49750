"""A suspected crime: no penalty in its place, and every hour counted."""

from decimal import Decimal

import pytest
from tests.integration.casework.cases_world import CLEAN, at, clocks

from fangxin.kernel.casework.models import Case
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services import cases, cases_deciding, cases_papers, cases_transfer
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
DRUG = {"toxic_material": True}


def ask(case, world):
    return cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="", fine_reason="", by=world.officer
    )


def test_a_penalty_does_not_replace_a_transfer(case_world):
    case = case_world.investigated(crime=DRUG)
    with pytest.raises(Refused, match="不得以罚代刑"):
        ask(case, case_world)
    cases_transfer.report_crime(case=case, text="检出西地那非", by=case_world.officer)
    with pytest.raises(Refused, match="理由"):
        cases_transfer.decide_transfer(case=case, approved=False, text=" ", by=case_world.head)
    cases_transfer.decide_transfer(case=case, approved=False, text="检验结论被推翻", by=case_world.head)
    assert case.state == Case.State.INVESTIGATING
    assert ask(case, case_world).state == Case.State.REVIEWING


def test_a_new_screening_that_fires_asks_the_head_again(case_world):
    case = case_world.investigated(crime=DRUG)
    cases_transfer.report_crime(case=case, text="检出", by=case_world.officer)
    cases_transfer.decide_transfer(case=case, approved=False, text="结论被推翻", by=case_world.head)
    cases.screen(case=case, facts=CLEAN | {"meat": True}, by=case_world.officer)
    with pytest.raises(Refused, match="不得以罚代刑"):
        ask(case, case_world)


def test_the_head_is_not_one_of_the_officers(case_world):
    case = case_world.investigated(crime=DRUG)
    cases_transfer.report_crime(case=case, text="检出", by=case_world.officer)
    with pytest.raises(Refused, match="办案人员"):
        cases_transfer.decide_transfer(case=case, approved=True, text="同意", by=case_world.second)


def test_three_days_for_the_head_and_twenty_four_hours_to_the_police(case_world):
    with ledger.clock.held_at(at("2024-03-08")):
        case = case_world.investigated(crime=DRUG)
        cases_transfer.report_crime(case=case, text="检出西地那非", by=case_world.officer)
    assert clocks(case, running=True)["DL12"] == "2024-03-11 23:59"
    with ledger.clock.held_at(at("2024-03-11", "10:00")):
        cases_transfer.decide_transfer(case=case, approved=True, text="同意移送", by=case_world.head)
    assert clocks(case, running=True)["DL13"] == "2024-03-12 10:00"
    with ledger.clock.held_at(at("2024-03-12", "09:59")):
        paper = cases_papers.issue_paper(
            case=case,
            kind="transfer",
            mark="云市监移",
            by=case_world.officer,
            police="云桥县公安局",
            packet="移送书\n检验报告",
        )
        assert paper.title == "涉嫌犯罪案件移送书"
        cases_transfer.hand_over(case=case, text="云桥县公安局接收，已抄送检察院", by=case_world.officer)
    handed = case.clocks.get(code="DL13")
    assert handed.ended_at <= handed.due_at
    assert clocks(case, running=True)["T6"] == "2024-03-15 23:59"


def test_while_the_police_have_the_case_its_own_term_stands_still(case_world):
    case = case_world.handed_over()
    assert case.clocks.get(code="DL06").paused
    cases_transfer.record_reply(case=case, action="police_refused", text="不予立案通知书", by=case_world.officer)
    assert clocks(case, running=True)["DL14"] == "2023-03-18 23:59"
    cases_transfer.record_reply(case=case, action="reconsideration_asked", text="提请复议", by=case_world.officer)
    cases_transfer.record_reply(case=case, action="police_upheld", text="维持", by=case_world.officer)
    assert set(clocks(case, running=True)) == {"DL06", "T8-PROCURATORATE"}
    cases_transfer.record_reply(case=case, action="procuratorate_asked", text="建议监督", by=case_world.officer)
    with ledger.clock.held_at(at("2023-04-14")):
        cases_transfer.resume(case=case, text="检察院认为不构成犯罪", by=case_world.officer)
    assert case.state == Case.State.INVESTIGATING
    # 90 days and the 30 that the police had the case.
    assert clocks(case, running=True) == {"DL06": "2023-07-13 23:59"}
    assert ask(case, case_world).state == Case.State.REVIEWING


def test_after_the_police_have_filed_the_goods_follow_in_three_days(case_world):
    case = case_world.handed_over()
    cases_transfer.record_reply(case=case, action="police_asked_more", text="补正通知", by=case_world.officer)
    assert clocks(case, running=True)["T4"] == "2023-03-18 23:59"
    cases_transfer.record_reply(case=case, action="supplemented", text="已补齐", by=case_world.officer)
    cases_transfer.record_reply(case=case, action="police_filed", text="立案通知", by=case_world.officer)
    assert clocks(case, running=True)["T9"] == "2023-03-18 23:59"
    with pytest.raises(Refused, match="还没有把涉案物品"):
        cases_deciding.close_case(case=case, text="已移送", by=case_world.head)
    cases_transfer.record_reply(case=case, action="goods_handed_over", text="清单签收", by=case_world.officer)
    cases_deciding.close_case(case=case, text="刑事处理", by=case_world.head)
    assert case.state == Case.State.CLOSED


def test_a_case_that_comes_back_from_the_police_is_reviewed_and_told_again(case_world):
    case = case_world.investigated()
    ask(case, case_world)
    cases_transfer.report_crime(case=case, text="审核中发现新的事实", by=case_world.officer)
    cases_transfer.decide_transfer(case=case, approved=True, text="同意", by=case_world.head)
    cases_transfer.hand_over(case=case, text="公安接收", by=case_world.officer)
    assert set(clocks(case, running=True)) == {"DL06", "T6"}
    cases_transfer.record_reply(case=case, action="police_refused", text="不予立案", by=case_world.officer)
    cases_transfer.resume(case=case, text="不构成犯罪", by=case_world.officer)
    assert ask(case, case_world).state == Case.State.REVIEWING


def test_a_clue_handed_over_at_once_comes_back_as_a_clue(case_world):
    case = case_world.clue()
    cases_transfer.report_crime(case=case, text="现场查获", by=case_world.officer)
    cases_transfer.decide_transfer(case=case, approved=True, text="同意", by=case_world.head)
    cases_transfer.hand_over(case=case, text="公安接收", by=case_world.officer)
    assert set(clocks(case, running=True)) == {"T6"}
    cases_transfer.record_reply(case=case, action="police_refused", text="不予立案", by=case_world.officer)
    with ledger.clock.held_at(at("2023-03-20")):
        cases_transfer.resume(case=case, text="不构成犯罪", by=case_world.officer)
    assert case.state == Case.State.CLUE
    assert clocks(case, running=True) == {"DL04": "2023-04-11 23:59"}


def test_no_reply_is_made_up(case_world):
    case = case_world.handed_over()
    with pytest.raises(Refused, match="没有这一步"):
        cases_transfer.record_reply(case=case, action="closed", text="x", by=case_world.officer)
