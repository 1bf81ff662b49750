"""A penalty case from the clue to the closed file, with its clocks and its second persons."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.integration.casework.cases_world import CLEAN, at, clocks

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework.models import Case, CaseStep
from fangxin.kernel.casework.rules import MovedOn, Refused
from fangxin.kernel.casework.services import cases, cases_deciding, cases_papers
from fangxin.kernel.casework.tasks_cases import daily
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db


def test_a_case_runs_from_the_clue_to_the_closed_file(case_world):
    case = case_world.clue(reporter_named=True)
    assert clocks(case) == {"DL04": "2023-04-06 23:59"}
    cases.file_case(case=case, by=case_world.head)
    assert clocks(case, running=True) == {"DL05": "2023-03-22 23:59", "DL06": "2023-06-13 23:59"}
    cases.tell_reporter(case=case, text="电话告知", by=case_world.officer)
    case_world.find(case, {})
    cases.screen(case=case, facts=CLEAN, by=case_world.officer)
    cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="没收", fine_reason="", by=case_world.officer
    )
    assert clocks(case, running=True)["P3"] == "2023-03-29 23:59"
    cases.pass_review(case=case, text="同意", by=case_world.reviewer)
    cases_deciding.notify(case=case, text="当面送达", by=case_world.officer)
    assert clocks(case, running=True)["DL09"] == "2023-03-22 23:59"
    with ledger.clock.held_at(at("2023-03-23")):
        cases_deciding.decide(case=case, fine=Decimal(50_000), penalty="没收", by=case_world.head)
        assert clocks(case, running=True) == {"DL10": "2023-04-21 23:59", "P6": "2023-04-03 23:59"}
        cases_deciding.serve(case=case, text="当面送达", by=case_world.officer)
        assert clocks(case, running=True)["DL11"] == "2023-04-07 23:59"
        cases_deciding.publish(case=case, by=case_world.officer)
        assert case.public_until == date(2026, 3, 23)
        cases_deciding.pay(case=case, paid_on=date(2023, 3, 23), by=case_world.officer)
        cases_deciding.close_case(case=case, text="已缴清", by=case_world.head)
    assert case.state == Case.State.CLOSED
    assert set(clocks(case, running=True)) == {"P9"}
    actions = list(case.steps.values_list("action", flat=True))
    assert actions == ["opened", "filed", "reporter_told", "facts_recorded", "screened", "review_asked", "review_passed",
                       "notified", "decided", "served", "published", "paid", "closed"]  # fmt: skip
    entries = ledger.entries_of("casework.case", str(case.pk))
    assert [entry.event for entry in entries.order_by("pk")] == [f"casework.case.{action}" for action in actions]


def test_the_article_follows_the_subject_the_offence_and_the_day(case_world):
    case = case_world.filed()
    assert (case.statute_code, case.article_code) == ("food-safety-law", "124")
    assert judging.fine_range_of(case).outcome == "value_needed"
    case_world.find(case, {"goods_value": Decimal(10_000)})
    assert judging.fine_range_of(case).high == 200_000
    # The province of the tests has no ordinance here; the national law is not used in its place.
    case_world.find(case, {"subject_kind": "small_shop"})
    assert case.statute_code == case.article_code == ""
    here = case_world.clue(subject_kind="stall", division_code="410000100")
    assert (here.statute_code, here.article_code) == ("small-food-ordinance-41", "46")


def test_one_officer_is_not_enough(case_world):
    case = case_world.clue(officers=[case_world.officer])
    with pytest.raises(Refused, match="不得少于两人"):
        cases.file_case(case=case, by=case_world.head)
    with pytest.raises(Refused, match="不得少于两人"):
        cases.name_officers(case=case, officers=[case_world.officer], by=case_world.officer)


def test_who_investigates_neither_files_reviews_nor_decides(case_world):
    case = case_world.clue()
    with pytest.raises(Refused, match="办案人员"):
        cases.file_case(case=case, by=case_world.officer)
    case = case_world.investigated()
    cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="", fine_reason="", by=case_world.officer
    )
    with pytest.raises(Refused, match="办案人员"):
        cases.pass_review(case=case, text="同意", by=case_world.second)
    case = case_world.notified()
    cases_deciding.hear_statement(case=case, text="无", waived=True, by=case_world.officer)
    for person, why in ((case_world.officer, "办案人员"), (case_world.reviewer, "法制审核由您负责")):
        with pytest.raises(Refused, match=why):
            cases_deciding.decide(case=case, fine=Decimal(50_000), by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            decided_by=case.reviewed_by, decided_at=ledger.clock.now(), decided_on=ledger.clock.today()
        )


def test_nobody_is_punished_before_the_time_to_speak_has_passed(case_world):
    case = case_world.notified()
    with ledger.clock.held_at(at("2023-03-22", "23:00")), pytest.raises(Refused, match="期限未满"):
        cases_deciding.decide(case=case, fine=Decimal(50_000), by=case_world.head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case_world.filed().pk).update(fine=1, decided_on=date(2023, 3, 15))


def test_the_county_stops_at_the_ceiling_and_the_city_goes_on(case_world, agencies):
    found = {"goods_value": Decimal(30_000)}
    case = case_world.notified(fine=450_000, offence="non_food_material", found=found)
    cases_deciding.hear_statement(case=case, text="无", waived=True, by=case_world.officer)
    with pytest.raises(Refused, match="市级"):
        cases_deciding.decide(case=case, fine=Decimal(450_000), penalty="没收", by=case_world.head)
    cases_deciding.send_up(case=case, text="报云安市市场监管局", by=case_world.head)
    city = make_city(agencies)
    cases_deciding.decide(case=case, fine=Decimal(450_000), penalty="没收", by=city)
    assert case.state == Case.State.DECIDED


def make_city(agencies):
    from fangxin.kernel.people import api as people

    agency = people.create_agency(
        name="云安市市场监督管理局", short_name="市局", kind="department", division_code="9901", by=None
    )
    user = people.User.objects.create(username="city", name="市局 方圆", password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="department", division_code="9901", starts_on=date(2022, 1, 1), by=None
    )
    return user


def test_just_below_the_ceiling_the_county_decides(case_world):
    case = case_world.decided(
        fine=299_999, reason="情节较轻，减轻处罚", offence="non_food_material", found={"goods_value": Decimal(19_999)}
    )
    assert case.fine == 299_999


def test_a_fine_stays_in_the_range_or_says_why(case_world):
    case = case_world.investigated()
    for fine, why in ((100_001, "超出法定幅度"), (49_999, "裁量理由")):
        with pytest.raises(Refused, match=why):
            cases.ask_review(
                case=case, proposed_fine=Decimal(fine), proposed_penalty="", fine_reason="", by=case_world.officer
            )
    cases.ask_review(
        case=case,
        proposed_fine=Decimal(20_000),
        proposed_penalty="",
        fine_reason="主动消除危害后果",
        by=case_world.officer,
    )
    assert case.state == Case.State.REVIEWING


def test_a_decision_is_never_harder_than_the_notice(case_world):
    case = case_world.notified(fine=50_000)
    cases_deciding.hear_statement(case=case, text="无", waived=True, by=case_world.officer)
    with pytest.raises(Refused, match="告知书"):
        cases_deciding.decide(case=case, fine=Decimal(60_000), by=case_world.head)


def test_without_a_screening_of_the_present_facts_nothing_goes_to_review(case_world):
    case = case_world.investigated()
    case_world.find(case, {"goods_value": Decimal(120_000)})
    with pytest.raises(Refused, match="研判"):
        cases.ask_review(
            case=case, proposed_fine=Decimal(50_000), proposed_penalty="", fine_reason="", by=case_world.officer
        )


def test_where_the_facts_do_not_decide_the_reviewer_must(case_world):
    case = case_world.investigated(crime={"relabelled": None})
    cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="", fine_reason="", by=case_world.officer
    )
    with pytest.raises(Refused, match="人工判断"):
        cases.pass_review(case=case, text="  ", by=case_world.reviewer)


def test_what_was_done_too_long_ago_is_not_filed(case_world):
    case = case_world.clue()
    case_world.find(case, {"began_on": date(2021, 3, 1), "ended_on": date(2021, 3, 14)})
    with pytest.raises(Refused, match="追究期限"):
        cases.file_case(case=case, by=case_world.head)
    cases.not_file(case=case, text="超过追究期限", by=case_world.head)
    assert case.state == Case.State.NOT_FILED
    assert clocks(case, running=True) == {}


def test_two_heads_press_the_button_together(case_world):
    case = case_world.clue()
    other = Case.objects.get(pk=case.pk)
    cases.file_case(case=case, by=case_world.head)
    with pytest.raises(MovedOn):
        cases.not_file(case=other, text="不立", by=case_world.reviewer)
    assert Case.objects.get(pk=case.pk).state == Case.State.INVESTIGATING
    assert case.steps.count() == 2


def test_goods_have_a_clock_each(case_world):
    with ledger.clock.held_at(at("2024-01-15")):
        case = case_world.filed()
        first = cases.take_goods(case=case, kind="seized", goods="牛奶 3箱", place="所内库房", by=case_world.officer)
        cases.take_goods(case=case, kind="registered", goods="账本 1册", place="所内库房", by=case_world.officer)
        assert clocks(case, running=True)["DL07"] == "2024-02-14 23:59"
        assert clocks(case, running=True)["DL08"] == "2024-01-24 23:59"
        cases.extend_seizure(case=case, item=first, text="情况复杂", by=case_world.head)
        assert clocks(case, running=True)["DL07"] == "2024-03-30 23:59"
        with pytest.raises(Refused, match="已经延长"):
            cases.extend_seizure(case=case, item=first, text="再延", by=case_world.head)
        cases.handle_goods(case=case, item=first, handling="没收", by=case_world.officer)
        assert set(clocks(case, running=True)) == {"DL06", "DL08"}
        with pytest.raises(Refused, match="已经处理"):
            cases.handle_goods(case=case, item=first, handling="退还", by=case_world.officer)


def test_goods_not_dealt_with_keep_the_file_open(case_world):
    case = case_world.filed()
    cases.take_goods(case=case, kind="seized", goods="牛奶", place="库房", by=case_world.officer)
    case_world.find(case, {})
    cases.screen(case=case, facts=CLEAN, by=case_world.officer)
    cases.ask_review(
        case=case, proposed_fine=Decimal(0), proposed_penalty="不予处罚", fine_reason="轻微", by=case_world.officer
    )
    cases.pass_review(case=case, text="同意", by=case_world.reviewer)
    cases_deciding.spare(case=case, text="轻微并改正", by=case_world.head)
    with pytest.raises(Refused, match="没有处理"):
        cases_deciding.close_case(case=case, text="结案", by=case_world.head)


def test_time_in_the_laboratory_is_added(case_world):
    case = case_world.filed()
    cases.pause(case=case, reason="testing", by=case_world.officer)
    with pytest.raises(Refused, match="已经暂停"):
        cases.pause(case=case, reason="notice", by=case_world.officer)
    with ledger.clock.held_at(at("2023-08-01")):
        assert daily() == 0
        cases.unpause(case=case, by=case_world.officer)
    # 90 days from 15 March, and the 139 days to 1 August: 30 October.
    assert clocks(case, running=True)["DL06"] == "2023-10-30 23:59"


def test_a_hearing_is_called_seven_working_days_before(case_world):
    case = case_world.notified()
    with pytest.raises(Refused, match="七个工作日"):
        cases_deciding.call_hearing(case=case, hearing_at=at("2023-03-23"), text="", by=case_world.officer)
    cases_deciding.call_hearing(case=case, hearing_at=at("2023-03-24"), text="", by=case_world.officer)
    with ledger.clock.held_at(at("2023-03-24", "11:00")):
        with pytest.raises(Refused, match="办案人员"):
            cases_deciding.hold_hearing(case=case, text="双方到场", by=case_world.officer)
        cases_deciding.hold_hearing(case=case, text="双方到场", by=case_world.reviewer)
        cases_deciding.decide(case=case, fine=Decimal(50_000), penalty="没收", by=case_world.head)
    assert case.state == Case.State.DECIDED


def test_small_sums_are_decided_on_the_spot_by_the_officers(case_world):
    case = case_world.clue(offence="obstruction")
    case_world.find(case, {})
    cases.screen(case=case, facts=CLEAN, by=case_world.officer)
    facts = {"penalty": "警告", "text": "当场告知，当事人无异议", "publicity": "short"}
    with pytest.raises(Refused, match="3000"):
        cases_deciding.decide_on_the_spot(case=case, fine=Decimal(3001), by=case_world.officer, **facts)
    case.refresh_from_db()
    with pytest.raises(Refused, match="办案人员"):
        cases_deciding.decide_on_the_spot(case=case, fine=Decimal(3000), by=case_world.head, **facts)
    cases_deciding.decide_on_the_spot(case=case, fine=Decimal(3000), by=case_world.officer, **facts)
    assert list(case.steps.values_list("action", flat=True))[-2:] == ["told_on_spot", "decided_on_spot"]
    assert case.state == Case.State.DECIDED


def test_the_public_reads_a_decision_from_its_publication_to_its_last_day(case_world):
    case = case_world.served()
    assert casework.public_decisions(date(2023, 3, 15)) == []
    cases_deciding.publish(case=case, by=case_world.officer)
    (told,) = casework.public_decisions(date(2023, 3, 15), "990101")
    assert (told.party, told.fine, told.article) == ("石门饭店", 50_000, "《中华人民共和国食品安全法》第一百二十四条")
    assert casework.public_decisions(date(2026, 3, 15))
    assert not casework.public_decisions(date(2026, 3, 16))
    assert not casework.public_decisions(date(2023, 3, 14))
    assert not casework.public_decisions(date(2023, 3, 15), "990102")
    cases_deciding.annul(case=case, text="复议撤销", by=case_world.head)
    assert not casework.public_decisions(date(2023, 3, 16))
    assert clocks(case, running=True)["P10"] == "2023-03-20 23:59"
    cases_deciding.unpublish(case=case, by=case_world.officer)
    assert clocks(case, running=True) == {}


def test_what_has_been_public_long_enough_is_taken_down_by_itself(case_world):
    case = case_world.served()
    cases_deciding.publish(case=case, by=case_world.officer)
    with ledger.clock.held_at(at("2026-03-15")):
        daily()
        case.refresh_from_db()
        assert case.unpublished_on is None
    with ledger.clock.held_at(at("2026-03-16")):
        daily()
    case.refresh_from_db()
    assert case.unpublished_on == date(2026, 3, 16)
    assert "P9" not in clocks(case, running=True)


def test_a_case_without_a_decision_is_neither_published_nor_annulled(case_world):
    case = case_world.investigated()
    cases.ask_review(
        case=case, proposed_fine=Decimal(0), proposed_penalty="不予处罚", fine_reason="轻微", by=case_world.officer
    )
    cases.pass_review(case=case, text="同意", by=case_world.reviewer)
    cases_deciding.spare(case=case, text="轻微并改正", by=case_world.head)
    cases_deciding.close_case(case=case, text="不予处罚", by=case_world.head)
    with pytest.raises(Refused):
        cases_deciding.publish(case=case, by=case_world.officer)
    with pytest.raises(Refused, match="没有作出处罚决定"):
        cases_deciding.annul(case=case, text="x", by=case_world.head)


def test_two_clerks_record_one_payment(case_world):
    case = case_world.served()
    other = Case.objects.get(pk=case.pk)
    cases_deciding.pay(case=case, paid_on=date(2023, 3, 15), by=case_world.officer)
    with pytest.raises(MovedOn):
        cases_deciding.pay(case=other, paid_on=date(2023, 3, 15), by=case_world.second)


def test_the_ledger_does_not_keep_the_name_of_the_party(case_world):
    case = case_world.served(party_kind="person", party_name="魏长河")
    entries = ledger.entries_of("casework.case", str(case.pk))
    assert entries.count() > 5
    assert not [entry for entry in entries if "魏" in entry.subject_name + entry.data]


def test_a_persons_given_name_is_not_published(case_world):
    case = case_world.served(party_kind="person", party_name="魏长河")
    cases_deciding.publish(case=case, by=case_world.officer)
    assert casework.public_decisions(date(2023, 3, 15))[0].party == "魏某"


def test_an_unpaid_fine_keeps_the_file_open(case_world):
    case = case_world.served()
    with pytest.raises(Refused, match="没有缴清"):
        cases_deciding.close_case(case=case, text="结案", by=case_world.head)
    cases_deciding.pay(case=case, paid_on=date(2023, 3, 15), by=case_world.officer)
    with pytest.raises(Refused, match="没有公示"):
        cases_deciding.close_case(case=case, text="结案", by=case_world.head)


def test_a_clock_that_ran_out_is_written_down_once(case_world):
    case = case_world.clue()
    with ledger.clock.held_at(at("2023-04-07", "06:40")):
        assert (daily(), daily()) == (1, 0)
    step = case.steps.last()
    assert (step.action, step.by) == (CaseStep.Action.CLOCK_LAPSED, "")
    assert "2023-04-06" in step.text


def test_a_clue_may_be_looked_into_for_longer_once(case_world):
    case = case_world.clue()
    cases.extend_clue(case=case, text="待检验", by=case_world.head)
    assert clocks(case)["DL04"] == "2023-04-26 23:59"
    with pytest.raises(Refused, match="已经延长"):
        cases.extend_clue(case=case, text="待检验", by=case_world.head)


def test_earlier_penalties_of_the_subject_count_by_themselves(case_world):
    for _n in range(2):
        case_world.served()
    with ledger.clock.held_at(at("2023-05-08")):
        case = case_world.investigated(found={"began_on": date(2023, 5, 1), "ended_on": date(2023, 5, 8)})
        assert judging.escalation_of(case).reached
    screening = case.screenings.last()
    assert screening.serious is True
    assert screening.grounds == ["repeated"]


def test_a_matter_with_an_open_case_is_not_closed_in_silence(case_world, submitted, office):
    matter = submitted()
    case = case_world.clue(matter=matter)
    with pytest.raises(Refused, match=case.number):
        casework.close(matter=matter, by=office)
    casework.close(matter=matter, text="现场已改正", by=office)
    assert case.number in matter.steps.last().text


def test_evidence_is_kept_once_and_by_its_content(case_world):
    from tests.integration.casework.conftest import PNG

    case = case_world.filed()
    one = cases.add_evidence(case=case, kind="photo", name="a.png", content=PNG, by=case_world.officer)
    again = cases.add_evidence(case=case, kind="photo", name="b.png", content=PNG, by=case_world.officer)
    assert one == again
    assert ledger.read_evidence(one.file) == PNG


def test_every_paper_is_written_when_its_time_has_come(case_world):
    case = case_world.filed()
    item = cases.take_goods(case=case, kind="seized", goods="牛奶 3箱\n面粉 1袋", place="库房", by=case_world.officer)
    write(case, "filing", case_world, opinion="建议立案")
    write(case, "goods", case_world, item=item)
    with pytest.raises(Refused, match="不能制作"):
        write(case, "decision", case_world)
    case_world.find(case, {})
    cases.screen(case=case, facts=CLEAN, by=case_world.officer)
    cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="没收", fine_reason="", by=case_world.officer
    )
    cases.pass_review(case=case, text="同意", by=case_world.reviewer)
    notice = write(case, "notice", case_world, hearing=True, place="县局二楼")
    assert "50000元" in words(notice)
    assert "第一百二十四条" in words(notice)
    cases_deciding.notify(case=case, text="送达", by=case_world.officer)
    cases_deciding.call_hearing(case=case, hearing_at=at("2023-03-31"), text="", by=case_world.officer)
    assert "2023年3月31日9时" in words(write(case, "hearing", case_world, place="县局", host="韩梅"))
    with ledger.clock.held_at(at("2023-03-31", "11:00")):
        cases_deciding.hold_hearing(case=case, text="当事人请求减轻", by=case_world.reviewer)
        cases_deciding.decide(case=case, fine=Decimal(50_000), penalty="没收", by=case_world.head)
        decision = write(
            case, "decision", case_world, opinions=cases_papers.default_opinions(case), payment="云桥农商行",
            reconsideration="云桥县人民政府", court="云桥县人民法院",
        )  # fmt: skip
        assert "当事人请求减轻" in words(decision)
        write(case, "receipt", case_world, paper=decision, receiver="石门饭店", address="")
        cases_deciding.serve(case=case, text="送达", by=case_world.officer)
        write(case, "closing", case_world, outcome="已缴清")
    assert case.papers.order_by("pk").first().document_number == "云市监案〔2023〕1号"


def write(case, kind, world, **facts):
    return cases_papers.issue_paper(case=case, kind=kind, mark="云市监案", by=world.officer, **facts)


def words(paper):
    from io import BytesIO

    from docx import Document

    document = Document(BytesIO(ledger.read_evidence(paper.file)))
    return "\n".join(p.text for p in document.paragraphs)
